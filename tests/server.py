"""The real server for a test, on a free port with its own data, and people who are signed in at it."""

from __future__ import annotations

import contextvars
import http.client
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import urlencode

from bs4 import BeautifulSoup
from flask import Flask, has_app_context
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from lms.config import Config
from lms.database import db
from lms.people.queries import get_person
from lms.people.tables import SignIn
from tests import nursery

START_SECONDS = 60.0


def free_port() -> int:
    """A port of this machine that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def forge(secret_key: str, token: str) -> tuple[str, str]:
    """The cookie of somebody signed in with ``token``, and a form token that belongs to it."""
    raw = secrets.token_hex(20)
    sessions, tokens = signers(secret_key)
    cookie = sessions.dumps({"_user_id": token, "_fresh": True, "csrf_token": raw})
    return f"navorming={cookie!s}", str(tokens.dumps(raw))


@cache
def signers(secret_key: str) -> tuple[URLSafeTimedSerializer, URLSafeTimedSerializer]:
    """What signs the cookies and the form tokens of a site with this key."""
    site = Flask("keys")
    site.secret_key = secret_key
    sessions = SecureCookieSessionInterface().get_signing_serializer(site)
    assert sessions is not None
    return sessions, URLSafeTimedSerializer(secret_key, salt="wtf-csrf-token")


def let_in(person_id: int, *, second_factor: bool = True) -> str:
    """Sign somebody in; gives the token for the cookie. Needs an application context."""
    row, token = SignIn.open_for(get_person(person_id), own_device=False, second_factor=second_factor)
    db.session.add(row)
    db.session.commit()
    return token


@dataclass(frozen=True)
class Reply:
    """What the site answered to somebody inside this process."""

    status: int
    location: str
    response: TestResponse

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.response.get_data(), "lxml")


class Visit:
    """A browser on the site inside this process, usable from any thread.

    Each request runs in an empty context, as on the real server: what one request remembers (the visitor,
    the database session) is gone before the next.
    """

    def __init__(self, app: Flask, person_id: int | None = None) -> None:
        self.app = app
        self.client = app.test_client(use_cookies=person_id is None)
        self._headers: dict[str, str] = {}
        self._token = ""
        if person_id is not None:
            cookie, self._token = forge(str(app.secret_key), let_in(person_id))
            self._headers = {"Cookie": cookie}

    def get(self, path: str) -> Reply:
        return self._open(path, "GET", None)

    def post(self, path: str, data: dict[str, Any] | None = None) -> Reply:
        return self._open(path, "POST", {"csrf_token": self._token, **(data or {})})

    def look(self, path: str) -> Reply:
        """Open a page with a form and keep its token."""
        reply = self.get(path)
        field = reply.soup.find("input", {"name": "csrf_token"})
        assert field is not None, f"no form on {path} ({reply.status})"
        self._token = str(field["value"])
        return reply

    def copy(self) -> Visit:
        """The same browser in another tab: cookies as they are now."""
        other = Visit.__new__(Visit)
        other.app, other._token, other._headers = self.app, self._token, dict(self._headers)
        other.client = self.app.test_client(use_cookies=not self._headers)
        if not self._headers:
            cookie = self.client.get_cookie("navorming")
            assert cookie is not None
            other.client.set_cookie("navorming", cookie.value)
        return other

    def _open(self, path: str, method: str, data: dict[str, Any] | None) -> Reply:
        if has_app_context():
            # Nothing the test itself looked at may hold a lock, or show an old state afterwards.
            db.session.rollback()
        call = contextvars.Context().run
        response = call(self.client.open, path, method=method, data=data, headers=self._headers)
        return Reply(response.status_code, response.headers.get("Location", ""), response)


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Do ``act(0)`` … ``act(count - 1)`` in threads that start at the same moment; gives their results."""
    start = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = act(number)
        except BaseException as error:
            results[number] = error

    if has_app_context():
        db.session.rollback()
    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


class Server:
    """``python -m lms run`` in a process group of its own. ``spoiled`` names an app of ``tests.spoiled`` instead.

    Each start takes another free port, unless ``port`` says which.
    """

    def __init__(
        self, config: Config, *, spoiled: str | None = None, environ: dict[str, str] | None = None, port: int = 0
    ) -> None:
        self.config, self.spoiled = config, spoiled
        self.port = self._fixed_port = port
        self.process: nursery.Born | None = None
        # Where everything goes that it says; nowhere, unless a test wants to read it.
        self.log: IO[bytes] | None = None
        settings = {
            "LMS_ENV": config.environment,
            "LMS_SECRET_KEY": config.secret_key,
            "LMS_DATABASE_URL": config.database_url,
            "LMS_DATA": str(config.data),
            "LMS_COURSES": str(config.courses),
            "LMS_BASE_URL": config.base_url,
            "LMS_CONTACT": config.contact,
        }
        self.environ = nursery.environ_with(settings | (environ or {}))

    def start(self) -> None:
        """Start and wait until /healthz answers."""
        self.port = self._fixed_port or free_port()
        words = (
            ["tests.spoiled", self.spoiled, str(self.port)]
            if self.spoiled
            else ["lms", "run", "--port", str(self.port)]
        )
        with open(os.devnull, "wb") as nowhere:
            log = (self.log or nowhere).fileno()
            self.process = nursery.start(words, self.environ, log, log)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert not self.process.is_over(), "the server stopped"
            if self._answers():
                return
            time.sleep(0.01)
        self.kill()
        raise AssertionError("the server does not answer")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """End it and all its processes at once, with SIGKILL: nothing gets the time to finish."""
        if self.process is not None:
            self.process.kill()
            self.process = None

    def call(self, token: str) -> Client:
        """A connection of somebody who is signed in with ``token``."""
        return Client(self.port, *forge(self.config.secret_key, token))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()


class Client:
    """One kept-open connection to the real server. Raises OSError or HTTPException when the server dies."""

    def __init__(self, port: int, cookie: str, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.headers, self.token = {"Cookie": cookie}, token

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text of a page."""
        self.connection.request("GET", path, headers=self.headers)
        response = self.connection.getresponse()
        return response.status, response.read().decode()

    def post(self, path: str, data: dict[str, str]) -> tuple[int, str]:
        """The status and where it leads; only once both are read is the answer acknowledged."""
        body = urlencode({"csrf_token": self.token, **data})
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, body, headers)
        response = self.connection.getresponse()
        response.read()
        return response.status, response.headers.get("Location", "")


def own_config(config: Config, folder: Path, database_url: str, courses: Path) -> Config:
    """Settings for a server with its own folder and database."""
    folder.mkdir(parents=True, exist_ok=True)
    return replace(config, data=folder, database_url=database_url, courses=courses)
