"""Making the two typefaces small enough for a page and plain enough for a PDF, from the font packages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import fontpkg_bricolage_grotesque
import fontpkg_figtree
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# Latin with the letters of Dutch, French and Turkish names, and the signs our texts use.
LETTERS = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)])) + "ğĞİıŞşŒœŸ\u2009\u202f–—‘’“”„•…€→←−"

# The weights that the PDF templates use.
PDF_FONTS = (
    ("Figtree", {"wght": 400}),
    ("Figtree", {"wght": 700}),
    ("Bricolage Grotesque", {"wght": 700, "opsz": 24, "wdth": 100}),
)


def save_web_fonts(folder: Path) -> None:
    """Write the typefaces for pages, with the letters of ``LETTERS`` alone."""
    figtree = _instance("Figtree", {"wght": (400, 700)})
    _subset(figtree, folder / "figtree.woff2")
    bricolage = _instance("Bricolage Grotesque", {"wght": 700, "opsz": 24, "wdth": 100})
    _subset(bricolage, folder / "bricolage-700.woff2")


def save_pdf_fonts(folder: Path) -> None:
    """Write the typefaces for PDFs, one file per weight, each under its plain family name.

    Typst takes a family that it does not know for a reason to use another typeface without a word, and a variable
    Bricolage calls itself by its largest size. The files hold every letter: typst keeps only those that a PDF uses.
    """
    for family, axes in PDF_FONTS:
        font = _instance(family, axes)
        _rename(font, family, axes["wght"])
        font.save(folder / f"{family.replace(' ', '')}-{axes['wght']}.ttf")


def _instance(family: str, axes: Mapping[str, int | tuple[int, int]]) -> TTFont:
    """The upright variable font of a package, held to these values of its axes."""
    package = fontpkg_figtree if family == "Figtree" else fontpkg_bricolage_grotesque
    font = TTFont(next(path for path in (package.ROOT / "files").glob("*.ttf") if "Italic" not in path.name))
    instancer.instantiateVariableFont(font, axes, inplace=True)
    return font


def _rename(font: TTFont, family: str, weight: int) -> None:
    """Give a static font its family name and weight; what the variable font said of itself no longer holds."""
    postscript = f"{family.replace(' ', '')}-{weight}"
    for number in (16, 17, 21, 22, 25):
        font["name"].removeNames(nameID=number)
    for number, text in ((1, family), (2, "Regular"), (3, postscript), (4, f"{family} {weight}"), (6, postscript)):
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight


def _subset(font: TTFont, target: Path) -> None:
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga", "tnum", "mark", "mkmk", "ccmp", "locl"]
    subsetter = Subsetter(options)
    subsetter.populate(text=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
