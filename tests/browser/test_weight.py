"""What Chromium itself counts on the wire: a first visit to a lesson, and the page after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.browser.site import Visit
from tests.browser.states_learning import learner

FIRST_VISIT, FIRST_REQUESTS = 60_000, 8
NEXT_PAGE, NEXT_REQUESTS = 8_000, 1


@dataclass
class Counter:
    """Requests that really went over the wire, and their bytes, as the browser received them."""

    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def follow(self, visit: Visit) -> None:
        session = visit.context.new_cdp_session(visit.page)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)
        session.send("Network.enable")

    def _asked(self, event: dict[str, Any]) -> None:
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict[str, Any]) -> None:
        # What comes from the cache of the browser has no encoded bytes.
        if event["encodedDataLength"] > 0:
            self.sizes[self.addresses[event["requestId"]]] = int(event["encodedDataLength"])

    def reset(self) -> None:
        self.addresses.clear()
        self.sizes.clear()


def test_a_first_visit_is_light_and_the_next_page_is_one_request(visit: Visit) -> None:
    learner(visit)
    module = visit.site.library.course.modules[0]
    addresses = [f"/navorming/{module.slug}/{lesson.slug}" for lesson in module.lessons]
    counter = Counter()
    counter.follow(visit)
    visit.open(addresses[0])
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate("() => document.fonts.size >= 2 && document.fonts.status === 'loaded'")
    assert any(address.endswith("app.css") for address in counter.sizes)
    assert sum(counter.sizes.values()) <= FIRST_VISIT, counter.sizes
    assert len(counter.sizes) <= FIRST_REQUESTS, counter.sizes
    for address in addresses[1:]:
        counter.reset()
        visit.open(address)
        visit.page.wait_for_load_state("networkidle")
        assert len(counter.sizes) == NEXT_REQUESTS, f"{address}: {counter.sizes}"
        assert sum(counter.sizes.values()) <= NEXT_PAGE, f"{address}: {counter.sizes}"
