"""What the service sends by itself: customer-service messages, templates, subscription notices."""

import itertools
import random
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from simulator.clock import Clock, Schedule
from simulator.faults import Faults
from simulator.screens import SERVICE, Counts, Screens
from simulator.wechat.errors import ApiError
from simulator.wechat.followers import Follower, Followers
from simulator.wechat.templates import Row, Template, Templates, filled

TEXT_BYTES = 2048
REMEMBERED_SECONDS = 600  # client_msg_id: once within ten minutes
MENU_OPTIONS = 10

Answer = dict[str, Any]
# (openid, event fields) of an event that the platform will push later
Later = Callable[[str, dict[str, Any]], None]


class Remembered:
    """msgids by (openid, client_msg_id), for ten minutes of real time."""

    def __init__(self, real: Callable[[], float]) -> None:
        self._real = real
        self._until: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()

    def find(self, openid: str, key: str) -> int | None:
        now = self._real()
        while self._until and next(iter(self._until.values()))[0] <= now:
            self._until.popitem(last=False)
        entry = self._until.get((openid, key))
        return entry[1] if entry else None

    def add(self, openid: str, key: str, msgid: int) -> None:
        self._until[openid, key] = (self._real() + REMEMBERED_SECONDS, msgid)


class Sending:
    def __init__(
        self,
        *,
        clock: Clock,
        schedule: Schedule,
        screens: Screens,
        counts: Counts,
        followers: Followers,
        faults: Faults,
        rng: random.Random,
        has_media: Callable[[str], bool],
        later: Later,
    ) -> None:
        self._schedule = schedule
        self._screens = screens
        self._counts = counts
        self._followers = followers
        self._faults = faults
        self._rng = rng
        self._has_media = has_media
        self._later = later
        self._msgids = itertools.count(int(clock.real() * 1000) * 1_000_000 + 1)
        self._remembered = Remembered(clock.real)
        self.templates = Templates()
        self.notices = Templates()

    def template(self, call: Mapping[str, Any]) -> Answer:
        """`message/template/send`. OK means accepted; the finish event tells the rest."""
        follower = self._followers.addressed(call.get("touser"))
        if not follower.following:
            raise ApiError(43004)
        template = self.templates.find(call.get("template_id"))
        self._refusals(follower, template)
        rows = filled(template, call.get("data"))
        key = call.get("client_msg_id", "")
        if not isinstance(key, str):
            raise ApiError(47001)
        openid = follower.openid
        self._counts.accepted(openid, "wechat", key)
        if key and (earlier := self._remembered.find(openid, key)) is not None:
            return {"errcode": 0, "errmsg": "ok", "msgid": earlier}
        msgid = next(self._msgids)
        if key:
            self._remembered.add(openid, key, msgid)
        status = self._status(follower)
        if status == "success":
            self._counts.shown(openid, "wechat", key)
            self._card(openid, "template", template, rows, _link(call, "url"))
        self._later(openid, {"Event": "TEMPLATESENDJOBFINISH", "MsgID": msgid, "Status": status})
        return {"errcode": 0, "errmsg": "ok", "msgid": msgid}

    def notice(self, call: Mapping[str, Any]) -> Answer:
        """`message/subscribe/bizsend`: one consent buys one notice."""
        follower = self._followers.addressed(call.get("touser"))
        template = self.notices.find(call.get("template_id"))
        page = call.get("page", "")
        if not isinstance(page, str):
            raise ApiError(41030)
        rows = filled(template, call.get("data"))
        if not follower.consents.get(template.id) or template.id in follower.refuses:
            raise ApiError(43101)
        if follower.sending:
            raise ApiError(43108)
        follower.consents[template.id] -= 1
        follower.sending = True
        self._schedule.after(0.05, lambda: self._sent(follower))
        msgid = next(self._msgids)
        self._counts.accepted(follower.openid, "wechat", str(call.get("client_msg_id", "")))
        status = self._status(follower)
        if status == "success":
            self._counts.shown(follower.openid, "wechat", str(call.get("client_msg_id", "")))
            self._card(follower.openid, "notice", template, rows, _link(call, "page"))
        listed = {
            "TemplateId": template.id,
            "MsgID": msgid,
            "ErrorCode": 0 if status == "success" else 1,
            "ErrorStatus": status,
        }
        event = {"Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": listed}}
        self._later(follower.openid, event)
        return {"errcode": 0, "errmsg": "ok", "msgid": msgid}

    def custom(self, call: Mapping[str, Any]) -> Answer:
        """`message/custom/send`: only inside a window that the person opened."""
        follower = self._followers.addressed(call.get("touser"))
        kind = call.get("msgtype")
        if kind not in CUSTOM:
            raise ApiError(40008)
        inside = call.get(kind)
        if not isinstance(inside, Mapping):
            raise ApiError(44004)
        text, detail = CUSTOM[kind](inside)
        if (media_id := detail.get("media_id")) is not None and not self._has_media(media_id):
            raise ApiError(40007)
        self._followers.spend(follower)
        follower.typing = False
        self._counts.accepted(follower.openid, "wechat", "")
        self._counts.shown(follower.openid, "wechat", "")
        self._screens.show(follower.openid, SERVICE, kind, text, detail)
        return {"errcode": 0, "errmsg": "ok"}

    def typing(self, call: Mapping[str, Any]) -> Answer:
        follower = self._followers.addressed(call.get("touser"))
        command = call.get("command")
        if command not in ("Typing", "CancelTyping"):
            raise ApiError(45072)
        if not self._followers.window_open(follower):
            raise ApiError(45015)
        if command == "Typing" and follower.typing:
            raise ApiError(45081)
        follower.typing = command == "Typing"
        self._screens.waiting(follower.openid, on=follower.typing)
        return {"errcode": 0, "errmsg": "ok"}

    async def _sent(self, follower: Follower) -> None:
        follower.sending = False

    def _refusals(self, follower: Follower, template: Template) -> None:
        if template.id in follower.refuses:
            raise ApiError(43101)
        if follower.limited:
            raise ApiError(43117)

    def _status(self, follower: Follower) -> str:
        if self._faults.take("next_job_failures"):
            return "failed: system failed"
        return "failed:user block" if follower.blocks else "success"

    def _card(self, openid: str, kind: str, template: Template, rows: list[Row], link: str) -> None:
        text = "\n".join(row.value for row in rows)
        detail = {
            "title": template.title,
            "rows": [[row.label, row.value] for row in rows],
            "url": link,
        }
        self._screens.show(openid, SERVICE, kind, text, detail)


def _link(call: Mapping[str, Any], name: str) -> str:
    link = call.get(name)
    return link if isinstance(link, str) else ""


def _custom_text(inside: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    content = inside.get("content")
    if not isinstance(content, str) or not content.strip():
        raise ApiError(44004)
    if len(content.encode()) > TEXT_BYTES:
        raise ApiError(45002)
    return content, {}


def _custom_media(inside: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    media_id = inside.get("media_id") or inside.get("thumb_media_id")
    if not isinstance(media_id, str):
        raise ApiError(41006)
    text = "\n".join(str(inside[part]) for part in ("title", "description") if inside.get(part))
    return text, {"media_id": media_id}


def _custom_news(inside: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    articles = inside.get("articles")
    if not isinstance(articles, list) or not articles:
        raise ApiError(44004)
    if len(articles) > 1:
        raise ApiError(45008)
    article = {part: str(articles[0].get(part, "")) for part in ("title", "description", "url")}
    text = "\n".join(filter(None, (article["title"], article["description"])))
    return text, {"articles": [article | {"picurl": str(articles[0].get("picurl", ""))}]}


def _custom_menu(inside: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    options = inside.get("list")
    if not isinstance(options, list) or not options:
        raise ApiError(44004)
    if len(options) > MENU_OPTIONS:
        raise ApiError(45098)
    listed = [{"id": str(o.get("id", "")), "content": str(o.get("content", ""))} for o in options]
    head, tail = str(inside.get("head_content", "")), str(inside.get("tail_content", ""))
    text = "\n".join(filter(None, (head, *(option["content"] for option in listed), tail)))
    return text, {"head": head, "options": listed, "tail": tail}


CUSTOM: dict[str, Callable[[Mapping[str, Any]], tuple[str, dict[str, Any]]]] = {
    "text": _custom_text,
    "image": _custom_media,
    "voice": _custom_media,
    "video": _custom_media,
    "music": _custom_media,
    "miniprogrampage": _custom_media,
    "news": _custom_news,
    "msgmenu": _custom_menu,
}
