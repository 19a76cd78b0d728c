# SPDX-License-Identifier: Apache-2.0
"""One case: a relay, a load generator, and what a mode needs to measure the one with the other."""

import pathlib
import time

from .process import CaseFailed, Load, Relay

# After a load the relay still closes what the load left.
SETTLE_SECONDS = 0.5


class Measured:
    """What one command of the load did, and what it cost."""

    def __init__(self, answer, before, after, load_cpu):
        self.answer = answer
        self.before = before
        self.after = after
        self.cpu = after.cpu_since(before)
        self.load_cpu = load_cpu

    def per_unit(self):
        """Figures of a command with a count: processor time of one, how many a second, how long one takes."""
        count = self.answer["count"]
        return {
            "cpu_us": 1e6 * self.cpu / count,
            "per_second": self.answer["per_second"],
            "p50_ms": self.answer["p50_ms"],
            "p99_ms": self.answer["p99_ms"],
            "load_cpu_us": 1e6 * self.load_cpu / count,
        }


class Case:
    """Use it in a with statement: both processes end with it, whatever happens."""

    def __init__(self, kind, key, peer, options):
        self.kind = kind
        self.key = key
        self.peer = peer
        self.options = options
        self.relay = None
        self.load = None

    def __enter__(self):
        self.load = Load()
        return self

    def __exit__(self, *_):
        if self.load is not None:
            self.load.close()
        if self.relay is not None:
            self.relay.close()

    def prepare(self, settings=None, files=None, delay_ms=0):
        """Makes the relay and tells the load where it will be, and how far away in milliseconds one way; nothing runs yet."""
        self.relay = Relay(self.kind, self.key, self.peer, settings, files, self.options.workdir)
        self.load.do("relay", addr=self.relay.address, delay_ms=delay_ms)

    def start(self, settings=None, files=None, delay_ms=0):
        """Makes the relay and waits until it listens."""
        self.prepare(settings, files, delay_ms)
        self.relay.launch()
        self.relay.await_listening()

    def scaled(self, count, least=1):
        """A number of units, made smaller by --scale."""
        return max(least, int(count * self.options.scale))

    def measured(self, command, **arguments):
        before, load_before = self.relay.sample(), self.load.cpu()
        answer = self.load.do(command, **arguments)
        time.sleep(SETTLE_SECONDS)
        return Measured(answer, before, self.relay.sample(), self.load.cpu() - load_before)

    def threads(self):
        status = pathlib.Path(f"/proc/{self.relay.process.pid}/status").read_text()
        return int(status.split("Threads:")[1].split()[0])

    def fail_unless(self, condition, message):
        if not condition:
            raise CaseFailed(f"{message}\n{self.relay.tail()}")
