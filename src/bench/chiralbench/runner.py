# SPDX-License-Identifier: Apache-2.0
"""Runs the cases one by one and writes a line of JSON for each."""

import json
import pathlib
import resource
import sys
import tempfile
import time

from . import build, relays
from .case import Case
from .modes import MODES, OURS_ONLY
from .process import CaseFailed, Load

# Five thousand connections are two files for the load (a host has a timer) and one for the relay.
OPEN_FILES = 20_000


def run(modes, words, options, results):
    """Runs all cases of the modes; how many failed."""
    return run_cases([(mode, p) for mode in modes for p in params(mode, options)], words, options, results)


def run_cases(cases, words, options, results):
    """Runs cases, each a mode and its parameters, with the relays that the words name; how many failed."""
    raise_open_files()
    results.parent.mkdir(parents=True, exist_ok=True)
    kinds = [relays.relay(word, options) for word in words]
    facts = {"versions": build.versions(), "machine": build.machine()}
    failed = 0
    with tempfile.TemporaryDirectory(prefix="chiral-bench-key-") as folder, open(results, "a") as out:
        key = pathlib.Path(folder, "key")
        peer = make_key(key)
        for mode, p, number, kind in plan(cases, kinds, options.runs):
            line = {"mode": mode, "params": p, "relay": kind.name, "run": number, "time": time.strftime("%FT%TZ", time.gmtime())}
            try:
                line["figures"] = measure(mode, p, Case(kind, key, peer, options))
                show(line)
            except CaseFailed as e:
                failed += 1
                line["error"] = str(e)
                print(f"FAILED {title(line)}: {e}", file=sys.stderr, flush=True)
            out.write(json.dumps({**line, **facts}) + "\n")
            out.flush()
    return failed


def plan(cases, kinds, runs):
    """All runs in their order: the relays alternate, and begin with another one in each run."""
    for mode, p in cases:
        suited = [kind for kind in kinds if kind.ours or mode not in OURS_ONLY]
        for number in range(1, runs + 1):
            shift = (number - 1) % max(1, len(suited))
            for kind in suited[shift:] + suited[:shift]:
                yield mode, p, number, kind


def params(mode, options):
    chosen = MODES[mode][1]
    if options.held and mode in ("hold", "growth"):
        chosen = [{"held": int(n)} for n in options.held.split(",")]
    return chosen


def measure(mode, p, case):
    with case:
        try:
            return MODES[mode][0](case, p)
        except CaseFailed as e:
            tail = case.relay.tail() if case.relay and case.relay.process else ""
            raise CaseFailed(str(e) if tail in str(e) else f"{e}\n{tail}") from e


def make_key(path):
    """One key for all relays of a bench: its peer id."""
    load = Load()
    try:
        return load.do("key", file=str(path))["peer"]
    finally:
        load.close()


def raise_open_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def title(line):
    words = [f"{key}={value}" for key, value in line["params"].items()]
    return " ".join([line["mode"], *words, f"run {line['run']}", line["relay"]])


def show(line):
    figures = "  ".join(f"{name} {value:.4g}" for name, value in line["figures"].items())
    print(f"{title(line)}: {figures}", flush=True)
