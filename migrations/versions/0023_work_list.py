"""The work list finds closed accounts, and who works at a school, by index.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, table, column, condition in (
        ('ix_membership_working', 'membership', 'school_id', 'ended_at IS NULL'),
        ('ix_person_disabled', 'person', 'id', 'disabled_at IS NOT NULL'),
    ):
        op.create_index(name, table, [column], sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def downgrade() -> None:
    op.drop_index('ix_person_disabled', 'person')
    op.drop_index('ix_membership_working', 'membership')
