"""The people on WeChat: who follows, what each refuses, what their windows still allow."""

import re
from dataclasses import dataclass, field

from simulator.clock import Clock
from simulator.wechat.errors import ApiError

OPENID = re.compile(r"[A-Za-z0-9_-]{4,64}")
PHONE = re.compile(r"1\d{10}")

# wechat.md 2.2: trigger -> messages allowed, for how many seconds
MESSAGE = (5, 48 * 3600)
TAP = (3, 60)


@dataclass(slots=True)
class Allowance:
    """Customer-service messages that one kind of trigger still allows, until then."""

    left: int = 0
    until: float = 0.0


@dataclass(slots=True)
class Follower:
    """Whoever the simulator meets first follows already (contract.md 9)."""

    openid: str
    since: float
    following: bool = True
    blocks: bool = False  # took the account off their phone's view: failed:user block
    foreign: bool = False  # an openid of another account: 40003
    limited: bool = False  # too many messages lately: 43117
    refuses: set[str] = field(default_factory=set)  # template ids
    consents: dict[str, int] = field(default_factory=dict)  # template id -> notices left
    remark: str = ""
    scene: str = ""
    typing: bool = False
    sending: bool = False  # a subscription notice is on its way: 43108
    message: Allowance = field(default_factory=Allowance)
    tap: Allowance = field(default_factory=Allowance)


class Followers:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, Follower] = {}

    def knows(self, openid: str) -> bool:
        return openid in self._known

    def of(self, openid: str) -> Follower:
        """The follower, met now if need be."""
        follower = self._known.get(openid)
        if follower is None:
            follower = self._known[openid] = Follower(openid, self._clock.now())
        return follower

    def addressed(self, openid: object) -> Follower:
        """The follower whom a call addresses; 40003 for what is no openid of this account."""
        if not isinstance(openid, str) or not OPENID.fullmatch(openid) or PHONE.fullmatch(openid):
            raise ApiError(40003)
        follower = self.of(openid)
        if follower.foreign:
            raise ApiError(40003)
        return follower

    def following(self) -> list[str]:
        return [openid for openid, follower in self._known.items() if follower.following]

    def follow(self, openid: str, scene: str = "") -> Follower:
        follower = self.of(openid)
        follower.following, follower.since, follower.scene = True, self._clock.now(), scene
        self.tapped(follower)
        return follower

    def unfollow(self, openid: str) -> Follower:
        follower = self.of(openid)
        follower.following = False
        follower.message, follower.tap = Allowance(), Allowance()
        follower.consents.clear()
        return follower

    def wrote(self, follower: Follower) -> None:
        count, seconds = MESSAGE
        follower.message = Allowance(count, self._clock.now() + seconds)

    def tapped(self, follower: Follower) -> None:
        """A menu key, a follow, a scanned code, or an option of a msgmenu."""
        count, seconds = TAP
        follower.tap = Allowance(count, self._clock.now() + seconds)

    def spend(self, follower: Follower) -> None:
        """Use one customer-service message; 45015 outside every window, 45047 when used up.

        Allowances do not add up: the larger remaining value counts, and a message uses both.
        """
        now = self._clock.now()
        live = [a for a in (follower.message, follower.tap) if now < a.until]
        if not follower.following or not live:
            raise ApiError(45015)
        if not any(allowance.left for allowance in live):
            raise ApiError(45047)
        for allowance in live:
            allowance.left = max(0, allowance.left - 1)

    def window_open(self, follower: Follower) -> bool:
        now = self._clock.now()
        return follower.following and (now < follower.message.until or now < follower.tap.until)
