"""`mingbai rule`: an admin says what follows where nobody confirms."""

import json
from pathlib import Path

from notifications.confirming import DEFAULT_RULES
from tests.bot.home import Home


def test_a_rule_is_changed_and_shown(tmp_path: Path) -> None:
    home = Home.make(tmp_path)
    assert home.run("migrate").status == 0

    assert home.run("rule", "set", "matter_due", "--superior-after", "12").status == 0
    assert home.run("rule", "set", "integrity_reminder", "--off").status == 0
    refused = home.run("rule", "set", "welcome")
    listed = home.run("rule", "list", "--json")

    rules = {one["template"]: one for one in map(json.loads, listed.out.splitlines())}
    assert set(rules) == set(DEFAULT_RULES)
    assert rules["matter_due"]["superior_after_hours"] == 12
    assert rules["matter_due"]["sms_after_hours"] == 24  # as it was
    assert not rules["integrity_reminder"]["on"]
    assert refused.status == 1
    assert "welcome" in refused.err
