"""What every page in every state must keep: no finding of axe, no sideways scroll, nothing cut off, large targets."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW, WIDE = 320, 1280

# The target size of WCAG 2.2 is a rule that axe leaves off unless it is asked for. Where there is room its work is
# done by SMALL_TARGETS, which forgives less.
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

RUN_AXE = """(options) => axe.run(document, {resultTypes: ["violations"], ...options})
  .then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 160)} (${[...node.any, ...node.all].map((check) => check.message).join("; ")})`)))"""

# With nothing on its way, a new colour scheme or width counts from the first look at a style.
# A sheet made by script is no inline style, so the policy of the page stays as it is.
STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important; }");
  document.adoptedStyleSheets = [sheet];
}"""

# Axe reads the colours of every element from text again, half of its work; a page has a dozen different ones.
REMEMBER_COLOURS = """() => {
  const Color = axe.commons.color.Color, parse = Color.prototype.parseString, known = new Map();
  Color.prototype.parseString = function (text) {
    const made = known.get(text);
    if (made) return Object.assign(this, made);
    parse.call(this, text);
    known.set(text, {r: this.r, g: this.g, b: this.b, alpha: this.alpha});
    return this;
  };
}"""

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

# Text outside the window, or cut off by a box around it. Text for screen readers alone is cut off on purpose.
CUT_OFF = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const bad = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !parent.checkVisibility({visibilityProperty: true})) continue;
    if (parent.closest(".sr, .lbl, .skip, option, [popover]:not(:popover-open)")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width === 0) continue;
      let out = box.left < -1 || box.right > innerWidth + 1 ? "the window" : "";
      for (let up = parent; up && up !== document.body && !out; up = up.parentElement) {
        const style = getComputedStyle(up);
        if (style.overflowX === "auto" || style.overflowX === "scroll") break;
        if (style.overflowX === "visible" && style.overflowY === "visible") continue;
        const frame = up.getBoundingClientRect();
        if (frame.width <= 1) break;
        if (box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 2)
          out = up.tagName + "." + up.className;
      }
      if (out) { bad.push(`"${node.data.trim().slice(0, 40)}" sticks out of ${out}`); break; }
    }
  }
  return bad;
}"""

# Links inside a sentence are excepted (WCAG 2.5.8). A control inside a label has that label as its target.
SMALL_TARGETS = """([least, query]) => {
  const seen = new Set(), bad = [];
  for (const control of document.querySelectorAll(query)) {
    const target = control.closest("label") ?? control;
    if (seen.has(target) || !control.checkVisibility({visibilityProperty: true})) continue;
    seen.add(target);
    const style = getComputedStyle(control);
    if (control.tagName === "A" && style.display === "inline") {
      const block = control.closest("p, li, td, th, dd, div, span.flash");
      if (block.textContent.trim().length > control.textContent.trim().length + 3) continue;
    }
    const box = target.getBoundingClientRect();
    if (box.width < least || box.height < least)
      bad.push(`${control.outerHTML.slice(0, 120)}: ${Math.round(box.width)} x ${Math.round(box.height)}`);
  }
  return bad;
}"""

TARGETS = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]'
# What somebody presses to get on, on a phone that may be in one hand: everything but links in a text or a list.
MAIN_CONTROLS = """button, input:not([type="hidden"]), select, textarea, summary, a.btn, a.chip, .menu a, .pages a,
  .topbar a.brand"""

# What WCAG 1.4.12 lets a reader set.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets.push(sheet);
}"""
UNSPACED = "() => { document.adoptedStyleSheets.pop(); }"


@functools.cache
def axe_script() -> str:
    return str(Axe().axe_script)


def run_axe(page: Page, options: dict[str, Any] = EVERY_RULE) -> list[str]:
    """Every finding of axe on the page as it stands."""
    if not page.evaluate("() => 'axe' in window"):
        # Half a megabyte of script: Playwright would write it out twice, this way it goes once.
        tools = page.context.new_cdp_session(page)
        tools.send("Runtime.evaluate", {"expression": axe_script()})
        tools.detach()
        page.evaluate(REMEMBER_COLOURS)
    found: list[str] = page.evaluate(RUN_AXE, options)
    return found


def show(page: Page, width: int, scheme: Any) -> None:
    """Look at the page in another width and colour scheme."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


def findings(page: Page, *, looks: Sequence[tuple[int, str, dict[str, Any]]] = EVERY_LOOK) -> list[str]:
    """Everything that is wrong with the page in its present state, light and dark, narrow and wide."""
    wrong: list[str] = []
    page.evaluate(STILL)
    for width, scheme, rules in looks:
        show(page, width, scheme)
        wrong += [f"{width} {scheme}: axe {line}" for line in run_axe(page, rules)]
        if rules is not COLOUR_RULES:
            wrong += [f"{width}: too small: {line}" for line in page.evaluate(SMALL_TARGETS, [24, TARGETS])]
            wrong += [f"{width}: {line}" for line in reflow(page)]
    wrong += [f"{NARROW}: under 44 px: {line}" for line in page.evaluate(SMALL_TARGETS, [44, MAIN_CONTROLS])]
    page.evaluate(SPACED)
    wrong += [f"{NARROW} with wide spacing: {line}" for line in reflow(page)]
    page.evaluate(UNSPACED)
    return wrong


def reflow(page: Page) -> list[str]:
    """Whether the page scrolls sideways, and which text cannot be read as a whole."""
    too_wide = page.evaluate(SIDEWAYS)
    wrong = [f"scrolls sideways by {too_wide} px"] if too_wide > 0 else []
    cut: list[str] = page.evaluate(CUT_OFF)
    return wrong + cut
