"""A Celery + requests worker set in an environment of its own, made once in the user's cache."""

from __future__ import annotations

import asyncio
import os
import sys
import venv
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

PACKAGES = [
    "celery[redis]", "requests", "psycopg2-binary", "aliyun-python-sdk-core", "pynacl",
    "cryptography",
]  # fmt: skip
PROCESSES = 8
TASKS = Path(__file__).resolve().parent / "celery_tasks.py"


async def environment() -> Path:
    """Its Python; nothing of it is among the product's own dependencies."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "mingbai-bench" / "celery"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        print(f"making an environment for Celery ({', '.join(PACKAGES)})", file=sys.stderr)
        venv.create(folder, with_pip=True)
        await _run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], {})
        (folder / "complete").touch()
    return python


@asynccontextmanager
async def celery_set(told: Mapping[str, str], channel: str, port: int) -> AsyncIterator[None]:
    """Queues what is due, then starts whoever takes reports, and the workers."""
    python = await environment()
    await _run([str(python), str(TASKS), "enqueue", channel], told)
    words = [
        [str(TASKS), "serve", str(port)],
        ["-m", "celery", "-A", "celery_tasks", "worker", "-c", str(PROCESSES), "-l", "ERROR",
         "--without-gossip", "--without-mingle"],
    ]  # fmt: skip
    running = [
        await asyncio.create_subprocess_exec(
            str(python), *some, cwd=TASKS.parent, env=os.environ | dict(told),
            stdout=asyncio.subprocess.DEVNULL,
        )
        for some in words
    ]  # fmt: skip
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            await process.wait()


async def _run(words: list[str], told: Mapping[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *words, cwd=TASKS.parent, env=os.environ | dict(told)
    )
    if await process.wait():
        raise SystemExit(f"{words[1]} failed")
