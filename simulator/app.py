"""The web application: WeChat's API, the SMS API, the government port, `/sim`, and the page."""

from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from aiohttp import web

from simulator import texts
from simulator.clock import Clock
from simulator.keys import Keys
from simulator.platforms import Platforms
from simulator.sim_api import SimApi
from simulator.sim_views import SimViews
from simulator.timing import Timing

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BODY_BYTES = 16 * 1024 * 1024  # media of ten megabytes pass
# Pictures may come from wherever the service keeps them.
PAGE_POLICY = "default-src 'self'; img-src 'self' http: https:; frame-ancestors 'none'"
PLATFORMS = web.AppKey("platforms", Platforms)


def create_app(
    keys: Keys | None = None,
    *,
    clock: Clock | None = None,
    seed: int = 1,
    push: str = "",
    timing: Timing | None = None,
) -> web.Application:
    """The simulator. `push` is the base of the service; a test takes `app[PLATFORMS]` in hand."""
    platforms = Platforms(
        keys or Keys(), clock=clock or Clock(), seed=seed, push=push, timing=timing
    )
    app = web.Application(client_max_size=BODY_BYTES)
    app[PLATFORMS] = platforms
    app.cleanup_ctx.append(_running)
    app.on_shutdown.append(_close_watchers)
    app.on_response_prepare.append(_guard_page)
    app.add_routes([*SimViews(platforms).routes(), *SimApi(platforms).routes()])
    for pattern in ("/cgi-bin/{path:.+}", "/{path:(sns|wxaapi)/.+}"):
        app.router.add_route("*", pattern, platforms.wechat_api.handle)
    app.router.add_get("/connect/oauth2/authorize", _authorize(platforms))
    app.router.add_post("/gov/send", platforms.sms.government.handle)
    app.router.add_route("*", "/", _front(platforms))
    app.router.add_static("/static", _static())
    return app


def _front(platforms: Platforms) -> Handler:
    """One path for two: the SMS API for a request that carries Action, else the page."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.method == "POST" or "Action" in request.query:
            return await platforms.sms.api.handle(request)
        return web.FileResponse(_static() / "index.html")

    return handler


def _authorize(platforms: Platforms) -> Handler:
    """The browser of one of our phones, `who`, or the first on WeChat, opens a page with log-in."""

    async def handler(request: web.Request) -> web.StreamResponse:
        people = [phone.who for phone in platforms.keys.phones if phone.channel == "wechat"]
        who = request.query.get("who") or (people[0] if people else "")
        target = platforms.wechat.oauth.authorize(request.query, who)
        if not who or target is None:
            return web.Response(status=400, text=texts.LINK_REFUSED)
        raise web.HTTPFound(target)

    return handler


def _static() -> Path:
    return Path(str(files("simulator") / "static"))


async def _running(app: web.Application) -> AsyncIterator[None]:
    async with app[PLATFORMS].running():
        yield


async def _guard_page(request: web.Request, answer: web.StreamResponse) -> None:
    """The page loads nothing from elsewhere, and is never older than what serves it."""
    if request.path == "/" or request.path.startswith("/static/"):
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Content-Security-Policy"] = PAGE_POLICY


async def _close_watchers(app: web.Application) -> None:
    app[PLATFORMS].screens.close()
