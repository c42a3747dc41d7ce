"""How long judging one bijvraag takes: ``.venv/bin/python -m bench.probing``.

Judges every row of the labelled set a number of times and gives the median and the slowest in milliseconds, rewrite
included; then one turn of 5,000 characters.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from lms.didactics.probing import judge_question
from lms.didactics.probing.measure import read_rows

DATA = Path(__file__).resolve().parent.parent / "tests" / "data" / "probing.csv"
ROUNDS = 5


def milliseconds(answer: str, question: str) -> float:
    begin = time.perf_counter()
    judge_question(answer, question)
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    rows = read_rows(DATA.read_bytes())
    times = [min(milliseconds(row.answer, row.question) for _ in range(ROUNDS)) for row in rows]
    print(f"{len(times)} questions: median {statistics.median(times):.2f} ms, slowest {max(times):.2f} ms")
    long = "Wat deed je daar dan en hoe kwam dat, want je moet toch weten wat je wil? " * 68
    print(f"{len(long)} characters: {milliseconds(long, long):.0f} ms")


if __name__ == "__main__":
    main()
