# SPDX-License-Identifier: Apache-2.0
"""The command line: build, run, report, gate."""

import argparse
import pathlib
import signal
import sys
import time

from . import build, gate, report, runner
from .modes import MODES


def main(arguments):
    options = _parser().parse_args(arguments)
    # So that processes are ended on the way out; a shell that starts this in the background has SIGINT ignored.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return options.command(options)
    except build.BuildFailed as e:
        print(f"bench: {e}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("bench: interrupted; what was measured is in the results", file=sys.stderr)
        return 130


def _parser():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("build", help="build the rivals and the load generator")
    command.set_defaults(command=_build)

    command = commands.add_parser("run", help="measure, print tables, draw plots")
    command.add_argument("modes", nargs="*", metavar="MODE", help="some of " + ", ".join(MODES) + "; default all")
    command.add_argument("--runs", type=int, default=3, help="runs of each case, alternating the relays (default 3)")
    command.add_argument("--relays", default="ours,go,go64k,rust", help="some of ours, jar, go, go64k, rust, NAME=EXECUTABLE")
    command.add_argument("--held", help="connections of hold and growth, such as 10,100,1000")
    command.add_argument("--scale", type=float, default=1.0, help="of counts and bytes; 0.1 to try something")
    command.add_argument("--idle-seconds", type=float, default=30, help="hold: how long to watch idle connections")
    command.add_argument("--after-seconds", type=float, default=60, help="hold: how long after all left")
    command.add_argument("--results", type=pathlib.Path, help="file of JSON lines; tables and plots go beside it")
    _edge_options(command)
    command.set_defaults(command=_run)

    command = commands.add_parser("report", help="tables and plots of earlier results")
    command.add_argument("files", nargs="+", type=pathlib.Path)
    command.set_defaults(command=lambda options: report.write(options.files, options.files[0].with_suffix("")))

    command = commands.add_parser("gate", help="fail where the node costs more than it may, compared with go-libp2p")
    command.add_argument("--relay", default="ours", help="ours, jar or NAME=EXECUTABLE")
    command.add_argument("--runs", type=int, default=3)
    command.add_argument("--results", type=pathlib.Path)
    _edge_options(command)
    command.set_defaults(command=gate.run)
    return parser


def _edge_options(command):
    command.add_argument("--executable", help="the native executable (default: the newest target/*-runner)")
    command.add_argument("--jar", help="the packaged program (default: target/quarkus-app/quarkus-run.jar)")
    command.add_argument("--java-option", action="append", default=[], help="for the JVM that runs the jar")
    command.add_argument("--env", action="append", default=[], metavar="KEY=VALUE", help="another setting of the node")
    command.add_argument("--workdir", help="where relays get their folders (default: the system's temporary folder)")


def _build(_):
    build.build()
    return 0


def _run(options):
    unknown = [mode for mode in options.modes if mode not in MODES]
    if unknown:
        print(f"bench: no mode {', '.join(unknown)}; there are {', '.join(MODES)}", file=sys.stderr)
        return 2
    words = options.relays.split(",")
    build.build(rust="rust" in words)
    results = options.results or build.HERE / "results" / time.strftime("%Y%m%d-%H%M%S.jsonl")
    failed = runner.run(options.modes or list(MODES), words, options, results)
    report.write([results], results.with_suffix(""))
    return 1 if failed else 0
