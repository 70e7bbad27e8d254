"""The command line's manners: click's help and complaints in Chinese, laid out for a terminal.

Click counts characters where a Chinese one fills two columns, and breaks lines only at blanks; both
are put right here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

import click

from bot import texts

_MAX_WIDTH = 88
_FIRST_COLUMN = 28
_NOT_AT_THE_START = frozenset(",。;:!?、)”》…,.;:!?)")
_TOKEN = re.compile(r"[!-~]+|\s+|.")


def display_width(text: str) -> int:
    """Columns that a terminal needs for this text."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, width: int) -> list[str]:
    """The text's own lines, each broken where a terminal of this width needs it."""
    return [piece for line in text.splitlines() for piece in _broken(line, width)] or [""]


def _broken(line: str, width: int) -> list[str]:
    lines, current = [], line[: len(line) - len(line.lstrip())]
    indent = current
    for token in _TOKEN.findall(line.lstrip()):
        too_long = display_width(current + token.rstrip()) > width
        if too_long and current.strip() and token[0] not in _NOT_AT_THE_START:
            lines.append(current.rstrip())
            current = indent + token.lstrip()
        else:
            current += token
    return [*lines, current.rstrip()]


class _Formatter(click.HelpFormatter):
    def __init__(self, width: int | None = None, max_width: int | None = None) -> None:
        super().__init__(width=width, max_width=max_width or _MAX_WIDTH)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or texts.USAGE)

    def write_text(self, text: str) -> None:
        for line in wrapped(text, self.width - self.current_indent):
            self.write(f"{' ' * self.current_indent}{line}".rstrip() + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        rows = list(rows)
        widest = max((display_width(first) for first, _ in rows), default=0)
        column = self.current_indent + min(widest, _FIRST_COLUMN) + col_spacing
        for first, second in rows:
            head = f"{' ' * self.current_indent}{first}"
            lines = wrapped(second, max(self.width - column, 20))
            if display_width(head) + col_spacing > column:
                self.write(f"{head}\n")
                head = ""
            for line in lines:
                self.write(f"{head}{' ' * (column - display_width(head))}{line}".rstrip() + "\n")
                head = ""


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is Chinese; its page begins with the line that lists show."""

    context_class = _Context

    def __init__(self, *args: Any, heading: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", texts.OPTIONS_METAVAR)
        super().__init__(*args, **kwargs)
        self.heading = heading

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # the parser does not always say whose page to show
            raise

    def get_short_help_str(self, limit: int = 45) -> str:
        return (self.help or "").partition("\n")[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text(self.help or "")

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [
            (param.make_metavar(ctx), param.help or "")
            for param in self.get_params(ctx)
            if isinstance(param, click.Argument)
        ]
        if rows:
            with formatter.section(texts.ARGUMENTS):
                formatter.write_dl(rows)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = []
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is None or isinstance(param, click.Argument):
                continue
            text = texts.HELP_OPTION if param is self.get_help_option(ctx) else _option_help(param)
            rows.append((record[0], text))
        with formatter.section(texts.OPTIONS):
            formatter.write_dl(rows)


class Group(Command, click.Group):
    """Commands in the order in which they are needed, under headings."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", texts.COMMAND_METAVAR)
        super().__init__(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = [self.commands[name] for name in self.list_commands(ctx)]
        for heading, under in groupby(commands, lambda command: _heading(command)):
            rows = [(command.name or "", command.get_short_help_str()) for command in under]
            with formatter.section(heading or texts.COMMANDS):
                formatter.write_dl(rows)


def _heading(command: click.Command) -> str:
    return command.heading if isinstance(command, Command) else ""


def _option_help(param: click.Parameter) -> str:
    text = param.help or "" if isinstance(param, click.Option) else ""
    return texts.REQUIRED + text if param.required else text


def converted(convert: Callable[[str], Any], complaint: str) -> Callable[[str], Any]:
    """An option's type: the function, whose ValueError becomes this complaint."""

    def conversion(text: str) -> Any:
        try:
            return convert(text)
        except ValueError:
            raise click.BadParameter(complaint.format(found=text)) from None

    return conversion


def one_of(*words: str) -> Callable[[str], str]:
    """An option's type: one of these words."""

    def choice(text: str) -> str:
        if text not in words:
            message = texts.NOT_ONE_OF.format(found=text, words="、".join(words))
            raise click.BadParameter(message)
        return text

    return choice


def explain(error: click.UsageError) -> str:
    """What was wrong with the way in which a command was called, and where to read on."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    command = error.ctx.command_path if error.ctx else texts.PROGRAM
    usage = error.ctx.get_usage() if error.ctx else ""
    return texts.MISUSE.format(what=_what(error), usage=usage, command=command).replace(
        "\n\n", "\n"
    )


def _what(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            possible = _possible(error.possibilities)
            return texts.NO_SUCH_OPTION.format(option=error.option_name, possible=possible)
        case click.exceptions.NoSuchCommand():
            possible = _possible(error.possibilities)
            return texts.NO_SUCH_COMMAND.format(command=error.command_name, possible=possible)
        case click.MissingParameter(param=click.Parameter() as param):
            return texts.MISSING.format(name=_name(param, error.ctx))
        case click.BadOptionUsage():
            wanted = texts.NO_VALUE if "requires" in error.message else texts.USELESS_VALUE
            return wanted.format(option=error.option_name)
        case click.BadParameter(param=click.Parameter() as param):
            return texts.BAD_VALUE.format(name=_name(param, error.ctx), what=error.message)
    extra = re.match(r"Got unexpected extra arguments? \((.*)\)", error.message, re.DOTALL)
    return texts.EXTRA.format(extra=extra[1]) if extra else error.message


def _possible(words: Sequence[str] | None) -> str:
    return texts.CLOSEST.format(word="、".join(words)) if words else ""


def _name(param: click.Parameter, ctx: click.Context | None) -> str:
    if isinstance(param, click.Argument):
        return param.metavar or param.human_readable_name
    return max(param.opts, key=len)
