#!/usr/bin/env python3
"""tshark reads what we write, and we read AVPs as it does.

Examples are random messages of every command of the dictionary, written by the generated encoders
where a command has one: tshark must find nothing malformed in them, and nothing to remark. Then octets of the examples and of the fuzzers' corpus are changed at random, and
our list of AVPs is compared with tshark's: code, vendor, flags and length of each, groups entered.

TESTED_TOOL is diamgw_message_tool; the one of build/dev is taken where it is not set."""
import os
import pathlib
import random
import re
import subprocess
import tempfile
import unittest

import decoders
import wireshark_dictionary

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOL = os.environ.get("TESTED_TOOL", ROOT / "build" / "dev" / "bin" / "diamgw_message_tool")
CORPUS = ROOT / "tests" / "fuzz" / "corpus"

EXAMPLE_ROUNDS = 6    # random messages of each request and answer
MUTANTS = 4000
SEED = 6733
SHORTEST = 36  # octets of a message that tshark takes for Diameter

FIELDS = ["diameter.avp.code", "diameter.avp.vendorId", "diameter.avp.flags", "diameter.avp.len",
          "_ws.malformed", "_ws.expert.message"]

VENDORS = {"Reserved": 0, "3GPP": 10415, "ETSI": 13019}  # as tshark calls them


def run_tool(*words, given=None):
    return subprocess.run([TOOL, *words], input=given, capture_output=True, text=True,
                          check=True).stdout.splitlines()


def read_by_tshark(messages):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "messages.pcap"
        decoders.write_pcap(path, messages)
        fields = [word for field in FIELDS for word in ("-e", field)]
        lines = decoders.tshark(path, "-T", "fields", "-E", "aggregator=;", *fields)
    rows = [line.split("\t") for line in lines]
    if len(rows) != len(messages):
        raise AssertionError(f"{len(messages)} messages, {len(rows)} packets")
    return rows


def their_avps(row):
    """(code, vendor, flags, length) in the order of the octets; groups stand before their inside."""
    codes, vendors, flags, lengths = ([int(v, 0) for v in column.split(";") if v]
                                      for column in row[:4])
    vendors = iter(vendors)
    return [(code, next(vendors, 0) if flag & 0x80 else 0, flag, length)
            for code, flag, length in zip(codes, flags, lengths)]


def our_avps(line, entered):
    """The same of a line of the tool; of groups that `entered` does not have, no inside. The second
    result is False where the list ends early: at a group whose inside is cut short, or which only
    `entered` knows for a group."""
    words = line.split()
    avps, skipped, at = [], 0, 0
    while at < len(words):
        if words[at] == "[":
            skipped += 1 if skipped or avps[-1][:2] not in entered else 0
            at += 1
        elif words[at] == "]":
            skipped -= 1 if skipped else 0
            at += 1
        elif words[at] == "cut":
            if not skipped:
                return avps, False
            at += 1
        else:
            if not skipped:
                avps.append(tuple(int(word) for word in words[at:at + 4]))
                if avps[-1][:2] in entered and words[at + 4:at + 5] != ["["]:
                    return avps, False
            at += 4
    return avps, True


def mutate(message, choose):
    """One or two changes of the kind that breaks lengths, flags and codes."""
    octets = bytearray(message)
    for _ in range(choose.choice((1, 1, 1, 2))):
        at = choose.randrange(20, len(octets)) if len(octets) > 20 else len(octets) - 1
        kind = choose.randrange(4)
        if kind == 0:
            octets[at] ^= 1 << choose.randrange(8)
        elif kind == 1:
            octets[at] = choose.randrange(256)
        elif kind == 2:
            at &= ~3
            octets[at:at + 4] = bytes((0, 0, 0, choose.randrange(64)))
        else:  # cut, with a header that tells the truth of it
            del octets[max(20, at & ~3):]
            octets[1:4] = len(octets).to_bytes(3, "big")
    return bytes(octets)


def corpus_messages():
    """The files of the fuzzers' corpus that hold one whole message."""
    for path in sorted(CORPUS.glob("*/*")):
        octets = path.read_bytes()
        if 20 <= len(octets) <= 60000 and octets[0] == 1 and len(octets) == int.from_bytes(
                octets[1:4], "big"):
            yield octets


# Remarks that tshark makes of itself: it ends the packet there.
OWN_FAULTS = ("rar_flags_spare",)  # an assertion about RAR-Flags, whatever its value


class TsharkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        lines = [line.split() for line in run_tool("examples", str(EXAMPLE_ROUNDS))]
        cls.names = [name for name, _ in lines]
        cls.examples = [bytes.fromhex(octets) for _, octets in lines]
        cls.known, cls.commands = wireshark_dictionary.read()

    def is_lacking(self, remark, message):
        """It lacks AVPs, commands and applications of later releases: the comparison of dictionaries
        judges those."""
        if remark.startswith("Unknown Application Id"):
            return True
        if remark.startswith("Unknown command"):
            return int.from_bytes(message[5:8], "big") not in self.commands
        unknown = re.match(r"Unknown AVP (\d+) \(vendor=(.*)\)", remark)
        return unknown and (VENDORS[unknown[2]], int(unknown[1])) not in self.known

    def test_examples_decode_without_a_remark(self):
        self.assertGreater(len(self.examples), 50)
        for name, message, row in zip(self.names, self.examples, read_by_tshark(self.examples)):
            if any(fault in row[5] for fault in OWN_FAULTS):
                continue
            remarks = [r for r in row[5].split(";") if r and not self.is_lacking(r, message)]
            with self.subTest(name):
                self.assertEqual((row[4], remarks), ("", []), message.hex())

    def test_avps_are_those_that_tshark_lists(self):
        choose = random.Random(SEED)
        whole = self.examples + list(corpus_messages())
        messages = whole + [mutate(choose.choice(whole), choose) for _ in range(MUTANTS)]
        ours = run_tool("avps", given="".join(m.hex() + "\n" for m in messages))
        groups = {(code, vendor) for (vendor, code), avp in self.known.items() if avp.type == "Grouped"}
        compared = 0
        for message, line, row in zip(messages, ours, read_by_tshark(messages)):
            theirs, malformed = their_avps(row), bool(row[4])
            with self.subTest(message.hex()):
                if len(message) < SHORTEST:
                    continue
                if line.startswith("refused:"):
                    self.assertTrue(malformed or row[5] or "bit" in line, line)
                    continue
                avps, whole = our_avps(line, groups)
                if malformed or not whole:  # tshark stops at a bad value
                    length = min(len(avps), len(theirs))
                    avps, theirs = avps[:length], theirs[:length]
                else:
                    compared += 1
                self.assertEqual(avps, theirs)
        self.assertGreater(compared, len(messages) // 3)


if __name__ == "__main__":
    unittest.main()
