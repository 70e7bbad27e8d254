"""The SMS side as one: keys in, the API, the callbacks, and the people who write texts."""

import itertools
import random

from simulator.clock import Clock, Schedule
from simulator.faults import Faults
from simulator.keys import SmsKeys
from simulator.screens import PERSON, Counts, Screens
from simulator.sms.actions import Actions
from simulator.sms.api import Api
from simulator.sms.callbacks import Callbacks
from simulator.sms.government import GovernmentPort
from simulator.sms.handsets import Handsets
from simulator.sms.limits import Account, NumberLimits
from simulator.sms.registry import Registry
from simulator.sms.signing import Gate
from simulator.sms.texting import STAMP, Texting
from simulator.timing import Timing

ACTIONS = ("SendSms", "SendBatchSms", "QuerySendDetails", "GetSmsTemplate")
PORT = "1069010071"  # dest_code: made by the system, the same whatever was asked for
OPT_OUT = ("R", "TD", "T", "N", "退订", "拒收")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


class Sms:
    def __init__(
        self,
        keys: SmsKeys,
        url: str,
        *,
        clock: Clock,
        schedule: Schedule,
        screens: Screens,
        counts: Counts,
        faults: Faults,
        rng: random.Random,
        timing: Timing,
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._screens = screens
        self._faults = faults
        self._rng = rng
        self.registry = Registry(keys.sign_name)
        self.handsets = Handsets()
        self.account = Account(clock, faults, clock.real)
        self.callbacks = Callbacks(
            url,
            keys.callback_secret,
            clock=clock,
            schedule=schedule,
            faults=faults,
            timing=timing,
        )
        self.texting = Texting(
            clock=clock,
            schedule=schedule,
            screens=screens,
            counts=counts,
            callbacks=self.callbacks,
            handsets=self.handsets,
            faults=faults,
            rng=rng,
        )
        actions = Actions(
            registry=self.registry,
            account=self.account,
            limits=NumberLimits(clock, faults),
            handsets=self.handsets,
            texting=self.texting,
            faults=faults,
        )
        self.api = Api(
            gate=Gate(keys, ACTIONS),
            account=self.account,
            actions=actions,
            clock=clock,
            faults=faults,
            rng=rng,
        )
        self.government = GovernmentPort(self.texting, self.handsets, faults)
        # Fresh after every start: a service drops a sequence id that it has seen.
        self._sequence = itertools.count(int(clock.real() * 1000) * 1000 + 1)

    async def say(self, phone: str, text: str) -> None:
        """The person sends a text to the service's number."""
        self._screens.show(phone, PERSON, "sms", text)
        if text.strip().upper() in OPT_OUT:
            self.handsets.opted_out_of_promotion.add(phone)
        number = next(self._sequence)
        item: dict[str, object] = {
            "phone_number": phone,
            "content": self._messy(text) if self._faults.messy_replies else text,
            "send_time": self._clock.beijing(self._clock.real()).strftime(STAMP),
            "dest_code": PORT,
            "sequence_id": str(number),
        }
        dialect = self._faults.uplink_dialect
        if dialect == "old" or (dialect == "mixed" and number % 2):
            item |= {"sign_name": self._keys.sign_name, "sequence_id": number}
        await self.callbacks.reply(item)

    def _messy(self, text: str) -> str:
        """As thumbs on a small keypad write it."""
        if self._rng.random() < 0.5:
            text = text.translate(FULL_WIDTH)
        blank = self._rng.choice((" ", "　", "\n", "\r\n"))
        return blank + text + blank
