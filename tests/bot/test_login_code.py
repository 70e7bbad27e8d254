"""登录码: whoever works in the console gets a code on their own WeChat, and nobody else."""

from datetime import UTC, datetime
from pathlib import Path

from bot.commands.keys import load
from bot.config import load_config
from storage import people, staff
from storage.sealing import Sealer
from tests.bot.home import Home
from tests.bot.talking import ADDRESSES, talking
from tests.conftest import NOW


async def test_staff_get_a_code_and_residents_do_not(county: Home, tmp_path: Path) -> None:
    home = county.copy(tmp_path / "home")
    sealer = Sealer(load(load_config(home.config)))
    async with talking(home) as talk:
        before = await talk.say("登录码")
        person = await people.person_by_address(talk.db, sealer, "wechat", ADDRESSES["wechat"])
        assert person
        await staff.add(talk.db, person_id=person.id, login="hongrui", made_by="operator", now=NOW)

        said = await talk.say("登录码")
        by_sms = await talk.sms("登录码")

        assert "登录码:" not in before
        assert "登录码:" not in by_sms
        code, real = said.split(":")[1][:6], datetime.now(UTC)
        assert not await staff.use_message_code(talk.db, sealer, person.id, "0" * 5, real)
        assert await staff.use_message_code(talk.db, sealer, person.id, code, real)
        assert not await staff.use_message_code(talk.db, sealer, person.id, code, real)
