"""A client of the gateway, to copy. It connects again when the connection ends, with growing
intervals; it answers what the network asks; it says of each call that failed whether it may have
been served; and it ends when the gateway is gone for good."""
import asyncio
import json
import random
import time

import websockets

FIRST_INTERVAL = 0.25  # seconds; doubled after each failure
LONGEST_INTERVAL = 10.0
GRACE = 2.0  # the gateway's own error, which says more, comes before ours
PASSING = {"unable_to_deliver", "timed_out", "too_busy", "peer_lost", "draining",
           "connection_lost"}


def spread(interval):
    """Clients that lose one gateway must not all come back in the same instant."""
    return interval * random.uniform(0.5, 1.5)


class GatewayGone(Exception):
    """It could not be reached for as long as we were told to try."""


class CallError(Exception):
    """A call without an answer: docs/jsonrpc.md, "Error codes"."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.code = error.get("code")
        self.data = error.get("data", {})
        # Worth another attempt; anything else would fail again in the same way.
        self.passing = self.data.get("name") in PASSING
        # False where the request certainly reached nobody. Else it may have been served, and charged.
        self.maybe_served = self.data.get("sent") is not False


class Refused(Exception):
    """Raised by `serve`: the network is answered with this Result-Code."""

    def __init__(self, message, result_code):
        super().__init__(message)
        self.result_code = result_code


class _Call:
    def __init__(self, text):
        self.text = text
        self.sent = False
        self.answer = asyncio.get_running_loop().create_future()

    def fail(self, error):
        if not self.answer.done():
            self.answer.set_exception(error)


class Gateway:
    """`serve(method, params)` gives the result for a request from the network, or raises Refused."""

    def __init__(self, url, serve, give_up=60.0, timeout=10.0, trace=lambda direction, text: None):
        self._url, self._serve, self._trace = url, serve, trace
        self._give_up, self._timeout = give_up, timeout
        self._socket = None  # while it is open
        self._calls = {}  # by id; those that are not sent wait for a connection
        self._last_id = 0
        self._gone = None
        self._tasks = set()
        # Session-Ids whose requests from the network are ours: a new connection asks for them again.
        self.sessions = set()
        self.ended = None  # a task: done when there will be no connection any more

    async def __aenter__(self):
        self.ended = asyncio.create_task(self._stay_connected())
        return self

    async def __aexit__(self, *_):
        self.ended.cancel()
        await asyncio.gather(self.ended, return_exceptions=True)

    async def call(self, method, params=None, timeout=None):
        """The answer, whatever its Result-Code; raises CallError where there is none."""
        if self._gone:
            raise self._gone
        timeout = timeout or self._timeout
        self._last_id += 1
        number = self._last_id
        limit = {} if "." in method else {"$timeout": int(timeout * 1000)}
        call = self._calls[number] = _Call(json.dumps(
            {"jsonrpc": "2.0", "id": number, "method": method, "params": {**(params or {}), **limit}}))
        try:
            await self._send_waiting()
            return await asyncio.wait_for(call.answer, timeout + GRACE)
        except asyncio.TimeoutError:
            raise CallError({"message": "no answer came",
                             "data": {"name": "timed_out", "sent": call.sent}}) from None
        finally:
            del self._calls[number]

    async def call_until_answered(self, method, params, give_up=None):
        """Calls until there is an answer. Only for requests that the server knows again, as it knows
        a CCR by Session-Id and CC-Request-Number (RFC 8506 §8.2): others are charged twice."""
        end = time.monotonic() + (give_up or self._give_up)
        interval, repeated = FIRST_INTERVAL, {}
        while True:
            try:
                return await self.call(method, {**params, **repeated})
            except CallError as error:
                if not error.passing or time.monotonic() + interval > end:
                    raise
                if error.maybe_served:
                    # The T bit (RFC 6733 §3) lets the server look for the request that it had before.
                    repeated = {"$retransmitted": True}
            await asyncio.sleep(spread(interval))
            interval = min(2 * interval, LONGEST_INTERVAL)

    async def _stay_connected(self):
        interval, last_seen = FIRST_INTERVAL, time.monotonic()
        try:
            while True:
                lived = await self._connect_once()
                if lived is not None:
                    last_seen = time.monotonic()
                    interval = FIRST_INTERVAL if lived > interval else interval
                left = last_seen + self._give_up - time.monotonic()
                if left <= 0:
                    self._gone = GatewayGone(f"{self._url} was not reached for {self._give_up} s")
                    raise self._gone
                await asyncio.sleep(min(spread(interval), left))
                interval = min(2 * interval, LONGEST_INTERVAL)
        finally:
            for call in list(self._calls.values()):
                call.fail(self._gone or self._lost(call))

    async def _connect_once(self):
        """One connection, until it has ended: how long it lived, or None where there was none."""
        opened = None
        try:
            # A connection that does not answer pings is dead: the library ends it.
            async with websockets.connect(
                    self._url, subprotocols=["diameter.jsonrpc.v1"], open_timeout=5,
                    ping_interval=15, ping_timeout=15, max_size=8 << 20) as socket:
                opened, self._socket = time.monotonic(), socket
                for session in self.sessions:
                    self._start(self._bind(session))
                await self._send_waiting()
                async for text in socket:
                    self._on_message(socket, text)
        except (OSError, asyncio.TimeoutError, websockets.WebSocketException) as error:
            self._trace("!!", str(error))
        finally:
            self._socket = None
            for call in list(self._calls.values()):
                if call.sent:
                    call.fail(self._lost(call))
        return None if opened is None else time.monotonic() - opened

    @staticmethod
    def _lost(call):
        return CallError({"message": "the connection ended",
                          "data": {"name": "connection_lost", "sent": call.sent}})

    async def _bind(self, session):
        try:
            await self.call("gateway.bind", {"session_id": session})
        except (CallError, GatewayGone) as error:
            self._trace("!!", str(error))

    def _start(self, coroutine):
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)  # the loop itself does not keep it
        task.add_done_callback(self._tasks.discard)

    async def _send_waiting(self):
        for call in list(self._calls.values()):
            if self._socket and not call.sent:
                call.sent = True
                await self._send(self._socket, call.text)

    async def _send(self, socket, text):
        self._trace("->", text)
        try:
            await socket.send(text)
        except websockets.ConnectionClosed:
            pass  # whoever waits is told by _connect_once

    def _on_message(self, socket, text):
        self._trace("<-", text)
        message = json.loads(text)
        if "method" in message and "id" in message:
            self._start(self._answer(socket, message))
        elif "method" in message:
            self._on_notification(message["method"], message["params"])
        elif (call := self._calls.get(message.get("id"))) and not call.answer.done():
            if "error" in message:
                call.fail(CallError(message["error"]))
            else:
                call.answer.set_result(message["result"])

    def _on_notification(self, method, params):
        """Others may come to be."""
        if method == "gateway.session_taken":  # another client has it now
            self.sessions.discard(params["session_id"])

    async def _answer(self, socket, message):
        """A request from the network: the answer goes back under its id, on its connection."""
        try:
            outcome = {"result": self._serve(message["method"], message["params"])}
        except Exception as error:  # the network is told, whatever it was
            outcome = {"error": {"code": -32000, "message": str(error),
                                 "data": {"result_code": getattr(error, "result_code", 5012)}}}
        await self._send(socket, json.dumps({"jsonrpc": "2.0", "id": message["id"], **outcome}))
