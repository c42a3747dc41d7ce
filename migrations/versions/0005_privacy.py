"""When somebody was last here, and how an account ends: the notice, the wish to leave, the erasing.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

COLUMNS = ('last_seen_at', 'expiry_notice_at', 'deletion_asked_at', 'erased_at')


def upgrade() -> None:
    with op.batch_alter_table('person', schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute(
        'UPDATE person SET last_seen_at = '
        '(SELECT max(created_at) FROM sign_in WHERE sign_in.person_id = person.id)'
    )


def downgrade() -> None:
    with op.batch_alter_table('person', schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
