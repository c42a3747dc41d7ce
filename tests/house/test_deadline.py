"""A test that hangs does not hold up all others for ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lms.config import ROOT

STUCK = """
import time
def test_that_is_stuck(): time.sleep(20)
def test_that_is_next(): pass
"""


def test_a_test_that_hangs_is_named_and_the_others_go_on(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    assert pytestconfig.getini("faulthandler_timeout") > 0
    stuck = tmp_path / "test_stuck.py"
    stuck.write_text(STUCK)
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-o", "faulthandler_timeout=0.5"]
    command = [sys.executable, "-m", "pytest", *settings, "-n", "1", str(stuck)]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 1
    assert "crashed while running 'test_stuck.py::test_that_is_stuck'" in told.stdout
    assert "1 failed, 1 passed" in told.stdout
    # Where it was.
    assert f'File "{stuck}", line 3 in test_that_is_stuck' in told.stderr
