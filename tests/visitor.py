"""A test client with manners: every page that any test opens is held against the rules of the house."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from lms.database import db
from lms.people.tables import Person
from lms.web.headers import HEADERS
from tests.server import let_in


class Page:
    """An answer of the site. ``soup`` is its HTML; ``text`` what a person reads of it."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response, self.path = response, path
        self.status: int = response.status_code
        self.location: str = response.headers.get("Location", "")
        self.soup = BeautifulSoup(response.get_data(), "html.parser") if response.mimetype == "text/html" else None

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
        if page.soup is not None and page.soup.find("input", {"name": "csrf_token"}):
            self._token = page.token()
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
    if page.soup is None or 300 <= page.status < 400:
        return
    soup = page.soup
    assert soup.html is not None and soup.html.get("lang") == "nl-BE", f"{where}: lang"
    assert len(soup.find_all("h1")) == 1, f"{where}: {len(soup.find_all('h1'))} h1"
    assert page.title, f"{where}: title"
    assert not soup.find_all(style=True), f"{where}: style attribute"
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), f"{where}: double id {sorted({i for i in ids if ids.count(i) > 1})}"
    _check_labels(soup, where)
    _check_forms(soup, where)
    _check_links(app, soup, set(ids), where)


def _check_labels(soup: BeautifulSoup, where: str) -> None:
    labelled = {label.get("for") for label in soup.find_all("label")}
    for control in soup.find_all(["input", "select", "textarea"]):
        if control.get("type") in {"hidden", "submit"}:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label")
        assert named or control.get("id") in labelled, f"{where}: no label for {control}"
        for reference in str(control.get("aria-describedby") or "").split():
            assert soup.find(id=reference), f"{where}: aria-describedby {reference} points nowhere"


def _check_forms(soup: BeautifulSoup, where: str) -> None:
    for form in soup.find_all("form"):
        if str(form.get("method", "get")).lower() == "post":
            assert form.find("input", {"name": "csrf_token"}), f"{where}: form without token {form.get('action')}"


def _check_links(app: Flask, soup: BeautifulSoup, ids: set[str], where: str) -> None:
    adapter = app.url_map.bind("localhost")
    for tag, attribute in [(link, "href") for link in soup.find_all("a")] + [
        (f, "action") for f in soup.find_all("form")
    ]:
        target = urlsplit(str(tag.get(attribute) or ""))
        if target.scheme or target.netloc:
            continue
        if not target.path:
            assert not target.fragment or target.fragment in ids, f"{where}: #{target.fragment} points nowhere"
            continue
        method = str(tag.get("method", "get")).upper() if tag.name == "form" else "GET"
        try:
            adapter.match(target.path, method=method)
        except RequestRedirect:
            pass
        except (NotFound, MethodNotAllowed) as error:
            raise AssertionError(f"{where}: {method} {target.path} leads nowhere") from error
