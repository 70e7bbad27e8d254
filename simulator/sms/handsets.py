"""Handsets and carriers: what becomes of a text after the gateway has taken it (sms.md 1.4, 3)."""

from dataclasses import dataclass

RECEIPT_SECONDS = (0.5, 1.5)
OFF_SECONDS = 600.0  # how long a phone of the profile `off` stays off


@dataclass(frozen=True, slots=True)
class Fate:
    """`shown`: stands on the handset. An empty code: no receipt ever comes."""

    shown: bool
    code: str
    words: str
    delay: float = 0.0


PROFILES = {
    "on": Fate(shown=True, code="DELIVERED", words="用户接收成功"),
    "off": Fate(shown=True, code="DELIVERED", words="用户接收成功", delay=OFF_SECONDS),
    "dead": Fate(shown=False, code="MOBILE_NOT_ON_SERVICE", words="手机停机或关机"),
    "empty": Fate(shown=False, code="INVALID_NUMBER", words="空号"),
    "full": Fate(shown=False, code="MOBLLE_TERMINAL_ERROR", words="手机终端问题"),
    "black": Fate(shown=False, code="MOBILE_IN_BLACK", words="手机号在黑名单"),
    "silent": Fate(shown=False, code="REQUEST_SUCCESS", words="请求成功"),
    "unreported": Fate(shown=True, code="", words=""),  # arrives, and the carrier says nothing
    "keyword": Fate(shown=False, code="CONTENT_KEYWORD", words="内容含有关键词"),
}
UNFILED = Fate(shown=False, code="PORT_NOT_REGISTERED", words="签名未完成实名报备")


class Handsets:
    """Everybody's phone is on until a test says otherwise."""

    def __init__(self) -> None:
        self.profiles: dict[str, str] = {}
        self.opted_out: set[str] = set()  # refuses everything: isv.CUSTOMER_REFUSED
        self.opted_out_of_promotion: set[str] = set()

    def fate(self, phone: str, *, filed: bool = True) -> Fate:
        if not filed:
            return UNFILED
        return PROFILES[self.profiles.get(phone, "on")]

    def refuses(self, phone: str, kind: str) -> bool:
        if phone in self.opted_out:
            return True
        return kind == "promotion" and phone in self.opted_out_of_promotion
