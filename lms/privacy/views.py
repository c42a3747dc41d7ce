"""My data: looking at all of it, taking it along, and leaving."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for

from lms.clock import now
from lms.content.models import Library, PlacedClassroom, PlayClassroom, PlayDialogue
from lms.didactics.classroom.wording import describe_all
from lms.permissions import Permission
from lms.privacy import actions, queries
from lms.privacy.rules.parts import Erased
from lms.privacy.rules.terms import UNDO_LIFE
from lms.schools.queries import list_own_schools
from lms.web.access import leave, link_base, requires, safe_next, visitor
from lms.web.forms import ConfirmForm
from lms.web.pages import day, day_and_time, library

blueprint = Blueprint("privacy", __name__)

# Values of the code, in the words of the screen; everything else is shown as it is.
WORDS = {
    "begeleider": "begeleider", "os": "O&S", "beheerder": "beheerder",
    "sign_in": "aanmelden", "register": "registreren",
    "waiting": "wacht", "claimed": "onderweg", "sent": "vertrokken", "failed": "niet vertrokken",
    "cancelled": "niet meer nodig",
    "right": "juist", "partly": "deels juist", "wrong": "nog niet juist", "seen": "bewaard",
    "course": "online", "live": "ter plaatse", "granted": "toegekend",
    "opened": "pakket geopend", "revoked": "ingetrokken", "reopened": "heropend", "finished": "afgerond",
    "so": "secundair onderwijs", "cvo": "CVO", "jeugdwerk": "jeugdwerk",
    "vrij": "vrij", "krap": "krap",
    "vlot": "vlot", "wisselend": "wisselend", "stroef": "stroef",
    "gedaan": "gedaan", "thuis": "thuis verder", "weg": "weggelaten",
    "telefoon": "telefoon", "mail": "mail", "bezoek": "bezoek", "notitie": "notitie",
    "open": "open", "gesloten": "gesloten", "suggestief": "suggestief", "geen": "geen vraag",
    "gesprek-jongeren": "gesprek met jongeren", "gesprek-partner": "gesprek met een partner",
    "gesprek-school": "gesprek met een school", "bevraging": "bevraging", "traject-1": "traject 1",
    "traject-2": "traject 2", "netwerkevent": "netwerkevent", "graduaat": "graduaat", "jongeren": "jongeren",
    "begeleiders": "begeleiders", "formulieren": "formulieren", "aanwezigen": "aanwezigen", "deelnemers": "deelnemers",
    "onzeker": "onzeker over de studiekeuze", "schoolmoe": "schoolmoe", "werken": "wil gaan werken",
    "kunnen": "twijfelt of het lukt", "geld": "te duur", "ouders": "de ouders willen iets anders",
    "meerwaarde": "ziet de meerwaarde niet", "andere": "een andere reden",
    "account.created": "account gemaakt", "account.disabled": "account gesloten",
    "account.enabled": "account weer geopend", "account.role_changed": "rol veranderd",
    "account.second_factor_reset": "tweede stap gewist",
    "staff_invitation.made": "medewerker uitgenodigd", "staff_invitation.withdrawn": "uitnodiging teruggetrokken",
    "school.added": "school toegevoegd", "school.edited": "school gewijzigd",
    "school.removed": "school verwijderd", "school.merged": "scholen samengevoegd",
    "school_import.applied": "scholen ingevoerd", "school.link_renewed": "schoollink vernieuwd",
    "school.counts_kept": "aantallen tot september ingevuld",
    "school.colleagues_invited": "collega’s uitgenodigd",
    "invited_colleague.invited_again": "collega opnieuw uitgenodigd",
    "invited_colleague.withdrawn": "uitnodiging teruggetrokken",
    "contact.appointed": "aanspreekpunt gevraagd", "contact.invited_again": "opnieuw gevraagd",
    "go_on": "doorgaan", "shorten": "inkorten", "home": "mee naar huis", "skip": "weglaten", "later": "doorschuiven",
    "run": "keer", "day": "dag", "choices": "keuzes",
    "contact.confirmed": "aanspreekpunt voor nog een schooljaar",
    "succession.asked": "opvolger gevraagd", "succession.asked_again": "opvolger opnieuw gevraagd",
    "succession.withdrawn": "vraag aan opvolger teruggetrokken",
    "contact_note.added": "contact genoteerd", "contact_note.changed": "contact verbeterd",
    "contact_note.done": "actie afgewerkt", "contact_note.reopened": "actie heropend",
    "contact_note.postponed": "actie uitgesteld",
    "school.set_aside": "school opzij gezet", "school.taken_up": "school weer opgevolgd",
    "school.followed": "opvolging van school overgenomen", "school.let_go": "opvolging van school losgelaten",
    "contact.ended": "aanspreekpunt beëindigd", "wish.settled": "vraag om een school afgehandeld",
    "completion.live": "navorming ter plaatse erkend", "completion.opened": "pakket geopend",
    "completion.revoked": "attest en pakket ingetrokken", "completion.reopened": "attest en pakket heropend",
    "question.taken": "vraag genomen", "question.released": "vraag losgelaten",
    "question.answered": "vraag beantwoord", "question.published": "vraag gepubliceerd",
    "question.unpublished": "vraag van de fiche gehaald",
    "reminder_switch.on": "herinnering aangezet", "reminder_switch.off": "herinnering uitgezet",
    "gevraagd": "gevraagd als aanspreekpunt", "bevestigen": "aanspreekpunt bevestigen",
    "geen-sessie": "nog geen sessie", "blijven-steken": "blijven steken", "niet-begonnen": "nog niet begonnen",
    "wacht": "wacht", "verstuurd": "verstuurd", "vervallen": "niet meer nodig", "mislukt": "kwam niet weg",
    "membership.added": "werkt hier", "membership.ended": "werkt hier niet meer",
    "membership.restored": "werkt hier weer",
}  # fmt: skip


# What an answer of several parts calls them.
PARTS = {"seed": "klas", "moves": "zetten", "before": "vorige ronde"}
# The first word of what somebody has shown.
KINDS = {"exercise": "oefening", "lesson": "les", "dialogue": "gesprek", "test": "toets"}


def titles_of(library: Library) -> dict[str, str]:
    """What the ids in answers and progress stand for: the question of an exercise, the title of the rest."""
    course = library.course
    titles = {course.id: course.title, course.test.id: course.test.title}
    titles |= {dialogue.id: dialogue.title for dialogue in course.dialogues}
    titles |= {lesson.id: lesson.title for lesson in course.lessons}
    titles |= {activity.id: activity.name for activity in library.formats}
    for lesson in course.lessons:
        for exercise in lesson.exercises:
            if isinstance(exercise, PlacedClassroom):
                titles |= {exercise.id: exercise.question, **describe_all(exercise.scenario)}
            elif not isinstance(exercise, PlayDialogue | PlayClassroom):
                titles[exercise.id] = exercise.question
    return titles


def in_words(value: Any, titles: Mapping[str, str]) -> str:
    """A value of the export as a person reads it."""
    match value:
        case None:
            return "–"
        case bool():
            return "ja" if value else "nee"
        case datetime():
            return day_and_time(value)
        case date():
            return day(value)
        case time():
            return f"{value.hour}.{value.minute:02d}"
        case dict() if len(value) == 1:
            # The name of the only field says nothing that its label does not.
            return in_words(next(iter(value.values())), titles)
        case dict():
            parts = [f"{PARTS.get(name, name)}: {in_words(item, titles)}" for name, item in value.items()]
            return "; ".join(parts) or "–"
        case list():
            return ", ".join(in_words(item, titles) for item in value) or "–"
    text = str(value)
    kind, _, name = text.partition(":")
    if kind in KINDS and name:
        return f"{KINDS[kind]}: {titles.get(name, name)}"
    return WORDS.get(text) or titles.get(text, text)


@blueprint.get("/account/export")
@requires(Permission.OWN_ACCOUNT)
def export() -> str:
    drawers = queries.export_of(visitor().id, visitor().email)
    words = partial(in_words, titles=titles_of(library()))
    return render_template("privacy/export.html", drawers=drawers, in_words=words)


@blueprint.get("/account/export.json")
@requires(Permission.OWN_ACCOUNT)
def export_file() -> Response:
    me = visitor()
    parts = [
        {
            "deel": drawer.part.title,
            "waarom": drawer.part.purpose,
            "grond": drawer.part.basis.value,
            "hoe lang": drawer.part.keep.text,
            "niet getoond": list(drawer.part.secret.values()),
            "gegevens": drawer.rows,
        }
        for drawer in queries.export_of(me.id, me.email)
    ]
    text = json.dumps(
        {"gemaakt": now(), "delen": parts}, ensure_ascii=False, indent=2, default=lambda value: value.isoformat()
    )
    headers = {"Content-Disposition": "attachment; filename=mijn-gegevens.json"}
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.route("/account/verwijderen", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def delete_account() -> Any:
    me, form = visitor(), ConfirmForm()
    if form.validate_on_submit():
        actions.ask_deletion(me.id, link_base=link_base())
        leave()
        flash("Je account wordt verwijderd. Bedenk je je? Meld je aan binnen de 30 dagen.", "good")
        return redirect(url_for("public.home"), 303)
    return render_template(
        "privacy/delete_account.html",
        form=form,
        until=now() + UNDO_LIFE,
        parts=[drawer.part for drawer in queries.export_of(me.id, me.email) if drawer.rows],
        kinds=Erased,
        own_schools=list_own_schools(me),
        may_leave=queries.may_leave(me.id),
    )


@blueprint.route("/account/terug", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def undo_deletion() -> Any:
    """What somebody who asked to leave sees after signing in: the way back."""
    me, form = visitor(), ConfirmForm()
    if me.deletion_asked_at is None:
        return redirect(url_for("people.account"))
    if me.needs_second_factor:
        return redirect(url_for("people.second_factor"))
    if form.validate_on_submit():
        actions.undo_deletion(me.id)
        flash("Welkom terug. Je account blijft bestaan.", "good")
        return redirect(safe_next(None), 303)
    return render_template("privacy/undo_deletion.html", form=form, until=me.deletion_asked_at + UNDO_LIFE)
