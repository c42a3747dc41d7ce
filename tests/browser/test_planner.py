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
    assert phone.focused()["id"] == "plus-s1-verleden"
    page.get_by_role("button", name="1 minuut meer voor Verleden").click()
    page.get_by_text("10.30–10.52").wait_for()
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
