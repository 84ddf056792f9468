#!/usr/bin/env python3
"""Names of hosts wherever an address may stand: files, options, URLs."""
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, Program, binary, call, ccr, free_ports, http  # noqa: E402


def endpoint(port, host="localhost"):
    return {"address": host, "port": port}


class NamesTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="diamgw-names-")
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def start_gateway(self, peers):
        ports = free_ports(3)
        gateway = Gateway(self.directory, peers, {
            "diameter": {"listen": [endpoint(ports[0])]},
            "websocket": {"listen": [endpoint(ports[1])]},
            "admin": {"listen": endpoint(ports[2])},
        }, ports=ports)
        self.addCleanup(gateway.kill)
        return gateway

    def test_localhost_on_every_side(self):
        diameter, admin = free_ports(2)
        ocs = Program("ocs", self.directory,
                      [binary(), "sim", "ocs", "--listen", f"localhost:{diameter}",
                       "--origin-host", "ocs.example", "--origin-realm", "example",
                       "--admin", f"localhost:{admin}"])
        self.addCleanup(ocs.kill)
        ocs.wait_for(lambda: http(f"http://localhost:{admin}/api/v1/sessions")[0] == 200,
                     "answers on its admin port")
        gateway = self.start_gateway([{"host": "ocs.example", "realm": "example",
                                       "connect": endpoint(diameter)}])
        gateway.wait_ready()

        status, output = call(f"ws://localhost:{gateway.websocket_port}/", "CCR",
                              ccr("names;1", "INITIAL", 0))

        self.assertEqual(status, 0, output)
        self.assertEqual(json.loads(output)["Result-Code"], 2001)
        self.assertEqual(gateway.terminate(), 0)
        self.assertEqual(ocs.terminate(), 0)

    def test_a_name_that_does_not_resolve(self):
        gateway = self.start_gateway([{"host": "ocs.example", "realm": "example",
                                       "connect": endpoint(3868, "ocs.invalid")}])
        gateway.wait_for(lambda: "the name was not resolved: " in gateway.log(), "says so")

        status, output = call(gateway.url, "gateway.info", {})

        self.assertEqual(status, 0, output)
        error = json.loads(output)["peers"][0]["last_error"]
        self.assertEqual((error["reason"], error["address"]),
                         ("connect_failed", "ocs.invalid:3868"))
        begin = time.monotonic()
        self.assertEqual(gateway.terminate(), 0)
        self.assertLess(time.monotonic() - begin, 10)

    def test_a_listener_whose_name_does_not_resolve(self):
        path = pathlib.Path(self.directory, "gw.json")
        path.write_text(json.dumps({"diameter": {"listen": [endpoint(3868, "gateway.invalid")]}}))

        done = subprocess.run([binary(), "serve", "--config", path], capture_output=True, text=True,
                              timeout=30)

        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("cannot listen for Diameter on gateway.invalid:3868: ", done.stderr)

    def test_texts_that_are_no_names(self):
        path = pathlib.Path(self.directory, "gw.json")
        path.write_text('{"diameter": {"peers": [{"host": "a.example", "realm": "example",\n'
                        '  "connect": {"address": "192.0.2.256", "port": 3868}}]}}')
        checked = subprocess.run([binary(), "check-config", path], capture_output=True, text=True,
                                 timeout=30)
        self.assertEqual(checked.returncode, 2)
        self.assertIn("gw.json:2:15: /diameter/peers/0/connect/address: \"192.0.2.256\" is not "
                      "allowed; give an IPv4 or IPv6 address or a host's name", checked.stderr)

        called = subprocess.run([binary(), "call", "--url", "ws://gate..way:8080/", "CCR", "{}"],
                                capture_output=True, text=True, timeout=30)
        self.assertEqual(called.returncode, 2, called.stderr)
        self.assertIn("'gate..way:8080' is not HOST:PORT", called.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
