"""Every pair of colours that stands on a page can be read, in light and in dark, by the formula of WCAG 2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "lms" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
CSS = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "lms" / "static" / "css").glob("*.css")))

TEXT, CONTROL = 4.5, 3.0

# Text on its background, as the components use them.
TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "brand-soft"), ("ink", "lamp-soft"), ("ink", "good-soft"),
    ("ink", "bad-soft"), ("ink", "info-soft"), ("ink", "sky"), ("ink", "hill-1"),
    ("ink-2", "paper"), ("ink-2", "surface"), ("ink-2", "brand-soft"), ("ink-2", "sky"), ("ink-2", "hill-1"),
    ("ink-2", "lamp-soft"), ("ink-2", "good-soft"), ("ink-2", "bad-soft"), ("ink-2", "info-soft"),
    ("brand", "paper"), ("brand", "surface"), ("brand", "brand-soft"), ("brand-hover", "paper"),
    ("brand-hover", "surface"), ("brand-hover", "brand-soft"),
    ("on-brand", "brand"), ("on-brand", "brand-hover"),
    ("on-deep", "deep"), ("on-deep-2", "deep"), ("lamp", "deep"),
    ("on-deep", "deep-2"), ("on-deep-2", "deep-2"), ("lamp", "deep-2"),
    ("good", "paper"), ("good", "surface"), ("good", "good-soft"),
    ("bad", "paper"), ("bad", "surface"), ("bad", "bad-soft"),
    ("info", "paper"), ("info", "surface"), ("info", "info-soft"),
    ("lamp-text", "lamp-soft"), ("lamp-text", "surface"), ("on-lamp", "lamp"), ("on-lamp", "lamp-hover"),
    ("surface", "good"), ("surface", "bad"), ("surface", "info"), ("paper", "ink"), ("surface", "ink"),
]  # fmt: skip
# The border of a field, the ring of the focus, the fill of a bar.
CONTROL_PAIRS = [
    ("line-strong", "paper"), ("line-strong", "surface"), ("brand", "paper"), ("brand", "surface"),
    ("brand", "brand-soft"), ("lamp", "deep"), ("good", "paper"), ("good", "surface"), ("good", "line"),
    ("bad", "surface"),
]  # fmt: skip

# What the design page promises: light, dark.
PROMISED = {
    ("ink", "paper"): (15.25, 16.08), ("ink-2", "paper"): (7.10, 9.60), ("ink-2", "surface"): (7.61, 8.80),
    ("ink-2", "brand-soft"): (6.31, 7.26), ("brand", "paper"): (8.08, 9.78), ("brand", "brand-soft"): (7.18, 7.39),
    ("on-brand", "brand"): (8.65, 9.27), ("on-brand", "brand-hover"): (11.50, 11.74),
    ("on-deep", "deep"): (14.08, 14.89), ("on-deep-2", "deep"): (9.36, 9.90), ("ink-2", "sky"): (6.74, 8.72),
    ("ink-2", "hill-1"): (5.25, 6.60), ("good", "paper"): (6.39, 10.48), ("good", "good-soft"): (5.76, 7.49),
    ("bad", "paper"): (5.92, 9.35), ("bad", "bad-soft"): (5.28, 7.49), ("info", "paper"): (6.63, 10.52),
    ("info", "info-soft"): (5.98, 7.51), ("lamp-text", "lamp-soft"): (6.64, 8.76), ("on-lamp", "lamp"): (9.47, 10.18),
    ("lamp", "deep"): (8.89, 10.10), ("line-strong", "paper"): (3.96, 4.95), ("line-strong", "surface"): (4.24, 4.54),
}  # fmt: skip


def colours(css: str) -> dict[str, str]:
    """The tokens of a piece of CSS whose value is a plain colour."""
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})\s*;", css))


def schemes() -> dict[str, dict[str, str]]:
    light, _, dark = TOKENS.partition("@media (prefers-color-scheme: dark)")
    return {"light": colours(light), "dark": colours(light) | colours(dark)}


def luminance(colour: str) -> float:
    """How bright a colour is, from 0 to 1 (WCAG 2, relative luminance)."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_gives_the_known_values() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1


def test_both_schemes_are_read() -> None:
    light, dark = schemes()["light"], schemes()["dark"]
    assert len(light) >= 30
    assert light["paper"] != dark["paper"]
    assert set(light) == set(dark)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [(*pair, TEXT) for pair in TEXT_PAIRS] + [(*pair, CONTROL) for pair in CONTROL_PAIRS],
    ids=lambda value: str(value),
)
def test_a_pair_of_colours_can_be_told_apart(scheme: str, front: str, back: str, least: float) -> None:
    tokens = schemes()[scheme]
    assert contrast(tokens[front], tokens[back]) >= least


@pytest.mark.parametrize("number", [0, 1], ids=["light", "dark"])
def test_the_contrast_is_what_the_design_promises(number: int) -> None:
    tokens = list(schemes().values())[number]
    computed = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in PROMISED}
    wrong = {pair: value for pair, value in computed.items() if abs(value - PROMISED[pair][number]) > 0.011}
    assert not wrong


def test_the_lamp_is_never_a_colour_of_text_on_a_light_surface() -> None:
    """It has too little contrast there: about 1.6 to 1."""
    tokens = schemes()["light"]
    assert contrast(tokens["lamp"], tokens["paper"]) < CONTROL
    uses = re.findall(r"([^{}]*)\{[^{}]*[^-\w]color:\s*var\(--lamp\)", CSS)
    # The clock of a live session stands on the dark hill.
    dark = (".on-deep", ".deep", ".live-clock")
    assert all(any(name in selector for name in dark) for selector in uses), uses


def test_every_colour_comes_from_a_token() -> None:
    """A colour written out elsewhere would have no dark twin; drawings and paper have none on purpose."""
    allowed = {"#fff", "#000", "#e9a9d8", "#f4d9ec", "#24101f"}
    screen = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "lms" / "static" / "css").glob("*.css"))
        if path.name not in {"tokens.css", "print.css"}
    )
    found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", screen))
    assert found <= allowed, found - allowed
