"""How long it takes to set each PDF, and how much memory that leaves behind: ``python -m bench.pdf``.

Processor time of this process alone, so a busy machine does not change it much; nothing comes from a cache.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from lms.config import ROOT, Config
from lms.content.reader import read_library
from lms.learning.rules.completion import attested_course
from lms.pack.rules import fiche_lines, fiche_words
from lms.pack.rules.sheets import sheet_words
from lms.web.pdf import make_pdf, qr_svg

ROUNDS = 15


def memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1_000_000


def measure(name: str, make: Callable[[], bytes]) -> None:
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        pdf = make()
        times.append(1000 * (time.process_time() - start))
    print(
        f"{name:<22} {statistics.median(times):>6.0f} {max(times):>6.0f} {len(pdf) // 1000:>5} kB{memory_mb():>6.0f} MB"
    )


def main() -> None:
    app = Flask("bench")
    app.config["LMS"] = Config(environment="development")
    library = read_library(ROOT / "courses")
    course = attested_course(library.course)
    attest = {
        "title": "Attest van Demo Klaar", "name": "Demo Klaar", "course": course.title, "hours": "2 uur",
        "done_before": "de online navorming", "done_after": "volgde en afrondde op 1 oktober 2026",
        "objectives": course.objectives, "number": "x" * 22, "issued": "1 oktober 2026", "issuer": "Demo",
        "check": f"https://navorming.example/attest/{'x' * 22}",
    }  # fmt: skip
    print(f"{'pdf':<22} median  worst   size      memory, from {memory_mb():.0f} MB")
    with app.app_context():
        measure("attest", lambda: make_pdf("attest", attest | {"qr": qr_svg(attest["check"])}))
        for session in library.sessions:
            if session.sheet is not None:
                measure(
                    f"blad {session.slug}",
                    lambda session=session: make_pdf("sheet", sheet_words(session, session.sheet)),
                )
            measure(
                f"fiche {session.slug}",
                lambda session=session: make_pdf("fiche", fiche_words(session, fiche_lines(session))),
            )


if __name__ == "__main__":
    main()
