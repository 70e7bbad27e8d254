"""Pretend WeChat platform and SMS gateway with a page of phones; shares no code with the rest.

In a process of its own: `python -m simulator --port N [--push URL]`. In a test:

    app = create_app(Keys(), clock=Clock(real), seed=7, push=str(server.make_url("/")))
    platforms = app[PLATFORMS]          # what a test looks at and turns

Everything that happens later (repeats, receipts, finish events) hangs on `platforms.clock`, so that
`await platforms.advance(seconds)` makes it happen now.
"""

from simulator.app import PLATFORMS, create_app
from simulator.clock import Clock
from simulator.keys import Keys, KeysError, Phone, SmsKeys, WeChatKeys
from simulator.platforms import Platforms
from simulator.timing import Timing

__all__ = [
    "PLATFORMS",
    "Clock",
    "Keys",
    "KeysError",
    "Phone",
    "Platforms",
    "SmsKeys",
    "Timing",
    "WeChatKeys",
    "create_app",
]
