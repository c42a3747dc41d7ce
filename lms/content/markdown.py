"""Lesson text: Markdown to HTML that is safe by construction, and exercises out of their fences.

Raw HTML is refused rather than shown as text, addresses may only use the schemes listed here, and no ``style``
attribute is ever written (the security policy of the site would block it).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from lms.content.drafts import Link
from lms.content.models import Prose
from lms.content.problems import Problem
from lms.content.typography import mark_left_out

_EXTERNAL = re.compile(r"https?://[A-Za-z0-9]|mailto:[^\s@]+@[^\s@]+$")
_IMAGE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._/-]*\.(png|jpe?g|webp|avif)")
# A file name, or a word for any image.
_SAYS_NOTHING = re.compile(
    r"\S+\.(png|jpe?g|webp|avif)|(een |de )?(foto|afbeelding|beeld|figuur|plaatje|illustratie|image)( \d+)?\.?", re.I
)
DESCRIPTION_LENGTH = 250
# Where the site serves the images of the content folder.
IMAGE_ADDRESS = "/inhoud/"
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".avif")

_TABLE_OPEN = '<div class="table-scroll" tabindex="0" role="region" aria-label="Tabel: {}"><table>\n'
_TABLE_CLOSE = "</table>\n</div>\n"


@dataclass(frozen=True)
class Fence:
    """The YAML of one exercise; ``line`` is the line of the file on which the YAML begins."""

    yaml: str
    line: int


@dataclass
class Body:
    """A lesson text taken apart, in reading order."""

    parts: list[Prose | Fence] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def read_body(
    text: str, file: str, problems: list[Problem], *, first_line: int, image_exists: Callable[[str], bool]
) -> Body:
    """Take the Markdown of a lesson apart.

    ``first_line`` is the line of the file on which ``text`` begins; ``image_exists`` tells whether a path, relative
    to the content folder, is a file there. What is wrong is added to ``problems``.
    """
    return _Reading(text, file, problems, first_line, image_exists).body()


def _mark_left_out(state: StateCore) -> None:
    """Dutch writes 's avonds and 't kan: an apostrophe, which would pass for an opening quote."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text":
                child.content = mark_left_out(child.content)


def _open_table(_renderer: Any, tokens: list[Token], place: int, *_: Any) -> str:
    """A table that may scroll, named by its columns: a page can hold more than one."""
    end = next(index for index in range(place, len(tokens)) if tokens[index].type == "thead_close")
    columns = [token.content for token in tokens[place:end] if token.type == "inline"]
    return _TABLE_OPEN.format(escapeHtml(", ".join(filter(None, columns))))


def _make_parser() -> MarkdownIt:
    # HTML is recognised only so that it can be refused; it is emptied before anything is rendered.
    parser = MarkdownIt("commonmark", {"html": True, "typographer": True}).enable(["table", "smartquotes"])
    # Every address is judged below, with its line, instead of silently staying text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.core.ruler.before("smartquotes", "left_out", _mark_left_out)
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", lambda *_: _TABLE_CLOSE)
    return parser


_PARSER = _make_parser()


class _Reading:
    def __init__(
        self, text: str, file: str, problems: list[Problem], first_line: int, image_exists: Callable[[str], bool]
    ) -> None:
        self.source = text.split("\n")
        self.file = file
        self.problems = problems
        self.first_line = first_line
        self.image_exists = image_exists
        self.environment: dict[str, Any] = {}
        self.tokens = _PARSER.parse(text, self.environment)
        self.links: list[Link] = []

    def body(self) -> Body:
        body = Body(links=self.links)
        self._check_headings()
        prose: list[Token] = []
        for token in self.tokens:
            if token.type == "fence":
                fence = self._fence(token)
                if token.level == 0:
                    self._add_prose(body, prose)
                    prose = []
                if fence is not None:
                    body.parts.append(fence)
            else:
                prose.append(token)
        self._add_prose(body, prose)
        return body

    def _refuse(self, line: int, cause: str, expected: str) -> None:
        self.problems.append(Problem(self.file, line, cause, expected))

    def _line(self, token: Token) -> int:
        return self.first_line + (token.map[0] if token.map else 0)

    def _fence(self, token: Token) -> Fence | None:
        line = self._line(token)
        name = token.info.strip()
        if name != "exercise":
            self._refuse(line, f'onbekend blok "{name}"' if name else "een blok zonder naam", "```exercise")
            return None
        if token.level > 0:
            self._refuse(line, "een oefening staat in een lijst of citaat", "een oefening zonder inspringing")
            return None
        begin, end = token.map or [0, 0]
        if end - begin < 2 or not self.source[end - 1].strip().startswith(token.markup):
            self._refuse(line, "deze oefening wordt niet gesloten", f"een regel met {token.markup} na de oefening")
            return None
        return Fence(token.content, line + 1)

    def _check_headings(self) -> None:
        previous = 1
        for token in self.tokens:
            if token.type != "heading_open":
                continue
            level, line = int(token.tag[1]), self._line(token)
            if level == 1:
                self._refuse(line, "een titel van niveau 1 in een les", "## (de titel van de les staat al in de kop)")
            elif level > previous + 1:
                self._refuse(line, f"een tussentitel van niveau {level} na niveau {previous}", "#" * (previous + 1))
            previous = max(level, 1)

    def _add_prose(self, body: Body, tokens: list[Token]) -> None:
        if not tokens:
            return
        line = self.first_line
        for token in tokens:
            line = self._line(token) if token.map else line
            self._clean(token, line)
        tokens = list(_with_notes(tokens))
        html = _PARSER.renderer.render(tokens, _PARSER.options, self.environment)
        body.parts.append(Prose(html=html, text=_plain(tokens)))

    def _clean(self, token: Token, line: int) -> None:
        """Judge one block token and take out what may not reach the page."""
        if token.type == "html_block":
            self._refuse_html(line)
            token.content = ""
        elif token.type in ("th_open", "td_open"):
            alignment = str(token.attrs.pop("style", "")).rpartition(":")[2]
            if alignment:
                token.attrs["class"] = f"align-{alignment}"
            if token.type == "th_open":
                token.attrs["scope"] = "col"
        elif token.type == "inline":
            self._clean_inline(token.children or [], line)

    def _refuse_html(self, line: int) -> None:
        self._refuse(line, "er staat HTML in de tekst", "alleen Markdown (een < als teken schrijf je als &lt;)")

    def _clean_inline(self, children: Sequence[Token], line: int) -> None:
        for position, child in enumerate(children):
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "html_inline":
                self._refuse_html(line)
                line += child.content.count("\n")
                child.content = ""
            elif child.type == "link_open":
                self._judge_link(str(child.attrs.get("href", "")), line)
                if children[position + 1].type == "link_close":
                    self._refuse(line, "een link zonder tekst", "[tekst](adres)")
            elif child.type == "image":
                self._judge_image(child, line)

    def _judge_link(self, address: str, line: int) -> None:
        if address.startswith("/") and not address.startswith("//") and "%5C" not in address:
            self.links.append(Link(address, line))
        elif not _EXTERNAL.match(address):
            expected = "een adres dat begint met https://, http://, mailto: of /"
            self._refuse(line, f'de link "{address}" kan niet', expected)

    def _judge_image(self, image: Token, line: int) -> None:
        """Images stand in the folder of the lesson, or in a folder below it."""
        address = str(image.attrs.get("src", ""))
        self._judge_description(_plain((image,)).strip(), address, line)
        path = f"{self.file.rpartition('/')[0]}/{address}"
        if not _IMAGE.fullmatch(address) or ".." in address:
            self._refuse(line, f'de afbeelding "{address}" kan niet', "een png, jpg, webp of avif in de map van de les")
        elif not self.image_exists(path):
            self._refuse(line, f'de afbeelding "{address}" bestaat niet', f"een bestand {path}")
        else:
            image.attrs["src"] = IMAGE_ADDRESS + path

    def _judge_description(self, words: str, address: str, line: int) -> None:
        """Somebody who does not see the image hears these words instead."""
        cause = None
        if not words:
            cause = f'de afbeelding "{address}" heeft geen beschrijving'
        elif _SAYS_NOTHING.fullmatch(words):
            cause = f'"{words}" zegt niet wat er te zien is'
        elif len(words) > DESCRIPTION_LENGTH:
            cause = f"de beschrijving van de afbeelding telt {len(words)} tekens"
        if cause:
            expected = f"![wat er te zien is, hoogstens {DESCRIPTION_LENGTH} tekens](bestand.png)"
            self._refuse(line, cause, expected)


# ── notes ──────────────────────────────────────────────────────────────────


def _with_notes(tokens: list[Token]) -> Iterator[Token]:
    """The same tokens; a blockquote whose first line is bold has become an ``aside``."""
    kinds: list[bool] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if token.type == "blockquote_open":
            split = _note_title(tokens[position + 1]) if tokens[position].type == "paragraph_open" else None
            kinds.append(split is not None)
            if split is not None:
                token.tag = "aside"
                token.attrs["class"] = "note"
                yield token
                yield from _paragraph(split[0], {"class": "note-title"})
                if split[1]:
                    yield from _paragraph(split[1], {})
                position += 3
                continue
        elif token.type == "blockquote_close" and kinds.pop():
            token.tag = "aside"
        yield token


def _note_title(inline: Token) -> tuple[list[Token], list[Token]] | None:
    """The bold first line and what follows it, or None if the first line is something else."""
    children = [child for child in inline.children or [] if child.type != "text" or child.content]
    if inline.type != "inline" or not children or children[0].type != "strong_open":
        return None
    end = next(i for i, child in enumerate(children) if child.type == "strong_close" and child.level == 0)
    rest = children[end + 1 :]
    if rest and rest[0].type not in ("softbreak", "hardbreak"):
        return None
    return children[1:end], rest[1:]


def _paragraph(children: list[Token], attributes: dict[str, str | int | float]) -> Iterator[Token]:
    yield Token("paragraph_open", "p", 1, attrs=attributes, block=True)
    yield Token("inline", "", 0, children=children, content="", block=True)
    yield Token("paragraph_close", "p", -1, block=True)


# ── plain text ─────────────────────────────────────────────────────────────


def _plain(tokens: Sequence[Token]) -> str:
    """What a reader reads, without any markup: one line for each paragraph, heading or table cell."""
    lines: list[str] = []
    for token in tokens:
        if token.type in ("inline", "image"):
            lines.append(_plain_inline(token.children or []))
        elif token.type == "code_block":
            lines.append(token.content.strip())
    return "\n".join(line for line in lines if line)


def _plain_inline(children: Sequence[Token]) -> str:
    words: list[str] = []
    for child in children:
        if child.type == "image":
            words.append(_plain_inline(child.children or []))
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type in ("text", "code_inline", "text_special"):
            words.append(child.content)
    return "".join(words).strip()
