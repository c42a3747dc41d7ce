"""The form that takes a file with schools."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from lms.errors import Invalid
from lms.schools.rules.importing import BadFile, Row, read_rows
from lms.schools.rules.spreadsheets import read_table
from lms.web.forms import Form
from lms.web.tables import bare_cell

# Ten thousand schools are about one million bytes of CSV.
FILE_AT_MOST = 3_000_000


def read_key(form: Mapping[str, str]) -> str:
    """The key that makes a double click one file. Raises Invalid when the form is not ours."""
    key = form.get("key", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{20,64}", key):
        raise Invalid("Deze pagina is niet volledig geladen. Laad ze opnieuw en kies het bestand nog eens.")
    return key


class ImportForm(Form):
    """After checking, ``rows`` holds the schools, or ``problems`` everything that is wrong in the file."""

    file = FileField("Bestand met scholen")
    rows: list[Row]
    problems: list[str]
    read_as = ""

    @property
    def filename(self) -> str:
        """The name of the file as it may be shown."""
        name = (self.file.data.filename or "") if isinstance(self.file.data, FileStorage) else ""
        return "".join(char for char in name.replace("\\", "/").rsplit("/", 1)[-1] if char.isprintable())[:120]

    def validate_file(self, field: FileField) -> None:
        self.rows, self.problems = [], []
        try:
            if not isinstance(field.data, FileStorage) or not field.data.filename:
                raise Invalid("Kies eerst een bestand.")
            data = field.data.stream.read(FILE_AT_MOST + 1)
            if len(data) > FILE_AT_MOST:
                raise Invalid(
                    "Dit bestand is te groot. Houd alleen de kolommen van het voorbeeld, of verdeel de lijst."
                )
            grid = read_table(data, bare=bare_cell)
            self.read_as = grid.read_as
            self.rows = read_rows(grid)
        except Invalid as error:
            self.problems = [error.message]
        except BadFile as error:
            self.problems = error.problems
        field.errors = self.problems[:1]
