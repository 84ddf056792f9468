"""Wireshark's Diameter dictionary, as Debian ships it: XML files that include one another."""
import collections
import pathlib
import re
import xml.etree.ElementTree

FOLDER = pathlib.Path("/usr/share/wireshark/diameter")

Avp = collections.namedtuple("Avp", "vendor code name type values")


def read_xml(folder):
    """dictionary.xml with its entities, which are further files, put in."""
    text = (folder / "dictionary.xml").read_text(encoding="utf-8")
    entities = re.findall(r'<!ENTITY\s+(\S+)\s+SYSTEM\s+"([^"]+)">', text)
    text = re.sub(r"<!DOCTYPE.*?\]>", "", text, flags=re.DOTALL)
    for name, file in entities:
        part = (folder / file).read_text(encoding="utf-8")
        text = text.replace(f"&{name};", re.sub(r"<\?xml.*?\?>", "", part))
    return xml.etree.ElementTree.fromstring(text.encode())


def read(folder=FOLDER):
    """AVPs by (vendor, code), and the set of names of each command code."""
    root = read_xml(folder)
    vendors = {v.get("vendor-id"): int(v.get("code")) for v in root.iter("vendor")}
    avps = {}
    for node in root.iter("avp"):
        vendor = vendors[node.get("vendor-id") or "None"]
        kind = "Grouped" if node.find("grouped") is not None else node.find("type").get("type-name")
        values = {int(e.get("code")): e.get("name").strip() for e in node.iter("enum")}
        avp = Avp(vendor, int(node.get("code")), node.get("name").strip(), kind, values)
        avps.setdefault((vendor, avp.code), avp)  # a few small vendors' codes stand twice
    commands = collections.defaultdict(set)
    for node in root.iter("command"):
        commands[int(node.get("code"))].add(node.get("name"))
    return avps, commands
