"""The form with which a begeleider writes a question down."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectField, TextAreaField
from wtforms.validators import ValidationError

from lms.content.toolbox_models import Session
from lms.pack.rules.questions import QuestionFacts, clean_question, place_of
from lms.web.forms import Form, cleaned_by


class QuestionForm(Form):
    text = TextAreaField("Wat vroeg de groep?", [cleaned_by(clean_question)])
    place = SelectField("Waar kwam de vraag?", validate_choice=False)
    group = SelectField("Van welke groep?", validate_choice=False)

    def offer(self, sessions: Iterable[Session], groups: Iterable[tuple[int, str]]) -> None:
        """Offer every session with its exercises, and one's own groups."""
        self.place.choices = {
            f"Sessie {session.number}. {session.short_title}": [
                (session.slug, f"Sessie {session.number}, de hele sessie"),
                *((place_of(session.slug, exercise.id), exercise.name) for exercise in session.exercises),
            ]
            for session in sessions
        }
        self.group.choices = [("", "Geen groep"), *((str(id_), label) for id_, label in groups)]

    def validate_place(self, field: SelectField) -> None:
        if not any(field.data == value for choices in field.choices.values() for value, _ in choices):
            raise ValidationError("Kies bij welke sessie de vraag hoort.")

    def validate_group(self, field: SelectField) -> None:
        if (field.data or "") not in {value for value, _ in field.choices}:
            raise ValidationError("Kies een groep uit de lijst.")

    @property
    def facts(self) -> QuestionFacts:
        slug, _, exercise = (self.place.data or "").partition("/")
        return QuestionFacts(
            text=self.text.data or "",
            group_id=int(self.group.data) if self.group.data else None,
            session_slug=slug,
            exercise_id=exercise or None,
        )
