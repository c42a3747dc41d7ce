"""The group of commands and what they share: an error is one Dutch line, exit code 0 is good, 1 wrong, 2 impossible."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from lms.cli.dutch import IMPOSSIBLE, Commands
from lms.config import ConfigError
from lms.content.problems import ContentError
from lms.database import db
from lms.errors import LmsError


def explains(command: Callable[..., Any]) -> Callable[..., Any]:
    """Say what is wrong in one Dutch line instead of a trace."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            click.echo(f"Instelling: {error}", err=True)
            sys.exit(IMPOSSIBLE)
        except ContentError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            sys.exit(1)
        except LmsError as error:
            click.echo(error.message, err=True)
            sys.exit(1)
        except OperationalError as error:
            # Without the address: it may hold a password.
            click.echo(
                f"De databank antwoordt niet: {str(error.orig).splitlines()[0]}. Kijk LMS_DATABASE_URL na.", err=True
            )
            sys.exit(IMPOSSIBLE)

    return run


def refuse_old_database() -> None:
    """Raises ConfigError when the database is not at the schema of this release. Needs an application context."""
    # Here and not above: Alembic takes a tenth of a second to import, and most commands do not look at the schema.
    from lms import schema

    if schema.current(db.engine) != schema.newest():
        raise ConfigError("De databank is nog niet bijgewerkt. Voer eerst 'lms init' uit.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Unlocking Potential · Navorming: de opdrachten van de site."""
