"""Forms about schools and joining."""

from __future__ import annotations

from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from lms.people.rules import clean_email, clean_name
from lms.schools.rules import KIND_LABELS, SchoolKind, clean_line
from lms.web.forms import Form, Required, cleaned_by

NOT_LISTED = "anders"


class RegistrationForm(Form):
    name = StringField("Voornaam en naam", [cleaned_by(clean_name)])
    email = EmailField("E-mailadres", [cleaned_by(clean_email)])
    school = SelectField("School of organisatie", validate_choice=False)
    wish = StringField("Hoe heet je school of organisatie, en in welke gemeente?")
    own_device = BooleanField("Dit is mijn eigen toestel")

    def validate_school(self, field: SelectField) -> None:
        if field.data not in {choice.value for choice in field.choices} or not field.data:
            raise ValidationError("Kies je school of organisatie. Staat ze er niet bij? Kies dan de laatste regel.")

    def validate_wish(self, field: StringField) -> None:
        if self.school.data == NOT_LISTED:
            cleaned_by(lambda text: clean_line(text, "De naam van je school", 200))(self, field)
        else:
            field.data = ""


class SchoolForm(Form):
    name = StringField("Naam", [cleaned_by(lambda text: clean_line(text, "De naam", 160))])
    kind = RadioField(
        "Soort",
        [Required("Kies wat voor school of organisatie het is.")],
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
        coerce=lambda value: SchoolKind(value) if value in set(SchoolKind) else None,
        validate_choice=False,
    )
    municipality = StringField("Gemeente", [cleaned_by(lambda text: clean_line(text, "De gemeente", 80))])


class AppointForm(Form):
    name = StringField("Voornaam en naam", [cleaned_by(clean_name)])
    email = EmailField("E-mailadres", [cleaned_by(clean_email)])


class ConfirmForm(Form):
    """Nothing to fill in, only a button; it carries the token that proves the form is ours."""
