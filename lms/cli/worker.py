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
from lms.mail import Condition, MailServer, count_optional, send_waiting
from lms.monitoring.actions.reminders import settle_reminder, write_reminder
from lms.monitoring.queries.reminders import list_next_due, list_rules_on, still_holds
from lms.monitoring.rules.attention import today
from lms.monitoring.rules.reminders import REMINDER, RULES, Due, RuleName
from lms.monitoring.rules.school_days import is_sending_time
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
CONDITIONS = {
    EVENING: Condition(holds=is_still_wanted, settled=settle_evening),
    REMINDER: Condition(holds=still_holds, settled=settle_reminder),
}


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


class ReminderRound:
    """One walk a school day along everybody who may get a reminder, a few at a time.

    Where it is, it remembers by itself: a worker that starts again begins its walk again, and finds that who got a
    reminder meets no rule any more.
    """

    def __init__(self) -> None:
        self.day: date | None = None
        self.todo: list[RuleName] = []
        self.after = 0

    def step(self, app: Flask, *, limit: int = BATCH) -> int:
        """Write the next few reminders; gives how many. Needs an application context."""
        moment = now()
        is_done = self.day == today(moment) and not self.todo
        if is_done or not is_sending_time(moment) or count_optional(db.session()) >= BATCH:
            db.session.rollback()
            return 0
        if self.day != today(moment):
            self.day, self.todo, self.after = today(moment), [rule.name for rule in RULES], 0
        on = list_rules_on()
        while self.todo and self.todo[0] not in on:
            self.todo, self.after = self.todo[1:], 0
        if not self.todo:
            db.session.rollback()
            return 0
        due = list_next_due(self.todo[0], after=self.after, limit=limit)
        db.session.rollback()
        if due:
            self.after = due[-1].id
        else:
            self.todo, self.after = self.todo[1:], 0
        return sum(_remind(app, one) for one in due)


def _remind(app: Flask, due: Due) -> bool:
    config: Config = app.config["LMS"]
    stops, row_id = (Stops.PERSON, due.person_id) if due.person_id else (Stops.ASKED, due.contact_id)
    assert row_id is not None
    stop_url = stop_url_of(app, stops, row_id)
    return write_reminder(due, link_base=config.base_url, stop_url=stop_url, contact=config.contact)


class Clockwork:
    """What a worker does besides sending: each thing at its own pace, and none of them holds up the mail."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.swept_on: date | None = None
        self.looked_at: datetime | None = None
        self.figures_due = 0.0
        self.reminders = ReminderRound()

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

        self._try("write reminders", partial(self.reminders.step, self.app))

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
