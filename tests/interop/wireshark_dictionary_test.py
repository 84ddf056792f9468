#!/usr/bin/env python3
"""Compares config/dictionary/*.dia with the Diameter dictionary of Wireshark: the code, vendor,
name and type of every AVP, the values that have names, and the names of commands.

A difference fails, unless wireshark/NAME.txt explains it, NAME being the `.dia` file that the
difference is about. One line there explains one difference, in the words that this test prints:

    type 0:8 Framed-IP-Address: OctetString, there IPAddress | why that is right

A line whose difference is gone fails too. What is compared with what:

    code     an AVP's name stands there at another vendor or code
    unknown  neither an AVP's vendor and code nor its name stand there
    missing  an AVP of a range that a document here covers (COVERED) stands only there
    name     an AVP's names differ
    type     its types differ beyond SAME_TYPES
    value    the names of a value differ in more than case, punctuation and a description
    values   values that have a name only here, or only there ("Reserved" is none)
    command  the name of a command differs

Usage: wireshark_dictionary_test.py [--file NAME.dia]...    all files, or those named
TESTED_BINARY is diamgw_dictionary_tool; the one of build/dev is taken where it is not set."""
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import wireshark_dictionary

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXPLAINED = HERE / "wireshark"

# A type there, and ours that say the same.
SAME_TYPES = {
    "IPAddress": {"Address"},  # its name for the derived type of RFC 6733 §4.3.1
    "AppId": {"Unsigned32"},  # an Unsigned32 that it shows as the name of an application
    "VendorId": {"Unsigned32"},  # the same of a vendor
    "OctetStringOrUTF8": {"OctetString", "UTF8String"},  # text where it looks like text
}

# What stands there for numbers that have no name.
NO_NAMES = {"Reserved", "Unassigned"}

# Ranges of codes that one document was given; what Wireshark has there, we must have, too.
COVERED = {
    "rfc5090": [(0, 103, 122)],
    "rfc5580": [(0, 126, 132)],
    "rfc5624": [(0, 495, 503)],
    "rfc5777": [(0, 508, 578)],
    "rfc6733": [(0, 257, 299)],
    "rfc7683": [(0, 621, 627)],
    "rfc8506": [(0, 411, 461), (0, 653, 669)],
    "ts29_061": [(10415, 1, 33), (10415, 900, 934)],
    "ts29_212": [(10415, 1000, 1099), (10415, 2800, 2855)],
    "ts29_214": [(10415, 500, 586)],
    "ts29_215": [(10415, 2200, 2208)],
    "ts29_219": [(10415, 2901, 2907)],
    "ts29_229": [(10415, 600, 666)],
    "ts29_273": [(10415, 318, 318), (10415, 1500, 1599)],
    "ts29_329": [(10415, 700, 722)],
    "ts29_173": [(10415, 2400, 2411)],
    "ts29_272": [(10415, 1400, 1499), (10415, 1600, 1799)],
}

Avp = collections.namedtuple("Avp", "source name vendor code type values value_sources")


def tool():
    return os.environ.get("TESTED_BINARY") or ROOT / "build/dev/bin/diamgw_dictionary_tool"


def read_ours(files):
    """What the tool lists of `.dia` files: AVPs by (vendor, code), and (source, code, name) of
    commands."""
    with tempfile.TemporaryDirectory(prefix="diamgw-dictionary-") as folder:
        path = pathlib.Path(folder) / "list"
        subprocess.run([tool(), "--list", path, *files], check=True)
        lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    by_name = {}
    for _, source, name, vendor, code, kind, _ in (f for f in lines if f[0] == "avp"):
        by_name[name] = Avp(source, name, int(vendor), int(code), kind, {}, {})
    for _, source, name, number, value in (f for f in lines if f[0] == "value"):
        avp = by_name[name]
        avp.values.setdefault(int(number), set()).add(value)
        avp.value_sources.setdefault(int(number), source)
    commands = {(f[1], int(f[3]), f[4]) for f in lines if f[0] == "command"}
    return {(a.vendor, a.code): a for a in by_name.values()}, commands


def plain(name):
    """A value's name without what is a matter of taste: case, punctuation, its number in
    parentheses."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\s*\(-?\d+\)$", "", name).casefold())


def same_value(ours, theirs):
    """One name, or theirs is ours with a description behind it."""
    return plain(theirs).startswith(plain(ours))


def ranges(numbers):
    """1, 2, 3, 5 as `1-3 5`."""
    out = []
    for n in sorted(numbers):
        if out and n == out[-1][1] + 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


def same_type(ours, theirs):
    if theirs.type == "Enumerated" and ours.type in ("Unsigned32", "Integer32", "Unsigned64"):
        return bool(ours.values)  # its way to give names to numbers; ours is @define
    return ours.type in SAME_TYPES.get(theirs.type, {theirs.type})


def compare_values(ours, theirs):
    label = f"{ours.vendor}:{ours.code} {ours.name}"
    if not theirs.values and theirs.type != "Enumerated":
        return  # it names no values of such an AVP
    here = collections.defaultdict(set)
    for number, names in ours.values.items():
        if number not in theirs.values:
            here[ours.value_sources[number]].add(number)
        elif not any(same_value(name, theirs.values[number]) for name in names):
            yield ours.value_sources[number], (f"value {label} {number}: {min(names)}, "
                                               f"there {theirs.values[number]}")
    for source, numbers in sorted(here.items()):
        yield source, f"values {label}: only here {ranges(numbers)}"
    there = {n for n, name in theirs.values.items() if name not in NO_NAMES} - set(ours.values)
    if there:
        yield ours.source, f"values {label}: only there {ranges(there)}"


def compare_avp(ours, theirs, codes_there):
    """Differences of one AVP, each with the file that it is about."""
    label = f"{ours.vendor}:{ours.code} {ours.name}"
    if theirs is None or (theirs.name != ours.name and ours.name in codes_there):
        elsewhere = codes_there.get(ours.name)
        if elsewhere:
            yield ours.source, f"code {label}: there " + " ".join(f"{v}:{c}" for v, c in elsewhere)
        else:
            yield ours.source, f"unknown {label}"
        return
    if theirs.name != ours.name:
        yield ours.source, f"name {label}: there {theirs.name}"
    if not same_type(ours, theirs):
        yield ours.source, f"type {label}: {ours.type}, there {theirs.type}"
    if ours.type != "Grouped":
        yield from compare_values(ours, theirs)


def differences(files):
    """Every difference, by the file that it is about."""
    ours, our_commands = read_ours(files)
    theirs, their_commands = wireshark_dictionary.read()
    codes_there = collections.defaultdict(list)
    for key, avp in theirs.items():
        codes_there[avp.name].append(key)
    found = collections.defaultdict(set)
    for key, avp in ours.items():
        for source, text in compare_avp(avp, theirs.get(key), codes_there):
            found[source].add(text)
    for source, parts in COVERED.items():
        for vendor, first, last in parts:
            for code in range(first, last + 1):
                if (vendor, code) in theirs and (vendor, code) not in ours:
                    found[source].add(f"missing {vendor}:{code} {theirs[vendor, code].name}")
    for source, code, name in our_commands:
        if name not in their_commands.get(code, {}):
            names = ", ".join(sorted(their_commands.get(code, {}))) or "none"
            found[source].add(f"command {code} {name}: there {names}")
    return found


def read_explained(path):
    """The differences that a file explains; complains of lines without a reason or stated twice."""
    explained, faults = set(), []
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        text, bar, reason = line.partition(" | ")
        if not bar or not reason.strip():
            faults.append(f"{path.name}:{number}: no ' | reason' in: {line}")
        elif text.strip() in explained:
            faults.append(f"{path.name}:{number}: explained twice: {text.strip()}")
        explained.add(text.strip())
    return explained, faults


def order(text):
    """Differences in the order of the codes, however they differ."""
    return [int(word) if word.isdigit() else 0 for word in re.findall(r"\d+", text)], text


def main(arguments):
    files = sorted((ROOT / "config/dictionary").glob("*.dia"))
    wanted = {pathlib.Path(a).stem for a in arguments if a != "--file"}
    unknown = wanted - {f.stem for f in files}
    if unknown:
        sys.exit(f"no such file in config/dictionary: {', '.join(sorted(unknown))}")
    found = differences(files)
    faults = []
    names = {f.stem for f in files} | {p.stem for p in EXPLAINED.glob("*.txt")}
    for name in sorted(wanted or names):
        path = EXPLAINED / f"{name}.txt"
        explained, more = read_explained(path)
        faults += more
        faults += [f"{name}: {text}" for text in sorted(found[name] - explained, key=order)]
        faults += [f"{path.name}: no longer a difference: {text}"
                   for text in sorted(explained - found[name], key=order)]
    for fault in faults:
        print(fault)
    count = sum(len(found[name]) for name in (wanted or names))
    print(f"{count} differences, {len(faults)} of them or of their explanations not in order")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
