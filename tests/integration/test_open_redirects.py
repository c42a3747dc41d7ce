"""No address that comes in with a request sends anybody to another site, whatever the page and the parameter.

Signing in with a ``next`` is walked through step by step in test_sign_in.py; here every page and every form of the
site gets every payload under every name that such a parameter usually has.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask

import lms.people.views
from lms.dev.demo import FACILITATOR, add_person
from tests.integration.test_access import BY_NAME, cases, make_world
from tests.integration.test_sign_in import LEAVING, leaves
from tests.integration.test_unsafe_requests import _entitled
from tests.world import Browser, form_token

pytestmark = pytest.mark.sqlite_alone

NAMES = (
    "next", "terug", "url", "return", "returnTo", "return_to", "redirect", "redirect_uri", "redirect_url", "goto", "to",
    "target", "via", "continue", "back", "referrer", "callback",
)  # fmt: skip
# The long ones are about the cookie of signing in, and an address of that length is no request at all.
PAYLOADS = [payload for payload in LEAVING if len(payload) < 200] + [
    "%2f%2fevil.example", "%252f%252fevil.example", "/%09/evil.example", "／／evil.example", "/／evil.example",
    "//evil。example", "//user:pass@evil.example", "/;@evil.example", "\x01//evil.example", "vbscript:x", "blob:x",
]  # fmt: skip


def exits(app: Flask, *, only: str = "") -> list[str]:
    """Every answer that would take the browser of somebody to another site."""
    assert len(PAYLOADS) >= 30 and set(A_FEW) <= set(PAYLOADS)
    world = make_world(app)
    people = {
        name: BY_NAME[name].browser(app, person(world) if (person := BY_NAME[name].person) else None)
        for name in ("anonymous", "aanspreekpunt", "begeleider", "administrator", "O&S before the second factor")
    }
    found = []
    for case in cases(world):
        if only not in case.endpoint:
            continue
        # Who is sent to sign in, on to the second factor or to the locked pack, and who gets in.
        sent_on = ["anonymous", "O&S before the second factor", "begeleider"] if case.method == "GET" else []
        browsers = [people[name] for name in dict.fromkeys([*sent_on, _entitled(case)])]
        for browser in browsers:
            for payload in PAYLOADS if case.endpoint in AWARE else A_FEW:
                query = "&".join(f"{name}={quote(payload, safe='')}" for name in NAMES)
                path = f"{case.path}{'&' if '?' in case.path else '?'}{query}"
                data = {**dict.fromkeys(NAMES, payload), **case.data, "csrf_token": form_token(browser)}
                answer = browser.raw(
                    case.method, path, data=data if case.method == "POST" else None,
                    headers={"Referer": "https://evil.example/", "X-Forwarded-Host": "evil.example"},
                )  # fmt: skip
                location = answer.headers.get("Location", "")
                if leaves(location) or "Refresh" in answer.headers:
                    found.append(f"{case.method} {case.endpoint} with {payload!r}: {location}")
    return found


# These do something with such a parameter today; every other page gets two payloads, so that a new one is seen.
A_FEW = ("//evil.example", "https://evil.example")
AWARE = {"people.sign_in", "schools.register", "public.start", "dev.demo_sign_in"}


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_no_page_and_no_form_leads_away(app: Flask) -> None:
    assert exits(app) == []


@pytest.mark.slow
def test_a_page_that_follows_its_parameter_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin."""

    def careless(target: str | None) -> str:
        return target if target and target.startswith("//evil") else "/start"

    monkeypatch.setattr(lms.people.views.door, "safe_next", careless)
    assert len(exits(app, only="people.sign_in")) > 10


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_the_demo_sign_in_leads_nowhere_else(app: Flask, payload: str) -> None:
    add_person(FACILITATOR)
    browser = Browser(app)
    data = {"email": FACILITATOR.email, "next": payload}
    answer = browser.post("/aanmelden/demo", data, token=form_token(browser))
    assert answer.status == 303 and not leaves(answer.location), answer.location
