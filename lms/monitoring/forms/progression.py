"""The form in which a school counts where its youngsters went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import StringField

from lms.monitoring.rules.progression import COUNTED, LABELS, REASON_LABELS, Counts, Reason, field_of, read_counts
from lms.web.forms import Form


class ProgressionForm(Form):
    """Counts alone; each field is a whole number. After ``validate`` the counts stand in ``counts``."""

    counts: Counts

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        good = super().validate(extra_validators)
        typed = read_counts({name: (self[name].data or "")[:20] for name in fields()})
        for name, message in typed.errors.items():
            self[name].errors = [message]
        if typed.counts is not None:
            self.counts = typed.counts
        return good and typed.counts is not None

    def fill(self, counts: Counts) -> None:
        """Show what is kept."""
        for name in COUNTED:
            self[name].data = str(counts[name])
        for reason in Reason:
            self[field_of(reason)].data = str(counts.reasons.get(reason, "")) or ""


def fields() -> list[str]:
    """The names of all fields, in the order of the page."""
    return [*COUNTED, *(field_of(reason) for reason in Reason)]


for _name in COUNTED:
    setattr(ProgressionForm, _name, StringField(LABELS[_name]))
for _reason in Reason:
    setattr(ProgressionForm, field_of(_reason), StringField(REASON_LABELS[_reason]))
