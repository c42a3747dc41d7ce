"""The files of the project's own history: read strictly, every mistake told with its line, totals exact."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lms.config import ROOT
from lms.content.history import ANSWERS, EVENTS, NOTES, TOTALS, read_history
from lms.content.history_models import HistoryContext, HistoryKind, Means, Selection, add_up
from lms.content.problems import ContentError

REAL = ROOT / "courses"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(REAL / "history", tmp_path / "history")
    return tmp_path


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_history(folder)
    return [str(problem) for problem in caught.value.problems]


def replace(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text()
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1))


def total(kind: HistoryKind, counts: Means | None = None, **more: object) -> int:
    history = read_history(REAL)
    return add_up(Selection.model_validate({"kind": kind, "counts": counts, **more}), history.events, history.answers)


def test_the_totals_of_the_report_are_reproduced_exactly() -> None:
    assert total(HistoryKind.WITH_YOUNGSTERS, Means.YOUNGSTERS) == 88
    assert total(HistoryKind.WITH_YOUNGSTERS) == 15
    assert total(HistoryKind.WITH_PARTNER) == 28
    assert [total(HistoryKind.WITH_SCHOOL, context=one) for one in HistoryContext] == [6, 1, 5]
    assert [total(HistoryKind.SURVEY, Means.FORMS, trajectory=run) for run in (1, 2)] == [109, 208]
    sessions = {
        (detail, means): total(HistoryKind.FIRST_RUN, means, detail=detail)
        for detail in ("Sessie 1: Infosessie", "Sessie 2: Identiteit", "Sessie 3: Kennismaking UCLL")
        for means in (Means.YOUNGSTERS, Means.FACILITATORS)
    }
    assert list(sessions.values()) == [10, 5, 18, 0, 3, 0]
    history = read_history(REAL)
    network = [event.counts for event in history.events if event.kind is HistoryKind.NETWORK]
    assert [sum(count for _, count in counts) for counts in network] == [28, 35, 36, 0]
    second = [sum(n for _, n in event.counts) for event in history.events if event.kind is HistoryKind.SECOND_RUN]
    assert second == [27, 67, 17, 26, 33, 38, 3, 2, 101, 5, 7]


def test_the_survey_is_that_of_the_report() -> None:
    history = read_history(REAL)
    intention = {(row.context.value, row.answer): row.count for row in history.answers if row.question == "intentie"}
    assert intention == {
        ("cvo", "ja"): 43, ("cvo", "misschien"): 42, ("cvo", "nee"): 12,
        ("so", "ja"): 93, ("so", "misschien"): 43, ("so", "nee"): 61,
    }  # fmt: skip
    by_context = {
        context: sum(count or 0 for (name, _), count in intention.items() if name == context)
        for context in ("so", "cvo")
    }
    assert by_context == {"so": 197, "cvo": 97} and sum(by_context.values()) == 294
    assert [row.count for row in history.answers if row.answer == "twijfel aan eigen kunnen"] == [11, None]


def test_what_does_not_add_up_is_known_and_has_a_footnote() -> None:
    history = read_history(REAL)
    differing = {
        one.id: (one.published, history.found[one.id])
        for one in history.totals
        if history.found[one.id] != one.published
    }
    assert differing == {"gesprekken": (40, 55), "intentie-bevraagd": (294, 317)}
    assert all(one.notes for one in history.totals if one.id in differing)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (EVENTS, "id,kind", "id,soort", "events.csv:1: de kolommen kloppen niet"),
        (EVENTS, "partner-01,gesprek-partner", "partner-01,praatje", "events.csv:2: kolom kind: ‘praatje’ is onbekend"),
        (EVENTS, "2023-06-07", "07/06/2023", "events.csv:2: kolom day: ‘07/06/2023’ is geen dag"),
        (EVENTS, "2023-06-07", "2023-02-30", "events.csv:2: kolom day"),
        (EVENTS, "2023-06-07", "0203-06-07", "events.csv:2: kolom day"),
        (EVENTS, "partner-02", "partner-01", "events.csv:3: ‘partner-01’ staat er twee keer"),
        (EVENTS, "Beringen,5,jongeren", "Beringen,vijf,jongeren", "kolom count: ‘vijf’ is geen aantal"),
        (EVENTS, "Beringen,5,jongeren", "Beringen,-5,jongeren", "kolom count: ‘-5’ is geen aantal"),
        (EVENTS, "Beringen,5,jongeren", "Beringen,5,", "een aantal zonder wat het telt"),
        (EVENTS, "Beringen,5,jongeren", "Beringen,6,jongeren", "totals.yaml:3: Jongeren in gesprekken: de rijen tellen op tot 89, verwacht 88"),
        (EVENTS, "OverKop/Arktos Beringen", "", "events.csv:2: kolom name: de cel is leeg"),
        (EVENTS, "OverKop/Arktos Beringen", "x" * 201, "events.csv:2: kolom name: de tekst is 201 tekens"),
        (EVENTS, "OverKop/Arktos Beringen", "OverKop\x00", "events.csv:2: er staat een onzichtbaar teken"),
        (EVENTS, "OverKop/Arktos Beringen", '"OverKop', "aanhalingstekens kloppen niet"),
        (EVENTS, "OverKop/Arktos Beringen", "OverKop,Arktos", "events.csv:2: er staan 15 cellen"),
        (EVENTS, ",bilzen", ",leuven", "voetnoot ‘leuven’ bestaat niet"),
        (EVENTS, "bevraagd-01,bevraging,1", "bevraagd-01,bevraging,3", "traject 3 bestaat niet"),
        (ANSWERS, "44.3", "44.4", "answers.csv:2: kolom share: 44.4 % klopt niet, verwacht 44.3"),
        (ANSWERS, "cvo,97,intentie,ja,43", "cvo,97,intentie,ja,98", "98 antwoorden van 97 bevraagden"),
        (ANSWERS, "cvo,97,intentie,ja", "mbo,97,intentie,ja", "answers.csv:2: kolom context: ‘mbo’ is onbekend"),
        (NOTES, "tables: [gesprek-partner, gesprek-jongeren", "tables: [partners, gesprek-jongeren", "tabel ‘partners’ bestaat niet"),
        (NOTES, "- id: bilzen", "- id: bilsen", "voetnoot ‘bilzen’ bestaat niet"),
        (TOTALS, "published: 88", "published: 89", "de rijen tellen op tot 88, verwacht 89"),
        (TOTALS, "published: 88", "published: veel", "totals.yaml:3"),
        (TOTALS, ", notes: [gesprekken-40]", "", "Gesprekken samen, zoals de tekst zegt: de rijen tellen op tot 55"),
        (TOTALS, "id: jongeren,", "id: gesprekken,", "‘gesprekken’ staat er twee keer"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_with_its_line(folder: Path, file: str, old: str, new: str, told: str) -> None:
    replace(folder, file, old, new)
    found = "\n".join(problems_of(folder))
    assert told in found, found
    assert all(line.startswith("history/") for line in found.splitlines())


def test_a_footnote_that_nothing_refers_to_is_a_mistake(folder: Path) -> None:
    path = folder / NOTES
    path.write_text(path.read_text() + "- id: wees\n  text: Niemand kijkt.\n")
    assert "niets verwijst naar voetnoot ‘wees’" in "\n".join(problems_of(folder))


def test_all_mistakes_are_told_at_once_and_a_missing_file_too(folder: Path) -> None:
    replace(folder, EVENTS, "partner-01,gesprek-partner", "partner-01,praatje")
    replace(folder, EVENTS, "2023-06-08", "gisteren")
    (folder / TOTALS).unlink()
    found = problems_of(folder)
    assert len(found) == 3 and any(line.startswith("history/totals.yaml:1: het bestand ontbreekt") for line in found)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x89PNG\r\n", b"", b"id\n", b"x" * 1_000_001])
def test_what_is_no_table_at_all_is_refused(folder: Path, content: bytes) -> None:
    (folder / EVENTS).write_bytes(content)
    assert any(line.startswith("history/events.csv:1:") for line in problems_of(folder)) or content == b""
