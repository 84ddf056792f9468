#!/usr/bin/env python3
"""Bad messages from a peer: the right Result-Code to each where there can be an answer, the end of
that one connection where there cannot, and a gateway that serves everybody else."""
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, wait_until  # noqa: E402
from raw_diameter import (ASR, CCR, CER, DESTINATION_REALM, DPR, DWR, ORIGIN_HOST,  # noqa: E402
                          ORIGIN_REALM, PROXIABLE, RAR, REQUEST, SESSION_ID, RawPeer, avp, message)

HOST = "raw.example"


def request(command, *avps, application=4, hop_by_hop=77, **lies):
    return message(REQUEST | PROXIABLE, command, application, hop_by_hop, *avps, **lies)


def rar(*more, session="nobody;1;1"):
    return [avp(SESSION_ID, session), avp(ORIGIN_HOST, HOST), avp(ORIGIN_REALM, "example"),
            avp(DESTINATION_REALM, "example"), avp(293, "gateway.example"), avp(258, 4),
            avp(285, 0), *more]


class BadDiameterTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="diamgw-bad-")
        cls.gateway = Gateway(cls.directory.name, [{"host": HOST, "realm": "example"}])

    @classmethod
    def tearDownClass(cls):
        try:
            status = cls.gateway.terminate()
            assert status == 0, f"the gateway ended with {status}:\n{cls.gateway.log()[-4000:]}"
        finally:
            cls.gateway.kill()
            cls.directory.cleanup()

    def peer(self):
        """A new connection, once the one before is gone: a second one is a matter of election."""
        wait_until(lambda: self.gateway.total("diameter_peer_state", peer=HOST, state="r_open") == 0
                   and self.gateway.total("diameter_peer_state", peer=HOST, state="closing") == 0,
                   "the peer's last connection is gone")
        peer = RawPeer.connect(self.gateway.diameter_port, HOST)
        self.addCleanup(peer.close)
        return peer

    def assert_alive(self, peer):
        peer.send(message(REQUEST, DWR, 0, 99, *peer.origin()))
        answer = peer.receive()
        self.assertIsNotNone(answer, "the connection has ended")
        self.assertEqual((answer.command, answer.hop_by_hop, answer.result()), (DWR, 99, 2001))

    def requests(self):
        deep = avp(284, avp(280, "a") + avp(33, "b"))
        for _ in range(200):
            deep = avp(284, avp(280, "a") + avp(33, "b") + deep)
        unread = avp(279, avp(60000, b"ab", length=9))
        return [
            ("RFC 6733 §7.1.3: an unknown command", request(4242, *rar()), (3001,)),
            ("§7.1.3: an unknown application", request(CCR, *rar(), application=4711), (3007,)),
            ("a session that nobody has: RAR", request(RAR, *rar()), (5002, 3002)),
            ("a session that nobody has: ASR", request(ASR, *rar()), (5002, 3002)),
            ("§7.1.5: a length beyond the message",
             request(RAR, *rar(), avp(1, b"abcd", length=400)), (5014,)),
            ("§7.1.5: a length below the header",
             request(RAR, *rar(), avp(1, b"abcd", length=7)), (5014,)),
            ("§7.1.5: 3 octets of Unsigned32", request(RAR, *rar(avp(278, b"abc"))), (5014,)),
            ("§7.1.5: an unknown AVP with M", request(RAR, *rar(avp(60000, b"abcd"))), (5001,)),
            ("§4.1: an unknown AVP without M",
             request(RAR, *rar(avp(60000, b"abcd", flags=0))), (5002, 3002)),
            ("§7.1.5: no Session-Id", request(RAR, *rar()[1:]), (5005,)),
            ("§4.4: groups in groups above the limit", request(RAR, *rar(deep)), (5004, 5012)),
            ("§7.5: what is inside Failed-AVP is not judged", request(RAR, *rar(unread)),
             (5002, 3002)),
            ("§7.1.3: R and E both",
             message(REQUEST | 0x20, RAR, 4, 77, *rar()), (3008,)),
        ]

    def test_each_request_gets_its_result_code_and_the_connection_stays(self):
        peer = self.peer()
        for name, octets, codes in self.requests():
            with self.subTest(name):
                peer.send(octets)
                answer = peer.receive()
                self.assertIsNotNone(answer, "the connection has ended")
                self.assertEqual(answer.hop_by_hop, 77)
                self.assertFalse(answer.flags & REQUEST)
                self.assertIn(answer.result(), codes)
                self.assertEqual(bool(answer.flags & 0x20), answer.result() // 1000 == 3)
                self.assert_alive(peer)

    def test_answers_to_nothing_are_ignored(self):  # RFC 6733 §6.2.1
        peer = self.peer()
        for command in (CCR, RAR, DWR, CER, 4242):
            peer.send(message(0, command, 0, 0xdeadbeef, *peer.origin()))
        self.assert_alive(peer)

    def test_a_stream_that_cannot_be_cut_ends(self):
        streams = [
            ("§3: another version", request(RAR, *rar(), version=2)),
            ("§3: a length below the header", request(RAR, length=19)),
            ("octets at random", b"\x00" + os.urandom(4000)),
            ("HTTP", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ]
        for name, octets in streams:
            with self.subTest(name):
                peer = self.peer()
                peer.send(octets)
                while (answer := peer.receive()) is not None:
                    self.assertIn(answer.result(), (5011, 5015, None))
        self.assert_alive(self.peer())

    def test_a_message_above_the_limit_is_passed_over(self):
        peer = self.peer()
        large = avp(1, b"x" * 5_000_000)
        peer.send(request(RAR, *rar(large)) + request(RAR, *rar(), hop_by_hop=78))
        answer = peer.receive()
        self.assertEqual((answer.hop_by_hop, answer.result()), (77, 5012))
        self.assertIn(b"65536 octets", answer.find(281))
        self.assertEqual(peer.receive().hop_by_hop, 78)
        self.assert_alive(peer)

    def test_the_connections_own_requests_are_held_to_their_grammar(self):  # RFC 6733 §7.1.5
        peer = self.peer()
        dwr = peer.origin()
        requests = [
            ("an unknown AVP with M", DWR, [*dwr, avp(60000, b"abcd")], 5001),
            ("3 octets of Unsigned32", DWR, [*dwr, avp(278, b"abc")], 5014),
            ("no Origin-Host", DWR, dwr[1:], 5005),
            ("Origin-Realm twice", DWR, [*dwr, dwr[1]], 5009),
            ("no Disconnect-Cause", DPR, dwr, 5005),
        ]
        for name, command, avps, code in requests:
            with self.subTest(name):
                session = avp(SESSION_ID, "raw;1;1")
                peer.send(message(REQUEST, command, 0, 5, session, *avps))
                answer = peer.receive()
                self.assertEqual((answer.command, answer.result()), (command, code))
                self.assertEqual(answer.find(SESSION_ID), b"raw;1;1")
                self.assertIsNotNone(answer.find(279))
                self.assert_alive(peer)

    def test_half_a_message_harms_nobody(self):
        for size in (1, 3, 19, 21, 60):
            peer = self.peer()
            peer.send(request(RAR, *rar())[:size])
            peer.close()
        self.assert_alive(self.peer())

    def test_messages_octet_by_octet_and_all_at_once(self):
        peer = self.peer()
        for octet in request(RAR, *rar()):
            peer.send(bytes([octet]))
        self.assertIn(peer.receive().result(), (5002, 3002))
        peer.send(b"".join(request(RAR, *rar(), hop_by_hop=i) for i in range(500)))
        self.assertEqual([peer.receive().hop_by_hop for _ in range(500)], list(range(500)))

    def test_dpr_is_answered_before_the_end(self):  # RFC 6733 §5.4
        peer = self.peer()
        peer.send(message(REQUEST, DPR, 0, 5, *peer.origin(), avp(273, 0)))
        answer = peer.receive()
        self.assertEqual((answer.command, answer.result()), (DPR, 2001))
        peer.close()

    def test_a_stranger_is_told_so(self):  # RFC 6733 §5.3: 3010
        import socket  # pylint: disable=import-outside-toplevel
        connection = socket.create_connection(("127.0.0.1", self.gateway.diameter_port))
        peer = RawPeer(connection, "stranger.example")
        self.addCleanup(peer.close)
        peer.send(message(REQUEST, CER, 0, 1, *peer.capabilities()))
        self.assertEqual(peer.receive().result(), 3010)


if __name__ == "__main__":
    unittest.main(verbosity=2)
