"""A config in an empty folder, as an operator has it on the first day."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Config, load_config

Configure = Callable[..., Config]


@pytest.fixture
def configure(tmp_path: Path) -> Configure:
    """Writes a config without WeChat and SMS, with variables as keyword arguments, and loads it."""

    def configured(**environ: str) -> Config:
        file = tmp_path / "config.toml"
        file.write_text('[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n', "utf-8")
        file.chmod(0o600)
        return load_config(file, environ)

    return configured
