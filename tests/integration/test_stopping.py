"""Ctrl+C stops everything that was started, also when it comes while the site is still starting."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from lms.cli.site import STOP_SECONDS
from tests import nursery
from tests.server import free_port

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_alone]


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of a site that is ready to start."""
    folder = tmp_path_factory.mktemp("stopping")
    environ = nursery.environ_with({"LMS_ENV": "development", "LMS_DATA": str(folder)})
    assert nursery.command(["init"], environ).end().code == 0
    return environ


@pytest.mark.parametrize("moment", [0.0, 0.3, 0.8])
def test_ctrl_c_stops_a_site_that_is_still_starting(environ: dict[str, str], moment: float) -> None:
    running = nursery.command(["run", "--port", str(free_port()), "--mail"], environ)
    until = time.monotonic() + 60
    while "Ctrl+C" not in Path(f"/proc/self/fd/{running.out.fileno()}").read_text():
        assert time.monotonic() < until and not running.born.is_over()
        time.sleep(0.005)
    time.sleep(moment)
    # As a terminal does: to all of them at once.
    running.born.send(signal.SIGINT)
    assert running.born.is_over(2 * STOP_SECONDS)
    told = running.end()
    said = told.out + told.errors
    assert "Traceback" not in said and "Aborted" not in said
