"""`mingbai simulator`: the pretend platforms alone, a process of its own, with the config's keys.

The product imports nothing of it (design.md, section 1): it is started by name and handed the keys
on its standard input, so that they appear neither in a list of processes nor in a file.
"""

import json
import os
import sys
from typing import NoReturn

from bot.config import Config


def run(config: Config, *, port: int, push: str | None) -> NoReturn:
    """Becomes the simulator: signals and the exit status are its own from here on."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:  # less than a pipe holds
        pipe.write(json.dumps(keys(config)).encode())
    os.dup2(reading, sys.stdin.fileno())
    sys.stdout.flush()
    sys.stderr.flush()
    words = command(port, push)
    os.execv(words[0], words)  # noqa: S606


def command(port: int, push: str | None) -> list[str]:
    """The words that start a simulator; `push` is the base of the service it delivers to."""
    words = [sys.executable, "-P", "-m", "simulator", "--port", str(port)]
    return [*words, "--push", push] if push else words


def keys(config: Config) -> dict[str, dict[str, str]]:
    """What the simulator reads as JSON: the keys of both wires, as far as they are configured."""
    wechat, sms = config.wechat, config.sms
    given = {
        "wechat": {
            "app_id": wechat.app_id,
            "app_secret": wechat.app_secret,
            "token": wechat.token,
            "encoding_aes_key": wechat.encoding_aes_key,
            "mode": wechat.mode.value,
        },
        "sms": {
            "gateway": sms.gateway.value,
            "access_key_id": sms.access_key_id,
            "access_key_secret": sms.access_key_secret,
            "sign_name": sms.sign_name,
            "callback_secret": sms.callback_secret,
        },
    }
    return {
        section: {key: value for key, value in values.items() if value}
        for section, values in given.items()
    }
