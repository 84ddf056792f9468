"""The whole gateway under load, beside a relay that only forwards octets, in one run.

    floor:    load_client --Diameter--> raw_relay --Diameter--> answer_server
    gateway:  load_client --WebSocket-> diamgw    --Diameter--> answer_server

Both are given the same request. CPU seconds are those of the relay or the gateway alone.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

# (connections, requests in flight on each): one at a time, unbatched; 64 and 256 over four.
LOADS = [(1, 1), (4, 16), (4, 64)]


class Server:
    """A load program that prints "listening PORT"."""

    def __init__(self, *command):
        self.process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE,
                                        text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def measure(binaries, port, pid, protocol, load, seconds):
    connections, window = load
    output = subprocess.run(
        [str(binaries / "load_client"), "--port", str(port), "--pid", str(pid),
         "--diameter", str(int(protocol == "diameter")), "--connections", str(connections),
         "--window", str(window), "--measure-ms", str(int(seconds * 1000)),
         "--warmup-ms", str(int(seconds * 250))],
        check=True, stdout=subprocess.PIPE, text=True, timeout=seconds * 4 + 20).stdout
    return json.loads(output)


def row(name, load, figures, floor=None):
    result = {
        "name": f"{name}/{load[0]} x {load[1]}",
        "messages/s": figures["per_second"],
        "per CPU-s": figures["per_cpu_second"],
        "p50 us": figures["p50_us"],
        "p99 us": figures["p99_us"],
        "errors": figures["errors"],
        "max_errors": 0,
    }
    if floor and floor["per_cpu_second"]:
        result["% of floor's"] = 100 * figures["per_cpu_second"] / floor["per_cpu_second"]
    return result


def run(binaries, seconds):
    os.environ["TESTED_BINARY"] = str(binaries / "diamgw")
    from processes import Gateway  # pylint: disable=import-outside-toplevel
    rows = []
    server = Server(binaries / "answer_server")
    relay = Server(binaries / "raw_relay", "--to", server.port)
    peer = {"host": "ocs.example", "realm": "example",
            "connect": {"address": "127.0.0.1", "port": server.port}}
    gateway = None
    try:
        with tempfile.TemporaryDirectory(prefix="diamgw-load-") as directory:
            gateway = Gateway(directory, [peer], {"shards": 1}).wait_ready()
            for load in LOADS:
                floor = measure(binaries, relay.port, relay.process.pid, "diameter", load, seconds)
                rows.append(row("floor", load, floor))
                ours = measure(binaries, gateway.websocket_port, gateway.process.pid, "websocket",
                               load, seconds)
                rows.append(row("gateway", load, ours, floor))
            status = gateway.terminate()
            if status != 0:
                raise SystemExit(f"the gateway ended with {status}")
    finally:
        if gateway:
            gateway.kill()
        relay.stop()
        server.stop()
    return rows
