"""The page where a mailed code is typed. Signing in and registering differ only in what the code then does."""

from __future__ import annotations

from typing import Any, Protocol

from flask import flash, redirect, render_template, session, url_for

from lms.errors import Expired, Invalid
from lms.people.rules import CODE_MINUTES, SignedIn
from lms.web.access import device, enter, safe_next
from lms.web.forms import Form


class UseCode(Protocol):
    """An action that lets somebody in with the code. Raises Expired, or Invalid when the code is wrong."""

    def __call__(self, code: str, *, browser: str, device: str) -> SignedIn: ...


def await_code(email: str, browser: str) -> None:
    """Remember in the cookie which code this browser waits for. ``browser``: the token it was asked with."""
    session["code_browser"], session["code_email"] = browser, email


def code_page(form: Form, use: UseCode, *, again: str, target: str | None = None, welcome: str | None = None) -> Any:
    """Let somebody in who types the right code in ``form.code``.

    ``again``: endpoint of the page where a code is asked; ``target``: where to go once inside; ``welcome``: what to
    say then.
    """
    if "code_browser" not in session:
        return redirect(url_for(again))
    if form.validate_on_submit():
        try:
            signed_in = use(form["code"].data or "", browser=session["code_browser"], device=device())
        except Invalid as error:
            form.refuse("code", error)
        except Expired as error:
            flash(error.message, "bad")
            session.pop("code_browser")
            return redirect(url_for(again), 303)
        else:
            enter(signed_in)
            if welcome:
                flash(welcome, "good")
            return redirect(safe_next(target), 303)
    page = render_template(
        "people/code.html", form=form, email=session["code_email"], minutes_valid=CODE_MINUTES, again=url_for(again)
    )
    return page, 422 if form.errors else 200
