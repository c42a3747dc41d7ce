"""The front of the site: light, without inline code, without strangers, without loose ends."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms.app import create_app
from lms.config import Config
from lms.dev.demo import complete
from lms.web.pages import id_url
from tests.factories import make_finished, make_person, make_school
from tests.visitor import Browser

pytestmark = pytest.mark.sqlite_alone

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "lms" / "templates"
STATIC = ROOT / "lms" / "static"
HTML = sorted(TEMPLATES.rglob("*.html"))
PYTHON = sorted((ROOT / "lms").rglob("*.py"))

FIRST_VISIT, NEXT_PAGE, FIRST_REQUESTS = 60_000, 8_000, 8

comment = re.compile(r"\{#.*?#\}", re.DOTALL)
in_jinja = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def source(path: Path) -> str:
    """A template without its comments."""
    return comment.sub("", path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


# ── weight ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Weight:
    """What a page costs over the wire: the page itself and every file it asks for, with their sizes."""

    page: int
    files: dict[str, int]

    @property
    def total(self) -> int:
        return self.page + sum(self.files.values())


def wire_size(response: TestResponse) -> int:
    """Bytes of the body and of the headers."""
    head = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
    return len(response.get_data()) + head


def weigh(browser: Browser, path: str) -> Weight:
    """Open a page as Chromium does: with brotli, its style sheets, fonts, scripts and icon."""
    ask = {"Accept-Encoding": "gzip, deflate, br"}
    response = browser.client.get(path, headers=ask)
    assert response.status_code == 200
    assert response.headers["Content-Encoding"] == "br"
    html = brotli.decompress(response.get_data()).decode()
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
    sheet = next(address for address in addresses if address.endswith("app.css"))
    files = {}
    for address in sorted(addresses | fonts_of(browser, sheet)):
        answer = browser.client.get(address, headers=ask)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address
        files[address.rpartition("/")[2]] = wire_size(answer)
    return Weight(page=wire_size(response), files=files)


def fonts_of(browser: Browser, sheet: str) -> set[str]:
    """The fonts a style sheet names."""
    answer = browser.client.get(sheet)
    body = answer.get_data()
    text = (gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body).decode()
    folder = sheet.rpartition("/css/")[0]
    return {f"{folder}/{path}" for path in re.findall(r'url\("?\.\./([^")]+)"?\)', text)}


def lesson_addresses(app: Flask) -> list[str]:
    course = app.extensions["shelf"].library.course
    return [f"/navorming/{module.slug}/{lesson.slug}" for module in course.modules for lesson in module.lessons]


def test_a_first_visit_to_any_lesson_is_light(app: Flask, browser: Browser) -> None:
    browser.sign_in(make_person(school=make_school()))
    for address in lesson_addresses(app):
        weight = weigh(browser, address)
        assert weight.total <= FIRST_VISIT, f"{address}: {weight}"
        assert 1 + len(weight.files) <= FIRST_REQUESTS, f"{address}: {sorted(weight.files)}"
        assert weight.page <= NEXT_PAGE, f"{address}: {weight.page}"


def test_lessons_with_every_answer_given_are_light_too(app: Flask, browser: Browser) -> None:
    """Feedback makes a page longer; a lesson that was done is opened again on another device."""
    person = make_person()
    complete(app.extensions["shelf"].library, person.id)
    browser.sign_in(person)
    for address in lesson_addresses(app):
        assert weigh(browser, address).page <= NEXT_PAGE, address


@pytest.mark.parametrize("path", ["/navorming", "/pakket", "/navorming/toets", "/account"])
def test_other_pages_of_a_learner_are_light(browser: Browser, path: str) -> None:
    browser.sign_in(make_person(school=make_school()))
    weight = weigh(browser, path)
    assert weight.total <= FIRST_VISIT and weight.page <= NEXT_PAGE


def test_all_lessons_share_the_same_files(app: Flask, browser: Browser) -> None:
    """So the next page asks for nothing but itself."""
    # Somebody who finished, so that no module waits for another one.
    browser.sign_in(make_finished(app.extensions["shelf"].library))
    kept = [set(weigh(browser, address).files) for address in lesson_addresses(app)]
    assert all(files == kept[0] for files in kept)


# ── no inline code, no strangers ───────────────────────────────────────────

INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    # Data for a script is no code: no browser runs it, so the policy has nothing to allow.
    "a script without a file": re.compile(r"""<script\b(?![^>]*\ssrc=)(?! type="application/json")""", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
}
STRANGER = re.compile(r"""(?:https?:)?//[\w.-]+\.\w+""")


def inline_code(text: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(text)]


def test_no_template_has_inline_code_or_strangers() -> None:
    found = {name_of(path): inline_code(source(path)) + STRANGER.findall(source(path)) for path in HTML}
    assert not {name: wrong for name, wrong in found.items() if wrong}


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.*s")), ids=lambda path: path.name)
def test_a_sheet_or_script_asks_nothing_of_another_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"https?://|@import|\beval\(|innerHTML", text)
    assert all(url.startswith("../") for url in re.findall(r'url\("?([^")]+)', text))


def test_inline_code_and_strangers_are_seen() -> None:
    for text in ('<p style="x">', "<style>", "<script>x</script>", '<a onclick="x">', '<a href="javascript:x">'):
        assert len(inline_code(text)) == 1, text
    assert not inline_code('<script type="module" src="/a.mjs"></script><p class="one">')
    assert STRANGER.findall('<img src="https://elders.example/x.png"><script src="//elders.example/x">')


# ── loose ends ─────────────────────────────────────────────────────────────


def template_is_used(name: str, texts: str) -> bool:
    """A template is named in Python or in another template, whole or with a part that is filled in."""
    if f'"{name}"' in texts:
        return True
    folder, _, file = name.rpartition("/")
    stem, _, suffix = file.rpartition(".")
    if folder == "errors":
        return stem.isdecimal()
    if folder == "mail":
        return f'"{stem}"' in texts
    if folder == "pdf":
        return f'make_pdf("{stem}"' in texts or f'#import "{file}"' in texts
    # As in f"exercises/{kind}.html" and "exercises/" ~ kind ~ ".html".
    filled_in = re.search(rf'"{re.escape(folder)}/(?:" ~|\{{)[^"]*(?:"\.{suffix}"|\.{suffix}")', texts)
    return filled_in is not None and f'"{stem}"' in texts


def texts_besides(name: str) -> str:
    """All Python and all templates but this one."""
    return "\n".join(text for path, text in texts().items() if path != TEMPLATES / name)


@cache
def texts() -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in [*PYTHON, *sorted(TEMPLATES.rglob("*.*"))]}


def test_every_template_is_used() -> None:
    names = [name_of(path) for path in TEMPLATES.rglob("*.*")]
    assert not [name for name in names if not template_is_used(name, texts_besides(name))]


def test_a_template_that_nobody_names_is_seen() -> None:
    texts = texts_besides("")
    assert not template_is_used("learning/forgotten.html", texts)
    assert not template_is_used("exercises/forgotten.html", texts)
    assert not template_is_used("mail/forgotten.txt", texts)
    assert not template_is_used("pdf/forgotten.typ", texts)


# Classes that stand in the style sheets without being written in a template of today.
KEPT_CLASSES = {
    "align-center": "an author centres a column of a table in a lesson",
}


def css_classes() -> set[str]:
    """Every class that a selector of our style sheets names."""
    found = set()
    for path in sorted((STATIC / "css").glob("*.css")):
        text = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        # What stands before a brace is a selector; what stands in it without further braces is its content.
        for selector in re.findall(r"([^{};]+)\{", text):
            if not selector.strip().startswith("@"):
                found |= set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selector))
    return found


def template_classes() -> set[str]:
    """The classes that are written out in templates."""
    found = set()
    for path in HTML:
        for value in re.findall(r'class="([^"]*(?:\{\{.*?\}\}[^"]*)*)"', source(path)):
            plain = in_jinja.sub("\0", value)
            found |= {word for word in plain.split() if "\0" not in word and re.fullmatch(r"[\w-]+", word)}
    return found


def words_of_the_site() -> set[str]:
    """Every word of templates and Python, and the classes that scripts give to what they make.

    A class can be put together from a stem such as ``pill-`` and a word.
    """
    texts = [source(path) for path in HTML] + [path.read_text(encoding="utf-8") for path in PYTHON]
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in STATIC.rglob("*.mjs"))
    texts += re.findall(r"\b(?:className =|classList\.\w+\().+", scripts)
    return set(re.findall(r"-?[a-zA-Z_][\w-]*", "\n".join(texts)))


def is_written(name: str, words: set[str]) -> bool:
    parts = name.split("-")
    splits = (("-".join(parts[:at]) + "-", "-".join(parts[at:])) for at in range(1, len(parts)))
    return name in words or any(stem in words and rest in words for stem, rest in splits)


def test_every_class_of_the_style_sheets_is_used() -> None:
    words = words_of_the_site()
    unused = sorted(name for name in css_classes() - set(KEPT_CLASSES) if not is_written(name, words))
    assert not unused


def test_every_class_of_a_template_has_a_style() -> None:
    assert not sorted(template_classes() - css_classes())


def test_the_list_of_exceptions_is_no_longer_than_needed() -> None:
    assert set(KEPT_CLASSES) <= css_classes()
    assert not any(is_written(name, words_of_the_site()) for name in KEPT_CLASSES)


def test_icons_that_templates_ask_for_exist(app: Flask) -> None:
    """An unknown icon would be an error only on the page that shows it."""
    from lms.web.pages import LUCIDE, OWN

    asked = {name for path in HTML for name in re.findall(r'icon\("([\w-]+)"\)', source(path))}
    assert asked and asked <= set(LUCIDE) | set(OWN)
    kinds = {item.kind for lesson in app.extensions["shelf"].library.course.lessons for item in lesson.exercises}
    assert all((TEMPLATES / "exercises" / f"{kind}.html").is_file() for kind in kinds)


def test_an_address_from_ids_alone_is_the_same_as_the_usual_one(site: Flask) -> None:
    used = {
        endpoint
        for page in HTML
        for call in re.findall(r"id_url\(([^)]*)\)", page.read_text())
        for endpoint in re.findall(r"[\"']([a-z_]+\.[a-z_]+)[\"']", call)
    }
    assert {"monitoring.school", "schools.finish_action", "inbox.question"} <= used
    with site.test_request_context():
        for endpoint in used:
            rule = next(site.url_map.iter_rules(endpoint))
            ids = {name: number for number, name in enumerate(sorted(rule.arguments), start=41)}
            assert id_url(endpoint, **ids) == url_for(endpoint, **ids), endpoint
        with pytest.raises(LookupError):
            id_url("pack.fiche", slug=1)


def test_an_address_is_prepared_when_the_first_link_asks_for_it(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Building the site prepares none of its two hundred addresses; that was most of the work."""
    prepared = []
    compile_builder = Rule._compile_builder
    monkeypatch.setattr(
        Rule, "_compile_builder", lambda rule, *more: prepared.append(rule.rule) or compile_builder(rule, *more)
    )
    app = create_app(config, watch_content=False)
    assert len(list(app.url_map.iter_rules())) > 150 and not prepared
    with app.test_request_context():
        for _ in range(2):
            assert url_for("schools.appoint", school_id=7, via="x&y") == "/scholen/7/aanspreekpunt?via=x%26y"
    assert set(prepared) == {"/scholen/<id:school_id>/aanspreekpunt"} and len(prepared) < 5
