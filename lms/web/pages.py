"""What every template can use: icons, addresses of static files, dates, the menu; and the error pages."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime
from flask import Flask, current_app, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from lucide import _render_icon
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from lms.clock import BRUSSELS
from lms.content.models import Library
from lms.database import db
from lms.errors import Conflict, Expired, Invalid, LmsError, NotFound
from lms.logs import without_values
from lms.permissions import Permission

log = logging.getLogger(__name__)

# Our names for the shapes of Lucide, and the shapes that are our own (24-grid, drawn with the same pen).
LUCIDE = {
    "arrow": "arrow-right", "back": "arrow-left", "bell": "bell", "box": "package", "calendar": "calendar",
    "chart": "chart-column", "chat": "message-square", "check": "check", "clock": "clock", "copy": "copy",
    "down": "download", "down-small": "chevron-down", "group": "users", "info": "info", "key": "key-round",
    "lock": "lock", "lock-open": "lock-open", "mail": "mail", "menu": "menu", "minus": "minus", "next": "skip-forward",
    "nokc": "circle-x", "okc": "circle-check", "pause": "pause", "pen": "pencil", "phone": "phone",
    "play": "play", "plus": "plus", "print": "printer", "qr": "qr-code", "school": "school", "search": "search",
    "shield": "shield-check", "sort": "arrow-up-down",
    "star": "star", "trash": "trash-2", "undo": "undo-2", "user": "user", "warn": "triangle-alert", "x": "x",
}  # fmt: skip
OWN = {
    "half": '<circle cx="12" cy="12" r="9"/><path class="fill" d="M12 3a9 9 0 0 1 0 18z" fill="currentColor"/>',
    "starred": '<path class="fill" fill="currentColor" d="M12 3l3 6 6 1-4.5 4.2 1 6.3-5.5-3-5.5 3 1-6.3L3 10l6-1z"/>',
    "lamp": '<path d="M9 18h6M10 21h4M8 14a6 6 0 1 1 8 0c-.7.7-1 1.4-1 2H9c0-.6-.3-1.3-1-2z"/>',
}


@lru_cache(maxsize=128)
def icon(name: str) -> Markup:
    """An inline icon, decoration beside a word. Raises KeyError for a name we do not have."""
    if name in OWN:
        return Markup(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{OWN[name]}</svg>')  # noqa: S704
    svg = _render_icon(LUCIDE[name], None, class_="icon", aria_hidden="true")
    inner = svg[svg.index(">") + 1 :].replace("\n", "").replace("  ", "")
    return Markup(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{inner}')  # noqa: S704


def minutes(count: int) -> str:
    """``12`` is shown as *12 min*, with a space that does not break."""
    return f"{count}\u00a0min"


def day(moment: datetime | date) -> str:
    """A moment as a date in Brussels: *12 november 2026*."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(BRUSSELS).date()
    return _written_day(moment)


@lru_cache(maxsize=2000)
def _written_day(moment: date) -> str:
    """Lists hold the same days over and over, and writing one takes as long as finding its row."""
    return format_date(moment, "d MMMM y", locale="nl_BE")


def day_and_time(moment: datetime) -> str:
    """A moment with the time in Brussels: *12 november 2026 om 10.25*."""
    return format_datetime(moment.astimezone(BRUSSELS), "d MMMM y 'om' H.mm", locale="nl_BE")


def links(text: str) -> Markup:
    """Plain text with its web addresses as links."""
    parts = re.split(r"(https?://[^\s)]*[^\s).,;])", text)
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(part) if part.startswith("http") else part for part in parts
    )


def library() -> Library:
    """The content that is live. One request uses one library: ask it once and pass it on."""
    return current_app.extensions["shelf"].library  # type: ignore[no-any-return]


def previewed_library() -> Library:
    """The content of the preview, for pages of staff. Raises NotFound when there is none, or when it is broken."""
    found = current_app.extensions["preview"].look()
    if found is None or found.library is None:
        raise NotFound
    return found.library  # type: ignore[no-any-return]


def static_url(path: str) -> str:
    return f"/static/{current_app.extensions['assets']}/{path}"


def id_url(endpoint: str, **ids: int) -> str:
    """The address of a page that needs ids alone, as ``url_for`` in a tenth of the time: rows of a list have several.

    Raises LookupError for an endpoint whose address needs something else.
    """
    return _pattern(current_app._get_current_object(), endpoint, frozenset(ids)).format(**ids)  # type: ignore[attr-defined]


@lru_cache(maxsize=500)
def _pattern(app: Flask, endpoint: str, names: frozenset[str]) -> str:
    rule = next(rule for rule in app.url_map.iter_rules(endpoint) if rule.arguments == names)
    pattern = re.sub(r"<id:(\w+)>", r"{\1}", rule.rule)
    if "<" in pattern:
        raise LookupError(f"the address of {endpoint} needs more than ids")
    return pattern


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """``extra``: on a wide screen it stands behind *Meer*, since a bar with nine words is no longer read."""

    label: str
    url: str
    icon: str
    current: bool
    extra: bool


def _menu() -> list[tuple[str, str, str]]:
    """Label, endpoint and icon of what this visitor finds in the menu."""
    if not current_user.is_authenticated:
        return [("Start", "public.home", "school"), ("Aanmelden", "people.sign_in", "user")]
    own = current_user.first_name
    if current_user.needs_second_factor or current_user.is_leaving:
        return [(own, "people.account", "user")]
    items = []
    if current_user.may(Permission.SEE_SCHOOLS):
        items.append(("Vandaag", "monitoring.today", "bell"))
        items.append(("Scholen", "monitoring.schools", "school"))
        items.append(("Overzicht", "monitoring.overview", "chart"))
    if current_user.may(Permission.ANSWER_QUESTIONS):
        items.append(("Vragen", "inbox.questions", "chat"))
    if current_user.may(Permission.SEE_OWN_SCHOOL):
        items.append(("Mijn school", "monitoring.own_school", "school"))
    if current_user.may(Permission.LEARN):
        items += [
            ("Navorming", "learning.course", "lamp"),
            ("Werkvormen", "learning.formats", "group"),
            ("Pakket", "pack.pack", "box"),
        ]
    if current_user.may(Permission.MANAGE_ACCOUNTS):
        items.append(("Beheer", "people.accounts", "shield"))
    return [*items, (own, "people.account", "user")]


# What staff come for each day stands in the bar itself; begeleiders have room for all of theirs.
STAFF_BAR = frozenset(
    {"monitoring.today", "monitoring.schools", "monitoring.overview", "inbox.questions", "people.account"}
)


def nav() -> list[NavItem]:
    """The menu, with the current part marked."""
    path, items = request.path, _menu()
    is_staff = any(endpoint == "monitoring.schools" for _, endpoint, _ in items)
    shown = []
    for label, endpoint, name in items:
        url = url_for(endpoint)
        current = path == url or (url != "/" and path.startswith(url + "/"))
        extra = is_staff and endpoint not in STAFF_BAR
        shown.append(NavItem(label=label, url=url, icon=name, current=current, extra=extra))
    return shown


def error_page(status: int, **words: str) -> tuple[str, int]:
    """The error page of ``status``, with its own words unless others are given."""
    return render_template(f"errors/{status}.html", **words), status


def _forged(error: CSRFError) -> tuple[str, int]:
    """A form whose token no longer fits. A same-origin post keeps its text, to be sent again with one click."""
    db.session.rollback()
    same_origin = request.headers.get("Sec-Fetch-Site") == "same-origin"
    typed = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name != "csrf_token" and same_origin
    ]
    return render_template("errors/csrf.html", typed=typed, action=request.path), 400


class SharedMacros(Template):
    """A template whose macros are made once. Ours use only globals, so they are the same for every page."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def install(app: Flask) -> None:
    """Give templates their tools and every error its page."""
    app.jinja_env.template_class = SharedMacros
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    config = app.config["LMS"]
    app.jinja_env.globals.update(
        icon=icon,
        static_url=static_url,
        id_url=id_url,
        site_name=config.site_name,
        contact=config.contact,
        visitor=current_user,
        is_development=config.is_development,
    )
    app.jinja_env.filters.update(minutes=minutes, day=day, day_and_time=day_and_time, links=links)
    # The menu is asked by the layout that shows it; a bare error page asks nothing of the database.
    app.jinja_env.globals["menu"] = nav

    @app.errorhandler(LmsError)
    def explain(error: LmsError) -> tuple[str, int]:
        db.session.rollback()
        status = {NotFound: 404, Conflict: 409, Expired: 404, Invalid: 422}.get(type(error), 400)
        if status == 404 and type(error) is NotFound:
            return error_page(404)
        return error_page(status, message=error.message)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        db.session.rollback()
        status = error.code or 500
        if status < 400:
            return error
        known = status if status in {400, 403, 404, 405, 409, 413, 422, 429, 500, 503} else 400
        page, _ = error_page(known)
        return page, status, {"Allow": ", ".join(getattr(error, "valid_methods", None) or [])} if status == 405 else {}

    @app.errorhandler(OperationalError)
    def database_away(error: OperationalError) -> tuple[str, int, dict[str, str]]:
        log.error("database not available: %s", type(error.orig).__name__)
        db.session.rollback()
        return render_template("errors/503.html"), 503, {"Retry-After": "30"}

    @app.errorhandler(Exception)
    def broken(error: Exception) -> tuple[str, int]:
        log.error("unexpected error on %s: %s", request.endpoint, without_values(error))
        db.session.rollback()
        return error_page(500)

    app.register_error_handler(CSRFError, _forged)
