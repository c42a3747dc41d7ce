"""How long a file of ten thousand schools takes: ``.venv/bin/python -m bench.school_import``.

Through the pages of the site, in one process on SQLite: choosing the file, looking at what it would change, carrying it
out; and the same file again, which adds nothing. Asked (quality of the project): under 10 seconds.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import xlsxwriter

from bench.site import fill_site, site_environment
from lms.app import create_app
from lms.config import Config
from lms.people.rules import new_token

HEAD = ["Naam", "Soort", "Gemeente", "Straat en nummer", "Postcode", "Schoolnummer"]


def rows(count: int) -> list[list[str]]:
    return [
        [f"Meetschool {number}", "so", "Genk", f"Demostraat {number}", "3600", str(100_000 + number)]
        for number in range(count)
    ]


def as_csv(count: int) -> bytes:
    return "\n".join(";".join(row) for row in [HEAD, *rows(count)]).encode()


def as_xlsx(count: int) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate([HEAD, *rows(count)]):
            page.write_row(number, 0, row)
    return out.getvalue()


def carry_out(client: Any, data: bytes, name: str) -> tuple[float, float, str]:
    """The seconds from choosing the file until it is done, those of the processor, and what the preview said."""
    begin, busy = time.perf_counter(), time.process_time()
    form = client.get("/scholen/invoeren").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]  # type: ignore[index]
    sent = {"csrf_token": token, "key": new_token(), "file": (io.BytesIO(data), name)}
    path = client.post("/scholen/invoeren", data=sent, content_type="multipart/form-data").location
    shown = client.get(path).get_data(as_text=True)
    digest = re.search(r'name="digest" value="([^"]+)"', shown)
    if digest is None:
        return time.perf_counter() - begin, time.process_time() - busy, "niets te doen"
    assert client.post(path, data={"csrf_token": token, "digest": digest[1]}).status_code == 303
    told = re.search(r"<p>(\d+ [^<]*)</p>", shown)[1]  # type: ignore[index]
    return time.perf_counter() - begin, time.process_time() - busy, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    count = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        environ = site_environment(Path(folder), 0)
        _learners, staff = fill_site(environ, 0)
        client = create_app(Config.from_environment(environ), watch_content=False).test_client()
        name, value = staff.split("=", 1)
        client.set_cookie(name, value)
        changed = as_csv(count).replace(b";3600;", b";3500;")
        for label, data, file in (
            ("csv, all new", as_csv(count), "a.csv"), ("the same csv again", as_csv(count), "a.csv"),
            ("csv, all changed", changed, "b.csv"), ("xlsx, all changed back", as_xlsx(count), "c.xlsx"),
        ):  # fmt: skip
            seconds, busy, told = carry_out(client, data, file)
            print(f"{label}: {len(data) / 1e6:.2f} MB, {seconds:.2f} s, of which {busy:.2f} s processor ({told})")


if __name__ == "__main__":
    main()
