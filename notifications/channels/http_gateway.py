"""A government SMS port, of which the config says what its requests and answers look like.

It carries free text over a line of its own; replies and receipts come over the same two callback
paths as Aliyun's, in the same form (contract.md, sections 3 and 8).
"""

import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from aiohttp import ClientSession
from yarl import URL

from notifications.channels import texts
from notifications.channels.outcome import Outcome, Scope, Verdict, safe_code
from notifications.channels.wire import Answer, NotSent, Unreadable, Unsure, call, failed_call
from notifications.settings import HttpGatewaySettings

log = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 5.0
_PLACE = re.compile(r"\{(phone|text|id)\}")
_MAX_REFERENCE_CHARS = 80
_JSON: Final = "application/json; charset=utf-8"
_FORM: Final = "application/x-www-form-urlencoded"

Fill = Callable[[Mapping[str, str]], bytes]


class HttpGateway:
    """Sends to one number at a time; every answer, and none, becomes an Outcome.

    Raises ValueError for a body that is neither a JSON text nor a form, or a placeholder outside
    a JSON text's strings: there a person's words could change what is asked for.
    """

    def __init__(
        self,
        http: ClientSession,
        settings: HttpGatewaySettings,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._http = http
        self._url = URL(settings.url)
        self._method = settings.method.upper()
        self._fill, kind = _filler(settings.body)
        if self._method == "GET" and kind != _FORM:
            raise ValueError("a body that goes into the address is a form")
        self._headers = {"Content-Type": kind} if self._method != "GET" else {}
        self._headers |= {name.title(): value for name, value in settings.headers.items()}
        self._ok_path = settings.ok_path
        self._ok_value = settings.ok_value
        self._id_path = settings.id_path
        self._timeout_seconds = timeout_seconds

    async def send(self, phone: str, text: str, *, out_id: str) -> Outcome:
        """One text to one number. TAKEN is not arrived: the receipt with our `out_id` tells that.

        What its refusals mean nobody has told us, so one is tried again later: a line that is busy
        or out of money comes back, and the attempts are counted. An UNKNOWN can be settled by a
        receipt only.
        """
        body = self._fill({"phone": phone, "text": text, "id": out_id})
        url, data = self._url, body
        if self._method == "GET":
            pairs = parse_qsl(body.decode(), keep_blank_values=True)
            url, data = self._url.extend_query(pairs), b""
        try:
            answer = await call(
                self._http,
                self._method,
                url,
                timeout_seconds=self._timeout_seconds,
                data=data or None,
                headers=self._headers,
            )
            return self._judge(answer)
        except (NotSent, Unsure, Unreadable) as failure:
            return failed_call(failure)

    def _judge(self, answer: Answer) -> Outcome:
        try:
            content = json.loads(answer.body)
        except (ValueError, RecursionError):
            raise Unreadable(answer.status) from None
        found = _dig(content, self._ok_path)
        if found is None:
            raise Unreadable(answer.status)
        if found == self._ok_value and answer.status < 300:
            reference = _dig(content, self._id_path) if self._id_path else None
            return Outcome(
                verdict=Verdict.TAKEN,
                code=safe_code(found),
                reference=(reference or "")[:_MAX_REFERENCE_CHARS],
            )
        if answer.status >= 500:
            raise Unreadable(answer.status)
        log.warning("The SMS gateway refused: %s", safe_code(found))
        return Outcome(
            verdict=Verdict.LATER,
            code=safe_code(found),
            scope=Scope.CHANNEL if answer.status >= 400 else None,
            detail=texts.HTTP_REFUSED,
        )


def _filler(template: str) -> tuple[Fill, str]:
    """What puts values into the body, safe for its kind, and the content type of that kind."""
    if template.lstrip().startswith(("{", "[")):
        try:
            shape = json.loads(template)
        except ValueError:
            raise ValueError("the body is no JSON text with its placeholders in quotes") from None
        _need_places(template)
        return lambda values: _json_body(shape, values), _JSON
    pairs = parse_qsl(template, keep_blank_values=True)
    if not pairs:
        raise ValueError("the body is neither JSON nor a form")
    _need_places("".join(value for _, value in pairs))
    return lambda values: _form_body(pairs, values), _FORM


def _need_places(template: str) -> None:
    if not {"phone", "text"} <= set(_PLACE.findall(template)):
        raise ValueError("the body needs {phone} and {text}")


def _json_body(shape: Any, values: Mapping[str, str]) -> bytes:
    return json.dumps(_filled(shape, values), ensure_ascii=False).encode()


def _form_body(pairs: list[tuple[str, str]], values: Mapping[str, str]) -> bytes:
    return urlencode([(name, _put(value, values)) for name, value in pairs]).encode()


def _filled(shape: Any, values: Mapping[str, str]) -> Any:
    if isinstance(shape, str):
        return _put(shape, values)
    if isinstance(shape, list):
        return [_filled(item, values) for item in shape]
    if isinstance(shape, dict):
        return {name: _filled(item, values) for name, item in shape.items()}
    return shape


def _put(text: str, values: Mapping[str, str]) -> str:
    # In one pass, so that a person who writes {phone} gets no number put in.
    return _PLACE.sub(lambda place: values[place[1]], text)


def _dig(content: Any, path: str) -> str | None:
    """What stands at a path such as `data.0.id`, as JSON writes it; None where nothing does."""
    for key in path.split("."):
        if isinstance(content, dict) and key in content:
            content = content[key]
        elif isinstance(content, list) and key.isdigit() and int(key) < len(content):
            content = content[int(key)]
        else:
            return None
    if isinstance(content, dict | list) or content is None:
        return None
    return content if isinstance(content, str) else json.dumps(content)
