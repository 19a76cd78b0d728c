# SPDX-License-Identifier: Apache-2.0
"""Plots as plain SVG: grouped bars, and lines over a logarithmic axis."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 130, 40, 90
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
COLOURS = ("#d1495b", "#00798c", "#66a182", "#edae49", "#2e4057", "#8d96a3")


def all_plots(results):
    """Name and SVG of each plot that there are figures for."""
    for name, title, prefix, figure in (
        ("throughput", "Throughput, MB/s (more is better)", "throughput", "mb_per_second"),
        ("cpu-per-gb", "Relay CPU per GB, s (less is better)", "throughput", "cpu_s_per_gb"),
        ("cpu", "Relay CPU each, us (less is better)", ("handshake", "reserve", "circuit", "kad", "ping"), "cpu_us"),
    ):
        groups = [case for case in results.cases if case.startswith(prefix)]
        yield from _bars(results, name, title, [(case.removeprefix("throughput circuits="), case, figure) for case in groups])
    startup = [("launch to listening", "startup", "listening_ms"), ("launch to first identify", "startup", "identified_ms")]
    yield from _bars(results, "startup", "Start-up, ms (less is better)", startup)
    for name, title, mode, figure in (
        ("memory", "Memory with N connections and slots, MiB", "hold", "rss_mib"),
        ("idle", "Idle CPU with N connections and slots, ms/s", "hold", "idle_cpu_ms_per_s"),
        ("growth-open", "CPU per connection and slot opened, us", "growth", "open_cpu_us"),
        ("growth-handshake", "CPU per handshake while N are held, us", "growth", "handshake_cpu_us"),
        ("growth-renewal", "CPU per renewal while N are held, us", "growth", "renewal_cpu_us"),
        ("growth-circuit", "CPU per circuit while N are held, us", "growth", "circuit_cpu_us"),
    ):
        yield from _lines(results, name, title, mode, figure)


def _bars(results, name, title, groups):
    data = [(label, [results.median(case, figure, relay) for relay in results.relays]) for label, case, figure in groups]
    data = [(label, values) for label, values in data if any(value is not None for value in values)]
    if data:
        yield name, bars(title, results.relays, data)


def _lines(results, name, title, mode, figure):
    prefix = f"{mode} held="
    sizes = sorted(int(case.removeprefix(prefix)) for case in results.cases if case.startswith(prefix))
    series = []
    for relay in results.relays:
        points = [(n, results.median(f"{prefix}{n}", figure, relay)) for n in sizes]
        series.append((relay, [(n, value) for n, value in points if value is not None]))
    if any(points for _, points in series):
        yield name, lines(title, sizes, series)


def bars(title, names, groups):
    """Groups are a label and a value or None for each name."""
    top = _ceiling(max(value for _, values in groups for value in values if value is not None))
    out = _frame(title, top)
    step = PLOT_WIDTH / len(groups)
    width = step * 0.8 / len(names)
    for i, (label, values) in enumerate(groups):
        left = LEFT + i * step + step * 0.1
        for j, value in enumerate(values):
            if value is not None:
                height = PLOT_HEIGHT * value / top
                out.append(
                    f'<rect x="{left + j * width:.1f}" y="{TOP + PLOT_HEIGHT - height:.1f}" width="{width:.1f}" '
                    f'height="{height:.1f}" fill="{_colour(j)}"><title>{escape(names[j])}: {value:.4g}</title></rect>')
        out.append(_group_label(LEFT + (i + 0.5) * step, label, len(groups) > 4))
    return _finish(out, [name if any(values[j] is not None for _, values in groups) else None for j, name in enumerate(names)])


def lines(title, sizes, series):
    """Series are a name and points; the horizontal axis is logarithmic."""
    top = _ceiling(max(value for _, points in series for _, value in points))
    low, high = math.log(min(sizes)), math.log(max(sizes))
    out = _frame(title, top)

    def place(n, value):
        share = (math.log(n) - low) / (high - low) if high > low else 0.5
        return LEFT + PLOT_WIDTH * (0.03 + 0.94 * share), TOP + PLOT_HEIGHT * (1 - value / top)

    for n in sizes:
        out.append(_group_label(place(n, 0)[0], f"{n:,}", False))
    for j, (name, points) in enumerate(series):
        path = " ".join("{:.1f},{:.1f}".format(*place(n, value)) for n, value in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{_colour(j)}" stroke-width="2"/>')
        for n, value in points:
            x, y = place(n, value)
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_colour(j)}"><title>{escape(name)}: {value:.4g}</title></circle>')
    return _finish(out, [name if points else None for name, points in series])


def _frame(title, top):
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="24" font-size="15">{escape(title)}</text>',
    ]
    for i in range(6):
        y = TOP + PLOT_HEIGHT * (1 - i / 5)
        out.append(f'<line x1="{LEFT}" x2="{LEFT + PLOT_WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{top * i / 5:g}</text>')
    return out


def _group_label(x, text, slanted):
    y = TOP + PLOT_HEIGHT + 18
    turn = f' transform="rotate(-25 {x:.1f} {y})"' if slanted else ""
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{"end" if slanted else "middle"}"{turn}>{escape(text)}</text>'


def _finish(out, names):
    """A name is None where there is nothing of it to see; it keeps its colour, which is the same in all plots."""
    for row, (j, name) in enumerate((j, name) for j, name in enumerate(names) if name is not None):
        y = TOP + 20 * row
        out.append(f'<rect x="{WIDTH - RIGHT + 16}" y="{y}" width="12" height="12" fill="{_colour(j)}"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 34}" y="{y + 11}">{escape(name)}</text>')
    return "\n".join([*out, "</svg>", ""])


def _ceiling(value):
    """The next round number above, so that a fifth of it is round too."""
    if value <= 0:
        return 1
    unit = 10 ** math.floor(math.log10(value))
    return next(step * unit for step in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if step * unit >= value)


def _colour(index):
    return COLOURS[index % len(COLOURS)]
