"""My account: who I am here, how I sign in, and where."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.errors import Expired, Invalid
from lms.people.actions import own_account as actions
from lms.people.forms import EmailForm, NameForm
from lms.people.queries import own_account as queries
from lms.people.queries.mails import find_mail_choice
from lms.people.views import blueprint
from lms.permissions import Permission
from lms.web.access import link_base, public, requires, safe_next, visitor
from lms.web.forms import ConfirmForm


@blueprint.get("/account")
@requires(Permission.SIGNED_IN)
def account() -> str:
    me = visitor()
    if me.needs_second_factor:
        return render_template("people/account_before.html", me=me)
    password, change = queries.find_ways_in(me.id)
    return render_template(
        "people/account.html",
        me=me,
        change=change,
        password=password,
        sign_ins=queries.list_own_sign_ins(me.id),
        mail_choice=find_mail_choice(me.id),
        recovery_codes=queries.count_recovery_codes(me.id) if me.is_staff else None,
    )


@blueprint.route("/account/naam", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def name() -> Any:
    me, form = visitor(), NameForm()
    if request.method != "POST":
        form.name.data = me.name
    if form.validate_on_submit():
        actions.rename(form.name.data or "", by=me)
        flash("Je naam is veranderd.", "good")
        return redirect(url_for("people.account"), 303)
    return render_template("people/name.html", form=form), 422 if form.errors else 200


@blueprint.route("/account/mail", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def email() -> Any:
    me, form = visitor(), EmailForm()
    if form.validate_on_submit():
        try:
            actions.ask_email_change(form.email.data or "", by=me, link_base=link_base())
        except Invalid as error:
            form.refuse("email", error)
        else:
            flash("Kijk in je beide postvakken: op elk adres bevestig je met één knop.", "info")
            return redirect(url_for("people.account"), 303)
    return render_template("people/email.html", form=form, me=me), 422 if form.errors else 200


@blueprint.post("/account/mail/intrekken")
@requires(Permission.OWN_ACCOUNT)
def withdraw_email() -> Any:
    actions.withdraw_email_change(by=visitor())
    flash("Je adres blijft zoals het is. De links in de mails werken niet meer.", "good")
    return redirect(url_for("people.account"), 303)


@blueprint.route("/account/mail/bevestigen/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> Any:
    """Opening the link uses nothing up, since mail scanners open links too; the button does."""
    form = ConfirmForm()
    if form.validate_on_submit():
        if actions.agree_email_change(token):
            flash("Het adres is veranderd. Vanaf nu meld je je aan met het nieuwe adres.", "good")
        else:
            flash("Bedankt. Bevestig nu ook op het andere adres: daar staat ook een mail.", "info")
        return redirect(safe_next(None) if current_user.is_authenticated else url_for("public.home"), 303)
    change = queries.find_email_change(token)
    if change is None:
        raise Expired(actions.NO_LONGER)
    return render_template("people/confirm_email.html", form=form, new_email=change.new_email)


@blueprint.post("/account/aanmeldingen/<id:sign_in_id>/beeindigen")
@requires(Permission.OWN_ACCOUNT)
def end_sign_in(sign_in_id: int) -> Any:
    actions.end_own_sign_in(sign_in_id, by=visitor())
    flash("Dat toestel is afgemeld.", "good")
    return redirect(url_for("people.account", _anchor="waar"), 303)


@blueprint.post("/account/aanmeldingen/beeindigen")
@requires(Permission.OWN_ACCOUNT)
def end_other_sign_ins() -> Any:
    count = actions.end_other_sign_ins(by=visitor())
    flash("Eén ander toestel is afgemeld." if count == 1 else f"{count} andere toestellen zijn afgemeld.", "good")
    return redirect(url_for("people.account", _anchor="waar"), 303)
