"""What a begeleider does with the groups in the pack. Each function is one transaction."""

from __future__ import annotations

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, Invalid
from lms.pack import queries
from lms.pack.rules.planning import GROUPS_AT_MOST
from lms.pack.tables import Group, GroupFacts
from lms.people.queries import lock_person
from lms.schools.queries import list_workplaces


def add_group(facts: GroupFacts, *, by: int) -> int:
    """Add a group; gives its id. The same group twice is one, so a double click adds nothing.

    Raises Invalid for a label that another group of that year has, Conflict when there are too many.
    """
    lock_person(by)
    _check_school(facts.school_id, None, by)
    same = queries.find_same_group(by, facts.school_year, facts.label)
    if same is not None:
        if (same.school_id, same.kind) != (facts.school_id, facts.kind):
            raise Invalid(_TAKEN)
        db.session.rollback()
        return same.id
    if queries.count_groups(by) >= GROUPS_AT_MOST:
        raise Conflict(f"Je hebt al {GROUPS_AT_MOST} groepen. Verwijder eerst een oude.")
    group = Group(
        person_id=by, label=facts.label, school_id=facts.school_id, school_year=facts.school_year, kind=facts.kind,
        created_at=now(),
    )  # fmt: skip
    db.session.add(group)
    db.session.flush()
    group_id = group.id
    db.session.commit()
    return group_id


def change_group(group_id: int, facts: GroupFacts, *, by: int) -> None:
    """Raises NotFound for a group that is not theirs, Invalid for a label that another group of that year has."""
    lock_person(by)
    group = queries.get_group(group_id, by)
    _check_school(facts.school_id, group.school_id, by)
    same = queries.find_same_group(by, facts.school_year, facts.label)
    if same is not None and same.id != group.id:
        raise Invalid(_TAKEN)
    group.label, group.kind = facts.label, facts.kind
    group.school_id, group.school_year = facts.school_id, facts.school_year
    db.session.commit()


_TAKEN = "Je hebt dat schooljaar al een groep met die naam. Kies een andere naam."


def _check_school(school_id: int | None, before: int | None, person_id: int) -> None:
    """Raises Invalid for a school where somebody does not work; the one that a group had already may stay."""
    known = {None, before, *(place.id for place in list_workplaces(person_id))}
    if school_id not in known:
        raise Invalid("Kies een school waar je werkt. Staat ze er niet bij? Voeg ze toe bij Mijn account.")


def remove_group(group_id: int, *, by: int) -> str:
    """Remove a group; its plans stay, without group. Gives its label. Raises NotFound."""
    lock_person(by)
    group = queries.get_group(group_id, by)
    label = group.label
    db.session.delete(group)
    db.session.commit()
    return label
