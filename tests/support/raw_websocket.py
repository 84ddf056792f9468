"""A WebSocket client that can say what no sound client says: frames are made octet by octet."""
import base64
import json
import os
import socket
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode, payload, fin=True, reserved=0, masked=True, length=None):
    """`length` lies about the payload's where it is given."""
    size = len(payload) if length is None else length
    octets = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    mask_bit = 0x80 if masked else 0
    if size < 126:
        octets += bytes([mask_bit | size])
    elif size < 65536:
        octets += bytes([mask_bit | 126]) + struct.pack(">H", size)
    else:
        octets += bytes([mask_bit | 127]) + struct.pack(">Q", size)
    if masked:
        key = os.urandom(4)
        octets += key
        payload = bytes(b ^ key[i % 4] for i, b in enumerate(payload))
    return octets + payload


class Closed(Exception):
    """The gateway ended the connection; `code` is that of its close frame, or None."""

    def __init__(self, code):
        super().__init__(f"closed with {code}")
        self.code = code


class RawWebSocket:
    def __init__(self, port, timeout=10, protocol="diameter.jsonrpc.v1", receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", port))
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                             "Sec-WebSocket-Version: 13\r\n"
                             f"Sec-WebSocket-Protocol: {protocol}\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            self._fill()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(head.decode())

    def _fill(self):
        try:
            octets = self.socket.recv(65536)
        except ConnectionResetError:
            octets = b""
        if not octets:
            raise Closed(None)
        self.buffer += octets

    def _take(self, count):
        while len(self.buffer) < count:
            self._fill()
        octets, self.buffer = self.buffer[:count], self.buffer[count:]
        return octets

    def send(self, octets):
        self.socket.sendall(octets)

    def send_text(self, text):
        self.send(frame(TEXT, text.encode()))

    def receive_frame(self):
        """(opcode, payload)"""
        first, second = self._take(2)
        size = second & 0x7f
        if size == 126:
            size, = struct.unpack(">H", self._take(2))
        elif size == 127:
            size, = struct.unpack(">Q", self._take(8))
        return first & 0x0f, self._take(size)

    def receive(self):
        """The next text as JSON; pings are answered, a close frame raises Closed."""
        while True:
            opcode, payload = self.receive_frame()
            if opcode == CLOSE:
                raise Closed(struct.unpack(">H", payload[:2])[0] if payload else None)
            if opcode == PING:
                self.send(frame(PONG, payload))
            if opcode == TEXT:
                return json.loads(payload)

    def call(self, method, params, call_id=1):
        self.send_text(json.dumps({"jsonrpc": "2.0", "id": call_id, "method": method,
                                   "params": params}))
        return self.receive()

    def close_code(self):
        """Reads until the gateway closes; its code."""
        try:
            while True:
                self.receive()
        except Closed as closed:
            return closed.code

    def vanish(self):
        """Ends the connection as a crash would."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()
