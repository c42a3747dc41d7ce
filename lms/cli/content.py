"""Commands for authors: check content, look at it before it is live, put it live and take it back."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from lms.app import create_app
from lms.cli.base import IMPOSSIBLE, explains, main, refuse_old_database
from lms.clock import BRUSSELS, now
from lms.config import Config
from lms.content.history import FOLDER, read_history
from lms.content.moved_rules import check_kept
from lms.content.problems import ContentError, Problem
from lms.content.reader import read_library
from lms.content.reading_level import HARD, ReadingLevel, reading_levels
from lms.content.versions import NothingBefore, Versions
from lms.errors import LmsError
from lms.learning.queries import count_kept


@main.command("check-courses")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Geef de problemen als JSON.")
@click.option("--reading-level", "levels", is_flag=True, help="Toon hoe vlot elke les en sessie leest.")
@explains
def check_courses(folder: Path | None, as_json: bool, levels: bool) -> None:
    """Kijk alle cursusbestanden na en noem elk probleem met bestand en regel."""
    folder = folder or Config.from_environment({**os.environ, "LMS_ENV": "development"}).courses
    _refuse_missing(folder)
    try:
        library = read_library(folder)
        if (folder / FOLDER).is_dir():
            read_history(folder)
    except ContentError as error:
        if as_json:
            click.echo(json.dumps([asdict(problem) for problem in error.problems], ensure_ascii=False, indent=2))
            sys.exit(1)
        raise
    if as_json:
        click.echo("[]")
        return
    course = library.course
    click.echo(
        f"In orde: {len(course.modules)} module(s), {len(course.lessons)} lessen, {len(course.dialogues)} gesprekken, "
        f"{len(course.test.items)} toetsvragen, {len(library.sessions)} sessie(s). "
        f"De kernroute duurt {course.core_minutes} minuten."
    )
    _tell_reading_levels(reading_levels(library), in_full=levels)


def _refuse_missing(folder: Path) -> None:
    if not folder.is_dir():
        click.echo(f"De map {folder} bestaat niet.", err=True)
        sys.exit(IMPOSSIBLE)


def _tell_reading_levels(levels: list[ReadingLevel], *, in_full: bool) -> None:
    """A hard text is a warning: it never stops anything."""
    if in_full:
        click.echo("Leesniveau (Flesch-Douma, 100 is heel makkelijk):")
        for level in levels:
            shown = f"{level.score:>5}  {level.verdict:<7} {level.words:>6} woorden"
            click.echo(f"{shown} {level.words / level.sentences:>5.1f} per zin   {level.name}")
    hard = [level for level in levels if level.score < HARD]
    if hard:
        named = ", ".join(f"{level.name} ({level.score})" for level in hard)
        click.echo(f"Let op: minder vlot te lezen (onder {HARD}): {named}.")
    elif levels:
        lowest = min(levels, key=lambda level: level.score)
        click.echo(f"Leesniveau: alles leest vlot genoeg; het lastigst is {lowest.name} ({lowest.score}).")


@main.command("go-live")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--back", is_flag=True, help="Zet de versie van daarvoor terug.")
@explains
def go_live(folder: Path | None, back: bool) -> None:
    """Kijk een inhoudsmap na en zet ze live, zonder de site te stoppen. Zonder map: wat staat er nu live?"""
    config = Config.from_environment()
    versions = Versions(config.content)
    if back and folder is not None:
        raise LmsError("Geef een map, of --back, niet allebei.")
    if back:
        _go_back(config, versions)
    elif folder is not None:
        _refuse_missing(folder)
        app = _app_on(folder)
        with app.app_context():
            library = versions.put_live(folder, now(), lambda found: check_kept(found, count_kept(found.course.id)))
        click.echo(f"Live: {len(library.course.lessons)} lessen, {len(library.sessions)} sessies ({library.digest}).")
        click.echo("De site neemt dit binnen twee seconden over. Terug kan met: lms go-live --back")
    else:
        _tell_what_is_live(config, versions)


def _app_on(folder: Path) -> Flask:
    """The site on the content of ``folder``, with a database that this release can read."""
    app = create_app(watch_content=False, content=folder)
    with app.app_context():
        refuse_old_database()
    return app


def _go_back(config: Config, versions: Versions) -> None:
    """Going back is for when things went wrong: what the older version does not know is told, not refused."""
    try:
        folder = versions.go_back() or config.courses
    except NothingBefore as error:
        raise LmsError("Er is geen vorige versie: er ging nog niets live met 'lms go-live'.") from error
    click.echo(f"Terug naar {folder.name}. De site neemt dit binnen twee seconden over.")
    app = _app_on(folder)
    with app.app_context():
        library = app.extensions["shelf"].library
        for problem in check_kept(library, count_kept(library.course.id)):
            click.echo(f"Let op: {problem}. Dat werk blijft bewaard en telt weer mee zodra het id terug is.")


def _tell_what_is_live(config: Config, versions: Versions) -> None:
    names = versions.names
    if not names:
        click.echo(f"Live staat de map {config.courses}. Er ging nog niets live met 'lms go-live'.")
    for number, name in enumerate(reversed(names)):
        moment = datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        click.echo(f"{'live   ' if number == 0 else 'vroeger'} {moment.astimezone(BRUSSELS):%d-%m-%Y %H.%M}  {name}")


@main.command("preview")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--stop", is_flag=True, help="Stop de voorproef.")
@explains
def preview(folder: Path | None, stop: bool) -> None:
    """Toon een inhoudsmap aan medewerkers op /voorproef. Begeleiders blijven bij wat live staat."""
    config = Config.from_environment()
    versions = Versions(config.content)
    if stop == (folder is not None):
        raise LmsError("Geef een map, of --stop om de voorproef te beëindigen.")
    if folder is not None:
        _refuse_missing(folder)
    versions.show_preview(folder)
    if folder is None:
        click.echo("De voorproef is gestopt.")
        return
    click.echo(f"Medewerkers zien deze map nu op {config.base_url}/voorproef. Stoppen: lms preview --stop")
    # What is wrong is shown on that page as well; a preview is there to be mended.
    for problem in _problems_of(folder):
        click.echo(str(problem), err=True)


def _problems_of(folder: Path) -> tuple[Problem, ...]:
    try:
        read_library(folder)
    except ContentError as error:
        return error.problems
    return ()
