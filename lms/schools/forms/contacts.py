"""The form with which an aanspreekpunt hands over."""

from __future__ import annotations

from wtforms import EmailField, StringField, TextAreaField

from lms.errors import Invalid
from lms.people.rules import clean_email, clean_name
from lms.schools.rules.following import MESSAGE_LENGTH
from lms.web.forms import Form, cleaned_by


def _clean_message(text: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > MESSAGE_LENGTH:
        raise Invalid(f"Dit is te lang. Gebruik hoogstens {MESSAGE_LENGTH} tekens.")
    return text


class SuccessorForm(Form):
    name = StringField("Voornaam en naam", [cleaned_by(clean_name)])
    email = EmailField("E-mailadres", [cleaned_by(clean_email)])
    message = TextAreaField("Wat wil je meegeven? (mag leeg blijven)", [cleaned_by(_clean_message)])
