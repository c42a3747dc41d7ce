"""Runs migrations on the connection that ``lms.schema`` hands over; that module owns the transaction."""

from alembic import context

import lms.learning.tables
import lms.mail
import lms.pack.tables
import lms.people.tables
import lms.schools.tables  # noqa: F401 - the imports fill the metadata
from lms.database import Base, UtcDateTime


def render(kind, item, _autogen):
    """Migrations stand alone: they name plain types, not those of today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    compare_type=True,
    render_item=render,
)
context.run_migrations()
