"""Message templates: listed by use, shown with all their versions, edited, decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web

from console.staff.desk import PREFIX, Desk
from console.staff.routes import Entry, Route, Todo, Visit
from console.staff.wordings import form, texts
from console.staff.wordings.difference import difference
from console.staff.wordings.form import Typed
from console.staff.wordings.phones import Phone, phone
from console.staff.wordings.uses import use_of
from notifications import editing, previewing
from notifications import templates as pushed
from notifications.audience import AudienceError
from notifications.campaigns import CampaignError
from notifications.editing import Overtaken
from notifications.menu import MENU
from notifications.policy import NoticeClass
from notifications.templates import TemplateError, check_words
from notifications.terms import Terms
from storage import people, templates
from storage.database import Database
from storage.templates import WAITING, Binding, Template, Use, Version

ADMINS = frozenset({"管理"})
READERS = frozenset({"管理", "审计"})
TEMPLATES = f"{PREFIX}/templates"

_COUNTED = timedelta(days=30)
_COUNTY_DIGITS = 6
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A template in the list."""

    code: str
    name: str
    used: str
    use: Use
    is_waiting: bool


def is_county_admin(visit: Visit) -> bool:
    """Whether the visitor may change what the whole county says."""
    return any(len(prefix) <= _COUNTY_DIGITS for prefix in visit.prefixes(ADMINS))


class Wordings:
    def __init__(self, db: Database, desk: Desk, terms: Terms) -> None:
        self._db = db
        self._desk = desk
        self._terms = terms

    def routes(self) -> Sequence[Route]:
        one = f"{TEMPLATES}/{{code:\\w+}}"
        return [
            Route("GET", TEMPLATES, self.index, READERS),
            Route("GET", one, self.show, READERS),
            Route("GET", f"{one}/compare", self.compare, READERS),
            Route("GET", f"{one}/edit", self.open, ADMINS),
            Route("POST", f"{one}/edit", self.edit, ADMINS),
            Route("POST", f"{one}/decide", self.decide, ADMINS),
            Route("POST", f"{one}/bind", self.bind, ADMINS),
            Route("POST", f"{one}/approval", self.approval, ADMINS),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.TITLE, TEMPLATES, READERS)]

    async def waiting(self, visit: Visit) -> Sequence[Todo]:
        """Words of others that the visitor may approve."""
        if not is_county_admin(visit):
            return []
        return [
            Todo(texts.TODO.format(name=name_of(code)), f"{TEMPLATES}/{code}")
            for code, words in await templates.waiting(self._db)
            if words.author != visit.staff.person_id
        ]

    async def index(self, visit: Visit) -> web.StreamResponse:
        uses = await templates.uses(self._db, visit.now - _COUNTED)
        waiting = {code for code, _ in await templates.waiting(self._db)}
        groups: dict[str, list[_Line]] = {
            texts.GROUP_PUSHED: [],
            texts.GROUP_SPOKEN: [],
            texts.GROUP_ANSWERS: [],
        }
        for template in await templates.all_templates(self._db):
            line = _Line(
                code=template.code,
                name=name_of(template.code),
                used=texts.USED.get(template.code, texts.USED_BY_ANSWERS),
                use=uses[template.code],
                is_waiting=template.code in waiting,
            )
            groups[_group(template)].append(line)
        for lines in groups.values():
            lines.sort(key=_by_use)
        return self._desk.page(
            visit, "wordings/list.html", title=texts.TITLE, groups=groups, days=_COUNTED.days,
            pushed=texts.GROUP_PUSHED,
        )  # fmt: skip

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._shown(visit, await self._template(visit), {})

    async def compare(self, visit: Visit) -> web.StreamResponse:
        """Two versions of the words on one channel, the older first."""
        template = await self._template(visit)
        versions = await templates.versions(self._db, template.code)
        asked = visit.request.query
        channel = asked.get("channel", "")
        pair = sorted(
            (
                one
                for one in versions
                if one.channel == channel and str(one.version) in (asked.get("a"), asked.get("b"))
            ),
            key=lambda one: one.version,
        )
        if len(pair) != 2:
            raise web.HTTPNotFound
        return self._desk.page(
            visit, "wordings/compare.html",
            title=texts.COMPARE_TITLE.format(name=name_of(template.code)),
            code=template.code, channel=texts.CHANNELS[channel], pair=pair,
            pieces=difference(pair[0].text, pair[1].text), authors=await self._authors(pair),
            channel_code=channel, may_edit=template.editable and is_county_admin(visit),
        )  # fmt: skip

    async def open(self, visit: Visit) -> web.StreamResponse:
        template = await self._editable(visit)
        versions = await templates.versions(self._db, template.code)
        asked = visit.request.query
        chosen = {c: int(v) for c in template.channels if (v := asked.get(c, "")).isdecimal()}
        opened = form.fresh(template, versions, chosen)
        return await self._form(visit, template, opened, {})

    async def edit(self, visit: Visit) -> web.StreamResponse:
        """Shows what the words would look like, lays them before a second person, or tries them."""
        template = await self._editable(visit)
        typed = form.typed(visit, template)
        doing = visit.text("do")
        if doing == "propose":
            return await self._propose(visit, template, typed)
        if doing == "test":
            return await self._test(visit, template, typed)
        return await self._form(visit, template, typed, {})

    async def decide(self, visit: Visit) -> web.StreamResponse:
        template = await self._editable(visit)
        channel, doing = visit.text("channel"), visit.text("do")
        number = visit.text("version")
        version = int(number) if number.isdecimal() and len(number) < 9 else 0
        actor, now = visit.staff.person_id, datetime.now(UTC)
        try:
            words = await editing.waiting_words(self._db, template.code, channel, version)
            if doing == "approve":
                await editing.approve(
                    self._db, template.code, channel, version, actor=actor, now=now
                )
            else:
                await editing.refuse(
                    self._db, template.code, channel, version, actor=actor,
                    reason=visit.text(f"reason_{channel}"), now=now,
                )  # fmt: skip
        except TemplateError as error:
            return await self._shown(visit, template, {f"reason_{channel}": str(error)}, 422)
        said = texts.APPROVED_MENU if template.code.startswith(MENU) else texts.APPROVED
        if doing != "approve":
            said = texts.TAKEN_BACK if words.author == actor else texts.REFUSED
        return await self._desk.done(visit, f"{TEMPLATES}/{template.code}", said)

    async def bind(self, visit: Visit) -> web.StreamResponse:
        """Records the provider's id of a template and which of its fields takes which parameter."""
        template = await self._overseen(visit)
        gateway, external_id = visit.text("gateway"), visit.text("external_id")
        fields = form.fields(visit.text("fields"))
        problem = ""
        if gateway not in texts.GATEWAYS:
            problem = texts.GATEWAY_MISSING
        elif not external_id or len(external_id) > _LONGEST_ID:
            problem = texts.ID_MISSING.format(most=_LONGEST_ID)
        elif fields is None:
            problem = texts.FIELDS_UNREADABLE
        else:
            try:
                await pushed.bind(
                    self._db, template.code, gateway=gateway, external_id=external_id,
                    fields=fields, now=datetime.now(UTC), actor=visit.staff.person_id,
                )  # fmt: skip
            except TemplateError as error:
                problem = str(error)
        if problem:
            return await self._shown(visit, template, {"fields": problem}, 422)
        return await self._desk.done(visit, f"{TEMPLATES}/{template.code}", texts.BOUND)

    async def approval(self, visit: Visit) -> web.StreamResponse:
        """Notes what the provider says of a template: pending or refused, it is not sent."""
        template = await self._overseen(visit)
        gateway, state = visit.text("gateway"), visit.text("approval")
        if state not in texts.APPROVALS or gateway not in texts.GATEWAYS:
            raise web.HTTPNotFound
        try:
            await pushed.note_approval(
                self._db, template.code, gateway=gateway, approval=state,
                reason=visit.text("reason"), now=datetime.now(UTC), actor=visit.staff.person_id,
            )  # fmt: skip
        except TemplateError as error:
            return await self._shown(visit, template, {f"approval_{gateway}": str(error)}, 422)
        return await self._desk.done(visit, f"{TEMPLATES}/{template.code}", texts.APPROVAL_NOTED)

    async def _propose(self, visit: Visit, template: Template, typed: Typed) -> web.StreamResponse:
        versions = await templates.versions(self._db, template.code)
        channels = form.changed(typed, versions)
        if not channels:
            problems = {f"words_{c}": texts.NOTHING_CHANGED for c in template.channels[:1]}
            return await self._form(visit, template, typed, problems, status=422)
        try:
            async with self._db.transaction():
                for channel in channels:
                    await editing.propose(
                        self._db, template.code, channel, typed.words[channel],
                        based_on=typed.based_on[channel], actor=visit.staff.person_id,
                        now=datetime.now(UTC),
                    )  # fmt: skip
        except Overtaken as overtaken:
            newest = overtaken.newest
            based_on = {**typed.based_on, newest.channel: newest.version}
            again = Typed(words=typed.words, based_on=based_on, values=typed.values)
            problems = {f"words_{newest.channel}": texts.CHANGED_MEANWHILE}
            return await self._form(
                visit, template, again, problems, status=422, overtaken_by=newest
            )
        except TemplateError as error:
            problems = {f"words_{channel}": str(error)}
            return await self._form(visit, template, typed, problems, status=422)
        return await self._desk.done(visit, f"{TEMPLATES}/{template.code}", texts.PROPOSED)

    async def _test(self, visit: Visit, template: Template, typed: Typed) -> web.StreamResponse:
        if template.notice_class == NoticeClass.ANSWER:
            problems = {"test": texts.NO_TEST_OF_ANSWERS}
            return await self._form(visit, template, typed, problems, status=422)
        problems = await self._problems(template, typed)
        if not problems:
            try:
                await previewing.send_test(
                    self._db, self._terms, template.code, typed.values,
                    to=visit.staff.person_id, now=visit.now, real=datetime.now(UTC),
                    actor=visit.staff.person_id, words=typed.words,
                )  # fmt: skip
            except (CampaignError, AudienceError, TemplateError) as error:
                problems = {"test": str(error)}
        if problems:
            return await self._form(visit, template, typed, problems, status=422)
        return await self._form(visit, template, typed, {}, told=texts.TESTED)

    async def _form(
        self,
        visit: Visit,
        template: Template,
        typed: Typed,
        problems: Mapping[str, str],
        *,
        status: int = 200,
        told: str = "",
        overtaken_by: Version | None = None,
    ) -> web.Response:
        problems = {**await self._problems(template, typed), **problems}
        theirs = None
        if overtaken_by:
            theirs = difference(overtaken_by.text, typed.words[overtaken_by.channel])
        versions = await templates.versions(self._db, template.code)
        return self._desk.page(
            visit, "wordings/edit.html",
            title=texts.EDIT_TITLE.format(name=name_of(template.code)), status=status,
            message=template, typed=typed, problems=problems, told=told,
            variables=form.variables(template, typed.values),
            phones=await self._phones(template, typed.words, typed.values),
            sign_name=self._terms.sign_name, price_fen=self._terms.price_fen,
            channels=texts.CHANNELS, theirs=theirs, overtaken_by=overtaken_by,
            in_use={c: form.in_use(versions, c) for c in template.channels},
            may_test=template.notice_class != NoticeClass.ANSWER,
        )  # fmt: skip

    async def _problems(self, template: Template, typed: Typed) -> dict[str, str]:
        """What is wrong with the words, by field."""
        found = {}
        for channel, words in typed.words.items():
            try:
                await check_words(self._db, template, channel, words)
            except TemplateError as error:
                found[f"words_{channel}"] = str(error)
        return found

    async def _shown(
        self, visit: Visit, template: Template, problems: Mapping[str, str], status: int = 200
    ) -> web.Response:
        versions = await templates.versions(self._db, template.code)
        words = {c: form.in_use(versions, c).text for c in template.channels}
        waiting = [one for one in versions if one.state == WAITING]
        uses = await templates.uses(self._db, visit.now - _COUNTED)
        bindings = await self._bindings(template)
        return self._desk.page(
            visit, "wordings/show.html", title=name_of(template.code), status=status,
            message=template, problems=problems,
            phones=await self._phones(template, words, form.examples(template)),
            history={c: form.of_channel(versions, c) for c in template.channels},
            in_use={c: form.in_use(versions, c) for c in template.channels},
            changes={
                one.channel: difference(words[one.channel], one.text) for one in waiting
            },
            waiting_phones={
                one.channel: made
                for one in waiting
                for made in await self._phones(
                    template, {**words, one.channel: one.text}, form.examples(template)
                )
                if made.channel == one.channel
            },
            waiting=waiting, authors=await self._authors(versions), use=uses[template.code],
            days=_COUNTED.days, bindings=bindings.values(), channels=texts.CHANNELS,
            gateways=texts.GATEWAYS, approvals=texts.APPROVALS, states=texts.STATES,
            is_old=template.code in await templates.edited_since_bound(self._db, "aliyun", "sms"),
            old=texts.OLD_AT_PROVIDER, labels=texts.PARAMETERS,
            sign_name=self._terms.sign_name,
            used=await use_of(self._db, template.code, visit.now), me=visit.staff.person_id,
            class_name=texts.CLASSES[template.notice_class],
            may_edit=template.editable and is_county_admin(visit),
            may_oversee=is_county_admin(visit), typed=visit.form,
        )  # fmt: skip

    async def _phones(
        self, template: Template, words: Mapping[str, str], values: Mapping[str, str]
    ) -> list[Phone]:
        bindings = await self._bindings(template)
        menu = (await templates.wordings_of(self._db, MENU))["wechat"].text
        return [
            phone(template, channel, words[channel], values, bindings, self._terms, menu)
            for channel in template.channels
        ]

    async def _bindings(self, template: Template) -> dict[str, Binding]:
        found = await templates.bindings(self._db)
        return {gateway: b for (code, gateway), b in found.items() if code == template.code}

    async def _authors(self, versions: Sequence[Version]) -> dict[str, str]:
        """Who wrote or decided something, by id."""
        names = dict(texts.AUTHORS)
        for one in {who for version in versions for who in (version.author, version.decided_by)}:
            if one and one not in names:
                person = await people.person(self._db, one)
                names[one] = person.name if person and person.name else one
        return names

    async def _template(self, visit: Visit) -> Template:
        """The one of the path. Raises HTTPNotFound."""
        found = await templates.template(self._db, visit.request.match_info["code"])
        if found is None:
            raise web.HTTPNotFound
        return found

    async def _overseen(self, visit: Visit) -> Template:
        """The one of the path, for the county's admins alone. Raises HTTPNotFound."""
        found = await self._template(visit)
        if not is_county_admin(visit):
            raise web.HTTPNotFound
        return found

    async def _editable(self, visit: Visit) -> Template:
        """The one of the path, where the visitor may change it. Raises HTTPNotFound."""
        found = await self._overseen(visit)
        if not found.editable:
            raise web.HTTPNotFound
        return found


def name_of(code: str) -> str:
    return texts.NAMES.get(code, code)


def _group(template: Template) -> str:
    if template.notice_class != NoticeClass.ANSWER:
        return texts.GROUP_PUSHED
    return texts.GROUP_SPOKEN if template.editable else texts.GROUP_ANSWERS


def _by_use(line: _Line) -> tuple[bool, int, float, str]:
    """What waits first, then what is sent most, then what was sent last."""
    last = line.use.last.timestamp() if line.use.last else 0
    return not line.is_waiting, -line.use.messages, -last, line.code
