"""The config: read from TOML and the environment, judged as a whole, handed on as frozen settings.

Keys, defaults and rules are those of contract.md, section 3; `config.example.toml` explains each.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from bot import texts, values
from bot.errors import Refused
from bot.sections import Section, Source
from notifications.settings import (
    DeliverySettings,
    HttpGatewaySettings,
    ScheduleSettings,
    SmsGateway,
    SmsSettings,
    WeChatMode,
    WeChatSettings,
)
from storage.settings import DatabaseSettings, RetentionSettings, SecuritySettings

_NO_BLANKS = values.matching(r"[!-~]+")
_APP_ID = values.matching(r"wx[0-9A-Za-z]+")
_TOKEN = values.matching(r"[0-9A-Za-z]{3,32}")  # wechat.md 1.1
_AES_KEY = values.matching(r"[0-9A-Za-z]{43}")  # wechat.md 1.2
_PATH_SECRET = values.matching(r"[0-9A-Za-z_-]+")  # it is a segment of a path
_SIGN_NAME = values.matching(r"[^\s【】]{2,12}")  # sms.md 2
_VERIFY_FILE = r"MP_verify_[0-9A-Za-z]+\.txt"
_SAFE_LENGTH = 16
_DAYS = values.integer(1, 36_500)


class ConfigError(Refused):
    """The config cannot be used: `problems` says all that has to change, a line each."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems or (message,)


class HttpMethod(StrEnum):
    GET = "GET"
    POST = "POST"
    PUT = "PUT"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """[server]: where the service listens, and how the world reaches it."""

    host: str
    port: int
    public_url: str
    """Scheme, host and port, without a slash at the end."""
    data_dir: Path
    trusted_proxies: tuple[values.Network, ...] = ()
    metrics_token: str = field(default="", repr=False)
    api_token: str = field(default="", repr=False)
    """For /api/campaigns, empty: there is none."""

    @property
    def is_public(self) -> bool:
        """Whether the public address is more than this machine's own loopback."""
        return not _is_loopback(self.public_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """[queue]: the broker that wakes other processes; empty: one process needs none."""

    url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSettings:
    """[redis]: what several processes share; empty: one process needs none."""

    url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that was configured."""

    file: Path
    server: ServerSettings
    database: DatabaseSettings
    queue: QueueSettings
    redis: RedisSettings
    wechat: WeChatSettings
    sms: SmsSettings
    delivery: DeliverySettings
    security: SecuritySettings
    schedule: ScheduleSettings
    retention: RetentionSettings
    notes: tuple[str, ...] = ()
    """What works, but deserves a warning at every start."""

    @property
    def keys_lie_beside_data(self) -> bool:
        """Whether, on a live system, whoever takes the data takes the keys with them."""
        data = self.server.data_dir.resolve()
        return self.server.is_public and self.security.key_file.resolve().is_relative_to(data)


def load_config(file: Path, environ: Mapping[str, str] | None = None) -> Config:
    """Reads the file and the environment (`MINGBAI_SECTION__KEY`, which wins).

    Relative paths are relative to the file. Raises ConfigError, naming all that is wrong at once.
    """
    environ = os.environ if environ is None else environ
    file = file.absolute()
    source = Source(_document(file), environ, file.parent)
    config = _config(file, source)
    source.complain_of_the_rest()
    if source.problems:
        problems = tuple(source.problems)
        lines = "\n".join(f"  {problem}" for problem in problems)
        text = texts.PROBLEMS.format(file=file, count=len(problems), problems=lines)
        raise ConfigError(text, problems)
    return config


def _document(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as missing:
        raise ConfigError(texts.NO_CONFIG.format(file=file)) from missing
    except OSError as closed:
        raise ConfigError(texts.UNREADABLE_CONFIG.format(file=file)) from closed
    except UnicodeDecodeError:
        raise ConfigError(texts.NOT_UTF8.format(file=file)) from None
    except tomllib.TOMLDecodeError as wrong:
        # Nothing of the line itself is shown: it may hold a secret.
        place = re.search(r"line (\d+), column (\d+)", str(wrong))
        if place is None:
            raise ConfigError(texts.NOT_TOML_AT_END.format(file=file)) from None
        text = texts.NOT_TOML.format(file=file, line=place[1], column=place[2])
        raise ConfigError(text) from None


def _config(file: Path, source: Source) -> Config:
    server = _server(source.section("server"), source.folder)
    config = Config(
        file=file,
        server=server,
        database=_database(source.section("database"), source.folder),
        queue=_queue(source.section("queue")),
        redis=_redis(source.section("redis")),
        wechat=_wechat(source.section("wechat")),
        sms=_sms(source.section("sms"), source.section("sms.http")),
        delivery=_delivery(source.section("delivery")),
        security=_security(source.section("security"), source.folder, server.data_dir),
        schedule=_schedule(source.section("schedule")),
        retention=_retention(source.section("retention")),
    )
    if source.file_holds_secret:
        source.note_if_open(file)
    return replace(config, notes=tuple(source.notes))


def _server(section: Section, folder: Path) -> ServerSettings:
    host = section.read("host", "127.0.0.1", _NO_BLANKS)
    port = section.read("port", 8080, values.integer(1, 65535))
    here = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    own_url = f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"
    public_url = section.read("public_url", "", values.origin)
    if not public_url and host != "127.0.0.1":
        section.note("public_url", texts.LINKS_LEAD_HERE.format(url=own_url))
    return ServerSettings(
        host=host,
        port=port,
        public_url=public_url or own_url,
        data_dir=section.read("data_dir", folder / "data", values.path(folder)),
        trusted_proxies=section.read("trusted_proxies", (), values.networks),
        metrics_token=section.read("metrics_token", "", _NO_BLANKS, secret=True),
        api_token=section.read("api_token", "", _NO_BLANKS, secret=True),
    )


def _database(section: Section, folder: Path) -> DatabaseSettings:
    default = f"sqlite://{folder / 'data/mingbai.sqlite3'}"
    return DatabaseSettings(
        url=section.read("url", default, values.database_url(folder), secret=True)
    )


def _queue(section: Section) -> QueueSettings:
    return QueueSettings(url=section.read("url", "", values.url("amqp", "amqps"), secret=True))


def _redis(section: Section) -> RedisSettings:
    return RedisSettings(url=section.read("url", "", values.url("redis", "rediss"), secret=True))


def _wechat(section: Section) -> WeChatSettings:
    mode = section.read("mode", WeChatMode.SAFE, values.one_of(WeChatMode))
    on, sealed = mode is not WeChatMode.OFF, mode in (WeChatMode.SAFE, WeChatMode.COMPATIBLE)
    if mode is WeChatMode.PLAIN:
        section.note("mode", texts.PLAIN_MODE)
    return WeChatSettings(
        app_id=section.read("app_id", "", _APP_ID, required=on),
        app_secret=section.read("app_secret", "", _NO_BLANKS, secret=True, required=on),
        token=section.read("token", "", _TOKEN, secret=True, required=on),
        encoding_aes_key=section.read(
            "encoding_aes_key", "", _AES_KEY, secret=True, required=sealed
        ),
        mode=mode,
        api_base=_address(section, "api_base", "https://api.weixin.qq.com"),
        rate_per_second=section.read("rate_per_second", 100.0, values.above_zero),
        template_per_day=section.read(
            "template_per_day", 100_000, values.integer(1, 1_000_000_000)
        ),
        previous_token=section.read("previous_token", "", _TOKEN, secret=True),
        previous_encoding_aes_key=section.read(
            "previous_encoding_aes_key", "", _AES_KEY, secret=True
        ),
        verify_files=section.read("verify_files", {}, values.table(_VERIFY_FILE)),
    )


def _sms(section: Section, port: Section) -> SmsSettings:
    gateway = section.read("gateway", SmsGateway.ALIYUN, values.one_of(SmsGateway))
    on, aliyun = gateway is not SmsGateway.NONE, gateway is SmsGateway.ALIYUN
    callback_secret = section.read("callback_secret", "", _PATH_SECRET, secret=True, required=on)
    if 0 < len(callback_secret) < _SAFE_LENGTH:
        section.note("callback_secret", texts.GUESSABLE)
    return SmsSettings(
        gateway=gateway,
        access_key_id=section.read("access_key_id", "", _NO_BLANKS, secret=True, required=aliyun),
        access_key_secret=section.read(
            "access_key_secret", "", _NO_BLANKS, secret=True, required=aliyun
        ),
        endpoint=_address(section, "endpoint", "https://dysmsapi.aliyuncs.com"),
        sign_name=section.read("sign_name", "", _SIGN_NAME, required=aliyun),
        callback_secret=callback_secret,
        previous_callback_secret=section.read(
            "previous_callback_secret", "", _PATH_SECRET, secret=True
        ),
        rate_per_second=section.read("rate_per_second", 50.0, values.above_zero),
        price_fen=section.read("price_fen", 5, values.integer(0, 10_000)),
        budget_yuan_per_month=section.read(
            "budget_yuan_per_month", 0, values.integer(0, 1_000_000_000)
        ),
        http=_http_gateway(port, required=gateway is SmsGateway.HTTP),
    )


def _http_gateway(section: Section, *, required: bool) -> HttpGatewaySettings | None:
    """A government gateway; its address, headers and body may hold credentials."""
    settings = HttpGatewaySettings(
        url=section.read("url", "", values.url("http", "https"), secret=True, required=required),
        method=section.read("method", HttpMethod.POST, values.one_of(HttpMethod)).value,
        headers=section.read("headers", {}, values.table(r"[0-9A-Za-z-]+"), secret=True),
        body=section.read(
            "body", "", values.containing("{phone}", "{text}"), secret=True, required=required
        ),
        ok_path=section.read("ok_path", "", _NO_BLANKS, required=required),
        ok_value=section.read("ok_value", "", values.scalar, required=required),
        id_path=section.read("id_path", "", _NO_BLANKS),
    )
    return settings if settings.url else None


def _delivery(section: Section) -> DeliverySettings:
    return DeliverySettings(
        lease_seconds=section.read("lease_seconds", 30.0, values.above_zero),
        unknown_rest_seconds=section.read("unknown_rest_seconds", 600.0, values.above_zero),
        poll_seconds=section.read("poll_seconds", 1.0, values.above_zero),
        second_person_over=section.read("second_person_over", 200, values.integer(0, 10**9)),
    )


def _security(section: Section, folder: Path, data_dir: Path) -> SecuritySettings:
    return SecuritySettings(
        key_file=section.read("key_file", data_dir / "keys.toml", values.path(folder))
    )


def _schedule(section: Section) -> ScheduleSettings:
    usual = ScheduleSettings()
    return ScheduleSettings(
        timezone=section.read("timezone", usual.timezone, values.zone),
        quiet_hours=section.read("quiet_hours", usual.quiet_hours, values.window),
        noon_rest=section.read("noon_rest", usual.noon_rest, values.window),
    )


def _retention(section: Section) -> RetentionSettings:
    usual = RetentionSettings()
    return RetentionSettings(
        inbox=section.read("inbox", usual.inbox, _DAYS),
        conversations=section.read("conversations", usual.conversations, _DAYS),
        deliveries=section.read("deliveries", usual.deliveries, _DAYS),
        uploads=section.read("uploads", usual.uploads, _DAYS),
        names_in_lists=section.read("names_in_lists", usual.names_in_lists, _DAYS),
        audit=section.read("audit", usual.audit, _DAYS),
    )


def _address(section: Section, key: str, default: str) -> str:
    address = section.read(key, default, values.base_url)
    if address.startswith("http:") and not _is_loopback(address):
        section.note(key, texts.CLEARTEXT)
    return address


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
