"""Forms about schools and joining."""

from __future__ import annotations

from wtforms import BooleanField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from lms.errors import Invalid
from lms.people.rules import clean_email, clean_name
from lms.schools.rules import (
    INVITATIONS_AT_ONCE,
    TypedAddress,
    clean_line,
    split_addresses,
)
from lms.schools.tables import School
from lms.web.forms import Form, cleaned_by

NOT_LISTED = "anders"


class RegistrationForm(Form):
    name = StringField("Voornaam en naam", [cleaned_by(clean_name)])
    email = EmailField("E-mailadres", [cleaned_by(clean_email)])
    school = SelectField("School of organisatie", validate_choice=False)
    wish = StringField("Hoe heet je school of organisatie, en in welke gemeente?")
    own_device = BooleanField("Dit is mijn eigen toestel")
    # The school behind the link by which somebody came; then there is nothing to choose.
    linked: School | None = None

    def validate_school(self, field: SelectField) -> None:
        if field.data not in {choice.value for choice in field.choices} or not field.data:
            raise ValidationError("Kies je school of organisatie. Staat ze er niet bij? Kies dan de laatste regel.")

    def validate_wish(self, field: StringField) -> None:
        if self.school.data == NOT_LISTED:
            cleaned_by(lambda text: clean_line(text, "De naam van je school", 200))(self, field)
        else:
            field.data = ""


class WorkplaceForm(RegistrationForm):
    """Another school for somebody who is in already: only the choice of the school."""

    name = email = own_device = None


class AppointForm(Form):
    name = StringField("Voornaam en naam", [cleaned_by(clean_name)])
    email = EmailField("E-mailadres", [cleaned_by(clean_email)])


class InviteForm(Form):
    """A pasted list of addresses. After checking, ``names`` gives the name of each, which may be empty.

    ``doubles`` are the addresses that stood in the list more than once.
    """

    addresses = TextAreaField("E-mailadressen")
    names: dict[str, str]
    doubles: list[str]

    def validate_addresses(self, field: TextAreaField) -> None:
        self.names, self.doubles = {}, []
        problems = []
        for typed in split_addresses(field.data or ""):
            try:
                email, name = self._clean(typed)
            except Invalid as error:
                problems.append(f"Regel {typed.line}: {error.message}")
                continue
            if email in self.names and email not in self.doubles:
                self.doubles.append(email)
            self.names[email] = self.names.get(email) or name
        if not self.names and not problems:
            problems.append("Plak of typ minstens één e-mailadres.")
        if len(self.names) > INVITATIONS_AT_ONCE:
            problems.append(
                f"Dit zijn {len(self.names)} adressen. Nodig er hoogstens {INVITATIONS_AT_ONCE} per keer uit."
            )
        # Every problem at once, so that nobody has to send the list again for each of them.
        field.errors = problems

    def _clean(self, typed: TypedAddress) -> tuple[str, str]:
        try:
            email = clean_email(typed.address)
        except Invalid:
            shown = typed.address if len(typed.address) <= 60 else f"{typed.address[:60]}…"
            raise Invalid(f"“{shown}” is geen volledig e-mailadres. Een adres ziet eruit als an@school.be.") from None
        return email, clean_line(typed.name, f"De naam bij {email}", 120) if typed.name else ""


class ColleagueForm(Form):
    """What an invited colleague fills in: the name for a new account."""

    name = StringField("Voornaam en naam", [cleaned_by(clean_name)])
    own_device = BooleanField("Dit is mijn eigen toestel")
