"""The rules that the test client holds every page against can themselves fail."""

from __future__ import annotations

import pytest
from flask import Flask, Response
from werkzeug.test import TestResponse

from lms.web.headers import HEADERS
from tests.visitor import Page, check_manners

GOOD = """<!doctype html><html lang="nl-BE"><head><title>Titel</title></head><body><h1>Kop</h1>
<a href="#doel">Daar</a><p id="doel">Hier</p><a href="/privacy">Privacy</a><a href="https://school.example/x">Weg</a>
<form method="post" action="/aanmelden"><input type="hidden" name="csrf_token" value="x">
<label for="naam">Naam</label><input id="naam" name="naam" aria-describedby="doel">
<label>Kies <select name="kies"><option>a</option></select></label><button>Doe</button></form></body></html>"""


def page_of(html: str) -> Page:
    made = Response(html, mimetype="text/html", headers=dict(HEADERS))
    response = TestResponse(made.response, made.status, made.headers, request=None)  # type: ignore[arg-type]
    return Page(response, "/proef")


def test_a_page_with_manners_passes(site: Flask) -> None:
    page = page_of(GOOD)
    check_manners(site, page)
    assert page.title == "Titel" and page.token() == "x"


@pytest.mark.parametrize(
    ("there", "instead", "fault"),
    [
        ('lang="nl-BE"', 'lang="en"', "lang"),
        ("<h1>Kop</h1>", "", "0 h1"),
        ("<h1>Kop</h1>", "<h1>Kop</h1><h1>Nog een</h1>", "2 h1"),
        ("<title>Titel</title>", "<title> </title>", "title"),
        ("<h1>", '<h1 style="color:red">', "style attribute"),
        ("<h1>", '<h1 id="doel">', "double id"),
        ('<label for="naam">Naam</label>', "", "no label"),
        ("<label>Kies", "Kies", "no label"),
        ('aria-describedby="doel"', 'aria-describedby="weg"', "aria-describedby weg points nowhere"),
        ('name="csrf_token"', 'name="iets"', "form without token"),
        ('href="#doel"', 'href="#weg"', "#weg points nowhere"),
        ('href="/privacy"', 'href="/bestaat-niet"', "GET /bestaat-niet leads nowhere"),
        ('action="/aanmelden"', 'action="/privacy"', "POST /privacy leads nowhere"),
    ],
)
def test_each_fault_is_found(site: Flask, there: str, instead: str, fault: str) -> None:
    assert there in GOOD
    with pytest.raises(AssertionError, match=fault):
        check_manners(site, page_of(GOOD.replace(there, instead, 1)))


def test_a_missing_header_is_found(site: Flask) -> None:
    page = page_of(GOOD)
    del page.response.headers["Content-Security-Policy"]
    with pytest.raises(AssertionError, match="Content-Security-Policy"):
        check_manners(site, page)
