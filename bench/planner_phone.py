"""How long the planner takes on a slow phone to show one minute more: script, style and layout, in milliseconds.

    python bench/planner_phone.py

A real Chromium of 390 px wide, its processor slowed down four times, presses + and − a hundred times per session.
Exit code 1 when the middle one of a session takes longer than a frame of 16 ms.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, sync_playwright

from bench.site import HOST, fill_site, free_port, server, site_environment

FRAME_MS = 16.0
SLOWER = 4
PRESSES = 100
SESSIONS = ("wie-ben-jij", "talenten", "studiekeuze", "leven-als-student")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
# Asking for a height makes the browser do all the layout that the change costs, inside the measured time.
PRESS = """(presses) => {
  const buttons = [...document.querySelectorAll('[data-stepper] button')];
  const more = buttons.find((one) => one.id.startsWith('plus-') && !one.disabled);
  const less = document.getElementById(more.id.replace('plus-', 'min-'));
  return Array.from({ length: presses }, (_, turn) => {
    const start = performance.now();
    (turn % 2 ? less : more).click();
    document.body.getBoundingClientRect();
    return performance.now() - start;
  });
}"""


def measure(page: Page, address: str) -> list[float]:
    page.goto(address)
    page.locator("[data-stepper]").first.wait_for()
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    times: list[float] = page.evaluate(PRESS, PRESSES)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return times


def main() -> int:
    port = free_port()
    base, slowest = f"http://{HOST}:{port}", 0.0
    with tempfile.TemporaryDirectory() as folder:
        environ = site_environment(Path(folder), port)
        fill_site(environ, 0)
        with (
            server(["-m", "lms", "run", "--port", str(port), "--workers", "1"], port, environ),
            sync_playwright() as play,
        ):
            found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
            browser = play.chromium.launch(executable_path=found, args=FLAGS.split())
            page = browser.new_page(viewport={"width": 390, "height": 844})
            page.goto(f"{base}/aanmelden")
            page.get_by_role("button", name="open pakket").click()
            for slug in SESSIONS:
                times = measure(page, f"{base}/pakket/planner/{slug}?uren=2+%C3%97+60&start=10.25")
                slowest = max(slowest, median(times))
                print(f"{slug:<20} middle {median(times):6.2f} ms   slowest {max(times):6.2f} ms")
            browser.close()
    print(f"a processor {SLOWER} times slower, {PRESSES} presses per session; a frame is {FRAME_MS} ms")
    return 0 if slowest <= FRAME_MS else 1


if __name__ == "__main__":
    sys.exit(main())
