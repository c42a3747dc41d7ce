"""Keeping the figures of the overview: by the worker every so often, and by hand."""

from __future__ import annotations

import logging
import time

import click
from flask import Flask

from lms.app import create_app
from lms.cli.base import explains, main, refuse_old_database
from lms.database import db
from lms.logs import without_values
from lms.monitoring.actions.figures import gather_figures

log = logging.getLogger(__name__)

# The worker rests at least this long, in seconds, and at least so many times as long as the last gathering took: on
# the largest site it spends a fortieth of one processor on figures.
REST_SECONDS = 60.0
REST_TIMES = 40


def gather_or_log(app: Flask) -> float:
    """Gather, and give how many seconds to rest. Mail has to go on, also when the figures cannot be gathered."""
    began = time.monotonic()
    try:
        gather_figures(app.extensions["shelf"].library.course)
    except Exception as error:
        log.error("could not gather the figures: %s", without_values(error))
        db.session.rollback()
    return max(REST_SECONDS, REST_TIMES * (time.monotonic() - began))


@main.command()
@explains
def figures() -> None:
    """Tel de cijfers van het overzicht opnieuw. De worker doet dit elke paar minuten zelf."""
    app = create_app(watch_content=False)
    with app.app_context():
        refuse_old_database()
        gather_figures(app.extensions["shelf"].library.course)
    click.echo("De cijfers zijn geteld.")
