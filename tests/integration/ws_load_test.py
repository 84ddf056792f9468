#!/usr/bin/env python3
"""10,000 CCRs, 64 in flight over four connections, through a gateway of two shards: every answer
meets its request, none is lost, and the gateway's counters say the same."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, SimOcs  # noqa: E402

REQUESTS = 10_000


class WsLoadTest(unittest.TestCase):
    def test_every_answer_meets_its_request(self):
        with tempfile.TemporaryDirectory(prefix="diamgw-load-") as directory:
            ocs = SimOcs(directory)
            self.addCleanup(ocs.kill)
            gateway = Gateway(directory, [ocs.peer()], {"shards": 2})
            self.addCleanup(gateway.kill)
            gateway.wait_ready()

            client = subprocess.run(
                ["node", str(HERE / "ws_load_test.mjs"), "--url", gateway.url,
                 "--requests", str(REQUESTS), "--in-flight", "64", "--connections", "4",
                 "--timeout", "150"],
                capture_output=True, text=True, timeout=180)
            print(client.stdout, end="")
            self.assertEqual(client.returncode, 0, client.stderr + gateway.log()[-3000:])

            self.assertEqual(gateway.total("diameter_peer_requests_in_flight"), 0)
            self.assertEqual(gateway.terminate(), 0, gateway.log()[-3000:])
            self.assertEqual(ocs.terminate(), 0, ocs.log()[-3000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
