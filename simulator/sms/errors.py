"""Refusals of the SMS API (sms.md 1.4)."""


class Refusal(Exception):
    """A code with its HTTP status: 4xx before the account is known, 200 after."""

    def __init__(self, code: str, message: str, status: int = 200) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
