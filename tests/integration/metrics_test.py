#!/usr/bin/env python3
"""What a gateway exports after some traffic, judged by Prometheus's own checker."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, SimOcs, call, ccr, http  # noqa: E402


class MetricsTest(unittest.TestCase):
    def test_they_pass_promtool_and_count_the_traffic(self):
        with tempfile.TemporaryDirectory(prefix="diamgw-metrics-") as directory:
            ocs = SimOcs(directory)
            self.addCleanup(ocs.kill)
            gateway = Gateway(directory, [ocs.peer()])
            self.addCleanup(gateway.kill)
            gateway.wait_ready()
            for number, kind in enumerate(("INITIAL", "UPDATE", "TERMINATION")):
                status, text = call(gateway.url, "CCR", ccr("metrics.example;1", kind, number))
                self.assertEqual(status, 0, text)

            status, text = http(f"{gateway.admin}/metrics")
            self.assertEqual(status, 200)
            judged = subprocess.run(["promtool", "check", "metrics"], input=text, text=True,
                                    capture_output=True)
            self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)
            self.assertEqual(judged.stdout + judged.stderr, "")

            sent = gateway.total("diameter_requests_total", peer="ocs.example", direction="sent",
                                 command="Credit-Control")
            self.assertEqual(sent, 3)
            for family in ("diameter_marshal_duration_seconds_count",
                           "diameter_unmarshal_duration_seconds_count",
                           "diameter_marshal_bytes_total"):
                self.assertGreater(gateway.total(family), 0, family)
            self.assertEqual(gateway.total("diamgw_bugs_total"), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
