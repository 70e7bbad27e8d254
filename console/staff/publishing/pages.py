"""What is in preparation, and files on their way in: looked at row by row, mended, stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiohttp import web

from console.staff.desk import PREFIX, Desk
from console.staff.publishing import shown, texts
from console.staff.publishing.importing import File, Importing, Reading, Unreadable, Verdict
from console.staff.publishing.roles import ENTERS, READS, REVIEWS
from console.staff.routes import Entry, Route, Todo, Visit
from storage import preparing, regions, uploads
from storage.batches import Order
from storage.database import Database
from storage.disclosures import State
from storage.preparing import PAGE
from storage.regions import Region, SeveralRegions, UnknownRegion, choose_village
from storage.sealing import Sealer
from storage.uploads import DROPPED, OPEN, STORED, Overtaken, Upload
from workbooks.mending import Mend

PUBLISHING = f"{PREFIX}/publishing"
MAX_FILE_BYTES = 16 << 20

_MOST_CHOICES = 60
_MOST_UPLOADS = 20
_MOST_ROWS = 200
_LONGEST_CELL = 500


class Publishing:
    """The first page of the area, and its files."""

    def __init__(self, db: Database, sealer: Sealer, desk: Desk, importing: Importing) -> None:
        self._db = db
        self._sealer = sealer
        self._desk = desk
        self._importing = importing

    def routes(self) -> Sequence[Route]:
        one = f"{PUBLISHING}/files/{{id:\\w+}}"
        return [
            Route("GET", PUBLISHING, self.index, READS),
            Route("GET", f"{PUBLISHING}/upload", self.choose, ENTERS),
            Route("POST", f"{PUBLISHING}/upload", self.upload, ENTERS),
            Route("GET", one, self.file, ENTERS),
            Route("POST", f"{one}/mend", self.mend, ENTERS),
            Route("POST", f"{one}/finish", self.finish, ENTERS),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.TITLE, PUBLISHING, READS)]

    async def waiting(self, visit: Visit) -> Sequence[Todo]:
        """What waits for a signature of the visitor's, to be made public, or to be mended."""
        todos = []
        names = await self._names()
        mine = visit.staff.person_id
        for one in await preparing.in_preparation(self._db, visit.prefixes(READS)):
            text = ""
            if one.state is State.SUBMITTED and visit.may(REVIEWS, one.village):
                text = texts.TODO_SIGN if mine not in (one.author, *one.signers) else ""
            elif one.state is State.SIGNED and visit.may(ENTERS, one.village):
                text = texts.TODO_PUBLISH
            elif one.given_back and one.state is State.DRAFT and visit.may(ENTERS, one.village):
                text = texts.TODO_MEND
            if text:
                place = names.get(one.village, one.village)
                title = text.format(place=place, name=shown.named(one))
                todos.append(Todo(title, f"{PUBLISHING}/versions/{one.id}"))
        return todos

    async def index(self, visit: Visit) -> web.StreamResponse:
        """What is in preparation, or with ?public=1 what was published, page by page."""
        prefixes = visit.prefixes(READS)
        page = _number(visit.request.query.get("page", ""))
        is_public = "public" in visit.request.query
        ask = preparing.public_lately if is_public else preparing.in_preparation
        found = await ask(self._db, prefixes, page)
        files = await uploads.newest(self._db, visit.prefixes(ENTERS), _MOST_UPLOADS)
        return self._desk.page(
            visit, "publishing/list.html", title=texts.TITLE, lines=found[:PAGE],
            has_more=len(found) > PAGE, page=page, is_public=is_public, names=await self._names(),
            named=shown.named, states=texts.STATES, kinds=texts.KINDS, files=files,
            may_enter=bool(visit.prefixes(ENTERS)), may_review=bool(visit.prefixes(REVIEWS)),
        )  # fmt: skip

    # --- a file comes in --------------------------------------------------------------------------

    async def choose(self, visit: Visit) -> web.StreamResponse:
        return await self._form(visit, {})

    async def upload(self, visit: Visit) -> web.StreamResponse:
        problems: dict[str, str] = {}
        kind = visit.text("kind")
        if kind not in texts.KINDS:
            problems["kind"] = texts.CHOOSE_KIND
        place = await self._place(visit, problems)
        sent = visit.form.get("file")
        content = b""
        if not isinstance(sent, web.FileField) or not sent.filename:
            problems["file"] = texts.CHOOSE_FILE
        else:
            content = sent.file.read(MAX_FILE_BYTES + 1)
            if len(content) > MAX_FILE_BYTES:
                problems["file"] = texts.FILE_TOO_LARGE.format(megabytes=MAX_FILE_BYTES >> 20)
        if problems or place is None or not isinstance(sent, web.FileField):
            return await self._form(visit, problems, status=422)
        file = File(sent.filename, content, kind, place.code)
        try:
            await self._importing.look(file, _order(visit))
        except Unreadable as unreadable:
            return await self._form(visit, {"file": str(unreadable)}, status=422)
        identity = await uploads.keep(
            self._db, self._sealer, kind=kind, village=place.code, file=sent.filename,
            content=content, actor=visit.staff.person_id, now=visit.now,
        )  # fmt: skip
        return await self._desk.done(visit, f"{PUBLISHING}/files/{identity}", texts.UPLOADED)

    async def _form(
        self, visit: Visit, problems: Mapping[str, str], status: int = 200
    ) -> web.Response:
        places = await self._places(visit)
        choices = [(one.code, f"{one.town}{one.name}") for one in places]
        return self._desk.page(
            visit, "publishing/upload.html", title=texts.UPLOAD_TITLE, status=status,
            problems=problems, kinds=list(texts.KINDS.items()), kind=visit.text("kind"),
            place=visit.text("place"), places=choices if len(choices) <= _MOST_CHOICES else None,
            megabytes=MAX_FILE_BYTES >> 20,
        )  # fmt: skip

    async def _places(self, visit: Visit) -> list[Region]:
        """The villages that the visitor enters things for, and such towns and counties."""
        prefixes = visit.prefixes(ENTERS)
        found = [v for v in await regions.villages(self._db) if v.code.startswith(prefixes)]
        for prefix in prefixes:
            own = await regions.region(self._db, prefix.ljust(12, "0"))
            found += [own] if own and own not in found else []
        return found

    async def _place(self, visit: Visit, problems: dict[str, str]) -> Region | None:
        try:
            return choose_village(await self._places(visit), visit.text("place"))
        except UnknownRegion:
            problems["place"] = texts.CHOOSE_PLACE
        except SeveralRegions:
            problems["place"] = texts.SEVERAL_PLACES
        return None

    # --- a file is looked at ----------------------------------------------------------------------

    async def file(self, visit: Visit) -> web.StreamResponse:
        upload = await self._upload(visit)
        return await self._shown(visit, upload)

    async def mend(self, visit: Visit) -> web.StreamResponse:
        """Notes what the cells of one row are to say, and reads the file anew."""
        upload = await self._upload(visit)
        sheet, row = visit.text("sheet"), _number(visit.text("row"))
        typed = {
            _number(name.removeprefix("cell_")): str(value)[:_LONGEST_CELL]
            for name, value in visit.form.items()
            if name.startswith("cell_") and isinstance(value, str)
        }
        before = {
            _number(name.removeprefix("was_")): str(value)
            for name, value in visit.form.items()
            if name.startswith("was_")
        }
        mends = [
            Mend(sheet, row, column, text.strip())
            for column, text in typed.items()
            if text.strip() != before.get(column, "").strip()
        ]
        revision = _number(visit.text("revision"))
        try:
            if mends:
                await uploads.mend(
                    self._db, upload.id, mends, revision, visit.staff.person_id, visit.now
                )
        except Overtaken:
            upload = await self._upload(visit)
            kept = {(sheet, row, column): text for column, text in typed.items()}
            told = texts.OVERTAKEN_FILE if upload.state == OPEN else texts.NOT_OPEN
            return await self._shown(visit, upload, problem=told, kept=kept)
        return await self._desk.done(
            visit, f"{PUBLISHING}/files/{upload.id}#row-{row}", texts.MENDED
        )

    async def finish(self, visit: Visit) -> web.StreamResponse:
        """Makes drafts of the file, or throws it away."""
        upload = await self._upload(visit)
        actor, now = visit.staff.person_id, visit.now
        try:
            if visit.text("do") == "drop":
                async with self._db.transaction():
                    await uploads.finish(self._db, upload.id, DROPPED, (), actor, now)
                return await self._desk.done(visit, PUBLISHING, texts.DROPPED_FILE)
            if _number(visit.text("revision")) != upload.revision:
                return await self._shown(visit, upload, problem=texts.OVERTAKEN_FILE)
            file = await self._content(upload)
            async with self._db.transaction():
                reading = await self._importing.store(file, _order(visit))
                made = [one.id for one in reading.made if one.is_open and one.is_news]
                await uploads.finish(self._db, upload.id, STORED, made, actor, now)
        except Overtaken:
            return await self._shown(visit, await self._upload(visit), problem=texts.NOT_OPEN)
        if not made:
            return await self._desk.done(visit, PUBLISHING, texts.STORED_NOTHING)
        href = f"{PUBLISHING}/versions/{made[0]}" if len(made) == 1 else PUBLISHING
        return await self._desk.done(visit, href, texts.STORED)

    async def _shown(
        self,
        visit: Visit,
        upload: Upload,
        *,
        problem: str = "",
        kept: Mapping[tuple[str, int, int], str] | None = None,
    ) -> web.Response:
        reading: Reading | None = None
        try:
            reading = await self._importing.look(await self._content(upload), _order(visit))
        except Unreadable as unreadable:
            problem = problem or str(unreadable)
        region = await regions.region(self._db, upload.village)
        wrong, good = _sorted(reading)
        return self._desk.page(
            visit, "publishing/file.html", title=texts.FILE_TITLE.format(file=upload.file),
            status=422 if problem else 200, upload=upload, reading=reading, problem=problem,
            place=region.name if region else upload.village, kind=texts.KINDS[upload.kind],
            wrong=wrong, good=good[:_MOST_ROWS], more=max(0, len(good) - _MOST_ROWS),
            kept=kept or {}, is_open=upload.state == OPEN, Verdict=Verdict,
        )  # fmt: skip

    async def _content(self, upload: Upload) -> File:
        content = await uploads.content(self._db, self._sealer, upload.id)
        file = File(upload.file, content, upload.kind, upload.village)
        return replace(file, mends=upload.mends)

    async def _upload(self, visit: Visit) -> Upload:
        """The one of the path, where the visitor enters things for its place."""
        found = await uploads.upload(self._db, visit.request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        visit.require(ENTERS, found.village)
        return found

    async def _names(self) -> dict[str, str]:
        """What places are called, by code."""
        return await regions.names(self._db)


def _sorted(reading: Reading | None) -> tuple[list[object], list[object]]:
    """The rows that something is wrong with, and the others."""
    rows = reading.rows if reading else ()
    wrong = [row for row in rows if row.verdict is not Verdict.GOOD]
    return list(wrong[:_MOST_ROWS]), [row for row in rows if row.verdict is Verdict.GOOD]


def _order(visit: Visit) -> Order:
    return Order(visit.staff.person_id, visit.now, visit.today)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 8 else 0
