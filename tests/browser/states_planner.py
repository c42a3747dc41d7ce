"""The planner, my plans and my groups."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms.clock import BRUSSELS, now
from lms.database import db
from lms.learning.forms import new_key
from lms.pack import actions
from lms.pack.actions import calendar, plans
from lms.pack.forms import read_asked
from lms.pack.tables import GroupFacts, Plan
from lms.schools.rules import SchoolKind
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_finished, make_person

PLANNER = States()
AT = "/pakket/planner/wie-ben-jij"
CHANGED = "uren=2+%C3%97+50&start=10.25&aantal=18&ruimte=krap&w=s1-verleden:28&w=s1-toekomst:weg&w=s1-verleden:vorm-w02"


def owner(visit: Visit, *, plans_too: bool = False) -> tuple[int, str]:
    """Sign in with an open pack; gives the ids of a group and of a shared plan as text, or 0 and nothing."""

    def make() -> tuple[int, int, str]:
        live = visit.site.library
        person = make_finished(live).id
        if not plans_too:
            return person, 0, ""
        group = actions.add_group(
            GroupFacts(label="6 TSO maandag", school_id=None, school_year=2025, kind=SchoolKind.SECONDARY), by=person
        )
        asked = read_asked(MultiDict(parse_qsl(CHANGED))).asked
        assert asked is not None
        plan_id = plans.save_plan(
            asked, live.sessions[0], label="Eerste keer", group_id=group, key=new_key(), by=person
        )
        plans.share_plan(plan_id, by=person)
        code = db.session.scalars(select(Plan.share_code).where(Plan.id == plan_id)).one()
        return person, group, f"{plan_id}/{code}"

    person, group, plan = visit.site.inside(make)
    visit.sign_in(person)
    return group, plan


for name, path in (
    ("planner, one lesson hour", f"{AT}?start=10.25"),
    ("planner, with changes in two lesson hours", f"{AT}?{CHANGED}"),
    ("planner, a change that no longer fits", f"{AT}?uren=40&w=s1-verleden:30"),
    ("planner, impossible", f"{AT}?uren=5"),
    ("planner, with errors", f"{AT}?uren=0&aantal=500&datum=31/02/2026"),
    ("planner, a split exercise", "/pakket/planner/studiekeuze?uren=2+%C3%97+50"),
):

    def _open(visit: Visit, path: str = path) -> None:
        owner(visit)
        visit.open(path)

    PLANNER.put("pack.planner_session", name, _open)


@PLANNER.add("pack.planner", "plans, none yet")
def _(visit: Visit) -> None:
    owner(visit)
    visit.open("/pakket/planner")


@PLANNER.add("pack.planner", "plans")
def _(visit: Visit) -> None:
    owner(visit, plans_too=True)
    visit.open("/pakket/planner")


@PLANNER.add("pack.plan", "plan, shared")
def _(visit: Visit) -> None:
    _, plan = owner(visit, plans_too=True)
    visit.open(f"/pakket/planner/plan/{plan.partition('/')[0]}")


@PLANNER.add("pack.shared_plan", "plan of a colleague")
def _(visit: Visit) -> None:
    _, plan = owner(visit, plans_too=True)
    owner(visit)
    visit.open(f"/pakket/planner/gedeeld/{plan.partition('/')[2]}")


@PLANNER.add("pack.shared_plan", "plan of a colleague behind the lock")
def _(visit: Visit) -> None:
    _, plan = owner(visit, plans_too=True)
    visit.sign_in(visit.site.inside(lambda: make_person().id))
    visit.open(f"/pakket/planner/gedeeld/{plan.partition('/')[2]}")


@PLANNER.add("pack.groups", "groups, none yet")
def _(visit: Visit) -> None:
    owner(visit)
    visit.open("/pakket/groepen")


@PLANNER.add("pack.groups", "groups")
def _(visit: Visit) -> None:
    owner(visit, plans_too=True)
    visit.open("/pakket/groepen")


@PLANNER.add("pack.calendar", "calendar, no link and nothing in it")
def _(visit: Visit) -> None:
    owner(visit)
    visit.open("/pakket/planner/agenda")


@PLANNER.add("pack.calendar", "calendar, with a link and a lesson")
def _(visit: Visit) -> None:
    def dated() -> None:
        plan = db.session.get_one(Plan, int(made.partition("/")[0]))
        plan.day = now().astimezone(BRUSSELS).date() + timedelta(days=3)
        owner_id = plan.person_id
        db.session.commit()
        calendar.open_calendar(by=owner_id)

    _, made = owner(visit, plans_too=True)
    visit.site.inside(dated)
    visit.open("/pakket/planner/agenda")


@PLANNER.add("pack.add_group", "new group")
def _(visit: Visit) -> None:
    owner(visit)
    visit.open("/pakket/groepen/nieuw")


@PLANNER.add("pack.group", "group")
def _(visit: Visit) -> None:
    group, _plan = owner(visit, plans_too=True)
    visit.open(f"/pakket/groepen/{group}")


for name, query in (
    ("final task, begun", ""),
    ("final task, to decide", "?sessie=wie-ben-jij&uren=2+%C3%97+50&aantal=14"),
    ("final task, impossible", "?sessie=talenten&uren=20&aantal=14"),
    ("final task, with an error", "?sessie=talenten&uren=0&aantal=14"),
):

    def _task(visit: Visit, query: str = query) -> None:
        visit.sign_in(visit.site.inside(lambda: make_person().id))
        visit.open(f"/navorming/eindtaak{query}")

    PLANNER.put("learning.final_task", name, _task)


@PLANNER.add("learning.final_task", "final task, handed in")
def _(visit: Visit) -> None:
    owner(visit)
    visit.open("/navorming/eindtaak")
