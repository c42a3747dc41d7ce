"""The command line. Output is Dutch; exit code 0 is good, 1 is wrong, 2 is impossible."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask

from lms import schema
from lms.app import create_app
from lms.clock import BRUSSELS, now
from lms.config import Config, ConfigError
from lms.content.moved_rules import check_kept
from lms.content.problems import ContentError, Problem
from lms.content.reader import read_library
from lms.content.reading_level import HARD, ReadingLevel, reading_levels
from lms.content.versions import NothingBefore, Versions
from lms.database import db, empty_journal
from lms.dev import demo
from lms.didactics.probing import judge_question
from lms.didactics.probing.measure import measure, read_rows
from lms.errors import Invalid, LmsError
from lms.learning.queries import count_kept
from lms.logs import without_values
from lms.mail import MailServer, send_waiting
from lms.people.actions.accounts import create_admin_link
from lms.privacy import queries as privacy
from lms.privacy.actions import erase, sweep, warn_of_expiry
from lms.privacy.rules.registry import PERSONAL
from lms.web.assets import make_assets

log = logging.getLogger(__name__)

IMPOSSIBLE = 2
WORKER_PAUSE_SECONDS = 2.0


def explains(command: Callable[..., Any]) -> Callable[..., Any]:
    """Say what is wrong in one Dutch line instead of a trace."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            click.echo(f"Instelling: {error}", err=True)
            sys.exit(IMPOSSIBLE)
        except ContentError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            sys.exit(1)
        except LmsError as error:
            click.echo(error.message, err=True)
            sys.exit(1)

    return run


def _app() -> Flask:
    return create_app(watch_content=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Unlocking Potential · Navorming: de opdrachten van de site."""


@main.command()
@click.option("--demo", "with_demo", is_flag=True, help="Vul een lege databank met demogegevens.")
@explains
def init(with_demo: bool) -> None:
    """Maak alles klaar: lettertypes, databank en inhoud. Nog eens uitvoeren kan geen kwaad."""
    make_assets()
    app = _app()
    with app.app_context():
        schema.migrate(db.engine)
        if with_demo and demo.is_empty():
            demo.fill(app.extensions["shelf"].library)
            click.echo("Demogegevens toegevoegd.")
    click.echo("De site is klaar om te starten.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adres waarop de server luistert.")
@click.option("--port", default=8000, show_default=True, help="Poort waarop de server luistert.")
@click.option("--workers", default=2, show_default=True, help="Aantal webprocessen.")
@click.option("--threads", default=1, show_default=True, help="Aantal draden per webproces.")
@click.option("--mail/--no-mail", default=False, help="Verstuur ook de mail, in een eigen proces.")
@explains
def run(host: str, port: int, workers: int, threads: int, mail: bool) -> None:
    """Start de site met de productieserver."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    config = Config.from_environment()
    if config.is_development and host not in {"127.0.0.1", "localhost", "::1"}:
        raise ConfigError("De ontwikkelomgeving luistert alleen op dit toestel zelf. Laat --host weg.")
    app = create_app(config, watch_content=False)
    with app.app_context():
        if schema.current(db.engine) != schema.newest():
            raise ConfigError("De databank is nog niet bijgewerkt. Voer eerst 'lms init' uit.")
        db.engine.dispose()
    worker = subprocess.Popen([sys.executable, "-m", "lms", "worker"]) if mail else None
    click.echo(f"De site draait op http://{host}:{port} (stoppen met Ctrl+C)")
    try:
        Server(
            "lms.app:create_app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            factory=True,
            workers=workers,
            blocking_threads=threads,
            log_level=LogLevels.warning,
        ).serve()
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=10)


@main.command()
@click.option("--once", is_flag=True, help="Verstuur wat klaarstaat en stop dan.")
@explains
def worker(once: bool) -> None:
    """Verstuur de mail die klaarstaat, en wis elke dag wat lang genoeg bewaard is."""
    app = _app()
    config: Config = app.config["LMS"]
    server = MailServer(url=config.mail_url, sender=config.mail_from)
    total, swept_on = 0, None
    while True:
        with app.app_context():
            if not once and swept_on != now().date():
                swept_on = now().date()
                _keep_terms_or_log(app)
            try:
                sent = send_waiting(db.session(), server)
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
            time.sleep(WORKER_PAUSE_SECONDS)


def _keep_terms_or_log(app: Flask) -> None:
    """Mail has to go on, also on a day on which the terms cannot be kept; tomorrow is another try."""
    try:
        keep_terms(app)
    except Exception as error:
        log.error("could not keep the terms: %s", without_values(error))
        db.session.rollback()


def keep_terms(app: Flask, *, dry_run: bool = False) -> dict[str, int]:
    """Take away what the clock says has been kept long enough; gives how many rows or people per kind.

    ``dry_run``: only count. Needs an application context.
    """
    moment = now()
    swept = [part for part in PERSONAL if part.keep.is_swept]
    if dry_run:
        counts = {part.table: privacy.count_over(part, moment) for part in swept}
        counts["notices"] = len(privacy.list_to_warn(moment))
        counts["accounts"] = len(privacy.list_to_erase(moment))
        db.session.rollback()
        return counts
    counts = {part.table: sweep(part) for part in swept}
    counts["notices"] = warn_of_expiry(link_base=app.config["LMS"].base_url)
    ending = privacy.list_to_erase(moment)
    db.session.rollback()
    counts["accounts"] = sum(erase(person_id) for person_id in ending)
    empty_journal(db.engine)
    return counts


@main.command()
@click.option("--dry-run", is_flag=True, help="Tel alleen wat weg zou gaan.")
@click.option("--json", "as_json", is_flag=True, help="Geef de aantallen als JSON.")
@explains
def retention(dry_run: bool, as_json: bool) -> None:
    """Wis wat lang genoeg bewaard is. De worker doet dit elke dag zelf."""
    app = _app()
    with app.app_context():
        counts = keep_terms(app, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(counts))
        return
    titles = {part.table: part.title for part in PERSONAL}
    titles |= {"notices": "Mail dat een account verloopt", "accounts": "Accounts"}
    done = [f"{titles[name]}: {count}" for name, count in counts.items() if count]
    click.echo("\n".join(done) if done else "Er is niets dat lang genoeg bewaard is.")
    if dry_run and done:
        click.echo("Dit was een proef: er is niets gewist.")


@main.command("check-courses")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Geef de problemen als JSON.")
@click.option("--reading-level", "levels", is_flag=True, help="Toon hoe vlot elke les en sessie leest.")
@explains
def check_courses(folder: Path | None, as_json: bool, levels: bool) -> None:
    """Kijk alle cursusbestanden na en noem elk probleem met bestand en regel."""
    folder = folder or Config.from_environment({"LMS_ENV": "development", **_environ()}).courses
    if not folder.is_dir():
        click.echo(f"De map {folder} bestaat niet.", err=True)
        sys.exit(IMPOSSIBLE)
    try:
        library = read_library(folder)
    except ContentError as error:
        if as_json:
            rows = [vars_of(problem) for problem in error.problems]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
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
        if not folder.is_dir():
            click.echo(f"De map {folder} bestaat niet.", err=True)
            sys.exit(IMPOSSIBLE)
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
        if schema.current(db.engine) != schema.newest():
            raise ConfigError("De databank is nog niet bijgewerkt. Voer eerst 'lms init' uit.")
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
    if folder is not None and not folder.is_dir():
        click.echo(f"De map {folder} bestaat niet.", err=True)
        sys.exit(IMPOSSIBLE)
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


def _environ() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if name != "LMS_ENV"}


def vars_of(problem: Any) -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "cause": problem.cause, "expected": problem.expected}


@main.command("create-admin")
@click.argument("email")
@click.argument("name")
@explains
def create_admin(email: str, name: str) -> None:
    """Toon een link waarmee iemand beheerder wordt. Ze werkt één keer, 24 uur lang."""
    app = _app()
    with app.app_context():
        link = create_admin_link(email=email, name=name, link_base=app.config["LMS"].base_url)
    click.echo(f"Geef deze link aan {name}. Ze werkt één keer, 24 uur lang:\n{link}")


@main.command("demo")
@explains
def fill_demo() -> None:
    """Vul een lege databank met demogegevens."""
    app = _app()
    with app.app_context():
        if not demo.is_empty():
            raise LmsError("De databank is niet leeg; er is niets toegevoegd.")
        demo.fill(app.extensions["shelf"].library)
    click.echo("Demogegevens toegevoegd.")


if __name__ == "__main__":
    main()
