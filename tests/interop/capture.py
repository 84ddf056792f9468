"""Watches the loopback with tshark: a list of Diameter messages while it runs, a file afterwards."""
import dataclasses
import os
import subprocess
import threading
import time

COMMANDS = {257: "CE", 258: "RA", 272: "CC", 274: "AS", 280: "DW", 282: "DP"}
FIELDS = ["frame.number", "tcp.srcport", "tcp.dstport", "diameter.flags.request",
          "diameter.cmd.code", "diameter.Origin-Host", "diameter.Result-Code"]


@dataclasses.dataclass(frozen=True)
class Message:
    frame: int
    source: int       # port
    destination: int  # port
    name: str         # "CER", "DWA", ...
    origin: str       # Origin-Host; empty where the frame's messages cannot be told apart
    result: str       # Result-Code; empty in requests


def _messages(line):
    """A frame may hold several messages; tshark joins each field's values with commas."""
    frame, source, destination, requests, codes, origins, results = line.rstrip("\n").split("\t")
    requests, codes = requests.split(","), codes.split(",")
    origins = origins.split(",") if origins else []
    results = results.split(",") if results else []
    for request, code in zip(requests, codes):
        is_request = request in ("1", "True")
        name = COMMANDS.get(int(code), code) + ("R" if is_request else "A")
        yield Message(int(frame), int(source), int(destination), name,
                      origins.pop(0) if origins else "",
                      "" if is_request or not results else results.pop(0))


class Capture:
    """Captures the Diameter connections of the given server ports."""

    def __init__(self, path, ports):
        self.path = path
        self.ports = list(ports)
        self.messages = []
        self._condition = threading.Condition()
        self._process = None
        self._reader = None
        self._errors = None

    def _decode_as(self):
        return [word for port in self.ports for word in ("-d", f"tcp.port=={port},diameter")]

    def start(self, timeout=20):
        as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        self._errors = open(f"{self.path}.log", "w+b")
        wanted = " or ".join(f"tcp port {port}" for port in self.ports)
        fields = [word for field in FIELDS for word in ("-e", field)]
        self._process = subprocess.Popen(
            as_root + ["tshark", "-l", "-n", "-i", "lo", "-f", wanted, "-w", str(self.path), "-P",
                       "-T", "fields", *fields, *self._decode_as()],
            stdout=subprocess.PIPE, stderr=self._errors, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        deadline = time.monotonic() + timeout
        while b"Capturing on" not in self._log():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"tshark does not capture:\n{self._log().decode()}")
            time.sleep(0.05)
        time.sleep(0.5)  # "Capturing" is said a little before the socket is open
        return self

    def _log(self):
        self._errors.seek(0)
        return self._errors.read()

    def _read(self):
        for line in self._process.stdout:
            if line.count("\t") == len(FIELDS) - 1 and line.split("\t")[4]:
                with self._condition:
                    self.messages.extend(_messages(line))
                    self._condition.notify_all()

    def matching(self, name, port=None, origin=None, result=None):
        """What was seen so far; `port` is either end's."""
        with self._condition:
            return [m for m in self.messages
                    if m.name == name and (port is None or port in (m.source, m.destination))
                    and (origin is None or m.origin == origin)
                    and (result is None or m.result == result)]

    def wait_for(self, name, count=1, timeout=15, **what):
        """Until `count` such messages were seen; raises with what was seen instead."""
        deadline = time.monotonic() + timeout
        while len(self.matching(name, **what)) < count:
            with self._condition:
                if not self._condition.wait(max(0.0, deadline - time.monotonic())):
                    break
        found = self.matching(name, **what)
        if len(found) < count:
            seen = "\n".join(f"  {m}" for m in self.messages[-40:])
            raise AssertionError(
                f"after {timeout} s {len(found)} of {count} {name} {what}; seen:\n{seen}")
        return found

    def stop(self):
        if self._process and self._process.poll() is None:
            time.sleep(0.5)  # the last packets pass the kernel's buffer
            self._process.terminate()
            self._process.wait(10)
        if self._reader:
            self._reader.join(5)
            self._process.stdout.close()
        if self._errors:
            self._errors.close()
            self._errors = None

    def defects(self):
        """Lines of tshark for packets that are malformed or carry an expert error; after stop."""
        output = subprocess.run(
            ["tshark", "-n", "-r", str(self.path), *self._decode_as(),
             "-Y", "_ws.malformed || _ws.expert.severity >= 8388608",
             "-T", "fields", "-e", "frame.number", "-e", "_ws.col.Info", "-e",
             "_ws.expert.message"],
            check=True, capture_output=True, text=True)
        return output.stdout.splitlines()
