"""The live session in every state, and the logbook."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.live import begin, live_page, owner_of_plan
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import give_session, make_finished

LIVE = States()
SLUG = "wie-ben-jij"


def press(page: Page, act: str) -> None:
    page.locator(f'[data-act="{act}"]:visible').first.click()


def running(visit: Visit, *, gone: str = "", **fields: str) -> Page:
    """A session that began; ``gone``: how long ago, as ``12:00``."""
    _person, plan = owner_of_plan(visit, **fields)
    visit.page.clock.install()
    page = live_page(visit, plan)
    press(page, "start")
    if gone:
        page.clock.fast_forward(gone)
        page.locator("[data-notice=away]").wait_for()
    return page


def finished(visit: Visit) -> Page:
    """A session that is over, with its log to fill in."""
    page = running(visit)
    press(page, "next")
    page.locator("[data-ask] input").first.check()
    page.locator("summary", has_text="Vraag parkeren").click()
    page.locator("#vraag").fill("Kost dat veel?")
    page.get_by_role("button", name="Parkeer de vraag").click()
    press(page, "finish")
    return page


@LIVE.add("pack.live", "live, before the start in two lesson hours")
def _(visit: Visit) -> None:
    begin(visit, uren="2 × 50", start="10.25")


@LIVE.add("pack.live", "live, running")
def _(visit: Visit) -> None:
    running(visit)


@LIVE.add("pack.live", "live, running with everything open")
def _(visit: Visit) -> None:
    page = running(visit)
    press(page, "next")
    page.evaluate("() => document.querySelectorAll('[data-in=running] details').forEach((one) => { one.open = true; })")
    page.locator("#vraag").fill("Mag Sarah later nog veranderen?")
    page.get_by_role("button", name="Parkeer de vraag").click()
    page.locator("#vraag").fill("En Sarah?")


@LIVE.add("pack.live", "live, late with proposals")
def _(visit: Visit) -> None:
    running(visit, gone="12:00").locator("[data-late]").wait_for()


@LIVE.add("pack.live", "live, a proposal taken")
def _(visit: Visit) -> None:
    page = running(visit, gone="12:00")
    page.locator("[data-take]:visible").first.click()
    page.locator("[data-undo-line]").wait_for()


@LIVE.add("pack.live", "live, paused")
def _(visit: Visit) -> None:
    page = running(visit)
    press(page, "pause")
    page.get_by_text("Gepauzeerd").wait_for()


@LIVE.add("pack.live", "live, between two lesson hours")
def _(visit: Visit) -> None:
    page = running(visit, uren="2 × 50")
    press(page, "finish")


@LIVE.add("pack.live", "live, the log")
def _(visit: Visit) -> None:
    page = finished(visit)
    page.evaluate("() => document.querySelectorAll('[data-in=log] details').forEach((one) => { one.open = true; })")


@LIVE.add("pack.live", "live, the log with errors")
def _(visit: Visit) -> None:
    page = finished(visit)
    page.locator("#heads").fill("veel")
    page.get_by_role("button", name="Bewaar het log").click()
    page.locator("#foutmelding").wait_for()


@LIVE.add("pack.live", "live, offline with a log that waits")
def _(visit: Visit) -> None:
    page = finished(visit)
    visit.context.set_offline(True)
    page.locator("#heads").fill("12")
    page.get_by_role("button", name="Bewaar het log").click()
    page.locator("[data-done-text]", has_text="Je hebt nu geen verbinding").wait_for()


@LIVE.add("pack.live", "live, signed out with a log that waits")
def _(visit: Visit) -> None:
    page = finished(visit)
    visit.context.clear_cookies()
    page.locator("#heads").fill("12")
    page.get_by_role("button", name="Bewaar het log").click()
    page.locator("[data-done-sign-in]").wait_for()


@LIVE.add("pack.live", "live, sent")
def _(visit: Visit) -> None:
    page = finished(visit)
    page.locator("#heads").fill("12")
    page.get_by_role("button", name="Bewaar het log").click()
    page.get_by_text("verstuurd", exact=True).wait_for()


def keeper(visit: Visit, *, logs: int = 0) -> list[int]:
    """Sign in with an open pack and this many logs; gives their ids."""

    def make() -> tuple[int, list[int]]:
        person = make_finished(visit.site.library).id
        return person, [give_session(visit.site.library, person, late=number) for number in range(logs)]

    person, made = visit.site.inside(make)
    visit.sign_in(person)
    return made


@LIVE.add("pack.logs", "logbook, empty")
def _(visit: Visit) -> None:
    keeper(visit)
    visit.open("/pakket/logboek")


@LIVE.add("pack.logs", "logbook, two pages")
def _(visit: Visit) -> None:
    keeper(visit, logs=51)
    visit.open("/pakket/logboek")


@LIVE.add("pack.add_log", "log by hand, to choose")
def _(visit: Visit) -> None:
    owner_of_plan(visit)
    visit.open("/pakket/logboek/nieuw")


@LIVE.add("pack.add_log", "log by hand, from a plan")
def _(visit: Visit) -> None:
    _person, plan = owner_of_plan(visit, uren="2 × 50")
    visit.open(f"/pakket/logboek/nieuw?plan={plan}")


@LIVE.add("pack.add_log", "log by hand, with errors")
def _(visit: Visit) -> None:
    keeper(visit)
    page = visit.open(f"/pakket/logboek/nieuw?sessie={SLUG}")
    page.locator("#heads").fill("0")
    page.locator("[name=actual-0]").fill("lang")
    visit.refused("Bewaar het log")


@LIVE.add("pack.log", "log, to read and mend")
def _(visit: Visit) -> None:
    (log,) = keeper(visit, logs=1)
    visit.open(f"/pakket/logboek/{log}")
