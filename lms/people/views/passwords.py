"""A password for who wants one: set, change, remove."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for

from lms.errors import Invalid, NotFound
from lms.people.actions import passwords as actions
from lms.people.forms import CurrentPasswordForm, PasswordForm
from lms.people.queries.own_account import find_password, has_fresh_sign_in
from lms.people.rules import Visitor
from lms.people.rules.passwords import hash_password, is_password, judge_password, shortest
from lms.people.views import blueprint
from lms.permissions import Permission
from lms.web.access import requires, visitor


def _judge_new(form: PasswordForm, me: Visitor) -> bool:
    """Whether the new password is good enough; shows why not."""
    own_words = (current_app.config["LMS"].site_name, me.name, me.email)
    try:
        judge_password(form.new.data or "", has_second_factor=me.has_second_factor, own_words=own_words)
    except Invalid as error:
        form.refuse("new", error)
        return False
    return True


def _prove(form: CurrentPasswordForm, me: Visitor) -> tuple[bool, str | None]:
    """Whether this is really them, and the hash that is kept now; shows why not. Afterwards no transaction is open."""
    try:
        change = actions.begin_password_change(me)
    except Invalid as error:
        form.refuse("current", error)
        return False, None
    if change.is_fresh or is_password(change.kept, form.current.data or ""):
        return True, change.kept
    form.refuse("current", Invalid("Dit is niet je wachtwoord van nu. Typ het opnieuw, of meld je opnieuw aan."))
    return False, change.kept


@blueprint.route("/account/wachtwoord", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def password() -> Any:
    me = visitor()
    has_password, is_fresh = find_password(me.id) is not None, has_fresh_sign_in(me.sign_in_id)
    if not is_fresh and not has_password:
        return render_template("people/prove_again.html", title="Stel een wachtwoord in", back="people.password")
    form = PasswordForm()
    if form.validate_on_submit() and _judge_new(form, me):
        is_proven, kept = _prove(form, me)
        if is_proven:
            actions.set_password(hash_password(form.new.data or ""), instead_of=kept, by=me)
            flash("Je wachtwoord is bewaard. Op andere toestellen ben je afgemeld.", "good")
            return redirect(url_for("people.account"), 303)
    page = render_template(
        "people/password.html", form=form, has_password=has_password, is_fresh=is_fresh,
        shortest=shortest(me.has_second_factor), email=me.email,
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route("/account/wachtwoord/verwijderen", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def remove_password() -> Any:
    me, form = visitor(), CurrentPasswordForm()
    if find_password(me.id) is None:
        raise NotFound
    if form.validate_on_submit():
        is_proven, kept = _prove(form, me)
        if is_proven:
            actions.remove_password(instead_of=kept, by=me)
            flash("Je wachtwoord is verwijderd. Je meldt je aan met een code per mail.", "good")
            return redirect(url_for("people.account"), 303)
    page = render_template(
        "people/remove_password.html", form=form, is_fresh=has_fresh_sign_in(me.sign_in_id), email=me.email
    )
    return page, 422 if form.errors else 200
