"""What every page in every state must keep: no finding of axe, no sideways scroll, nothing cut off, large targets."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

NARROW, WIDE = 320, 1280

# The target size of WCAG 2.2 is a rule that axe leaves off unless it is asked for. Where there is room its work is
# done by ``smallTargets``, which forgives less.
EVERY_RULE: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}}
USUAL_RULES: dict[str, Any] = {}
# The dark scheme changes nothing but colours.
COLOURS = ("color-contrast", "link-in-text-block")
COLOUR_RULES: dict[str, Any] = {"runOnly": {"type": "rule", "values": COLOURS}}
# What a narrow page hides or shows is the same in all its states, so a further one is asked for colours and targets.
NARROW_RULES: dict[str, Any] = {"runOnly": {"type": "rule", "values": [*COLOURS, "target-size"]}}

# The last look is always at the narrow page. In another state of the same page, two looks see both widths and schemes.
EVERY_LOOK = (
    (WIDE, "light", USUAL_RULES), (WIDE, "dark", COLOUR_RULES), (NARROW, "light", COLOUR_RULES),
    (NARROW, "dark", EVERY_RULE),
)  # fmt: skip
TWO_LOOKS = ((WIDE, "light", USUAL_RULES), (NARROW, "dark", NARROW_RULES))

# What a page may be looked at for beside the rules of axe: as it is, and as on a phone with wide spacing.
SHAPE, PHONE = "shape", "phone"


@functools.cache
def checks_script() -> str:
    """The function ``makeChecks``: half a megabyte, of which nothing is read before somebody calls it."""
    own = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return f"globalThis.makeChecks = () => {{ {Axe().axe_script}\nreturn (\n{own}); }};"


def bring_checks(context: BrowserContext) -> None:
    """Have every page of this browser bring the checks along: to hand them over page by page is half of a look."""
    context.add_init_script(checks_script())


def look(page: Page, options: dict[str, Any] = EVERY_RULE, parts: Sequence[str] = ()) -> list[str]:
    """Every finding of axe, and of these parts of our own, on the page as it stands."""
    call = "([options, parts]) => globalThis.makeChecks && (globalThis.checks ??= makeChecks()).look(options, parts)"
    found: list[str] | None = page.evaluate(call, [options, list(parts)])
    if found is None:
        page.evaluate(checks_script())
        found = page.evaluate(call, [options, list(parts)])
    assert found is not None
    return found


def show(page: Page, width: int, scheme: Any) -> None:
    """Look at the page in another width and colour scheme."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


def findings(page: Page, *, looks: Sequence[tuple[int, str, dict[str, Any]]] = EVERY_LOOK) -> list[str]:
    """Everything that is wrong with the page in its present state, light and dark, narrow and wide."""
    wrong: list[str] = []
    for number, (width, scheme, rules) in enumerate(looks, 1):
        show(page, width, scheme)
        parts = [SHAPE] if rules is not COLOUR_RULES else []
        parts += [PHONE] if number == len(looks) else []
        wrong += [f"{width} {scheme}: {line}" for line in look(page, rules, parts)]
    return wrong
