"""WeChat's APIs, awaitable: wechatpy's own API classes over one aiohttp session.

Every method of those classes ends in `client._request`; with that one a coroutine function, they
all return awaitables (wechat.md 3.10). What wechatpy lacks is here too: one token for all who wait,
one retry instead of endless ones, a time limit, another base address. No type of wechatpy leaves
this module, and no exception holds a token, an openid or what was sent.

Not to be used: `user.iter_followers`, `tag.iter_tag_users`, `jsapi.get_jsapi_ticket` (they use
their answer without awaiting it), `qrcode.show` (it blocks).
"""

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import ClientSession, FormData
from wechatpy import WeChatClient
from yarl import URL

from notifications.channels.tokens import MemoryTokenStore, Token, TokenSource, TokenStore
from notifications.channels.wire import Answer, NotSent, Unreadable, Unsure, call
from notifications.settings import WeChatSettings

log = logging.getLogger(__name__)

OFFICIAL_BASE: Final = "https://api.weixin.qq.com"
TIMEOUT_SECONDS: Final = 5.0
_MAX_MEDIA_BYTES = 16 * 1024 * 1024
_DEAD_TOKEN: Final = frozenset({40001, 40014, 42001})
_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}


class ApiRefused(Exception):
    """The platform answered with an errcode: what was asked for has not been done."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"errcode {code}")
        self.code = code
        self.message = message
        """The errmsg, for `wechat_codes` to read; it may quote what was sent, so never log it."""


class TokenRefused(ApiRefused):
    """No token was given out, so nothing else was tried."""


class AsyncWeChatClient(WeChatClient):  # type: ignore[misc]
    """`await client.menu.create(...)` and all others; raises ApiRefused, or what `wire` raises."""

    def __init__(
        self,
        http: ClientSession,
        settings: WeChatSettings,
        *,
        store: TokenStore | None = None,
        clock: Callable[[], float] = time.time,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        # wechatpy's own __init__ would open a session of `requests`; __new__ has bound the APIs.
        self.appid = settings.app_id
        self.secret = settings.app_secret
        self._session = http
        self._base = settings.api_base.rstrip("/")
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self.tokens = TokenSource(self._fetch_token, store or MemoryTokenStore(), clock=clock)

    @property
    def access_token(self) -> str:
        """For the few methods of wechatpy that put it into an address; `_request` replaces it."""
        return self.tokens.current

    def fetch_access_token(self) -> Any:
        """An awaitable of the current token."""
        return self.tokens.get()

    async def _request(self, method: str, url_or_endpoint: str, **given: Any) -> Any:
        """What every API method ends in: the answer as a dict, or bytes where it is a file."""
        url = self._address(url_or_endpoint, given.get("api_base_url"))
        query = _query(given.get("params"))
        process = given.get("result_processor")
        try:
            answer = await self._call(method, url, query, given)
        except ApiRefused as refused:
            log.info("WeChat refused %s: %d, %s", url.path, refused.code, _rid(refused.message))
            raise
        return process(answer) if process else answer

    async def _call(
        self, method: str, url: URL, query: Mapping[str, str], given: Mapping[str, Any]
    ) -> Any:
        token = await self._token()
        try:
            return await self._once(method, url, query, token, given)
        except ApiRefused as refused:
            if refused.code not in _DEAD_TOKEN:
                raise
        token = await self._token(stale=token)
        return await self._once(method, url, query, token, given)

    async def _token(self, stale: str | None = None) -> str:
        try:
            return await self.tokens.get(stale)
        except (Unsure, Unreadable):
            # Unsure whether a token was given out, but sure that nothing was done with it.
            raise NotSent("no_token") from None

    async def _once(
        self,
        method: str,
        url: URL,
        query: Mapping[str, str],
        token: str,
        given: Mapping[str, Any],
    ) -> Any:
        data, headers = _body(given)
        answer = await call(
            self._session,
            method.upper(),
            url.with_query({**query, "access_token": token}),
            timeout_seconds=given.get("timeout") or self._timeout_seconds,
            data=data,
            headers=headers,
            max_bytes=_MAX_MEDIA_BYTES,
        )
        return _content(answer)

    async def _fetch_token(self) -> Token:
        body = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": False,
        }
        answer = await call(
            self._session,
            "POST",
            URL(f"{self._base}/cgi-bin/stable_token"),
            timeout_seconds=self._timeout_seconds,
            data=_json_bytes(body),
            headers=_JSON,
        )
        try:
            content = _content(answer)
        except ApiRefused as refused:
            log.warning("WeChat gave no token: %d, %s", refused.code, _rid(refused.message))
            raise TokenRefused(refused.code, refused.message) from None
        token = content.get("access_token") if isinstance(content, dict) else None
        if not isinstance(token, str) or not token:
            raise Unreadable(answer.status)
        expires_in = content.get("expires_in")
        lifetime = float(expires_in) if isinstance(expires_in, int | float) else 7200.0
        return Token.lasting(token, max(lifetime, 0.0), now=self._clock())

    def _address(self, url_or_endpoint: str, api_base_url: str | None) -> URL:
        """The address at our own base; some methods name the official one."""
        url = url_or_endpoint
        if not url.startswith(("http://", "https://")):
            url = (api_base_url or f"{OFFICIAL_BASE}/cgi-bin/") + url
        if not url.startswith(f"{OFFICIAL_BASE}/"):
            raise ValueError("the token goes to WeChat's API only")
        return URL(self._base + url.removeprefix(OFFICIAL_BASE))


def _query(params: Any) -> dict[str, str]:
    if isinstance(params, str):
        return dict(URL.build(query_string=params).query)
    return {name: str(value) for name, value in (params or {}).items() if value is not None}


def _body(given: Mapping[str, Any]) -> tuple[bytes | FormData | None, Mapping[str, str]]:
    if files := given.get("files"):
        return _form(files, given.get("data")), {}
    data = given.get("data")
    if data is None:
        return None, {}
    if isinstance(data, bytes):
        return data, _JSON
    return (data.encode() if isinstance(data, str) else _json_bytes(data)), _JSON


def _form(files: Mapping[str, Any], data: Any) -> FormData:
    """Built anew for each try, since sending reads a file to its end.

    Names are sent as ASCII: aiohttp would encode others with percent signs.
    """
    form = FormData()
    for name, value in (data or {}).items():
        form.add_field(name, value if isinstance(value, str) else _json_bytes(value).decode())
    for name, file in files.items():
        filename, content, kind = file if isinstance(file, tuple) else (name, file, None)
        if hasattr(content, "seek"):
            content.seek(0)
            content = content.read()
        ascii_name = re.sub(r"[^A-Za-z0-9._-]", "_", str(filename))
        form.add_field(name, content, filename=ascii_name, content_type=kind)
    return form


def _json_bytes(data: Any) -> bytes:
    # The platform stores \uXXXX literally.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _content(answer: Answer) -> Any:
    """The answer's JSON, whatever its content type says; a file where it is none."""
    if answer.status != 200:
        raise Unreadable(answer.status)
    try:
        content = json.loads(answer.body, strict=False)
    except (ValueError, RecursionError):
        if answer.content_type.startswith(("text/", "application/json")):
            raise Unreadable(answer.status) from None
        return answer.body
    if isinstance(content, dict):
        code, message = content.get("errcode", 0), content.get("errmsg")
        if not isinstance(code, int) or isinstance(code, bool):
            raise Unreadable(answer.status)
        if code != 0:
            raise ApiRefused(code, message if isinstance(message, str) else "")
    return content


def _rid(message: str) -> str:
    """What WeChat's support asks for, the one part of an errmsg that is safe to log."""
    found = re.search(r"rid: ?([0-9a-f-]{4,60})", message)
    return f"rid {found[1]}" if found else "no rid"
