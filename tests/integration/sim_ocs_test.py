#!/usr/bin/env python3
"""What `diamgw sim ocs` does when it is told to: RAR and ASR for sessions, late answers, wrong ones
and none; where it listens, and whom it knows."""
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from processes import Gateway, SimOcs, binary, ccr, http, wait_until  # noqa: E402
from raw_websocket import RawWebSocket  # noqa: E402

UNITS = {"CC-Total-Octets": "100"}


class WithOcs(unittest.TestCase):
    OPTIONS = []

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="diamgw-sim-ocs-")
        self.addCleanup(directory.cleanup)
        self.ocs = SimOcs(directory.name, options=self.OPTIONS)
        self.addCleanup(self.ocs.kill)
        self.gateway = Gateway(directory.name, [self.ocs.peer()])
        self.addCleanup(self.gateway.kill)
        self.gateway.wait_ready()
        self.client = RawWebSocket(self.gateway.websocket_port)
        self.addCleanup(self.client.close)

    def ask(self, kind, number, session="one;1", timeout=None, **more):
        params = ccr(session, kind, number, Requested_Service_Unit=UNITS, **more)
        if timeout:
            params["$timeout"] = timeout
        return self.client.call("CCR", params, f"{session} {kind} {number}")

    def open(self, *sessions, **more):
        for session in sessions:
            answer = self.ask("INITIAL", 0, session, **more)
            self.assertEqual(answer["result"]["Result-Code"], 2001, answer)

    def posted(self, path, **query):
        """The answer to a POST, which comes when the client has answered what it is sent."""
        answers = []
        asking = threading.Thread(target=lambda: answers.append(self.ocs.post(path, **query)))
        asking.start()
        self.addCleanup(asking.join)

        def joined():
            asking.join()
            status, text = answers[0]
            self.assertEqual(status, 200, text)
            return json.loads(text)
        return joined

    def answer_requests(self, count, code=2001):
        """Their methods, by session."""
        asked = {}
        for _ in range(count):
            request = self.client.receive()
            asked[request["params"]["Session-Id"]] = request["method"]
            self.client.send_text(json.dumps({"jsonrpc": "2.0", "id": request["id"],
                                              "result": {"Result-Code": code}}))
        return asked


class SessionRequestsTest(WithOcs):
    def test_an_asr_shows_what_the_client_answers(self):
        self.open("one;1")

        answered = self.posted("/api/v1/asr", session="one;1")
        self.assertEqual(self.answer_requests(1), {"one;1": "ASR"})

        body = answered()
        self.assertEqual((body["requests"], body["answered"], body["result_codes"]),
                         (1, 1, {"2001": 1}))
        self.assertEqual(body["sessions"], [
            {"session_id": "one;1", "result_code": 2001, "result": "DIAMETER_SUCCESS",
             "origin_host": "gateway.example"}])
        # RFC 8506 §7: it is the client's CCR that ends the session.
        self.assertEqual(len(self.ocs.sessions()["sessions"]), 1)
        self.assertEqual(self.ask("TERMINATION", 1)["result"]["Result-Code"], 2001)
        self.assertEqual(self.ocs.sessions()["sessions"], [])

    def test_what_the_gateway_answers_in_a_clients_place_is_shown(self):
        self.open("one;1")
        self.client.close()
        wait_until(lambda: self.gateway.total("diamgw_client_connections") == 0, "it is gone")

        session = self.posted("/api/v1/asr", session="one;1")()["sessions"][0]

        self.assertEqual(session["result_code"], 5002, session)
        self.assertEqual(session["origin_host"], "gateway.example")

    def test_sessions_are_reauthorized_one_by_one_by_subscriber_and_all(self):
        self.open("a;1", "a;2", subscriber="1+a%")
        self.open("b;1", subscriber="2")
        self.assertEqual({s["peer"] for s in self.ocs.sessions()["sessions"]}, {"gateway.example"})
        for query, sessions in (({"session": "a;2"}, {"a;2"}),
                                ({"subscriber": "1+a%"}, {"a;1", "a;2"}),
                                ({"all": "true"}, {"a;1", "a;2", "b;1"})):
            with self.subTest(query):
                answered = self.posted("/api/v1/rar", **query)
                asked = self.answer_requests(len(sessions), 2002)
                self.assertEqual(asked, {session: "RAR" for session in sessions})
                body = answered()
                self.assertEqual({s["session_id"] for s in body["sessions"]}, sessions)
                self.assertEqual(body["result_codes"], {"2002": len(sessions)})

    def test_many_sessions_are_asked_some_at_a_time(self):
        sessions = {f"many;{i}" for i in range(200)}
        self.open(*sessions)

        answered = self.posted("/api/v1/asr", all="true")
        self.assertEqual(set(self.answer_requests(200)), sessions)

        self.assertEqual(answered()["answered"], 200)

    def test_a_gateway_that_is_gone_is_a_failure_that_is_told(self):
        self.open("one;1")
        self.gateway.kill()
        wait_until(lambda: "peer_lost" in self.ocs.log() or "closed" in self.ocs.log(),
                   "the server sees it go")

        body = self.posted("/api/v1/rar", session="one;1")()

        self.assertEqual((body["requests"], body["answered"]), (1, 0))
        self.assertNotEqual(body["sessions"][0]["failure"], "")

    def test_a_server_that_is_stopped_while_clients_are_asked_ends_in_order(self):
        sessions = [f"many;{i}" for i in range(100)]
        self.open(*sessions)
        asking = threading.Thread(target=lambda: self.ocs.post("/api/v1/rar", all="true"))
        asking.start()
        self.addCleanup(asking.join)
        self.assertEqual(self.client.receive()["method"], "RAR")

        self.assertEqual(self.ocs.terminate(), 0, self.ocs.log())

    def test_a_call_that_means_no_session_is_refused(self):
        self.open("one;1")
        for path in ("/api/v1/rar", "/api/v1/asr"):
            for query, status, sentence in (
                    ({}, 400, "expected one of ?session=ID, ?subscriber=ID or ?all=true"),
                    ({"session": "one;1", "all": "true"}, 400, "expected one of"),
                    ({"all": "yes"}, 400, "expected one of"),
                    ({"session": "two;1"}, 404, "no such session"),
                    ({"subscriber": "nobody"}, 404, "no session of this subscriber")):
                with self.subTest(path=path, **query):
                    told = self.ocs.post(path, **query)
                    self.assertEqual(told[0], status, told)
                    self.assertIn(sentence, told[1])

    def test_web_pages_start_nothing_and_methods_are_told(self):
        for path in ("/api/v1/rar", "/api/v1/asr", "/api/v1/faults", "/api/v1/balance"):
            url = self.ocs.admin + path
            for status, fields in ((415, {"Content_Type": "text/plain"}),
                                   (403, {"Origin": "https://evil.example"})):
                self.assertEqual(http(url, method="POST", **fields)[0], status, path)
        self.assertEqual(http(f"{self.ocs.admin}/api/v1/rar")[0], 405)
        # DNS rebinding: the page is of the same origin, and sends no Origin with a GET.
        self.assertEqual(http(f"{self.ocs.admin}/api/v1/sessions", Host="evil.example")[0], 403)
        self.assertEqual(http(f"{self.ocs.admin}/api/v1/asr?session=%4", method="POST")[0], 400)
        status, text = http(f"{self.ocs.admin}/nothing")
        self.assertEqual(status, 404)
        self.assertIn("POST /api/v1/asr?session=ID", text)


class UnansweredTest(WithOcs):
    OPTIONS = ["--timeout", "300ms"]

    def test_a_client_that_does_not_answer_is_told_as_such(self):
        self.open("one;1")

        body = self.posted("/api/v1/rar", session="one;1")()

        self.assertEqual(body["sessions"],
                         [{"session_id": "one;1", "failure": "no answer within 300ms"}])


class FaultsTest(WithOcs):
    def refused(self, answer):
        return answer.get("error", {}).get("data", {}).get("name")

    def test_answers_come_late_wrongly_or_not_at_all(self):
        self.ocs.set_faults({"command": "CCR", "delay": "400ms", "times": 1},
                            {"result_code": 4010, "application": "Gy", "times": 1},
                            {"result_code": "DIAMETER_TOO_BUSY", "times": 1, "delay": "200ms"},
                            {"no_answer": True, "times": 1})

        start = time.monotonic()
        late = self.ask("INITIAL", 0)
        self.assertGreaterEqual(time.monotonic() - start, 0.4)
        self.assertEqual(late["result"]["Result-Code"], 2001)
        wrong = self.ask("UPDATE", 1)
        self.assertEqual(wrong["result"]["Result-Code"], 4010)
        self.assertEqual(wrong["result"]["CC-Request-Number"], 1)
        self.assertEqual(self.ask("UPDATE", 2)["result"]["Result-Code"], 3004)
        self.assertEqual(self.refused(self.ask("UPDATE", 3, timeout="300ms")), "timed_out")
        self.assertEqual(self.ask("UPDATE", 4)["result"]["Result-Code"], 2001)

        shown = json.loads(http(f"{self.ocs.admin}/api/v1/faults")[1])["faults"]
        self.assertEqual([f["applied"] for f in shown], [1, 1, 1, 1])
        self.assertEqual(shown[0], {"command": 272, "times": 1, "delay": "400ms", "applied": 1})
        self.ocs.set_faults()
        self.assertEqual(self.ask("UPDATE", 5)["result"]["Result-Code"], 2001)

    def test_a_late_answer_was_served_when_its_request_came(self):
        self.ocs.set_faults({"delay": "1m"})

        self.assertEqual(self.refused(self.ask("INITIAL", 0, timeout="200ms")), "timed_out")

        self.assertEqual(len(self.ocs.sessions()["sessions"]), 1)

    def test_other_commands_have_faults_too(self):
        self.ocs.set_faults({"command": "STR", "result_code": 5012})
        answer = self.client.call("STR", {"Session-Id": "s;1", "Destination-Realm": "example",
                                          "Auth-Application-Id": 4,
                                          "Termination-Cause": "DIAMETER_LOGOUT"})
        self.assertEqual(answer["result"]["Result-Code"], 5012, answer)

    def test_a_wrong_list_changes_nothing(self):
        self.ocs.set_faults({"result_code": 5012})
        for body, sentence in (("", "the body is an array of at most 64 faults"),
                               ("{}", "the body is an array"),
                               (json.dumps([{"no_answer": True}] * 65), "the body is an array"),
                               ("[1]", "fault 1: each fault is an object"),
                               ('[{"delay":"1s"},{"delay":null}]', "fault 2: delay: a text"),
                               ('[{"dely":"1s"}]', "fault 1: 'dely' is nothing that a fault has"),
                               ('[{"command":"CCX","no_answer":true}]', "did you mean")):
            with self.subTest(body[:40]):
                status, text = self.ocs.post("/api/v1/faults", body)
                self.assertEqual(status, 400, text)
                self.assertIn(sentence, text)
        self.assertEqual(self.ask("INITIAL", 0)["result"]["Result-Code"], 5012)


class ChancesTest(WithOcs):
    OPTIONS = ["--fault", "chance=0.5,result_code=4010", "--seed", "7"]

    def test_chances_repeat_with_their_seed(self):
        def draw():
            return [self.ask("EVENT", 0, f"e;{time.monotonic_ns()}",
                             Requested_Action="CHECK_BALANCE")["result"]["Result-Code"]
                    for _ in range(30)]
        first = draw()
        self.assertEqual(set(first), {2001, 4010})
        self.ocs.set_faults({"chance": 0.5, "result_code": 4010})
        self.assertEqual(draw(), first)


class AccountsTest(WithOcs):
    OPTIONS = ["--strict", "--account", "49170=150", "--account", "49171=0"]

    def test_only_those_with_an_account_are_known(self):
        self.open("a;1", subscriber="49170")
        self.assertEqual(self.ask("INITIAL", 0, "b;1", subscriber="49171")["result"]["Result-Code"],
                         4012)
        self.assertEqual(self.ask("INITIAL", 0, "c;1", subscriber="49172")["result"]["Result-Code"],
                         5030)
        status, text = self.ocs.post("/api/v1/balance", subscriber="49171", balance="100")
        self.assertEqual((status, json.loads(text)), (200, {"subscriber": "49171", "balance": 100}))
        self.open("b;2", subscriber="49171")
        for query in ({}, {"subscriber": "49171"}, {"subscriber": "49171", "balance": "-1"}):
            self.assertEqual(self.ocs.post("/api/v1/balance", **query)[0], 400, query)


class AddressesTest(unittest.TestCase):
    def test_standard_output_says_where_it_listens_and_nothing_else(self):
        for options, lines in (
                (["--listen", "127.0.0.1:0"], [r"diameter 127\.0\.0\.1:[1-9]\d*"]),
                (["--listen", "[::1]:0", "--admin", "127.0.0.1:0"],
                 [r"diameter \[::1\]:[1-9]\d*", r"admin 127\.0\.0\.1:[1-9]\d*"])):
            with subprocess.Popen([str(binary()), "sim", "ocs", *options], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
                self.addCleanup(server.kill)
                for line in lines:
                    self.assertRegex(server.stdout.readline(), f"^{line}\n$")
                server.terminate()
                self.assertEqual((server.stdout.read(), server.wait(20)), ("", 0))

    def test_standard_output_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([str(binary()), "sim", "ocs", "--listen", "127.0.0.1:0"],
                                  stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output cannot be written", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
