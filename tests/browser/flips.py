"""A phone in a pocket: connections that come and go, pages that are reloaded and killed, replies that get lost."""

from __future__ import annotations

import random
from collections import Counter

from playwright.sync_api import Page, Route
from sqlalchemy import select

from lms.database import db
from lms.pack.tables import SessionLog
from tests.browser.live import live_page
from tests.browser.site import Site, Visit

HAPPENINGS = ("offline", "online", "reload", "kill", "lost reply")
WAITING = """async () => {
  const { all } = await import(document.querySelector('link[href*="live-store.mjs"]').href);
  return (await all("queue")).filter((one) => one.state !== "sent").length;
}"""


class Phone:
    """One phone that gives a session again and again. ``heads``: the head count of each log that was saved, all different."""

    def __init__(self, visit: Visit, plan: int, seed: int) -> None:
        self.visit, self.plan, self.chance = visit, plan, random.Random(seed)
        self.heads: list[int] = []
        self.lost = 0
        self.loses = False
        visit.context.route("**/pakket/logboek/ontvang", self._answer)
        live_page(visit, plan)

    @property
    def page(self) -> Page:
        return self.visit.page

    def _answer(self, route: Route) -> None:
        """Let a log through; now and then the server keeps it and its reply never comes back."""
        if not self.loses:
            route.continue_()
            return
        route.fetch()
        self.lost += 1
        route.abort()

    def happen(self) -> None:
        kind = self.chance.choice(HAPPENINGS)
        if kind in ("offline", "online"):
            self.visit.context.set_offline(kind == "offline")
        elif kind == "lost reply":
            self.loses = not self.loses
        else:
            if kind == "kill":
                old, self.visit.page = self.page, self.visit.context.new_page()
                old.close()
                self.page.goto(f"{self.visit.site.url}/live/{self.plan}")
            else:
                self.page.reload()
            self.page.locator("html[data-ready]").wait_for(state="attached")

    def step(self) -> None:
        """One step further in the session; what is saved is not waited for."""
        phase = self.page.locator("#inhoud").get_attribute("data-phase")
        if phase == "log":
            self.heads.append(len(self.heads) % 60 + 1)
            self.page.locator("#heads").fill(str(self.heads[-1]))
            self.page.locator("#worked").fill(f"log {len(self.heads)}")
            self.page.get_by_role("button", name="Bewaar het log").click()
        elif phase == "done":
            self.page.locator("[data-in=done] details").evaluate("(one) => { one.open = true; }")
            self.press("again")
        else:
            self.press({"ready": "start", "running": "finish", "between": "log"}[str(phase)])
        self.page.wait_for_function("before => document.getElementById('inhoud').dataset.phase !== before", arg=phase)

    def press(self, act: str) -> None:
        self.page.locator(f'[data-act="{act}"]:visible').first.click()

    def come_home(self) -> None:
        """There is a connection again, and nothing gets lost: wait until the queue is empty."""
        self.loses = False
        self.visit.context.set_offline(False)
        self.page.reload()
        self.page.locator("html[data-ready]").wait_for(state="attached")
        for _ in range(60):
            if not self.page.evaluate(WAITING):
                return
            self.page.wait_for_timeout(250)
        raise AssertionError("a log still waits")


def flips(site: Site, visit: Visit, person: int, plan: int, *, count: int, seed: int) -> list[str]:
    """Give sessions while ``count`` things happen; tells which logs did not arrive exactly once."""
    phone = Phone(visit, plan, seed)
    for _ in range(count):
        phone.step()
        phone.happen()
    phone.come_home()
    found = site.inside(
        lambda: Counter(db.session.scalars(select(SessionLog.worked).where(SessionLog.person_id == person)))
    )
    saved = [f"log {number}" for number in range(1, len(phone.heads) + 1)]
    assert len(saved) >= count // 8 and phone.lost
    return [f"{name}: {found[name]} times" for name in saved if found[name] != 1] + sorted(set(found) - set(saved))
