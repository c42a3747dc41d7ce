"""Forms to get in, for the own account, and for the administration of accounts."""

from __future__ import annotations

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from lms.people.rules import ROLE_LABELS, clean_email, clean_name
from lms.permissions import STAFF_ROLES, Role
from lms.web.forms import Form, Required, cleaned_by


class SignInForm(Form):
    next = HiddenField()
    email = EmailField("E-mailadres", [cleaned_by(clean_email)])
    own_device = BooleanField("Dit is mijn eigen toestel")


class PasswordSignInForm(SignInForm):
    password = PasswordField("Wachtwoord", [Required("Typ je wachtwoord.")])


class CodeForm(Form):
    code = StringField("Code uit je mail", [Required("Typ de zes cijfers uit je mail.")])


class SecondFactorForm(Form):
    code = StringField("Code uit je app", [Required("Typ de zes cijfers uit je app.")])


class RecoveryForm(Form):
    code = StringField("Herstelcode", [Required("Typ een van je herstelcodes.")])


class CurrentPasswordForm(Form):
    """``current`` is only shown, and only asked, when the sign-in is not fresh."""

    current = PasswordField("Je wachtwoord van nu")


class PasswordForm(CurrentPasswordForm):
    new = PasswordField("Nieuw wachtwoord", [Required("Typ het wachtwoord dat je wil gebruiken.")])


class NameForm(Form):
    name = StringField("Voornaam en naam", [cleaned_by(clean_name)])


class EmailForm(Form):
    email = EmailField("Nieuw e-mailadres", [cleaned_by(clean_email)])


def _role(value: str) -> Role | None:
    return Role(value) if value in set(Role) else None


class StaffForm(Form):
    name = StringField("Voornaam en naam", [cleaned_by(clean_name)])
    email = EmailField("E-mailadres", [cleaned_by(clean_email)])
    role = RadioField(
        "Rol",
        [Required("Kies wat deze persoon wordt.")],
        choices=[SelectChoice(role.value, ROLE_LABELS[role]) for role in Role if role in STAFF_ROLES],
        coerce=lambda value: role if (role := _role(value)) in STAFF_ROLES else None,
        validate_choice=False,
    )


class RoleForm(Form):
    role = RadioField(
        "Rol",
        [Required("Kies een rol.")],
        choices=[SelectChoice(role.value, ROLE_LABELS[role]) for role in Role],
        coerce=_role,
        validate_choice=False,
    )
