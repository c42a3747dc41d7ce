"""A test client with manners: every page that any test opens is held against the rules of the house."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

import lxml.html
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from lms.database import db
from lms.people.tables import Person
from lms.web.headers import HEADERS
from tests.server import let_in

Element = Any


class Page:
    """An answer of the site. ``soup`` is its HTML; ``text`` what a person reads of it.

    ``tree`` is the same HTML for the rules of the house, read by a parser that is thirty times as quick: every page is
    held against the rules, and few are looked at by a test. Both are None for what is no HTML.
    """

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response, self.path = response, path
        self.status: int = response.status_code
        self.location: str = response.headers.get("Location", "")

    @cached_property
    def soup(self) -> BeautifulSoup | None:
        if self.response.mimetype != "text/html":
            return None
        return BeautifulSoup(self.response.get_data(), "lxml")

    @cached_property
    def tree(self) -> Element | None:
        if self.response.mimetype != "text/html" or not self.response.get_data():
            return None
        return lxml.html.document_fromstring(self.response.get_data(), parser=lxml.html.HTMLParser(encoding="utf-8"))

    @property
    def text(self) -> str:
        if self.soup is None:
            return self.response.get_data(as_text=True)
        return " ".join(self.soup.get_text(" ").split())

    @property
    def title(self) -> str:
        assert self.soup is not None and self.soup.title is not None
        return self.soup.title.get_text().strip()

    def token(self) -> str:
        """The CSRF token of the first form on the page."""
        assert self.soup is not None
        field = self.soup.find("input", {"name": "csrf_token"})
        assert field is not None, f"no form on {self.path}"
        return str(field["value"])


class Browser:
    """Somebody at the site: keeps cookies, follows redirects when asked, and sends the token of the page it saw."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self._token: str | None = None

    def get(self, path: str, *, follow: bool = False, **kwargs: Any) -> Page:
        return self._open("GET", path, follow, **kwargs)

    def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        follow: bool = False,
        token: str | None = None,
        **kwargs: Any,
    ) -> Page:
        """Post a form with the token of the last page that had one; ``token=""`` sends none."""
        if token is None:
            token = self._token or self.get("/account", follow=True).token()
        return self._open("POST", path, follow, data={"csrf_token": token, **(data or {})}, **kwargs)

    def _open(self, method: str, path: str, follow: bool, **kwargs: Any) -> Page:
        # A request has a session and an application context of its own, as on the real server: nothing of the
        # test, nor of somebody else's visit, leaks into it.
        db.session.rollback()
        db.session.remove()
        with self.app.app_context():
            response = self.client.open(path, method=method, follow_redirects=follow, **kwargs)
        page = Page(response, path)
        assert page.status < 500, f"{method} {path}: {page.status} {page.text[:600]}"
        check_manners(self.app, page)
        tokens = [] if page.tree is None else page.tree.xpath("//input[@name='csrf_token']/@value")
        if tokens:
            self._token = tokens[0]
        return page

    def sign_in(self, person: Person | int, *, second_factor: bool = True) -> Browser:
        """Sign in as somebody with the cookie a real sign-in would have left."""
        person_id = person if isinstance(person, int) else person.id
        token = let_in(person_id, second_factor=second_factor)
        with self.client.session_transaction() as session:
            session.clear()
            session["_user_id"], session["_fresh"] = token, True
        self._token = None
        return self


def check_manners(app: Flask, page: Page) -> None:
    """One h1, a title, a language, labels, unique ids, links that lead somewhere, and the security headers."""
    where = f"{page.path} ({page.status})"
    for name, value in HEADERS.items():
        assert page.response.headers.get(name) == value, f"{where}: header {name}"
    tree = page.tree
    if tree is None or 300 <= page.status < 400:
        return
    assert tree.get("lang") == "nl-BE", f"{where}: lang"
    headings = tree.xpath("count(//h1)")
    assert headings == 1, f"{where}: {headings:.0f} h1"
    assert (tree.findtext(".//title") or "").strip(), f"{where}: title"
    assert not tree.xpath("//*[@style]"), f"{where}: style attribute"
    ids: list[str] = tree.xpath("//@id")
    known = set(ids)
    assert len(ids) == len(known), f"{where}: double id {sorted({i for i in ids if ids.count(i) > 1})}"
    _check_labels(tree, known, where)
    _check_forms(tree, where)
    _check_links(app, tree, known, where)


def _check_labels(tree: Element, ids: set[str], where: str) -> None:
    labelled = set(tree.xpath("//label/@for"))
    for control in tree.xpath("//input | //select | //textarea"):
        if control.get("type") in {"hidden", "submit"}:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby") or control.xpath("ancestor::label")
        assert named or control.get("id") in labelled, f"{where}: no label for {lxml.html.tostring(control)}"
        for reference in (control.get("aria-describedby") or "").split():
            assert reference in ids, f"{where}: aria-describedby {reference} points nowhere"


def _check_forms(tree: Element, where: str) -> None:
    for form in tree.iter("form"):
        if form.get("method", "get").lower() == "post":
            token = form.xpath(".//input[@name='csrf_token']")
            assert token, f"{where}: form without token {form.get('action')}"


def _check_links(app: Flask, tree: Element, ids: set[str], where: str) -> None:
    for tag in tree.iter("a", "form"):
        target = urlsplit(tag.get("href" if tag.tag == "a" else "action") or "")
        if target.scheme or target.netloc:
            continue
        if not target.path:
            assert not target.fragment or target.fragment in ids, f"{where}: #{target.fragment} points nowhere"
            continue
        method = tag.get("method", "get").upper() if tag.tag == "form" else "GET"
        assert _leads_somewhere(app, method, target.path), f"{where}: {method} {target.path} leads nowhere"


@lru_cache(maxsize=20_000)
def _leads_somewhere(app: Flask, method: str, path: str) -> bool:
    """Whether the site has this address; the menu alone asks it of every page again."""
    try:
        app.url_map.bind("localhost").match(path, method=method)
    except RequestRedirect:
        return True
    except (NotFound, MethodNotAllowed):
        return False
    return True
