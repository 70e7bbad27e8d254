"""What not to do: a lease, a call, and a retry of whatever the lease outlived.

The usual way, kept here so that the count which finds no doubles is known to see them.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

import uvloop
from aiohttp import ClientSession, TCPConnector

from benchmarks.pushing import Setting
from notifications.carriers import Carrier, open_carriers
from notifications.channels.rate import Lane, MessageRate
from notifications.messages import Message
from storage.database import Database, Row
from storage.keys import Keys
from storage.outbox import SKIP_LOCKED
from storage.sealing import Sealer

BATCH = 100


async def work(
    db: Database, sealer: Sealer, carriers: dict[str, Carrier], rate: MessageRate, lease: float
) -> None:
    while True:
        now = int(time.time() * 1000)
        rows = await db.rows(
            "UPDATE deliveries SET state = 'sending', lease_until = ? WHERE id IN"  # noqa: S608
            " (SELECT id FROM deliveries WHERE state = 'new'"
            f" OR (state = 'sending' AND lease_until < ?) LIMIT ?{SKIP_LOCKED[db.dialect]})"
            " RETURNING id, channel, (SELECT a.sealed FROM addresses a"
            " WHERE a.person_id = deliveries.person_id AND a.channel = deliveries.channel)"
            " AS address, (SELECT c.params FROM campaigns c WHERE c.id = campaign_id) AS params",
            now + int(lease * 1000), now, BATCH,
        )  # fmt: skip
        await asyncio.gather(*(send(row, sealer, carriers, rate) for row in rows))
        await db.run_many(
            "UPDATE deliveries SET state = 'sent' WHERE id = ?", [(row["id"],) for row in rows]
        )
        if not rows:
            await asyncio.sleep(0.1)


async def send(row: Row, sealer: Sealer, carriers: dict[str, Carrier], rate: MessageRate) -> None:
    await rate.permit(Lane.NORMAL)
    address = sealer.open_address(bytes(row["address"])).decode()
    await carriers[row["channel"]].send(address, message(row), row["id"])


def message(row: Row) -> Message:
    params = json.loads(row["params"])
    if row["channel"] == "sms":
        return Message(gateway="aliyun", external_id="SMS_notice", values=params)
    values = {"thing1": params["title"], "thing2": params["text"]}
    return Message(gateway="wechat", external_id="wx-notice", values=values)


async def main() -> None:
    setting = Setting(**json.loads(sys.stdin.read()))
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    db = await Database.open(setting.database)
    try:
        async with ClientSession(connector=TCPConnector(limit=0)) as http:
            carriers = dict(open_carriers(http, setting.wechat(), setting.sms()))
            sealer = Sealer(Keys.load(Path(setting.keys)))
            rate = MessageRate(setting.per_second)
            task = asyncio.create_task(work(db, sealer, carriers, rate, setting.lease_seconds))
            print("ready", flush=True)
            await stopped.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    finally:
        await db.close()


if __name__ == "__main__":
    uvloop.run(main())
