"""The strict loader: nothing is guessed, every value knows its line, and both parsers behave alike."""

from __future__ import annotations

from typing import Any

import pytest

from lms.content import yaml
from lms.content.problems import Problem

BOTH = pytest.mark.parametrize("parser", [yaml.FAST_PARSER, yaml.PLAIN_PARSER], ids=["fast", "plain"])


def load(text: str, parser: Any = None) -> Any:
    problems: list[Problem] = []
    document = yaml.load(text, "f.yaml", problems, parser=parser)
    assert problems == []
    assert document is not None
    return document.data


@BOTH
@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("4.5", 4.5),
        ("-0.25", -0.25),
        ("True", "True"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("on", "on"),
        ("~", "~"),
        ("12:30", "12:30"),
        ("2025-11-23", "2025-11-23"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("017", "017"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("4,5", "4,5"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("9" * 30, "9" * 30),
        ("<<", "<<"),
        ("=", "="),
        ('"12"', "12"),
        ("'true'", "true"),
        ('""', ""),
    ],
)
def test_only_a_few_words_are_anything_but_text(parser: Any, written: str, value: object) -> None:
    found = load(f"key: {written}\n", parser)["key"]
    assert found == value
    assert type(found) is type(value)


@BOTH
def test_blocks_and_lists_are_read_as_anyone_expects(parser: Any) -> None:
    text = "a:\n  - één\n  - {b: [1, 2]}\nc: |\n  twee\n  regels\nd: >-\n  lange\n  zin\n"
    assert load(text, parser) == {"a": ["één", {"b": [1, 2]}], "c": "twee\nregels\n", "d": "lange zin"}


@BOTH
def test_every_key_and_every_item_knows_its_line(parser: Any) -> None:
    text = "# kop\na: 1\nlist:\n  - x: 1\n    y: |\n      tekst\n\n  - x: 2\n    z: {w: 3,\n      v: 4}\n"
    problems: list[Problem] = []
    document = yaml.load(text, "f.yaml", problems, parser=parser, first_line=10)
    assert document is not None
    steps: list[yaml.Steps] = [(), ("a",), ("list",), ("list", 0), ("list", 0, "y"), ("list", 1), ("list", 1, "z", "v")]
    assert [document.line(step) for step in steps] == [11, 11, 12, 13, 14, 17, 19]
    assert document.line(("list", 1, "absent")) == 17


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2\n",
        "a: {b: 1, b: 2}\n",
        "a: &x 1\nb: *x\n",
        "a: !!python/object/apply:os.system [ls]\n",
        "a: !eigen 1\n",
        "a: [1, 2\nb: 3\n",
        "a: {b: 1\n",
        "a: 'open\n",
        'a: "open\n',
        'a: "\\q"\n',
        "a: b: c\n",
        "a\nb: 1\n",
        "a:\n  - 1\n b: 2\n",
        "a: @x\n",
        "a: `x`\n",
        "a: *\n",
        "a: &\n",
        "? [a]\n: 1\n",
        "1: a\n",
        "a: 1\n---\nb: 2\n",
        "%YAML 1.2\n---\na: 1\n",
        "a:\n\tb: 1\n",
        "",
        "# alleen een opmerking\n",
        "a: " + "[" * 40,
        "a: 1\n]\n",
    ],
)
def test_both_parsers_refuse_the_same_with_the_same_words(text: str) -> None:
    said: list[list[Problem]] = []
    for parser in (yaml.FAST_PARSER, yaml.PLAIN_PARSER):
        problems: list[Problem] = []
        assert yaml.load(text, "f.yaml", problems, parser=parser) is None
        said.append(problems)
    assert said[0] == said[1] != []


def test_a_small_file_cannot_grow_into_a_large_one() -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    problems: list[Problem] = []
    assert yaml.load("\n".join(rows), "f.yaml", problems) is None
    assert any("anker" in problem.cause for problem in problems)


def test_several_mistakes_in_one_text_are_all_told() -> None:
    problems: list[Problem] = []
    yaml.load("a: 1\na: 2\nb: !x 1\nc: &y 1\n", "f.yaml", problems)
    assert [problem.line for problem in problems] == [2, 3, 4]
