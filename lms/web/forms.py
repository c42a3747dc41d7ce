"""The base of our forms and their field checks, with Dutch messages that say how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import ValidationError

from lms.errors import Invalid


class Form(FlaskForm):
    """A form that posts to its own page."""

    def refuse(self, field: str, error: Exception) -> None:
        """Show what an action said about ``field`` beside that field."""
        self[field].errors = [*self[field].errors, str(error)]


class ConfirmForm(Form):
    """Nothing to fill in, only a button; it carries the token that proves the form is ours."""


def cleaned_by(clean: Callable[[str], str]) -> Callable[[Any, Field], None]:
    """A check that puts the cleaned value in the field, or shows why it cannot be used."""

    def check(_form: Any, field: Field) -> None:
        try:
            field.data = clean(field.data or "")
        except Invalid as error:
            raise ValidationError(error.message) from error

    return check


class Required:
    """Something has to be filled in. ``message`` says what; browsers do not block, so our own message shows."""

    field_flags: dict[str, bool] = {}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data in (None, "", []):
            raise ValidationError(self.message)
