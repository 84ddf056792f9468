"""A credit-control session: CCR-I, some CCR-U, CCR-T; RARs and ASRs are answered, and a gateway that
is started again is found again.

    apt install python3-websockets   (or: pip install -r requirements.txt)
    python3 ccr.py [URL] [--updates 1] [--every 1] [--timeout 10] [--give-up 60] [--wait-rar]

Exit status: 0 done; 1 the session was refused or failed; 2 wrong arguments; 3 the gateway is gone."""
import argparse
import asyncio
import json
import os
import sys
import time

from gateway import CallError, Gateway, GatewayGone, Refused

WANTED = {"Requested-Service-Unit": {"CC-Total-Octets": "1000"}}
USED = {"Used-Service-Unit": [{"CC-Total-Octets": "800"}]}


class Failed(Exception):
    pass


class Session:
    def __init__(self, options):
        self.options = options
        # Chosen here, so that a CCR-I that is sent again is for the same session.
        self.id = f"example.client;{int(time.time())};{os.getpid()}"
        self.number = 0
        self.aborted = False
        self.woken = asyncio.Event()  # by the network

    def serve(self, method, params):
        """What the network asks: the result is the answer's AVPs."""
        if params.get("Session-Id") != self.id:
            return {"Result-Code": "DIAMETER_UNKNOWN_SESSION_ID"}
        if method not in ("RAR", "ASR"):
            raise Refused(f"{method} is not served here", 3001)
        self.aborted |= method == "ASR"
        self.woken.set()
        # RFC 8506 §5.5: a CCR-U follows a RAR; after an ASR it is the CCR-T.
        return {"Result-Code": ("DIAMETER_LIMITED_SUCCESS" if method == "RAR"
                                else "DIAMETER_SUCCESS")}

    async def ccr(self, gateway, kind, units):
        answer = await gateway.call_until_answered("CCR", {
            "Session-Id": self.id,
            "Destination-Realm": "example",
            "Auth-Application-Id": 4,
            "Service-Context-Id": "32251@3gpp.org",
            "CC-Request-Type": kind,
            "CC-Request-Number": self.number,
            "Subscription-Id": [{"Subscription-Id-Type": "END_USER_E164",
                                 "Subscription-Id-Data": "491701234567"}],
            **units})
        self.number += 1
        if answer["Result-Code"] != 2001:
            raise Failed(f"{kind}: Result-Code {answer['Result-Code']}")

    async def pause(self, seconds):
        """Until it is time for the next request, or the network wants one."""
        try:
            await asyncio.wait_for(self.woken.wait(), seconds)
        except asyncio.TimeoutError:
            pass
        self.woken.clear()

    async def run(self, gateway):
        await self.ccr(gateway, "INITIAL_REQUEST", WANTED)
        gateway.sessions.add(self.id)
        if self.options.wait_rar:
            await self.pause(None)
        for i in range(self.options.updates):
            if i > 0:
                await self.pause(self.options.every)
            if self.aborted:
                break
            await self.ccr(gateway, "UPDATE_REQUEST", {**USED, **WANTED})
        gateway.sessions.discard(self.id)
        await self.ccr(gateway, "TERMINATION_REQUEST", USED)


async def main(options):
    session = Session(options)
    try:
        async with Gateway(options.url, session.serve, options.give_up, options.timeout,
                           trace=lambda direction, text: print(direction, text, flush=True)) as gateway:
            running = asyncio.create_task(session.run(gateway))
            await asyncio.wait({running, gateway.ended}, return_when=asyncio.FIRST_COMPLETED)
            running.cancel()  # of no effect where it is done
            await asyncio.gather(running, return_exceptions=True)
            await (gateway.ended if gateway.ended.done() else running)
    except GatewayGone as error:
        print(error, file=sys.stderr)
        return 3
    except (CallError, Failed) as error:
        print(error, json.dumps(getattr(error, "data", {})), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A credit-control session over the gateway")
    parser.add_argument("url", nargs="?", default="ws://127.0.0.1:8080/", metavar="URL")
    parser.add_argument("--updates", type=int, default=1, help="CCR-Us of the session")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between them")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds for each answer")
    parser.add_argument("--give-up", type=float, default=60.0,
                        help="seconds without a gateway after which to end")
    parser.add_argument("--wait-rar", action="store_true", help="before the first CCR-U")
    sys.exit(asyncio.run(main(parser.parse_args())))
