"""The door: signing in by mailed code, the second factor of staff, my account."""

from __future__ import annotations

import io
from typing import Any

import pyotp
import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from markupsafe import Markup

from lms.errors import Expired, Invalid
from lms.people import actions
from lms.people.forms import CodeForm, SecondFactorForm, SignInForm
from lms.people.rules import CODE_MINUTES, new_token
from lms.people.tables import CodePurpose
from lms.permissions import Permission
from lms.web.access import enter, leave, public, requires, safe_next, visitor

blueprint = Blueprint("people", __name__)


@blueprint.route("/aanmelden", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    form = SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return render_template("people/sign_in.html", form=form), 422 if form.errors else 200
    browser = new_token()
    actions.ask_code(CodePurpose.SIGN_IN, form.email.data or "", browser=browser, own_device=bool(form.own_device.data))
    session["code_browser"], session["code_email"] = browser, form.email.data
    session["next"] = safe_next(form.next.data) if form.next.data else None
    return redirect(url_for("people.sign_in_code"), 303)


@blueprint.route("/aanmelden/code", methods=["GET", "POST"])
@public
def sign_in_code() -> Any:
    if "code_browser" not in session:
        return redirect(url_for("people.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        try:
            signed_in = actions.sign_in_with_code(form.code.data or "", browser=session["code_browser"])
        except Invalid as error:
            form.refuse("code", error)
        except Expired as error:
            flash(error.message, "bad")
            session.pop("code_browser")
            return redirect(url_for("people.sign_in"), 303)
        else:
            target = session.get("next")
            enter(signed_in)
            return redirect(safe_next(target), 303)
    page = render_template(
        "people/code.html",
        form=form,
        email=session["code_email"],
        minutes_valid=CODE_MINUTES,
        again=url_for("people.sign_in"),
    )
    return page, 422 if form.errors else 200


@blueprint.route("/aanmelden/tweede-stap", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def second_factor() -> Any:
    me = visitor()
    if not me.needs_second_factor:
        return redirect(safe_next(None))
    # The secret of a first set-up waits in the cookie of its owner until a code proves that it was scanned.
    if not me.has_second_factor and "totp" not in session:
        session["totp"] = pyotp.random_base32()
    secret = None if me.has_second_factor else session["totp"]
    form = SecondFactorForm()
    if form.validate_on_submit():
        try:
            signed_in = actions.give_second_factor(me.sign_in_id, form.code.data or "", new_secret=secret)
        except Invalid as error:
            form.refuse("code", error)
        except Expired as error:
            leave()
            flash(error.message, "bad")
            return redirect(url_for("people.sign_in"), 303)
        else:
            enter(signed_in)
            return redirect(safe_next(None), 303)
    page = render_template(
        "people/second_factor.html", form=form, secret=secret, qr=_totp_qr(secret, me.email) if secret else None
    )
    return page, 422 if form.errors else 200


def _totp_qr(secret: str, email: str) -> Markup:
    name = current_app.config["LMS"].site_name
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=name)
    out = io.BytesIO()
    segno.make(uri, micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass="qr", lineclass="qr-line", omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made by segno from our own text


@blueprint.get("/account")
@requires(Permission.SIGNED_IN)
def account() -> str:
    return render_template("people/account.html", me=visitor())


@blueprint.post("/afmelden")
@requires(Permission.SIGNED_IN)
def sign_out() -> Any:
    actions.sign_out(visitor().sign_in_id)
    leave()
    flash("Je bent afgemeld.", "good")
    return redirect(url_for("public.home"), 303)
