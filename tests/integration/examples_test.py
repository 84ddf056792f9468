#!/usr/bin/env python3
"""The programs in examples/ do what they say."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from processes import Gateway, SimOcs, wait_until  # noqa: E402


class ExamplesTest(unittest.TestCase):
    def test_ccr_runs_a_session_and_answers_a_rar(self):
        with tempfile.TemporaryDirectory(prefix="diamgw-examples-") as directory:
            ocs = SimOcs(directory)
            self.addCleanup(ocs.kill)
            gateway = Gateway(directory, [ocs.peer()])
            self.addCleanup(gateway.kill)
            gateway.wait_ready()

            output = pathlib.Path(directory) / "ccr.txt"
            with open(output, "w", encoding="utf-8") as file:
                client = subprocess.Popen(
                    ["node", str(ROOT / "examples/ccr.mjs"), gateway.url, "--wait-rar"],
                    stdout=file, stderr=subprocess.STDOUT)
            self.addCleanup(client.kill)
            session = wait_until(
                lambda: re.search(r'<-.*"Session-Id":"([^"]+)"', output.read_text()),
                "the first answer", process=client).group(1)
            status, text = ocs.start_rar(session)
            self.assertEqual(status, 200, text)

            self.assertEqual(client.wait(20), 0, output.read_text())
            self.assertEqual(output.read_text().count('<-'), 4, output.read_text())


if __name__ == "__main__":
    unittest.main(verbosity=2)
