"""The form of a school in the register."""

from __future__ import annotations

import re
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from lms.schools.queries.register import Follower
from lms.schools.rules import KIND_LABELS, SchoolKind
from lms.schools.rules.register import (
    LABELS,
    SchoolFacts,
    clean_municipality,
    clean_number,
    clean_postcode,
    clean_school_name,
    clean_street,
)
from lms.schools.tables import School
from lms.web.forms import Form, Required, cleaned_by

NOBODY = ""


def read_id(text: str) -> int | None:
    """A row id as a form sends it, or None for anything else."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,8}", text, re.ASCII) else None


class SchoolForm(Form):
    """Every fact of the register. ``version`` is that of the school when the form was opened."""

    name = StringField(LABELS["name"], [cleaned_by(clean_school_name)])
    kind = RadioField(
        LABELS["kind"],
        [Required("Kies wat voor school of organisatie het is.")],
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
        coerce=lambda value: SchoolKind(value) if value in set(SchoolKind) else None,
        validate_choice=False,
    )
    municipality = StringField(LABELS["municipality"], [cleaned_by(clean_municipality)])
    street = StringField(LABELS["street"], [cleaned_by(clean_street)])
    postcode = StringField(LABELS["postcode"], [cleaned_by(clean_postcode)])
    number = StringField(LABELS["number"], [cleaned_by(lambda text: clean_number(text) or "")])
    owner = SelectField(LABELS["owner_id"], validate_choice=False)
    version = HiddenField()

    @classmethod
    def of(cls, school: School | None, followers: list[Follower]) -> SchoolForm:
        """The form as it opens: empty, or with what stands in the register."""
        given: dict[str, Any] = {}
        if school is not None:
            given = {
                "name": school.name, "kind": school.kind, "municipality": school.municipality,
                "street": school.street, "postcode": school.postcode, "number": school.number or "",
                "owner": str(school.owner_id or NOBODY), "version": str(school.version),
            }  # fmt: skip
        form = cls(data=given)
        form.owner.choices = [
            SelectChoice(NOBODY, "Niemand in het bijzonder"),
            *(SelectChoice(str(one.id), one.name) for one in followers),
        ]
        return form

    def validate_owner(self, field: SelectField) -> None:
        if (field.data or NOBODY) not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies iemand van O&S uit de lijst, of niemand.")

    @property
    def facts(self) -> SchoolFacts:
        """What was typed, cleaned. Only after validation."""
        return SchoolFacts(
            name=self.name.data or "",
            kind=self.kind.data,
            municipality=self.municipality.data or "",
            street=self.street.data or "",
            postcode=self.postcode.data or "",
            number=self.number.data or None,
            owner_id=read_id(self.owner.data or ""),
        )
