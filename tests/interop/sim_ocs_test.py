#!/usr/bin/env python3
"""A CCR-I, CCR-U, CCR-T and CCR-E from a WebSocket client to `diamgw sim ocs` and back, and a RAR
the other way; tshark decodes all of it without a complaint."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

from capture import Capture  # noqa: E402
from processes import Gateway, SimOcs, binary, call, ccr, http, wait_until  # noqa: E402


class SimOcsTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="diamgw-ocs-")
        self.addCleanup(self.directory.cleanup)
        path = pathlib.Path(self.directory.name)
        self.ocs = SimOcs(path, balance=1000)
        self.addCleanup(self.ocs.kill)
        self.capture = Capture(path / "ocs.pcapng", [self.ocs.port])
        self.addCleanup(self.capture.stop)
        self.capture.start()
        self.gateway = Gateway(path, [self.ocs.peer()])
        self.addCleanup(self.gateway.kill)
        self.gateway.wait_ready()

    def ask(self, kind, number, session="client.example;1;1", **more):
        status, text = call(self.gateway.url, "CCR", ccr(session, kind, number, **more))
        self.assertEqual(status, 0, text)
        return json.loads(text)

    def test_credit_control_and_reauthorization(self):
        units = {"CC-Total-Octets": "600"}
        first = self.ask("INITIAL", 0, Requested_Service_Unit=units)
        self.assertIn(first["Result-Code"], ("DIAMETER_SUCCESS", 2001), first)
        self.assertEqual(first["Granted-Service-Unit"]["CC-Total-Octets"], "600")
        more = self.ask("UPDATE", 1, Used_Service_Unit=[units], Requested_Service_Unit=units)
        self.assertEqual(more["Granted-Service-Unit"]["CC-Total-Octets"], "400")
        self.assertIn("Final-Unit-Indication", more)

        rar = self.reauthorize("client.example;1;2")
        self.assertIn("RAR", rar)

        last = self.ask("TERMINATION", 2, Used_Service_Unit=[{"CC-Total-Octets": "400"}])
        self.assertIn(last["Result-Code"], ("DIAMETER_SUCCESS", 2001), last)
        spent = self.ask("INITIAL", 0, "client.example;1;3", Requested_Service_Unit=units)
        self.assertIn(spent["Result-Code"], ("DIAMETER_CREDIT_LIMIT_REACHED", 4012), spent)
        event = self.ask("EVENT", 0, "client.example;1;4", subscriber="49171",
                         Requested_Action="CHECK_BALANCE", Requested_Service_Unit=units)
        self.assertIn(event["Check-Balance-Result"], ("ENOUGH_CREDIT", 0), event)

        self.capture.wait_for("CCA", 6)
        self.capture.stop()
        self.assertEqual(self.capture.defects(), [])

    def test_web_pages_start_nothing(self):
        rar = f"{self.ocs.admin}/api/v1/rar?session=nobody"
        self.assertEqual(http(rar, method="POST")[0], 404)
        self.assertEqual(http(rar, method="POST", Content_Type="text/plain")[0], 415)
        self.assertEqual(http(rar, method="POST", Origin="https://evil.example")[0], 403)
        self.assertEqual(http(rar, method="POST", Origin=self.ocs.admin)[0], 404)
        self.assertEqual(http(rar + "%4", method="POST")[0], 400)

    def reauthorize(self, session):
        """A client that stays connected gets the RAR that the server starts; what it printed."""
        client = subprocess.Popen(
            [binary(), "call", "--url", self.gateway.url, "--wait-requests", "1", "CCR",
             json.dumps(ccr(session, "INITIAL", 0, subscriber="49170"))],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(client.kill)
        self.addCleanup(client.stdout.close)
        wait_until(lambda: self.ocs.start_rar(session)[0] == 200, "the server sends a RAR",
                   process=client)
        output, _ = client.communicate(timeout=10)
        self.assertEqual(client.returncode, 0, output)
        self.capture.wait_for("RAA")
        return output


if __name__ == "__main__":
    unittest.main(verbosity=2)
