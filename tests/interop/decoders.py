"""Diameter messages as a capture file, and what tshark reads in it."""
import struct
import subprocess

LINKTYPE_RAW = 101  # the packet begins with its IP header
PORT = 3868
MAX_PACKET = 65535
HEADERS = 40


def write_pcap(path, messages):
    """One TCP connection for each message, so that none is joined with another."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, MAX_PACKET, LINKTYPE_RAW))
        for number, message in enumerate(messages):
            length = HEADERS + len(message)
            if length > MAX_PACKET:
                raise ValueError(f"message {number} has {len(message)} octets")
            source = struct.pack(">I", 0x0A000000 + number // 50000 + 1)
            ip = struct.pack(">BBHHHBBH", 0x45, 0, length, 0, 0, 64, 6, 0) + source + bytes(
                (10, 255, 0, 1))
            tcp = struct.pack(">HHIIBBHHH", 10000 + number % 50000, PORT, 1, 1, 0x50, 0x18, 65535,
                              0, 0)
            out.write(struct.pack("<IIII", number, 0, length, length) + ip + tcp + message)


def tshark(path, *words):
    """What tshark prints of a capture file, line by line."""
    done = subprocess.run(["tshark", "-n", "-r", str(path), "-o", "tcp.check_checksum:FALSE",
                           "-o", "ip.check_checksum:FALSE", *words],
                          capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
