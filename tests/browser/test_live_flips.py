"""R15: whatever happens to the connection and to the page, each log arrives exactly once; no release strands a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.database import db
from lms.pack.tables import SessionLog
from tests.browser.flips import flips
from tests.browser.live import PHONE, live_page, owner_of_plan
from tests.browser.site import Site, Visit
from tests.browser.states_live import press

COUNT, SEED = 20, 20261128


def heads_of(site: Site, person: int) -> list[int]:
    return site.inside(
        lambda: list(db.session.scalars(select(SessionLog.head_count).where(SessionLog.person_id == person)))
    )


def save(visit: Visit, heads: int) -> None:
    press(visit.page, "finish")
    visit.page.locator("#heads").fill(str(heads))
    visit.page.get_by_role("button", name="Bewaar het log").click()


def test_every_log_arrives_once_through_twenty_flips_reloads_and_kills(
    server: Site, enter: Callable[..., Visit]
) -> None:
    visit = enter(server, **PHONE)
    person, plan = owner_of_plan(visit)
    assert flips(server, visit, person, plan, count=COUNT, seed=SEED) == []


@pytest.mark.slow
def test_when_the_server_forgets_the_id_of_a_log_it_is_seen(tmp_path: Path, enter: Callable[..., Visit]) -> None:
    """The sabotaged twin: the site takes every log for a new one."""
    site = Site(tmp_path)
    site.spoiled = "forgetful_app"
    with site:
        visit = enter(site, **PHONE)
        person, plan = owner_of_plan(visit)
        assert flips(site, visit, person, plan, count=COUNT, seed=SEED) != []


def test_after_a_day_without_connection_the_log_still_arrives(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    person, plan = owner_of_plan(visit)
    visit.page.clock.install()
    page = live_page(visit, plan)
    press(page, "start")
    visit.context.set_offline(True)
    save(visit, 17)
    page.locator("[data-done-text]", has_text="Je hebt nu geen verbinding").wait_for()
    page.clock.fast_forward("24:00:00")
    page.reload()
    page.locator("[data-done-badge]", has_text="bewaard op dit toestel").wait_for()
    visit.context.set_offline(False)
    page.locator("[data-done-badge]", has_text="verstuurd").wait_for()
    assert heads_of(server, person) == [17]


def test_a_new_release_strands_no_open_session(tmp_path: Path, enter: Callable[..., Visit]) -> None:
    """The files of the old release are gone from the server; the page opens with its own, runs on and sends its log."""
    site = Site(tmp_path)
    with site:
        visit = enter(site, **PHONE)
        person, plan = owner_of_plan(visit)
        page = live_page(visit, plan)
        old = page.locator("link[href*='live.css']").get_attribute("href")
        press(page, "start")
        site.kill()
        site.spoiled = "newer_app"
        site.start()
        assert old and visit.status(old) == 404
        page.reload()
        page.locator("html[data-ready]").wait_for(state="attached")
        assert page.locator("link[href*='live.css']").get_attribute("href") == old
        assert page.locator("[data-left]").is_visible()
        assert page.evaluate("() => getComputedStyle(document.querySelector('.live')).display") == "flex"
        save(visit, 15)
        page.get_by_text("verstuurd", exact=True).wait_for()
        assert heads_of(site, person) == [15]
        # The next session begins with the new release, also offline.
        page.reload()
        page.locator("html[data-ready]").wait_for(state="attached")
        assert page.locator("link[href*='live.css']").get_attribute("href") != old
        visit.context.set_offline(True)
        page.reload()
        page.locator("html[data-ready]").wait_for(state="attached")
        assert page.evaluate("() => getComputedStyle(document.querySelector('.live')).display") == "flex"


def test_a_sign_in_that_ended_keeps_the_log_until_somebody_signs_in_again(
    server: Site, enter: Callable[..., Visit]
) -> None:
    visit = enter(server, **PHONE)
    person, plan = owner_of_plan(visit)
    page = live_page(visit, plan)
    press(page, "start")
    visit.context.clear_cookies()
    save(visit, 11)
    page.locator("[data-done-text]", has_text="Je bent afgemeld. Meld je aan, dan vertrekt het log.").wait_for()
    assert page.locator("[data-done-sign-in] a").get_attribute("href") == f"/aanmelden?next=/live/{plan}"
    visit.sign_in(person)
    page.reload()
    page.get_by_text("verstuurd", exact=True).wait_for()
    assert heads_of(server, person) == [11]


def test_the_log_of_somebody_else_on_the_same_phone_is_not_sent_under_my_name(
    server: Site, enter: Callable[..., Visit]
) -> None:
    visit = enter(server, **PHONE)
    person, plan = owner_of_plan(visit)
    page = live_page(visit, plan)
    press(page, "start")
    visit.context.clear_cookies()
    other, _plan = owner_of_plan(visit)
    save(visit, 11)
    page.locator("[data-done-text]", has_text="Er is iemand anders aangemeld.").wait_for()
    assert heads_of(server, person) == heads_of(server, other) == []


def test_the_logbook_sends_what_still_waits(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    person, plan = owner_of_plan(visit)
    page = live_page(visit, plan)
    press(page, "start")
    visit.context.set_offline(True)
    save(visit, 8)
    page.locator("[data-done-badge]", has_text="bewaard op dit toestel").wait_for()
    # The live page is closed before there is a connection again.
    visit.page = visit.context.new_page()
    page.close()
    visit.context.set_offline(False)
    visit.open("/pakket/logboek").get_by_role("link", name="1. Wie ben jij?").wait_for()
    assert heads_of(server, person) == [8]


def test_a_phone_without_room_says_so_and_still_sends(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    visit.context.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    person, plan = owner_of_plan(visit)
    page = live_page(visit, plan)
    press(page, "start")
    page.get_by_text("Het geheugen van dit toestel is vol.").wait_for()
    save(visit, 9)
    page.get_by_text("verstuurd", exact=True).wait_for()
    assert heads_of(server, person) == [9]


def test_what_the_server_cannot_use_comes_back_to_be_mended(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    person, plan = owner_of_plan(visit)
    page = live_page(visit, plan)
    press(page, "start")
    press(page, "finish")
    page.locator("#heads").fill("9")
    page.locator("#day").evaluate(
        "(day) => { day.max = ''; day.value = '2020-01-01'; day.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    page.get_by_role("button", name="Bewaar het log").click()
    page.get_by_role("button", name="Kijk het log na").click()
    page.locator("#foutmelding", has_text="meer dan twee jaar geleden").wait_for()
    assert page.locator("#heads").input_value() == "9" and not heads_of(server, person)
    page.locator("#day").evaluate(
        "(day) => { day.value = new Date().toISOString().slice(0, 10); day.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    page.get_by_role("button", name="Bewaar het log").click()
    page.get_by_text("verstuurd", exact=True).wait_for()
    assert heads_of(server, person) == [9]


def test_a_clock_that_is_set_back_changes_nothing_on_the_screen(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    _person, plan = owner_of_plan(visit)
    visit.page.clock.install()
    page = live_page(visit, plan)
    press(page, "start")
    page.clock.run_for("01:00")
    now = page.evaluate("() => Date.now()")
    page.clock.set_system_time((now - 3_600_000) / 1000)
    page.clock.run_for("00:02")
    minutes, seconds = page.locator("[data-left]").inner_text().split(":")
    assert 225 <= int(minutes) * 60 + int(seconds) <= 240
    page.reload()
    page.locator("html[data-ready]").wait_for(state="attached")
    minutes, seconds = page.locator("[data-left]").inner_text().split(":")
    assert 215 <= int(minutes) * 60 + int(seconds) <= 240


def test_twenty_minutes_away_count_and_can_be_taken_back(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    _person, plan = owner_of_plan(visit)
    visit.page.clock.install()
    page = live_page(visit, plan)
    press(page, "start")
    page.clock.fast_forward("20:00")
    page.locator("[data-notice=away]", has_text="Je was 20 minuten weg.").wait_for()
    assert page.locator("[data-left]").inner_text().startswith("+")
    page.get_by_role("button", name="Dat klopt niet").click()
    page.wait_for_function("() => document.querySelector('[data-left]').textContent.startsWith('4:')")


def test_a_session_of_yesterday_asks_whether_to_begin_again(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server, **PHONE)
    _person, plan = owner_of_plan(visit)
    visit.page.clock.install()
    page = live_page(visit, plan)
    press(page, "start")
    page.locator("html[data-kept]").wait_for(state="attached")
    page.clock.set_system_time(page.evaluate("() => Date.now()") / 1000 + 20 * 3600)
    page.reload()
    page.get_by_text("Deze sessie liep nog van de vorige keer.").wait_for()
    press(page, "again")
    assert page.locator("h1").inner_text() == "Sessie 1: Wie ben jij?"
