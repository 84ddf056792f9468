#!/usr/bin/env python3
"""The limit of descriptors: administration and peers get in when clients have taken all that they
can get, the log says so at a bounded rate, and nothing stays when the clients have gone."""
import os
import pathlib
import socket
import sys
import tempfile
import unittest
import unittest.mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, binary, http, wait_until  # noqa: E402
from raw_diameter import RawServer  # noqa: E402
from raw_websocket import RawWebSocket  # noqa: E402

ALLOWED = 160
FLOOD = 400


class DescriptorsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="diamgw-descriptors-")
        self.addCleanup(folder.cleanup)
        self.server = RawServer(0, "ocs.example")
        self.addCleanup(self.server.close)
        accepted, thread = self.server.accept_in_background()
        self.gateway = self.start(folder.name)
        self.addCleanup(self.gateway.kill)
        thread.join(20)
        self.peer = accepted[0]
        self.addCleanup(self.peer.close)
        self.gateway.wait_ready()

    def start(self, folder):
        """A gateway that begins with less than it may have."""
        limited = pathlib.Path(folder) / "limited"
        limited.write_text(f"#!/bin/sh\nulimit -Sn 64\nulimit -Hn {ALLOWED}\n"
                           f"exec {binary()} \"$@\"\n")
        limited.chmod(0o755)
        with unittest.mock.patch.dict(os.environ, TESTED_BINARY=str(limited)):
            return Gateway(folder, [self.server.peer()], {"websocket": {"upgrade_timeout": "1m"}})

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.gateway.process.pid}/fd"))

    def flood(self):
        """Connections until none more is taken; those that are open."""
        connections = []
        for _ in range(FLOOD):
            connection = socket.socket()
            self.addCleanup(connection.close)
            connection.settimeout(20)
            connection.connect(("127.0.0.1", self.gateway.websocket_port))
            connections.append(connection)
        wait_until(lambda: self.gateway.total("diamgw_listener_descriptor_refusals_total",
                                              listener="websocket") > FLOOD - ALLOWED,
                   "connections are refused", process=self.gateway.process)
        return connections

    def test_administration_and_peers_get_in_when_clients_have_taken_all(self):
        limits = pathlib.Path(f"/proc/{self.gateway.process.pid}/limits").read_text()
        self.assertRegex(limits, rf"Max open files +{ALLOWED} +{ALLOWED} ")
        self.gateway.wait_for_line(f"the system allows {ALLOWED} descriptors")
        RawWebSocket(self.gateway.websocket_port).close()
        wait_until(lambda: self.gateway.total("diamgw_client_connections") == 0, "it has gone")
        before = self.descriptors()

        connections = self.flood()
        for _ in range(20):
            self.assertEqual(http(f"{self.gateway.admin}/healthz", timeout=5)[0], 200)
        self.peer.close()  # and comes again
        accepted, thread = self.server.accept_in_background()
        thread.join(20)
        self.assertEqual(len(accepted), 1)
        self.addCleanup(accepted[0].close)
        wait_until(lambda: self.gateway.total("diameter_peer_connects_total") == 2,
                   "the peer is connected again", process=self.gateway.process)

        self.gateway.wait_for_line("the last descriptors are kept for others")
        lines = self.gateway.log().count("the last descriptors are kept for others")
        self.assertLessEqual(lines, 2 * 10 * 3)  # of each shard, ten in ten seconds

        for connection in connections:
            connection.close()
        wait_until(lambda: self.descriptors() <= before + 2, "descriptors are given back",
                   process=self.gateway.process)
        client = RawWebSocket(self.gateway.websocket_port)
        self.assertIn("result", client.call("gateway.info", {}))
        client.close()
        accepted[0].close()
        self.assertEqual(self.gateway.terminate(), 0, self.gateway.log()[-4000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
