"""A push under kill -9, whole: servers, the product's processes, the provider, and the count.

`run` builds a county in a database of its own, starts the product as real processes, makes
campaigns over all its people, kills at random, and at the end compares what the provider counted
with what the database shows. Nothing of it asserts; tests and `chaos.py` do.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from benchmarks.chaos_clock import NAME, ClockTask, tag
from benchmarks.chaos_provider import OPENID, PHONE, Wiring
from benchmarks.chaos_servers import Postgres, RabbitMq, free_port, kill_tree
from benchmarks.pushing import Setting
from notifications.templates import bind
from storage.database import Database, Row, Unavailable
from storage.ids import new_id
from storage.keys import Keys
from storage.moments import NEVER, from_ms, to_ms
from storage.sealing import Sealer

ROOT = Path(__file__).resolve().parent.parent
COUNTY = "990101"
CLOCK_PERSON = 9_000_000  # whom the occurrences text
SECRET, TOKEN = "chaosCallbackSecret00", "chaosToken"
AES_KEY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
APP_ID = "wx5e1f00d0c0ffee11"
BOTH_EACH = 10  # every so many people have WeChat and a phone; the others one of them by turns
EXPLAINED = ("unknown", "refused", "dead")
POSTGRES_KILLS = {"worker": 44, "web": 20, "scheduler": 12, "clock": 12, "database": 8, "broker": 4}
SQLITE_KILLS = {"all": 85, "clock": 15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is run. `naive` sends with plain lease-and-retry instead of the product."""

    store: str  # sqlite or postgres
    people: int
    campaigns: int
    kills: int
    seed: int = 1
    naive: bool = False
    clocks: int = 3
    workers: int = 2
    webs: int = 2
    schedulers: int = 2
    broker: bool = True
    freezes: int = 0  # of who sends, each longer than a lease
    kinds: dict[str, int] = field(default_factory=dict)  # who is killed how often; {}: usual
    lease_seconds: float = 4.0
    rest_seconds: float = 10.0
    per_second: float = 2000.0
    patience_seconds: float = 600.0

    def victims(self) -> list[str]:
        """Who is killed, in order."""
        usual = POSTGRES_KILLS if self.store == "postgres" else SQLITE_KILLS
        weights = self.kinds or usual
        chosen = random.Random(self.seed)
        names = [name for name, n in weights.items() for _ in range(n)]
        if self.kinds or self.kills == len(names):
            chosen.shuffle(names)
            return names[: self.kills]
        return [chosen.choice(names) for _ in range(self.kills)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run came to. All but `states` and `not_finished` as the provider counted it."""

    expected: int
    reached: int
    explained: dict[str, int]  # not reached, and shown as such: state -> people
    lost: int  # not reached, and nothing says so
    twice: int
    shown_wrongly: int  # reached, and shown as refused, dead or never begun
    repeats_dropped: int  # WeChat messages sent again with the same client_msg_id
    answers_lost: int
    calls: dict[str, int]
    reports: int
    reports_given_up: int
    occurrences: int
    occurrences_missed: int
    occurrences_twice: int
    states: dict[str, int]
    not_finished: int
    kills: dict[str, int]
    freezes: int
    seconds: float
    latest_read: float  # seconds from a text's signing to when the provider read it, at worst
    longest_pause: float  # seconds in which the provider got no time at all, at worst
    doubled: list[Any]  # of who got more than one: what was taken when, and our attempts

    @property
    def spotless(self) -> bool:
        """Whether every promise was kept."""
        broken = (
            self.lost, self.twice, self.shown_wrongly, self.occurrences_missed,
            self.occurrences_twice, self.not_finished,
        )  # fmt: skip
        return not any(broken)


class Process:
    """A process that somebody starts again when it ends, as systemd would."""

    def __init__(
        self, name: str, words: Sequence[str], log: Path, *, given: str = "", **environ: object
    ) -> None:
        self.name = name
        self._words = words
        self._log = log
        self._given = given
        self._environ = {key: str(value) for key, value in environ.items()}
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ended = False

    async def start(self) -> None:
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def _spawn(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                "nice", sys.executable, *self._words, cwd=ROOT, start_new_session=True,
                stdin=asyncio.subprocess.PIPE, stdout=log, stderr=log,
                env=os.environ | {"PYTHONPATH": str(ROOT)} | self._environ,
            )  # fmt: skip
        if self._given and self._process.stdin:
            self._process.stdin.write(self._given.encode() + b"\n")
            self._process.stdin.close()

    async def _keep(self) -> None:
        while not self._ended and self._process:
            await self._process.wait()
            if not self._ended:
                await asyncio.sleep(0.3)
                await self._spawn()

    def kill(self) -> bool:
        """kill -9; False where it was not running anyway."""
        return self._signal(signal.SIGKILL)

    def freeze(self) -> bool:
        return self._signal(signal.SIGSTOP)

    def thaw(self) -> bool:
        return self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> bool:
        if self._process is None or self._process.returncode is not None:
            return False
        os.kill(self._process.pid, number)
        return True

    async def end(self) -> None:
        self._ended = True
        if self._process and self._process.returncode is None:
            kill_tree(self._process.pid)
        if self._keeper:
            await self._keeper  # it may just be starting the next one
        if self._process and self._process.returncode is None:
            kill_tree(self._process.pid)
            await self._process.wait()


class Provider:
    """The counting provider, as seen from here."""

    def __init__(self, base: str, http: ClientSession) -> None:
        self.base = base
        self._http = http

    async def progress(self) -> dict[str, Any]:
        return dict(await self._get("progress"))

    async def tally(self) -> dict[str, Any]:
        return dict(await self._get("tally"))

    async def texts(self) -> list[str]:
        """The attempts of all texts that it took."""
        return list(await self._get("texts"))

    async def _get(self, what: str) -> Any:
        async with self._http.get(f"{self.base}/chaos/{what}") as answer:
            return await answer.json()


class Stage:
    """Everything of one run, as it stands: tests stop here and there."""

    def __init__(self, plan: Plan, folder: Path, provider: Provider, webs: list[int]) -> None:
        self.plan = plan
        self.folder = folder
        self.provider = provider
        self.webs = webs
        self.config = folder / "config.toml"
        self.processes: dict[str, list[Process]] = {}
        self.postgres: Postgres | None = None
        self.rabbitmq: RabbitMq | None = None
        self.people: list[str] = []  # ids, by number
        self.killed: Counter[str] = Counter()
        self.frozen = 0
        self.db: Database

    # --- people and campaigns ---------------------------------------------------------------------

    async def build(self) -> None:
        """An empty database becomes a county of that many cadres."""
        await run_mingbai("migrate", config=self.config)
        self.db = await Database.open(database_url(self.plan, self.folder, self.postgres))
        sealer = Sealer(Keys.load(self.folder / "data" / "keys.toml"))
        now = datetime.now(UTC)
        numbers = [*range(self.plan.people), CLOCK_PERSON]
        ids = {number: new_id() for number in numbers}
        self.people = [ids[number] for number in range(self.plan.people)]
        async with self.db.transaction():
            await self.db.run_many(
                "INSERT INTO people (id, name, known, texts_answered, created_at)"
                " VALUES (?, '', ?, ?, ?)",
                [(person, True, False, to_ms(now)) for person in ids.values()],
            )
            await self.db.run_many(
                "INSERT INTO posts (id, person_id, role, region, title) VALUES (?, ?, ?, ?, '')",
                [
                    (new_id(), person, "审计" if n == CLOCK_PERSON else "干部", self.village(n))
                    for n, person in ids.items()
                ],
            )
            await self.db.run_many(
                "INSERT INTO addresses (id, person_id, channel, lookup, sealed, state, created_at)"
                " VALUES (?, ?, ?, ?, ?, 'active', ?)",
                [
                    (
                        new_id(), ids[number], channel,
                        sealer.lookup_hash("openid" if channel == "wechat" else "phone", address),
                        sealer.seal_address(address.encode()), to_ms(now),
                    )
                    for number in numbers
                    for channel, address in addresses(number)
                ],
            )  # fmt: skip
        fields = {"thing1": "title", "thing2": "text"}
        await bind(
            self.db, "notice", gateway="wechat", external_id="wx-notice", fields=fields, now=now
        )
        await bind(
            self.db, "notice", gateway="aliyun", external_id="SMS_notice", fields={}, now=now
        )

    def village(self, number: int) -> str:
        return f"{COUNTY}1{number % self.plan.campaigns:02d}200"

    def title(self, campaign: int) -> str:
        return f"通知{campaign}号"

    async def create_campaign(self, campaign: int, *, kill_after: float | None = None) -> bool:
        """By the command line, with a key; True when it came to its end. Killed after so long."""
        return await run_mingbai(
            "campaign", "create", "--template", "notice", "--audience",
            f"role=干部,region={self.village(campaign)}",
            "--param", f"title={self.title(campaign)}",
            "--param", "text=明天上午九点开会", "--key", f"chaos-{campaign}",
            config=self.config, kill_after=kill_after, must=False,
        )  # fmt: skip

    # --- breaking ---------------------------------------------------------------------------------

    async def kill(self, who: str, chosen: random.Random) -> None:
        """kill -9 of one of that kind; servers are started again by us, processes by their
        keepers."""
        self.killed[who] += 1
        if who == "database":
            assert self.postgres
            await self.postgres.kill()
            await asyncio.sleep(chosen.random())
            await self.postgres.start()
        elif who == "broker":
            assert self.rabbitmq
            await self.rabbitmq.kill()
            await self.rabbitmq.start()
        else:
            while not chosen.choice(self.processes[who]).kill():  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def freeze(self, chosen: random.Random) -> None:
        """Stops one that sends for longer than a lease, and lets it go on."""
        sender = chosen.choice(self.processes["worker" if self.postgres else "all"])
        if sender.freeze():
            self.frozen += 1
            await asyncio.sleep(self.plan.lease_seconds * 1.5)
            sender.thaw()

    # --- waiting ----------------------------------------------------------------------------------

    async def until(self, holds: Callable[[], Any], seconds: float, what: str) -> None:
        """Waits until something holds, whatever is down meanwhile."""
        stop = time.monotonic() + seconds
        while True:
            try:
                if await holds():
                    return
            except Unavailable:
                pass
            if time.monotonic() > stop:
                raise AssertionError(f"not within {seconds:.0f} s: {what}; {await self.state()}")
            await asyncio.sleep(0.1)

    async def reached(self, messages: int) -> bool:
        return int((await self.provider.progress())["messages"]) >= messages

    async def holders(self) -> int:
        """How many processes hold rows that they are about to send."""
        row = await self.db.row(
            "SELECT COUNT(DISTINCT owner) AS n FROM deliveries WHERE state = 'sending'"
        )
        return int(row["n"]) if row else 0

    async def open_rows(self) -> int:
        row = await self.db.row(
            "SELECT (SELECT COUNT(*) FROM deliveries WHERE state IN ('new', 'sending', 'held')"
            " OR (state = 'unknown' AND not_before < ?))"
            " + (SELECT COUNT(*) FROM campaigns WHERE state IN ('planned', 'running', 'held'))"
            " + (SELECT COUNT(*) FROM receipts WHERE folded = ?) AS n",
            NEVER, False,
        )  # fmt: skip
        return int(row["n"]) if row else -1

    async def finished(self) -> bool:
        """Whether nothing is left to send, to settle, to report or to fold."""
        if self.plan.naive:
            row = await self.db.row("SELECT COUNT(*) AS n FROM deliveries WHERE state = 'sent'")
            return row is not None and row["n"] == len(self.people)
        if (await self.provider.progress())["reports_waiting"]:
            return False
        return await self.open_rows() == 0

    async def state(self) -> str:
        """How things stand, for whoever looks into a run that went wrong."""
        told = [f"provider {await self.provider.progress()}"]
        questions = {
            "campaigns": "SELECT state, COUNT(*) AS n FROM campaigns GROUP BY state",
            "deliveries": "SELECT state, channel, reason, COUNT(*) AS n FROM deliveries"
            " GROUP BY state, channel, reason",
            "receipts": "SELECT folded, COUNT(*) AS n FROM receipts GROUP BY folded",
            "halts": "SELECT scope, code FROM halts",
        }
        if self.postgres:
            questions["sessions"] = (
                "SELECT state, wait_event, LEFT(query, 90) AS query FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND state <> 'idle'"
            )
        for name, question in questions.items():
            rows = await self.db.rows(question)
            told.append(f"{name} {[tuple(row.values()) for row in rows]}")
        logs = [p for p in self.folder.iterdir() if p.name in ("processes.log", "clocks.log")]
        for log in logs:
            told.append(f"{log.name} {log.read_text('utf-8', 'replace')[-1500:]}")
        return "\n".join(told)

    # --- the count --------------------------------------------------------------------------------

    async def report(self, seconds: float) -> Report:
        book = await self.provider.tally()
        rows = await self.db.rows(
            "SELECT c.key, d.person_id, d.state, d.reason FROM deliveries d"
            " JOIN campaigns c ON c.id = d.campaign_id WHERE c.key LIKE 'chaos-%'"
        )
        shown = {(row["key"], row["person_id"]): row for row in rows}
        arrived = {tag: dict(arrivals(book, tag)) for tag in book["taken"]}
        doubled = [
            [tag, person, taken]
            for tag, person, taken in book["more_than_one"]
            if arrived[tag].get(person, 0) > 1
        ]
        explained: Counter[str] = Counter()
        reached = lost = twice = wrongly = 0
        for number, person in enumerate(self.people):
            campaign = number % self.plan.campaigns
            got = arrived.get(self.title(campaign), {}).get(number, 0)
            row = shown.get((f"chaos-{campaign}", person))
            reached += got > 0
            twice += got > 1
            if got:
                wrongly += row is None or row["state"] not in ("sent", "delivered", "unknown")
            elif row and row["state"] in EXPLAINED and row["reason"]:
                explained[row["state"]] += 1
            else:
                lost += 1
        fired = await self._occurrences()
        texts = [arrived.get(tag(due_at), {}).get(CLOCK_PERSON, 0) for due_at in fired]
        return Report(
            expected=len(self.people),
            reached=reached,
            explained=dict(explained),
            lost=lost,
            twice=twice,
            shown_wrongly=wrongly,
            repeats_dropped=book["repeats_dropped"],
            answers_lost=book["answers_lost"],
            calls=book["calls"],
            reports=book["reports"],
            reports_given_up=book["given_up"],
            occurrences=len(fired),
            occurrences_missed=sum(number == 0 for number in texts),
            occurrences_twice=sum(number > 1 for number in texts),
            states=dict(Counter(row["state"] for row in rows)),
            not_finished=await self.open_rows(),
            kills=dict(self.killed),
            freezes=self.frozen,
            seconds=seconds,
            latest_read=book["latest"],
            longest_pause=book["longest_pause"],
            doubled=[[*each, await self._attempts(each[2])] for each in doubled],
        )

    async def texts_begun(self, before: float) -> set[str]:
        """The attempts by text begun before that moment (Unix seconds)."""
        rows = await self.db.rows(
            "SELECT id FROM attempts WHERE channel = 'sms' AND started_at < ?", int(before * 1000)
        )
        return {row["id"] for row in rows}

    async def _attempts(self, taken: list[list[Any]]) -> list[Row]:
        """What the database knows of messages that a person should not have got."""
        found: list[Row] = []
        for _, attempt, _, _ in taken:
            found += await self.db.rows(
                "SELECT id, state, code, looked_up, started_at, finished_at FROM attempts"
                " WHERE id = ?",
                attempt,
            )
        return found

    async def _occurrences(self) -> list[datetime]:
        """Every minute from the first occurrence to the last, recorded or not."""
        found: Row | None = await self.db.row(
            "SELECT MIN(due_at) AS first, MAX(due_at) AS last FROM occurrences WHERE schedule = ?",
            NAME,
        )
        if not found or found["first"] is None:
            return []
        return [from_ms(ms) for ms in range(found["first"], found["last"] + 1, 60_000)]


def addresses(number: int) -> Iterator[tuple[str, str]]:
    """How a person is reached: by WeChat, by phone, or both."""
    both = number % BOTH_EACH == 0
    if number != CLOCK_PERSON and (both or number % 2):
        yield "wechat", f"{OPENID}{number:022d}"
    if both or not number % 2:
        yield "sms", f"{PHONE}{number:08d}"


def arrivals(book: dict[str, Any], tag: str) -> Iterator[tuple[int, int]]:
    """Messages by person that were taken and not reported as failed (contract.md, section 7)."""
    failed = book["failed"].get(tag, {})
    for person, taken in book["taken"][tag].items():
        yield int(person), taken - failed.get(person, 0)


def database_url(plan: Plan, folder: Path, postgres: Postgres | None) -> str:
    if plan.store == "sqlite":
        return f"sqlite://{folder}/data/mingbai.sqlite3"
    assert postgres
    return postgres.url


async def run_mingbai(
    *words: str, config: Path, kill_after: float | None = None, must: bool = True
) -> bool:
    """One command; whether it succeeded."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, "--config", str(config), cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(kill_after):
            said, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
    assert process.returncode == 0 or not must, said.decode()
    return process.returncode == 0


@asynccontextmanager
async def stage(plan: Plan) -> AsyncIterator[Stage]:
    """Sets everything up but the product's processes; ends all that was started."""
    with tempfile.TemporaryDirectory(prefix="mingbai-chaos-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        prepare_folder(folder)
        webs = [free_port() for _ in range(plan.webs)]
        async with ClientSession() as http, counting(plan, webs, folder, http) as provider:
            made = Stage(plan, folder, provider, webs)
            try:
                await raise_servers(made)
                write_config(made)
                await made.build()
                yield made
            finally:
                for process in [p for kind in made.processes.values() for p in kind]:
                    await process.end()
                if hasattr(made, "db"):
                    await made.db.close()
                for server in (made.postgres, made.rabbitmq):
                    if server:
                        await server.end()


def prepare_folder(folder: Path) -> None:
    folder.chmod(0o755)  # servers that run as another user pass through it
    (folder / "data").mkdir(mode=0o700)


async def raise_servers(made: Stage) -> None:
    if made.plan.store == "sqlite":
        return
    made.postgres = Postgres(made.folder)
    starting = [made.postgres.make()]
    if made.plan.broker:
        made.rabbitmq = RabbitMq(made.folder)
        starting.append(made.rabbitmq.make())
    await asyncio.gather(*starting)


@asynccontextmanager
async def counting(
    plan: Plan, webs: list[int], folder: Path, http: ClientSession
) -> AsyncIterator[Provider]:
    """Starts the provider, and ends it."""
    wiring = Wiring(
        webs=[f"http://127.0.0.1:{port}" for port in webs],
        secret=SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        app_id=APP_ID,
        seed=plan.seed,
        lag=plan.rest_seconds / 2,
    )
    with (folder / "provider.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "benchmarks" / "chaos_provider.py"), cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(asdict(wiring)).encode() + b"\n")
    base = (await process.stdout.readline()).decode().strip()
    assert base, (folder / "provider.log").read_text()
    try:
        yield Provider(base, http)
    finally:
        process.kill()
        await process.wait()


def write_config(made: Stage) -> None:
    plan = made.plan
    queue = f'[queue]\nurl = "{made.rabbitmq.url}"\n' if made.rabbitmq else ""
    made.config.write_text(
        f'[server]\nport = {made.webs[0]}\npublic_url = "http://127.0.0.1:{made.webs[0]}"\n'
        f'data_dir = "{made.folder}/data"\n'
        f'[database]\nurl = "{database_url(plan, made.folder, made.postgres)}"\n{queue}'
        f'[wechat]\napp_id = "{APP_ID}"\napp_secret = "chaos"\ntoken = "{TOKEN}"\n'
        f'encoding_aes_key = "{AES_KEY}"\napi_base = "{made.provider.base}"\n'
        f"rate_per_second = {plan.per_second}\n"
        f'[sms]\ngateway = "aliyun"\naccess_key_id = "chaos"\naccess_key_secret = "chaos"\n'
        f'endpoint = "{made.provider.base}"\nsign_name = "明禾公开"\n'
        f'callback_secret = "{SECRET}"\nrate_per_second = {plan.per_second}\n'
        f"[delivery]\nlease_seconds = {plan.lease_seconds}\n"
        f"unknown_rest_seconds = {plan.rest_seconds}\npoll_seconds = 0.5\n"
        '[schedule]\nquiet_hours = "00:00-00:00"\nnoon_rest = "00:00-00:00"\n',
        "utf-8",
    )
    made.config.chmod(0o600)


async def start_processes(made: Stage) -> None:
    """The product, as an operator runs it on that store."""
    plan, log = made.plan, made.folder / "processes.log"

    def serve(role: str, port: int) -> Process:
        words = ["-m", "bot", "serve", "--config", str(made.config), "--role", role]
        return Process(role, words, log, MINGBAI_SERVER__PORT=port)

    if plan.naive:
        # Campaigns are planned as ever; only who sends is another.
        made.processes["scheduler"] = [serve("scheduler", 1)]
        made.processes["worker"] = [naive(made, log) for _ in range(plan.workers)]
    elif plan.store == "sqlite":
        made.processes["all"] = [serve("all", made.webs[0])]
    else:
        made.processes["web"] = [serve("web", port) for port in made.webs]
        made.processes["scheduler"] = [serve("scheduler", 1) for _ in range(plan.schedulers)]
        made.processes["worker"] = [serve("worker", 1) for _ in range(plan.workers)]
    for process in [p for kind in made.processes.values() for p in kind]:
        await process.start()
    if not plan.naive:
        await made.until(lambda: listens(made.webs), 120, "the web processes listen")


def naive(made: Stage, log: Path) -> Process:
    plan = made.plan
    setting = Setting(
        database=database_url(plan, made.folder, made.postgres),
        keys=str(made.folder / "data" / "keys.toml"),
        platforms=made.provider.base,
        lease_seconds=plan.lease_seconds,
        per_second=plan.per_second,
    )
    script = str(ROOT / "benchmarks" / "naive_worker.py")
    return Process("worker", [script], log, given=json.dumps(asdict(setting)))


async def listens(ports: Sequence[int]) -> bool:
    for port in ports:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)):
                return False
    return True


async def start_clocks(made: Stage) -> None:
    """Replicas that all tick the schedule of every second."""
    person = await made.db.row("SELECT person_id AS id FROM posts WHERE role = '审计'")
    assert person
    task = ClockTask(config=str(made.config), person=person["id"], began=time.time())
    script = str(ROOT / "benchmarks" / "chaos_clock.py")
    made.processes["clock"] = [
        Process("clock", [script], made.folder / "clocks.log", given=json.dumps(asdict(task)))
        for _ in range(made.plan.clocks)
    ]
    for process in made.processes["clock"]:
        await process.start()


async def run(plan: Plan, say: Callable[[str], None] = lambda _: None) -> Report:
    """The whole of it."""
    chosen = random.Random(plan.seed)
    async with stage(plan) as made:
        await start_processes(made)
        if plan.clocks:
            await start_clocks(made)
        began = time.monotonic()
        creating = asyncio.create_task(create_all(made, chosen))
        freezing: set[asyncio.Task[None]] = set()
        for number, who in enumerate(plan.victims(), 1):
            due = plan.people * number // (plan.kills + 2)
            await made.until(partial(made.reached, due), 300, f"{due} messages")
            await asyncio.sleep(chosen.random() * 0.3)
            await made.kill(who, chosen)
            if plan.freezes and number % (plan.kills // plan.freezes) == 0:
                freezing.add(asyncio.create_task(made.freeze(chosen)))
            say(f"{number:4} {who:<10}{due:>8} messages {time.monotonic() - began:7.0f} s")
        await asyncio.gather(creating, *freezing)
        for clock in made.processes.pop("clock", []):
            await clock.end()
        await made.until(made.finished, plan.patience_seconds, "everything is finished")
        return await made.report(time.monotonic() - began)


async def create_all(made: Stage, chosen: random.Random) -> None:
    """Every campaign, each but the first killed once in the middle, and asked for again."""
    for campaign in range(made.plan.campaigns):
        if campaign:
            await made.create_campaign(campaign, kill_after=0.5 + chosen.random())
        while not await made.create_campaign(campaign):  # noqa: ASYNC110
            await asyncio.sleep(0.5)
