#!/bin/sh
# Runs the micro benchmarks: jmh.sh [JMH's arguments], such as a part of a name, or -h.
set -eu
cd "$(dirname "$0")/../.."
out=target/jmh
classpath() { ./mvnw -q -f "$1" dependency:build-classpath -Dmdep.includeScope="$2" -Dmdep.outputFile="$PWD/$out/$3" >&2; }

rm -rf $out/classes
mkdir -p $out/classes
./mvnw -q -Dquick compile >&2
classpath pom.xml compile node-classpath
classpath src/bench/java/pom.xml runtime jmh-classpath
jdk=$(./mvnw -v | sed -n 's/.*runtime: //p')
classes=target/classes:$(cat $out/node-classpath)
jmh=$(cat $out/jmh-classpath)
find src/bench/java -name '*.java' > $out/sources
"$jdk/bin/javac" -proc:full -processorpath "$jmh" -cp "$classes:$jmh" -d $out/classes @$out/sources
exec "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "$out/classes:$classes:$jmh" org.openjdk.jmh.Main "$@"
