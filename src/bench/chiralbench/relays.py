# SPDX-License-Identifier: Apache-2.0
"""Which relays there are and how each is started: no limits, TCP + Noise + Yamux, Ed25519, DHT server."""

import pathlib

from . import build
from .process import KAD_PREFIX

# The rivals have no limits, so the node has none either; what they do not do at all (AutoNAT, redials) is off.
NO_LIMITS = {
    "CHIRAL_ADDRESS_SCOPE": "any",
    "CHIRAL_ROLES": "bootstrap,relay",
    "CHIRAL_KAD_MODE": "server",
    "CHIRAL_KAD_ANNOUNCE_RELAY": "false",
    "CHIRAL_RELAY_PRESET": "unlimited",
    "CHIRAL_CONNECTIONS_MAX": "0",
    "CHIRAL_CONNECTIONS_HANDSHAKES": "0",
    "CHIRAL_CONNECTIONS_PER_PEER": "0",
    "CHIRAL_CONNECTIONS_STREAMS": "0",
    "CHIRAL_CONNECTIONS_STREAMS_PER_PEER": "0",
    "CHIRAL_CONNECTIONS_HIGH_WATER": "0",
    "CHIRAL_CONNECTIONS_LOW_WATER": "0",
    "CHIRAL_CONNECTIONS_IDLE_TIMEOUT": "1d",
    "CHIRAL_AUTONAT_SERVER": "false",
    "CHIRAL_AUTONAT_CLIENT": "false",
    "CHIRAL_RECONNECT_ENABLED": "false",
    "CHIRAL_LISTENING_LINE": "true",
    "QUARKUS_HTTP_HOST": "127.0.0.1",
    "QUARKUS_HTTP_PORT": "0",
    "QUARKUS_MANAGEMENT_HOST": "127.0.0.1",
    "QUARKUS_MANAGEMENT_PORT": "0",
}


class Edge:
    """This project's node: the native executable, or the jar on a JVM."""

    ours = True

    def __init__(self, name, command, settings):
        self.name = name
        self.command = command
        self.settings = settings

    def launch(self, folder, key, listen):
        environment = {
            **NO_LIMITS,
            "CHIRAL_DATA_DIR": str(folder),
            "CHIRAL_IDENTITY_KEY_FILE": str(key),
            "CHIRAL_LISTEN": listen,
            **self.settings,
        }
        return self.command, environment


class Go:
    ours = False

    def __init__(self, name, buffer):
        self.name = name
        self.buffer = buffer

    def launch(self, folder, key, listen):
        return [
            str(build.GO_RELAY), "-key", str(key), "-listen", listen, "-kad", KAD_PREFIX, "-buffer", str(self.buffer),
        ], {}


class Rust:
    ours = False
    name = "rust"

    def launch(self, folder, key, listen):
        return [str(build.RUST_RELAY), str(key), listen, KAD_PREFIX + "/kad/1.0.0"], {}


def relay(word, options):
    """The relay that a word of --relays names: ours, jar, go, go64k, rust, or NAME=EXECUTABLE for another build of ours."""
    settings = dict(pair.split("=", 1) for pair in options.env)
    if word == "go":
        return Go("go", 2048)
    if word == "go64k":
        return Go("go64k", 65536)
    if word == "rust":
        return Rust()
    if word == "ours":
        path = options.executable or build.executable()
        if path is None:
            raise build.BuildFailed("there is no target/*-runner; build it (README.md) or name one with --executable")
        return Edge("ours", [str(pathlib.Path(path).resolve())], settings)
    if word == "jar":
        path = options.jar or build.jar()
        if path is None:
            raise build.BuildFailed("there is no target/quarkus-app; ./mvnw package or name a jar with --jar")
        return Edge("jar", [build.java(), *options.java_option, "-jar", str(pathlib.Path(path).resolve())], settings)
    if "=" in word:
        name, path = word.split("=", 1)
        return Edge(name, [str(pathlib.Path(path).resolve())], settings)
    raise build.BuildFailed(f"no relay {word!r}: ours, jar, go, go64k, rust or NAME=EXECUTABLE")
