"""Who may open which page. Each view declares it; one guard enforces it before anything else happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user

from lms.database import only_read
from lms.errors import NotFound
from lms.people.queries import VisitorFacts, find_visitor, visitor_statement
from lms.people.rules import SignedIn, Visitor
from lms.people.rules.devices import describe_device
from lms.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
# A longer address would not fit in the cookie beside the rest.
NEXT_LENGTH = 500
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# What a refused visitor gets instead of 404, per permission (the locked pack explains itself).
_refusals: dict[Permission, Callable[[], Any]] = {}


class UndeclaredPage(Exception):
    """A page without declaration: the app refuses to start."""


def public(view: View) -> View:
    """Declare a page that everybody may open."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def guards_itself(view: View) -> View:
    """Declare a page that looks at the token of its form by itself, because a mail program may post to it too."""
    view.guards_itself = True  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission that a page needs."""

    def declare(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return declare


def on_refusal(permission: Permission) -> Callable[[View], View]:
    """Declare the answer for somebody who is signed in but lacks ``permission``."""

    def declare(view: View) -> View:
        _refusals[permission] = view
        return view

    return declare


def takes(limit: int) -> Callable[[View], View]:
    """Let a page take a body of more bytes than other pages, for a file."""

    def declare(view: View) -> View:
        view.body_limit = limit  # type: ignore[attr-defined]
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> Permission | str | None:
    """What a page declared: PUBLIC, a permission, or None when it declared nothing."""
    return getattr(app.view_functions[endpoint], "access", None)


def check_declarations(app: Flask) -> None:
    """Raises UndeclaredPage for pages without declaration."""
    missing = sorted(rule.endpoint for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None)
    if missing:
        raise UndeclaredPage(", ".join(missing))


def visitor() -> Visitor:
    """Who is signed in. Only for pages that require a permission."""
    return current_user._get_current_object()


def install(app: Flask, facts: VisitorFacts) -> None:
    """Set up sign-in and the guard. ``facts`` are the clauses that decide about the aanspreekpunt and the pack."""
    manager = LoginManager(app)
    manager.session_protection = None
    statement = visitor_statement(facts)
    manager.user_loader(lambda token: find_visitor(token, statement))

    @app.before_request
    def guard() -> Any:
        only_read(request.method in SAFE_METHODS)
        if request.endpoint is None or (needed := access_of(app, request.endpoint)) == PUBLIC:
            return None
        assert isinstance(needed, Permission)
        if not current_user.is_authenticated:
            return redirect(url_for("people.sign_in", next=next_of_request()))
        if current_user.needs_second_factor:
            if needed is Permission.SIGNED_IN:
                return None
            session["next"] = safe_next(next_of_request())
            return redirect(url_for("people.second_factor"))
        if current_user.is_leaving:
            return None if needed is Permission.SIGNED_IN else redirect(url_for("privacy.undo_deletion"))
        if not current_user.may(needed):
            refusal = _refusals.get(needed)
            if refusal is None:
                raise NotFound
            return refusal()
        # Whoever may not open the page sends no more than anywhere else. The form is read after this.
        request.max_content_length = getattr(app.view_functions[request.endpoint], "body_limit", None)
        return None

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        only_read(False)


def next_of_request() -> str | None:
    """Where to go after signing in: the page that was asked for, if it can be opened with a link."""
    return request.full_path.rstrip("?") if request.method in SAFE_METHODS else None


def safe_next(target: str | None) -> str:
    """``target`` if it is a path on this site, otherwise the start page of the visitor."""
    if target and re.fullmatch(r"/(?!/)[!-\[\]-~]*", target) and len(target) <= NEXT_LENGTH:
        return target
    return url_for("public.start")


class _Newcomer:
    """What flask-login needs to put a token in the cookie."""

    is_active = True
    is_authenticated = True

    def __init__(self, token: str) -> None:
        self.token = token

    def get_id(self) -> str:
        return self.token


def enter(signed_in: SignedIn) -> None:
    """Put the new session in the cookie, in place of everything that was there."""
    session.clear()
    login_user(_Newcomer(signed_in.token))
    session.permanent = signed_in.own_device


def leave() -> None:
    """Empty the cookie."""
    logout_user()
    session.clear()


def device() -> str:
    """Which browser this request came from, roughly."""
    return describe_device(request.user_agent.string)


def link_base() -> str:
    """The address of this site for links in mails."""
    return str(current_app.config["LMS"].base_url)
