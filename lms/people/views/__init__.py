"""Pages of the door, of the own account and of the administration of accounts."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("people", __name__)

from lms.people.views import account, accounts, door, mails, passwords, second_factor  # noqa: E402

__all__ = ["account", "accounts", "blueprint", "door", "mails", "passwords", "second_factor"]
