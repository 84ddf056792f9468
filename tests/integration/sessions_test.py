#!/usr/bin/env python3
"""What becomes of requests and sessions at the edges: clients that break off, answers that are no
good, frames of binary clients, the drain, and what strangers can make the gateway keep or log."""
import json
import pathlib
import signal
import struct
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, ccr, wait_until  # noqa: E402
from raw_diameter import (CCR, CER, DESTINATION_REALM, DPR, DWR, ORIGIN_HOST,  # noqa: E402
                          ORIGIN_REALM, PROXIABLE, RAR, REQUEST, RESULT_CODE, SESSION_ID, Message,
                          RawPeer, RawServer, avp, message)
from raw_websocket import BINARY, CLOSE, TEXT, Closed, RawWebSocket, frame  # noqa: E402

RETRANSMITTED = 0x10
BINARY_PROTOCOL = "diameter.binary.v1"


class WithPeer(unittest.TestCase):
    """One gateway a test, with one peer that the test plays."""

    SETTINGS = {}

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="diamgw-sessions-")
        self.addCleanup(self.directory.cleanup)
        self.server = RawServer(0, "ocs.example")
        self.addCleanup(self.server.close)
        accepted, thread = self.server.accept_in_background()
        settings = {"diameter": {}, "websocket": {}, **self.SETTINGS}
        settings["diameter"] = {"watchdog_interval": "1m", **settings["diameter"]}
        settings["websocket"] = {"close_timeout": "500ms", **settings["websocket"]}
        self.gateway = Gateway(self.directory.name, [self.server.peer()], settings)
        self.addCleanup(self.gateway.kill)
        thread.join(20)
        self.peer = accepted[0]
        self.addCleanup(self.peer.close)
        self.gateway.wait_ready()

    def client(self, **options):
        client = RawWebSocket(self.gateway.websocket_port, **options)
        self.addCleanup(client.close)
        return client

    def answer(self, request, code=2001):
        self.peer.answer(request, avp(SESSION_ID, request.find(SESSION_ID)), avp(RESULT_CODE, code),
                         *self.peer.origin(), avp(258, 4),
                         *[avp(c, request.find(c)) for c in (416, 415) if request.find(c)])

    def ask(self, client, session, call_id=1, **options):
        client.send_text(json.dumps({"jsonrpc": "2.0", "id": call_id, "method": "CCR",
                                     "params": {**ccr(session, "INITIAL", 0), **options}}))
        return self.peer.receive()

    def open_session(self, client, session):
        self.answer(self.ask(client, session))
        self.assertIn("result", client.receive())

    def send_rar(self, session):
        self.peer.send(message(REQUEST | PROXIABLE, RAR, 4, 77, avp(SESSION_ID, session),
                               *self.peer.origin(), avp(DESTINATION_REALM, "example"),
                               avp(293, "gateway.example"), avp(258, 4), avp(285, 0),
                               end_to_end=0xabcdef))

    def send_ccr(self, session, realm):
        self.peer.send(message(REQUEST | PROXIABLE, CCR, 4, 78, avp(SESSION_ID, session),
                               *self.peer.origin(), avp(DESTINATION_REALM, realm), avp(258, 4),
                               avp(461, "a@b"), avp(416, 1), avp(415, 0)))

    def end(self):
        self.peer.close()
        status = self.gateway.terminate()
        self.assertEqual(status, 0, self.gateway.log()[-4000:])


class RequestsTest(WithPeer):
    def test_what_peers_say_to_each_other_is_not_for_clients(self):  # RFC 6733 §5.3 to §5.5
        client = self.client()
        for method in ("CER", "DWR", "DPR", "Disconnect-Peer-Request"):
            with self.subTest(method):
                answer = client.call(method, {"Destination-Realm": "example"})
                self.assertEqual(answer["error"]["code"], -32601, answer)
        binary = self.client(protocol=BINARY_PROTOCOL)
        for command in (CER, DWR, DPR):
            with self.subTest(command):
                binary.send(frame(BINARY, message(
                    REQUEST, command, 0, 5, avp(ORIGIN_HOST, "gateway.example"),
                    avp(ORIGIN_REALM, "example"), avp(DESTINATION_REALM, "example"), avp(273, 0))))
                answer = Message(binary.receive_frame()[1])
                self.assertEqual((answer.command, answer.result()), (command, 3001))
        self.assertEqual(self.ask(client, "still;1").command, CCR)
        self.end()

    def test_a_result_that_is_no_good_is_answered_for_the_client_at_once(self):
        client = self.client()
        self.open_session(client, "raa;1")
        bad = [
            ("a text where a number is due", {"result": {"Result-Code": "fine", "Session-Id": 7}}),
            ("an unknown AVP", {"result": {"Result-Code": 2001, "No-Such-AVP": 1}}),
            ("no Result-Code", {"result": {}}),
        ]
        for name, body in bad:
            with self.subTest(name):
                self.send_rar("raa;1")
                request = client.receive()
                start = time.monotonic()
                client.send_text(json.dumps({"jsonrpc": "2.0", "id": request["id"], **body}))
                answer = self.peer.receive()
                self.assertEqual((answer.command, answer.hop_by_hop, answer.result()),
                                 (RAR, 77, 5012))
                self.assertLess(time.monotonic() - start, 2)
                # JSON-RPC 2.0 §4.2: a response is not answered, not even a bad one.
                self.assertEqual(client.call("gateway.info", {}, "next")["id"], "next")
        self.end()

    def test_a_result_may_be_experimental_alone(self):  # RFC 6733 §7.6
        client = self.client()
        self.open_session(client, "own;1")
        self.send_rar("own;1")
        client.send_text(json.dumps({
            "jsonrpc": "2.0", "id": client.receive()["id"],
            "result": {"Experimental-Result": {"Vendor-Id": 10415,
                                               "Experimental-Result-Code": 4181}}}))
        answer = self.peer.receive()
        self.assertIsNotNone(answer.find(297))
        self.assertIsNone(answer.result())
        self.end()

    def test_a_request_that_goes_nowhere_binds_no_session(self):
        client = self.client()
        answer = client.call("CCR", {**ccr("nowhere;1", "INITIAL", 0),
                                     "Destination-Realm": "nowhere"})
        self.assertEqual(answer["error"]["data"]["result_code"], 3003)
        self.assertEqual(self.gateway.total("diamgw_bindings"), 0)
        self.end()

    def test_a_request_for_a_client_that_is_closing_is_refused_at_once(self):
        client = self.client()
        self.open_session(client, "closing;1")
        client.send(frame(CLOSE, b"\x03\xe8"))
        with self.assertRaises(Closed):
            client.receive()
        start = time.monotonic()
        self.send_rar("closing;1")
        self.assertEqual(self.peer.receive().result(), 3002)
        self.assertLess(time.monotonic() - start, 2)
        self.end()

    def test_a_request_for_another_realm_is_refused(self):  # RFC 6733 §6.1.4, §7.1.3
        client = self.client()
        self.open_session(client, "realm;1")
        self.send_ccr("realm;1", "elsewhere")
        self.assertEqual(self.peer.receive().result(), 3003)
        self.send_ccr("realm;1", "EXAMPLE")
        self.assertEqual(client.receive()["method"], "CCR")
        self.end()

    def test_a_client_that_leaves_in_the_middle_of_a_batch_ends_all_of_it(self):
        client = self.client()
        client.send_text(json.dumps([
            {"jsonrpc": "2.0", "id": i, "method": "CCR", "params": ccr(f"batch;{i}", "INITIAL", 0)}
            for i in range(8)]))
        requests = [self.peer.receive() for _ in range(8)]
        self.answer(requests[0])
        wait_until(lambda: self.gateway.total("diameter_answers_total") == 1, "one is answered")
        client.vanish()
        wait_until(lambda: self.gateway.total("diamgw_requests_cancelled_total") == 7,
                   "the others are cancelled")
        for request in requests[1:]:
            self.answer(request)
        wait_until(lambda: self.gateway.total("diamgw_answers_late_total") == 7,
                   "their answers are late")
        self.end()

    def test_a_batch_of_notifications_is_answered_with_nothing(self):  # JSON-RPC 2.0 §6
        client = self.client()
        client.send_text(json.dumps([
            {"jsonrpc": "2.0", "method": "CCR", "params": ccr("quiet;1", "INITIAL", 0)},
            {"jsonrpc": "2.0", "method": "gateway.info"}]))
        self.answer(self.peer.receive())
        self.assertEqual(client.call("gateway.info", {}, "next")["id"], "next")
        self.end()

    def test_a_batch_too_large_for_one_text_has_an_error_in_place_of_what_does_not_fit(self):
        client = self.client()
        client.send_text(json.dumps([{"jsonrpc": "2.0", "id": i, "method": "rpc.discover"}
                                     for i in range(64)]))
        self.assertEqual(sorted(answer["id"] for answer in client.receive()), list(range(64)))
        self.end()

    def test_each_conversion_and_each_flow_is_measured(self):
        client = self.client()
        self.open_session(client, "measured;1")
        self.send_rar("measured;1")
        request = client.receive()
        client.send_text(json.dumps({"jsonrpc": "2.0", "id": request["id"],
                                     "result": {"Result-Code": 2001}}))
        self.assertEqual(self.peer.receive().result(), 2001)
        name = "diameter_marshal_duration_seconds_count"
        self.assertGreaterEqual(self.gateway.total(name, direction="to_peer"), 3)  # CER, CCR, RAA
        self.assertGreater(self.gateway.total("diameter_marshal_bytes_total", direction="to_peer"),
                           300)
        self.assertEqual(self.gateway.total("diamgw_request_duration_seconds_count",
                                            flow="peer_to_client"), 1)
        self.end()


class BinaryTest(WithPeer):
    def ccr(self, session, flags, realm="example"):
        return message(flags, CCR, 4, 0x01020304, avp(SESSION_ID, session),
                       avp(ORIGIN_HOST, "gateway.example"), avp(ORIGIN_REALM, "example"),
                       avp(DESTINATION_REALM, realm), avp(258, 4), avp(461, "a@b"), avp(416, 1),
                       avp(415, 0), end_to_end=0x05060708)

    def test_a_request_keeps_its_bits_and_its_answer_gets_the_clients_ids_back(self):
        client = self.client(protocol=BINARY_PROTOCOL)
        for extra in (0, PROXIABLE, PROXIABLE | RETRANSMITTED):
            with self.subTest(extra):
                client.send(frame(BINARY, self.ccr("bits;1", REQUEST | extra)))
                request = self.peer.receive()
                self.assertEqual(request.flags, REQUEST | extra)
                self.assertNotEqual(request.hop_by_hop, 0x01020304)
                self.answer(request)
                opcode, octets = client.receive_frame()
                answer = Message(octets)
                self.assertEqual((opcode, answer.hop_by_hop, answer.end_to_end, answer.result()),
                                 (BINARY, 0x01020304, 0x05060708, 2001))
        self.end()

    def test_what_the_gateway_refuses_has_the_clients_ids(self):
        client = self.client(protocol=BINARY_PROTOCOL)
        client.send(frame(BINARY, self.ccr("no;1", REQUEST | PROXIABLE, realm="nowhere")))
        answer = Message(client.receive_frame()[1])
        self.assertEqual((answer.flags, answer.hop_by_hop, answer.end_to_end, answer.result()),
                         (PROXIABLE | 0x20, 0x01020304, 0x05060708, 3003))
        self.assertEqual(answer.find(SESSION_ID), b"no;1")
        self.end()

    def test_a_request_of_the_network_and_its_answers(self):
        client = self.client(protocol=BINARY_PROTOCOL)
        client.send(frame(BINARY, self.ccr("rar;1", REQUEST | PROXIABLE)))
        self.answer(self.peer.receive())
        client.receive_frame()
        for name, command, code in (("a sound answer", RAR, 2001),
                                    ("an answer of another command", CCR, 5012)):
            with self.subTest(name):
                self.send_rar("rar;1")
                request = Message(client.receive_frame()[1])
                self.assertEqual((request.command, request.flags), (RAR, REQUEST | PROXIABLE))
                client.send(frame(BINARY, message(
                    PROXIABLE, command, 4, request.hop_by_hop, avp(SESSION_ID, "rar;1"),
                    avp(RESULT_CODE, 2001), avp(ORIGIN_HOST, "gateway.example"),
                    avp(ORIGIN_REALM, "example"), end_to_end=9)))
                answer = self.peer.receive()
                self.assertEqual((answer.command, answer.hop_by_hop, answer.end_to_end,
                                  answer.result()), (RAR, 77, 0xabcdef, code))
        self.end()

    def test_an_answer_that_nobody_asked_for_is_counted(self):
        client = self.client(protocol=BINARY_PROTOCOL)
        client.send(frame(BINARY, message(0, RAR, 4, 4711, avp(RESULT_CODE, 2001))))
        wait_until(lambda: self.gateway.total("diamgw_messages_dropped_total",
                                              reason="client_answer_unknown") == 1, "it is counted")
        self.end()


class LimitsTest(WithPeer):
    SETTINGS = {"websocket": {"output_queue_octets": "64KiB", "slow_reader_timeout": "5m",
                              "max_bindings_per_client": 2}}

    def test_a_client_that_resets_while_it_is_not_read_is_gone_at_once(self):
        client = self.client(receive_buffer=4096)
        client.socket.settimeout(1)
        text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "rpc.discover"})
        try:
            for _ in range(20000):
                client.send_text(text)
        except (TimeoutError, OSError):
            pass  # the gateway reads no more
        client.vanish()
        wait_until(lambda: self.gateway.total("diamgw_client_connections") == 0, "it is gone", 10)
        self.end()

    def test_a_client_has_so_many_sessions_only(self):
        client = self.client()
        for number in range(3):
            self.open_session(client, f"many;{number}")
        self.assertEqual(self.gateway.total("diamgw_bindings"), 2)
        self.send_rar("many;0")
        self.assertEqual(self.peer.receive().result(), 5002)
        self.send_rar("many;2")
        self.assertEqual(client.receive()["method"], "RAR")
        self.end()

    def test_a_session_id_without_measure_is_not_kept(self):
        client = self.client()
        answer = client.call("gateway.bind", {"session_id": "x" * 4000})
        self.assertEqual(answer["error"]["code"], -32602, answer)
        self.open_session(client, "x" * 4000)
        self.assertEqual(self.gateway.total("diamgw_bindings"), 0)
        self.end()

    def test_a_broken_frame_is_counted_once_whatever_follows_it(self):
        client = self.client()
        client.send(frame(TEXT, b"{}", masked=False))
        for _ in range(5):
            time.sleep(0.05)
            try:
                client.send(b"more of it")
            except OSError:
                break
        client.close_code()
        wait_until(lambda: self.gateway.total("diamgw_client_connections") == 0, "it is gone")
        self.assertEqual(self.gateway.total("diamgw_messages_malformed_total"), 1)
        self.end()


class StrangersTest(WithPeer):
    SETTINGS = {"diameter": {"accept_unknown_peers": True}}

    def test_many_strangers_write_few_lines(self):
        import socket
        for _ in range(200):
            with socket.create_connection(("127.0.0.1", self.gateway.diameter_port)) as stranger:
                stranger.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                stranger.recv(1)
        self.assertEqual(self.gateway.total("diamgw_messages_malformed_total"), 200)
        self.end()
        self.assertLess(len(self.gateway.log().splitlines()), 60)

    def test_a_name_that_is_none_is_no_peer_and_no_line(self):  # RFC 6733 §4.3.1
        import socket
        for name in (b"\xff\xfe.example", b"a\n2000-01-01 error: all is lost", b"", b"a b",
                     b"x" * 256):
            with self.subTest(name):
                stranger = RawPeer(socket.create_connection(
                    ("127.0.0.1", self.gateway.diameter_port)), "stranger.example")
                self.addCleanup(stranger.close)
                stranger.send(message(REQUEST, CER, 0, 1, avp(ORIGIN_HOST, name),
                                      *stranger.capabilities()[1:]))
                answer = stranger.receive()
                self.assertTrue(answer is None or answer.result() == 3010, answer)
        peers = self.client().call("gateway.info", {})["result"]["peers"]
        self.assertEqual([p["host"] for p in peers], ["ocs.example"])
        self.end()
        self.assertNotIn("\n2000-01-01 error", self.gateway.log())


class DrainTest(WithPeer):
    SETTINGS = {"drain": {"timeout": "3s", "client_spread": "100ms"},
                "requests": {"timeout": "30s"}}

    def drain(self):
        self.gateway.process.send_signal(signal.SIGTERM)
        return time.monotonic()

    def end(self):
        """The drain is under way: a second signal would cut it off."""
        self.peer.close()
        self.assertEqual(self.gateway.process.wait(10), 0, self.gateway.log()[-4000:])

    def close_code(self, client):
        """Waits for the close frame and answers it."""
        try:
            while True:
                client.receive()
        except Closed as closed:
            client.send(frame(CLOSE, struct.pack(">H", closed.code or 1000)))
            return closed.code

    def test_a_request_that_nobody_answers_does_not_keep_clients_from_their_close_frame(self):
        client = self.client()
        self.ask(client, "stuck;1", "stuck")
        self.drain()
        given_up = client.receive()
        self.assertEqual((given_up["id"], given_up["error"]["data"]["name"]), ("stuck", "draining"))
        self.assertEqual(self.close_code(client), 1001)
        self.assertEqual(self.peer.receive().command, DPR)
        self.end()

    def test_a_request_that_is_over_is_not_waited_for(self):
        client = self.client()
        self.ask(client, "over;1", **{"$timeout": "200ms"})
        self.assertEqual(client.receive()["error"]["data"]["result_code"], 3002)
        start = self.drain()
        self.assertEqual(self.close_code(client), 1001)
        self.assertLess(time.monotonic() - start, 1.5)
        self.end()

    def test_a_request_of_the_network_is_answered_before_clients_are_closed(self):
        client = self.client()
        self.open_session(client, "last;1")
        self.send_rar("last;1")
        request = client.receive()
        self.drain()
        wait_until(lambda: "draining" in self.gateway.log(), "it drains")
        time.sleep(0.3)
        client.send_text(json.dumps({"jsonrpc": "2.0", "id": request["id"],
                                     "result": {"Result-Code": 2001}}))
        answer = self.peer.receive()
        self.assertEqual((answer.command, answer.result()), (RAR, 2001))
        self.assertEqual(self.close_code(client), 1001)
        self.assertEqual(self.peer.receive().command, DPR)
        self.end()

    def test_a_request_in_flight_is_answered_and_a_new_one_is_refused(self):
        client = self.client()
        request = self.ask(client, "old;1", "old")
        self.drain()
        wait_until(lambda: "draining" in self.gateway.log(), "it drains")
        time.sleep(0.1)
        refused = client.call("CCR", ccr("new;1", "INITIAL", 0), "new")
        self.assertEqual((refused["id"], refused["error"]["data"]["name"]), ("new", "draining"))
        self.answer(request)
        self.assertEqual(client.receive()["id"], "old")
        self.assertEqual(self.close_code(client), 1001)
        self.end()


if __name__ == "__main__":
    unittest.main(verbosity=2)
