"""``lms plan`` for people and programs."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from lms.cli import main


def ask(*words: str) -> Result:
    return CliRunner().invoke(main, ["plan", *words])


def test_a_plan_is_printed_in_the_agreed_form() -> None:
    result = ask("studiekeuze", "--hours", "50,50")
    assert result.exit_code == 0 and result.stderr == ""
    plan = json.loads(result.stdout)
    assert list(plan) == ["blocks", "total", "cuts"]
    assert all(list(block) == ["id", "minutes", "hour", "status"] for block in plan["blocks"])
    assert plan["total"] == sum(block["minutes"] for block in plan["blocks"]) == 100
    assert {block["status"] for block in plan["blocks"]} == {"kept", "mini"}
    assert all(list(cut) == ["id", "kind", "from", "to", "text"] for cut in plan["cuts"])
    assert {block["hour"] for block in plan["blocks"]} == {1, 2}


def test_one_stretch_of_time_is_one_hour() -> None:
    assert ask("talenten", "--minutes", "50").stdout == ask("talenten", "--hours", "50").stdout


def test_impossible_is_code_two_with_the_reason() -> None:
    result = ask("wie-ben-jij", "--minutes", "20")
    assert result.exit_code == 2
    assert "Voor Heden: wie ben ik? (minstens 8 minuten) is geen plaats." in result.stderr
    assert json.loads(result.stdout) == {"reason": result.stderr.strip()}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["vijf", "--minutes", "50"], 'De sessie "vijf" bestaat niet. Kies uit: wie-ben-jij, talenten'),
        (["talenten", "--minutes", "0"], "Een lesuur duurt 1 tot 600 minuten."),
        (["talenten", "--minutes", "10000"], "Een lesuur duurt 1 tot 600 minuten."),
        (["talenten", "--minutes", "601"], "Een lesuur duurt 1 tot 600 minuten."),
        (["talenten", "--minutes=-5"], "Geef hele minuten"),
        (["talenten", "--minutes", "1e2"], "Geef hele minuten"),
        (["talenten", "--minutes", "٥٠"], "Geef hele minuten"),
        (["talenten", "--hours", "50,,50"], "Geef hele minuten"),
        (["talenten", "--hours", ""], "Geef hele minuten"),
        (["talenten", "--hours", "50,50,50,50,50"], "hoogstens 4 lesuren"),
        (["talenten"], "Geef --minutes (zoals 50) of --hours (zoals 50,50)"),
        (["talenten", "--minutes", "50", "--hours", "50"], "niet allebei"),
        (["talenten", "--minutes", "50,50"], "Geef --minutes (zoals 50) of --hours"),
    ],
)
def test_what_cannot_be_planned_is_told_in_dutch_with_code_one(words: list[str], says: str) -> None:
    result = ask(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in result.stderr
