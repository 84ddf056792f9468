"""The whole gateway under load, beside a relay that only forwards octets, in one run.

    floor:          load_client --Diameter--> raw_relay --Diameter--> answer_server
    gateway:        load_client --WebSocket-> diamgw    --Diameter--> answer_server
    of two shards:  a second gateway, so that it can be told what the second shard costs

All are given the same request and take turns, so that a busy machine does not decide; of several
measurements the middle one counts. CPU is that of the relay or the gateway alone.
"""
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

# (connections, requests in flight on each): one at a time, unbatched; 64 and 256 over four; many
# clients that each wait for their answer.
LOADS = [(1, 1), (4, 16), (4, 64), (64, 1)]
# A gateway of one shard swings between 3.5 and 5.3 us for 4 x 16, as its batches happen to form: the
# middle of five rounds told of 0.9 to 1.3 times one shard. Of fifteen, two runs agreed within 3 %; a
# run of 25 in another hour still told of 1.3 for 4 x 64, where one of 60 told of 1.0.
ROUNDS = 15
# What an exchange may cost on two shards, times what it costs on one, where 16 or more are in
# flight on a connection: what is said between shards goes in batches then.
MOST_OF_TWO_SHARDS = 1.12
FULL_BATCH = 16


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


def measure(tools, contestant, load, seconds):
    connections, window = load
    port, pid, protocol = contestant
    output = subprocess.run(
        [str(tools / "load_client"), "--port", str(port), "--pid", str(pid),
         "--diameter", str(int(protocol == "diameter")), "--connections", str(connections),
         "--window", str(window), "--measure-ms", str(int(seconds * 1000)),
         "--warmup-ms", str(int(seconds * 250))],
        check=True, stdout=subprocess.PIPE, text=True, timeout=seconds * 4 + 20).stdout
    return json.loads(output)


def cpu_us(figures):
    return 1e6 * figures["cpu_seconds"] / max(figures["messages"], 1)


def row(name, load, figures, floor=None, one_shard=None):
    result = {
        "name": f"{name}/{load[0]} x {load[1]}",
        "messages/s": figures["per_second"],
        "CPU us": cpu_us(figures),
        "p50 us": figures["p50_us"],
        "p99 us": figures["p99_us"],
        "errors": figures["errors"],
        "max_errors": 0,
    }
    if floor:
        result["x floor"] = cpu_us(figures) / max(cpu_us(floor), 1e-9)
    if one_shard:
        result["x one shard"] = cpu_us(figures) / max(cpu_us(one_shard), 1e-9)
        if load[1] >= FULL_BATCH:
            result["max_x one shard"] = MOST_OF_TWO_SHARDS
    return result


@contextlib.contextmanager
def contestants(binaries, tools):
    """{name: (port, process, protocol)} of what is measured, which runs meanwhile."""
    os.environ["TESTED_BINARY"] = str(binaries / "diamgw")
    from processes import Gateway  # pylint: disable=import-outside-toplevel
    with contextlib.ExitStack() as ends:
        def serve(*command):
            server = Server(*command)
            ends.callback(server.stop)
            return server

        server = serve(tools / "answer_server")
        relay = serve(tools / "raw_relay", "--to", server.port)
        peer = {"host": "ocs.example", "realm": "example",
                "connect": {"address": "127.0.0.1", "port": server.port}}
        directory = ends.enter_context(tempfile.TemporaryDirectory(prefix="diamgw-load-"))
        gateways = []
        for shards in (1, 2):
            gateways.append(Gateway(directory, [peer], {"shards": shards}, name=f"gateway{shards}"))
            ends.callback(gateways[-1].kill)
            gateways[-1].wait_ready()
        one, two = gateways
        yield {"floor": (relay.port, relay.process.pid, "diameter"),
               "gateway": (one.websocket_port, one.process.pid, "websocket"),
               "of two shards": (two.websocket_port, two.process.pid, "websocket")}
        for gateway in gateways:
            status = gateway.terminate()
            if status != 0:
                raise SystemExit(f"the gateway ended with {status}")


def compare(trees, tools, rounds, seconds=0.25):
    """{tree: {row: CPU us of each round}} of the gateways in these folders, which all stand at the
    same time and take turns: of runs one after the other, equal ones differed by 10 %."""
    costs = {tree: {} for tree in trees}
    with contextlib.ExitStack() as ends:
        measured = {tree: ends.enter_context(contestants(binaries, tools))
                    for tree, binaries in trees.items()}
        for load in LOADS:
            for _ in range(rounds):
                for tree, of_tree in measured.items():
                    for name in ("gateway", "of two shards"):
                        figures = measure(tools, of_tree[name], load, seconds)
                        costs[tree].setdefault(f"{name}/{load[0]} x {load[1]}", []).append(
                            cpu_us(figures))
    return costs


def run(binaries, seconds, rounds=ROUNDS, tools=None):
    """Rows; `seconds` of measurement each, in so many rounds. `tools` has the load programs."""
    rows = []
    tools = tools or binaries
    with contestants(binaries, tools) as measured:
        for load in LOADS:
            figures = {name: [] for name in measured}
            for _ in range(rounds):
                for name, contestant in measured.items():
                    figures[name].append(measure(tools, contestant, load, seconds / rounds))
            middle = {name: sorted(all_of_it, key=cpu_us)[rounds // 2]
                      for name, all_of_it in figures.items()}
            floor, one = middle["floor"], middle["gateway"]
            rows += [row("floor", load, floor), row("gateway", load, one, floor),
                     row("of two shards", load, middle["of two shards"], floor, one)]
    return rows
