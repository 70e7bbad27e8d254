"""`mingbai schedule`: what is shown of the clock, and an operator's own rules."""

from tests.bot.home import Home

NOW = ("--now", "2026-12-24T09:30")


def test_every_job_is_shown_with_its_rule_and_its_dates(county: Home) -> None:
    said = county.run("schedule", "list", *NOW)

    assert said.status == 0
    lines = said.out.splitlines()
    place = lines.index("每周新公开  weekly_news")
    assert lines[place + 1 : place + 3] == ["  每周一9:00,漏了补最近一次", "  还没有执行过"]
    assert lines[place + 3].startswith("  接下来 12月28日一")


def test_days_off_are_marked_and_a_year_without_a_table_is_provisional(county: Home) -> None:
    file = county.write("放假.csv", ["日期,类型,名称", "2026-12-26,上班,", "2026-12-31,放假,元旦"])
    assert county.run("import", "holidays", file).status == 0

    shown = {one["name"]: one for one in county.run("schedule", "list", "--json", *NOW).json()}

    marks = {one["at"][5:10]: one["day"] for one in shown["disclosure_reminders"]["coming"]}
    assert [marks[day] for day in ("12-25", "12-26", "12-27", "12-31", "01-01")] == [
        "", "班", "休", "休", "暂定"
    ]  # fmt: skip


def test_an_operator_sets_a_rule_and_takes_it_back(county: Home) -> None:
    changed = county.run(
        "schedule", "set", "weekly_news", "--cron", "0 10 * * 2", "--misfire", "skip", *NOW
    )
    own = {one["name"]: one for one in county.run("schedule", "list", "--json", *NOW).json()}
    back = county.run("schedule", "set", "weekly_news", "--usual", *NOW)
    usual = {one["name"]: one for one in county.run("schedule", "list", "--json", *NOW).json()}

    assert (changed.status, back.status) == (0, 0)
    found = own["weekly_news"]
    assert (found["rule"], found["misfire"], found["own_rule"]) == ("每周二10:00", "skip", True)
    assert found["coming"][0]["at"] == "2026-12-29T10:00:00+08:00"
    found = usual["weekly_news"]
    assert (found["rule"], found["misfire"], found["own_rule"]) == (
        "每周一9:00", "run_latest", False
    )  # fmt: skip


def test_what_is_no_rule_and_no_schedule_is_refused_with_what_to_do(county: Home) -> None:
    wrong = county.run("schedule", "set", "weekly_news", "--cron", "每周一", *NOW)
    unknown = county.run("schedule", "set", "周报", "--misfire", "all", *NOW)
    nothing = county.run("schedule", "set", "weekly_news", *NOW)

    assert [said.status for said in (wrong, unknown, nothing)] == [1, 1, 1]
    assert "五段的时间规则" in wrong.err
    assert "mingbai schedule list" in unknown.err
    assert "--cron" in nothing.err
    rows = county.rows("SELECT cron FROM schedules WHERE own_rule")
    assert rows == []
