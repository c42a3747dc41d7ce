"""The questions of O&S: who waits longest, who takes it, the answer, and what everybody may read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from lms.clock import now
from lms.errors import Stale
from lms.inbox import actions, queries
from lms.inbox.forms import AnswerForm, PublishForm
from lms.inbox.queries import InboxQuestion
from lms.pack.forms import read_version
from lms.pack.rules.planning import name_warning
from lms.pack.rules.questions import days_waiting, place_of, places_of
from lms.permissions import Permission
from lms.web.access import link_base, requires, visitor
from lms.web.forms import Form
from lms.web.pages import library

blueprint = Blueprint("inbox", __name__)


def _words() -> dict[str, Any]:
    """What both pages need to say where a question came up and how long it waits."""
    return {
        "places": places_of(library().sessions),
        "place_of": place_of,
        "days_waiting": days_waiting,
        "moment": now(),
    }


@blueprint.get("/vragen")
@requires(Permission.ANSWER_QUESTIONS)
def questions() -> str:
    only = request.args.get("toon", queries.OPEN)
    only = only if only in queries.FILTERS else queries.OPEN
    asked = request.args.get("pagina", "1")
    page = queries.list_inbox(only, visitor().id, int(asked) if asked.isdecimal() and len(asked) < 7 else 1)
    return render_template("inbox/questions.html", page=page, only=only, **_words())


def _page(one: InboxQuestion, status: int = 200, **more: Any) -> Any:
    answer, publish = AnswerForm(formdata=None), PublishForm(formdata=None)
    answer.answer.data, publish.words.data = one.answer, one.published_as or one.text
    words: dict[str, Any] = {"answer_form": answer, "publish_form": publish, "version": one.version, "stale": None}
    return render_template("inbox/question.html", one=one, me=visitor(), **_words(), **(words | more)), status


@blueprint.get("/vragen/<id:question_id>")
@requires(Permission.ANSWER_QUESTIONS)
def question(question_id: int) -> Any:
    return _page(queries.get_inbox_question(question_id))


def _show(question_id: int, told: str) -> Any:
    flash(told, "good")
    return redirect(url_for("inbox.question", question_id=question_id), 303)


def _show_with_typed(before: InboxQuestion, told: str) -> Any:
    """The page again; an answer that was being typed comes along. ``before``: the question as it was until now."""
    form, version = AnswerForm(), read_version(request.form, "versie")
    if (form.answer.data or "") in ("", before.answer):
        return _show(before.id, told)
    flash(told, "good")
    one = queries.get_inbox_question(before.id)
    # Who saw the newest version goes on from the one that is made here.
    return _page(one, answer_form=form, version=one.version if version == before.version else version)


@blueprint.post("/vragen/<id:question_id>/nemen")
@requires(Permission.ANSWER_QUESTIONS)
def take(question_id: int) -> Any:
    before = queries.get_inbox_question(question_id)
    actions.take_question(question_id, by=visitor())
    return _show_with_typed(before, "Jij neemt deze vraag. Je collega's zien dat.")


@blueprint.post("/vragen/<id:question_id>/loslaten")
@requires(Permission.ANSWER_QUESTIONS)
def release(question_id: int) -> Any:
    before = queries.get_inbox_question(question_id)
    actions.release_question(question_id, by=visitor())
    return _show_with_typed(before, "Een collega kan deze vraag nu nemen.")


@blueprint.post("/vragen/<id:question_id>/antwoord")
@requires(Permission.ANSWER_QUESTIONS)
def answer(question_id: int) -> Any:
    me, one, form = visitor(), queries.get_inbox_question(question_id), AnswerForm()
    version = read_version(request.form, "versie")
    if not form.validate_on_submit():
        return _page(one, 422, answer_form=form, version=version)
    text = form.answer.data or ""
    try:
        actions.answer_question(question_id, text, version=version, by=me, link_base=link_base())
    except Stale as error:
        return _stale(question_id, error, answer_form=form)
    _warn_of_names(text)
    return _show(question_id, f"Je antwoord is bewaard. {one.person_name} krijgt het per mail.")


@blueprint.post("/vragen/<id:question_id>/publiceren")
@requires(Permission.ANSWER_QUESTIONS)
def publish(question_id: int) -> Any:
    me, one, form = visitor(), queries.get_inbox_question(question_id), PublishForm()
    version = read_version(request.form, "versie")
    if not form.validate_on_submit():
        return _page(one, 422, publish_form=form, version=version)
    words = form.words.data or ""
    try:
        actions.publish_question(question_id, words, version=version, by=me)
    except Stale as error:
        return _stale(question_id, error, publish_form=form)
    _warn_of_names(words)
    return _show(question_id, "Iedereen met een open pakket leest de vraag en het antwoord nu op de fiche.")


def _stale(question_id: int, error: Stale, **forms: Form) -> Any:
    """What is kept now beside what was typed, to choose between them."""
    return _page(queries.get_inbox_question(question_id), 409, stale=error.message, **forms)


def _warn_of_names(text: str) -> None:
    warning = name_warning(text, visitor().name)
    if warning is not None:
        flash(warning, "warn")


@blueprint.post("/vragen/<id:question_id>/niet-publiceren")
@requires(Permission.ANSWER_QUESTIONS)
def unpublish(question_id: int) -> Any:
    actions.unpublish_question(question_id, by=visitor())
    return _show(question_id, "De vraag staat niet meer op de fiche.")
