"""The process beside the site: sends mail, writes what the clock asks for, and keeps the terms."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import click
from flask import Flask

from lms.app import create_app
from lms.cli.base import explains, main
from lms.cli.figures import gather_or_log
from lms.cli.site import keep_terms
from lms.clock import now
from lms.config import Config
from lms.database import db
from lms.logs import without_values
from lms.mail import Condition, MailServer, send_waiting
from lms.pack.actions.evening import mail_evening, settle_evening
from lms.pack.queries.evening import is_still_wanted, list_plans_for
from lms.pack.rules.evening import EVENING, is_evening, tomorrow
from lms.people.rules.mails import Stops, stop_token

log = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0
# How often the clock is asked what has to be written now.
LOOK_EVERY = timedelta(minutes=1)
# So many at a time, so that a code for signing in never waits behind a long row of reminders.
BATCH = 50

# What optional mail asks once more when it leaves.
CONDITIONS = {EVENING: Condition(holds=is_still_wanted, settled=settle_evening)}


def stop_url_of(app: Flask, stops: Stops, row_id: int) -> str:
    """The link under an optional mail."""
    config: Config = app.config["LMS"]
    return f"{config.base_url}/stop/{stop_token(config.secret_key, stops, row_id)}"


def write_evening_mails(app: Flask, *, limit: int = BATCH) -> int:
    """Write the mails about the sessions of tomorrow; gives how many. Needs an application context."""
    moment = now()
    if not is_evening(moment):
        return 0
    plans = list_plans_for(tomorrow(moment), limit=limit)
    # Fitting a session takes milliseconds: nobody waits for the database meanwhile.
    db.session.rollback()
    shelf, base = app.extensions["shelf"], app.config["LMS"].base_url
    if plans and shelf.is_stale():
        shelf.reload()
    return sum(
        mail_evening(plan, shelf.library, link_base=base, stop_url=stop_url_of(app, Stops.PERSON, plan.person_id))
        for plan in plans
    )


class Clockwork:
    """What a worker does besides sending: each thing at its own pace, and none of them holds up the mail."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.swept_on: date | None = None
        self.looked_at: datetime | None = None
        self.figures_due = 0.0

    def tick(self) -> None:
        """Do what is due now. Needs an application context."""
        moment = now()
        if self.swept_on != moment.date():
            self.swept_on = moment.date()
            self._try("keep the terms", partial(keep_terms, self.app))
        if time.monotonic() >= self.figures_due:
            self.figures_due = time.monotonic() + gather_or_log(self.app)
        if self.looked_at is None or not timedelta() <= moment - self.looked_at < LOOK_EVERY:
            self.looked_at = moment
            self._try("write the mails about tomorrow", partial(write_evening_mails, self.app))

    def _try(self, what: str, do: Callable[[], object]) -> None:
        """Mail has to go on, also when something else cannot be done; the next time is another try."""
        try:
            do()
        except Exception as error:
            log.error("could not %s: %s", what, without_values(error))
            db.session.rollback()


@main.command()
@click.option("--once", is_flag=True, help="Verstuur wat klaarstaat en stop dan.")
@explains
def worker(once: bool) -> None:
    """Verstuur en schrijf mail, tel de cijfers, en wis elke dag wat lang genoeg bewaard is."""
    app = create_app(watch_content=False)
    config: Config = app.config["LMS"]
    server = MailServer(url=config.mail_url, sender=config.mail_from)
    clockwork, total = Clockwork(app), 0
    while True:
        with app.app_context():
            if not once:
                clockwork.tick()
            try:
                sent = send_waiting(db.session(), server, conditions=CONDITIONS)
            except Exception as error:
                if once:
                    raise
                log.error("could not look at the outbox: %s", without_values(error))
                db.session.rollback()
                sent = 0
        total += sent
        if not sent and once:
            click.echo(f"{total} mails verstuurd.")
            return
        if not sent:
            time.sleep(PAUSE_SECONDS)
