"""The shelf of static files: one style sheet, two small fonts, scripts; compressed and named by content.

Everything is made from ``lms/static`` and the font packages of the environment, into a folder whose name
is the fingerprint of its sources. So a browser may keep a file for a year, and a new release gets new
addresses. Nothing is fetched and there is no build step: making it takes a second, once per change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import fontpkg_bricolage_grotesque
import fontpkg_figtree
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from whitenoise.compress import Compressor

SOURCE = Path(__file__).resolve().parent.parent / "static"

# The order of the cascade layers; see lms/static/css/tokens.css.
SHEET = ("tokens", "base", "components", "print", "utilities")

# Latin with the letters of Dutch, French and Turkish names, and the signs our texts use.
LETTERS = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)])) + "ĞğİıŞşŒœŸ\u2009\u202f–—‘’“”„•…€→←−"

# The weights that the PDF templates use.
PDF_FONTS = (
    ("Figtree", {"wght": 400}),
    ("Figtree", {"wght": 700}),
    ("Bricolage Grotesque", {"wght": 700, "opsz": 24, "wdth": 100}),
)


def shelf_folder() -> Path:
    """Where made assets live: inside the environment, beside the packages they come from."""
    return Path(sys.prefix) / "share" / "lms"


def make_assets() -> tuple[str, Path]:
    """Make the assets unless they are there; gives their fingerprint and folder. Safe to call from many processes."""
    pdf_fonts()
    fingerprint = _fingerprint()
    target = shelf_folder() / fingerprint
    if target.is_dir():
        return fingerprint, target
    shelf_folder().mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=shelf_folder()))
    shutil.copytree(SOURCE, draft, dirs_exist_ok=True)
    sheets = [(draft / "css" / f"{name}.css") for name in SHEET]
    text = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets if sheet.exists())
    for sheet in sheets:
        sheet.unlink(missing_ok=True)
    (draft / "css" / "app.css").write_text(text, encoding="utf-8")
    shutil.copytree(_fonts(), draft / "fonts", dirs_exist_ok=True)
    compressor = Compressor(quiet=True, extensions=["woff2", "png"])
    for path in sorted(draft.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            compressor.compress(str(path))
    draft.chmod(0o755)
    try:
        os.replace(draft, target)
    except OSError:
        # Another process was first; its folder has the same content.
        shutil.rmtree(draft, ignore_errors=True)
    return fingerprint, target


def _fingerprint() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update(_font_version().encode())
    return digest.hexdigest()[:12]


def _font_version() -> str:
    return " ".join(metadata.version(name) for name in ("fontpkg-figtree", "fontpkg-bricolage-grotesque"))


def _fonts() -> Path:
    """The two typefaces as small woff2 files, made once per version of the font packages."""
    key = hashlib.sha256((_font_version() + LETTERS).encode()).hexdigest()[:12]
    folder = shelf_folder() / f"fonts-{key}"
    if folder.is_dir():
        return folder
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=shelf_folder()))
    figtree = TTFont(next((fontpkg_figtree.ROOT / "files").glob("Figtree[[]*.ttf")))
    instancer.instantiateVariableFont(figtree, {"wght": (400, 700)}, inplace=True)
    _subset(figtree, draft / "figtree.woff2")
    bricolage = TTFont(next((fontpkg_bricolage_grotesque.ROOT / "files").glob("*.ttf")))
    instancer.instantiateVariableFont(bricolage, {"wght": 700, "opsz": 24, "wdth": 100}, inplace=True)
    _subset(bricolage, draft / "bricolage-700.woff2")
    draft.chmod(0o755)
    try:
        os.replace(draft, folder)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def pdf_fonts() -> Path:
    """The two typefaces as typst wants them: one file per weight, each under its plain family name.

    Typst takes a family that it does not know for a reason to use another typeface without a word, and a variable
    Bricolage calls itself by its largest size. The files hold every letter: typst keeps only those that a PDF uses.
    """
    key = hashlib.sha256((_font_version() + " ".join(map(repr, PDF_FONTS))).encode()).hexdigest()[:12]
    folder = shelf_folder() / f"pdf-fonts-{key}"
    if folder.is_dir():
        return folder
    shelf_folder().mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=shelf_folder()))
    for family, axes in PDF_FONTS:
        package = fontpkg_figtree if family == "Figtree" else fontpkg_bricolage_grotesque
        font = TTFont(next(path for path in (package.ROOT / "files").glob("*.ttf") if "Italic" not in path.name))
        instancer.instantiateVariableFont(font, axes, inplace=True)
        _rename(font, family, axes["wght"])
        font.save(draft / f"{family.replace(' ', '')}-{axes['wght']}.ttf")
    draft.chmod(0o755)
    try:
        os.replace(draft, folder)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


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
