"""Planning the first session on a phone: in two lesson hours, with a block changed, saved and shared."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.site import Site, Visit
from tests.browser.states_planner import owner
from tests.factories import make_finished


def test_session_one_is_planned_changed_undone_saved_and_shared(server: Site, enter: Callable[..., Visit]) -> None:
    phone, colleague = enter(server, width=390, height=844), enter(server)
    owner(phone)
    page = phone.open("/navorming/klaar")
    page.get_by_role("link", name="Plan je eerste sessie").click()
    page.get_by_role("link", name="Plan sessie 1").click()
    # While somebody types the plan follows, without another page.
    page.fill("#naam", "Eerste keer")
    page.fill("#uren", "5")
    page.get_by_text("Dit past niet.").wait_for()
    assert page.get_by_role("button", name="Bewaar", exact=True).is_hidden()
    page.fill("#uren", "2 × 50")
    page.fill("#start", "10.25")
    page.get_by_text("De bel gaat om 12.05.").wait_for()
    page.get_by_role("button", name="1 minuut meer voor Verleden").click()
    page.get_by_text("Verleden: 21 minuten. In de toolbox zijn dat er 20.", exact=True).wait_for()
    assert phone.has_focus("#plus-s1-verleden")
    page.get_by_role("button", name="1 minuut meer voor Verleden").click()
    page.get_by_text("10.30–10.52").wait_for()
    page.get_by_text("Verleden: 22 minuten. In de toolbox zijn dat er 20.", exact=True).wait_for()
    page.go_back()
    page.get_by_text("10.30–10.51").wait_for()
    page.fill("#naam", "Eerste keer")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_role("heading", name="Eerste keer", level=1).wait_for()
    page.get_by_role("button", name="Maak een link").click()
    link = page.locator("#deellink").inner_text()
    colleague.sign_in(server.inside(lambda: make_finished(server.library).id))
    seen = colleague.open(link.removeprefix(server.url))
    seen.get_by_role("button", name="Neem een kopie").click()
    seen.get_by_role("heading", name="Eerste keer (kopie)", level=1).wait_for()
    seen.get_by_text("10.30–10.51").wait_for()


def test_minutes_follow_the_hand_before_the_server_answers(server: Site, enter: Callable[..., Visit]) -> None:
    """Five presses are one step; a plan that no longer fits says so at once, and the server finds what can be shorter."""
    visit = enter(server)
    owner(visit)
    page = visit.open("/pakket/planner/wie-ben-jij?uren=75&start=10.25")
    visit.context.set_offline(True)
    more = page.get_by_role("button", name="1 minuut meer voor Verleden")
    for _ in range(5):
        more.click()
    assert page.locator("[data-block=s1-verleden] [data-times]").inner_text() == "10.30–10.55"
    assert page.locator("[data-total]").inner_text() == "75 van 75 min"
    assert page.locator(".plan-verdict").inner_text() == "Past precies."
    grip = page.get_by_role("slider", name="Duur van Verleden")
    grip.focus()
    page.keyboard.press("PageUp")
    assert grip.get_attribute("aria-valuenow") == "30"
    assert grip.get_attribute("aria-valuetext") == "30 minuten, tot 11.00"
    assert page.locator(".plan-verdict").inner_text() == "5 minuten te lang. We zoeken wat korter kan."
    visit.context.set_offline(False)
    page.keyboard.press("ArrowLeft")
    page.get_by_text("Verleden: 29 minuten. In de toolbox zijn dat er 20.", exact=True).wait_for()
    assert visit.has_focus("#grip-s1-verleden")
    assert page.locator("[data-total]").inner_text() == "75 van 75 min"
    assert page.url.endswith("&w=s1-verleden:29")


def test_a_change_without_connection_waits_for_it(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server)
    owner(visit)
    page = visit.open("/pakket/planner/wie-ben-jij?uren=75")
    visit.context.set_offline(True)
    page.get_by_role("button", name="1 minuut meer voor Verleden").click()
    page.get_by_text("Geen verbinding. Wat je veranderde blijft staan.").wait_for()
    assert page.locator("[data-block=s1-verleden] [data-stepper] b").inner_text() == "21 min"
    visit.context.set_offline(False)
    page.get_by_text("Verleden: 21 minuten. In de toolbox zijn dat er 20.", exact=True).wait_for()


def test_the_edge_of_a_block_is_dragged(server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server)
    owner(visit)
    page = visit.open("/pakket/planner/wie-ben-jij?uren=90")
    grip, bar = page.locator("#grip-s1-verleden"), page.locator(".hour-bar").bounding_box()
    place = grip.bounding_box()
    assert place and bar
    page.mouse.move(place["x"] + 12, place["y"] + 20)
    page.mouse.down()
    page.mouse.move(place["x"] + 12 + bar["width"] / 90 * 6, place["y"] + 20, steps=4)
    page.mouse.up()
    page.get_by_text("Verleden: 26 minuten. In de toolbox zijn dat er 20.", exact=True).wait_for()
