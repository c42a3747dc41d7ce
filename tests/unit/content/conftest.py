"""A small content folder in which nothing is wrong, to be broken by the tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

GOOD = Path(__file__).parent / "good"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the good content folder."""
    return Path(shutil.copytree(GOOD, tmp_path / "courses"))
