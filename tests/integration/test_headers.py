"""The headers of every answer, the flags of the cookie, and what no cache may keep."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import Config
from lms.permissions import Role
from lms.web.access import public
from tests.factories import make_finished, make_person
from tests.integration.test_access import BY_NAME, cases, make_world
from tests.world import TOTP_SECRET, Browser, end_transaction, form_token, library_of

pytestmark = pytest.mark.sqlite_alone

ALWAYS = {
    "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
    "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
}  # fmt: skip


@pytest.fixture(scope="module")
def secure_site(config: Config, site: Flask) -> Flask:
    """The site as it runs for real people: production settings, behind https."""
    return create_app(
        replace(
            config,
            environment="production",
            base_url="https://navorming.example",
            mail_url="smtp://127.0.0.1:2525",
            contact="navorming@school.example",
        ),
        watch_content=False,
    )


@pytest.fixture
def secure(app: Flask, secure_site: Flask) -> Flask:
    return secure_site


def policy_of(text: str) -> dict[str, list[str]]:
    """A content security policy by directive."""
    parts = [part.split() for part in text.split(";") if part.strip()]
    assert len({part[0] for part in parts}) == len(parts), "a directive that stands twice counts once"
    return {part[0]: part[1:] for part in parts}


def missing_headers(headers: dict[str, str]) -> set[str]:
    """What is missing or weaker than it should be."""
    found = ALWAYS - set(headers)
    if found:
        return found
    policy = policy_of(headers["Content-Security-Policy"])
    if policy.get("default-src") != ["'none'"]:
        found.add("default-src")
    if headers["X-Content-Type-Options"] != "nosniff":
        found.add("nosniff")
    if headers["Referrer-Policy"] not in {
        "same-origin",
        "no-referrer",
        "strict-origin",
        "strict-origin-when-cross-origin",
    }:
        found.add("Referrer-Policy")
    return found


@pytest.mark.slow
def test_every_page_form_and_error_of_every_visitor_carries_the_headers(app: Flask) -> None:
    world = make_world(app)
    requests = [(case.method, case.path) for case in cases(world) if case.path not in {"/afmelden"}]
    for name in ("anonymous", "begeleider", "O&S", "O&S before the second factor"):
        actor = BY_NAME[name]
        browser = actor.browser(app, actor.person(world) if actor.person else None)
        for method, path in requests:
            # Without a token, so that nothing changes: the refusal is an answer as well.
            answer = browser.raw(method, path)
            assert not missing_headers(dict(answer.headers)), f"{actor.name}: {method} {path}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/bestaat-niet", 404), ("POST", "/", 405), ("GET", "/aanmelden/", 404), ("HEAD", "/", 200),
     ("OPTIONS", "/", 200), ("GET", "//voorbeeld", 308), ("POST", "/aanmelden", 400), ("GET", "/%00", 404)],
)  # fmt: skip
def test_errors_and_redirects_carry_them_too(app: Flask, method: str, path: str, status: int) -> None:
    answer = Browser(app).raw(method, path)
    assert answer.status_code == status
    assert not missing_headers(dict(answer.headers))


def test_an_unexpected_error_carries_them_and_tells_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    @public
    def broken() -> str:
        raise RuntimeError("the secret of the house")

    monkeypatch.setitem(app.view_functions, "public.privacy", broken)
    answer = Browser(app).raw("GET", "/privacy")
    assert answer.status_code == 500
    assert not missing_headers(dict(answer.headers))
    text = answer.get_data(as_text=True)
    assert "secret of the house" not in text and "Traceback" not in text and "RuntimeError" not in text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_large_gets_a_page_with_the_headers(app: Flask) -> None:
    answer = Browser(app).raw("POST", "/aanmelden", data={"email": "x" * 10_000_000})
    assert answer.status_code == 413
    assert not missing_headers(dict(answer.headers))


def static_files(app: Flask) -> list[str]:
    home = Browser(app).get("/")
    assert home.soup is not None
    found = [str(tag["href"]) for tag in home.soup.find_all("link", href=True)]
    found += [str(tag["src"]) for tag in home.soup.find_all(["script", "img"], src=True)]
    return sorted({path for path in found if path.startswith("/static/")})


def test_static_files_carry_them_and_may_be_kept_for_a_year(app: Flask) -> None:
    paths = static_files(app)
    assert any(path.endswith(".css") for path in paths) and any(path.endswith(".woff2") for path in paths)
    for path in paths:
        for extra in ({}, {"Accept-Encoding": "br, gzip"}, {"Range": "bytes=0-9"}):
            answer = Browser(app).raw("GET", path, headers=extra)
            assert answer.status_code in {200, 206}, path
            assert not missing_headers(dict(answer.headers)), f"{path} {extra}"
            assert "immutable" in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers
            # Our own pages use them; nobody else has to be invited to.
            assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/", "/static/x/css/app.css", "/static/../lms/app.py", "/static/%2e%2e/app.py"]
)
def test_there_is_nothing_else_among_the_static_files(app: Flask, path: str) -> None:
    answer = Browser(app).raw("GET", path)
    assert answer.status_code == 404
    assert not missing_headers(dict(answer.headers))


def test_the_policy_allows_no_inline_script_style_or_frame(app: Flask) -> None:
    policy = policy_of(Browser(app).get("/").response.headers["Content-Security-Policy"])
    for directive, sources in policy.items():
        for source in sources:
            assert source not in {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"}, directive
            assert "." not in source, f"{directive} names a third party"
    assert policy["frame-ancestors"] == ["'none'"] and policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"] and "data:" not in policy["script-src"]


def test_a_weaker_policy_would_be_seen() -> None:
    """The sabotaged twin."""
    good = dict.fromkeys(ALWAYS, "x") | {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'", "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }  # fmt: skip
    assert missing_headers(good) == set()
    assert missing_headers(good | {"Content-Security-Policy": "default-src 'self'"}) == {"default-src"}
    assert missing_headers(good | {"Referrer-Policy": "unsafe-url"}) == {"Referrer-Policy"}
    assert missing_headers({name: value for name, value in good.items() if name != "X-Frame-Options"}) == {
        "X-Frame-Options"
    }


# ── what may be kept ───────────────────────────────────────────────────────


def test_pages_for_somebody_who_is_signed_in_are_never_kept(app: Flask) -> None:
    live = library_of(app)
    person, staff = make_finished(live).id, make_person(role=Role.OS_STAFF, totp_secret=TOTP_SECRET).id
    browser = Browser(app).sign_in(person)
    slug = live.sessions[0].slug
    paths = (
        "/",
        "/account",
        "/navorming",
        "/navorming/klaar",
        "/pakket",
        f"/pakket/{slug}",
        "/privacy",
        "/start",
        "/x",
    )
    for path in paths:
        assert browser.get(path).response.headers["Cache-Control"] == "no-store", path
    browser.sign_in(staff)
    for path in ("/scholen", "/scholen/nieuw", "/healthz"):
        assert browser.get(path).response.headers["Cache-Control"] == "no-store", path


def test_a_page_with_a_form_is_not_kept_by_a_shared_cache(app: Flask) -> None:
    for path in ("/", "/aanmelden", "/registreren"):
        answer = Browser(app).get(path).response
        assert set(answer.headers["Cache-Control"].replace(" ", "").split(",")) & {"private", "no-store"}, path


def test_the_answer_that_signs_somebody_in_or_out_is_not_kept(app: Flask) -> None:
    browser = Browser(app).sign_in(make_person().id)
    end_transaction()
    page = browser.post("/afmelden", token=form_token(browser))
    assert page.status == 303
    kept = page.response.headers.get("Cache-Control", "")
    assert "Set-Cookie" in page.response.headers and ("no-store" in kept or "private" in kept)


# ── under https ────────────────────────────────────────────────────────────


def test_under_https_every_answer_says_to_stay_there(secure: Flask) -> None:
    paths = ["/", "/bestaat-niet", "/navorming", "/healthz", *static_files(secure)]
    for path in paths:
        answer = Browser(secure).raw("GET", path, base_url="https://navorming.example")
        value = answer.headers.get("Strict-Transport-Security", "")
        assert "max-age=" in value and int(value.split("max-age=")[1].split(";")[0]) >= 31_536_000, path


def test_without_https_no_answer_says_so(app: Flask) -> None:
    """A site on one's own machine would otherwise be unreachable for a year."""
    assert "Strict-Transport-Security" not in Browser(app).get("/").response.headers


def test_the_cookie_is_for_this_site_and_for_http_alone(app: Flask, secure: Flask) -> None:
    cookie = Browser(app).raw("GET", "/aanmelden").headers["Set-Cookie"]
    assert cookie.startswith("navorming=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie and "Domain" not in cookie
    answer = Browser(secure).raw("GET", "/aanmelden", base_url="https://navorming.example")
    cookie = answer.headers["Set-Cookie"]
    # A browser keeps a cookie with this name only when it is Secure, for the whole path and for no other domain.
    assert cookie.startswith("__Host-navorming=")
    assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Path=/" in cookie and "Domain" not in cookie


def test_a_visit_that_needs_no_cookie_gets_none(app: Flask) -> None:
    for path in ("/", "/privacy", "/toegankelijkheid", "/voorbeeld", "/healthz", "/navorming"):
        assert "Set-Cookie" not in Browser(app).raw("GET", path).headers, path
