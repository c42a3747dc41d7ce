"""One server and one Chromium for each test process, and a fresh browser context for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

import do
from tests.browser.site import WINDOW, Site, Tab, Visit, Watch

# Root cannot use the sandbox of Chromium; the rest keeps it from asking anything of the outside world.
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    # A page lives for a second here: to optimise its script, or to keep a process ready for the next, never pays off.
    "--js-flags=--no-maglev --no-turbofan", "--renderer-process-limit=1",
    # This list takes the place of Playwright's. Playwright also switches off that Chromium waits with drawing a page
    # until there is something to draw, as it does for everybody; half-made pages cost a fifth of each visit. And it
    # leaves RenderDocument on, with which a tab that is closed while its next page comes never says that it is closed.
    "--disable-features=RenderDocument,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,MediaRouter,ThirdPartyStoragePartitioning,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder that asks for a browser carries the marker for it."""
    here = Path(__file__).parent
    for item in items:
        names = getattr(item, "fixturenames", ())
        if here in item.path.parents and {"server", "empty_server", "chromium"} & set(names):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    programs = [found for name in do.CHROMIUM if (found := shutil.which(name))]
    if not programs:
        pytest.fail(f"These tests need chromium. On Debian: apt install {do.CHROMIUM[0]}", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=programs[0], args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real site with its demo people and schools."""
    with Site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real site as it is just installed: nobody and no school."""
    with Site(tmp_path_factory.mktemp("empty-site"), with_demo=False) as site:
        yield site


def new_context(chromium: Browser, **settings: Any) -> BrowserContext:
    context = chromium.new_context(**{"viewport": WINDOW, "locale": "nl-BE", "reduced_motion": "reduce", **settings})
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
def enter(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens a fresh browser context at a site; at the end nothing may have gone wrong in any of them."""
    opened: list[tuple[Visit, Watch]] = []

    def enter(site: Site, *, width: int = 1280, height: int = 900, **settings: Any) -> Visit:
        context = new_context(chromium, viewport={"width": width, "height": height}, **settings)
        watch = Watch(site.url)
        watch.follow(context)
        visit = Visit(site, context)
        opened.append((visit, watch))
        return visit

    yield enter
    complaints = []
    for visit, watch in opened:
        visit.context.close()
        complaints += watch.complaints
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="session")
def tabs() -> dict[str, Tab]:
    """The one tab that is open at each site, by its address."""
    return {}


@pytest.fixture
def next_visit(chromium: Browser, tabs: dict[str, Tab]) -> Iterator[Callable[[Site], Visit]]:
    """The tab at a site for the next visitor; at the end nothing may have gone wrong there.

    For who only looks. Who changes the browser itself (its clock, its connection, what it keeps beside cookies) has to
    ``enter``.
    """
    used: list[Tab] = []

    def next_visit(site: Site) -> Visit:
        # After a fault its tab is not trusted any more.
        tab = tabs.pop(site.url, None) or Tab(site, new_context(chromium))
        used.append(tab)
        return tab.hand_over()

    yield next_visit
    for tab in used:
        if tab.watch.complaints:
            tab.visit.context.close()
        else:
            tabs[tab.visit.site.url] = tab
    assert not (complaints := [line for tab in used for line in tab.watch.complaints]), "\n".join(complaints)


@pytest.fixture
def visit(server: Site, enter: Callable[..., Visit]) -> Visit:
    """Somebody at the site who is not signed in."""
    return enter(server)
