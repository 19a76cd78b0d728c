# SPDX-License-Identifier: Apache-2.0
"""Two go-libp2p peers visit a node: one reserves, the other sends it bytes through the node.

    peer-visit.py PEER_PROGRAM NODE_ADDRESS

Prints one line that begins with "visited", then stays with both peers running until it is ended.
"""
import json
import signal
import subprocess
import sys

program, node = sys.argv[1:]


class Peer:
    def __init__(self):
        self.process = subprocess.Popen(
            [program, "--listen", "/ip4/127.0.0.1/tcp/0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.id = self.read(lambda line: line.get("event") == "ready")["peer"]
        self.calls = 0

    def read(self, wanted):
        for text in self.process.stdout:
            line = json.loads(text)
            if wanted(line):
                return line
        raise SystemExit("the peer has ended")

    def call(self, command, **fields):
        self.calls += 1
        number = self.calls
        request = {"id": number, "cmd": command, **fields}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        result = self.read(lambda line: line.get("id") == number)
        if not result.get("ok"):
            raise SystemExit(f"{command}: {result}")
        return result


peers = []
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
try:
    peers = [Peer(), Peer()]
    destination, source = peers
    destination.call("connect", addr=node)
    destination.call("reserve", addr=node)
    source.call("connect", addr=node)
    source.call("connect", addr=f"{node}/p2p-circuit/p2p/{destination.id}")
    source.call("sink", peer=destination.id, bytes=1_000_000)
    source.call("disconnect", peer=destination.id)
    print("visited, 1,000,000 bytes", flush=True)
    signal.pause()
finally:
    for peer in peers:
        peer.process.kill()
