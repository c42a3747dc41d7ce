"""Forms to get in."""

from __future__ import annotations

from wtforms import BooleanField, EmailField, HiddenField, StringField

from lms.people.rules import clean_email
from lms.web.forms import Form, Required, cleaned_by


class SignInForm(Form):
    next = HiddenField()
    email = EmailField("E-mailadres", [cleaned_by(clean_email)])
    own_device = BooleanField("Dit is mijn eigen toestel")


class CodeForm(Form):
    code = StringField("Code uit je mail", [Required("Typ de zes cijfers uit je mail.")])


class SecondFactorForm(Form):
    code = StringField("Code uit je app", [Required("Typ de zes cijfers uit je app.")])
