"""The site as a visitor meets it: a real server, the same database from inside, and a watch on the browser."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize, WebError

from lms import schema
from lms.app import create_app
from lms.config import ROOT, Config
from lms.content.models import Library
from lms.database import db
from lms.dev import demo
from lms.people.queries import find_person_by_email
from tests.browser.checks import bring_checks
from tests.rich_course import KINDS, READING
from tests.server import Server, forge, free_port, let_in

Result = TypeVar("Result")

WINDOW: ViewportSize = {"width": 1280, "height": 900}

# How often somebody looks whether the focus has come.
MOST_LOOKS = 100

# Tells the console about what the policy blocked; it runs before any script of the page.
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`blocked by the policy: ${event.violatedDirective} ${event.blockedURI}`));"""


def write_courses(folder: Path) -> Path:
    """The real content with two lessons more, that nobody has to do: one of every kind of exercise, and one to read."""
    shutil.copytree(ROOT / "courses", folder)
    module = folder / "navorming" / "bijvragen"
    kinds = KINDS.replace("id: m1-l4", "id: m3-l98").replace("x-", "proef-")
    reading = READING.replace("id: m1-l3", "id: m3-l99").replace("route: kern", "route: verdieping")
    (module / "alle-soorten.md").write_text(kinds)
    (module / "lezen.md").write_text(reading)
    head = module / "module.yaml"
    head.write_text(head.read_text().rstrip() + "\n  - alle-soorten.md\n  - lezen.md\n")
    return folder


class Site(Server):
    """``lms run`` with a database of its own, and with the courses that ``write_courses`` writes.

    ``app`` is the same site on the same database inside this process, to prepare people and look at rows.
    """

    def __init__(self, folder: Path, *, with_demo: bool = True) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        config = Config(
            environment="development",
            secret_key="a key for the browser tests alone, long enough",
            data=folder / "data",
            courses=write_courses(folder / "courses"),
            base_url=self.url,
            contact="navorming@demo.example",
        )
        super().__init__(config, port=port)
        self.app: Flask = create_app(config, watch_content=False)
        with self.app.app_context():
            schema.migrate(db.engine)
            if with_demo:
                demo.fill(self.library, link_base=config.base_url)

    @property
    def library(self) -> Library:
        library: Library = self.app.extensions["shelf"].library
        return library

    def inside(self, act: Callable[[], Result]) -> Result:
        """Do something with the database, inside the site."""
        with self.app.app_context():
            return act()

    def demo_id(self, person: demo.DemoPerson) -> int:
        """The id of one of the demo people."""

        def find() -> int:
            row = find_person_by_email(person.email)
            assert row is not None
            return row.id

        return self.inside(find)


@dataclass
class Watch:
    """Everything in a browser that should not have happened. ``complaints`` is empty when all is well."""

    origin: str
    complaints: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused page is told in the console too; _response judges those.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"script error: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin + "/", "data:", "about:", "blob:")):
            self.complaints.append(f"request to another place: {request.url}")

    def _response(self, response: Response) -> None:
        is_page = response.request.resource_type in {"document", "fetch"}
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.complaints.append(f"{response.status} for {response.url}")


class Visit:
    """One person in a browser context; ``page`` is the tab."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site, self.context = site, context
        self.page: Page = context.new_page()

    def open(self, path: str) -> Page:
        """Open an address of the site in the tab."""
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, person_id: int, *, second_factor: bool = True) -> Visit:
        """Sign in as anybody with the cookie that a real sign-in leaves."""
        token = self.site.inside(lambda: let_in(person_id, second_factor=second_factor))
        name, _, value = forge(self.site.config.secret_key, token)[0].partition("=")
        self.context.add_cookies([{"name": name, "value": value, "url": self.site.url}])
        return self

    def sign_in_as(self, person: demo.DemoPerson) -> Page:
        """Sign in as a demo person with the button for it."""
        self.open("/aanmelden")
        self.page.get_by_role("button", name=person.label, exact=True).click()
        self.page.wait_for_url(lambda address: "/aanmelden" not in address)
        return self.page

    def refused(self, button: str) -> Page:
        """Press the button of a form that is not right, and wait for the page that says so."""
        self.page.get_by_role("button", name=button).click()
        self.page.locator("#foutmelding").wait_for()
        return self.page

    def status(self, path: str) -> int:
        """What this visitor gets at an address, redirects not followed."""
        return int(self.context.request.get(self.site.url + path, max_redirects=0).status)

    def has_focus(self, selector: str) -> bool:
        """Whether the focus is on, or soon comes to, an element that fits; it moves when the page is first drawn.

        The waiting is done here, because in a page without script no frame ever calls back.
        """
        for _ in range(MOST_LOOKS):
            if self.page.evaluate("(wanted) => document.activeElement?.matches(wanted) ?? false", selector):
                return True
            self.page.wait_for_timeout(20)
        return False


class Tab:
    """One tab in which one visitor after another opens a site.

    A browser of its own for every visitor costs a fifth of a look at a page: Chromium starts a process for it, that
    reads every script anew.
    """

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.watch = Watch(site.url)
        self.watch.follow(context)
        bring_checks(context)
        self.visit = Visit(site, context)

    def hand_over(self) -> Visit:
        """The tab for the next visitor: signed in as nobody, as wide as at first, and the only one."""
        page, context = self.visit.page, self.visit.context
        for other in context.pages:
            if other is not page:
                other.close()
        context.clear_cookies()
        page.set_viewport_size(WINDOW)
        page.emulate_media(color_scheme="light")
        self.watch.complaints.clear()
        return self.visit


def code_in_mailbox(visit: Visit, address: str) -> str:
    """Read the newest code for an address in another tab of the same browser."""
    with extra_tab(visit) as tab:
        tab.goto(visit.site.url + "/_postvak")
        mail = tab.locator("article", has_text=f"aan {address}").first
        text = mail.locator(".mail-body").inner_text()
    return next(word for word in text.split() if word.strip(".").isdecimal() and len(word.strip(".")) == 6).strip(".")


def invitation_in_mailbox(visit: Visit, address: str) -> str:
    """The link of the newest invitation to an address."""
    with extra_tab(visit) as tab:
        tab.goto(visit.site.url + "/_postvak")
        mail = tab.locator("article", has_text=f"aan {address}").first
        link = mail.locator("a[href*='/uitnodiging/']").get_attribute("href")
    assert link is not None
    return link


@contextlib.contextmanager
def extra_tab(visit: Visit) -> Iterator[Page]:
    tab = visit.context.new_page()
    try:
        yield tab
    finally:
        tab.close()
