"""The door: signing in by mailed code or with a password, and signing out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user

from lms.errors import Invalid
from lms.people import actions
from lms.people.actions import passwords
from lms.people.forms import CodeForm, PasswordSignInForm, SignInForm
from lms.people.rules import new_token
from lms.people.rules.passwords import is_password
from lms.people.tables import CodePurpose
from lms.people.views import blueprint
from lms.permissions import Permission
from lms.web.access import device, enter, leave, public, requires, safe_next, visitor
from lms.web.mailed_code import await_code, code_page


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
    await_code(form.email.data or "", browser)
    session["next"] = safe_next(form.next.data) if form.next.data else None
    return redirect(url_for("people.sign_in_code"), 303)


@blueprint.route("/aanmelden/code", methods=["GET", "POST"])
@public
def sign_in_code() -> Any:
    return code_page(CodeForm(), actions.sign_in_with_code, again="people.sign_in", target=session.get("next"))


@blueprint.route("/aanmelden/wachtwoord", methods=["GET", "POST"])
@public
def sign_in_password() -> Any:
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    form = PasswordSignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        email, typed = form.email.data or "", form.password.data or ""
        try:
            kept = passwords.begin_password_try(email)
            # Between the two transactions, never inside one: it takes long on purpose.
            proven = kept if is_password(kept, typed) else None
            signed_in = passwords.sign_in_with_password(
                email, proven=proven, own_device=bool(form.own_device.data), device=device()
            )
        except Invalid as error:
            form.refuse("password", error)
        else:
            enter(signed_in)
            return redirect(safe_next(form.next.data), 303)
    page = render_template("people/sign_in_password.html", form=form, next=form.next.data or None)
    return page, 422 if form.errors else 200


@blueprint.post("/afmelden")
@requires(Permission.SIGNED_IN)
def sign_out() -> Any:
    actions.sign_out(visitor().sign_in_id)
    leave()
    flash("Je bent afgemeld.", "good")
    return redirect(url_for("public.home"), 303)


@blueprint.post("/aanmelden/opnieuw")
@requires(Permission.SIGNED_IN)
def sign_in_again() -> Any:
    """Sign out, to prove that it is still you: the page that asked for it sends a stranger to the door and back."""
    target = safe_next(request.form.get("next"))
    actions.sign_out(visitor().sign_in_id)
    leave()
    flash("Meld je opnieuw aan. Daarna ga je verder waar je was.", "info")
    return redirect(target, 303)
