"""Commands that run the site: prepare, serve, keep terms, make the first administrator."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from flask import Flask

from lms.app import create_app
from lms.cli.base import explains, main, refuse_old_database
from lms.cli.history import load_beside_demo
from lms.clock import now
from lms.config import Config, ConfigError
from lms.database import db, empty_journal
from lms.dev import demo
from lms.errors import LmsError
from lms.monitoring.actions.figures import gather_figures
from lms.people.actions.accounts import create_admin_link
from lms.privacy import queries as privacy
from lms.privacy.actions import erase, sweep, warn_of_expiry
from lms.privacy.rules.registry import PERSONAL
from lms.web.assets import make_assets

# How long a web process, and the one that sends mail, may take to finish what they are at.
STOP_SECONDS = 10


def _app() -> Flask:
    return create_app(watch_content=False)


@main.command()
@click.option("--demo", "with_demo", is_flag=True, help="Vul een lege databank met demogegevens.")
@explains
def init(with_demo: bool) -> None:
    """Maak alles klaar: lettertypes, databank en inhoud. Nog eens uitvoeren kan geen kwaad."""
    # Alembic takes a tenth of a second to import: only for whom it is needed.
    from lms import schema

    make_assets()
    app = _app()
    with app.app_context():
        schema.migrate(db.engine)
        if with_demo and demo.is_empty():
            add_demo(app)
            click.echo("Demogegevens toegevoegd.")
        gather_figures(app.extensions["shelf"].library.course)
    click.echo("De site is klaar om te starten.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adres waarop de server luistert.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Poort van de server.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Aantal webprocessen.")
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, help="Aantal draden per webproces.")
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
    _refuse_taken_port(host, port)
    app = create_app(config, watch_content=False)
    with app.app_context():
        refuse_old_database()
        db.engine.dispose()
    # From here on there is somebody to take along.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    worker = _start_worker() if mail else None
    if os.name != "nt":
        _fork_with_care()
    try:
        click.echo(f"De site draait op http://{f'[{host}]' if ':' in host else host}:{port} (stoppen met Ctrl+C)")
        Server(
            "lms.app:create_app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            factory=True,
            workers=workers,
            blocking_threads=threads,
            log_level=LogLevels.warning,
            workers_kill_timeout=STOP_SECONDS,
        ).serve()
    except KeyboardInterrupt:
        pass
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=STOP_SECONDS)


def _refuse_taken_port(host: str, port: int) -> None:
    """Raises ConfigError. The web processes share their port, so with another site they would share it too."""
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind) as probe:
            # A server that just stopped leaves the port in a state that does not count as taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ConfigError(
            f"Op {host}, poort {port}, kan de site niet luisteren ({error.strerror}). Kies een ander adres of een "
            "andere poort met --host en --port."
        ) from None


def _fork_with_care() -> None:
    """Have every web process stop when its first process asks, once; Ctrl+C is not for it.

    Asked twice at the same moment, by Ctrl+C and by its first process, Granian waits for ever. And it is born with
    the handlers of that first process, that only note the request; while it loads, the request has to end it. What
    is asked during the birth waits until then.
    """
    asked = [signal.SIGINT, signal.SIGTERM]

    def born() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])

    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, asked),
        after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, asked),
        after_in_child=born,
    )


def _start_worker() -> subprocess.Popen[bytes]:
    """The process that sends mail. Ctrl+C reaches it too, but it stops when the site asks it to."""
    ignore = None if os.name == "nt" else partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    return subprocess.Popen([sys.executable, "-m", "lms", "worker"], preexec_fn=ignore)


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
        add_demo(app)
    click.echo("Demogegevens toegevoegd.")


def add_demo(app: Flask) -> None:
    """Fill the empty database of a site with demo data. Needs an application context.

    On SQLite they come into being beside the database, and take its place when they are whole: who is interrupted
    keeps an empty database, and not a half one that looks full.
    """
    config: Config = app.config["LMS"]
    if db.engine.dialect.name != "sqlite":
        _fill(app, config)
        return
    file = str(db.engine.url.database)
    beside = f"{file}.demo"
    _remove(beside, *_journals(beside))
    other = create_app(replace(config, database_url=f"sqlite:///{beside}"), watch_content=False)
    with other.app_context():
        _fill(other, config)
        # What still stands in the journal has to be in the file.
        empty_journal(db.engine)
        db.engine.dispose()
    db.session.remove()
    db.engine.dispose()
    _remove(*_journals(file), *_journals(beside))
    os.replace(beside, file)


def _fill(app: Flask, config: Config) -> None:
    from lms import schema

    schema.migrate(db.engine)
    demo.fill(app.extensions["shelf"].library, link_base=config.base_url)
    load_beside_demo(app)
    db.session.remove()


def _journals(file: str) -> tuple[str, str]:
    """What SQLite keeps beside a file while it is open."""
    return f"{file}-wal", f"{file}-shm"


def _remove(*files: str) -> None:
    for file in files:
        Path(file).unlink(missing_ok=True)
