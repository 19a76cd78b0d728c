# SPDX-License-Identifier: Apache-2.0
"""The gate: short runs against go-libp2p, and limits for the ratio of processor time. Wall time never counts."""

import json
import pathlib
import sys
import tempfile

from . import build, report, runner

LIMITS = build.HERE / "gate.json"
BASE = "go"


def run(options):
    """0 where every ratio is within its limit, 1 where not, or where a case came to no figures."""
    limits = json.loads(LIMITS.read_text())
    build.build(rust=False)
    options.scale, options.held = limits["scale"], None
    with tempfile.TemporaryDirectory(prefix="chiral-bench-gate-") as folder:
        results = options.results or pathlib.Path(folder, "gate.jsonl")
        cases = [(entry["mode"], entry["params"]) for entry in limits["limits"]]
        failed = runner.run_cases(cases, [options.relay, BASE], options, results)
        measured = report.Results([results])
    name = next(relay for relay in measured.relays if relay != BASE) if len(measured.relays) > 1 else options.relay
    for entry in limits["limits"]:
        failed += not _holds(measured, entry, name)
    return 1 if failed else 0


def _holds(measured, entry, name):
    case = report.case_name(entry["mode"], entry["params"])
    ratio = measured.ratio(case, entry["figure"], name, BASE)
    holds = ratio is not None and ratio <= entry["limit"]
    told = "no figures" if ratio is None else f"{ratio:.2f} of {BASE}'s, at most {entry['limit']:.2f}"
    print(f"{'ok    ' if holds else 'FAILED'} {case}, {report.FIGURES[entry['figure']][0]}: {told}", file=sys.stdout if holds else sys.stderr)
    return holds
