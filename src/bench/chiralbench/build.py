# SPDX-License-Identifier: Apache-2.0
"""Builds the rivals and the load generator, and says which versions they have."""

import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent.parent
PROJECT = HERE.parent.parent
LOAD = HERE / "go/bin/load"
GO_RELAY = HERE / "go/bin/relay"
RUST_RELAY = HERE / "rust/target/release/relay"


class BuildFailed(Exception):
    """A rival could not be built; the message is the compiler's."""


def build(rust=True):
    """Builds what is not up to date; both toolchains see to that themselves."""
    _run(["go", "build", "-trimpath", "-o", "bin/", "./relay", "./load"], HERE / "go")
    if rust:
        _run(["cargo", "build", "--release", "--locked", "--quiet"], HERE / "rust")


def _run(command, folder):
    try:
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    except FileNotFoundError as e:
        raise BuildFailed(f"{command[0]} is not on the PATH") from e
    if result.returncode != 0:
        raise BuildFailed(f"{' '.join(command)} failed:\n{result.stderr[-4000:]}")


def executable():
    """The newest native executable in target/, or None."""
    found = sorted((PROJECT / "target").glob("*-runner"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def jar():
    """The packaged program for the JVM, or None."""
    path = PROJECT / "target/quarkus-app/quarkus-run.jar"
    return path if path.exists() else None


def java():
    """A JDK 25, from JAVA_HOME or the usual folder."""
    homes = [os.environ.get("JAVA_HOME", "")] + sorted(str(p) for p in pathlib.Path("/usr/lib/jvm").glob("*25*"))
    for home in homes:
        release = pathlib.Path(home, "release")
        if home and release.exists() and 'JAVA_VERSION="25' in release.read_text():
            return str(pathlib.Path(home, "bin/java"))
    return "java"


def versions():
    """What is compared with what."""
    modules = (HERE / "go/go.mod").read_text()
    lock = (HERE / "rust/Cargo.lock").read_text()
    pom = (PROJECT / "pom.xml").read_text()
    return {
        "go-libp2p": _first(r"go-libp2p (v\S+)", modules),
        "go-libp2p-kad-dht": _first(r"go-libp2p-kad-dht (v\S+)", modules),
        "go": _first(r"^go (\S+)", modules),
        "rust-libp2p": _first(r'name = "libp2p"\nversion = "(\S+)"', lock),
        "chiral-edge": _first(r"<artifactId>chiral-edge</artifactId>\s*<version>(\S+?)</version>", pom),
        "commit": _commit(),
    }


def _first(pattern, text):
    match = re.search(pattern, text, re.MULTILINE)
    return match.group(1) if match else "unknown"


def _commit():
    result = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True)
    return result.stdout.strip() or "unknown"


def machine():
    """The facts about this machine that a figure depends on."""
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text()
    memory = pathlib.Path("/proc/meminfo").read_text()
    return {
        "cpu": _first(r"^model name\s*: (.*)$", cpuinfo),
        "cores": os.cpu_count(),
        "avx512": " avx512f" in cpuinfo,
        "memory_gib": round(int(_first(r"MemTotal:\s+(\d+)", memory)) / 2**20),
        "kernel": os.uname().release,
        "load1": round(os.getloadavg()[0], 2),
    }
