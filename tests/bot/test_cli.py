"""The command line: pages, wrong usage, exit statuses, and what each command's body is handed."""

import inspect
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bot.arguments import SheetRow
from bot.cli import main
from bot.errors import Refused

PAGES = {
    "": "demo serve migrate check keys import ask understand matter vouch template campaign"
    " simulator backup restore verify",
    "demo": "--port --data --now --config",
    "serve": "--role --now --config",
    "migrate": "--config",
    "check": "--config",
    "keys": "init fingerprint",
    "keys init": "--config",
    "keys fingerprint": "--config",
    "import": "KIND FILE... villages people ledger holidays",
    "import ledger": "--village --book --balances --publish --accept --as --dry-run --json",
    "ask": "TEXT --village --channel --as --json --now --config",
    "understand": "[TEXT] --today --village --explain --jsonl --config",
    "matter": "open step close show",
    "matter open": "--village --item --applicant --contact --public --as --now --config",
    "matter step": "NUMBER STEP --note --as --now --config",
    "matter close": "NUMBER --result --amount --as --now --config",
    "matter show": "NUMBER --config",
    "vouch": "PERSON --name --last-four --note --as --config",
    "template": "list show edit bind preview test",
    "template list": "--json --config",
    "template show": "CODE --config",
    "template edit": "CODE --channel --text --version --config",
    "template preview": "CODE --audience --param --n --json --now --config",
    "template test": "CODE --to --param --now --config",
    "template approve": "CODE --gateway --pending wechat subscribe aliyun http --config",
    "template refuse": "CODE --gateway --reason wechat subscribe aliyun http --config",
    "template bind": "CODE --gateway --id --field wechat subscribe aliyun http --config",
    "campaign": "create show resume",
    "campaign create": "--template --audience --param --at --lane --key --dry-run --json --now",
    "campaign show": "ID --json --now --config",
    "campaign resume": "[ID] --all --now --config",
    "schedule": "list set",
    "schedule list": "--json --now --config",
    "schedule set": "NAME --cron --misfire --usual --now --config",
    "proposal": "list confirm dismiss",
    "proposal list": "--json --config",
    "proposal confirm": "NUMBER --form --as --now text call --config",
    "proposal dismiss": "NUMBER --reason --as --now --config",
    "simulator": "--port --push --config",
    "backup": "FILE --config",
    "restore": "FILE --config",
    "purge": "--dry-run --json --now --config",
    "verify": "--head --config",
}
COMMON = ["--config", "the-config.toml"]
DEMO = "demo --port 9000 --data d --now 2026-11-24T09:30 --config x"
READ = "understand 查账 --today 2026-11-24 --village 听竹村 --explain"
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)

# command line; body; what it is handed, after the config
CALLS: list[tuple[str, str, tuple[Any, ...], dict[str, Any]]] = [
    ("serve", "serve.run", (), {"role": "all", "now": None}),
    ("serve --role worker", "serve.run", (), {"role": "worker", "now": None}),
    ("serve --now 2026-11-24T09:30", "serve.run", (), {"role": "all", "now": NOW}),
    ("migrate", "migrate.run", (), {}),
    ("keys init", "keys.init", (), {}),
    ("keys fingerprint", "keys.fingerprint", (), {}),
    (
        "import villages a.csv",
        "import_.run",
        ("villages", (Path("a.csv"),)),
        {
            "village": None,
            "book": None,
            "balances": None,
            "publish": False,
            "accept": (),
            "person": None,
            "dry_run": False,
            "as_json": False,
        },
    ),
    (
        "import ledger a.csv b.xlsx --village 听竹村 --book 集体 --balances c.csv --publish "
        "--accept 28,3月收支!31 --accept 5 --as 13800138000 --dry-run --json",
        "import_.run",
        ("ledger", (Path("a.csv"), Path("b.xlsx"))),
        {
            "village": "听竹村",
            "book": "集体",
            "balances": Path("c.csv"),
            "publish": True,
            "accept": (SheetRow(None, 28), SheetRow("3月收支", 31), SheetRow(None, 5)),
            "person": "13800138000",
            "dry_run": True,
            "as_json": True,
        },
    ),
    (
        "ask 上个月花了多少",
        "ask.run",
        ("上个月花了多少",),
        {"village": None, "channel": "wechat", "person": None, "as_json": False, "now": None},
    ),
    (
        "ask 账 --village 听竹村 --channel sms --as oX --json --now 2026-11-24T01:30Z",
        "ask.run",
        ("账",),
        {"village": "听竹村", "channel": "sms", "person": "oX", "as_json": True, "now": NOW},
    ),
    ("template list --json", "template.show_all", (), {"as_json": True}),
    ("template show notice", "template.show", ("notice",), {}),
    (
        "template edit help --channel sms --text 问账",
        "template.edit",
        ("help",),
        {"channel": "sms", "text": "问账", "version": None},
    ),
    (
        "template edit help --channel sms --version 1",
        "template.edit",
        ("help",),
        {"channel": "sms", "text": None, "version": 1},
    ),
    (
        "template bind notice --gateway aliyun --id SMS_1 --field b=text --field a=text",
        "template.bind",
        ("notice",),
        {"gateway": "aliyun", "provider_id": "SMS_1", "fields": {"b": "text", "a": "text"}},
    ),
    (
        "template preview notice --audience role=干部 --param title=开会 --n 3 --json",
        "template.preview",
        ("notice",),
        {
            "audience": "role=干部",
            "params": {"title": "开会"},
            "limit": 3,
            "as_json": True,
            "now": None,
        },
    ),
    (
        "template test notice --to 13900000001 --param title=开会",
        "template.send_test",
        ("notice",),
        {"to": "13900000001", "params": {"title": "开会"}, "now": None},
    ),
    (
        "campaign create --template notice --audience role=干部|监委会,region=990101 "
        "--param title=开会 --param text=a=b --at 2026-11-24T09:30 --lane urgent --key k --dry-run "
        "--json --now 2026-11-24T09:30",
        "campaign.create",
        (),
        {
            "template": "notice",
            "audience": "role=干部|监委会,region=990101",
            "params": {"title": "开会", "text": "a=b"},
            "at": NOW,
            "lane": "urgent",
            "key": "k",
            "spread": False,
            "dry_run": True,
            "as_json": True,
            "now": NOW,
        },
    ),
    ("campaign show c1 --json", "campaign.show", ("c1",), {"as_json": True, "now": None}),
    ("campaign resume c1", "campaign.resume", ("c1",), {"now": None}),
    ("campaign resume --all", "campaign.resume", (None,), {"now": None}),
    ("simulator --port 9", "simulator.run", (), {"port": 9, "push": None}),
    (
        "simulator --push http://127.0.0.1:8080",
        "simulator.run",
        (),
        {"port": 8081, "push": "http://127.0.0.1:8080"},
    ),
    ("backup b.file", "backup.run", (Path("b.file"),), {}),
    ("restore b.file", "restore.run", (Path("b.file"),), {}),
    ("verify --head abc", "verify.run", (), {"head": "abc"}),
]

WRONG = [
    ("nix", "没有 nix 这个命令。"),
    ("chek", "没有 chek 这个命令。是不是 check?"),
    ("import ledger a.csv --vilage x", "没有 --vilage 这个选项。是不是 --village?"),
    ("import ledger", "少了 FILE...。"),
    (
        "import tips a.csv",
        "KIND:写的是“tips”,要从这些里选一个:villages、people、ledger、holidays、education、power-items、",
    ),
    ("import ledger a.csv --accept x", "--accept:写的是“x”,要写行号"),
    ("import ledger a.csv --accept 0", "--accept:写的是“0”,要写行号"),
    ("import ledger a.csv --accept !5", "--accept:写的是“!5”,要写行号"),
    ("ask", "少了 TEXT。"),
    ("ask a b", "多出来的内容:b"),
    ("ask a --channel fax", "--channel:写的是“fax”"),
    ("ask a --now 明天", "--now:写的是“明天”,要写时间"),
    ("understand", "TEXT 和 --jsonl 要给一个,只给一个。"),
    ("understand a --jsonl b", "TEXT 和 --jsonl 要给一个,只给一个。"),
    ("understand a --today 24.11.", "--today:写的是“24.11.”,要写日期"),
    ("template edit help --text a", "少了 --channel。"),
    ("template edit help --channel sms", "--text 和 --version 要给一个,只给一个。"),
    (
        "template edit help --channel sms --text a --version 1",
        "--text 和 --version 要给一个,只给一个。",
    ),
    ("template edit help --channel sms --version 0", "--version:写的是“0”,要写从 1 开始的整数。"),
    ("template bind notice --gateway aliyun", "少了 --id。"),
    ("template bind notice --gateway aliyun --id", "--id 后面要跟一个值。"),
    ("template bind notice --gateway tencent --id 1", "--gateway:写的是“tencent”"),
    ("template bind n --gateway http --id 1 --field a", "--field:写的是“a”,要写成 名称=内容。"),
    ("template bind n --gateway http --id 1 --field a=1 --field a=2", "a 给了两次"),
    ("template preview n --audience e --n 0", "--n:写的是“0”,要写 1 到 100 的整数。"),
    ("template test n", "少了 --to。"),
    ("campaign create --template n", "少了 --audience。"),
    ("campaign create --template n --audience e --lane slow", "--lane:写的是“slow”"),
    ("campaign show", "少了 ID。"),
    ("campaign show i --json=1", "--json 后面不跟值。"),
    ("campaign resume", "ID 和 --all 要给一个,只给一个。"),
    ("campaign resume i --all", "ID 和 --all 要给一个,只给一个。"),
    ("simulator --port 0", "--port:写的是“0”,要写 1 到 65535 的整数。"),
    ("simulator --port 65536", "--port:写的是“65536”"),
    ("serve --port 80", "没有 --port 这个选项。"),
    ("serve --role chef", "all、web、worker、scheduler"),
]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MINGBAI_CONFIG", raising=False)


def write_config(file: Path, more: str = "") -> None:
    file.write_text(f'[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n{more}', "utf-8")
    file.chmod(0o600)


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "words"), PAGES.items())
def test_a_page_names_every_command_option_and_argument(
    command: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([*command.split(), "--help"])

    page = capsys.readouterr().out
    assert status == 0
    for word in words.split():
        assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", page), word


@pytest.mark.parametrize("command", PAGES)
def test_a_page_is_chinese_throughout(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([*command.split(), "--help"])

    page = capsys.readouterr().out
    assert page.startswith("用法: mingbai")
    for word in ("Usage", "Options", "Commands", "Show this", "required", "default", "arguments"):
        assert word not in page


def test_commands_stand_in_the_order_in_which_they_are_needed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--help"])

    page = capsys.readouterr().out
    places = [page.index(f"\n  {word} ") for word in ("demo", "migrate", "serve", "ask", "verify")]
    assert places == sorted(places)


@pytest.mark.parametrize("command", ["", "keys", "template", "campaign"])
def test_no_command_at_all_shows_the_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(command.split())

    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert said.err.startswith("用法: mingbai")


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from bot.cli import main; main(['--help']); main(['import', '--help'])\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    heavy = {"tortoise", "aiohttp", "nacl", "openpyxl", "jinja2", "asyncio", "understanding"}
    heavy |= {"storage.database", "notifications", "wechatpy", "uvloop", "opencc", "workbooks"}

    seen = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, timeout=60, text=True
    )

    loaded = set(seen.stderr.split())
    assert "click" in loaded
    assert loaded & heavy == set()


# --- wrong usage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "complaint"), WRONG)
def test_wrong_usage_is_named_and_exits_2(
    command: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(command.split())

    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert complaint in said.err
    assert "--help" in said.err
    assert "用法: mingbai" in said.err


# --- refusals and warnings ------------------------------------------------------------------------


@pytest.mark.parametrize("command", [line for line, *_ in CALLS])
def test_without_a_config_every_command_says_how_to_begin(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(command.split())

    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert "config.example.toml" in said.err
    assert "Traceback" not in said.err


def test_a_wrong_config_stops_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(tmp_path / "config.toml", "tokken = 1\n")

    status = main(["serve"])

    assert status == 1
    assert "[sms] tokken" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_a_refusal_is_said_without_a_trace(
    bodies: "Bodies", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(tmp_path / "config.toml")
    bodies.replace("verify.run", raising=Refused("第3条被改过。"))

    status = main(["verify"])

    said = capsys.readouterr()
    assert (status, said.out, said.err) == (1, "", "第3条被改过。\n")


def test_an_interruption_ends_with_1(
    bodies: "Bodies", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(tmp_path / "config.toml")
    bodies.replace("verify.run", raising=KeyboardInterrupt())

    assert main(["verify"]) == 1
    assert "中断了。" in capsys.readouterr().err


def test_warnings_go_to_stderr_and_nothing_is_stopped(
    bodies: "Bodies", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(tmp_path / "config.toml", 'callback_secret = "short"\n')
    bodies.replace("verify.run")

    status = main(["verify"])

    said = capsys.readouterr()
    assert (status, said.out) == (0, "")
    assert said.err.startswith("注意:[sms] callback_secret:")


# --- what the bodies are handed -------------------------------------------------------------------


class Bodies:
    """Stands in for what commands do, and holds it to the real one's signature."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.called: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def replace(
        self, name: str, returning: int | None = None, raising: BaseException | None = None
    ) -> None:
        module, _, function = name.rpartition(".")
        real = getattr(import_module(f"bot.commands.{module}"), function)
        signature = inspect.signature(real)

        def body(*given: Any, **named: Any) -> int | None:
            signature.bind(*given, **named)
            self.called.append((given, named))
            if raising:
                raise raising
            return returning

        self._monkeypatch.setattr(f"bot.commands.{module}.{function}", body)


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> Bodies:
    return Bodies(monkeypatch)


@pytest.mark.parametrize(("command", "body", "positional", "named"), CALLS)
def test_a_body_is_handed_what_was_typed(
    bodies: Bodies,
    tmp_path: Path,
    command: str,
    body: str,
    positional: tuple[Any, ...],
    named: dict[str, Any],
) -> None:
    write_config(tmp_path / "the-config.toml")
    bodies.replace(body)

    status = main([*command.split(), *COMMON])

    ((config, *others), given) = bodies.called[0]
    assert status == 0
    assert config.file == tmp_path / "the-config.toml"
    assert (tuple(others), given) == (positional, named)


def test_the_demo_is_handed_its_port_folder_and_time_and_no_config(
    bodies: Bodies, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies.replace("demo.run")

    assert main(["demo"]) == 0
    assert main(DEMO.split()) == 0

    usual = {"port": 8080, "data": Path(".demo"), "now": None}
    assert bodies.called == [((), usual), ((), {"port": 9000, "data": Path("d"), "now": NOW})]
    assert "演示用自己的配置,不读 x" in capsys.readouterr().err


def test_check_is_handed_the_file_itself(bodies: Bodies) -> None:
    bodies.replace("check.run", returning=1)

    status = main(["check", "--config", "x.toml"])

    assert status == 1
    assert bodies.called == [((Path("x.toml"),), {})]


def test_understand_needs_no_config_even_where_one_is_set(
    bodies: Bodies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGBAI_CONFIG", "no-such-file.toml")
    bodies.replace("understand.run")
    bodies.replace("understand.run_file")

    assert main(READ.split()) == 0
    assert main(["understand", "--jsonl", "q.jsonl"]) == 0

    said = {"today": date(2026, 11, 24), "village": "听竹村", "explained": True, "config": None}
    read = {"today": None, "village": None, "config": None}
    assert bodies.called == [(("查账",), said), ((Path("q.jsonl"),), read)]


def test_the_config_is_named_by_option_then_variable_then_folder(
    bodies: Bodies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("config.toml", "variable.toml", "option.toml"):
        write_config(tmp_path / name)
    bodies.replace("verify.run")

    main(["verify"])
    monkeypatch.setenv("MINGBAI_CONFIG", "variable.toml")
    main(["verify"])
    main(["verify", "--config", "option.toml"])

    names = [given[0].file.name for given, _ in bodies.called]
    assert names == ["config.toml", "variable.toml", "option.toml"]


def test_the_program_itself_ends_with_the_status(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("mingbai")

    def status(*words: str) -> int:
        run = subprocess.run([program, *words], capture_output=True, timeout=60, cwd=tmp_path)
        return run.returncode

    assert [status("--help"), status("verify"), status("nix")] == [0, 1, 2]
