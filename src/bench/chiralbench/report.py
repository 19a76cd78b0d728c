# SPDX-License-Identifier: Apache-2.0
"""Medians, ratios, a table in Markdown, and the plots."""

import json
import statistics

from . import plot

# Figure of a line of results: title, digits after the point. Where less is not better, see MORE.
FIGURES = {
    "cpu_us": ("relay CPU, us each", 0),
    "cpu_s_per_gb": ("relay CPU, s/GB", 2),
    "open_cpu_us": ("relay CPU, us per connection and slot opened", 0),
    "handshake_cpu_us": ("relay CPU, us per handshake more", 0),
    "renewal_cpu_us": ("relay CPU, us per renewal", 0),
    "circuit_cpu_us": ("relay CPU, us per circuit", 0),
    "idle_cpu_ms_per_s": ("idle CPU, ms/s", 1),
    "cpu_ms_first_second": ("CPU in the first second, ms", 0),
    "cpu_ms": ("relay CPU, ms", 0),
    "rss_kib_per_connection": ("memory per connection, KiB", 1),
    "rss_kib_per_circuit": ("memory per stalled circuit, KiB", 0),
    "accepted_kib": ("accepted per stalled circuit, KiB", 0),
    "accepted_kib_most": ("accepted at most, KiB", 0),
    "rss_mib": ("memory, MiB", 1),
    "rss_after_mib": ("memory after all left, MiB", 1),
    "threads": ("threads", 0),
    "vouchers": ("vouchers, verified, per slot", 2),
    "listening_ms": ("launch to listening, ms", 1),
    "identified_ms": ("launch to first identify, ms", 1),
    "per_second": ("wall: a second", 0),
    "mb_per_second": ("wall: MB/s", 0),
    "p50_ms": ("wall: p50, ms", 2),
    "p99_ms": ("wall: p99, ms", 2),
    "load_cpu_us": ("load generator's CPU, us each", 0),
    "load_cpu_s_per_gb": ("load generator's CPU, s/GB", 2),
    "round_ms": ("launch to the end of the redials, ms", 0),
    "connected": ("connected", 0),
    "load_ms": ("read, ms", 1),
    "save_ms": ("write, ms", 1),
    "file_kib": ("file, KiB", 0),
}
MORE_IS_BETTER = {"per_second", "mb_per_second", "connected", "vouchers"}
BASES = ("go", "rust")


class Results:
    """Lines of results, grouped: case (mode and parameters) -> figure -> relay -> values of all runs."""

    def __init__(self, files):
        self.cases = {}
        self.relays = []
        self.failures = []
        self.facts = {}
        for file in files:
            for text in file.read_text().splitlines():
                self._add(json.loads(text))

    def _add(self, line):
        self.facts = {"versions": line["versions"], "machine": line["machine"]}
        if "error" in line:
            self.failures.append(line)
            return
        if line["relay"] not in self.relays:
            self.relays.append(line["relay"])
        figures = self.cases.setdefault(case_name(line["mode"], line["params"]), {})
        for name, value in line["figures"].items():
            figures.setdefault(name, {}).setdefault(line["relay"], []).append(value)

    def values(self, case, figure, relay):
        return self.cases.get(case, {}).get(figure, {}).get(relay, [])

    def median(self, case, figure, relay):
        values = self.values(case, figure, relay)
        return statistics.median(values) if values else None

    def ratio(self, case, figure, relay, base):
        ours, theirs = self.median(case, figure, relay), self.median(case, figure, base)
        return ours / theirs if ours is not None and theirs else None

    def own(self):
        """The relays that are builds of this project."""
        return [relay for relay in self.relays if relay not in ("go", "go64k", "rust")]


def case_name(mode, p):
    words = [_word(key, value) for key, value in p.items()]
    return " ".join([mode] + [word for word in words if word])


def _word(key, value):
    if key == "raw":
        return "raw" if value else "inner"
    if key == "concurrency":
        return f"c={value}"
    if key == "chunk":
        return f"{value // 1024}K"
    return str(value) if key in ("kind", "peers") else f"{key}={value}"


def write(files, stem):
    """Prints the table; writes it to STEM.md and the plots beside it. The exit code."""
    results = Results(files)
    text = markdown(results)
    print("\n" + text)
    stem.with_name(f"{stem.name}.md").write_text(text)
    for name, svg in plot.all_plots(results):
        stem.with_name(f"{stem.name}-{name}.svg").write_text(svg)
    print(f"written: {stem}.md and the plots beside it")
    return 0


def markdown(results):
    comparisons = [(own, base) for own in results.own() for base in BASES if base in results.relays]
    heads = ["case", "figure", *results.relays, *(f"{own}/{base}" for own, base in comparisons)]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for case, figures in results.cases.items():
        for name in (name for name in FIGURES if name in figures):
            lines.append(_row(results, case, name, comparisons))
    return "\n".join(_facts(results) + lines + _failures(results)) + "\n"


def _row(results, case, name, comparisons):
    title, digits = FIGURES[name]
    cells = [case, title + (" (more is better)" if name in MORE_IS_BETTER else "")]
    cells += [spread(results.values(case, name, relay), digits) for relay in results.relays]
    for own, base in comparisons:
        ratio = results.ratio(case, name, own, base)
        cells.append("" if ratio is None else f"{ratio:.2f}")
    return "| " + " | ".join(cells) + " |"


def spread(values, digits):
    """Median [least-most]."""
    if not values:
        return ""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} [{min(values):.{digits}f}-{max(values):.{digits}f}]"


def _facts(results):
    versions = ", ".join(f"{name} {value}" for name, value in results.facts.get("versions", {}).items())
    machine = ", ".join(f"{name} {value}" for name, value in results.facts.get("machine", {}).items())
    return [f"Versions: {versions}.  ", f"Machine: {machine}.  ", "Medians [least-most]; wall figures share the cores with the load.", ""]


def _failures(results):
    if not results.failures:
        return []
    return ["", "Failed:", ""] + [
        f"- {case_name(line['mode'], line['params'])}, {line['relay']}: {line['error'].splitlines()[0]}" for line in results.failures
    ]
