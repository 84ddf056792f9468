"""Starts and stops the programs of this project for tests that run whole processes."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def binary():
    """TESTED_BINARY, or the newest build."""
    if os.environ.get("TESTED_BINARY"):
        return pathlib.Path(os.environ["TESTED_BINARY"])
    built = [p for p in ROOT.glob("build/*/bin/diamgw")]
    if not built:
        raise SystemExit("no build/*/bin/diamgw: build first, or set TESTED_BINARY")
    return max(built, key=lambda p: p.stat().st_mtime)


def free_ports(count):
    """Ports that were free a moment ago, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def wait_until(condition, what, timeout=20, process=None):
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if process is not None and process.poll() is not None:
            raise AssertionError(f"{what}: the process ended with {process.returncode}")
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {timeout} s")
        time.sleep(0.05)


def http(url, method="GET", timeout=10, body="", **fields):
    """(status, text); (0, reason) where nobody answers. A POST is of JSON; fields: Content_Type="..."."""
    fields = {name.replace("_", "-"): value for name, value in fields.items()}
    if method == "POST":
        fields = {"Content-Type": "application/json", **fields}
    try:
        request = urllib.request.Request(url, method=method, headers=fields,
                                         data=body.encode() if method == "POST" else None)
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


class Program:
    """A process with its output in a file."""

    def __init__(self, name, directory, arguments, environment=None):
        self.name = name
        self.log_path = pathlib.Path(directory) / f"{name}.log"
        self._log = open(self.log_path, "ab")
        self.process = subprocess.Popen([str(a) for a in arguments], stdout=self._log,
                                        stderr=subprocess.STDOUT,
                                        # Ctrl-C is for the script, which then drains them.
                                        start_new_session=True,
                                        env={**os.environ, **(environment or {})})

    def wait_for(self, condition, what):
        """Until it is so; otherwise ends the program and raises with what it said."""
        try:
            wait_until(condition, f"{self.name} {what}", process=self.process)
        except AssertionError as error:
            self.kill()
            raise AssertionError(f"{error}\n{self.log()[-4000:]}") from None

    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_for_line(self, pattern):
        """Until the log matches: it is written by a thread that nobody waits for."""
        self.wait_for(lambda: re.search(pattern, self.log()), f"logs {pattern!r}")

    def terminate(self, timeout=20):
        """SIGTERM; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.name} did not end within {timeout} s of SIGTERM:\n"
                                 + self.log()[-4000:]) from None
        finally:
            self._log.close()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._log.close()


class Gateway(Program):
    """`diamgw serve` with the ports it was given; `settings` is merged over the base."""

    def __init__(self, directory, peers, settings=None, name="gateway", ports=None):
        self.diameter_port, self.websocket_port, self.admin_port = ports or free_ports(3)
        self.url = f"ws://127.0.0.1:{self.websocket_port}/"
        self.admin = f"http://127.0.0.1:{self.admin_port}"
        config = {
            "node": {"origin_host": f"{name}.example", "origin_realm": "example"},
            "shards": 2,
            "diameter": {
                "listen": [{"address": "127.0.0.1", "port": self.diameter_port}],
                "peers": peers,
                "watchdog_minimum": "100ms",
                "reconnect_min": "200ms",
                "reconnect_max": "1s",
            },
            "websocket": {"listen": [{"address": "127.0.0.1", "port": self.websocket_port}]},
            "admin": {"listen": {"address": "127.0.0.1", "port": self.admin_port}},
            "drain": {"timeout": "10s", "client_spread": "100ms"},
        }
        for section, values in (settings or {}).items():
            if isinstance(values, dict):
                config.setdefault(section, {}).update(values)
            else:
                config[section] = values
        path = pathlib.Path(directory) / f"{name}.json"
        path.write_text(json.dumps(config, indent=2))
        super().__init__(name, directory, [binary(), "serve", "--config", path])
        self.wait_for(lambda: self.health() == 200, "answers on its admin port")

    def health(self):
        return http(f"{self.admin}/healthz")[0]

    def wait_ready(self, timeout=20):
        wait_until(lambda: http(f"{self.admin}/readyz")[0] == 200, "the gateway is ready", timeout,
                   self.process)
        return self

    def metrics(self):
        """{'name{labels}': value} of /metrics."""
        status, text = http(f"{self.admin}/metrics")
        assert status == 200, f"/metrics answered {status}"
        pairs = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def total(self, name, **labels):
        """Sum of a family's samples that have these labels."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(value for sample, value in self.metrics().items()
                   if sample.split("{")[0] == name and all(w in sample for w in wanted))


class SimOcs(Program):
    """`diamgw sim ocs`, at ports that the system chooses unless they are given; `options` are more
    of its command line."""

    def __init__(self, directory, balance=None, name="ocs", ports=(0, 0), options=()):
        self.identity = f"{name}.example"
        arguments = [binary(), "sim", "ocs", "--listen", f"127.0.0.1:{ports[0]}",
                     "--origin-host", self.identity, "--origin-realm", "example",
                     "--admin", f"127.0.0.1:{ports[1]}", *options]
        if balance is not None:
            arguments += ["--balance", balance]
        super().__init__(name, directory, arguments)
        self.wait_for(lambda: len(self.addresses()) == 2, "says where it listens")
        self.port = int(self.addresses()["diameter"].rpartition(":")[2])
        self.admin_port = int(self.addresses()["admin"].rpartition(":")[2])
        self.admin = f"http://127.0.0.1:{self.admin_port}"

    def addresses(self):
        """What it says on standard output once it listens."""
        return dict(re.findall(r"^(diameter|admin) (\S+)$", self.log(), re.M))

    def peer(self):
        """Its entry in a gateway's `diameter.peers`."""
        return {"host": self.identity, "realm": "example",
                "connect": {"address": "127.0.0.1", "port": self.port}}

    def post(self, path, body="", **query):
        """(status, text); a RAR or an ASR is answered once the clients have answered."""
        query = "?" + urllib.parse.urlencode(query, quote_via=urllib.parse.quote) if query else ""
        return http(f"{self.admin}{path}{query}", method="POST", body=body, timeout=20)

    def start_rar(self, session_id):
        return self.post("/api/v1/rar", session=session_id)

    def set_faults(self, *faults):
        status, text = self.post("/api/v1/faults", json.dumps(faults))
        assert status == 200, text

    def faults(self):
        return json.loads(http(f"{self.admin}/api/v1/faults")[1])["faults"]

    def sessions(self):
        return json.loads(http(f"{self.admin}/api/v1/sessions")[1])


def call(url, method, params, *options, timeout=20):
    """(exit status, standard output) of `diamgw call`."""
    done = subprocess.run([str(binary()), "call", "--url", url, *options, method,
                           json.dumps(params)], capture_output=True, text=True, timeout=timeout)
    return done.returncode, done.stdout or done.stderr


def ccr(session_id, kind, number, subscriber="491701234567", **more):
    """Params of a Credit-Control-Request; kind is INITIAL, UPDATE, TERMINATION or EVENT."""
    return {
        "Session-Id": session_id,
        "Destination-Realm": "example",
        "Auth-Application-Id": 4,
        "Service-Context-Id": "32251@3gpp.org",
        "CC-Request-Type": f"{kind}_REQUEST",
        "CC-Request-Number": number,
        "Subscription-Id": [{"Subscription-Id-Type": "END_USER_E164",
                             "Subscription-Id-Data": subscriber}],
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
