"""What scripts/demo shows: a gateway, a simulated OCS, one session, a RAR, and the metrics."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from processes import Gateway, SimOcs, binary, call, ccr, free_ports, wait_until  # noqa: E402

SUCCESS = ("DIAMETER_SUCCESS", 2001)
SESSION = "demo.example;1;1"
BALANCE = 1_000_000


class Failed(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failed(what)


def title(text):
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)


def show(arrow, text):
    try:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        text = text.strip()
    for line in text.splitlines():
        print(f"  {arrow} {line}")


def exchange(gateway, what, kind, number, **more):
    """One CCR by `diamgw call`; its CCA."""
    title(what)
    params = ccr(SESSION, kind, number, **more)
    show("JSON request ", json.dumps(params))
    status, text = call(gateway.url, "CCR", params)
    show("JSON result  ", text)
    check(status == 0, f"diamgw call ended with {status}")
    answer = json.loads(text)
    check(answer["Result-Code"] in SUCCESS, f"{what}: Result-Code {answer['Result-Code']}")
    return answer


def reauthorize(gateway, ocs):
    """CCR-I by a client that stays, and the RAR that the OCS then starts."""
    title("CCR-I: a WebSocket client opens a session, and stays connected")
    params = ccr(SESSION, "INITIAL", 0, Requested_Service_Unit={"CC-Total-Octets": "50000"})
    show("JSON request ", json.dumps(params))
    client = subprocess.Popen(
        [str(binary()), "call", "--url", gateway.url, "--wait-requests", "1", "CCR",
         json.dumps(params)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    stop = threading.Timer(20, client.kill)
    stop.start()
    try:
        wait_until(lambda: ocs.start_rar(SESSION)[0] == 200, "the OCS sends a RAR", 15, client)
        output, _ = client.communicate()
    finally:
        stop.cancel()
        client.kill()
    check(client.returncode == 0, f"diamgw call ended with {client.returncode}: {output}")
    answer, end = json.JSONDecoder().raw_decode(output)
    show("JSON result  ", json.dumps(answer))
    check(answer["Result-Code"] in SUCCESS, f"CCR-I: Result-Code {answer['Result-Code']}")
    rest = output[end:]
    title("RAR: the OCS asks that client to report; its answer goes back to the OCS")
    show("             ", rest)
    check("RAR" in rest or "Re-Auth" in rest, "the client saw no RAR")


def show_metrics(gateway):
    title(f"{gateway.admin}/metrics")
    metrics = gateway.metrics()
    for family in ("diameter_marshal_duration_seconds", "diameter_unmarshal_duration_seconds"):
        counted = [name for name in metrics if name.startswith(f"{family}_count")]
        check(sum(metrics[name] for name in counted) > 0, f"{family} counted nothing")
        for name in counted:
            total = name.replace("_count", "_sum")
            if metrics[name]:
                mean = metrics[total] / metrics[name] * 1e9
                print(f"  {name} {metrics[name]:.0f}   mean {mean:.0f} ns")
    for name, value in metrics.items():
        if name.startswith("diameter_marshal_duration_seconds_bucket") and value:
            print(f"  {name} {value:.0f}")


def run(options, directory):
    ports = {name: port or free_ports(1)[0] for name, port in vars(options).items()
             if name.endswith("_port")}
    ocs = gateway = None
    try:
        title("Starting `diamgw sim ocs` and `diamgw serve`")
        ocs = SimOcs(directory, BALANCE, ports=(ports["ocs_port"], ports["ocs_admin_port"]))
        gateway = Gateway(directory, [ocs.peer()], ports=(
            ports["diameter_port"], ports["websocket_port"], ports["admin_port"]))
        gateway.wait_ready()
        print(f"  clients   {gateway.url}\n  peers     127.0.0.1:{gateway.diameter_port}\n"
              f"  OCS       127.0.0.1:{ocs.port}, every subscriber has {BALANCE:,} units\n"
              f"  operator  {gateway.admin}/metrics")
        reauthorize(gateway, ocs)
        used = {"CC-Total-Octets": "40000"}
        exchange(gateway, "CCR-U: units were used, more are wanted", "UPDATE", 1,
                 Used_Service_Unit=[used], Requested_Service_Unit={"CC-Total-Octets": "60000"})
        exchange(gateway, "CCR-T: the session ends", "TERMINATION", 2, Used_Service_Unit=[used])
        show_metrics(gateway)
        if not options.once:
            title("The gateway stays up. Go on with")
            request = json.dumps(ccr("demo.example;1;2", "INITIAL", 0,
                                     Requested_Service_Unit={"CC-Total-Octets": "1000"}))
            print(f"  {binary()} call --url {gateway.url} CCR '{request}'\n"
                  f"  {binary()} call --help\n"
                  f"  curl {gateway.admin}/metrics\n"
                  f"  less {gateway.log_path}\n"
                  "  docs/jsonrpc.md\n\nCtrl-C drains and ends it.", flush=True)
            try:
                gateway.process.wait()
            except KeyboardInterrupt:
                print()
        title("Draining")
        status = gateway.terminate()
        check(status == 0, f"the gateway ended with {status}")
        print("  the gateway ended with 0")
        status = ocs.terminate()
        check(status == 0, f"the OCS ended with {status}")
        return 0
    except (Failed, AssertionError, ValueError, KeyError, subprocess.SubprocessError) as error:
        print(f"\ndemo: {error}", file=sys.stderr)
        for program in (gateway, ocs):
            if program:
                print(f"--- the end of {program.log_path.name}\n{program.log()[-2000:]}",
                      file=sys.stderr)
        return 1
    finally:
        for program in (gateway, ocs):
            if program:
                program.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true")
    for name, port in (("websocket", 8080), ("diameter", 3868), ("admin", 9090), ("ocs", 3869),
                       ("ocs-admin", 9091)):
        parser.add_argument(f"--{name}-port", type=int, default=port)
    with tempfile.TemporaryDirectory(prefix="diamgw-demo-") as directory:
        return run(parser.parse_args(), directory)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(1)
