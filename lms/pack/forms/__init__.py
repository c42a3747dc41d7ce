"""Forms of the groups and the planner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from lms.clock import BRUSSELS, now
from lms.didactics.timing.changes import LONGEST_BLOCK, Changes, read_changes
from lms.didactics.timing.hours import read_hours, read_size
from lms.errors import Invalid
from lms.pack.rules import read_start
from lms.pack.rules.planning import (
    LABEL_LENGTH,
    Asked,
    Device,
    Room,
    check_start,
    read_day,
    school_year_label,
    school_year_of,
)
from lms.pack.tables import GroupFacts
from lms.schools.rules import KIND_LABELS, SchoolKind, clean_line
from lms.web.forms import Form, Required, cleaned_by


class GroupForm(Form):
    label = StringField("Hoe noem je de groep?", [cleaned_by(lambda text: clean_line(text, "De naam", LABEL_LENGTH))])
    kind = RadioField(
        "Wat voor groep is het?",
        [Required("Kies wat voor groep het is.")],
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
        coerce=lambda value: SchoolKind(value) if value in set(SchoolKind) else None,
        validate_choice=False,
    )
    school_year = SelectField("Schooljaar", coerce=lambda value: _id(value), validate_choice=False)
    school_id = SelectField("School of organisatie", coerce=lambda value: _id(value), validate_choice=False)

    def offer(self, places: list[tuple[int, str]], year: int | None = None) -> None:
        """Offer these schools, and the school years around now; ``year`` is the one the group has."""
        here = school_year_of(now().astimezone(BRUSSELS).date())
        years = sorted({here, here + 1, year or here}, reverse=True)
        self.school_year.choices = [SelectChoice(str(one), school_year_label(one)) for one in years]
        self.school_id.choices = [
            SelectChoice("", "Geen, of nog niet bekend"),
            *(SelectChoice(str(id_), name) for id_, name in places),
        ]
        if not self.is_submitted() and self.school_year.data is None:
            self.school_year.data = here

    def validate_school_year(self, field: SelectField) -> None:
        if str(field.data) not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies een schooljaar uit de lijst.")

    @property
    def facts(self) -> GroupFacts:
        return GroupFacts(
            label=self.label.data or "",
            school_id=self.school_id.data,
            school_year=self.school_year.data,
            kind=self.kind.data,
        )


def _id(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


# ── the planner: a form in the address ─────────────────────────────────────

TYPED_LENGTH = 120
FIRST_HOURS = "50"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What stood in the address or the form of the planner. ``errors``: id of the field and what is wrong with it.

    ``tokens``: the changes, also while there are no lesson hours to fit them in.
    ``acted``: a button or a field of a block was sent, which the changes now hold; the address can do without.
    """

    asked: Asked | None
    typed: dict[str, str]
    errors: list[tuple[str, str]]
    tokens: list[str]
    acted: bool = False


def read_asked(form: MultiDict[str, str]) -> Reading:
    """Read the fields of the planner. Nothing is lost: what cannot be used is told, and stands in ``typed``."""
    typed = {name: form.get(name, "")[:TYPED_LENGTH] for name in ("uren", "datum", "start", "aantal", "ruimte")}
    # A button with a usual time stands for the field.
    typed["uren"] = form.get("snel") or (typed["uren"] if "uren" in form else FIRST_HOURS)
    errors: list[tuple[str, str]] = []

    def read(name: str, reader: Callable[[str], Any]) -> Any:
        try:
            return reader(typed[name])
        except Invalid as error:
            errors.append((name, error.message))
            return None

    hours = read("uren", read_hours)
    day = read("datum", lambda text: read_day(text, now().astimezone(BRUSSELS).date()))
    start = read("start", read_start)
    size = read("aantal", read_size)
    try:
        check_start(day, start)
    except Invalid as error:
        errors.append(("start", error.message))
    changes = _read_actions(form, read_changes(form.getlist("w")), errors)
    acted = any(name in ("doe", "snel") or name.startswith(("zet-", "vorm-")) for name in form)
    asked = Asked(
        hours=hours or (),
        day=day,
        start=start,
        size=size,
        room=next((one for one in Room if one == typed["ruimte"]), None),
        devices=tuple(one for one in Device if one in form.getlist("toestel")),
        changes=changes,
    )
    return Reading(
        asked=asked if hours else None,
        typed=typed,
        errors=errors,
        tokens=changes.tokens,
        acted=acted,
    )


def _read_actions(form: MultiDict[str, str], changes: Changes, errors: list[tuple[str, str]]) -> Changes:
    """What was done to a block: a button, minutes that were typed, another werkvorm."""
    for token in form.getlist("doe")[:1]:
        name, _, word = token.rpartition(":")
        taken_back = changes.decide(name, None)
        changes = taken_back if word == "terug" else read_changes([*changes.tokens, token])
    for field, value in form.items():
        name, text = field.partition("-")[2], value.strip()[:20]
        if field.startswith("zet-") and text:
            if text.isascii() and text.isdecimal() and len(text) <= 3:
                changes = read_changes([*changes.tokens, f"{name}:{text}"])
            else:
                errors.append((field[:TYPED_LENGTH], f"Typ hele minuten, van 1 tot {LONGEST_BLOCK}."))
        elif field.startswith("vorm-"):
            changes = changes.swap(name, None)
            changes = read_changes([*changes.tokens, f"{name}:vorm-{text}"]) if text else changes
    return changes


def read_label(form: MultiDict[str, str]) -> str:
    """How somebody calls a plan; empty is good. Raises Invalid."""
    text = form.get("naam", "")
    return clean_line(text, "De naam van je plan", LABEL_LENGTH) if text.strip() else ""


def read_group(form: MultiDict[str, str]) -> int | None:
    """The id of the group that was chosen, if any."""
    return _id(form.get("groep"))


def read_version(form: MultiDict[str, str], name: str) -> int:
    """A number of the form that nobody types; 0 when it is not there or is none."""
    return _id(form.get(name)) or 0
