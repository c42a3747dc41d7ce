"""The factory. This module and the command line are the only two that know every feature."""

from __future__ import annotations

import errno
import functools
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import werkzeug.routing
from flask import Flask, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import NotFound
from whitenoise import WhiteNoise

import lms.dev.views
import lms.home.views
import lms.inbox.views
import lms.learning.views
import lms.monitoring.views
import lms.monitoring.views.progression
import lms.monitoring.views.reporting
import lms.pack.views
import lms.people.views
import lms.privacy.views
import lms.schools.views
from lms import logs
from lms.config import Config, ConfigError
from lms.content.models import Library
from lms.content.moved_rules import check_kept
from lms.content.preview import Preview
from lms.content.problems import Problem
from lms.content.shelf import Shelf
from lms.content.versions import Versions
from lms.database import check_safety, db, prepare_engine, reading
from lms.learning.queries import count_kept, has_open_pack_clause
from lms.people.queries import VisitorFacts
from lms.schools.queries import is_contact_person_clause
from lms.web import access, headers, pages
from lms.web.assets import make_assets

log = logging.getLogger(__name__)

BODY_LIMIT = 1_000_000
CONTENT_LOOK_SECONDS = 2.0


class IdConverter(werkzeug.routing.IntegerConverter):
    """A row id in an address; larger numbers than a database column holds are simply not found."""

    def __init__(self, url_map: werkzeug.routing.Map) -> None:
        super().__init__(url_map, max=2_147_483_647)


class PatientRule(werkzeug.routing.Rule):
    """A rule that prepares how its address is made when the first link asks for it.

    Preparing that for two hundred rules is most of the work of building the site, and a page links to a dozen.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        prepare = functools.cache(super()._compile_builder)
        return lambda *rule, **values: prepare(append_unknown)(*rule, **values)


def create_app(config: Config | None = None, *, watch_content: bool = True, content: Path | None = None) -> Flask:
    """Build the site. Raises ConfigError for unsafe settings and ContentError when no content is good.

    ``watch_content``: look every two seconds whether the course files changed, and put good ones live.
    ``content``: a folder to use in place of what is live, for commands that judge it.
    """
    logs.configure()
    config = config or Config.from_environment()
    config.check()
    app = Flask("lms", static_folder=None)
    app.url_map.converters["id"] = IdConverter
    app.url_rule_class = PatientRule
    app.config.update(_flask_settings(config))
    if config.database.startswith("sqlite"):
        _make_folder(config.data)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        _refuse_unsafe_database(config)
    versions = Versions(config.content)
    shelf = Shelf(lambda: content or versions.live() or config.courses, _forgets_nothing(app, versions))
    shelf.load()
    app.extensions["shelf"] = shelf
    app.extensions["preview"] = Preview(versions.previewed)
    _refuse_strange_addresses(app)
    facts = VisitorFacts(is_contact_person=is_contact_person_clause(), has_open_pack=has_open_pack_clause())
    access.install(app, facts)
    csrf = CSRFProtect(app)
    headers.install(app)
    pages.install(app)
    _register(app, config)
    for view in app.view_functions.values():
        if getattr(view, "guards_itself", False):
            csrf.exempt(view)
    access.check_declarations(app)
    _serve_assets(app)
    if watch_content:
        threading.Thread(target=_watch, args=(shelf,), name="content", daemon=True).start()
    return app


def _forgets_nothing(app: Flask, versions: Versions) -> Callable[[Library], list[Problem]]:
    """The question whether new content still knows everything that people already did.

    A version was asked when it was put live, once for all processes: they may not differ about what somebody does in
    the seconds after.
    """

    def missing(library: Library) -> list[Problem]:
        if versions.live() is not None:
            return []
        with app.app_context(), reading():
            return check_kept(library, count_kept(app.extensions["shelf"].library.course.id))

    return missing


def _make_folder(folder: Path) -> None:
    """Raises ConfigError when it cannot be made, or not be written in."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, "geen toegang")
    except OSError as error:
        raise ConfigError(f"LMS_DATA: in {folder} kan niet geschreven worden ({error.strerror}).") from None


def _flask_settings(config: Config) -> dict[str, Any]:
    https = config.base_url.startswith("https://")
    return {
        "LMS": config,
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database,
        # An error must not bring names or addresses into the log.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
        "MAX_CONTENT_LENGTH": BODY_LIMIT,
        "MAX_FORM_MEMORY_SIZE": BODY_LIMIT,
        "SESSION_COOKIE_NAME": "__Host-navorming" if https else "navorming",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 30 * 24 * 3600,
        "SESSION_REFRESH_EACH_REQUEST": False,
        # The token lives as long as the session; a lesson may stay open for hours.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }


def _register(app: Flask, config: Config) -> None:
    app.register_blueprint(lms.home.views.blueprint)
    app.register_blueprint(lms.people.views.blueprint)
    app.register_blueprint(lms.schools.views.blueprint)
    app.register_blueprint(lms.learning.views.blueprint)
    app.register_blueprint(lms.pack.views.blueprint)
    app.register_blueprint(lms.inbox.views.blueprint)
    app.register_blueprint(lms.monitoring.views.blueprint)
    app.register_blueprint(lms.monitoring.views.reporting.blueprint)
    app.register_blueprint(lms.privacy.views.blueprint)
    if config.is_development:
        app.register_blueprint(lms.dev.views.blueprint)


def _refuse_unsafe_database(config: Config) -> None:
    if config.is_development or db.engine.dialect.name != "sqlite":
        return
    with db.engine.connect() as connection:
        unsafe = check_safety(connection)
    if unsafe:
        raise ConfigError(f"De databank staat niet veilig ingesteld: {', '.join(unsafe)}.")


def _refuse_strange_addresses(app: Flask) -> None:
    @app.before_request
    def refuse_nul() -> None:
        # PostgreSQL cannot hold a NUL; no address or search of ours has one.
        if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
            raise NotFound


def _serve_assets(app: Flask) -> None:
    fingerprint, folder = make_assets()
    app.extensions["assets"] = fingerprint
    safety = headers.all_of(app)

    def add_safety(answer: Any, _path: str, _url: str) -> None:
        for name, value in safety.items():
            answer[name] = value

    files = WhiteNoise(
        app.wsgi_app,
        max_age=31_536_000,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
        add_headers_function=add_safety,
    )
    files.add_files(str(folder), prefix=f"static/{fingerprint}/")
    app.wsgi_app = files  # type: ignore[method-assign]


def _watch(shelf: Shelf) -> None:
    """Put changed course files live; broken ones are logged and the last good version stays."""
    pause = threading.Event()
    while not pause.wait(CONTENT_LOOK_SECONDS):
        try:
            if shelf.is_stale():
                for problem in shelf.reload():
                    log.error("course file: %s", problem)
        except Exception:
            log.exception("cannot look at the course files")
