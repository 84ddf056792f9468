#!/usr/bin/env python3
"""Whoever connects the moment that a port accepts is served: nothing listens before it is ready."""
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from processes import binary, free_ports  # noqa: E402
from raw_diameter import CER, DWR, REQUEST, RawPeer, message  # noqa: E402

STARTS = 50
HOSTS = [f"raw{i}.example" for i in range(4)]  # so that every shard is some peer's home


def connect_at_once(port, patience=20):
    """A connection as soon as there can be one."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise


def exchange_capabilities(port, host):
    """The Result-Codes of CEA and DWA."""
    peer = RawPeer(connect_at_once(port), host)
    peer.send(message(REQUEST, CER, 0, 1, *peer.capabilities()))
    cea = peer.receive()
    if cea is None or cea.result() != 2001:
        return None if cea is None else (cea.result(), cea.find(281)), None
    peer.send(message(REQUEST, DWR, 0, 2, *peer.origin()))
    dwa = peer.receive()
    peer.close()
    return 2001, None if dwa is None else dwa.result()


def ask(port, head):
    """The status of an HTTP request."""
    connection = connect_at_once(port)
    connection.settimeout(10)
    connection.sendall(head.encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        octets = connection.recv(4096)
        if not octets:
            return "the connection has ended"
        answer += octets
    connection.close()
    return int(answer.split()[1])


def upgrade(port):
    return ask(port, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                     "\r\n")


def get(port, path):
    return ask(port, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")


def at_once(**calls):
    """Each in a thread of its own; {name: result}."""
    results = {}

    def run(name, function, arguments):
        try:
            results[name] = function(*arguments)
        except OSError as error:
            results[name] = error

    threads = [threading.Thread(target=run, args=(name, call[0], call[1:]))
               for name, call in calls.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class StartTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="diamgw-start-")
        self.addCleanup(self.directory.cleanup)

    def run_while(self, arguments, calls):
        log = pathlib.Path(self.directory.name, "log")
        with open(log, "wb") as out:
            process = subprocess.Popen([str(a) for a in arguments], stdout=out,
                                       stderr=subprocess.STDOUT)
            try:
                return calls(), log.read_text(errors="replace")
            finally:
                process.kill()
                process.wait()

    def test_every_listener_of_the_gateway(self):
        for start in range(STARTS):
            diameter, websocket, admin = free_ports(3)
            config = pathlib.Path(self.directory.name, "gateway.json")
            config.write_text(json.dumps({
                "node": {"origin_host": "gateway.example", "origin_realm": "example"},
                "shards": 2,
                "diameter": {"listen": [{"address": "127.0.0.1", "port": diameter}],
                             "peers": [{"host": h, "realm": "example"} for h in HOSTS]},
                "websocket": {"listen": [{"address": "127.0.0.1", "port": websocket}]},
                "admin": {"listen": {"address": "127.0.0.1", "port": admin}}}))
            results, log = self.run_while(
                [binary(), "serve", "--config", config],
                lambda: at_once(
                    websocket=(upgrade, websocket), admin=(get, admin, "/metrics"),
                    **{h: (exchange_capabilities, diameter, h) for h in HOSTS}))
            with self.subTest(start=start):
                self.assertEqual(results, {"websocket": 101, "admin": 200,
                                           **{h: (2001, 2001) for h in HOSTS}}, log)

    def test_every_listener_of_the_simulated_ocs(self):
        for start in range(STARTS // 5):
            diameter, admin = free_ports(2)
            results, log = self.run_while(
                [binary(), "sim", "ocs", "--listen", f"127.0.0.1:{diameter}",
                 "--admin", f"127.0.0.1:{admin}"],
                lambda: at_once(peer=(exchange_capabilities, diameter, HOSTS[0]),
                                admin=(get, admin, "/api/v1/sessions")))
            with self.subTest(start=start):
                self.assertEqual(results, {"peer": (2001, 2001), "admin": 200}, log)


if __name__ == "__main__":
    unittest.main(verbosity=2)
