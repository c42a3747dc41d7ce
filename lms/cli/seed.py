"""Filling an empty database with a large site, to measure on."""

from __future__ import annotations

import click

from lms.app import create_app
from lms.cli.base import explains, main, refuse_old_database
from lms.dev import demo
from lms.dev.seed import seed
from lms.dev.seed_people import Size
from lms.monitoring.actions.figures import gather_figures


@main.command("seed")
@click.option("--schools", default=30, show_default=True, help="Aantal scholen en organisaties.")
@click.option("--people", default=300, show_default=True, help="Aantal begeleiders.")
@click.option("--attempts", default=5000, show_default=True, help="Aantal antwoorden.")
@click.option("--number", default=1, show_default=True, help="Hetzelfde getal geeft hetzelfde mengsel.")
@explains
def fill_large(schools: int, people: int, attempts: int, number: int) -> None:
    """Vul een lege databank met een verzonnen site van elke grootte, om op te meten."""
    app = create_app(watch_content=False)
    with app.app_context():
        refuse_old_database()
        library = app.extensions["shelf"].library
        seed(library, Size(schools=schools, people=people, attempts=attempts), number=number, tell=click.echo)
        for person in (demo.STAFF, demo.ADMIN):
            demo.add_person(person)
        gather_figures(library.course)
    click.echo("De databank is gevuld. In de ontwikkelomgeving meld je aan als O&S of beheerder van de demo.")
