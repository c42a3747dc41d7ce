"""The second step of staff: giving it, setting it up, and the recovery codes."""

from __future__ import annotations

from typing import Any

import pyotp
from flask import current_app, flash, redirect, render_template, session, url_for
from markupsafe import Markup

from lms.clock import now
from lms.errors import Expired, Invalid
from lms.people.actions import second_factor as actions
from lms.people.forms import RecoveryForm, SecondFactorForm
from lms.people.queries.own_account import count_recovery_codes, has_fresh_sign_in
from lms.people.rules import SignedIn
from lms.people.views import blueprint
from lms.permissions import Permission
from lms.web.access import enter, leave, requires, safe_next, visitor
from lms.web.forms import ConfirmForm
from lms.web.qr import qr_for_page

# The codes are shown once, but a page may be loaded twice. After this many seconds they are gone for good.
SHOWN_SECONDS = 600


@blueprint.route("/aanmelden/tweede-stap", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def second_factor() -> Any:
    me = visitor()
    if not me.needs_second_factor:
        return redirect(safe_next(None))
    secret = None if me.has_second_factor else _waiting_secret()
    form = SecondFactorForm()
    if form.validate_on_submit():
        try:
            signed_in = actions.give_second_factor(me.sign_in_id, form.code.data or "", new_secret=secret)
        except Invalid as error:
            form.refuse("code", error)
        except Expired as error:
            return _start_again(error)
        else:
            return _go_on(signed_in)
    page = render_template(
        "people/second_factor.html", form=form, secret=secret, qr=_totp_qr(secret, me.email) if secret else None
    )
    return page, 422 if form.errors else 200


@blueprint.route("/aanmelden/herstelcode", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def recovery() -> Any:
    """For who lost the app: a recovery code in its place, and then a new app."""
    me = visitor()
    if not me.needs_second_factor:
        return redirect(safe_next(None))
    form = RecoveryForm()
    if form.validate_on_submit():
        try:
            signed_in = actions.give_recovery_code(me.sign_in_id, form.code.data or "")
        except Invalid as error:
            form.refuse("code", error)
        except Expired as error:
            return _start_again(error)
        else:
            enter(signed_in)
            flash("Je bent aangemeld met een herstelcode. Stel nu je app opnieuw in, of doe het later.", "warn")
            return redirect(url_for("people.new_second_factor"), 303)
    return render_template("people/recovery.html", form=form), 422 if form.errors else 200


@blueprint.route("/account/tweede-stap", methods=["GET", "POST"])
@requires(Permission.OWN_SECOND_FACTOR)
def new_second_factor() -> Any:
    """Another authenticator app in place of the one that is lost or replaced."""
    me = visitor()
    if not has_fresh_sign_in(me.sign_in_id):
        return _prove_again("Stel je app opnieuw in", "people.new_second_factor")
    form, secret = SecondFactorForm(), _waiting_secret()
    if form.validate_on_submit():
        try:
            signed_in = actions.replace_second_factor(form.code.data or "", new_secret=secret, by=me)
        except Invalid as error:
            form.refuse("code", error)
        else:
            enter(signed_in)
            flash("Je nieuwe app werkt. De vorige geldt niet meer, en andere toestellen zijn afgemeld.", "good")
            return redirect(url_for("people.account"), 303)
    page = render_template("people/new_second_factor.html", form=form, secret=secret, qr=_totp_qr(secret, me.email))
    return page, 422 if form.errors else 200


@blueprint.route("/account/herstelcodes", methods=["GET", "POST"])
@requires(Permission.OWN_SECOND_FACTOR)
def recovery_codes() -> Any:
    """How many are left, new ones, and those that were made just now."""
    me, form = visitor(), ConfirmForm()
    if not has_fresh_sign_in(me.sign_in_id) and not _codes_to_show():
        return _prove_again("Herstelcodes", "people.recovery_codes")
    if form.validate_on_submit():
        _show_once(actions.make_recovery_codes(by=me))
        return redirect(url_for("people.recovery_codes"), 303)
    return render_template(
        "people/recovery_codes.html",
        form=form,
        codes=_codes_to_show(),
        left=count_recovery_codes(me.id),
        email=me.email,
    )


@blueprint.post("/account/herstelcodes/bewaard")
@requires(Permission.OWN_SECOND_FACTOR)
def keep_recovery_codes() -> Any:
    session.pop("recovery", None)
    flash("Goed zo. Je herstelcodes zijn nu niet meer te zien.", "good")
    return redirect(safe_next(session.pop("next", None)), 303)


def _prove_again(title: str, back: str) -> str:
    return render_template("people/prove_again.html", title=title, back=back)


def _waiting_secret() -> str:
    """A new secret. It waits in the cookie of its owner until a code proves that it was scanned."""
    if "totp" not in session:
        session["totp"] = pyotp.random_base32()
    return str(session["totp"])


def _start_again(error: Expired) -> Any:
    leave()
    flash(error.message, "bad")
    return redirect(url_for("people.sign_in"), 303)


def _go_on(signed_in: SignedIn) -> Any:
    target = session.get("next")
    enter(signed_in)
    if not signed_in.recovery_codes:
        return redirect(safe_next(target), 303)
    _show_once(signed_in.recovery_codes)
    session["next"] = target
    return redirect(url_for("people.recovery_codes"), 303)


def _show_once(codes: tuple[str, ...]) -> None:
    session["recovery"] = {"codes": list(codes), "until": now().timestamp() + SHOWN_SECONDS}


def _codes_to_show() -> list[str]:
    shown = session.get("recovery")
    return shown["codes"] if shown and shown["until"] > now().timestamp() else []


def _totp_qr(secret: str, email: str) -> Markup:
    name = current_app.config["LMS"].site_name
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=name)
    return qr_for_page(uri)
