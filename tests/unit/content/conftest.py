"""A small content folder in which nothing is wrong, to be broken by the tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

GOOD = Path(__file__).parent / "good"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the good content folder."""
    courses = Path(shutil.copytree(GOOD, tmp_path / "courses"))
    # Binary files do not belong in the repository; the reader only asks whether the image is there.
    (courses / "navorming/bijvragen/kring.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return courses
