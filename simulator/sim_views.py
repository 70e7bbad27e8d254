"""GET `/sim/...`: what the platforms have seen, and the page's stream of what happens."""

import contextlib
import dataclasses
import json

from aiohttp import web

from simulator import texts
from simulator.keys import Phone
from simulator.platforms import Platforms, phone_number
from simulator.sms.platform import PORT
from simulator.wechat.errors import ApiError

KEEP_ALIVE_SECONDS = 15.0


class SimViews:
    def __init__(self, platforms: Platforms) -> None:
        self._platforms = platforms

    def routes(self) -> list[web.RouteDef]:
        views = {
            "phones": self.phones,
            "screen": self.screen,
            "counts": self.counts,
            "clock": self.clock,
            "templates": self.templates,
            "faults": self.faults,
            "attempts": self.attempts,
            "outbox": self.outbox,
            "media": self.media,
            "events": self.events,
        }
        return [web.get(f"/sim/{name}", view) for name, view in views.items()]

    async def phones(self, request: web.Request) -> web.StreamResponse:
        """All that the page needs to begin with; `also` puts one more phone on the desk."""
        platforms = self._platforms
        phones = [*platforms.keys.phones, *_one_more(request.query.get("also", ""))]
        platforms.screens.list_too(phone.who for phone in phones)
        answer = {
            "service": texts.SERVICE_NAME,
            "number": PORT,
            "board": f"{platforms.push_url}/v/" if platforms.push_url else "",
            "demo": platforms.keys.demo and bool(platforms.push_url),
            "connected": bool(platforms.push_url),
            "now": await platforms.read_clock(),
            "menu": platforms.wechat.menu.buttons,
            "phones": [
                dataclasses.asdict(phone)
                | {"screen": [bubble.full() for bubble in platforms.screens.of(phone.who)]}
                for phone in phones
            ],
        }
        return web.json_response(answer)

    async def screen(self, request: web.Request) -> web.StreamResponse:
        who = request.query.get("who", "")
        bubbles = self._platforms.screens.of(phone_number(who) or who)
        return web.json_response([bubble.plain() for bubble in bubbles])

    async def counts(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._platforms.counts.rows(request.query.get("who")))

    async def clock(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"now": await self._platforms.read_clock()})

    async def templates(self, _request: web.Request) -> web.StreamResponse:
        sending, registry = self._platforms.wechat.sending, self._platforms.sms.registry
        rows = [{"gateway": "wechat", "id": t.id, "fields": t.fields} for t in sending.templates]
        rows += [{"gateway": "subscribe", "id": t.id, "fields": t.fields} for t in sending.notices]
        for template in registry.templates.values():
            rows.append({"gateway": "aliyun", "id": template.id, "fields": template.fields})
        return web.json_response(rows)

    async def faults(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(self._platforms.faults.state())

    async def attempts(self, _request: web.Request) -> web.StreamResponse:
        """Every try to deliver anything to the service."""
        platforms = self._platforms
        answer = {
            "wechat": [dataclasses.asdict(attempt) for attempt in platforms.wechat.pushes.attempts],
            "sms": [dataclasses.asdict(post) for post in platforms.sms.callbacks.posts],
            "lost": platforms.sms.callbacks.lost,
        }
        return web.json_response(answer)

    async def outbox(self, request: web.Request) -> web.StreamResponse:
        """Every SMS that was taken."""
        phone = phone_number(request.query.get("who", ""))
        listed = self._platforms.sms.texting.texts(phone)
        return web.json_response([dataclasses.asdict(text) for text in listed])

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A picture that the service has sent, for the page."""
        try:
            medium = self._platforms.wechat.media.get(request.query.get("id"))
        except ApiError:
            raise web.HTTPNotFound from None
        return web.Response(body=medium.content, content_type=medium.content_type)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: what happens on the listed phones, as it happens."""
        answer = web.StreamResponse()
        answer.headers["Content-Type"] = "text/event-stream"
        answer.headers["Cache-Control"] = "no-store"
        await answer.prepare(request)
        with self._platforms.screens.watch() as watcher, contextlib.suppress(ConnectionError):
            await answer.write(b": here\n\n")
            while True:
                try:
                    event = await watcher.next(KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    await answer.write(b": still here\n\n")
                    continue
                if event is None:
                    break
                await answer.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
        return answer


def _one_more(who: str) -> list[Phone]:
    """The phone of somebody, by number or openid; none where nobody is named."""
    if not who:
        return []
    number = phone_number(who)
    shown = number or who
    return [Phone(who=shown, channel="sms" if number else "wechat", name=shown)]
