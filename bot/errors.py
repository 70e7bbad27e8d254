"""The one way in which a command says no."""


class Refused(Exception):
    """A command cannot or will not do what was asked.

    The message is what the operator reads on stderr, in plain Chinese and without secrets; the exit
    status is 1.
    """
