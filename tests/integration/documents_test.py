#!/usr/bin/env python3
"""Holds docs/ and README.md to the program: what they name is there, what they show is tried, and what
the program has is documented. Extracts all of it from the Markdown, so that a new sample is tried too."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from processes import Gateway, SimOcs, binary, free_ports, http  # noqa: E402
from raw_websocket import RawWebSocket  # noqa: E402

PAGES = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md", ROOT / "examples/README.md"])
TEXT = {p.relative_to(ROOT).as_posix(): p.read_text() for p in PAGES}
ALL = "\n".join(TEXT.values())


def diamgw(*arguments, stdin=""):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DIAMGW_")}
    return subprocess.run([str(binary()), *map(str, arguments)], input=stdin, text=True, timeout=60,
                          capture_output=True, env=environment, cwd=ROOT, check=False)


def blocks(language):
    """(page, text) of each fenced block in that language."""
    for page, text in TEXT.items():
        for found in re.finditer(r"^```" + language + r"\n(.*?)^```", text, re.M | re.S):
            yield page, found.group(1)


def code_spans():
    """(page, text) of each `span` outside of blocks."""
    for page, text in TEXT.items():
        without = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
        for found in re.finditer(r"`([^`\n]+)`", without):
            yield page, found.group(1)


def json_values(text):
    """The JSON values of a block, one after the other."""
    decoder = json.JSONDecoder()
    values = []
    rest = text.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        values.append(value)
        rest = rest[end:].strip()
    return values


def section(page, title):
    """The text below a heading, to the next one of its level or above."""
    text = TEXT[page]
    head = re.search(rf"^(#+) {re.escape(title)}$", text, re.M)
    assert head, f"{page} has no '{title}'"
    rest = text[head.end():]
    end = re.search(rf"^#{{1,{len(head.group(1))}}} ", rest, re.M)
    return rest[:end.start()] if end else rest


def rows(text):
    """Cells of a table's rows, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines
            if not re.match(r"^\|[-| ]+\|$", line)][1:]


def quantity(text):
    """A number with its unit, by the smallest unit; another text as it is."""
    found = re.fullmatch(r"(\d+) ?(ms|s|m|h|KiB|MiB|GiB)?", text)
    units = {None: 1, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000,
             "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
    return int(found.group(1)) * units[found.group(2)] if found else text


class Configuration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = diamgw("check-config", "--effective", "--json", "-",
                      stdin='{"node":{"origin_host":"a.example","origin_realm":"example"}}')
        assert done.returncode == 0, done.stderr
        cls.effective = json.loads(done.stdout)["effective"]
        cls.schema = json.loads((ROOT / "config/diamgw.schema.json").read_text())

    def options(self):
        """Every option's dotted name, lists of objects without their places."""
        names = set()

        def walk(node, prefix):
            for alternative in [node, *node.get("anyOf", []), *node.get("oneOf", [])]:
                for name, child in alternative.get("properties", {}).items():
                    path = f"{prefix}.{name}" if prefix else name
                    names.add(path)
                    walk(child, path)
                    if "items" in child:
                        walk(child["items"], path)

        walk(self.schema, "")
        return names - {"$schema"}

    def test_every_option_that_is_named_exists(self):
        options = self.options()
        sections = {o for o in options if "." not in o}
        wrong = []
        for page, span in code_spans():
            found = re.fullmatch(r"/?([a-z_]+)((?:[./][a-z_0-9]+)+)", span)
            if not found or found.group(1) not in sections or span.endswith(".v1"):
                continue
            name = re.sub(r"\.\d+(?=\.|$)", "", span.strip("/").replace("/", "."))
            # A file's name, or a folder's, looks alike.
            if name not in options and not (ROOT / span).exists() and "." in span:
                wrong.append(f"{page}: {span}")
        self.assertEqual(wrong, [])

    def test_every_option_is_documented(self):
        page = TEXT["docs/configuration.md"]
        self.assertEqual([o for o in sorted(self.options())
                          if f"`{o}`" not in page and "." in o and not self.is_element(o)], [])

    def is_element(self, option):
        """configuration.md writes what is in a list as list[].name."""
        pattern = re.escape(option).replace(r"\.", r"(?:\[\])?\.")
        return re.search(f"`{pattern}`", TEXT["docs/configuration.md"])

    def test_limits_have_their_defaults(self):
        wrong = []
        checked = 0
        for cells in rows(section("docs/jsonrpc.md", "Limits")):
            found = re.match(r"`([a-z_.]+)`, (.+)", cells[1])
            if not found:
                continue
            value = self.effective
            for name in found.group(1).split("."):
                value = value[name]
            checked += 1
            if quantity(str(value)) != quantity(found.group(2)):
                wrong.append(f"{found.group(1)}: {value}, documented {found.group(2)}")
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(checked, 4)

    def test_every_configuration_that_is_shown_is_sound(self):
        shown = 0
        for page, text in blocks("json"):
            for value in json_values(text):
                if isinstance(value, dict) and "node" in value:
                    shown += 1
                    done = diamgw("check-config", "--strict", "-", stdin=json.dumps(value))
                    self.assertEqual((done.returncode, done.stderr), (0, ""), f"{page}:\n{text}")
        self.assertGreaterEqual(shown, 1)
        quick = json.loads((ROOT / "config/quickstart.json").read_text())
        in_page = [v for _, t in blocks("json") for v in json_values(t) if v == quick]
        self.assertEqual(len(in_page), 1, "docs/quickstart.md shows config/quickstart.json")


class Commands(unittest.TestCase):
    HELP = re.compile(r"^\s+(?:(-\w),)?(--[a-z-]+)", re.M)

    @classmethod
    def setUpClass(cls):
        cls.commands = {}  # "sim ocs" -> its long options

        def walk(words):
            done = diamgw(*words, "--help")
            assert done.returncode == 0, done.stderr
            children = re.search(r"^Subcommands:\n((?:\s+\S.*\n?)+)", done.stdout, re.M)
            names = re.findall(r"^  ([a-z][a-z-]*) ", children.group(1), re.M) if children else []
            cls.commands[" ".join(words)] = {o for _, o in cls.HELP.findall(done.stdout)} - {"--help"}
            for name in names:
                walk([*words, name])

        walk([])

    def test_every_subcommand_and_option_is_documented(self):
        table = " ".join(cells[0] for cells in rows(section("docs/operations.md", "Running")))
        # By sections: an option counts where its subcommand is spoken of.
        parts = [part for text in TEXT.values() for part in re.split(r"^#+ ", text, flags=re.M)]
        missing = []
        for name, options in self.commands.items():
            last = name.rpartition(" ")[2]
            if name and " " not in name and not re.search(rf"`{name}\b", table):
                missing.append(name)
            there = [p for p in parts if not name or re.search(rf"[` ]{last}\b", p)]
            missing += [f"{name} {o}" for o in options
                        if not any(re.search(rf"{o}(?![\w-])", p) for p in there)]
        self.assertEqual(missing, [])
        self.assertIn("sim ocs", self.commands)

    def lines(self):
        """(page, words) of each command line of ours in a block or a span."""
        for page, text in [*blocks("sh"), *blocks(""), *blocks("console")]:
            for line in text.replace("\\\n", " ").splitlines():
                line = line.strip().removeprefix("$ ").rstrip("&").strip()
                found = re.match(r"(?:\S*/)?diamgw (?P<rest>.*)", line)
                if found and not found.group("rest").startswith(("(", "-")):
                    yield page, found.group("rest")
        for page, span in code_spans():
            if span.startswith("diamgw ") and span != "diamgw ":
                yield page, span.removeprefix("diamgw ")

    def test_every_command_line_has_options_that_there_are(self):
        wrong = []
        tried = 0
        for page, rest in self.lines():
            try:
                words = shlex.split(rest, comments=True)
            except ValueError as error:
                wrong.append(f"{page}: diamgw {rest}: {error}")
                continue
            name = ""
            while words and f"{name} {words[0]}".strip() in self.commands:
                name = f"{name} {words.pop(0)}".strip()
            if not name:
                wrong.append(f"{page}: diamgw {rest}: no such subcommand")
                continue
            tried += 1
            for word in words:
                option = word.split("=")[0]
                if option.startswith("--") and option not in self.commands[name] | {"--help"}:
                    wrong.append(f"{page}: diamgw {rest}: {option}")
        self.assertEqual(wrong, [])
        self.assertGreater(tried, 10)

    def test_exit_statuses_are_those_of_the_table(self):
        said = {cells[0]: cells[1] for cells in rows(section("docs/operations.md", "Exit statuses"))}
        self.assertEqual(set(said), {"0", "1", "2"})
        port = free_ports(1)[0]
        for status, arguments in ((0, ["version"]),
                                  (1, ["dict", "find", "no-such-name"]),
                                  (1, ["dict", "show", "no-such-name"]),
                                  (1, ["call", "--url", f"ws://127.0.0.1:{port}/", "CCR"]),
                                  (1, ["route", "--admin", f"127.0.0.1:{port}", "--realm", "a",
                                       "--application", "4"]),
                                  (2, ["serve", "--config", "/nowhere.json"]),
                                  (2, ["check-config", "/nowhere.json"]),
                                  (1, ["dict", "check", "/nowhere.dia"]),
                                  (2, ["nothing"])):
            self.assertEqual(diamgw(*arguments).returncode, status, arguments)

    def test_a_wrong_name_gets_the_nearest(self):
        done = diamgw("dict", "show", "Orgin-Host")
        self.assertIn("Origin-Host", done.stderr)


class Gateways(unittest.TestCase):
    """What can be asked of a gateway beside a simulated server, as the quickstart has them."""

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix="diamgw-documents-")
        cls.addClassCleanup(directory.cleanup)
        cls.ocs = SimOcs(directory.name)
        cls.addClassCleanup(cls.ocs.kill)
        cls.gateway = Gateway(directory.name, [cls.ocs.peer()]).wait_ready()
        cls.addClassCleanup(cls.gateway.kill)

    def ask(self, calls):
        """The response to each call, by its id."""
        client = RawWebSocket(self.gateway.websocket_port)
        try:
            client.send_text(json.dumps(calls))
            return client.receive()
        finally:
            client.close()

    def test_every_metric_is_documented_and_every_documented_one_is_there(self):
        status, text = http(f"{self.gateway.admin}/metrics")
        self.assertEqual(status, 200)
        there = set(re.findall(r"^# TYPE (\S+)", text, re.M))
        # Some appear with their first event; tests/golden/metrics.txt has them, and a test has that.
        golden = (ROOT / "tests/golden/metrics.txt").read_text()
        known = there | set(re.findall(r"^(?:# TYPE )?([a-z]\w+)", golden, re.M))
        pages = TEXT["docs/metrics.md"] + TEXT["docs/operations.md"] + TEXT["README.md"]
        said = set(re.findall(r"`((?:diamgw|diameter|gateway|websocket|jsonrpc|process)_[a-z0-9_]+)(?:\{|`)",
                              pages))
        suffixes = ("_bucket", "_sum", "_count")
        said = {next((m.removesuffix(s) for s in suffixes if m.endswith(s)
                      and m.removesuffix(s) in known), m) for m in said}
        self.assertEqual(sorted(there - said), [], "not documented")
        self.assertEqual(sorted(said - known), [], "documented, and not there")

    def test_every_label_value_is_documented(self):
        status, text = http(f"{self.gateway.admin}/metrics")
        self.assertEqual(status, 200)
        page = TEXT["docs/metrics.md"] + TEXT["docs/operations.md"]
        missing = set()
        for line in text.splitlines():
            if line.startswith("#") or "{" not in line:
                continue
            for label, value in re.findall(r'(\w+)="([^"]*)"', line):
                if label in ("le", "peer", "command", "application", "version", "compiler", "commit",
                             "shard", "class", "size", "pool", "boost", "build_type"):
                    continue  # of open sets, or numbers
                if not re.search(rf"\b{re.escape(value)}\b", page):
                    missing.add(f"{label}={value}")
        self.assertEqual(sorted(missing), [])

    def test_methods_are_those_of_the_discovery(self):
        document = self.ask({"jsonrpc": "2.0", "id": 1, "method": "rpc.discover"})["result"]
        own = {m["name"]: m for m in document["methods"] if "." in m["name"]}
        page = TEXT["docs/jsonrpc.md"]
        for name, method in own.items():
            self.assertIn(f"`{name}`", page)
            text = section("docs/jsonrpc.md", name)
            for parameter in method["params"]:
                self.assertIn(f'{{"{parameter["name"]}":', text, f"a parameter of {name}")
        for name in set(re.findall(r"`((?:gateway|rpc)\.[a-z_]+)`", ALL)):
            self.assertIn(name, {*own, "gateway.session_taken"})

    def test_error_codes_are_those_of_the_table(self):
        said = {(int(c[0]), c[1].strip("`")) for c in
                rows(section("docs/jsonrpc.md", "Error codes"))}
        source = (ROOT / "include/diamgw/jsonrpc/errors.hpp").read_text()
        there = {(int(n), name) for name, n in re.findall(r"^  (\w+) = (-\d+),", source, re.M)}
        self.assertEqual(said, there)
        # Each can come: something but the table of definitions makes it.
        sources = "".join(p.read_text() for p in (ROOT / "src").rglob("*.cpp")
                          if p.name != "errors.cpp")
        for _, name in there:
            self.assertRegex(sources, rf"error_number::{name}\b", f"nothing gives {name}")

    def test_every_call_that_is_shown_is_understood(self):
        shown = 0
        for page, text in blocks("json"):
            for value in json_values(text):
                for call in value if isinstance(value, list) else [value]:
                    if not isinstance(call, dict) or "method" not in call or "id" not in call:
                        continue
                    if call["method"] in ("RAR", "ASR"):
                        continue  # what the network asks
                    shown += 1
                    answer = self.ask({**call, "id": 1})
                    self.assertIn("result", answer, f"{page}: {json.dumps(call)[:200]}: {answer}")
        self.assertGreaterEqual(shown, 5)

    def test_the_quickstart_works_as_it_is_shown(self):
        script = next(text for page, text in blocks("sh") if page == "docs/quickstart.md")
        self.assertEqual(len(script.splitlines()), 3)
        config = json.loads((ROOT / "config/quickstart.json").read_text())
        ports = free_ports(4)
        with tempfile.TemporaryDirectory(prefix="diamgw-quickstart-") as folder:
            text = json.dumps(config)
            for was, now in zip((3868, 3880, 8080, 9090), ports):
                script = script.replace(f"127.0.0.1:{was}", f"127.0.0.1:{now}")
                text = text.replace(f'"port": {was}', f'"port": {now}')
            (pathlib.Path(folder) / "quickstart.json").write_text(text)
            script = script.replace("build/release/bin/diamgw", str(binary()))
            script = script.replace("config/quickstart.json", f"{folder}/quickstart.json")
            done = subprocess.run(["bash", "-c", script + "\nstatus=$?; kill %1 %2; wait; exit $status"],
                                  capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"Result-Code": 2001', done.stdout)

    def test_the_admin_api_is_that_of_the_table(self):
        said = {re.sub(r"\?.*", "", cells[0].strip("`")) for cells in
                rows(section("docs/operations.md", "What the gateway knows: `/api/v1`"))}
        known = http(f"{self.gateway.admin}/nothing")[1]
        there = set(re.findall(r"/api/v1/[^, \n]+", known))
        self.assertEqual({line.split()[1] for line in said}, there)
        for line in said:
            method, path = line.split()
            other = "POST" if method == "GET" else "GET"
            status, _ = http(self.gateway.admin + re.sub(r"\{\w+\}", "x", path), method=other)
            self.assertEqual(status, 405, line)

    def test_the_picture_of_the_rooms_has_every_file(self):
        drawn = section("docs/architecture.md", "The gateway's rooms")
        there = {path.stem for root in ("src/gateway", "include/diamgw/gateway")
                 for path in (ROOT / root).rglob("*.*pp")}
        self.assertEqual({name for name in there if not re.search(rf"\b{name}\b", drawn)}, set())
        for name in re.findall(r"^ +(\w+) {2,}", drawn, re.M):
            self.assertIn(name, there)

    def test_paths_that_are_named_exist(self):
        for page, text in TEXT.items():
            for path in re.findall(r"`((?:src|include|tests|scripts|bench|config|docker|deploy)/[a-z0-9_./-]+)`",
                                   text):
                self.assertTrue((ROOT / path).exists(), f"{page}: {path}")

    def test_links_lead_somewhere(self):
        broken = []
        for page, text in TEXT.items():
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                if target.startswith("http"):
                    continue
                file, _, anchor = target.partition("#")
                path = (ROOT / page).parent / file if file else ROOT / page
                if not path.exists():
                    broken.append(f"{page}: {target}")
                elif anchor:
                    heads = re.findall(r"^#+ (.+)$", path.read_text(), re.M)
                    anchors = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}
                    if anchor not in anchors:
                        broken.append(f"{page}: {target}")
        self.assertEqual(broken, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
