"""Runs Debian's freeDiameterd as a peer: its certificate, its configuration, its process."""
import os
import pathlib
import signal
import subprocess
import time

EXTENSIONS = "/usr/lib/freeDiameter"


def make_certificate(directory, identity):
    """The daemon does not start without one in its name, although no peer here uses TLS."""
    key, certificate = directory / f"{identity}.key", directory / f"{identity}.crt"
    if not certificate.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", f"/CN={identity}",
             "-keyout", str(key), "-out", str(certificate)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return key, certificate


class FreeDiameter:
    """One daemon.

    identity     its Origin-Host
    port         where it listens
    watchdog     its Tw in seconds; RFC 3539 and the daemon allow no less than 6
    connect_to   (identity, port) of a peer to connect to, else it waits for `allow`
    allow        pattern of identities that may connect in without TLS
    """

    def __init__(self, directory, identity, port, watchdog=6, connect_to=None, allow="*.example",
                 reconnect=2):
        self.identity = identity
        self.port = port
        self.log_path = directory / f"{identity}.log"
        self.config_path = directory / f"{identity}.conf"
        self.process = None
        self._log = None
        key, certificate = make_certificate(directory, identity)
        allowed = directory / f"{identity}.allowed"
        allowed.write_text(f"ALLOW_IPSEC {allow}\n")
        lines = [
            f'Identity = "{identity}";',
            'Realm = "example";',
            f"Port = {port};",
            "SecPort = 0;",
            "No_SCTP;",
            "No_IPv6;",
            f"TcTimer = {reconnect};",
            f"TwTimer = {watchdog};",
            f'TLS_Cred = "{certificate}", "{key}";',
            f'TLS_CA = "{certificate}";',
            # The credit-control dictionary needs that of NASREQ before it.
            f'LoadExtension = "{EXTENSIONS}/dict_nasreq.fdx";',
            f'LoadExtension = "{EXTENSIONS}/dict_dcca.fdx";',
            f'LoadExtension = "{EXTENSIONS}/acl_wl.fdx" : "{allowed}";',
        ]
        if connect_to:
            peer, peer_port = connect_to
            lines.append(f'ConnectPeer = "{peer}" {{ ConnectTo = "127.0.0.1"; Port = {peer_port}; '
                         "No_TLS; No_SCTP; No_IPv6; };")
        self.config_path.write_text("\n".join(lines) + "\n")

    def start(self, timeout=20):
        self._log = open(self.log_path, "ab")
        already = self.log_path.stat().st_size
        self.process = subprocess.Popen(["freeDiameterd", "-c", str(self.config_path)],
                                        stdout=self._log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + timeout
        while b"daemon initialized" not in self.log_path.read_bytes()[already:]:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.identity} did not start:\n{self.log_path.read_text()}")
            time.sleep(0.05)
        return self

    def terminate(self, timeout=20):
        """Asks it to stop: it sends DPR to its peers first. Its exit status."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self._wait(timeout)

    def kill(self):
        """Ends it as a crash would: no DPR, the sockets closed by the kernel."""
        if self.process and self.process.poll() is None:
            self.process.kill()
        return self._wait(5)

    def _wait(self, timeout):
        if not self.process:
            return None
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        if self._log:
            self._log.close()
            self._log = None
        return status


def is_installed():
    return (any(os.access(pathlib.Path(p) / "freeDiameterd", os.X_OK)
                for p in os.environ.get("PATH", "").split(":"))
            and pathlib.Path(EXTENSIONS, "acl_wl.fdx").exists())
