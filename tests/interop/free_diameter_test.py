#!/usr/bin/env python3
"""Debian's freeDiameterd as the peer of a running gateway, watched by tshark.

Four daemons at once: two connect in, two are connected to; of each two, one's own watchdog is the
quicker and the other leaves it to the gateway's. Steps: capabilities, three watchdogs each way, a
daemon that crashes and comes back, DPR from the daemon, DPR from the gateway; at the end the whole
capture holds no malformed packet and no expert error. Takes about half a minute: the daemon's
watchdog cannot be shorter than 6 s.
"""
import pathlib
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

from capture import Capture  # noqa: E402
from free_diameter import FreeDiameter, is_installed  # noqa: E402
from processes import Gateway, free_ports  # noqa: E402

QUICK, SLOW = "1s", "1m"


class Scenario:
    def __init__(self, directory):
        self.directory = directory
        self.gateway_ports = free_ports(3)
        listen = self.gateway_ports[0]
        ports = free_ports(4)
        connect = ("gateway.example", listen)
        self.in_quick = FreeDiameter(directory, "in-quick.example", ports[0], 6, connect)
        self.in_slow = FreeDiameter(directory, "in-slow.example", ports[1], 60, connect)
        self.out_quick = FreeDiameter(directory, "out-quick.example", ports[2], 6)
        self.out_slow = FreeDiameter(directory, "out-slow.example", ports[3], 60)
        self.daemons = [self.in_quick, self.in_slow, self.out_quick, self.out_slow]
        self.capture = Capture(directory / "interop.pcapng", [listen, ports[2], ports[3]])
        self.gateway = None

    def peers(self):
        def peer(daemon, watchdog, connect):
            entry = {"host": daemon.identity, "realm": "example", "watchdog_interval": watchdog}
            if connect:
                entry["connect"] = {"address": "127.0.0.1", "port": daemon.port}
            return entry
        return [peer(self.in_quick, SLOW, False), peer(self.in_slow, QUICK, False),
                peer(self.out_quick, SLOW, True), peer(self.out_slow, QUICK, True)]

    def connection_port(self, daemon):
        """The port that tells the daemon's present connection from the others."""
        if daemon in (self.out_quick, self.out_slow):
            return daemon.port
        return self.capture.wait_for("CER", origin=daemon.identity)[-1].source

    def capabilities(self):
        """CER/CEA, as responder and as initiator (RFC 6733 §5.3)."""
        self.capture.start()
        for daemon in (self.out_quick, self.out_slow):
            daemon.start()
        self.gateway = Gateway(self.directory, self.peers(), ports=self.gateway_ports)
        for daemon in (self.in_quick, self.in_slow):
            daemon.start()
            self.capture.wait_for("CER", origin=daemon.identity)
            self.capture.wait_for("CEA", port=self.connection_port(daemon), result="2001",
                                  origin="gateway.example")
        for daemon in (self.out_quick, self.out_slow):
            self.capture.wait_for("CER", port=daemon.port, origin="gateway.example")
            self.capture.wait_for("CEA", port=daemon.port, result="2001", origin=daemon.identity)

    def watchdogs(self):
        """Three DWR/DWA started by each side, on both kinds of connection (RFC 3539 §3.4)."""
        for daemon in (self.in_slow, self.out_slow):
            port = self.connection_port(daemon)
            self.capture.wait_for("DWR", 3, 30, port=port, origin="gateway.example")
            self.capture.wait_for("DWA", 3, 5, port=port, origin=daemon.identity, result="2001")
        for daemon in (self.in_quick, self.out_quick):
            port = self.connection_port(daemon)
            self.capture.wait_for("DWR", 3, 45, port=port, origin=daemon.identity)
            self.capture.wait_for("DWA", 3, 5, port=port, origin="gateway.example", result="2001")

    def crash(self):
        """A daemon that dies and comes back is connected again, whoever connects."""
        seen = len(self.capture.matching("CER", origin=self.in_slow.identity))
        self.in_slow.kill()
        self.in_slow.start()
        self.capture.wait_for("CER", seen + 1, 20, origin=self.in_slow.identity)
        self.capture.wait_for("CEA", 1, 10, port=self.connection_port(self.in_slow), result="2001")

        seen = len(self.capture.matching("CEA", port=self.out_slow.port, result="2001"))
        self.out_slow.kill()
        self.out_slow.start()
        self.capture.wait_for("CEA", seen + 1, 20, port=self.out_slow.port, result="2001")

    def disconnected_by_daemon(self):
        """DPR from the daemon is answered before the connection ends (RFC 6733 §5.4)."""
        for daemon in (self.in_quick, self.out_quick):
            port = self.connection_port(daemon)
            daemon.terminate()
            self.capture.wait_for("DPR", port=port, origin=daemon.identity)
            self.capture.wait_for("DPA", port=port, origin="gateway.example", result="2001")

    def disconnected_by_gateway(self):
        """A gateway that drains sends DPR to every peer, waits for DPA, and ends with 0."""
        ports = [self.connection_port(daemon) for daemon in (self.in_slow, self.out_slow)]
        status = self.gateway.terminate()
        assert status == 0, f"the gateway ended with {status}:\n{self.gateway.log()[-3000:]}"
        for port, daemon in zip(ports, (self.in_slow, self.out_slow)):
            self.capture.wait_for("DPR", port=port, origin="gateway.example")
            self.capture.wait_for("DPA", port=port, origin=daemon.identity, result="2001")

    def decoded(self):
        """tshark finds nothing wrong in what either side sent."""
        self.capture.stop()
        defects = self.capture.defects()
        assert not defects, "tshark complains:\n" + "\n".join(defects)

    def clean_up(self):
        for daemon in self.daemons:
            daemon.kill()
        if self.gateway:
            self.gateway.kill()
        self.capture.stop()


def main():
    if not is_installed():
        print("freeDiameterd is not installed: run scripts/install-deps")
        return 1
    with tempfile.TemporaryDirectory(prefix="diamgw-interop-", ignore_cleanup_errors=True) as name:
        scenario = Scenario(pathlib.Path(name))
        steps = [scenario.capabilities, scenario.watchdogs, scenario.crash,
                 scenario.disconnected_by_daemon, scenario.disconnected_by_gateway,
                 scenario.decoded]
        try:
            for step in steps:
                step()
                print(f"ok: {step.__doc__.splitlines()[0]}", flush=True)
        except Exception:  # pylint: disable=broad-except
            traceback.print_exc()
            for log in sorted(pathlib.Path(name).glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}")
            return 1
        finally:
            scenario.clean_up()
    return 0


if __name__ == "__main__":
    sys.exit(main())
