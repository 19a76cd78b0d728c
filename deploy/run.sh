#!/bin/sh
# Starts the node on this machine, on the JVM; builds it before where that is due. Arguments go to the JVM, settings come from
# the environment (CHIRAL_LISTEN=...). This process becomes the node, so that its signals are the node's.
set -eu
cd "$(dirname "$0")/.."
jar=target/quarkus-app/quarkus-run.jar
if [ ! -f $jar ] || [ -n "$(find pom.xml src/main -newer $jar | head -n 1)" ]; then
  echo "building ..." >&2
  ./mvnw -q -Dquick -DskipTests package >&2
fi
java=$(./mvnw -v | sed -n 's/.*runtime: //p')/bin/java
exec "$java" "$@" -jar $jar
