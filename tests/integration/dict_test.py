#!/usr/bin/env python3
"""`diamgw dict`, as it is called: what goes where, and with which exit status."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from processes import binary  # noqa: E402

ACME = """
@name    acme
@vendor  99999 ACME
@avp_types
  Acme-Tariff 1 UTF8String V
"""


def diamgw(*arguments):
    """(status, standard output, standard error)."""
    done = subprocess.run([str(binary()), *map(str, arguments)], capture_output=True, text=True,
                          timeout=60)
    return done.returncode, done.stdout, done.stderr


class DictTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="diamgw-dict-")
        self.addCleanup(directory.cleanup)
        self.folder = pathlib.Path(directory.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def test_find_lists_and_exits_with_0(self):
        status, out, err = diamgw("dict", "find", "cc-request-t")
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, r"^AVP +CC-Request-Type +416 +rfc8506 +Enumerated\n$")

    def test_find_of_nothing_exits_with_1_and_says_what_is_near(self):
        status, out, err = diamgw("dict", "find", "CC-Reqest-Type")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("did you mean 'CC-Request-Type'?", err)

    def test_show_of_an_unknown_name_exits_with_1(self):
        status, _, err = diamgw("dict", "show", "CCRR")
        self.assertEqual(status, 1)
        self.assertIn("no AVP, command or application has the name 'CCRR'; did you mean 'CCR'?", err)

    def test_show_of_a_value_points_to_find(self):
        status, _, err = diamgw("dict", "show", "DIAMETER_SUCCESS")
        self.assertEqual(status, 1)
        self.assertIn("'diamgw dict find' lists where it occurs", err)

    def test_mistakes_of_the_command_line_exit_with_2(self):
        for arguments in (["find", "--type", "grups"], ["find", "a", "--vendor", "nobody"],
                          ["show"], ["check"], ["expotr"], ["find", "a", "-d", "nowhere.dia"]):
            self.assertEqual(diamgw("dict", *arguments)[0], 2, arguments)

    def test_a_wrong_subcommand_is_named_with_the_nearest(self):
        status, _, err = diamgw("serv")
        self.assertEqual(status, 2)
        self.assertIn("'serv' is no subcommand; did you mean 'serve'?", err)
        self.assertIn("did you mean 'export'?", diamgw("dict", "exprot")[2])

    def test_export_has_the_operators_dictionaries_too(self):
        self.write("more/acme.dia", ACME)
        config = self.write("gateway.json", json.dumps({"dictionary": {"files": ["more"]}}))
        for more in (["--config", config], ["--dictionary", self.folder / "more/acme.dia"]):
            status, out, err = diamgw("dict", "export", "--json", *more)
            self.assertEqual((status, err), (0, ""))
            avps = [a for a in json.loads(out)["avps"] if a["name"] == "Acme-Tariff"]
            self.assertEqual([(a["code"], a["vendor"]) for a in avps], [(1, 99999)])

    def test_check_says_that_a_file_is_good(self):
        path = self.write("acme.dia", ACME)
        status, out, err = diamgw("dict", "check", path)
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(out, f"{path}: ok: 1 AVP, 0 groups, 0 messages, 0 named values\n")

    def test_check_says_all_that_is_wrong_on_standard_error(self):
        first = self.write("a.dia", ACME.replace("UTF8String", "UTF8Strig"))
        second = self.write("b.dia", "@avp_types\n  A 1 Time X\n  B\n")
        status, out, err = diamgw("dict", "check", first, second)
        self.assertEqual((status, out), (1, ""))
        lines = err.splitlines()
        self.assertEqual(len(lines), 3, err)
        self.assertTrue(lines[0].startswith(f"{first}:5:17: expected an AVP type such as UTF8String"))

    def test_check_names_both_places_of_a_clash(self):
        path = self.write("acme.dia", "@name acme\n@avp_types\n  Session-Id 263 OctetString M\n")
        status, _, err = diamgw("dict", "check", path)
        self.assertEqual(status, 1)
        self.assertRegex(err, rf"{path}:3:3: .* clashes with .* at built-in rfc6733.dia:\d+:\d+")

    def test_applications_are_found_by_every_name(self):
        for name in ("Gy", "Ro", "Credit-Control", "rfc8506", "4"):
            status, out, err = diamgw("dict", "find", name, "--type", "application")
            self.assertEqual((status, err), (0, ""), name)
            self.assertRegex(out, r"(?m)^application +Diameter Credit Control +4 +rfc8506 +also DCCA, Ro, Gy$")
        status, out, _ = diamgw("dict", "show", "gx")
        self.assertEqual(status, 0)
        self.assertIn("application 3GPP-Gx\n  number       16777238\n", out)
        self.assertIn("did you mean 'Credit-Control'?", diamgw("dict", "show", "Credit-Contol")[2])

    def test_check_follows_inheritance_into_the_path(self):
        self.write("lib/acme.dia", ACME)
        path = self.write("x.dia", "@name x\n@inherits acme\n")
        self.assertEqual(diamgw("dict", "check", path)[0], 1)
        self.assertEqual(diamgw("dict", "check", path, "--path", self.folder / "lib")[0], 0)

    def test_check_takes_folder_and_file_in_any_order(self):
        self.write("lib/other.dia", ACME)
        path = self.write("x.dia", "@name x\n@inherits common\n")
        status, out, err = diamgw("dict", "check", "--path", self.folder / "lib", "--inherits",
                                  "common/acme", "--alone", path)
        self.assertEqual((status, err), (0, ""))
        status, out, err = diamgw("dict", "check", "--inherits", "-", path)
        self.assertEqual((status, err), (0, ""))

    def test_check_warns_of_a_define_without_effect(self):
        path = self.write("x.dia", "@name x\n@define Acme-Tariff\n  DAY 0\n")
        status, out, err = diamgw("dict", "check", path)
        self.assertEqual(status, 0)
        self.assertEqual(err, f"{path}:2:9: warning: @define Acme-Tariff has no effect: "
                              "no AVP is called 'Acme-Tariff'\n")
        self.assertEqual(diamgw("dict", "check", "--strict", path)[:2], (1, ""))

    def test_check_config_reads_the_dictionaries(self):
        self.write("acme.dia", ACME.replace("UTF8String", "UTF8Strig"))
        config = self.write("gateway.json", json.dumps({"dictionary": {"files": ["acme.dia"]}}))
        status, _, err = diamgw("check-config", config)
        self.assertEqual(status, 2)
        self.assertIn("acme.dia:5:17: expected an AVP type such as UTF8String", err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
