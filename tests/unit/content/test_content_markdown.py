"""Lesson text becomes HTML that is safe and accessible by construction."""

from __future__ import annotations

import re

import pytest

from lms.content.markdown import Fence, read_body
from lms.content.models import Prose
from lms.content.problems import Problem


def read(text: str) -> tuple[list[Prose | Fence], list[Problem]]:
    problems: list[Problem] = []
    body = read_body(
        text, "navorming/m/les.md", problems, first_line=1, image_exists=lambda path: path.endswith("kring.png")
    )
    return body.parts, problems


def html(text: str) -> str:
    parts, problems = read(text)
    assert problems == []
    return "".join(part.html for part in parts if isinstance(part, Prose))


def test_a_quote_with_a_bold_first_line_becomes_a_note() -> None:
    assert html("> **Neem mee naar de klas**\n> Kies *één* vraag.\n>\n> Tel tot vijf.\n") == (
        '<aside class="note">\n<p class="note-title">Neem mee naar de klas</p>\n'
        "<p>Kies <em>één</em> vraag.</p>\n<p>Tel tot vijf.</p>\n</aside>\n"
    )


def test_a_note_may_hold_its_title_alone_and_a_list() -> None:
    assert html("> **Titel**\n>\n> - een\n") == (
        '<aside class="note">\n<p class="note-title">Titel</p>\n<ul>\n<li>een</li>\n</ul>\n</aside>\n'
    )


@pytest.mark.parametrize(
    "quote", ["> Gewoon een citaat.\n", "> **Vet** en dan meer.\n", "> - **Vet**\n", "> ## **Vet**\n"]
)
def test_any_other_quote_stays_a_quote(quote: str) -> None:
    assert html(quote).startswith("<blockquote>")
    assert "aside" not in html(quote)


def test_a_quote_inside_a_note_keeps_its_own_end() -> None:
    found = html("> **Titel**\n>\n> > Binnenin.\n\nErna.\n")
    assert found.index("<blockquote>") < found.index("</blockquote>") < found.index("</aside>") < found.index("Erna")


def test_a_table_can_be_scrolled_by_keyboard_and_aligns_without_style() -> None:
    found = html("| a | b |\n|---|:-:|\n| 1 | 2 |\n")
    assert found.startswith('<div class="table-scroll" tabindex="0" role="region" aria-label="Tabel: a, b"><table>')
    assert found.endswith("</table>\n</div>\n")
    assert '<td class="align-center">2</td>' in found
    assert '<th scope="col">a</th>' in found
    assert "style" not in found


def test_an_image_gets_its_address_on_the_site_and_keeps_its_description() -> None:
    found = html("![Een *kring*](kring.png)\n")
    assert found == '<p><img src="/inhoud/navorming/m/kring.png" alt="Een kring" /></p>\n'


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Een **vette**\nzin.\n\n## Kop\n", "Een vette zin.\nKop"),
        ("- een\n- [twee](https://example.org)\n", "een\ntwee"),
        ("| a | b |\n|---|---|\n| 1 | `2` |\n", "a\nb\n1\n2"),
        ("![Een kring](kring.png) erbij\n", "Een kring erbij"),
        ("5 &lt; 6 &amp; 7\n", "5 < 6 & 7"),
        ("> **Titel**\n> Tekst.\n", "Titel\nTekst."),
    ],
)
def test_the_plain_text_is_what_a_reader_reads(markdown: str, plain: str) -> None:
    parts, problems = read(markdown)
    assert problems == []
    assert [part.text for part in parts if isinstance(part, Prose)] == [plain]


def test_exercises_split_the_text_where_they_stand() -> None:
    parts, problems = read(
        "Voor [a].\n\n```exercise\nid: x\n```\n\nNa.\n\n~~~exercise\nid: y\n~~~\n\n[a]: https://example.org\n"
    )
    assert problems == []
    assert [type(part) for part in parts] == [Prose, Fence, Prose, Fence]
    assert [(part.yaml, part.line) for part in parts if isinstance(part, Fence)] == [("id: x\n", 4), ("id: y\n", 10)]
    assert '<a href="https://example.org">a</a>' in parts[0].html  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=c", "http://example.org", "mailto:a@example.org", "/pakket"]
)
def test_a_plain_address_is_allowed(address: str) -> None:
    assert f'href="{address}"' in html(f"[tekst]({address})\n")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "<java&#9;script:alert(1)>",
        "<\u00a0javascript:alert(1)>",
        "vbscript:x",
        "data:text/html;base64,AA",
        "file:///etc/passwd",
        "ftp://example.org",
        "//example.org",
        "/\\\\example.org",
        "https:example.org",
        "https:///example.org",
        "les.md",
        "#kop",
        "?a=b",
        "",
        "mailto:",
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    _, problems = read(f"Eerst dit,\ndan [tekst]({address}).\n")
    assert [(problem.line, problem.cause[:7]) for problem in problems] == [(2, "de link")]


def test_an_address_in_angle_brackets_or_by_reference_is_judged_too() -> None:
    _, problems = read("<javascript:alert(1)>\n\n[a]\n\n[a]: data:x\n")
    assert [problem.line for problem in problems] == [1, 3]


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "Zin <img src=x onerror=alert(1)> zin",
        "Zin <!-- x --> zin",
        "<?php ?>",
        "<!DOCTYPE html>",
        "<svg onload=alert(1)>",
        "| a |\n|---|\n| <b>x</b> |",
        "> <i>x</i>",
        "- <i>x</i>",
    ],
)
def test_html_is_refused_and_never_reaches_the_page(attack: str) -> None:
    parts, problems = read(f"Eerst.\n\n{attack}\n")
    assert problems
    assert {problem.cause for problem in problems} == {"er staat HTML in de tekst"}
    rendered = "".join(part.html for part in parts if isinstance(part, Prose))
    assert not re.search(r"<(script|img|svg|b|i)\b|<[!?]", rendered)


def test_what_only_looks_like_html_is_shown_as_text() -> None:
    assert html("<svg/onload=alert(1)>\n") == "<p>&lt;svg/onload=alert(1)&gt;</p>\n"
    assert html("5 < 6 en <script\n") == "<p>5 &lt; 6 en &lt;script</p>\n"
    assert html('Een "tekst" `<b>`\n') == "<p>Een “tekst” <code>&lt;b&gt;</code></p>\n"


def test_a_mistake_deep_in_a_paragraph_has_its_own_line() -> None:
    _, problems = read("Een\ntwee\n<b>drie</b>\n\n- vier\n  [vijf](x)\n\n| a |\n|---|\n| [b](y) |\n")
    assert [problem.line for problem in problems] == [3, 3, 6, 10]
