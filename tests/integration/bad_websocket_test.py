#!/usr/bin/env python3
"""Bad frames, bad JSON, clients that do not read or that vanish: the right answer to each, and a
gateway that serves everybody else."""
import json
import pathlib
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, SimOcs, ccr, wait_until  # noqa: E402
from raw_diameter import RESULT_CODE, SESSION_ID, RawServer, avp  # noqa: E402
from raw_websocket import BINARY, CLOSE, PING, TEXT, RawWebSocket, frame  # noqa: E402


class WithGateway(unittest.TestCase):
    """One gateway for all tests of a class; every test ends with proof that it still serves."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="diamgw-bad-")
        cls.ocs = SimOcs(cls.directory.name)
        cls.gateway = Gateway(cls.directory.name, [cls.ocs.peer()], {
            "websocket": {"max_message_octets": "4KiB"}}).wait_ready()
        cls.calls = 0

    @classmethod
    def tearDownClass(cls):
        try:
            status = cls.gateway.terminate()
            assert status == 0, f"the gateway ended with {status}:\n{cls.gateway.log()[-4000:]}"
        finally:
            cls.gateway.kill()
            cls.ocs.kill()
            cls.directory.cleanup()

    def client(self, **options):
        client = RawWebSocket(self.gateway.websocket_port, **options)
        self.addCleanup(client.close)
        return client

    def assert_serves(self, client=None):
        client = client or self.client()
        type(self).calls += 1
        answer = client.call("CCR", ccr(f"check.example;{self.calls}", "INITIAL", 0), "check")
        self.assertEqual(answer.get("id"), "check", answer)
        self.assertIn("result", answer)


class BadFramesTest(WithGateway):
    FRAMES = [
        ("RFC 6455 §5.1: a frame without a mask", frame(TEXT, b"{}", masked=False), 1002),
        ("§5.2: a reserved bit", frame(TEXT, b"{}", reserved=4), 1002),
        ("§5.2: a reserved bit of two", frame(TEXT, b"{}", reserved=1), 1002),
        ("§5.2: a reserved opcode", frame(3, b"{}"), 1002),
        ("§5.2: a reserved control opcode", frame(11, b""), 1002),
        ("§5.5: a fragmented control frame", frame(PING, b"", fin=False), 1002),
        ("§5.5: a control frame of 126 octets", frame(PING, bytes(126)), 1002),
        ("§5.4: a continuation of nothing", frame(0, b"{}"), 1002),
        ("§5.4: a message inside a message",
         frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"), 1002),
        ("§5.2: a length of 64 bits with the highest set",
         frame(TEXT, b"", length=1 << 63), 1002),
        ("§7.4.1: more than the limit", frame(TEXT, bytes(4097), length=4097), 1009),
        ("§7.4.1: fragments above the limit together",
         frame(TEXT, b" " * 3000, fin=False) + frame(0, b" " * 3000), 1009),
        ("§7.4.1: a length that is only claimed", frame(TEXT, b"", length=1 << 40), 1009),
        ("§8.1: not UTF-8", frame(TEXT, b'{"\xff"'), 1007),
        ("§8.1: a surrogate", frame(TEXT, b'"\xed\xa0\x80"'), 1007),
        ("§8.1: a text that ends inside a character", frame(TEXT, b'"\xc3'), 1007),
        ("§5.5.1: a close frame with one octet", frame(CLOSE, b"\x03"), 1002),
        ("§7.4.1: a close code that none may send", frame(CLOSE, b"\x03\xed"), 1002),
        ("§5.5.1: a close frame is answered with its code", frame(CLOSE, b"\x03\xe8"), 1000),
    ]

    def test_each_is_closed_with_its_code(self):
        for name, octets, code in self.FRAMES:
            with self.subTest(name):
                client = self.client()
                client.send(octets)
                self.assertEqual(client.close_code(), code)
        self.assert_serves()

    def test_a_frame_octet_by_octet_is_whole(self):
        client = self.client()
        request = {"jsonrpc": "2.0", "id": 7, "method": "CCR",
                   "params": ccr("octets.example;1", "INITIAL", 0)}
        for octet in frame(TEXT, json.dumps(request).encode()):
            client.send(bytes([octet]))
        self.assertEqual(client.receive()["id"], 7)

    def test_a_ping_between_fragments_is_answered_first(self):  # RFC 6455 §5.4
        client = self.client()
        client.send(frame(TEXT, b"[", fin=False) + frame(PING, b"now") + frame(0, b"]"))
        self.assertEqual(client.receive_frame(), (10, b"now"))
        self.assertEqual(client.receive()["error"]["code"], -32600)

    def test_binary_octets_are_no_text(self):
        client = self.client()
        client.send(frame(BINARY, b"\x01\x00\x00\x14"))
        client.close_code()
        self.assert_serves()


class BadJsonTest(WithGateway):
    def texts(self):
        def request(**params):
            return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "CCR",
                               "params": {**ccr("bad.example;1", "INITIAL", 0), **params}})
        return [
            ("JSON-RPC 2.0 §5.1: no JSON", "{", -32700),
            ("no JSON: a bare word", "hello", -32700),
            ("no JSON: two values", "{} {}", -32700),
            ("RFC 8259 §6: a number that is none", request().replace(": 0", ": 01"), -32700),
            ("§4.2: an empty batch", "[]", -32600),
            ("§4: no method", '{"jsonrpc":"2.0","id":1}', -32600),
            ("§4: another version", '{"jsonrpc":"1.0","id":1,"method":"CCR"}', -32600),
            ("§4: an unknown method", '{"jsonrpc":"2.0","id":1,"method":"CCX"}', -32601),
            ("a text where a number is due", request(**{"CC-Request-Number": "many"}), -32602),
            ("a number where a group is due", request(**{"Subscription-Id": 1}), -32602),
            ("a number that does not fit", request(**{"CC-Request-Number": 1 << 32}), -32602),
            ("an unknown name of an Enumerated", request(**{"CC-Request-Type": "FIRST"}), -32602),
            ("an unknown AVP", request(**{"CC-Request-Nunber": 1}), -32602),
        ]

    def test_each_costs_an_error_and_not_the_connection(self):
        client = self.client()
        for name, text, code in self.texts():
            with self.subTest(name):
                client.send_text(text)
                answer = client.receive()
                self.assertEqual(answer.get("error", {}).get("code"), code, answer)
        self.assert_serves(client)

    def test_an_error_proposes_the_nearest_name(self):
        client = self.client()
        avps = client.call("CCR", {"CC-Request-Nunber": 1})
        self.assertIn("CC-Request-Number", json.dumps(avps["error"]))
        methods = client.call("Credit-Contrl", {})
        self.assertIn("Credit-Control", json.dumps(methods["error"]))

    def test_json_too_deep_is_refused(self):
        client = self.client()
        client.send_text("[" * 2000 + "]" * 2000)
        self.assertIn(client.receive()["error"]["code"], (-32700, -32600, -32602))
        self.assert_serves(client)


class DepartureTest(unittest.TestCase):
    """Clients and peers that go away, or do not read, with requests in flight."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="diamgw-gone-")
        self.addCleanup(self.directory.cleanup)
        self.server = RawServer(0, "ocs.example")
        self.addCleanup(self.server.close)
        accepted, thread = self.server.accept_in_background()
        self.gateway = Gateway(self.directory.name, [self.server.peer()], {
            "websocket": {"output_queue_octets": "64KiB", "slow_reader_timeout": "1s",
                          "max_requests_in_flight": 64},
            "diameter": {"watchdog_interval": "1m"}, "shards": 2})
        self.addCleanup(self.gateway.kill)
        thread.join(20)
        self.peer = accepted[0]
        self.addCleanup(self.peer.close)
        self.gateway.wait_ready()
        self.clients = []

    def client(self, **options):
        client = RawWebSocket(self.gateway.websocket_port, **options)
        self.clients.append(client)
        self.addCleanup(client.close)
        return client

    def answer(self, request):
        self.peer.answer(request, avp(SESSION_ID, request.find(SESSION_ID)),
                         avp(RESULT_CODE, 2001), *self.peer.origin(), avp(258, 4),
                         avp(416, request.find(416)), avp(415, request.find(415)))

    def end(self):
        for client in self.clients:
            client.close()
        self.peer.close()
        status = self.gateway.terminate()
        self.assertEqual(status, 0, self.gateway.log()[-4000:])

    def test_a_late_answer_is_delivered_to_nobody(self):
        gone, stays = self.client(), self.client()
        gone.send_text(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "CCR",
                                   "params": ccr("gone.example;1", "INITIAL", 0)}))
        late = self.peer.receive()
        gone.vanish()
        wait_until(lambda: self.gateway.total("diamgw_requests_cancelled_total") == 1,
                   "the request is cancelled")
        self.answer(late)
        wait_until(lambda: self.gateway.total("diamgw_answers_late_total") == 1,
                   "the late answer is counted")

        stays.send_text(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "CCR",
                                    "params": ccr("stays.example;1", "INITIAL", 0)}))
        self.answer(self.peer.receive())
        self.assertEqual(stays.receive()["result"]["Session-Id"], "stays.example;1")
        self.assertEqual(self.gateway.total("diameter_peer_requests_in_flight"), 0)
        self.end()

    def test_a_peer_that_vanishes_fails_its_requests_at_once(self):
        client = self.client()
        for i in range(10):
            client.send_text(json.dumps({"jsonrpc": "2.0", "id": i, "method": "CCR",
                                         "params": ccr(f"lost.example;{i}", "INITIAL", 0)}))
        for _ in range(10):
            self.peer.receive()
        start = time.monotonic()
        self.peer.close()
        answers = [client.receive() for _ in range(10)]
        self.assertLess(time.monotonic() - start, 2)
        self.assertEqual(sorted(a["id"] for a in answers), list(range(10)))
        for answer in answers:
            self.assertIn(answer["error"]["code"], (-32004, -32001), answer)
            self.assertEqual(answer["error"]["data"]["result_code"], 3002, answer)
        self.end()

    def test_a_client_that_does_not_read_stops_itself_alone(self):
        slow, quick = self.client(receive_buffer=4096), self.client()
        slow.socket.settimeout(1)
        text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "rpc.discover"})
        try:
            for _ in range(2000):
                slow.send_text(text)
        except (TimeoutError, OSError):
            pass  # the gateway reads no more from it, or has closed it
        quick.send_text(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "CCR",
                                    "params": ccr("quick.example;1", "INITIAL", 0)}))
        self.answer(self.peer.receive())
        self.assertIn("result", quick.receive())
        wait_until(lambda: self.gateway.total("diamgw_client_connections") == 1,
                   "the slow client is closed", 15)
        self.end()


if __name__ == "__main__":
    unittest.main(verbosity=2)
