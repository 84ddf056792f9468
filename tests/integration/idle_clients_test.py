#!/usr/bin/env python3
"""What idle clients cost in memory, and what is left when they have gone.

CLIENTS=19000 idle_clients_test.py is the full form (mind `ulimit -n`), which takes some minutes; 4000
are enough to hold the limits. A build with a sanitizer keeps what was freed, and counts more for
itself: there the numbers are only shown. `scripts/test` runs it with the release build, too."""
import os
import pathlib
import resource
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, binary, wait_until  # noqa: E402
from raw_websocket import RawWebSocket  # noqa: E402

CLIENTS = int(os.environ.get("CLIENTS", "4000"))
OCTETS_PER_CLIENT = 2048
OCTETS_LEFT = 10 << 20


def resident(process):
    """Octets of memory that the process has."""
    with open(f"/proc/{process.pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


class IdleClientsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="diamgw-idle-")
        self.addCleanup(folder.cleanup)
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        # No pings: the clients here answer none while thousands of others join.
        self.gateway = Gateway(folder.name, [], {
            "websocket": {"max_clients": CLIENTS + 10, "ping_interval": "0s"}})
        self.addCleanup(self.gateway.kill)

    def join(self, count):
        clients = [RawWebSocket(self.gateway.websocket_port, timeout=60) for _ in range(count)]
        for client in clients:  # each has sent and got something: what that needs is let go
            client.send_text('{"jsonrpc":"2.0","id":1,"method":"gateway.info"}')
        for client in clients:
            client.receive()
        wait_until(lambda: self.gateway.total("diamgw_client_connections") == count,
                   "all are there")
        return clients

    def leave(self, clients):
        for client in clients:
            client.close()
        wait_until(lambda: self.gateway.total("diamgw_client_connections") == 0, "all have gone")
        time.sleep(2)  # memory goes back a second after it was freed

    def test_an_idle_client_is_small_and_leaves_nothing(self):
        program = binary().read_bytes()
        sanitized = b"__asan_init" in program or b"__tsan_init" in program
        # What is made once, and kept: slabs for as many answers as one turn of a shard gives.
        self.leave(self.join(500))
        before = resident(self.gateway.process)

        clients = self.join(CLIENTS)
        time.sleep(2)  # idle, and what was needed to join has gone back
        with_clients = resident(self.gateway.process)
        self.leave(clients)
        left = resident(self.gateway.process)
        clients = self.join(CLIENTS)
        self.leave(clients)
        left_again = resident(self.gateway.process)

        each = (with_clients - before) / CLIENTS
        print(f"{CLIENTS} idle clients: {each:.0f} octets each; left after they have gone: "
              f"{(left - before) / 1024:.0f} KiB, after as many more: "
              f"{(left_again - before) / 1024:.0f} KiB")
        if not sanitized:
            self.assertLess(each, OCTETS_PER_CLIENT)
            self.assertLess(left - before, OCTETS_LEFT)
            self.assertLess(left_again - before, OCTETS_LEFT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
