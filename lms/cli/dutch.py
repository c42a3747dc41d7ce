"""Click in Dutch: its headings, its help, and one line with a way out when a command is typed wrong."""

from __future__ import annotations

import sys
from typing import Any

import click

HEADINGS = {"Options": "Opties", "Commands": "Opdrachten"}
IMPOSSIBLE = 2


class Formatter(click.HelpFormatter):
    """Help with Dutch headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        words = args.replace("[OPTIONS]", "[OPTIES]").replace("COMMAND [ARGS]", "OPDRACHT [WOORDEN]")
        super().write_usage(prog, words, prefix or "Gebruik: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(HEADINGS.get(heading, heading))


class Context(click.Context):
    formatter_class = Formatter


class Command(click.Command):
    """One command."""

    context_class = Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Toon deze uitleg."
        return option


class Commands(Command, click.Group):
    """The group of commands. What is typed wrong is told in one Dutch line, with exit code 2."""

    command_class = Command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None:
            raise click.UsageError(f"De opdracht '{args[0]}' bestaat niet.", ctx)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        try:
            code = super().main(*args, standalone_mode=False, **extra)  # type: ignore[call-overload]
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else "lms"
            click.echo(f"{in_dutch(error)} Bekijk de uitleg met: {where} --help", err=True)
            sys.exit(IMPOSSIBLE)
        except click.Abort:
            sys.exit(130)
        if standalone_mode:
            sys.exit(code if isinstance(code, int) else 0)
        return code


def in_dutch(error: click.UsageError) -> str:
    """What is wrong with what was typed, as a sentence."""
    match error:
        case click.NoSuchOption():
            return f"De optie {error.option_name} bestaat niet."
        case click.MissingParameter():
            return f"{_name(error)} ontbreekt."
        case click.BadOptionUsage():
            return f"De optie {error.option_name} heeft een waarde nodig."
        case click.BadParameter(param=click.Parameter(type=click.IntRange(min=least, max=most))):
            return f"{_name(error)}: geef een getal van {least}{f' tot {most}' if most is not None else ' of meer'}."
        case click.BadParameter(param=click.Parameter(type=click.types.IntParamType())):
            return f"{_name(error)}: geef een getal."
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            return f"{_name(error)}: kies {', '.join(map(str, choices))}."
        case click.BadParameter():
            return f"{_name(error)}: deze waarde kan niet."
        case _:
            return "Er staan te veel woorden." if "unexpected extra" in error.message else error.message


def _name(error: click.BadParameter) -> str:
    """The argument or option as it is typed."""
    parameter = error.param
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.make_metavar(error.ctx) if parameter is not None and error.ctx else "Wat je typte"
