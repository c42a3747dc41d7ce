"""Using the site with the keyboard alone. Every stop of the Tab key must show where it is."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# Where the focus is and whether it can be seen: an outline on the element or on the label or tile round it
# (a box shadow counts on the element itself only, as cards have one at rest), inside the window.
STOP = """(wanted) => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return {where: "body", match: false, seen: true};
  const outlined = (e) => {
    const style = getComputedStyle(e);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  let ring = getComputedStyle(at).boxShadow !== "none";
  for (let up = at, steps = 0; up && steps < 3 && !ring; up = up.parentElement, steps += 1) ring = outlined(up);
  const box = (at.closest("label") ?? at).getBoundingClientRect();
  const seen = ring && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {where: at.outerHTML.slice(0, 160), match: at.matches(wanted), seen};
}"""

CURRENT = """() => { const at = document.activeElement;
  return {tag: at.tagName, id: at.id, type: at.type ?? "", name: at.name ?? "", value: at.value ?? ""}; }"""

# More stops than any page has.
MOST_STOPS = 120
MOST_LOOKS = 50


class Keys:
    """The hands of somebody without a mouse. ``stops`` counts the Tab stops that were looked at."""

    def __init__(self, page: Page) -> None:
        self.page, self.stops = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def reach(self, selector: str) -> None:
        """Tab on until the focus is on an element that fits the selector."""
        passed = []
        for _ in range(MOST_STOPS):
            self.press("Tab")
            stop = self.stop(selector)
            assert stop["seen"], f"the focus cannot be seen on {stop['where']} of {self.page.url}"
            self.stops += 1
            if stop["match"]:
                return
            passed.append(stop["where"][:60])
        raise AssertionError(f"{selector} is not reached with Tab on {self.page.url}; stops: {passed}")

    def stop(self, selector: str) -> dict[str, Any]:
        """Where the focus is. What cannot be seen at once gets a moment: the skip link comes down from above the page.

        The waiting is done here, because in a page without script no frame ever calls back.
        """
        for _ in range(MOST_LOOKS):
            found: dict[str, Any] = self.page.evaluate(STOP, selector)
            if found["seen"]:
                break
            self.page.wait_for_timeout(10)
        return found

    def fill(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.type(text)

    def follow(self, selector: str) -> None:
        """Go to a link or button, press Enter and wait for the next page."""
        with self.page.expect_navigation():
            self.push(selector)

    def push(self, selector: str) -> None:
        """Go to a button and press Enter."""
        self.reach(selector)
        self.press("Enter")

    def choose(self, group: str, value: str) -> None:
        """Choose one of a group of radio buttons: Tab to the group, then the arrows, or the space bar for the first."""
        self.reach(group)
        for _ in range(20):
            if self.current()["value"] == value:
                self.press("Space")
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} is not among the answers of {group}")

    def tick(self, selector: str) -> None:
        self.reach(selector)
        self.press("Space")

    def select(self, selector: str, value: str) -> None:
        """Choose in a drop-down list with the arrows."""
        self.reach(selector)
        for _ in range(200):
            if self.current()["value"] == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} is not among the choices of {selector}")

    def current(self) -> dict[str, str]:
        found: dict[str, str] = self.page.evaluate(CURRENT)
        return found
