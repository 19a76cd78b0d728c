# SPDX-License-Identifier: Apache-2.0
"""The processes of a case: the relay that is measured, and the load generator beside it."""

import json
import os
import pathlib
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from . import build

KAD_PREFIX = "/chiral"
START_PATIENCE = 60
STOP_PATIENCE = 10
COMMAND_PATIENCE = 600
TAIL_LINES = 25
CPUCLOCK_SCHED = 2


class CaseFailed(Exception):
    """A case came to no figures; the message says why, with the end of the relay's log."""


class Sample:
    """What the relay had used at one moment: seconds of processor time, KiB of memory."""

    def __init__(self, pid):
        self.at = time.monotonic()
        self.cpu = cpu_seconds(pid)
        self.rss = rss_kib(pid)

    def cpu_since(self, earlier):
        return self.cpu - earlier.cpu

    def seconds_since(self, earlier):
        return self.at - earlier.at


def cpu_seconds(pid):
    """User and system time of all threads, ended ones too, in nanosecond steps: utime + stime without their 10 ms ticks.

    The id of another process's clock is what clock_getcpuclockid(3) makes of a pid.
    """
    try:
        return time.clock_gettime((~pid << 3) | CPUCLOCK_SCHED)
    except OSError:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_kib(pid):
    for name in ("smaps_rollup", "status"):
        try:
            for line in pathlib.Path(f"/proc/{pid}/{name}").read_text().splitlines():
                if line.startswith(("Rss:", "VmRSS:")):
                    return int(line.split()[1])
        except OSError:
            pass
    raise CaseFailed("the relay is gone")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Relay:
    """One fresh relay process with a folder of its own; it does not run before launch()."""

    def __init__(self, kind, key, peer, settings=None, files=None, workdir=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="chiral-bench-", dir=workdir))
        self.port = free_port()
        self.peer = peer
        for name, text in (files or {}).items():
            (self.folder / name).write_text(text)
        self.command, self.environment = kind.launch(self.folder, key, f"/ip4/127.0.0.1/tcp/{self.port}")
        self.environment.update(settings or {})
        self.log = self.folder / "log"
        self.launched = None
        self.process = None

    def launch(self):
        with open(self.log, "wb") as log:
            self.launched = time.time()
            self.process = subprocess.Popen(
                self.command, env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, cwd=self.folder, start_new_session=True)

    @property
    def address(self):
        return f"/ip4/127.0.0.1/tcp/{self.port}/p2p/{self.peer}"

    def await_listening(self):
        self.await_log('"event":"listening"', START_PATIENCE)

    def await_log(self, text, patience):
        """Waits for a line of the log with this text and returns it."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            for line in self.log.read_text(errors="replace").splitlines():
                if text in line:
                    return line
            if self.process.poll() is not None:
                raise CaseFailed(f"the relay ended with {self.process.returncode}\n{self.tail()}")
            time.sleep(0.005)
        raise CaseFailed(f"no {text!r} in the relay's log after {patience} s\n{self.tail()}")

    def sample(self):
        if self.process.poll() is not None:
            raise CaseFailed(f"the relay ended with {self.process.returncode}\n{self.tail()}")
        return Sample(self.process.pid)

    def tail(self):
        lines = self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return "\n".join("    relay: " + line for line in lines)

    def stop(self):
        """SIGTERM, later SIGKILL; the exit code. The folder stays until close()."""
        return _stop(self.process)

    def close(self):
        if self.process is not None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


class Load:
    """The load generator: one command, one answer."""

    def __init__(self):
        self.process = subprocess.Popen(
            [str(build.LOAD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True)
        self.answers = queue.Queue()
        self.errors = []
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._read_errors, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.answers.put(line)
        self.answers.put(None)

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors = (self.errors + [line.rstrip()])[-TAIL_LINES:]

    def ask(self, do, **arguments):
        """Sends a command without waiting for the answer."""
        self.process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self.process.stdin.flush()

    def answer(self, patience=COMMAND_PATIENCE):
        try:
            line = self.answers.get(timeout=patience)
        except queue.Empty:
            raise CaseFailed(f"the load generator said nothing for {patience} s") from None
        if line is None:
            raise CaseFailed("the load generator ended\n" + "\n".join(self.errors))
        fields = json.loads(line)
        if "error" in fields:
            raise CaseFailed("load: " + fields["error"])
        return fields

    def do(self, command, **arguments):
        self.ask(command, **arguments)
        return self.answer()

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
