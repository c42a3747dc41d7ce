"""The questions of youngsters that wait: park one, bring it back, ask O&S, read the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.content.library import find_session
from lms.errors import Conflict, NotFound, Stale
from lms.learning.forms import new_key, read_key
from lms.pack.actions import questions as actions
from lms.pack.forms import read_version
from lms.pack.forms.questions import QuestionForm
from lms.pack.queries import questions as queries
from lms.pack.rules.planning import name_warning
from lms.pack.rules.questions import STATE_LABELS, place_of, places_of
from lms.pack.views import blueprint
from lms.permissions import Permission
from lms.web.access import requires, safe_next, visitor
from lms.web.pages import library


def _page(form: QuestionForm, key: str, status: int = 200) -> Any:
    live, me = library(), visitor()
    groups = queries.list_group_labels(me.id)
    asked = request.args.get("groep", "")
    chosen = next(((id_, label) for id_, label in groups if str(id_) == asked), None)
    if asked and chosen is None:
        raise NotFound
    form.offer(live.sessions, groups)
    if not form.is_submitted():
        slug = request.args.get("sessie", "")
        form.place.data = slug if find_session(live, slug) else live.sessions[0].slug
        form.group.data = str(chosen[0]) if chosen else str(groups[0][0]) if len(groups) == 1 else ""
    waiting, settled = queries.list_own_questions(me.id, chosen[0] if chosen else None)
    page = render_template(
        "pack/questions.html",
        form=form,
        key=key,
        groups=groups,
        chosen=chosen,
        waiting=waiting,
        settled=settled,
        places=places_of(live.sessions),
        place_of=place_of,
        labels=STATE_LABELS,
    )
    return page, status


@blueprint.get("/pakket/vragen")
@requires(Permission.OPEN_PACK)
def questions() -> Any:
    return _page(QuestionForm(), new_key())


@blueprint.post("/pakket/vragen")
@requires(Permission.OPEN_PACK)
def park_question() -> Any:
    me, form, key = visitor(), QuestionForm(), read_key(request.form)
    form.offer(library().sessions, queries.list_group_labels(me.id))
    if not form.validate_on_submit():
        return _page(form, key, 422)
    try:
        actions.park_question(form.facts, key=key, by=me.id)
    except Conflict as error:
        form.refuse("text", error)
        return _page(form, key, 422)
    flash("De vraag is geparkeerd. Ze komt terug in de volgende check-in.", "good")
    _warn_of_names(form.facts.text)
    return _back()


def _warn_of_names(text: str) -> None:
    warning = name_warning(text, visitor().name)
    if warning is not None:
        flash(warning, "warn")


def _back() -> Any:
    """To the page where the button stood: the plan, the fiche, or the list."""
    target = request.form.get("next", "")
    return redirect(safe_next(target) if target.startswith("/pakket/") else url_for("pack.questions"), 303)


@blueprint.route("/pakket/vragen/<id:question_id>", methods=["GET", "POST"])
@requires(Permission.OPEN_PACK)
def question(question_id: int) -> Any:
    """Write a question down better, as long as O&S did not answer it."""
    live, me, form = library(), visitor(), QuestionForm()
    row = queries.get_own_question(question_id, me.id)
    groups = queries.list_group_labels(me.id)
    form.offer(live.sessions, groups)
    kept, version, stale, status = row.text, row.version, None, 200
    if not form.is_submitted():
        form.text.data, form.place.data = row.text, place_of(row.session_slug, row.exercise_id)
        form.group.data = str(row.group_id or "")
    elif form.validate():
        version = read_version(request.form, "versie")
        try:
            actions.change_question(question_id, form.facts, version=version, by=me.id)
        except Stale as error:
            row = queries.get_own_question(question_id, me.id)
            kept, version, stale, status = row.text, row.version, error.message, 409
        else:
            flash("Bewaard.", "good")
            _warn_of_names(form.facts.text)
            return redirect(url_for("pack.questions"), 303)
    else:
        version, status = read_version(request.form, "versie"), 422
    page = render_template(
        "pack/question.html", form=form, question_id=question_id, kept=kept, version=version, stale=stale,
        answered=row.answered_at is not None,
    )  # fmt: skip
    return page, status


def _do(act: Callable[..., None], question_id: int, told: str) -> Any:
    act(question_id, by=visitor().id)
    flash(told, "good")
    return _back()


@blueprint.post("/pakket/vragen/<id:question_id>/klaar")
@requires(Permission.OPEN_PACK)
def settle_question(question_id: int) -> Any:
    told = "Afgehandeld. Je vindt de vraag onderaan bij Je vragen, en kan ze daar terugzetten."
    return _do(actions.settle_question, question_id, told)


@blueprint.post("/pakket/vragen/<id:question_id>/terug")
@requires(Permission.OPEN_PACK)
def reopen_question(question_id: int) -> Any:
    return _do(actions.reopen_question, question_id, "De vraag komt terug in de volgende check-in.")


@blueprint.post("/pakket/vragen/<id:question_id>/naar-os")
@requires(Permission.OPEN_PACK)
def send_question(question_id: int) -> Any:
    return _do(actions.send_question, question_id, "De vraag ligt bij O&S. Het antwoord krijg je hier en per mail.")


@blueprint.post("/pakket/vragen/<id:question_id>/niet-naar-os")
@requires(Permission.OPEN_PACK)
def withdraw_question(question_id: int) -> Any:
    return _do(actions.withdraw_question, question_id, "O&S ziet de vraag niet meer.")


@blueprint.post("/pakket/vragen/<id:question_id>/verwijderen")
@requires(Permission.OPEN_PACK)
def remove_question(question_id: int) -> Any:
    return _do(actions.remove_question, question_id, "De vraag is verwijderd.")
