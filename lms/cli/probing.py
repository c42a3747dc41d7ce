"""Commands that judge bijvragen, one or a whole file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lms.cli.base import explains, main
from lms.didactics.probing import judge_question
from lms.didactics.probing.measure import measure, read_rows
from lms.errors import Invalid, LmsError


@main.command("measure-probing")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "part", default=None, help="Meet alleen de rijen met deze waarde in de kolom 'set'.")
@explains
def measure_probing(file: Path, part: str | None) -> None:
    """Meet hoe vaak de regels voor bijvragen een gelabeld CSV-bestand juist beoordelen."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise LmsError(f"{file}: dit bestand kan niet gelezen worden.") from error
    try:
        rows = [row for row in read_rows(content) if part in (None, row.part)]
        if not rows:
            raise Invalid(f"er zijn geen rijen met '{part}' in de kolom set.")
        click.echo(measure(rows).report())
    except Invalid as error:
        raise LmsError(f"{file}: {error.message}") from error


@main.command()
@click.option("--answer", default="", help="Wat de jongere zei.")
@click.option("--question", required=True, help="De bijvraag die je wil laten beoordelen.")
@explains
def probe(answer: str, question: str) -> None:
    """Beoordeel één bijvraag en geef het oordeel als JSON."""
    click.echo(json.dumps(judge_question(answer, question).as_json(), ensure_ascii=False, indent=2))
