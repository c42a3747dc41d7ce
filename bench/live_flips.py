"""Does each log of a live session arrive exactly once, through 200 flips, reloads, kills and lost replies?

    python bench/live_flips.py [count] [seed]

Exit code 1 when a log is missing or there twice. It starts the site on a database of its own.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import sync_playwright

import do
from tests.browser.conftest import SWITCHES
from tests.browser.flips import flips
from tests.browser.live import owner_of_plan
from tests.browser.site import Site, Visit


def main(count: int, seed: int) -> int:
    program = next(found for name in do.CHROMIUM if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, Site(Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        visit = Visit(site, browser.new_context(viewport={"width": 390, "height": 844}))
        person, plan = owner_of_plan(visit)
        wrong = flips(site, visit, person, plan, count=count, seed=seed)
        browser.close()
    print(f"{count} happenings, seed {seed}: {wrong or 'every log arrived once'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*(numbers + [200, 1][len(numbers) :])))
