"""A live session on a phone: without a connection, late on purpose, after a reload, and its log once in the end."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

from playwright.sync_api import Page
from sqlalchemy import select

from lms.database import db
from lms.didactics.first_names import likely_first_name
from lms.pack.tables import LoggedBlock, Question, SessionLog
from tests.browser.keys import Keys
from tests.browser.live import PHONE, begin, live_page, owner_of_plan
from tests.browser.site import Site, Visit
from tests.browser.test_weight import Counter
from tests.data.replan_cases import CASES

# What a live session may cost on a phone, everything it needs without a connection included.
LIVE_BYTES = 80_000
MORNING = datetime.datetime(2026, 11, 27, 10, 25)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def wait(page: Page, minutes: str) -> None:
    """Let the clock of the phone jump, as it does after a nap in a pocket."""
    page.clock.fast_forward(minutes)


def name_of(page: Page) -> str:
    return page.locator("h1").inner_text()


def logs_of(site: Site, person: int) -> list[SessionLog]:
    return site.inside(lambda: list(db.session.scalars(select(SessionLog).where(SessionLog.person_id == person))))


def test_a_whole_session_in_airplane_mode_run_late_and_logged_once(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    person, plan = owner_of_plan(visit, uren="2 × 50", start="10.25", aantal="14")
    page = visit.page
    page.clock.install(time=MORNING - datetime.timedelta(minutes=1))
    live_page(visit, plan)
    page.clock.pause_at(MORNING)
    assert page.locator("#bell").input_value() == "11.15"
    press(page, "Start")
    visit.context.set_offline(True)
    wait(page, "05:00")
    press(page, "Volgende")
    assert name_of(page) == "Verleden"
    page.locator("[data-ask] input").first.check()
    # Twenty minutes planned, thirty-three gone: eight too many for the bell.
    wait(page, "33:00")
    assert page.locator("[data-pace]").inner_text() == "8 minuten te laat voor de bel"
    assert page.locator("[data-proposals] > li").count() == 3
    press(page, "Kort in")
    assert page.locator("[data-pace]").inner_text() == "Op schema"
    assert "9 min" in page.locator("[data-next]").inner_text()
    press(page, "Maak ongedaan")
    assert "15 min" in page.locator("[data-next]").inner_text()
    press(page, "Kort in")
    page.locator("html[data-kept]").wait_for(state="attached")
    page.reload()
    page.locator("[data-left]").wait_for()
    assert name_of(page) == "Verleden" and "9 min" in page.locator("[data-next]").inner_text()
    page.locator("summary", has_text="Vraag parkeren").click()
    page.locator("#vraag").fill("Kan je later nog veranderen?")
    press(page, "Parkeer de vraag")
    for minutes, button in (("00:10", "Volgende"), ("08:00", "Volgende"), ("03:00", "Rond af")):
        wait(page, minutes)
        press(page, button)
    assert name_of(page) == "Lesuur 1 is klaar"
    wait(page, "10:00")
    press(page, "Start lesuur 2")
    for minutes in ("05:00", "15:00", "10:00", "05:00"):
        wait(page, minutes)
        page.locator('[data-act="next"]').click()
    assert name_of(page) == "Hoe ging het?"
    page.locator("#heads").fill("13")
    page.locator("#worked").fill("De duo's.")
    press(page, "Bewaar het log")
    page.locator("[data-done-badge]", has_text="bewaard op dit toestel").wait_for()
    assert not logs_of(server, person)
    visit.context.set_offline(False)
    page.locator("[data-done-badge]", has_text="verstuurd").wait_for()
    # What was written has left the phone.
    page.wait_for_function(
        """async () => {
          const { all } = await import(document.querySelector('link[href*="live-store.mjs"]').href);
          return !JSON.stringify([await all("sessions"), await all("queue")]).includes("duo's");
        }"""
    )
    page.reload()
    page.locator("[data-done-badge]", has_text="verstuurd").wait_for()
    (log,) = logs_of(server, person)
    assert (log.head_count, log.plan_id, log.worked, len(log.asked)) == (13, plan, "De duo's.", 1)
    blocks = server.inside(
        lambda: list(
            db.session.scalars(select(LoggedBlock).where(LoggedBlock.log_id == log.id).order_by(LoggedBlock.position))
        )
    )
    assert [(one.block_id, one.planned_minutes, one.actual_minutes) for one in blocks[:4]] == [
        ("s1-checkin", 5, 5), ("s1-verleden", 20, 33), ("s1-heden-ik", 15, 8), ("mini-checkout", 5, 3),
    ]  # fmt: skip
    texts = server.inside(lambda: list(db.session.scalars(select(Question.text).where(Question.person_id == person))))
    assert texts == ["Kan je later nog veranderen?"]


def test_the_rules_of_replan_are_the_same_in_both_languages(visit: Visit) -> None:
    """Every case that was made by the Python, played by the script of the phone."""
    cases = json.loads(CASES.read_text())
    page = begin(visit)
    module = page.evaluate("() => document.querySelector('link[href*=\"replan.mjs\"]').href")
    found = page.evaluate(
        """async ([module, cases]) => {
          const { replan } = await import(module);
          return cases.map(({ blocks, ask }) => {
            const { late, proposals } = replan(blocks, ask);
            return { late, proposals: proposals.map((one) => ({ ...one,
              blocks: one.blocks && one.blocks.map((block) => [block.id, block.minutes, block.status]) })) };
          });
        }""",
        [module, [{"blocks": case["blocks"], "ask": case["ask"]} for case in cases]],
    )
    assert len(cases) > 100
    assert found == [case["answer"] for case in cases]


def test_what_a_phone_needs_for_a_whole_session_is_light(server: Site, enter: Callable[..., Visit]) -> None:
    """Everything over the wire on the first visit, from which the page then opens without a connection."""
    visit = enter(server, **PHONE)
    _person, plan = owner_of_plan(visit, uren="2 × 50", slug="studiekeuze")
    counter = Counter()
    counter.follow(visit)
    page = live_page(visit, plan)
    page.wait_for_load_state("networkidle")
    # The worker is fetched outside the page; it counts with its headers.
    worker = visit.context.request.get(f"{server.url}/live/achtergrond.js")
    outside = len(worker.body()) + sum(len(name) + len(value) + 4 for name, value in worker.headers.items())
    total = sum(counter.sizes.values()) + outside
    print(f"a live session weighs {total} bytes")
    assert total <= LIVE_BYTES, {"all": total, "worker": outside, **counter.sizes}
    visit.context.set_offline(True)
    page.reload()
    page.locator("html[data-ready]").wait_for(state="attached")
    assert page.evaluate(
        "() => document.fonts.ready.then(() => [...document.fonts].every((one) => one.status !== 'error'))"
    )


def test_a_live_session_by_keyboard_alone(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server)
    person, plan = owner_of_plan(visit, aantal="12")
    live_page(visit, plan)
    keys = Keys(visit.page)
    keys.push("[data-act=start]")
    assert visit.has_focus("h1")
    keys.tick("[data-ask] input")
    assert visit.page.locator("[data-ask] input").first.is_checked()
    keys.push("[data-act=pause]")
    visit.page.get_by_text("Gepauzeerd").wait_for()
    keys.press("Enter")
    keys.reach("[data-act=more]")
    keys.press("Enter")
    keys.push("[data-act=next]")
    assert visit.has_focus("h1") and name_of(visit.page) == "Verleden"
    keys.push("[data-act=back]")
    assert name_of(visit.page) == "Check-in"
    keys.push("[data-act=finish]")
    assert name_of(visit.page) == "Hoe ging het?"
    keys.reach("#heads")
    keys.choose("#mood input", "vlot")
    keys.fill("#worked", "Rustig begonnen.")
    keys.push("[data-log] button:not([type])")
    visit.page.get_by_text("verstuurd", exact=True).wait_for()
    (log,) = logs_of(server, person)
    assert (log.head_count, log.mood, log.worked) == (12, "vlot", "Rustig begonnen.")


def test_a_likely_name_gets_a_gentle_warning_that_goes_away_in_one_click(visit: Visit) -> None:
    page = begin(visit)
    press(page, "Start")
    press(page, "Stop dit lesuur hier")
    page.locator("#worked").fill("Yara durfde veel. De groep ook.")
    warning = page.locator("[data-name-for=worked]")
    assert "‘Yara’" in warning.inner_text()
    press(page, "Dat is geen naam")
    assert warning.is_hidden()
    page.locator("#worked").press_sequentially(" Ook Yara.")
    assert warning.is_hidden()
    page.locator("#worked").fill("De duo's, maart en Genk.")
    assert warning.is_hidden()


def test_the_warning_finds_the_same_names_as_the_site(visit: Visit) -> None:
    texts = ["Yara zei iets.", "yara zei iets", "Niets hier", "Élise en Mohammed", "Persoon en Noor", "Tom.", "TOM", ""]
    page = begin(visit)
    module = page.evaluate("() => document.querySelector('link[href*=\"live-view.mjs\"]').href")
    found = page.evaluate(
        """async ([module, texts]) => {
          const { likelyFirstName } = await import(module);
          const names = new Set(JSON.parse(document.getElementById("sessie").textContent).names.split(" "));
          return texts.map((text) => likelyFirstName(text, "Noor Persoon", names));
        }""",
        [module, texts],
    )
    assert found == [likely_first_name(text, "Noor Persoon") for text in texts]
    assert [one for one in found if one] == ["Yara", "Mohammed", "Tom", "TOM"]
