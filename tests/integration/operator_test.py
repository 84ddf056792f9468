#!/usr/bin/env python3
"""An operator asks why: a request that is refused, a peer that is gone, a client that is in the way."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from processes import Gateway, SimOcs, binary, http, wait_until  # noqa: E402
from raw_websocket import Closed, RawWebSocket  # noqa: E402

SUBSCRIBER = "491701234567"


def ccr(number, session="operator;1;1", kind="UPDATE_REQUEST", **options):
    return {"jsonrpc": "2.0", "id": number, "method": "CCR", "params": {
        "Session-Id": session, "Destination-Realm": "example",
        "Service-Context-Id": "32251@3gpp.org", "CC-Request-Type": kind,
        "CC-Request-Number": number,
        "Subscription-Id": [{"Subscription-Id-Type": "END_USER_E164",
                             "Subscription-Id-Data": SUBSCRIBER}], **options}}


class Operator(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="diamgw-operator-")
        self.addCleanup(directory.cleanup)
        self.folder = directory.name
        self.ocs = SimOcs(self.folder)
        self.addCleanup(lambda: self.ocs.kill())
        self.gateway = Gateway(self.folder, [self.ocs.peer()], {
            "diameter": {"watchdog_interval": "1s"}}).wait_ready()
        self.addCleanup(self.gateway.kill)

    def client(self):
        client = RawWebSocket(self.gateway.websocket_port)
        self.addCleanup(client.close)
        return client

    def call(self, client, message):
        client.send_text(json.dumps(message))
        return client.receive()

    def api(self, path, method="GET", **fields):
        status, text = http(self.gateway.admin + path, method=method, **fields)
        return status, json.loads(text) if text.startswith("{") else text

    def route(self, *arguments):
        done = subprocess.run([str(binary()), "route", "--admin",
                               f"127.0.0.1:{self.gateway.admin_port}", *arguments],
                              capture_output=True, text=True, timeout=30, check=False)
        return done.returncode, done.stdout, done.stderr

    def peer(self):
        return self.api("/api/v1/peers")[1]["peers"][0]

    def test_a_killed_peer_is_explained_and_found_again(self):
        client = self.client()
        self.assertEqual(self.call(client, ccr(0, kind="INITIAL_REQUEST"))["result"]["Result-Code"],
                         2001)
        status, out, _ = self.route("--realm", "example", "--application", "Gy")
        self.assertEqual(status, 0)
        self.assertIn("gets 100 %", out)

        port = self.ocs.port
        self.ocs.kill()
        wait_until(lambda: self.peer()["state"] == "closed", "the peer is closed")
        error = self.call(client, ccr(1))["error"]

        self.assertEqual((error["code"], error["data"]["sent"]), (-32001, False))
        self.assertEqual(error["data"]["candidates"], [{"host": "ocs.example", "reason": "closed"}])
        self.assertIn("last_error", self.peer())
        status, out, _ = self.route("--realm", "example", "--application", "4")
        self.assertEqual(status, 1)
        self.assertIn("refused with 3002: realm 'example' is served by ocs.example (closed)", out)
        status, out, _ = self.route("--host", "ocs.example", "--application", "4", "--json")
        self.assertEqual((status, json.loads(out)["decided_by"]), (1, "destination_host"))
        status, _, err = self.route("--realm", "example", "--application", "Gyy")
        self.assertEqual(status, 1)
        self.assertIn("did you mean", err)
        self.gateway.wait_for_line(r"client 127\.0\.0\.1:\d+.*Credit-Control-Request.*"
                                   r"Destination-Realm example.*DIAMETER_UNABLE_TO_DELIVER")
        self.assertNotIn(SUBSCRIBER, self.gateway.log())

        self.ocs = SimOcs(self.folder, ports=(port, 0))
        status, answer = self.api("/api/v1/peers/ocs.example/connect", "POST")
        self.assertIn(status, (202, 409), answer)
        wait_until(lambda: self.call(client, ccr(2)).get("result"), "the peer serves again")

    def test_what_a_lost_peer_may_have_served_is_said(self):
        client = self.client()
        self.ocs.process.send_signal(19)  # SIGSTOP: it takes requests, and answers none
        client.send_text(json.dumps(ccr(3)))
        wait_until(lambda: self.peer()["requests_waiting"] == 1, "the request waits")
        self.ocs.process.kill()

        error = client.receive()["error"]

        self.assertEqual((error["data"]["name"], error["data"]["sent"], error["data"]["peer"]),
                         ("peer_lost", True, "ocs.example"))

    def test_clients_and_their_sessions_are_shown_and_ended(self):
        first, second = self.client(), self.client()
        session = "operator;2;2"
        self.call(first, ccr(0, session, "INITIAL_REQUEST"))
        status, found = self.api("/api/v1/session?id=" + urllib.parse.quote(session))
        self.assertEqual((status, found["peer"]), (200, "ocs.example"))
        shown = {c["id"]: c for c in self.api("/api/v1/clients")[1]["clients"]}
        self.assertEqual(len(shown), 2)
        self.assertEqual(shown[found["client"]["id"]]["bindings"], 1)

        answer = self.call(second, {"jsonrpc": "2.0", "id": 1, "method": "gateway.bind",
                                    "params": {"session_id": session}})
        self.assertIs(answer["result"], True)
        self.assertEqual(first.receive(), {"jsonrpc": "2.0", "method": "gateway.session_taken",
                                           "params": {"session_id": session}})
        now = self.api("/api/v1/session?id=" + urllib.parse.quote(session))[1]["client"]["id"]
        self.assertNotEqual(now, found["client"]["id"])

        self.assertEqual(self.api(f"/api/v1/clients/{now}/disconnect", "POST")[0], 200)
        with self.assertRaises(Closed) as closed:
            second.receive()
        self.assertEqual(closed.exception.code, 1008)

    def test_a_client_that_loses_a_session_is_told_and_goes_on(self):
        waiting = subprocess.Popen([str(binary()), "call", "--url", self.gateway.url,
                                    "--wait-requests", "1", "gateway.bind", '{"session_id":"s;7"}'],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(waiting.wait)
        self.addCleanup(waiting.kill)
        self.assertEqual(waiting.stdout.readline(), "true\n")
        self.assertIs(self.client().call("gateway.bind", {"session_id": "s;7"})["result"], True)
        self.assertIn("gateway.session_taken", waiting.stdout.readline())
        self.assertIsNone(waiting.poll())

    def test_no_web_page_may_ask(self):
        for method, path, fields, status in (
                ("GET", "/api/v1/clients", {"Host": "evil.example"}, 403),
                ("GET", "/metrics", {"Host": "evil.example"}, 200),
                ("POST", "/api/v1/peers/ocs.example/connect", {"Content_Type": "text/plain"}, 415),
                ("POST", "/api/v1/peers/ocs.example/connect", {"Origin": "http://evil.example"},
                 403)):
            self.assertEqual(self.api(path, method, **fields)[0], status, (method, path, fields))


class Token(unittest.TestCase):
    def test_a_token_is_asked_for_and_read_again(self):
        with tempfile.TemporaryDirectory(prefix="diamgw-token-") as folder:
            token = pathlib.Path(folder) / "token"
            token.write_text("first\n")
            gateway = Gateway(folder, [], {"admin": {"token_file": "token"}, "diameter": {
                "listen": [], "peers": []}})
            self.addCleanup(gateway.kill)

            def status(text):
                return http(gateway.admin + "/api/v1/peers", Authorization=f"Bearer {text}")[0]

            self.assertEqual(http(gateway.admin + "/api/v1/peers")[0], 401)
            self.assertEqual((status("first"), status("second")), (200, 401))
            token.write_text("second\n")
            gateway.process.send_signal(1)
            wait_until(lambda: status("second") == 200, "the new token counts")
            self.assertEqual(status("first"), 401)
            for file, expected in ((token, 0), (pathlib.Path(folder) / "none", 1)):
                done = subprocess.run([str(binary()), "route", "--admin",
                                       f"127.0.0.1:{gateway.admin_port}", "--realm", "a",
                                       "--application", "4", "--token-file", str(file)],
                                      capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual(done.returncode, 1, done.stderr)  # not routed, or no token
                self.assertEqual("refused with 3003" in done.stdout, expected == 0, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
