"""The order of people by name is kept by what SQLite has of itself, so that every tool finds the index whole.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

INDEX = 'ix_person_role_by_name'


def remake(sqlite: str) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.drop_index(INDEX, 'person')
        op.create_index(INDEX, 'person', ['role', sa.text(sqlite), 'id'])


def upgrade() -> None:
    remake('name COLLATE NOCASE')


def downgrade() -> None:
    remake('lower(name)')
