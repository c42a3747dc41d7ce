"""Noting a contact with a school, and what O&S decides about following it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from lms.errors import Conflict, Invalid, Stale
from lms.people.rules import new_token
from lms.permissions import Permission
from lms.schools import queries
from lms.schools.actions import following as actions
from lms.schools.forms.following import InterestForm, NoteForm, key_of, today
from lms.schools.queries import following
from lms.schools.rules.following import NOTE_LABELS, NoteKind, put_off
from lms.schools.tables import ContactNote, School
from lms.schools.views import blueprint
from lms.web.access import requires, visitor
from lms.web.pages import day

FROM_TODAY = "vandaag"


def back_to(school_id: int) -> Any:
    """Back to where the button stood: the work list, or the page of the school."""
    if request.values.get("terug") == FROM_TODAY:
        return redirect(url_for("monitoring.today"), 303)
    return redirect(url_for("monitoring.school", school_id=school_id, _anchor="tijdlijn"), 303)


def _note_form(**values: Any) -> NoteForm:
    form = NoteForm(data=values)
    form.owner.choices = [
        SelectChoice(str(member.id), member.name if member.id != visitor().id else f"{member.name} (ik)")
        for member in following.list_staff()
    ]
    if form.owner.data is None:
        form.owner.data = str(visitor().id)
    return form


@blueprint.route("/scholen/<id:school_id>/contact", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def note_contact(school_id: int) -> Any:
    school = queries.get_visible_school(school_id, visitor())
    asked = request.args.get("hoe", "")
    form = _note_form(kind=NoteKind(asked) if asked in set(NoteKind) else NoteKind.PHONE, day=today().isoformat())
    key = key_of(request.form)
    if form.validate_on_submit():
        actions.note_contact(school_id, form.facts, key=key, by=visitor())
        flash(f"Het contact met {school.name} is genoteerd.", "good")
        return back_to(school_id)
    return _note_page(school, form, key=key), 422 if form.errors else 200


@blueprint.route("/scholen/<id:school_id>/contact/<id:note_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def change_note(school_id: int, note_id: int) -> Any:
    school = queries.get_visible_school(school_id, visitor())
    note = following.get_note_to_read(note_id, school_id)
    form = _note_form(
        kind=note.kind,
        day=note.day.isoformat(),
        text=note.text,
        next_action=note.next_action,
        next_on=note.next_on.isoformat() if note.next_on else "",
        owner=str(note.owner_id) if note.owner_id else None,
        shared=note.is_shared,
    )
    form.kept_day = note.next_on
    typed = request.form.get("version", "")
    version = int(typed) if typed.isdecimal() and len(typed) < 9 else note.version
    if form.validate_on_submit():
        try:
            actions.change_note(note_id, school_id, form.facts, version=version, by=visitor())
        except Stale:
            return _note_page(school, form, note=_newest(note_id, school_id), is_stale=True), 409
        flash("Het contact is verbeterd.", "good")
        return back_to(school_id)
    return _note_page(school, form, note=note, version=version), 422 if form.errors else 200


def _newest(note_id: int, school_id: int) -> ContactNote:
    return following.get_note_to_read(note_id, school_id)


def _note_page(
    school: School,
    form: NoteForm,
    *,
    key: str = "",
    note: ContactNote | None = None,
    version: int | None = None,
    is_stale: bool = False,
) -> str:
    return render_template(
        "schools/note.html",
        school=school,
        form=form,
        key=key,
        note=note,
        version=version or (note.version if note else 0),
        is_stale=is_stale,
        today=today(),
        note_labels=NOTE_LABELS,
        owners={choice.value: choice.label for choice in form.owner.choices},
    )


@blueprint.post("/scholen/<id:school_id>/contact/<id:note_id>/gedaan")
@requires(Permission.MANAGE_SCHOOLS)
def finish_action(school_id: int, note_id: int) -> Any:
    actions.finish_action(note_id, school_id, by=visitor())
    flash("Gedaan. Was dat te vroeg? In de tijdlijn van de school zet je de actie weer open.", "good")
    return back_to(school_id)


@blueprint.post("/scholen/<id:school_id>/contact/<id:note_id>/toch-niet")
@requires(Permission.MANAGE_SCHOOLS)
def reopen_action(school_id: int, note_id: int) -> Any:
    actions.reopen_action(note_id, school_id, by=visitor())
    flash("De actie staat weer open.", "good")
    return back_to(school_id)


@blueprint.post("/scholen/<id:school_id>/contact/<id:note_id>/uitstellen")
@requires(Permission.MANAGE_SCHOOLS)
def postpone_action(school_id: int, note_id: int) -> Any:
    try:
        until = put_off(request.form.get("tot") or request.form.get("dag", ""), today())
        actions.postpone_action(note_id, school_id, until=until, by=visitor())
    except (Invalid, Conflict) as error:
        flash(error.message, "bad")
    else:
        flash(f"Uitgesteld tot {day(until)}.", "good")
    return back_to(school_id)


# ── whether a school is asked, and who follows it ──────────────────────────


@blueprint.route("/scholen/<id:school_id>/opzij", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def set_aside(school_id: int) -> Any:
    school = queries.get_visible_school(school_id, visitor())
    form = InterestForm(
        data={
            "interest": school.interest,
            "reason": school.interest_reason,
            "until": school.interest_until.isoformat() if school.interest_until else "",
        }
    )
    key = key_of(request.form)
    typed = request.form.get("version", "")
    version = int(typed) if typed.isdecimal() and len(typed) < 9 else school.version
    if form.validate_on_submit():
        try:
            actions.set_aside(
                school_id, form.interest.data, reason=form.reason.data or "", until=form.until_day, version=version,
                key=key, by=visitor(),
            )  # fmt: skip
        except Stale as error:
            form.form_errors.append(f"{error.message} Hieronder zie je wat er nu staat. Bewaar opnieuw als dat klopt.")
            newest = queries.get_visible_school(school_id, visitor())
            return _aside_page(newest, form, key=new_token(), version=newest.version), 409
        flash(f"{school.name} staat niet meer in Vandaag.", "good")
        return back_to(school_id)
    return _aside_page(school, form, key=key, version=version), 422 if form.errors else 200


def _aside_page(school: School, form: InterestForm, *, key: str, version: int) -> str:
    return render_template("schools/set_aside.html", school=school, form=form, key=key, version=version, today=today())


@blueprint.post("/scholen/<id:school_id>/opzij/terug")
@requires(Permission.MANAGE_SCHOOLS)
def take_up(school_id: int) -> Any:
    actions.take_up(school_id, by=visitor())
    flash("De school wordt weer opgevolgd.", "good")
    return back_to(school_id)


@blueprint.post("/scholen/<id:school_id>/opvolgen")
@requires(Permission.MANAGE_SCHOOLS)
def follow_school(school_id: int) -> Any:
    actions.follow_school(school_id, by=visitor())
    flash("Jij volgt deze school nu op.", "good")
    return back_to(school_id)


@blueprint.post("/scholen/<id:school_id>/opvolgen/stop")
@requires(Permission.MANAGE_SCHOOLS)
def let_go(school_id: int) -> Any:
    actions.let_go(school_id, by=visitor())
    flash("Niemand volgt deze school nu op.", "good")
    return back_to(school_id)
