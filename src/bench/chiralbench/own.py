# SPDX-License-Identifier: Apache-2.0
"""Modes that the rivals have no counterpart for: the peer cache and the redials after a start."""

import json
import re
import time

CACHED = 100
# A redial has five seconds; the rest is for a loaded machine.
ROUND_PATIENCE = 60
# Times in the log to a nanosecond.
LOG_FORMAT = "%d{HH:mm:ss.nnnnnnnnn} %s%n"


def reconnect(case, p):
    """A start with 100 peers in the cache, until all of them are connected or given up."""
    counts = {
        "alive": {"count": CACHED},
        "half dead": {"count": CACHED // 2, "dead": CACHED - CACHED // 2},
        "silent": {"silent": CACHED},
    }[p["peers"]]
    peers = case.load.do("peers", **counts)["peers"]
    case.prepare({"CHIRAL_RECONNECT_ENABLED": "true", "CHIRAL_CACHE_FSYNC": "true"}, {"peer_cache.json": cache_file(peers)})
    case.relay.launch()
    line = case.relay.await_log("Peer cache reconnection:", ROUND_PATIENCE)
    over = time.time()
    after = case.relay.sample()
    connected, dialled = map(int, re.search(r"reconnection: (\d+)/(\d+)", line).groups())
    case.fail_unless(dialled == CACHED, f"{dialled} peers were redialled, not {CACHED}")
    case.fail_unless(connected == counts.get("count", 0), f"{connected} peers are connected")
    return {
        "round_ms": 1e3 * (over - case.relay.launched),
        "connected": connected,
        "cpu_ms": 1e3 * after.cpu,
        "rss_mib": after.rss / 1024,
    }


def cache(case, p):
    """How long the node takes to read the cache at its start and to write it, fsync and all, at its end."""
    peers = case.load.do("peers", dead=p["peers"])["peers"]
    settings = {"CHIRAL_CACHE_MAX_PEERS": str(p["peers"]), "QUARKUS_LOG_CONSOLE_FORMAT": LOG_FORMAT}
    case.start(settings, {"peer_cache.json": cache_file(peers)})
    case.relay.await_log("Loaded cache:", ROUND_PATIENCE)
    case.relay.stop()
    loaded = _between(case, "Loading peer cache", f"Loaded cache: {p['peers']} peers")
    saved = _between(case, "Saving peer cache", f"Successfully saved {p['peers']} peers")
    size = (case.relay.folder / "peer_cache.json").stat().st_size
    return {"load_ms": loaded, "save_ms": saved, "file_kib": size / 1024}


def cache_file(peers):
    """Version 1 of the file, with peers that are worth redialling."""
    now = int(time.time())
    return json.dumps({"version": 1, "last_updated": now, "peers": [_cached(peer, now) for peer in peers]}, indent=2)


def _cached(peer, now):
    return {
        "peer_id": peer["peer"],
        "addresses": [peer["addr"]],
        "last_seen": now - 60,
        "connection_count": 5,
        "successful_transfers": 3,
        "failed_transfers": 1,
        "total_bytes_transferred": 1 << 20,
        "average_latency_ms": 12,
        "is_bootstrap": False,
        "supports_relay": False,
        "reliability_score": 0.75,
    }


def _between(case, first, last):
    """Milliseconds between two lines of the log, by their own times."""
    moments = []
    for text in (first, last):
        lines = [line for line in case.relay.log.read_text().splitlines() if text in line]
        case.fail_unless(lines, f"no {text!r} in the relay's log")
        hours, minutes, seconds = lines[0].split()[0].split(":")
        moments.append(int(hours) * 3600 + int(minutes) * 60 + float(seconds))
    return 1e3 * ((moments[1] - moments[0]) % 86_400)
