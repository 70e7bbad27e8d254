"""The config: what it accepts, what it refuses and in which words."""

import ipaddress
import os
import tomllib
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import texts, values
from bot.config import Config, ConfigError, load_config
from notifications.settings import SmsGateway, TimeWindow, WeChatMode

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
AES_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFU"
WECHAT = f"""
[wechat]
app_id = "wx5a1c0e7f9b3d2468"
app_secret = "app-secret-canary"
token = "tokencanary"
encoding_aes_key = "{AES_KEY}"
"""
SMS = """
[sms]
access_key_id = "id-canary"
access_key_secret = "secret-canary"
sign_name = "明禾公开"
callback_secret = "5d41402abc4b2a76b9719d911017c592"
"""
COMPLETE = WECHAT + SMS

Load = Callable[..., Config]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes a config of mode 0600 and loads it, with variables as keyword arguments."""

    def written_and_loaded(content: str | bytes, mode: int = 0o600, **environ: str) -> Config:
        file = tmp_path / "config.toml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(mode)
        return load_config(file, environ)

    return written_and_loaded


def problems(load: Load, content: str | bytes, **environ: str) -> str:
    """All that is said about a config that must be refused."""
    with pytest.raises(ConfigError) as refused:
        load(content, **environ)
    return str(refused.value)


# --- what is accepted -----------------------------------------------------------------------------


def test_what_is_not_written_has_the_contracts_default(load: Load, tmp_path: Path) -> None:
    config = load(COMPLETE)

    assert (config.server.host, config.server.port) == ("127.0.0.1", 8080)
    assert config.server.public_url == "http://127.0.0.1:8080"
    assert config.server.data_dir == tmp_path / "data"
    assert config.database.url == f"sqlite://{tmp_path}/data/mingbai.sqlite3"
    assert config.security.key_file == tmp_path / "data/keys.toml"
    assert (config.queue.url, config.redis.url) == ("", "")
    assert config.wechat.mode is WeChatMode.SAFE
    assert config.wechat.api_base == "https://api.weixin.qq.com"
    assert config.wechat.rate_per_second == 100
    assert config.sms.gateway is SmsGateway.ALIYUN
    assert config.sms.endpoint == "https://dysmsapi.aliyuncs.com"
    assert (config.sms.rate_per_second, config.sms.price_fen) == (50, 5)
    assert config.sms.http is None
    assert config.delivery.unknown_rest_seconds == 600
    assert str(config.schedule.quiet_hours) == "20:00-08:00"
    assert config.schedule.timezone.key == "Asia/Shanghai"
    assert config.retention.names_in_lists == 365
    assert config.notes == ()


def test_the_example_is_loadable_once_its_secrets_are_filled_in(tmp_path: Path) -> None:
    filled = {
        f"MINGBAI_{section.upper()}__{key.upper()}": str(value)
        for section, keys in tomllib.loads(COMPLETE).items()
        for key, value in keys.items()
    }
    file = tmp_path / "config.toml"
    file.write_text(EXAMPLE.read_text("utf-8"), "utf-8")

    config = load_config(file, filled)

    bare = tmp_path / "bare.toml"
    bare.write_text("", "utf-8")
    plain = load_config(bare, filled)
    assert {name: getattr(config, name) for name in SECTIONS} == {
        name: getattr(plain, name) for name in SECTIONS
    }


SECTIONS = (
    *("server", "database", "queue", "redis", "wechat", "sms"),
    *("delivery", "security", "schedule", "retention"),
)


def test_the_example_holds_every_key_that_is_read_and_no_other(load: Load) -> None:
    document = tomllib.loads(EXAMPLE.read_text("utf-8"))
    http = document["sms"].pop("http")

    held = {f"{section}.{key}" for section, keys in document.items() for key in keys}
    held |= {f"sms.http.{key}" for key in http}

    assert held == set(texts.EXPECTED)


def test_an_empty_text_is_as_good_as_none(load: Load) -> None:
    config = load(COMPLETE + '[server]\npublic_url = ""\n[security]\nkey_file = ""\n')

    assert config.server.public_url == "http://127.0.0.1:8080"
    assert config.security.key_file.name == "keys.toml"


def test_relative_paths_are_relative_to_the_config_file(load: Load, tmp_path: Path) -> None:
    config = load(
        COMPLETE + '[server]\ndata_dir = "d"\n[database]\nurl = "sqlite://x/y.sqlite3"\n'
        '[security]\nkey_file = "/etc/mingbai/keys.toml"\n'
    )

    assert config.server.data_dir == tmp_path / "d"
    assert config.database.url == f"sqlite://{tmp_path}/x/y.sqlite3"
    assert config.security.key_file == Path("/etc/mingbai/keys.toml")


def test_the_key_file_lies_in_the_data_dir_unless_named(load: Load, tmp_path: Path) -> None:
    config = load(COMPLETE + '[server]\ndata_dir = "d"\n')

    assert config.security.key_file == tmp_path / "d/keys.toml"


def test_an_absolute_sqlite_address_stays(load: Load) -> None:
    config = load(COMPLETE + '[database]\nurl = "sqlite:///var/lib/m.sqlite3"\n')

    assert config.database.url == "sqlite:///var/lib/m.sqlite3"


def test_the_environment_comes_before_the_file(load: Load) -> None:
    config = load(
        COMPLETE + "[server]\nport = 9000\n",
        MINGBAI_SERVER__PORT="9001",
        MINGBAI_SERVER__TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8",
        MINGBAI_DELIVERY__POLL_SECONDS="0.5",
        MINGBAI_WECHAT__VERIFY_FILES='{"MP_verify_abc.txt": "abc"}',
        MINGBAI_CONFIG="elsewhere.toml",
    )

    assert config.server.port == 9001
    assert config.server.trusted_proxies == (
        ipaddress.ip_network("127.0.0.1"),
        ipaddress.ip_network("10.0.0.0/8"),
    )
    assert config.delivery.poll_seconds == 0.5
    assert config.wechat.verify_files == {"MP_verify_abc.txt": "abc"}


def test_an_empty_variable_changes_nothing(load: Load) -> None:
    config = load(COMPLETE + "[server]\nport = 9000\n", MINGBAI_SERVER__PORT="")

    assert config.server.port == 9000


def test_a_secret_may_lie_in_a_file_of_its_own(load: Load, tmp_path: Path) -> None:
    secret = tmp_path / "app_secret"
    secret.write_text("from-its-file\n", "utf-8")
    secret.chmod(0o600)
    content = COMPLETE.replace('app_secret = "app-secret-canary"', 'app_secret_file = "app_secret"')

    config = load(content)

    assert config.wechat.app_secret == "from-its-file"
    assert config.notes == ()


def test_a_secrets_file_named_by_a_variable_comes_before_the_file(
    load: Load, tmp_path: Path
) -> None:
    secret = tmp_path / "other"
    secret.write_text("newtoken", "utf-8")
    secret.chmod(0o600)

    config = load(COMPLETE, MINGBAI_WECHAT__TOKEN_FILE=str(secret))

    assert config.wechat.token == "newtoken"


def test_plain_mode_needs_no_aes_key_and_is_warned_of(load: Load) -> None:
    content = COMPLETE.replace(f'encoding_aes_key = "{AES_KEY}"', 'mode = "plain"')

    config = load(content)

    assert config.wechat.mode is WeChatMode.PLAIN
    assert config.notes == (f"[wechat] mode:{texts.PLAIN_MODE}",)


def test_without_wechat_and_sms_nothing_is_needed(load: Load) -> None:
    config = load('[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n')

    assert config.wechat.mode is WeChatMode.OFF
    assert config.sms.gateway is SmsGateway.NONE


GOVERNMENT = (
    WECHAT
    + """
[sms]
gateway = "http"
callback_secret = "5d41402abc4b2a76b9719d911017c592"
[sms.http]
url = "https://sms.gov.example/send/"
headers = { X-Key = "key-canary" }
body = '''
{"to": "{phone}", "text": "{text}",
 "id": "{id}"}'''
ok_path = "code"
ok_value = 0
id_path = "data.id"
"""
)


def test_a_government_gateway_is_described(load: Load) -> None:
    http = load(GOVERNMENT).sms.http

    assert http is not None
    assert http.url == "https://sms.gov.example/send/"
    assert http.method == "POST"
    assert http.headers == {"X-Key": "key-canary"}
    assert "{phone}" in http.body
    assert (http.ok_path, http.ok_value, http.id_path) == ("code", "0", "data.id")


def test_a_truth_value_of_success_is_kept_as_json_writes_it(load: Load) -> None:
    http = load(GOVERNMENT.replace("ok_value = 0", "ok_value = true")).sms.http

    assert http is not None
    assert http.ok_value == "true"


def test_a_nested_key_comes_from_the_environment_too(load: Load) -> None:
    http = load(GOVERNMENT, MINGBAI_SMS__HTTP__METHOD="PUT").sms.http

    assert http is not None
    assert http.method == "PUT"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(load: Load) -> None:
    content = b"\xef\xbb\xbf" + COMPLETE.replace("\n", "\r\n").encode()

    assert load(content).wechat.app_id == "wx5a1c0e7f9b3d2468"


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("http://127.0.0.1:8080", False),
        ("http://localhost", False),
        ("http://[::1]:80", False),
        ("https://cun.example", True),
        ("http://192.168.1.5:8080", True),
    ],
)
def test_an_address_is_public_unless_it_is_loopback(load: Load, url: str, public: bool) -> None:
    assert load(COMPLETE + f'[server]\npublic_url = "{url}"\n').server.is_public is public


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "section", "key", "found"),
    [
        ("port = 0", "server", "port", "0"),
        ("port = 65536", "server", "port", "65536"),
        ('port = "eighty"', "server", "port", "eighty"),
        ("port = true", "server", "port", "True"),
        ("port = 80.5", "server", "port", "80.5"),
        ("host = 1", "server", "host", "1"),
        ('public_url = "cun.example"', "server", "public_url", "cun.example"),
        ('public_url = "https://cun.example/path"', "server", "public_url", "/path"),
        ('public_url = "https://cun.example:port"', "server", "public_url", ":port"),
        ('trusted_proxies = ["nginx"]', "server", "trusted_proxies", "nginx"),
        ('trusted_proxies = ["10.0.0.1/8"]', "server", "trusted_proxies", "10.0.0.1/8"),
        ("data_dir = []", "server", "data_dir", "[]"),
        ("lease_seconds = 0", "delivery", "lease_seconds", "0"),
        ("poll_seconds = -1", "delivery", "poll_seconds", "-1"),
        ("unknown_rest_seconds = nan", "delivery", "unknown_rest_seconds", "nan"),
        ("poll_seconds = inf", "delivery", "poll_seconds", "inf"),
        (f"poll_seconds = 1{'0' * 400}", "delivery", "poll_seconds", "1000"),
        ('timezone = "Asia/Chengdu"', "schedule", "timezone", "Asia/Chengdu"),
        ('timezone = "../etc/passwd"', "schedule", "timezone", "../etc/passwd"),
        ('quiet_hours = "20:00"', "schedule", "quiet_hours", "20:00"),
        ('noon_rest = "12:00-24:30"', "schedule", "noon_rest", "12:00-24:30"),
        ("inbox = 0", "retention", "inbox", "0"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_found_and_expected(
    load: Load, line: str, section: str, key: str, found: str
) -> None:
    said = problems(load, f"{COMPLETE}[{section}]\n{line}\n")

    assert f"[{section}] {key}:写的是“" in said
    assert found in said
    assert texts.EXPECTED[f"{section}.{key}"] in said


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [
        ('app_id = "wx5a1c0e7f9b3d2468"', 'app_id = "gh_0c0ffee0cafe"', "[wechat] app_id"),
        ('"tokencanary"', '"to"', "[wechat] token"),
        ('"tokencanary"', '"token-with-dashes"', "[wechat] token"),
        ('"tokencanary"', f'"{"t" * 33}"', "[wechat] token"),
        (AES_KEY, AES_KEY[:-1], "[wechat] encoding_aes_key"),
        (AES_KEY, AES_KEY[:-1] + "=", "[wechat] encoding_aes_key"),
        ('"app-secret-canary"', '"app secret"', "[wechat] app_secret"),
        ('"明禾公开"', '"【明禾公开】"', "[sms] sign_name"),
        ('"明禾公开"', '"明"', "[sms] sign_name"),
        ("5d41402abc", "5d/41402abc", "[sms] callback_secret"),
        ("[sms]", '[sms]\ngateway = "tencent"', "[sms] gateway"),
        ("[sms]", "[sms]\nrate_per_second = 0", "[sms] rate_per_second"),
        ("[sms]", "[sms]\nprice_fen = 4.5", "[sms] price_fen"),
        ("[sms]", '[sms]\nendpoint = "ftp://x"', "[sms] endpoint"),
        ("[wechat]", '[wechat]\nmode = "SAFE"', "[wechat] mode"),
        ("[wechat]", '[wechat]\nverify_files = {"../x.txt" = "x"}', "[wechat] verify_files"),
        ("[wechat]", "[wechat]\nrate_per_second = -1", "[wechat] rate_per_second"),
        ("[wechat]", '[wechat]\nprevious_token = "x"', "[wechat] previous_token"),
    ],
)
def test_a_wrong_account_value_is_refused(
    load: Load, written: str, instead: str, named: str
) -> None:
    said = problems(load, COMPLETE.replace(written, instead))

    assert named in said


def test_a_missing_key_is_named(load: Load) -> None:
    said = problems(load, COMPLETE.replace(f'encoding_aes_key = "{AES_KEY}"', ""))

    assert "[wechat] encoding_aes_key:没有写" in said
    assert "43 个字母或数字" in said


def test_everything_wrong_is_said_at_once(load: Load) -> None:
    with pytest.raises(ConfigError) as refused:
        load("[server]\nport = 0\n[wechat]\ntokken = 1\n", MINGBAI_QUEUE__URL="nats://x")

    named = "\n".join(refused.value.problems)
    for key in ("port", "app_id", "app_secret", "token", "encoding_aes_key", "tokken", "url"):
        assert f"] {key}" in named
    assert len(refused.value.problems) == 11
    assert "11 处" in str(refused.value)


def test_an_unknown_key_is_refused_with_the_closest_one(load: Load) -> None:
    said = problems(load, COMPLETE.replace("[wechat]", '[wechat]\ntokken = "never-shown"'))

    assert "[wechat] tokken:没有这个键。是不是 token?" in said
    assert "never-shown" not in said


def test_an_unknown_section_is_refused_with_the_closest_one(load: Load) -> None:
    said = problems(load, COMPLETE + "[shedule]\nx = 1\n")

    assert "[shedule]:没有这一节。是不是 schedule?" in said


def test_a_key_outside_all_sections_is_refused(load: Load) -> None:
    assert "port:写在了所有的节外面" in problems(load, "port = 80\n" + COMPLETE)


def test_a_section_that_is_no_section_is_refused(load: Load) -> None:
    assert "[sms.http]:要写成一节" in problems(load, COMPLETE + "http = 1\n")


def test_a_variable_with_an_unknown_name_is_refused(load: Load) -> None:
    said = problems(
        load, COMPLETE, MINGBAI_SERVER__PROT="80", MINGBAI_SEVER__PORT="80", OTHER__X="1"
    )

    assert "[server] prot(环境变量 MINGBAI_SERVER__PROT):没有这个键。是不是 port?" in said
    assert "[sever](环境变量 MINGBAI_SEVER__PORT):没有这一节。是不是 server?" in said
    assert "2 处" in said


def test_a_wrong_variable_is_named(load: Load) -> None:
    said = problems(load, COMPLETE, MINGBAI_SERVER__PORT="eighty")

    assert "[server] port(环境变量 MINGBAI_SERVER__PORT):写的是“eighty”" in said


def test_a_secret_written_twice_is_refused(load: Load) -> None:
    said = problems(load, COMPLETE.replace("[wechat]", '[wechat]\ntoken_file = "x"'))

    assert "[wechat] token 和 token_file 都写了" in said


def test_a_secrets_file_that_is_not_there_is_named(load: Load) -> None:
    said = problems(load, COMPLETE, MINGBAI_WECHAT__TOKEN_FILE="no-such-file")

    assert "[wechat] token_file(环境变量 MINGBAI_WECHAT__TOKEN_FILE)" in said
    assert "no-such-file 读不到" in said
    assert "1 处" in said


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite://:memory:",
        "sqlite://data/",
        "mysql://u:url-canary@h/d",
        "postgres://u:url-canary@host",
        "postgres:///base",
        "postgres://u:url-canary@host:port/base",
    ],
)
def test_a_wrong_database_address_is_refused_and_not_shown(load: Load, url: str) -> None:
    said = problems(load, COMPLETE + f'[database]\nurl = "{url}"\n')

    assert "[database] url:" in said
    assert "url-canary" not in said


def test_a_government_gateway_needs_its_description(load: Load) -> None:
    said = problems(load, COMPLETE.replace("[sms]", '[sms]\ngateway = "http"'))

    for key in ("url", "body", "ok_path", "ok_value"):
        assert f"[sms.http] {key}:没有写" in said


def test_a_body_without_number_or_text_is_refused_and_not_shown(load: Load) -> None:
    said = problems(load, GOVERNMENT.replace("{text}", "body-canary"))

    assert "[sms.http] body" in said
    assert "body-canary" not in said


def test_no_complaint_shows_a_secret(load: Load) -> None:
    content = COMPLETE.replace(AES_KEY, "aes-canary").replace("tokencanary", "token-canary")

    said = problems(load, content + '[server]\nmetrics_token = "metrics canary"\n')

    assert said.count("内容不显示") == 3
    assert "canary" not in said


def test_a_line_that_cannot_be_read_is_named_and_not_shown(load: Load) -> None:
    said = problems(load, '[wechat]\napp_secret = "line-canary\n')

    assert "第 2 行" in said
    assert "canary" not in said


def test_a_file_that_ends_too_early_is_refused(load: Load) -> None:
    assert "末尾不完整" in problems(load, "[wechat]\ntoken =")


def test_a_file_in_another_encoding_is_refused(load: Load) -> None:
    said = problems(load, '[sms]\nsign_name = "明禾公开"\n'.encode("gb18030"))

    assert "不是 UTF-8" in said


def test_a_missing_file_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.example\.toml"):
        load_config(tmp_path / "none.toml", {})


def test_a_folder_instead_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="打不开"):
        load_config(tmp_path, {})


# --- what is warned of, what stays hidden ---------------------------------------------------------


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o604])
def test_a_config_with_secrets_that_others_can_read_is_warned_of(load: Load, mode: int) -> None:
    (note,) = load(COMPLETE, mode).notes

    assert "chmod 600" in note


def test_a_config_without_secrets_may_be_read_by_all(load: Load) -> None:
    config = load(
        '[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n[database]\nurl = "sqlite://x.sqlite3"\n',
        0o644,
    )

    assert config.notes == ()


def test_a_database_password_makes_the_config_one_with_secrets(load: Load) -> None:
    content = '[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n'

    (note,) = load(content + '[database]\nurl = "postgres://u:p@h/d"\n', 0o644).notes

    assert "chmod 600" in note


def test_a_secrets_file_that_others_can_read_is_warned_of(load: Load, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("newtoken", "utf-8")
    secret.chmod(0o644)

    (note,) = load(COMPLETE, MINGBAI_WECHAT__TOKEN_FILE=str(secret)).notes

    assert f"{secret} 里有密钥" in note


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('[server]\nhost = "0.0.0.0"', "[server] public_url"),
    ],
)
def test_what_works_otherwise_than_expected_is_warned_of(load: Load, line: str, key: str) -> None:
    (note,) = load(f"{COMPLETE}{line}\n").notes

    assert note.startswith(key)


def test_keys_sent_in_clear_text_are_warned_of(load: Load) -> None:
    (note,) = load(COMPLETE, MINGBAI_WECHAT__API_BASE="http://simulator:8081").notes

    assert note.startswith("[wechat] api_base")


def test_a_callback_secret_that_can_be_guessed_is_warned_of(load: Load) -> None:
    (note,) = load(COMPLETE.replace("5d41402abc4b2a76b9719d911017c592", "short")).notes

    assert note.startswith("[sms] callback_secret")


def test_no_secret_is_in_the_repr(load: Load) -> None:
    content = GOVERNMENT.replace("[sms]", SMS).replace('callback_secret = "5d', "#", 1)
    content += '[database]\nurl = "postgres://u:base-canary@h/d"\n'

    shown = repr(load(content))

    assert "canary" not in shown
    assert AES_KEY not in shown
    assert "5d41402abc" not in shown


@pytest.mark.skipif(os.name != "posix", reason="only POSIX tells who may read")
def test_the_real_environment_is_read_unless_another_is_given(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(COMPLETE, "utf-8")
    monkeypatch.setenv("MINGBAI_SERVER__PORT", "9002")

    assert load_config(file).server.port == 9002


# --- values of every sort -------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    "convert",
    [
        values.text,
        values.scalar,
        values.above_zero,
        values.base_url,
        values.origin,
        values.window,
        values.zone,
        values.networks,
        values.integer(1, 10),
        values.matching("a+"),
        values.containing("a"),
        values.one_of(WeChatMode),
        values.url("https"),
        values.path(Path("/base")),
        values.database_url(Path("/base")),
        values.table("a+"),
    ],
)
@given(found=JSON)
@settings(max_examples=40)
def test_whatever_is_found_is_converted_or_a_value_error(
    convert: Callable[[object], object], found: object
) -> None:
    try:
        convert(found)
    except ValueError:
        return


@given(start=st.times(), end=st.times())
def test_any_window_of_whole_minutes_is_read(start: time, end: time) -> None:
    window = f"{start:%H:%M}-{end:%H:%M}"

    assert str(values.window(window)) == str(TimeWindow.parse(window)) == window
