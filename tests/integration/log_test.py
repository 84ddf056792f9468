#!/usr/bin/env python3
"""The log of `diamgw serve` as its operator gets it: fields, faults of the configuration, standard
error that nobody reads, and what must never stand in it."""
import fcntl
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import Gateway, binary, ccr, free_ports, http, wait_until  # noqa: E402
from raw_diameter import (CCR, DESTINATION_REALM, PROXIABLE, RAR, REQUEST, RESULT_CODE,  # noqa: E402
                          SESSION_ID, RawPeer, RawServer, avp, message)
from raw_websocket import BINARY, TEXT, Closed, RawWebSocket, frame  # noqa: E402

SMALLEST_PIPE = 4096
MARK = "MARKED"  # in every value that must not be logged
USER_NAME, SUBSCRIPTION_ID, SUBSCRIPTION_ID_DATA = 1, 443, 444


def clean_environment(**more):
    return {**{k: v for k, v in os.environ.items() if not k.startswith("DIAMGW_")}, **more}


def lines_of(text):
    """Each line as JSON."""
    return [json.loads(line) for line in text.splitlines()]


class LogTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="diamgw-log-")
        self.addCleanup(directory.cleanup)
        self.folder = pathlib.Path(directory.name)
        self.websocket, self.admin = free_ports(2)

    def write(self, **settings):
        """A configuration without peers, on free ports."""
        config = {"node": {"origin_host": "gw.example", "origin_realm": "example"},
                  "shards": 2,
                  "diameter": {"listen": [{"address": "127.0.0.1", "port": 0}]},
                  "websocket": {"listen": [{"address": "127.0.0.1", "port": self.websocket}]},
                  "admin": {"listen": {"address": "127.0.0.1", "port": self.admin}},
                  **settings}
        path = self.folder / "gateway.json"
        path.write_text(json.dumps(config))
        return path

    def serve(self, config, error, **environment):
        process = subprocess.Popen([str(binary()), "serve", "--config", str(config)], stderr=error,
                                   env=clean_environment(**environment))
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def refused(self, text, **environment):
        """What `serve` says of this configuration."""
        path = self.folder / "wrong.json"
        path.write_text(text)
        done = subprocess.run([str(binary()), "serve", "--config", str(path)], timeout=60, text=True,
                              env=clean_environment(**environment), capture_output=True)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    def healthy(self, process):
        url = f"http://127.0.0.1:{self.admin}/healthz"
        wait_until(lambda: http(url)[0] == 200, "the gateway answers", process=process)

    def test_each_listener_is_told_with_its_address(self):
        log = self.folder / "log"
        with open(log, "wb") as error:
            process = self.serve(self.write(log={"format": "json"}), error)
            self.healthy(process)
            process.terminate()
            self.assertEqual(process.wait(30), 0)
        at = {line["listener"]: line["address"] for line in lines_of(log.read_text())
              if "listener" in line}
        self.assertEqual(at.pop("websocket"), f"127.0.0.1:{self.websocket}")
        self.assertEqual(at.pop("admin"), f"127.0.0.1:{self.admin}")
        self.assertRegex(at.pop("diameter"), r"^127\.0\.0\.1:[1-9][0-9]*$")
        self.assertEqual(at, {})

    def test_faults_of_the_configuration_are_logged_in_its_format(self):
        wrong = '{"log": {"format": "json"}, "shards": "many", "nothing": 1}'
        lines = lines_of(self.refused(wrong))
        self.assertEqual([line["level"] for line in lines], ["error", "error"])
        self.assertIn("/shards: ", lines[0]["message"])
        self.assertEqual([(line["source"], line["pointer"], line["line"]) for line in lines],
                         [(str(self.folder / "wrong.json"), pointer, 1)
                          for pointer in ("/shards", "/nothing")])

        broken = lines_of(self.refused('{"log": {"format": "json"},'))
        self.assertIn("not JSON", broken[0]["message"])

        by_variable = lines_of(self.refused("{", DIAMGW_LOG__FORMAT="json"))
        self.assertIn("not JSON", by_variable[0]["message"])

        people = self.refused('{"log": {"format": "xml"}}')
        self.assertIn("wrong.json:1:", people)
        self.assertIn("/log/format: ", people)

        unknown = lines_of(self.refused(
            '{"log": {"format": "json"}, "node": {"applications": [{"auth": "Nothing"}]}}'))
        self.assertIn("no dictionary has an application", unknown[0]["message"])

        dictionary = self.folder / "bad.dia"
        dictionary.write_text("@avp_types\n  A 1 Tim -\n")
        bad = lines_of(self.refused(json.dumps({"log": {"format": "json"},
                                                "dictionary": {"files": [str(dictionary)]}})))
        self.assertEqual((bad[0]["source"], bad[0]["line"]), (str(dictionary), 2))

    def test_warnings_and_listeners_that_fail_have_their_fields(self):
        config = self.write(log={"format": "json"},
                            websocket={"listen": [{"address": "localhost", "port": self.admin}]})
        done = subprocess.run([str(binary()), "serve", "--config", str(config)], timeout=60,
                              text=True, env=clean_environment(), capture_output=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = lines_of(done.stderr)
        warned = next(line for line in lines if line.get("pointer") == "/admin/listen")
        self.assertEqual((warned["level"], warned["source"], warned["line"]),
                         ("warning", str(config), 1))
        self.assertIn("the start will fail", warned["message"])
        self.assertNotIn("warning:", warned["message"])
        failed = lines[-1]
        self.assertEqual((failed["level"], failed["listener"], failed["address"], failed["error"]),
                         ("error", "admin", f"127.0.0.1:{self.admin}", "Address already in use"))

    def test_a_second_signal_leaves_no_line_unwritten(self):
        for second in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(second.name):
                reader, writer = os.pipe()
                fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
                process = self.serve(
                    self.write(log={"level": "debug", "format": "json"},
                               drain={"timeout": "30s", "client_spread": "20s"}), writer)
                os.close(writer)
                self.healthy(process)
                for _ in range(60):  # their lines are more than the pipe has room for
                    RawWebSocket(self.websocket).close()
                clients = [RawWebSocket(self.websocket) for _ in range(5)]
                process.terminate()
                wait_until(lambda: http(f"http://127.0.0.1:{self.admin}/readyz")[1].strip()
                           == "draining", "the drain", process=process)
                process.send_signal(second)
                with open(reader, encoding="utf-8") as log:
                    lines = lines_of(log.read())
                self.assertEqual(process.wait(30), -second)
                self.assertEqual(sum(": connected" in line["message"] for line in lines), 65)
                for client in clients:
                    client.close()

    def test_the_gateway_serves_while_nobody_reads_its_log(self):
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
        process = self.serve(
            self.write(log={"level": "debug", "format": "json", "queue_octets": SMALLEST_PIPE}),
            writer)
        os.close(writer)
        self.healthy(process)

        def dropped():
            status, text = http(f"http://127.0.0.1:{self.admin}/metrics")
            self.assertEqual(status, 200)
            return next(int(float(line.split()[1])) for line in text.splitlines()
                        if line.startswith("diamgw_log_lines_dropped_total "))

        for _ in range(300):
            client = RawWebSocket(self.websocket)
            self.assertIn("result", client.call("gateway.info", {}))
            client.close()
            if dropped() > 3:
                break
        else:
            self.fail("no line was dropped")
        missing = dropped()

        os.set_blocking(reader, False)
        text = b""

        def told():
            nonlocal text
            try:
                text += os.read(reader, 65536)
            except BlockingIOError:
                pass
            return b"were not written" in text

        wait_until(told, "the line about those that are missing", process=process)
        lines = lines_of(text[:text.rindex(b"\n")].decode())
        self.assertEqual([line["lines"] for line in lines if "lines" in line], [missing])
        process.terminate()
        self.assertEqual(process.wait(30), 0)
        os.close(reader)


class ConfidentialTest(unittest.TestCase):
    """Requests and answers, right and broken, whose values are marked; the whole log is searched.
    Each part has a gateway of its own, since one writes ten lines about refusals and then no more
    for a while."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="diamgw-confidential-")
        self.addCleanup(directory.cleanup)
        self.folder = directory.name

    def start(self, **log):
        server = RawServer(0, "ocs.example")
        self.addCleanup(server.close)
        accepted, thread = server.accept_in_background()
        self.gateway = Gateway(self.folder, [server.peer()], {
            "log": {"level": "trace", "format": "json", **log},
            "diameter": {"watchdog_interval": "1m", "max_message_octets": "4KiB"},
            "requests": {"timeout": "1s"},
            "websocket": {"close_timeout": "500ms"}})
        self.addCleanup(self.gateway.kill)
        thread.join(20)
        self.peer = accepted[0]
        self.addCleanup(self.peer.close)
        self.gateway.wait_ready()

    def client(self, **options):
        client = RawWebSocket(self.gateway.websocket_port, **options)
        self.addCleanup(client.close)
        return client

    def answer(self, request, *more, session=None, flags=0, command=None, length=None):
        self.peer.send(message(
            request.flags & PROXIABLE | flags, command or request.command, request.application,
            request.hop_by_hop, avp(SESSION_ID, session or request.find(SESSION_ID)),
            avp(RESULT_CODE, 2001), *self.peer.origin(), avp(258, 4),
            *[avp(c, request.find(c)) for c in (416, 415)], *more, length=length,
            end_to_end=request.end_to_end))

    def params(self, number, **more):
        return ccr(f"{MARK};{number}", "INITIAL", 0, subscriber=f"{MARK}4917", **more)

    def ask(self, client, number, **more):
        client.send_text(json.dumps({"jsonrpc": "2.0", "id": number, "method": "CCR",
                                     "params": self.params(number, User_Name=f"{MARK}@example",
                                                           **more)}))

    def good_and_mismatched_answers(self):
        client = self.client()
        subscription = avp(SUBSCRIPTION_ID, avp(450, 0) + avp(SUBSCRIPTION_ID_DATA, MARK))
        for number, options in enumerate((
                {}, {"session": f"{MARK};other"}, {"command": 271}, {"flags": 0x20})):
            self.ask(client, number)
            self.answer(self.peer.receive(), subscription, avp(USER_NAME, MARK), **options)
            client.receive()
        self.ask(client, 20)
        self.peer.receive()  # the client leaves before its answer
        client.vanish()

    def broken_answers(self):
        client = self.client()
        for number, broken in enumerate((
                avp(USER_NAME, MARK, length=4000),                         # overruns
                avp(USER_NAME, MARK, length=7),                            # shorter than its header
                avp(SUBSCRIPTION_ID, MARK),                                # no group
                avp(268, MARK),                                            # no number
                avp(USER_NAME, MARK.encode() + b"\xff"),                   # no UTF-8
                avp(64999, MARK), avp(USER_NAME, MARK * 800)), 10):        # unknown; too much
            self.ask(client, number)
            self.answer(self.peer.receive(), broken)
            client.receive()

    def wrong_values(self):
        self.refused_by_the_gateway(
            {"Destination-Realm": "elsewhere"}, {"CC-Request-Number": MARK},
            {"CC-Request-Type": MARK}, {"User-Name": [MARK, {}]}, {"Subscription-Id": MARK},
            {"Subscription-Id": [{"Subscription-Id-Type": MARK}]}, {"Event-Timestamp": MARK},
            {"Session-Id": MARK * 3000}, {"User-Name": "\ud800" + MARK})

    def wrong_names(self):
        """A subscriber's number may be the name of a member."""
        self.refused_by_the_gateway(
            {"Nothing": MARK}, {"Service-Context-Id": {"Nothing": MARK}}, {f"{MARK}4917": 1},
            {f"{MARK}4917": {"User-Name": "x"}}, {f"a.{MARK}[4917]": 1},
            {"Subscription-Id": {f"{MARK}4917": 1}}, {"$timeout": MARK}, {f"${MARK}": 1})

    def refused_by_the_gateway(self, *wrong):
        client = self.client()
        for number, params in enumerate(wrong, 30):
            # The peer answers none.
            self.assertIn("error", client.call("CCR", {**self.params(number), **params}, number))

    def wrong_calls(self):
        client = self.client()
        for method, given in ((MARK, {}), ("gateway.bind", {"session_id": MARK, MARK: 1}),
                              ("gateway.cancel", {MARK: MARK}), ("CCR", [MARK]), ("CCR", MARK)):
            client.call(method, given, 50)
        for text in (f'{{"{MARK}', f'["{MARK}"]', f'{{"jsonrpc": "2.0", "id": 1, "{MARK}": 1}}'):
            client.send_text(text)
            client.receive()

    def frames_that_are_broken(self):
        request = message(REQUEST | PROXIABLE, CCR, 4, 7, avp(SESSION_ID, f"{MARK};9"),
                          avp(USER_NAME, MARK, length=4000))
        for opcode, payload, protocol in (
                (TEXT, MARK.encode() + b"\xff", "diameter.jsonrpc.v1"),
                (3, MARK.encode(), "diameter.jsonrpc.v1"),
                (BINARY, MARK.encode(), "diameter.jsonrpc.v1"),
                (BINARY, MARK.encode() * 4, "diameter.binary.v1"),
                (BINARY, request, "diameter.binary.v1")):
            client = self.client(protocol=protocol)
            client.send(frame(opcode, payload))
            try:
                client.receive_frame()
            except Closed:
                pass
            client.close()

    def requests_of_the_network(self):
        for number, more in enumerate((
                (), (avp(USER_NAME, MARK),), (avp(USER_NAME, MARK, length=4000),),
                (avp(64999, MARK),), (avp(SUBSCRIPTION_ID, MARK),), (avp(USER_NAME, MARK * 800),)),
                100):
            self.peer.send(message(
                REQUEST | PROXIABLE, RAR, 4, number, avp(SESSION_ID, f"{MARK};none"),
                *self.peer.origin(), avp(DESTINATION_REALM, "example"),
                avp(293, "gateway.example"), avp(258, 4), avp(285, 0), *more))
            self.assertIsNotNone(self.peer.receive())
        self.peer.send(message(0, CCR, 4, 12345, avp(SESSION_ID, MARK)))  # answers nothing

    def strangers(self):
        """Their first message is none that a peer begins with."""
        for octets in (message(REQUEST | PROXIABLE, CCR, 4, 7, avp(SESSION_ID, MARK)),
                       MARK.encode() * 10):
            connection = socket.create_connection(("127.0.0.1", self.gateway.diameter_port))
            stranger = RawPeer(connection, "stranger.example")
            stranger.send(octets)
            self.assertIsNone(stranger.receive())
            stranger.close()

    def everything(self, **log):
        for part in (self.good_and_mismatched_answers, self.broken_answers, self.wrong_values,
                     self.wrong_names, self.wrong_calls, self.frames_that_are_broken,
                     self.requests_of_the_network, self.strangers, self.broken_stream):
            self.start(**log)
            part()
            self.peer.close()
            self.assertEqual(self.gateway.terminate(), 0, self.gateway.log()[-4000:])
        lines = lines_of(self.gateway.log())
        self.assertEqual([line for line in lines if "lines" in line], [], "some were left out")
        return lines

    def broken_stream(self):
        """The end of a stream that cannot be cut ends the connection, and is told."""
        self.peer.send(MARK.encode() * 10)
        wait_until(lambda: "malformed_message" in self.gateway.log(), "the stream has ended",
                   process=self.gateway.process)

    def test_no_value_of_a_request_or_answer_is_logged(self):
        lines = self.everything()
        self.assertGreater(len(lines), 10)
        said = json.dumps(lines).lower()
        for form in (MARK, MARK.encode().hex()):
            self.assertNotIn(form.lower(), said)

    def test_a_session_is_in_its_own_field_where_it_is_wanted(self):
        lines = self.everything(session_ids=True)
        sessions = {line.pop("session") for line in lines if "session" in line}
        self.assertIn(f"{MARK};1", sessions)
        self.assertNotIn(MARK.lower(), json.dumps(lines).lower())


if __name__ == "__main__":
    unittest.main(verbosity=2)
