#!/usr/bin/env python3
"""What a gateway exports after some traffic, judged by Prometheus's own checker."""
import gzip
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

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
            self.assertEqual(gateway.total("diameter_peer_request_duration_seconds_count",
                                           peer="ocs.example"), 3)
            self.assertEqual(gateway.total("diameter_peer_requests_in_flight"), 0)

            self.check_the_process(gateway)
            self.check_the_coding(gateway)

    def check_the_process(self, gateway):
        """What /proc says of it, by the names that all programs use."""
        found = {name: value for name, value in gateway.metrics().items()
                 if name.startswith("process_")}
        now = time.time()
        self.assertLess(abs(now - found["process_start_time_seconds"]), 120)
        self.assertGreater(found["process_cpu_seconds_total"], 0)
        resident = found["process_resident_memory_bytes"]
        self.assertTrue(1e6 < resident < found["process_virtual_memory_bytes"], found)
        self.assertTrue(5 < found["process_open_fds"] < found["process_max_fds"], found)

    def check_the_coding(self, gateway):
        for asked, coded in (("gzip", True), ("gzip;q=0.5,deflate;q=0.1", True), ("gzip;q=0", False),
                             ("deflate", False), (None, False)):
            fields = {"Accept-Encoding": asked} if asked else {"Accept-Encoding": ""}
            with urllib.request.urlopen(urllib.request.Request(
                    f"{gateway.admin}/metrics", headers=fields), timeout=10) as answer:
                octets = answer.read()
                self.assertEqual(answer.headers["Content-Encoding"], "gzip" if coded else None, asked)
                self.assertEqual(answer.headers["Vary"], "Accept-Encoding")
                self.assertEqual(int(answer.headers["Content-Length"]), len(octets))
            text = (gzip.decompress(octets) if coded else octets).decode()
            self.assertIn("\nprocess_start_time_seconds ", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
