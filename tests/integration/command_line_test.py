#!/usr/bin/env python3
"""The command line as its users type it: what goes where, and with which exit status."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from processes import Program, binary, free_ports  # noqa: E402

PEER = {"host": "ocs.example", "realm": "example",
        "connect": {"address": "192.0.2.1", "port": 3868}}


def clean_environment(**more):
    return {**{k: v for k, v in os.environ.items() if not k.startswith("DIAMGW_")}, **more}


def diamgw(*arguments, stdin="", environment=None, **options):
    """(status, standard output, standard error)."""
    done = subprocess.run([str(binary()), *map(str, arguments)], input=stdin, text=True, timeout=60,
                          env=clean_environment(**(environment or {})),
                          **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})
    return done.returncode, done.stdout, done.stderr


class InFolder(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="diamgw-command-line-")
        self.addCleanup(directory.cleanup)
        self.folder = pathlib.Path(directory.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path


class CommandLine(InFolder):
    def test_version_tells_commit_and_build(self):
        for arguments in (["--version"], ["-V"], ["version"]):
            status, out, err = diamgw(*arguments)
            self.assertEqual((status, err), (0, ""), arguments)
            self.assertRegex(out, r"^diamgw \d+\.\d+\.\d+ \(commit \S+, (debug|release), .+\)\n$")
        told = json.loads(diamgw("version", "--json")[1])
        self.assertEqual(list(told), ["program", "version", "commit", "build_type", "compiler"])

    def test_every_wrong_command_line_exits_with_2(self):
        for arguments in ([], ["serv"], ["zzzzzz"], ["--nothing"], ["dict"], ["sim"], ["dict", "xx"],
                          ["serve", "--nothing"], ["call"], ["version", "more"],
                          ["call", "--url", "http://x/", "CCR"],
                          ["call", "--url", "ws://h:99999/", "CCR"],
                          ["call", "--url", "ws://127.0.0.1:1/", "CCR", "{"],
                          ["call", "--url", "ws://127.0.0.1:1/", "--timeout", "5", "CCR"],
                          ["call", "--url", "ws://127.0.0.1:1/", "--timeout", "soon", "CCR"],
                          ["sim", "ocs", "--listen", "nowhere"],
                          ["sim", "ocs", "--validity", "1500ms"],
                          ["sim", "ocs", "--quota", "lots"], ["sim", "ocs", "--quota", "0"],
                          ["sim", "ocs", "--balance", "plenty"],
                          ["sim", "ocs", "--balance", "-5"], ["sim", "ocs", "--balance", "1KiB"],
                          ["sim", "ocs", "--balance", "18446744073709551616"],
                          ["sim", "ocs", "--account", "49170"],
                          ["sim", "ocs", "--account", "=5"], ["sim", "ocs", "--fault", "delay=x"],
                          ["sim", "ocs", "--seed", "a"], ["sim", "ocs", "--timeout", "0ms"],
                          ["sim", "ocs", "--validity", "0s"],
                          ["sim", "ocs", "--origin-host", "a b"],
                          ["sim", "ocs", "--admin", "nowhere"],
                          ["call", "--url", "ws://127.0.0.1:0/", "CCR"],
                          ["route"], ["route", "--realm", "a"], ["route", "--application", "4"],
                          ["route", "--admin", "127.0.0.1:0", "--realm", "a", "--application", "4"],
                          ["route", "--admin", "nowhere", "--realm", "a", "--application", "4"],
                          ["completion"], ["completion", "tcsh"],
                          ["check-config", "/nowhere/diamgw.json"], ["serve", "-c", "/nowhere"]):
            status, out, err = diamgw(*arguments)
            self.assertEqual((status, out), (2, ""), arguments)
            self.assertNotEqual(err, "", arguments)

    def test_a_token_that_cannot_be_read_is_an_error_of_the_configuration(self):
        token = self.write("token", "")
        config = self.write("diamgw.json", {"node": {"origin_host": "a.example", "origin_realm": "b"},
                                            "admin": {"token_file": "token"}})
        for prepare, sentence in ((lambda: None, "must hold one token"),
                                  (token.unlink, "cannot be read: No such file")):
            prepare()
            for command in ("check-config", "serve"):
                status, out, err = diamgw(command, "--config", config)
                self.assertEqual((status, out), (2, ""), command)
                self.assertIn("/admin/token_file", err)
                self.assertIn(sentence, err)
        self.write("token", "abc\n")
        self.assertEqual(diamgw("check-config", config)[0], 0)

    def test_a_wrong_quantity_says_what_is_expected(self):
        for arguments, sentence in (
                (["--balance", "plenty"], "--balance: 'plenty' is no whole number from 0 to 1844"),
                (["--account", "49170"], "--account: '49170' is not SUBSCRIBER=NUMBER"),
                (["--fault", "chance=2,no_answer"], "--fault: chance: '2' is no number above 0"),
                (["--validity", "0s"], "--validity: give a duration from 1s to ")):
            self.assertIn(sentence, diamgw("sim", "ocs", *arguments)[2])

    def test_a_subcommand_alone_says_what_there_is(self):
        for arguments, words in (([], ("serve", "check-config", "dict", "completion")),
                                 (["dict"], ("find", "show", "export", "check")),
                                 (["sim"], ("ocs",))):
            err = diamgw(*arguments)[2]
            for word in words:
                self.assertRegex(err, rf"(?m)^  {word} ", arguments)
        self.assertIn("'zzzzzz' is no subcommand; there are serve, check-config, ",
                      diamgw("zzzzzz")[2])

    def test_defaults_in_help_can_be_typed_back(self):
        out = diamgw("sim", "ocs", "--help")[1]
        self.assertRegex(out, r"--validity DURATION=1h ")
        self.assertRegex(out, r"--quota OCTETS=100000 ")
        self.assertRegex(out, r"--balance NUMBER=1000000 ")
        self.assertRegex(diamgw("call", "--help")[1], r"--timeout DURATION=10s ")

    def test_output_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "w") as full:
            status, _, err = diamgw("dict", "export", stdout=full)
        self.assertEqual(status, 1)
        self.assertIn("standard output cannot be written", err)
        with open("/dev/full", "w") as full:
            self.assertEqual(diamgw("--help", stdout=full)[0], 1)
        reader, writer = os.pipe()
        os.close(reader)
        try:
            self.assertNotEqual(diamgw("dict", "export", stdout=writer)[0], 0)
        finally:
            os.close(writer)

    def test_what_is_printed_for_people_is_had_as_json(self):
        found = json.loads(diamgw("dict", "find", "--json", "cc-request-type")[1])
        self.assertEqual(found[0], {"kind": "avp", "name": "CC-Request-Type", "number": "416",
                                    "source": "rfc8506", "detail": "Enumerated"})
        shown = json.loads(diamgw("dict", "show", "--json", "Gy")[1])
        self.assertEqual([a["id"] for a in shown["applications"]], [4])
        self.assertEqual((shown["avps"], shown["commands"]), ([], []))
        bad = self.write("bad.dia", "@nome x\n")
        status, out, _ = diamgw("dict", "check", "--json", bad)
        self.assertEqual(status, 1)
        self.assertEqual(json.loads(out)["ok"], False)
        self.assertEqual(len(json.loads(out)["errors"]), 1)

    def test_a_dash_is_standard_input(self):
        status, out, err = diamgw("dict", "check", "-", stdin="@name acme\n")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(diamgw("check-config", "-", stdin=json.dumps({"diameter": {"peers": [PEER]}})),
                         (0, "standard input: ok\n", ""))

    def test_shells_can_complete(self):
        script = self.write("completion.bash", diamgw("completion", "bash")[1])
        done = subprocess.run(["bash", "-c", f"source {script}; COMP_WORDS=(diamgw dict ch); "
                               "COMP_CWORD=2; _diamgw; echo ${COMPREPLY[@]}"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.stdout, done.stderr), ("check\n", ""))


class CheckConfig(InFolder):
    def test_faults_have_line_and_column(self):
        path = self.write("gw.json", '{\n  "shards": -1\n}')
        status, out, err = diamgw("check-config", path)
        self.assertEqual((status, out), (2, ""))
        self.assertTrue(err.startswith(f"{path}:2:3: /shards: -1 is not allowed"), err)

    def test_what_cannot_work_is_warned_about(self):
        path = self.write("gw.json", {
            "diameter": {"peers": [PEER]},
            "routing": {"realms": [{"realm": "example", "application": "Gx",
                                    "peers": [{"host": "ocs.example"}]}]}})
        status, out, err = diamgw("check-config", "--config", path)
        self.assertEqual((status, out), (0, f"{path}: ok\n"))
        self.assertRegex(err, r"^\S+gw.json:1:\d+: warning: /routing/realms/0/application: "
                              r"application 16777238 \(3GPP-Gx\) is not in /node/applications")
        self.assertEqual(diamgw("check-config", "--strict", path)[:2], (2, ""))
        told = json.loads(diamgw("check-config", "--strict", "--json", path)[1])
        self.assertEqual((told["ok"], told["errors"], len(told["warnings"])), (False, [], 1))

    def test_the_effective_configuration_says_where_values_are_from(self):
        path = self.write("gw.json", {"diameter": {"peers": [PEER]}, "shards": 1})
        status, out, err = diamgw("check-config", "--effective", path,
                                  environment={"DIAMGW_NODE__ORIGIN_HOST": "gw7.example"})
        self.assertEqual((status, err), (0, ""))
        self.assertIn('    "origin_host": "gw7.example",  // DIAMGW_NODE__ORIGIN_HOST\n', out)
        self.assertRegex(out, rf'(?m)^  "shards": 1,  // {path}:1:\d+$')
        self.assertIn('    "origin_realm": "example",  // default\n', out)
        again = self.write("again.json", out)
        self.assertEqual(diamgw("check-config", again)[0], 0)
        told = json.loads(diamgw("check-config", "--effective", "--json", path)[1])
        self.assertEqual(told["effective"]["shards"], 1)

    def test_the_environment_alone_is_enough_where_it_says_who_we_are(self):
        enough = {"DIAMGW_NODE__ORIGIN_HOST": "gw.example",
                  "DIAMGW_DIAMETER__ACCEPT_UNKNOWN_PEERS": "true",
                  "DIAMGW_SERVICE_HOST": "10.0.0.1", "DIAMGW_PORT": "tcp://10.0.0.1:8080"}
        self.assertEqual(diamgw("check-config", environment=enough), (0, "environment: ok\n", ""))
        status, _, err = diamgw("check-config", environment={"DIAMGW_SHARDS": "1"})
        self.assertEqual(status, 2)
        self.assertIn("no configuration: give --config FILE", err)
        path = self.write("gw.json", {"diameter": {"peers": [PEER]}})
        self.assertEqual(diamgw("check-config", environment={"DIAMGW_CONFIG": str(path)})[1],
                         f"{path}: ok\n")

    def test_the_gateway_runs_by_the_environment_and_logs_what_is_doubtful(self):
        diameter, websocket, admin = free_ports(3)
        environment = {
            "DIAMGW_NODE__ORIGIN_HOST": "gw.example", "DIAMGW_SHARDS": "1",
            "DIAMGW_DIAMETER__LISTEN": json.dumps([{"address": "127.0.0.1", "port": diameter}]),
            "DIAMGW_WEBSOCKET__LISTEN__0__PORT": str(websocket),
            "DIAMGW_ADMIN__LISTEN__PORT": str(admin),
            "DIAMGW_SERVICE_HOST": "10.0.0.1", "DIAMGW_VERSION": "7"}
        gateway = Program("gateway", self.folder, [binary(), "serve"], environment)
        try:
            gateway.wait_for(lambda: f"/readyz on 127.0.0.1:{admin}" in gateway.log(), "listens")
        finally:
            gateway.terminate()
        log = gateway.log()
        self.assertIn("warning: DIAMGW_VERSION: names no option", log)
        self.assertIn("/diameter/peers: there is no peer", log)
        self.assertNotIn("DIAMGW_SERVICE_HOST", log)


if __name__ == "__main__":
    unittest.main(verbosity=2)
