# SPDX-License-Identifier: Apache-2.0
"""What is measured. Each mode is a list of parameters and a function from a case to figures.

The names of figures carry their units; report.py has their titles.
"""

import time

from . import own

KIB = 1024
MIB = 1024 * KIB
DATA = 512 * MIB
WARM_DATA = 64 * MIB

# The node lets go of what only its start used after three seconds; memory is counted from there.
START_SECONDS = 6


def handshake(case, p):
    """Accept, Noise, Yamux, identify both ways, close: count new identities."""
    case.start()
    case.load.do("handshake", count=case.scaled(200), concurrency=p["concurrency"])
    done = case.measured("handshake", count=case.scaled(2000), concurrency=p["concurrency"])
    return done.per_unit()


def reserve(case, p):
    """A slot on held connections: the first of each peer, or again and again."""
    case.start()
    count = case.scaled(1000, p["concurrency"]) if p["kind"] == "first" else p["concurrency"]
    case.load.do("hold", count=count, concurrency=8)
    if p["kind"] == "first":
        done = case.measured("reserveAll", concurrency=p["concurrency"])
    else:
        case.load.do("reserve", count=case.scaled(500), concurrency=p["concurrency"])
        done = case.measured("reserve", count=case.scaled(8000), concurrency=p["concurrency"])
    return {**done.per_unit(), "vouchers": done.answer["vouchers"] / done.answer["count"]}


def circuit(case, p):
    """Set up, used for the inner handshake, closed."""
    case.start()
    case.load.do("pairs", count=p["concurrency"], raw=p["raw"])
    case.load.do("circuit", count=case.scaled(100), concurrency=p["concurrency"])
    done = case.measured("circuit", count=case.scaled(2000), concurrency=p["concurrency"])
    return done.per_unit()


def throughput(case, p):
    """Bytes one way over all circuits at once, to the last destination's receipt."""
    case.start()
    case.load.do("pairs", count=p["circuits"], raw=p["raw"])
    case.load.do("open")
    case.load.do("transfer", bytes=case.scaled(WARM_DATA), chunk=p["chunk"])
    case.load.do("open")
    done = case.measured("transfer", bytes=case.scaled(DATA), chunk=p["chunk"])
    gigabytes = done.answer["bytes"] / 1e9
    return {
        "cpu_s_per_gb": done.cpu / gigabytes,
        "mb_per_second": done.answer["mb_per_second"],
        "rss_mib": done.after.rss / KIB,
        "load_cpu_s_per_gb": done.load_cpu / gigabytes,
    }


def distance(case, p):
    """Bytes over one raw circuit whose ends are far from the relay: do the windows fill the path?"""
    case.start(delay_ms=p["delay_ms"])
    case.load.do("pairs", count=1, raw=True)
    case.load.do("open")
    done = case.measured("transfer", bytes=case.scaled(2 * DATA), chunk=64 * KIB)
    return {
        "cpu_s_per_gb": done.cpu / (done.answer["bytes"] / 1e9),
        "mb_per_second": done.answer["mb_per_second"],
        "rss_mib": done.after.rss / KIB,
    }


def hold(case, p):
    """N connections with a slot each: what they cost to open, to keep, and after they left."""
    case.start()
    time.sleep(START_SECONDS)
    n = p["held"]
    opened = case.measured("hold", count=n, concurrency=8, reserve=True)
    time.sleep(2)
    held = case.relay.sample()
    time.sleep(case.options.idle_seconds)
    idle = case.relay.sample()
    still = case.load.do("connected")["count"]
    case.fail_unless(still == n, f"{n - still} of {n} connections are gone")
    threads = case.threads()
    case.load.do("release")
    time.sleep(case.options.after_seconds)
    return {
        "cpu_us": 1e6 * opened.cpu / n,
        "rss_mib": idle.rss / KIB,
        "rss_kib_per_connection": (idle.rss - opened.before.rss) / n,
        "idle_cpu_ms_per_s": 1e3 * idle.cpu_since(held) / idle.seconds_since(held),
        "rss_after_mib": case.relay.sample().rss / KIB,
        "threads": threads,
    }


def growth(case, p):
    """What one more costs while N connections with a slot each are held."""
    case.start()
    opened = case.measured("hold", count=p["held"], concurrency=8, reserve=True)
    concurrency = min(8, p["held"])
    case.load.do("handshake", count=20, concurrency=concurrency)
    handshakes = case.measured("handshake", count=case.scaled(400), concurrency=8)
    renewals = case.measured("reserve", count=case.scaled(2000), concurrency=concurrency)
    case.load.do("pairs", count=4, raw=False)
    circuits = case.measured("circuit", count=case.scaled(400), concurrency=4)
    return {
        "open_cpu_us": 1e6 * opened.cpu / p["held"],
        "handshake_cpu_us": handshakes.per_unit()["cpu_us"],
        "renewal_cpu_us": renewals.per_unit()["cpu_us"],
        "circuit_cpu_us": circuits.per_unit()["cpu_us"],
    }


def stalled(case, p):
    """Destinations that never read: how much is taken from the source, and what it costs in memory."""
    case.start()
    time.sleep(START_SECONDS)
    case.load.do("pairs", count=p["circuits"], raw=p["raw"], stall=True)
    case.load.do("open")
    time.sleep(2)
    before = case.relay.sample()
    accepted = case.load.do("stall", bytes=64 * MIB)["accepted"]
    time.sleep(2)
    after = case.relay.sample()
    return {
        "rss_kib_per_circuit": (after.rss - before.rss) / p["circuits"],
        "accepted_kib": accepted[len(accepted) // 2] / KIB,
        "accepted_kib_most": accepted[-1] / KIB,
    }


def kad(case, p):
    """FIND_NODE for keys that nobody has; each reply has 20 peers."""
    case.start()
    case.load.do("kadServers", count=60, concurrency=4)
    case.load.do("kadReady")
    case.load.do("kad", count=case.scaled(1000), concurrency=p["concurrency"])
    return case.measured("kad", count=case.scaled(20_000), concurrency=p["concurrency"]).per_unit()


def ping(case, p):
    """One ping after the other on one stream."""
    case.start()
    case.load.do("ping", count=case.scaled(500))
    return case.measured("ping", count=case.scaled(20_000)).per_unit()


def startup(case, p):
    """From the launch until a connection is accepted, and until the first identify is read."""
    case.prepare()
    case.load.ask("first")
    time.sleep(0.3)  # the load makes its host first
    case.relay.launch()
    first = case.load.answer()
    time.sleep(max(0, case.relay.launched + 1 - time.time()))
    early = case.relay.sample()
    time.sleep(max(0, case.relay.launched + 10 - time.time()))
    return {
        "listening_ms": first["listening_at"] / 1e6 - 1e3 * case.relay.launched,
        "identified_ms": first["identified_at"] / 1e6 - 1e3 * case.relay.launched,
        "cpu_ms_first_second": 1e3 * early.cpu,
        "rss_mib": case.relay.sample().rss / KIB,
        "threads": case.threads(),
    }


HELD = [10, 100, 1000, 5000]

# Mode: what to measure, with which parameters. {held} may be narrowed by --held.
MODES = {
    "handshake": (handshake, [{"concurrency": 8}]),
    "reserve": (reserve, [{"kind": "first", "concurrency": 8}, {"kind": "renewal", "concurrency": 8}]),
    "circuit": (circuit, [{"raw": False, "concurrency": 4}, {"raw": True, "concurrency": 4}]),
    "throughput": (
        throughput,
        [
            {"circuits": circuits, "raw": raw, "chunk": chunk}
            for chunk in (65536, 4096)
            for raw in (False, True)
            for circuits in (1, 8, 64)
        ],
    ),
    "distance": (distance, [{"delay_ms": ms} for ms in (0, 25, 50)]),
    "hold": (hold, [{"held": n} for n in HELD]),
    "growth": (growth, [{"held": n} for n in HELD]),
    "stalled": (stalled, [{"circuits": 8, "raw": True}, {"circuits": 64, "raw": True}]),
    "kad": (kad, [{"concurrency": 8}]),
    "ping": (ping, [{}]),
    "startup": (startup, [{}]),
    "reconnect": (own.reconnect, [{"peers": kind} for kind in ("alive", "half dead", "silent")]),
    "cache": (own.cache, [{"peers": n} for n in (100, 1000, 5000)]),
}

# Modes that only this project's node has.
OURS_ONLY = {"reconnect", "cache"}
