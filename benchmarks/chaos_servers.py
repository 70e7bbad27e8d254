"""PostgreSQL and RabbitMQ of a run's own: on free ports, in its folder, killed and started again.

Neither wants to run as root: there they run as an unprivileged user. Only what was started here is
ended, by its id.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

import asyncpg

from storage.ids import new_id

UNPRIVILEGED = "nobody"
POSTGRES_BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_QUIET: dict[str, Any] = {"stdin": subprocess.DEVNULL, "start_new_session": True}


def there() -> list[str]:
    """What of the servers' programs is missing on this machine."""
    missing = [] if POSTGRES_BIN else ["PostgreSQL's programs"]
    return missing + ([] if RABBITMQ.exists() and shutil.which("epmd") else ["RabbitMQ's programs"])


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def children(pid: int) -> list[int]:
    """A process and everything below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, at = [pid], 0
    while at < len(found):
        found += parents.get(found[at], [])
        at += 1
    return found


def kill_tree(pid: int) -> None:
    """kill -9 of a process and its own, by their ids."""
    for each in children(pid):
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _user() -> dict[str, Any]:
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam(UNPRIVILEGED)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def own_folder(parent: Path, name: str) -> Path:
    """A folder that the unprivileged user may write, below others that it may pass."""
    folder = parent / name
    folder.mkdir(mode=0o700)
    if user := _user():
        os.chown(folder, user["user"], user["group"])
    return folder


class Postgres:
    """A PostgreSQL server."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._folder = own_folder(folder, "postgres")
        self._log = folder / "postgres.log"
        self._process: asyncio.subprocess.Process | None = None

    async def make(self) -> None:
        made = await asyncio.create_subprocess_exec(
            str(POSTGRES_BIN[-1] / "initdb"), "-D", str(self._folder / "data"), "-U", "postgres",
            "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
            cwd=self._folder, stdout=subprocess.DEVNULL, **_QUIET, **_user(),
        )  # fmt: skip
        assert await made.wait() == 0, "initdb failed"
        await self.start()

    async def start(self) -> None:
        """Returns when it answers; what the one before left in memory may take it a while."""
        async with asyncio.timeout(60):
            while True:
                with self._log.open("ab") as log:
                    self._process = await asyncio.create_subprocess_exec(
                        str(POSTGRES_BIN[-1] / "postgres"), "-D", str(self._folder / "data"),
                        "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
                        "-c", f"unix_socket_directories={self._folder}",
                        "-c", "max_connections=120", "-c", "shared_buffers=256MB",
                        cwd=self._folder, stdout=log, stderr=log, **_QUIET, **_user(),
                    )  # fmt: skip
                while self._process.returncode is None:
                    try:
                        connection = await asyncpg.connect(self.url, timeout=2)
                    except (OSError, asyncpg.PostgresError):
                        await asyncio.sleep(0.1)
                        continue
                    await connection.close()
                    return
                await asyncio.sleep(0.2)

    async def kill(self) -> None:
        if self._process and self._process.returncode is None:
            kill_tree(self._process.pid)
            await self._process.wait()

    end = kill  # its folder goes with it


class RabbitMq:
    """A RabbitMQ node, and the epmd that it asks for."""

    def __init__(self, folder: Path) -> None:
        self.port, self._dist, self._epmd_port = free_port(), free_port(), free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self._folder = own_folder(folder, "rabbitmq")
        self._log = folder / "rabbitmq.log"
        self._node = f"chaos{new_id()}@localhost"
        self._epmd: asyncio.subprocess.Process | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def make(self) -> None:
        own = self._folder / "rabbitmq.conf"
        own.write_text(f"listeners.tcp.local = 127.0.0.1:{self.port}\nlog.console = true\n")
        own.chmod(0o644)
        (self._folder / "env.conf").touch(0o644)
        (self._folder / "plugins").write_text("[].\n")
        self._epmd = await asyncio.create_subprocess_exec(
            "epmd", "-port", str(self._epmd_port), "-address", "127.0.0.1",
            cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **_QUIET, **_user(),
        )  # fmt: skip
        await self.start()

    async def start(self) -> None:
        """Returns when it takes connections."""
        folder = self._folder
        names = {
            "HOME": folder, "ERL_EPMD_PORT": self._epmd_port, "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self._node, "RABBITMQ_DIST_PORT": self._dist,
            "RABBITMQ_MNESIA_BASE": folder / "data", "RABBITMQ_LOG_BASE": folder / "log",
            "RABBITMQ_CONFIG_FILE": folder / "rabbitmq.conf",
            "RABBITMQ_CONF_ENV_FILE": folder / "env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": folder / "plugins",
            "RABBITMQ_GENERATED_CONFIG_DIR": folder / "generated",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none",
        }  # fmt: skip
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(RABBITMQ), cwd=folder, stdout=log, stderr=log, **_QUIET, **_user(),
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
                | {name: str(value) for name, value in names.items()},
            )  # fmt: skip
        async with asyncio.timeout(90):
            while not await self._answers():
                assert self._process.returncode is None, f"RabbitMQ did not start: {self._log}"
                await asyncio.sleep(0.2)

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.write(b"AMQP\x00\x00\x09\x01")
        greeting = await reader.read(1)
        writer.close()
        return bool(greeting)

    async def kill(self) -> None:
        if self._process and self._process.returncode is None:
            kill_tree(self._process.pid)
            await self._process.wait()

    async def kill_and_wipe(self) -> None:
        """As when its disk is gone."""
        await self.kill()
        shutil.rmtree(self._folder / "data")

    async def end(self) -> None:
        await self.kill()
        if self._epmd and self._epmd.returncode is None:
            self._epmd.kill()
            await self._epmd.wait()
