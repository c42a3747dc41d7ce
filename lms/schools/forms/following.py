"""Forms of O&S about a contact with a school, and about a school that is not to be asked now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from lms.clock import BRUSSELS, now
from lms.errors import Invalid
from lms.people.rules import new_token
from lms.schools.rules import clean_line
from lms.schools.rules.following import (
    ACTION_LENGTH,
    INTEREST_LABELS,
    NOTE_LABELS,
    NOTE_LENGTH,
    REASON_LENGTH,
    Interest,
    NoteFacts,
    NoteKind,
    read_coming_day,
    read_contact_day,
)
from lms.web.forms import Form, Required, cleaned_by


def today() -> date:
    """The day in Brussels."""
    return now().astimezone(BRUSSELS).date()


def key_of(posted: Mapping[str, str]) -> str:
    """The key that makes a double click one note: the one of the form, or a new one for a form that opens.

    Raises Invalid when a form without it was sent.
    """
    key = posted.get("key", "")
    if not posted:
        return new_token()
    if not re.fullmatch(r"[A-Za-z0-9_-]{20,64}", key):
        raise Invalid("Deze pagina is niet volledig geladen. Laad ze opnieuw en verstuur nog eens.")
    return key


def _clean_text(text: str) -> str:
    """What somebody typed on several lines; a NUL cannot be stored and nobody can see it."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise Invalid("Schrijf in één zin wat er gezegd werd.")
    if len(text) > NOTE_LENGTH:
        raise Invalid(f"Dit is te lang. Gebruik hoogstens {NOTE_LENGTH} tekens.")
    return text


class NoteForm(Form):
    """A contact. ``kept_day``: the day of the action as it was, which may be over when nothing changes about it."""

    kind = RadioField(
        "Hoe?",
        [Required("Kies hoe er contact was.")],
        choices=[SelectChoice(kind.value, label) for kind, label in NOTE_LABELS.items()],
        coerce=lambda value: NoteKind(value) if value in set(NoteKind) else None,
        validate_choice=False,
    )
    day = StringField("Wanneer?")
    text = TextAreaField("Wat spraken jullie af?", [cleaned_by(_clean_text)])
    next_action = StringField("Wat moet er daarna gebeuren? (mag leeg blijven)")
    next_on = StringField("Tegen wanneer?")
    owner = SelectField("Wie doet het?", validate_choice=False)
    shared = BooleanField("Het aanspreekpunt mag deze afspraak zien")
    kept_day: date | None = None

    def validate_day(self, field: StringField) -> None:
        try:
            self.contact_day = read_contact_day(field.data or "", today())
        except Invalid as error:
            raise ValidationError(error.message) from error

    def validate_next_action(self, field: StringField) -> None:
        typed = (field.data or "").strip()
        if not typed and (self.next_on.data or "").strip():
            raise ValidationError("Schrijf ook wat er op die dag moet gebeuren. Of maak de dag leeg.")
        if typed:
            cleaned_by(lambda text: clean_line(text, "Wat er moet gebeuren", ACTION_LENGTH))(self, field)

    def validate_next_on(self, field: StringField) -> None:
        self.action_day = None
        typed = (field.data or "").strip()
        if not typed:
            if (self.next_action.data or "").strip():
                raise ValidationError("Kies tegen wanneer dit moet gebeuren.")
            return
        if self.kept_day is not None and typed == self.kept_day.isoformat():
            self.action_day = self.kept_day
            return
        try:
            self.action_day = read_coming_day(typed, today())
        except Invalid as error:
            raise ValidationError(error.message) from error

    def validate_owner(self, field: SelectField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies een collega uit de lijst.")

    @property
    def facts(self) -> NoteFacts:
        """What was filled in. Only after checking."""
        has_action = self.action_day is not None
        return NoteFacts(
            kind=self.kind.data,
            day=self.contact_day,
            text=self.text.data or "",
            next_action=self.next_action.data or "" if has_action else "",
            next_on=self.action_day,
            owner_id=int(self.owner.data) if has_action and self.owner.data else None,
            is_shared=has_action and bool(self.shared.data),
        )


class InterestForm(Form):
    """Why a school is not to be asked now, and for *later* from when."""

    interest = RadioField(
        "Wat zegt de school?",
        [Required("Kies één van de twee.")],
        choices=[
            SelectChoice(Interest.LATER.value, "Later: nu niet, wel op een andere dag"),
            SelectChoice(Interest.NONE.value, INTEREST_LABELS[Interest.NONE]),
        ],
        coerce=lambda value: Interest(value) if value in set(Interest) else None,
        validate_choice=False,
    )
    reason = TextAreaField(
        "Waarom?", [cleaned_by(lambda text: clean_line(" ".join(text.splitlines()), "De reden", REASON_LENGTH))]
    )
    until = StringField("Weer vragen vanaf")
    until_day: date | None = None

    def validate_until(self, field: StringField) -> None:
        self.until_day = None
        if self.interest.data is not Interest.LATER:
            return
        try:
            self.until_day = read_coming_day(field.data or "", today())
        except Invalid as error:
            raise ValidationError(error.message) from error
