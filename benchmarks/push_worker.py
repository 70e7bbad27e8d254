"""A process that only sends: the product's own Notifications, told by its input what to open."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

import uvloop
from aiohttp import ClientSession, TCPConnector

from benchmarks.pushing import Setting
from notifications.carriers import open_carriers
from notifications.service import Notifications
from storage.clock import SystemClock
from storage.database import Database
from storage.keys import Keys
from storage.sealing import Sealer


async def main() -> None:
    setting = Setting(**json.loads(sys.stdin.read()))
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    db = await Database.open(setting.database)
    try:
        async with ClientSession(connector=TCPConnector(limit=0)) as http:
            service = Notifications(
                db,
                Sealer(Keys.load(Path(setting.keys))),
                SystemClock(),
                open_carriers(http, setting.wechat(), setting.sms()),
                setting.terms(),
                jobs=(),
            )
            await service.start()
            print("ready", flush=True)
            await stopped.wait()
            await service.stop()
    finally:
        await db.close()


if __name__ == "__main__":
    uvloop.run(main())
