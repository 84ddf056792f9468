#!/usr/bin/env python3
"""SIGHUP: an operator's dictionaries are read again while requests pass, and one that is wrong
changes nothing."""
import json
import pathlib
import signal
import struct
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, SimOcs, call, ccr, wait_until  # noqa: E402
from raw_diameter import RESULT_CODE, SESSION_ID, RawServer, avp  # noqa: E402
from raw_websocket import RawWebSocket  # noqa: E402

TARIFF = 1
ACME = 99999
TARIFF_DIA = """; Tariffs of Acme.
@name    acme
@vendor  99999 ACME

@avp_types

  Acme-Tariff   1   UTF8String  V
"""


class ReloadTest(unittest.TestCase):
    """One gateway a test, with a folder of dictionaries that is empty at first, and one peer that
    the test plays: it answers each CCR and keeps it."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="diamgw-reload-")
        self.addCleanup(directory.cleanup)
        self.folder = pathlib.Path(directory.name)
        (self.folder / "dictionaries").mkdir()
        self.settings = {"dictionary": {"files": ["dictionaries"]},
                         "diameter": {"watchdog_interval": "1m"},
                         "websocket": {"close_timeout": "500ms"}}
        server = RawServer(0, "ocs.example")
        self.addCleanup(server.close)
        accepted, thread = server.accept_in_background()
        self.gateway = Gateway(self.folder, [server.peer()], self.settings)
        self.addCleanup(self.gateway.kill)
        thread.join(20)
        self.peer = accepted[0]
        self.addCleanup(self.peer.close)
        self.gateway.wait_ready()
        self.received = []
        threading.Thread(target=self.answer_all, daemon=True).start()

    def answer_all(self):
        try:
            while request := self.peer.receive():
                self.received.append(request)
                self.peer.answer(request, avp(SESSION_ID, request.find(SESSION_ID)),
                                 avp(RESULT_CODE, 2001), *self.peer.origin(), avp(258, 4),
                                 *[avp(c, request.find(c)) for c in (416, 415)])
        except OSError:
            pass  # the test has closed the connection

    def client(self):
        client = RawWebSocket(self.gateway.websocket_port)
        self.addCleanup(client.close)
        return client

    def ask(self, client, number, **more):
        client.send_text(json.dumps({"jsonrpc": "2.0", "id": number, "method": "CCR",
                                     "params": ccr(f"s;{number}", "INITIAL", 0, **more)}))
        return client.receive()

    def reloads(self, result):
        return self.gateway.total("diamgw_config_reloads_total", result=result)

    def reload(self, result, dictionaries=None):
        """Writes the files, sends a SIGHUP and waits until it has ended like this."""
        for name, text in (dictionaries or {}).items():
            (self.folder / "dictionaries" / name).write_text(text)
        before = self.reloads(result)
        self.gateway.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.reloads(result) == before + 1, f"a reload with {result}",
                   process=self.gateway.process)

    def end(self):
        """No sanitizer had anything to say."""
        self.peer.close()
        self.assertEqual(self.gateway.terminate(), 0, self.gateway.log()[-4000:])

    def test_a_new_name_is_known_after_the_reload(self):
        client = self.client()
        refused = self.ask(client, 1, Acme_Tariff="night")
        self.assertEqual(refused["error"]["code"], -32602, refused)

        self.reload("success", {"acme.dia": TARIFF_DIA})
        served = self.ask(client, 2, Acme_Tariff="night")

        self.assertEqual(served["result"]["Result-Code"], 2001, served)
        self.assertIn(struct.pack(">III", TARIFF, 0x80000000 | 12 + len("night"), ACME) + b"night",
                      self.received[-1].octets)
        self.end()

    def test_a_server_that_does_not_know_the_name_serves_the_request(self):
        ocs = SimOcs(self.folder, name="simulated")
        self.addCleanup(ocs.kill)
        gateway = Gateway(self.folder, [ocs.peer()], self.settings, name="second")
        self.addCleanup(gateway.kill)
        gateway.wait_ready()
        params = ccr("s;1", "INITIAL", 0, Acme_Tariff="night")
        self.assertEqual(call(gateway.url, "CCR", params)[0], 1)

        (self.folder / "dictionaries" / "acme.dia").write_text(TARIFF_DIA)
        gateway.process.send_signal(signal.SIGHUP)
        wait_until(lambda: gateway.total("diamgw_config_reloads_total", result="success"),
                   "the reload", process=gateway.process)
        status, text = call(gateway.url, "CCR", params)

        self.assertEqual(status, 0, text)
        self.assertEqual(json.loads(text)["Result-Code"], 2001)
        self.assertEqual(gateway.terminate(), 0, gateway.log()[-4000:])

    def test_a_clash_leaves_everything_and_names_both_places(self):
        self.reload("success", {"acme.dia": TARIFF_DIA})
        clash = self.folder / "dictionaries" / "other.dia"

        self.reload("failure", {
            "other.dia": "@name other\n@avp_types\n  Other-Type 416 OctetString M\n"})

        self.gateway.wait_for_line("nothing was changed")
        self.assertRegex(self.gateway.log(), rf"reload: {clash}:3:3: .* clashes with "
                                             r"'CC-Request-Type' .* at built-in rfc8506.dia:\d+:3")
        served = self.ask(self.client(), 1, Acme_Tariff="day")
        self.assertEqual(served["result"]["Result-Code"], 2001, served)
        self.end()

    def test_an_unreadable_configuration_leaves_everything(self):
        (self.folder / "gateway.json").write_text("{")
        self.reload("failure")

        self.gateway.wait_for_line(r"reload: .*gateway.json:1:\d+: ")
        self.assertIn("result", self.ask(self.client(), 1))
        self.end()

    def test_other_changes_are_said_to_need_a_restart(self):
        path = self.folder / "gateway.json"
        config = json.loads(path.read_text())
        config["requests"] = {"timeout": "7s"}
        path.write_text(json.dumps(config))

        self.reload("needs_restart", {"acme.dia": TARIFF_DIA})

        self.gateway.wait_for_line("/requests/timeout has changed, which needs a restart")
        self.assertIn("result", self.ask(self.client(), 1, Acme_Tariff="day"))
        self.end()

    def test_the_service_description_has_the_new_commands(self):
        client = self.client()
        self.reload("success", {"acme.dia": "@id 7777\n@name acme\n@inherits rfc6733\n"
                                            "@define Command-Code\n Acme-Ask 8388000\n@messages\n"
                                            "KKR ::= < Diameter Header: 8388000, REQ, PXY >\n"
                                            "  < Session-Id > { Origin-Host } { Origin-Realm }\n"
                                            "KKA ::= < Diameter Header: 8388000, PXY >\n"
                                            "  < Session-Id > { Result-Code }\n"})
        client.send_text('{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}')
        methods = [m["name"] for m in client.receive()["result"]["methods"]]

        self.assertTrue(any("KKR" in m or "Acme-Ask" in m for m in methods), methods)
        self.end()

    def test_requests_are_answered_while_dictionaries_come_and_go(self):
        clients = [self.client() for _ in range(4)]
        failures = []
        enough = threading.Event()
        rounds = [0] * len(clients)

        def traffic(index):
            number = index * 1_000_000
            while not enough.is_set():
                number += 1
                answer = self.ask(clients[index], number)
                rounds[index] += 1
                if answer.get("result", {}).get("CC-Request-Type") != "INITIAL_REQUEST":
                    failures.append(answer)
                    return

        threads = [threading.Thread(target=traffic, args=(i,)) for i in range(len(clients))]
        for thread in threads:
            thread.start()
        for i in range(12):
            if i % 3 == 2:
                self.reload("failure", {"bad.dia": "@avp_types\n  A 1 Tim -\n"})
                (self.folder / "dictionaries" / "bad.dia").unlink()
            else:
                self.reload("success", {"acme.dia": TARIFF_DIA.replace(" 1 ", f" {i + 1} ")})
            time.sleep(0.02)
        enough.set()
        for thread in threads:
            thread.join(20)

        self.assertEqual(failures, [])
        self.assertGreater(min(rounds), 0)
        self.assertEqual(self.gateway.metrics()["diamgw_bugs_total"], 0)
        self.end()


if __name__ == "__main__":
    unittest.main(verbosity=2)
