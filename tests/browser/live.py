"""Plans and live sessions for the browser tests."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page
from werkzeug.datastructures import MultiDict

from lms.learning.forms import new_key
from lms.pack.actions import plans
from lms.pack.forms import read_asked
from tests.browser.site import Visit
from tests.factories import make_finished

PHONE: dict[str, Any] = {"width": 390, "height": 844}


def owner_of_plan(visit: Visit, *, slug: str = "wie-ben-jij", **fields: str) -> tuple[int, int]:
    """Sign in with an open pack and a plan as the planner makes it; gives the ids of the person and the plan."""

    def make() -> tuple[int, int]:
        live = visit.site.library
        person = make_finished(live).id
        asked = read_asked(MultiDict({"uren": "50", **fields})).asked
        assert asked is not None
        session = next(one for one in live.sessions if one.slug == slug)
        return person, plans.save_plan(asked, session, label="", group_id=None, key=new_key(), by=person)

    person, plan = visit.site.inside(make)
    visit.sign_in(person)
    return person, plan


def live_page(visit: Visit, plan: int) -> Page:
    """Open the live page and wait until all of it is on the device."""
    page = visit.open(f"/live/{plan}")
    page.locator("html[data-ready]").wait_for(state="attached")
    return page


def begin(visit: Visit, **fields: str) -> Page:
    """The live page of a new plan of somebody new."""
    _person, plan = owner_of_plan(visit, **fields)
    return live_page(visit, plan)
