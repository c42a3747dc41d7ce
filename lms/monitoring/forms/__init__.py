"""Forms with which O&S decides about the completion of one person."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from lms.clock import BRUSSELS, now
from lms.errors import Invalid
from lms.learning.rules.completion import REASON_LENGTH
from lms.monitoring.rules import read_live_day
from lms.schools.rules import clean_line
from lms.web.forms import Form, cleaned_by


def _one_line(text: str) -> str:
    """A reason may be typed on several lines; it is kept as one."""
    return clean_line(" ".join(text.splitlines()), "De reden", REASON_LENGTH)


class ReasonForm(Form):
    """Why something is decided."""

    reason = TextAreaField("Waarom?", [cleaned_by(_one_line)])


class LiveForm(Form):
    """When somebody followed the live navorming; the note may stay empty."""

    followed_on = StringField("Wanneer was de live navorming?")
    reason = TextAreaField(
        "Nota (mag leeg blijven)", [cleaned_by(lambda text: _one_line(text) if text.strip() else "")]
    )

    def validate_followed_on(self, field: StringField) -> None:
        try:
            self.day = read_live_day(field.data or "", now().astimezone(BRUSSELS).date())
        except Invalid as error:
            raise ValidationError(error.message) from error
