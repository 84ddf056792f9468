"""A Diameter peer that can say what no sound peer says: messages are made octet by octet."""
import socket
import struct
import threading

SESSION_ID, ORIGIN_HOST, ORIGIN_REALM, RESULT_CODE = 263, 264, 296, 268
DESTINATION_REALM, AUTH_APPLICATION_ID = 283, 258
CER, RAR, CCR, ASR, DWR, DPR = 257, 258, 272, 274, 280, 282
REQUEST, PROXIABLE, ERROR = 0x80, 0x40, 0x20


def avp(code, data, flags=0x40, length=None):
    """`length` lies about the AVP's where it is given."""
    if isinstance(data, str):
        data = data.encode()
    elif isinstance(data, int):
        data = struct.pack(">I", data)
    size = 8 + len(data) if length is None else length
    return (struct.pack(">IB", code, flags) + struct.pack(">I", size)[1:] + data
            + bytes(-len(data) % 4))


def message(flags, command, application, hop_by_hop, *avps, length=None, version=1, end_to_end=1):
    """`length` lies about the message's where it is given."""
    body = b"".join(avps)
    size = 20 + len(body) if length is None else length
    return (bytes([version]) + struct.pack(">I", size)[1:] + bytes([flags])
            + struct.pack(">I", command)[1:]
            + struct.pack(">III", application, hop_by_hop, end_to_end) + body)


class Message:
    def __init__(self, octets):
        self.octets = octets
        self.flags = octets[4]
        self.command = int.from_bytes(octets[5:8], "big")
        self.application, self.hop_by_hop, self.end_to_end = struct.unpack(">III", octets[8:20])
        self.avps = []
        rest = octets[20:]
        while rest:
            code, flags = struct.unpack(">IB", rest[:5])
            size = int.from_bytes(rest[5:8], "big")
            self.avps.append((code, rest[12 if flags & 0x80 else 8:size]))
            rest = rest[size + -size % 4:]

    def find(self, code):
        return next((data for c, data in self.avps if c == code), None)

    def result(self):
        data = self.find(RESULT_CODE)
        return struct.unpack(">I", data)[0] if data else None


class RawPeer:
    """One connection, as the peer `host`, opened by us or accepted."""

    def __init__(self, connection, host, timeout=10):
        self.socket = connection
        self.socket.settimeout(timeout)
        self.host = host
        self.buffer = b""

    @classmethod
    def connect(cls, port, host):
        """Connects and exchanges capabilities."""
        peer = cls(socket.create_connection(("127.0.0.1", port)), host)
        peer.send(message(REQUEST, CER, 0, 1, *peer.capabilities()))
        answer = peer.receive()
        if answer.command != CER or answer.result() != 2001:
            raise ConnectionError(f"CEA with {answer.result()}")
        return peer

    def origin(self):
        return [avp(ORIGIN_HOST, self.host), avp(ORIGIN_REALM, "example")]

    def capabilities(self):
        return [*self.origin(), avp(257, b"\x00\x01\x7f\x00\x00\x01"), avp(266, 0),
                avp(269, "raw peer", 0), avp(AUTH_APPLICATION_ID, 4)]

    def send(self, octets):
        self.socket.sendall(octets)

    def receive(self):
        """The next message but watchdogs, which are answered; None at the end of the connection."""
        while True:
            while len(self.buffer) < 4 or len(self.buffer) < self._length():
                try:
                    octets = self.socket.recv(65536)
                except ConnectionResetError:
                    octets = b""
                if not octets:
                    return None
                self.buffer += octets
            size = self._length()
            octets, self.buffer = self.buffer[:size], self.buffer[size:]
            received = Message(octets)
            if received.command == DWR and received.flags & REQUEST:
                self.answer(received, avp(RESULT_CODE, 2001), *self.origin())
            else:
                return received

    def _length(self):
        return int.from_bytes(self.buffer[1:4], "big")

    def answer(self, request, *avps):
        self.send(message(request.flags & PROXIABLE, request.command, request.application,
                          request.hop_by_hop, *avps, end_to_end=request.end_to_end))

    def close(self):
        self.socket.close()


class RawServer:
    """Accepts one peer connection at a time and answers its CER; the test does the rest."""

    def __init__(self, port, host):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.host = host
        self.port = self.listener.getsockname()[1]

    def peer(self):
        """Its entry in a gateway's `diameter.peers`."""
        return {"host": self.host, "realm": "example",
                "connect": {"address": "127.0.0.1", "port": self.port}}

    def accept(self, timeout=10):
        self.listener.settimeout(timeout)
        peer = RawPeer(self.listener.accept()[0], self.host)
        request = peer.receive()
        peer.answer(request, avp(RESULT_CODE, 2001), *peer.capabilities())
        return peer

    def accept_in_background(self):
        """The peer is put into the list that is returned, once it is there."""
        peers = []
        thread = threading.Thread(target=lambda: peers.append(self.accept(20)), daemon=True)
        thread.start()
        return peers, thread

    def close(self):
        self.listener.close()
