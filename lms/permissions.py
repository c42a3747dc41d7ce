"""Who may do what, in one table. Pages declare a permission; ``web/access.py`` enforces it.

Being aanspreekpunt and having an open pack are facts about a person, never a role to tick.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    FACILITATOR = "begeleider"
    OS_STAFF = "os"
    ADMIN = "beheerder"


class Permission(StrEnum):
    SIGNED_IN = "signed_in"  # every signed-in person, also before the second factor
    OWN_ACCOUNT = "own_account"  # how you sign in, your name and address, all of your data; deleting it
    OWN_SECOND_FACTOR = "own_second_factor"  # another authenticator app, recovery codes
    LEARN = "learn"  # follow the navorming
    OPEN_PACK = "open_pack"  # read the begeleiderspakket
    SEE_OWN_SCHOOL = "see_own_school"  # the page of the aanspreekpunt
    BRING_COLLEAGUES = "bring_colleagues"  # school link, invitations and who works at a school one may see
    SEE_SCHOOLS = "see_schools"  # the register of O&S
    MANAGE_SCHOOLS = "manage_schools"  # add a school, appoint an aanspreekpunt
    ANSWER_QUESTIONS = "answer_questions"  # answer what begeleiders sent to O&S, and publish it
    PREVIEW_CONTENT = "preview_content"  # see new content before it goes live
    DECIDE_COMPLETION = "decide_completion"  # grant, take back and give back what the navorming gives
    SEND_REMINDERS = "send_reminders"  # who gets which reminder, and whether they go out
    MANAGE_ACCOUNTS = "manage_accounts"  # who is staff, and closing an account


STAFF_ROLES = frozenset({Role.OS_STAFF, Role.ADMIN})

_OF_ROLE = {
    Role.FACILITATOR: frozenset({Permission.SIGNED_IN, Permission.OWN_ACCOUNT, Permission.LEARN}),
    Role.OS_STAFF: frozenset(Permission) - {Permission.SEE_OWN_SCHOOL, Permission.MANAGE_ACCOUNTS},
    Role.ADMIN: frozenset(Permission) - {Permission.SEE_OWN_SCHOOL},
}


def permissions_of(role: Role, *, is_contact_person: bool, has_open_pack: bool) -> frozenset[Permission]:
    """All permissions of somebody with this role and these facts."""
    granted = set(_OF_ROLE[role])
    if has_open_pack:
        granted.add(Permission.OPEN_PACK)
    if is_contact_person:
        granted |= {Permission.SEE_OWN_SCHOOL, Permission.BRING_COLLEAGUES}
    return frozenset(granted)
