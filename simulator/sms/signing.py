"""RPC signature v1 as the gateway checks it (sms.md 1.2), over query and form merged."""

import base64
import hashlib
import hmac
import math
import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from simulator.keys import SmsKeys
from simulator.sms.errors import Refusal

PUBLIC = (
    "Action",
    "Version",
    "AccessKeyId",
    "SignatureMethod",
    "SignatureVersion",
    "SignatureNonce",
    "Timestamp",
    "Signature",
)
VERSION = "2017-05-25"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
TOLERANCE_SECONDS = 15 * 60
KEPT_NONCES = 2_000_000


def string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    pairs = sorted((name, value) for name, value in parameters.items() if name != "Signature")
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)
    return f"{method}&{_encoded('/')}&{_encoded(query)}"


def signature(secret: str, to_sign: str) -> str:
    digest = hmac.digest(f"{secret}&".encode(), to_sign.encode(), hashlib.sha1)
    return base64.b64encode(digest).decode()


class Gate:
    """The checks that come before any account rule, in the gateway's order."""

    def __init__(self, keys: SmsKeys, actions: tuple[str, ...]) -> None:
        self._keys = keys
        self._actions = actions
        self._nonces: OrderedDict[str, float] = OrderedDict()  # nonce -> forgotten after

    def check(self, method: str, given: Mapping[str, str], now: float) -> None:
        """Raises Refusal with HTTP 400 or 404. `now` is the gateway's own Unix time."""
        for name in PUBLIC:
            if not given.get(name):
                raise Refusal(f"Missing{name}", f"{name} is mandatory for this action.", 400)
        if not hmac.compare_digest(
            given["AccessKeyId"].encode(), self._keys.access_key_id.encode()
        ):
            raise Refusal("InvalidAccessKeyId.NotFound", "Specified access key is not found.", 404)
        if given["Version"] != VERSION:
            raise Refusal("InvalidVersion", "Specified parameter Version is not valid.", 404)
        if given["Action"] not in self._actions:
            raise Refusal("InvalidAction.NotFound", "Specified api is not found.", 404)
        self._check_time(given["Timestamp"], now)
        self._check_signature(method, given)
        self._check_nonce(given["SignatureNonce"], now)

    def _check_time(self, stamp: str, now: float) -> None:
        try:
            if not STAMP.fullmatch(stamp):
                raise ValueError(stamp)
            sent = datetime.fromisoformat(stamp).timestamp()
        except ValueError:
            raise Refusal("InvalidTimeStamp.Format", "Timestamp is no UTC time.", 400) from None
        if not math.isclose(sent, now, rel_tol=0, abs_tol=TOLERANCE_SECONDS):
            raise Refusal("InvalidTimeStamp.Expired", "Specified time stamp is expired.", 400)

    def _check_signature(self, method: str, given: Mapping[str, str]) -> None:
        to_sign = string_to_sign(method, given)
        if given["SignatureMethod"] != "HMAC-SHA1" or given["SignatureVersion"] != "1.0":
            raise Refusal("IncompleteSignature", "Only HMAC-SHA1, version 1.0.", 400)
        expected = signature(self._keys.access_key_secret, to_sign)
        if not hmac.compare_digest(expected.encode(), given["Signature"].encode()):
            words = f"Specified signature is not matched. server string to sign is:{to_sign}"
            raise Refusal("SignatureDoesNotMatch", words, 400)

    def _check_nonce(self, nonce: str, now: float) -> None:
        while self._nonces and (
            len(self._nonces) > KEPT_NONCES or next(iter(self._nonces.values())) <= now
        ):
            self._nonces.popitem(last=False)
        if nonce in self._nonces:
            raise Refusal("SignatureNonceUsed", "Specified signature nonce was used already.", 400)
        self._nonces[nonce] = now + 2 * TOLERANCE_SECONDS


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
