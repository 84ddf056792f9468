#!/usr/bin/env python3
"""The clients in examples/ do what they say, with the gateway killed under them too."""
import json
import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from processes import Gateway, Program, SimOcs, http, wait_until  # noqa: E402
from raw_websocket import RawWebSocket  # noqa: E402


class Client:
    """What holds for each of them; a test case by language is made of it below."""

    COMMAND = []

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="diamgw-examples-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.ocs = SimOcs(self.folder)
        self.addCleanup(self.ocs.kill)
        self.gateway = self.start_gateway()

    def start_gateway(self, ports=None):
        gateway = Gateway(self.folder, [self.ocs.peer()], ports=ports,
                          settings={"diameter": {"reopen_watchdog_answers": 0}})
        self.addCleanup(gateway.kill)
        return gateway.wait_ready()

    def restart_gateway(self):
        self.gateway.kill()
        self.gateway = self.start_gateway((self.gateway.diameter_port, self.gateway.websocket_port,
                                           self.gateway.admin_port))

    def start(self, *options):
        client = Program("client", self.folder, [*self.COMMAND, self.gateway.url, *options])
        self.addCleanup(client.kill)
        return client

    def session_of(self, client):
        """Its Session-Id, once its CCR-I was answered."""
        return wait_until(lambda: re.search(r'<- .*"Session-Id":"([^"]+)"', client.log()),
                          "the first answer", process=client.process).group(1)

    def ask_for(self, path, session):
        """The Result-Codes that a RAR or an ASR of the server was answered with."""
        status, text = self.ocs.post(path, session=session)
        self.assertEqual(status, 200, text)
        return json.loads(text)["result_codes"]

    def assert_ends(self, client, status):
        self.assertEqual(client.process.wait(30), status, client.log())

    def assert_served(self, **expected):
        """Each request once, however often it came; no session is left."""
        served = {"initial": 1, "termination": 1, "repeats": 0, "errors": 0, **expected}
        told = self.ocs.sessions()
        self.assertEqual({name: told[name] for name in served}, served)
        self.assertEqual(told["sessions"], [])

    def test_a_session_from_its_begin_to_its_end(self):
        self.assert_ends(self.start(), 0)
        self.assert_served(update=1)

    def test_a_rar_is_answered_and_followed_by_an_update(self):
        client = self.start("--wait-rar")
        self.assertEqual(self.ask_for("/api/v1/rar", self.session_of(client)), {"2002": 1})
        self.assert_ends(client, 0)
        self.assertEqual(client.log().count("<- "), 4, client.log())
        self.assert_served(update=1)

    def test_an_asr_is_answered_and_ends_the_session(self):
        client = self.start("--updates", "9", "--every", "60")
        self.assertEqual(self.ask_for("/api/v1/asr", self.session_of(client)), {"2001": 1})
        self.assert_ends(client, 0)
        self.assertLess(self.ocs.sessions()["update"], 9)

    def test_a_gateway_that_is_killed_in_the_middle_is_found_again(self):
        # The server has the first CCR-U, and the gateway will not live to bring its answer.
        self.ocs.set_faults({"command": "CCR", "delay": "1ms", "times": 1},
                            {"command": "CCR", "delay": "1m", "times": 1})
        client = self.start("--updates", "3", "--every", "60")
        wait_until(lambda: self.ocs.faults()[1]["applied"] == 1, "a CCR-U is under way",
                   process=client.process)
        self.restart_gateway()
        session = self.session_of(client)
        wait_until(lambda: self.ocs.sessions()["repeats"] == 1, "it is sent again",
                   process=client.process)
        self.assertIn('"$retransmitted"', client.log())
        self.assertIn('"gateway.bind"', client.log())

        # What the network asks finds the client by the new gateway.
        for updates in (2, 3):
            self.assertEqual(self.ask_for("/api/v1/rar", session), {"2002": 1})
            wait_until(lambda: self.ocs.sessions()["update"] == updates, "it updates",
                       process=client.process)
        self.assert_ends(client, 0)
        self.assert_served(update=3, repeats=1)

    def test_a_gateway_that_is_gone_for_good_ends_the_client(self):
        client = self.start("--updates", "9", "--every", "60", "--give-up", "1")
        self.session_of(client)
        self.gateway.kill()
        self.assert_ends(client, 3)
        self.assertIn("was not reached for 1", client.log())

    def test_a_gateway_that_never_was_ends_the_client(self):
        self.gateway.kill()
        self.assert_ends(self.start("--give-up", "1"), 3)

    def test_what_certainly_reached_nobody_is_sent_again_as_it_was(self):
        ports = (self.ocs.port, self.ocs.admin_port)
        self.ocs.kill()
        wait_until(lambda: http(f"{self.gateway.admin}/readyz")[0] == 503, "the server is missed")
        client = self.start()
        wait_until(lambda: '"unable_to_deliver"' in client.log(), "it is refused",
                   process=client.process)
        self.ocs = SimOcs(self.folder, ports=ports)
        self.addCleanup(self.ocs.kill)
        self.assert_ends(client, 0)
        self.assertNotIn('"$retransmitted"', client.log())
        self.assert_served(update=1)

    def test_a_session_that_another_client_took_is_asked_for_no_more(self):
        client = self.start("--updates", "2", "--every", "60")
        session = self.session_of(client)
        wait_until(lambda: self.ocs.sessions()["update"] == 1, "it updates", process=client.process)
        other = RawWebSocket(self.gateway.websocket_port)
        self.addCleanup(other.close)
        self.assertIs(other.call("gateway.bind", {"session_id": session})["result"], True)
        wait_until(lambda: "gateway.session_taken" in client.log(), "it is told",
                   process=client.process)
        self.restart_gateway()
        wait_until(lambda: self.gateway.total("diamgw_client_connections") == 1, "it connects again",
                   process=client.process)
        self.assertEqual(self.ask_for("/api/v1/rar", session), {"5002": 1})
        self.assertNotIn("gateway.bind", client.log())

    def test_a_server_that_is_silent_is_asked_again(self):
        self.ocs.set_faults({"command": "CCR", "no_answer": True, "times": 2})
        self.assert_ends(self.start("--timeout", "0.3"), 0)
        self.assert_served(update=1)

    def test_a_server_that_stays_silent_ends_the_session(self):
        self.ocs.set_faults({"command": "CCR", "no_answer": True})
        client = self.start("--timeout", "0.3", "--give-up", "1")
        self.assert_ends(client, 1)
        self.assertIn('"timed_out"', client.log())

    def test_a_session_that_is_refused_is_not_asked_for_again(self):
        self.ocs.set_faults({"command": "CCR", "result_code": 5030})
        client = self.start()
        self.assert_ends(client, 1)
        self.assertIn("Result-Code 5030", client.log())
        self.assertEqual(client.log().count("-> "), 1, client.log())

    def test_wrong_arguments_are_status_2(self):
        for options in (["--nothing"], ["--every", "soon"]):
            self.assert_ends(self.start(*options), 2)


class JavaScriptTest(Client, unittest.TestCase):
    COMMAND = ["node", ROOT / "examples/ccr.mjs"]


class PythonTest(Client, unittest.TestCase):
    # By Debian's interpreter, which has its packages; `python3` may be another.
    COMMAND = ["/usr/bin/python3", "-B", ROOT / "examples/ccr.py"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
