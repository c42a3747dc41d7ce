"""The shelf of static files: one style sheet, two small fonts, scripts; compressed and named by content.

Everything is made from ``lms/static`` and the font packages of the environment, into a folder whose name
is the fingerprint of its sources. So a browser may keep a file for a year, and a new release gets new
addresses. Nothing is fetched and there is no build step: making it takes a second, once per change.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import ModuleType

from whitenoise.compress import Compressor

SOURCE = Path(__file__).resolve().parent.parent / "static"

# The order of the cascade layers; see lms/static/css/tokens.css.
SHEET = ("tokens", "base", "components", "print", "utilities")


def shelf_folder() -> Path:
    """Where made assets live: inside the environment, beside the packages they come from."""
    return Path(sys.prefix) / "share" / "lms"


def make_assets() -> tuple[str, Path]:
    """Make the assets unless they are there; gives their fingerprint and folder. Safe to call from many processes."""
    pdf_fonts()
    fingerprint = _fingerprint()
    return fingerprint, _kept(fingerprint, _fill)


def _kept(name: str, fill: Callable[[Path], None]) -> Path:
    """The folder ``name`` of the shelf; when it is not there yet, ``fill`` is given an empty one to fill."""
    target = shelf_folder() / name
    if target.is_dir():
        return target
    shelf_folder().mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=shelf_folder()))
    fill(draft)
    draft.chmod(0o755)
    try:
        os.replace(draft, target)
    except OSError:
        # Another process was first; its folder has the same content.
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _fill(draft: Path) -> None:
    shutil.copytree(SOURCE, draft, dirs_exist_ok=True)
    sheets = [(draft / "css" / f"{name}.css") for name in SHEET]
    text = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets if sheet.exists())
    for sheet in sheets:
        sheet.unlink(missing_ok=True)
    (draft / "css" / "app.css").write_text(text, encoding="utf-8")
    for path in [*draft.rglob("*.css"), *draft.rglob("*.mjs"), *draft.rglob("*.js")]:
        path.write_text(without_comments(path.read_text(encoding="utf-8"), path.suffix), encoding="utf-8")
    shutil.copytree(_fonts(), draft / "fonts", dirs_exist_ok=True)
    compressor = Compressor(quiet=True, extensions=["woff2", "png"])
    for path in sorted(draft.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            compressor.compress(str(path))


def without_comments(text: str, suffix: str) -> str:
    """A style sheet or script without what is only there for whoever reads its source: it is a tenth of what travels.

    In a script only lines that are a comment as a whole, so nothing inside a string is touched.
    """
    if suffix == ".css":
        return re.sub(r"/\*.*?\*/\n?", "", text, flags=re.DOTALL)
    return re.sub(r"^[ \t]*//.*\n", "", text, flags=re.MULTILINE)


def _fingerprint() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update(_font_version().encode())
    return digest.hexdigest()[:12]


def _font_version() -> str:
    """Changes with the font packages and with what we make of them."""
    digest = hashlib.sha256((Path(__file__).parent / "typefaces.py").read_bytes())
    for name in ("fontpkg-figtree", "fontpkg-bricolage-grotesque"):
        digest.update(metadata.version(name).encode())
    return digest.hexdigest()[:12]


def _fonts() -> Path:
    """The two typefaces as small woff2 files."""
    return _kept(f"fonts-{_font_version()}", lambda draft: _typefaces().save_web_fonts(draft))


def pdf_fonts() -> Path:
    """The two typefaces as typst wants them: one file per weight, each under its plain family name."""
    return _kept(f"pdf-fonts-{_font_version()}", lambda draft: _typefaces().save_pdf_fonts(draft))


def _typefaces() -> ModuleType:
    # Imported here because its library takes a fifth of a second, and nearly every start finds the typefaces made.
    from lms.web import typefaces

    return typefaces
