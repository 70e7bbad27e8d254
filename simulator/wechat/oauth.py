"""Web log-in (wechat.md 2.5): who it is that opened a page, by a code that works once."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from simulator.wechat.errors import ApiError
from simulator.wechat.tokens import ALPHABET, Tokens

CODE_SECONDS = 300
TOKEN_SECONDS = 7200
REFRESH_SECONDS = 30 * 86_400
STATE_BYTES = 128
SCOPES = ("snsapi_base", "snsapi_userinfo")
LOOPBACK = ("127.0.0.1", "localhost", "::1")

Query = Mapping[str, str]
Answer = dict[str, object]


@dataclass(slots=True)
class _Grant:
    openid: str
    scope: str
    until: float
    used: bool = False


class OAuth:
    """Everything on real time, as all that is signed or issued."""

    def __init__(self, tokens: Tokens, real: Callable[[], float], rng: random.Random) -> None:
        self._tokens = tokens
        self._real = real
        self._rng = rng
        self._codes: dict[str, _Grant] = {}
        self._access: dict[str, _Grant] = {}
        self._refresh: dict[str, _Grant] = {}

    def authorize(self, query: Query, openid: str) -> str | None:
        """Where the phone's browser goes next; None for a link that WeChat would not open."""
        parts = urlsplit(query.get("redirect_uri", ""))
        # Nothing pretended leaves this machine.
        if parts.scheme not in ("http", "https") or parts.hostname not in LOOPBACK:
            return None
        scope, state = query.get("scope", ""), query.get("state", "")
        wrong = query.get("response_type") != "code" or scope not in SCOPES
        if wrong or len(state.encode()) > STATE_BYTES:
            return None
        code = self._word()
        self._codes[code] = _Grant(openid, scope, self._real() + CODE_SECONDS)
        more = urlencode({"code": code, "state": state})
        joined = f"{parts.query}&{more}" if parts.query else more
        return urlunsplit((parts.scheme, parts.netloc, parts.path, joined, parts.fragment))

    def access_token(self, query: Query) -> Answer:
        self._tokens.authenticate(query.get("appid"), query.get("secret"))
        code = query.get("code")
        if not code:
            raise ApiError(41008)
        grant = self._codes.get(code)
        if grant is None or self._real() >= grant.until:
            raise ApiError(40029)
        if grant.used:
            raise ApiError(40163)
        grant.used = True
        return self._issue(grant.openid, grant.scope)

    def refresh(self, query: Query) -> Answer:
        grant = self._refresh.get(query.get("refresh_token", ""))
        if grant is None:
            raise ApiError(40030, "invalid refresh_token")
        if self._real() >= grant.until:
            raise ApiError(42002, "refresh_token expired")
        return self._issue(grant.openid, grant.scope)

    def user(self, query: Query) -> Answer:
        grant = self._granted(query)
        if grant.scope != "snsapi_userinfo":
            raise ApiError(48001)
        return {"openid": grant.openid, "nickname": "", "sex": 0, "headimgurl": ""}

    def check(self, query: Query) -> Answer:
        self._granted(query)
        return {"errcode": 0, "errmsg": "ok"}

    def _granted(self, query: Query) -> _Grant:
        grant = self._access.get(query.get("access_token", ""))
        if grant is None:
            raise ApiError(40001)
        if self._real() >= grant.until:
            raise ApiError(42001)
        if query.get("openid") != grant.openid:
            raise ApiError(40003)
        return grant

    def _issue(self, openid: str, scope: str) -> Answer:
        now, access, refresh = self._real(), self._word(), self._word()
        self._access[access] = _Grant(openid, scope, now + TOKEN_SECONDS)
        self._refresh[refresh] = _Grant(openid, scope, now + REFRESH_SECONDS)
        return {
            "access_token": access,
            "expires_in": TOKEN_SECONDS,
            "refresh_token": refresh,
            "openid": openid,
            "scope": scope,
        }

    def _word(self) -> str:
        return "".join(self._rng.choices(ALPHABET, k=32))
