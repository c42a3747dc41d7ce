"""The terms of accounts, and counting back in months."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

# Counted from the last sign-in: nobody stays signed in for longer than 30 days.
ACCOUNT_MONTHS = 24
NOTICE_MONTHS = 23
# Also when the worker stood still for long: from the notice on there is always this much time to come back.
NOTICE_LIFE = timedelta(days=30)
# How long asking to delete an account can be undone.
UNDO_LIFE = timedelta(days=30)

ERASED_NAME = "Verwijderd account"
# The top level name ``.invalid`` never gets mail (RFC 2606). The id keeps the address unique.
ERASED_ADDRESS = "gewist-{id}@gewist.invalid"


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time ``months`` earlier; the last day of that month when it is shorter."""
    count = moment.year * 12 + moment.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
