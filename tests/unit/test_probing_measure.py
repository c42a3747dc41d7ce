"""Measuring the rules on a labelled file, and the two commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import main
from lms.didactics.probing.measure import measure, read_rows
from lms.errors import Invalid

HEADER = "answer,question,type,stacked,blaming,judging,uptake\n"
GOOD = HEADER + 'Ik teken.,"Wat teken je?",open,0,0,0,1\nIk teken.,Teken je vaak?,open,0,0,0,1\n'


def test_each_label_is_counted_and_types_are_set_against_each_other() -> None:
    result = measure(read_rows(GOOD.encode()))
    assert (result.rows, result.accuracy("type"), result.accuracy("uptake")) == (2, 0.5, 1.0)
    assert result.confusion == {("open", "open"): 1, ("open", "gesloten"): 1}


def test_columns_may_stand_in_any_order_with_others_between_and_a_byte_order_mark() -> None:
    text = "extra;uptake;type;question;answer;stacked;judging;blaming\r\nx;1;open;Wat teken je?;Ik teken.;0;0;0\r\n"
    assert measure(read_rows(b"\xef\xbb\xbf" + text.encode())).accuracy("type") == 1.0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "regel 1: deze kolommen ontbreken"),
        (b"answer,question\na,b\n", "type, stacked, blaming, judging, uptake"),
        (HEADER.encode(), "geen rijen"),
        (HEADER.encode() + b"a,b,half,0,0,0,0\n", "regel 2, kolom type: 'half'"),
        (HEADER.encode() + b"a,b,open,0,ja,0,0\n", "regel 2, kolom blaming: 'ja' moet 0 of 1 zijn"),
        (HEADER.encode() + b"a,b,open\n", "regel 2: deze rij heeft niet evenveel kolommen"),
        (HEADER.encode() + b"a,b,open,0,0,0,0,teveel\n", "regel 2: deze rij heeft niet evenveel kolommen"),
        (HEADER.encode() + b'a,"b,open,0,0,0,0\n', "geldige CSV"),
        (b"\x89PNG\r\n\x1a\n\x00", "UTF-8"),
        (HEADER.encode("utf-16"), "UTF-8"),
        (HEADER.encode() + b"a\x00,b,open,0,0,0,0\n", "geen tekstbestand"),
    ],
)
def test_a_bad_file_says_what_is_wrong_and_where(content: bytes, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_rows(content)
    assert says in caught.value.message


def test_the_command_prints_a_line_per_label_and_the_matrix(tmp_path: Path) -> None:
    file = tmp_path / "set.csv"
    file.write_text(GOOD, encoding="utf-8")
    result = CliRunner().invoke(main, ["measure-probing", str(file)])
    assert result.exit_code == 0
    assert result.output.splitlines()[:5] == [
        "type 0.500 2", "stacked 1.000 2", "blaming 1.000 2", "judging 1.000 2", "uptake 1.000 2",
    ]  # fmt: skip
    assert result.output.splitlines()[-4].split() == ["open", "1", "1", "0", "0"]


@pytest.mark.parametrize("content", [None, b"a,b\n1,2\n"])
def test_the_command_ends_with_one_on_a_bad_file_and_names_it(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "set.csv"
    if content is not None:
        file.write_bytes(content)
    result = CliRunner().invoke(main, ["measure-probing", str(file)])
    assert result.exit_code == 1
    assert result.output.startswith(str(file)) and "Traceback" not in result.output


def test_the_command_measures_one_set_only(tmp_path: Path) -> None:
    file = tmp_path / "set.csv"
    file.write_text(
        HEADER.strip() + ",set\nIk teken.,Wat teken je?,open,0,0,0,1,a\nx,y,open,0,0,0,1,b\n", encoding="utf-8"
    )
    assert CliRunner().invoke(main, ["measure-probing", str(file), "--set", "a"]).output.startswith("type 1.000 1\n")
    result = CliRunner().invoke(main, ["measure-probing", str(file), "--set", "c"])
    assert (result.exit_code, "geen rijen met 'c'" in result.output) == (1, True)


def test_probe_prints_the_verdict_as_json() -> None:
    result = CliRunner().invoke(main, ["probe", "--answer", "Ik teken.", "--question", "Teken je vaak?"])
    verdict = json.loads(result.output)
    assert (verdict["type"], verdict["uptake"], len(verdict["findings"])) == ("gesloten", True, 5)
