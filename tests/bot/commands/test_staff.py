"""`mingbai staff`: the first account is opened by whoever has the keys."""

from pathlib import Path

from tests.bot.home import SAMPLE, Home


def test_an_account_is_opened_listed_and_started_anew(tmp_path: Path) -> None:
    home = Home.make(tmp_path)
    for words in (
        ("migrate",),
        ("import", "villages", SAMPLE),
        ("import", "people", SAMPLE.with_name("people.csv")),
    ):
        assert home.run(*words).status == 0

    added = home.run("staff", "add", "muyuan", "--person", "16600010074")
    assert added.status == 0, added.err
    assert "管理" in added.out
    code = added.out.rsplit(":", 1)[1].strip()
    assert len(code.replace("-", "")) == 16

    (one,) = home.run("staff", "list", "--json").json()
    assert (one["login"], one["name"], one["state"]) == ("muyuan", "穆远", "starting")
    again = home.run("staff", "reset", "muyuan")
    assert again.status == 0
    assert code not in again.out

    for login, person, problem in (
        ("muyuan", "16600010072", "有人用了"),
        ("other", "16600010074", "有人用了"),
        ("A B", "16600010072", "登录名"),
        ("lipopo", "16600010071", "没有任职"),
    ):
        refused = home.run("staff", "add", login, "--person", person)
        assert refused.status == 1
        assert problem in refused.err
    assert home.run("staff", "reset", "nobody").status == 1
