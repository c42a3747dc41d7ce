"""Production refuses to start unsafely, and has none of the conveniences of development."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

import lms.app
import lms.database
from lms.app import create_app
from lms.config import DEVELOPMENT_KEY, Config, ConfigError
from tests.world import Browser

pytestmark = pytest.mark.sqlite_alone

GOOD = {
    "LMS_ENV": "production",
    "LMS_SECRET_KEY": "een eigen sleutel die lang genoeg is om er een te zijn",
    "LMS_MAIL_URL": "smtp://mail.school.example:587",
    "LMS_BASE_URL": "https://navorming.school.example",
    "LMS_CONTACT": "navorming@school.example",
}


def settings(tmp_path: Path, **changes: str | None) -> dict[str, str]:
    merged: dict[str, str | None] = {**GOOD, "LMS_DATA": str(tmp_path), **changes}
    return {name: value for name, value in merged.items() if value is not None}


def test_with_good_settings_production_starts(tmp_path: Path) -> None:
    app = create_app(Config.from_environment(settings(tmp_path)), watch_content=False)
    assert app.debug is False and app.testing is False
    assert not app.config["LMS"].is_development


def test_without_saying_so_it_is_production(tmp_path: Path) -> None:
    assert not Config.from_environment(settings(tmp_path, LMS_ENV=None)).is_development
    with pytest.raises(ConfigError):
        Config.from_environment({})


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"LMS_SECRET_KEY": None}, "LMS_SECRET_KEY"),
        ({"LMS_SECRET_KEY": ""}, "LMS_SECRET_KEY"),
        ({"LMS_SECRET_KEY": DEVELOPMENT_KEY}, "LMS_SECRET_KEY"),
        ({"LMS_SECRET_KEY": "x" * 31}, "LMS_SECRET_KEY"),
        ({"LMS_SECRET_KEY": " " * 40}, "LMS_SECRET_KEY"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"FLASK_DEBUG": "true"}, "FLASK_DEBUG"),
        ({"LMS_MAIL_URL": None}, "LMS_MAIL_URL"),
        ({"LMS_MAIL_URL": ""}, "LMS_MAIL_URL"),
        ({"LMS_MAIL_URL": "mail.school.example"}, "LMS_MAIL_URL"),
        ({"LMS_MAIL_URL": "http://mail.school.example"}, "LMS_MAIL_URL"),
        ({"LMS_CONTACT": None}, "LMS_CONTACT"),
        ({"LMS_CONTACT": ""}, "LMS_CONTACT"),
        ({"LMS_BASE_URL": "http://navorming.school.example"}, "LMS_BASE_URL"),
        ({"LMS_BASE_URL": "navorming.school.example"}, "LMS_BASE_URL"),
        ({"LMS_BASE_URL": "ftp://navorming.school.example"}, "LMS_BASE_URL"),
        ({"LMS_BASE_URL": "https://"}, "LMS_BASE_URL"),
        ({"LMS_BASE_URL": "http://localhost.school.example"}, "LMS_BASE_URL"),
        ({"LMS_ENV": "Development"}, "LMS_ENV"),
        ({"LMS_ENV": "dev"}, "LMS_ENV"),
    ],
)
def test_an_unsafe_setting_keeps_production_from_starting_and_is_named(
    tmp_path: Path, changes: dict[str, str | None], named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        Config.from_environment(settings(tmp_path, **changes))


def test_the_refusal_shows_no_secret(tmp_path: Path) -> None:
    config = Config.from_environment(settings(tmp_path, LMS_MAIL_URL="smtp://jan:geheim@mail.school.example"))
    assert "geheim" not in repr(config) and "eigen sleutel" not in repr(config)
    with pytest.raises(ConfigError) as refusal:
        Config.from_environment(settings(tmp_path, LMS_SECRET_KEY="te kort geheim"))
    assert "te kort geheim" not in str(refusal.value)


def test_a_config_made_by_hand_is_checked_as_well(tmp_path: Path) -> None:
    """Not only the environment: whoever calls the factory meets the same check."""
    with pytest.raises(ConfigError, match="LMS_SECRET_KEY"):
        create_app(Config(data=tmp_path), watch_content=False)
    with pytest.raises(ConfigError, match="FLASK_DEBUG"):
        create_app(replace(Config.from_environment(settings(tmp_path)), debug=True), watch_content=False)


# ── the database ───────────────────────────────────────────────────────────

UNSAFE = [
    ("synchronous", "NORMAL"), ("synchronous", "OFF"), ("foreign_keys", "OFF"), ("journal_mode", "DELETE"),
    ("secure_delete", "OFF"),
]  # fmt: skip


@pytest.mark.parametrize(("pragma", "value"), UNSAFE)
def test_a_database_that_may_lose_answers_keeps_production_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pragma: str, value: str
) -> None:
    monkeypatch.setitem(lms.database.SQLITE_PRAGMAS, pragma, value)
    with pytest.raises(ConfigError, match=pragma):
        create_app(Config.from_environment(settings(tmp_path)), watch_content=False)


@pytest.mark.parametrize(("pragma", "value"), UNSAFE)
def test_without_that_check_it_would_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pragma: str, value: str
) -> None:
    """The sabotaged twin: it is the check that refuses, and nothing else."""
    monkeypatch.setitem(lms.database.SQLITE_PRAGMAS, pragma, value)
    monkeypatch.setattr(lms.app, "check_safety", lambda _connection: [])
    create_app(Config.from_environment(settings(tmp_path)), watch_content=False)


# ── conveniences of development ────────────────────────────────────────────


@pytest.fixture(scope="module")
def real_site(config: Config, site: Flask) -> Flask:
    """The site with production settings on the database of the tests."""
    return create_app(
        replace(config, environment="production", mail_url="smtp://127.0.0.1:2525", contact="navorming@school.example"),
        watch_content=False,
    )


@pytest.mark.parametrize("path", ["/_postvak", "/huisstijl", "/aanmelden/demo", "/_postvak/", "/huisstijl/"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_the_pages_of_development_do_not_exist_for_real_people(
    app: Flask, real_site: Flask, path: str, method: str
) -> None:
    answer = Browser(real_site).raw(method, path, data={"email": "beheerder@demo.example"})
    assert answer.status_code == 404
    assert not [rule for rule in real_site.url_map.iter_rules() if rule.endpoint.startswith("dev.")]


def test_they_do_exist_in_development(app: Flask) -> None:
    """Otherwise the test above would look for pages that are nowhere."""
    for path in ("/_postvak", "/huisstijl"):
        assert Browser(app).get(path).status == 200


def test_no_page_for_real_people_offers_demo_or_speaks_of_development(app: Flask, real_site: Flask) -> None:
    shown = Browser(app).get("/aanmelden").text.lower()
    assert "demo" in shown and "ontwikkelomgeving" in shown
    for path in ("/aanmelden", "/registreren", "/", "/privacy", "/toegankelijkheid"):
        text = Browser(real_site).raw("GET", path).get_data(as_text=True).lower()
        for word in ("demo", "ontwikkelomgeving", "_postvak", "huisstijl"):
            assert word not in text, f"{path}: {word}"


def test_an_error_for_real_people_shows_no_code(app: Flask, real_site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError("the secret of the house")

    broken.access = "public"  # type: ignore[attr-defined]
    monkeypatch.setitem(real_site.view_functions, "public.privacy", broken)
    answer = Browser(real_site).raw("GET", "/privacy")
    assert answer.status_code == 500
    assert "secret of the house" not in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)
