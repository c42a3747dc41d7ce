/* What a page must keep, looked at inside it. Given: axe. Each check gives sentences about what is wrong. */
(() => {
  const sheetOf = (text) => {
    // A sheet made by script is no inline style, so the policy of the page stays as it is.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  };

  // With nothing on its way, a new colour scheme or width counts from the first look at a style.
  document.adoptedStyleSheets.push(
    sheetOf("*, *::before, *::after { transition: none !important; animation: none !important; }"));

  // What WCAG 1.4.12 lets a reader set.
  const spaced = sheetOf(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);

  // Axe reads the colours of every element from text again, half of its work; a page has a dozen different ones.
  const Color = axe.commons.color.Color, parse = Color.prototype.parseString, known = new Map();
  Color.prototype.parseString = function (text) {
    const made = known.get(text);
    if (made) return Object.assign(this, made);
    parse.call(this, text);
    known.set(text, {r: this.r, g: this.g, b: this.b, alpha: this.alpha});
    return this;
  };

  const TARGETS = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]';
  // What somebody presses to get on, on a phone that may be in one hand: everything but links in a text or a list.
  const MAIN_CONTROLS = `button, input:not([type="hidden"]), select, textarea, summary, a.btn, a.chip, .menu a,
    .pages a, .topbar a.brand`;

  const askAxe = async (options) => {
    const found = await axe.run(document, {resultTypes: ["violations"], ...options});
    return found.violations.flatMap((rule) => rule.nodes.map((node) => {
      const why = [...node.any, ...node.all].map((check) => check.message).join("; ");
      return `axe ${rule.id}: ${node.html.slice(0, 160)} (${why})`;
    }));
  };

  // Links inside a sentence are excepted (WCAG 2.5.8). A control inside a label has that label as its target.
  const smallTargets = (least, query) => {
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
        bad.push(`under ${least} px: ${control.outerHTML.slice(0, 120)}: ${Math.round(box.width)} x ${Math.round(box.height)}`);
    }
    return bad;
  };

  // The box that hides a part of this piece of text, or "the window"; empty when all of it can be read.
  const hiddenBy = (box, parent) => {
    if (box.left < -1 || box.right > innerWidth + 1) return "the window";
    for (let up = parent; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX === "auto" || style.overflowX === "scroll") return "";
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const frame = up.getBoundingClientRect();
      if (frame.width <= 1) return "";
      if (box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 2)
        return `${up.tagName}.${up.className}`;
    }
    return "";
  };

  // Text outside the window, or cut off by a box around it. Text for screen readers alone is cut off on purpose.
  const cutOff = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const bad = [];
    while (walker.nextNode()) {
      const node = walker.currentNode, parent = node.parentElement;
      if (!node.data.trim() || !parent.checkVisibility({visibilityProperty: true})) continue;
      if (parent.closest(".sr, .lbl, .skip, option, [popover]:not(:popover-open)")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
      const out = boxes.map((box) => hiddenBy(box, parent)).find(Boolean);
      if (out) bad.push(`"${node.data.trim().slice(0, 40)}" sticks out of ${out}`);
    }
    return bad;
  };

  // Whether the page scrolls sideways, and which text cannot be read as a whole.
  const reflow = () => {
    const root = document.documentElement, tooWide = root.scrollWidth - root.clientWidth;
    return [...(tooWide > 0 ? [`scrolls sideways by ${tooWide} px`] : []), ...cutOff()];
  };

  const shape = () => [...smallTargets(24, TARGETS), ...reflow()];

  const phone = () => {
    const small = smallTargets(44, MAIN_CONTROLS);
    document.adoptedStyleSheets.push(spaced);
    const wrong = reflow().map((line) => `with wide spacing: ${line}`);
    document.adoptedStyleSheets.pop();
    return [...small, ...wrong];
  };

  // ``parts``: what to look at beside the rules of axe, "shape" and "phone".
  const look = async (options, parts) =>
    [...await askAxe(options), ...parts.flatMap((part) => ({shape, phone})[part]())];

  return {look};
})()
