"""The command that plans a session of the toolbox."""

from __future__ import annotations

import json
import os
import sys

import click

from lms.cli.base import IMPOSSIBLE, explains, main
from lms.config import Config
from lms.content.library import find_session
from lms.content.reader import read_library
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.hours import read_hours
from lms.didactics.timing.plans import DoesNotFit, plan_data
from lms.errors import Invalid, NotFound


@main.command()
@click.argument("session")
@click.option("--minutes", help="Hoeveel minuten je hebt, aan één stuk.")
@click.option("--hours", help="Minuten per lesuur, zoals 50,50.")
@explains
def plan(session: str, minutes: str | None, hours: str | None) -> None:
    """Pas een sessie van de toolbox in de tijd die je hebt, als JSON."""
    if (minutes is None) == (hours is None) or "," in (minutes or ""):
        raise Invalid("Geef --minutes (zoals 50) of --hours (zoals 50,50), niet allebei.")
    # Planning asks for no secrets of a real site: only the folder of the content is read from the settings.
    library = read_library(Config.from_environment({**os.environ, "LMS_ENV": "development"}).courses)
    found = find_session(library, session)
    if found is None:
        slugs = ", ".join(one.slug for one in library.sessions)
        raise NotFound(f'De sessie "{session}" bestaat niet. Kies uit: {slugs}.')
    try:
        fitted = fit(found, read_hours(minutes or hours or ""), library.minis)
    except DoesNotFit as error:
        click.echo(json.dumps({"reason": error.message}, ensure_ascii=False, indent=2))
        click.echo(error.message, err=True)
        sys.exit(IMPOSSIBLE)
    click.echo(json.dumps(plan_data(fitted), ensure_ascii=False, indent=2))
