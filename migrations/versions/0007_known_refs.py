"""What a course held when somebody completed it, so that what came later can be shown as new.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('completion') as batch:
        batch.add_column(sa.Column('known_refs', sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('completion') as batch:
        batch.drop_column('known_refs')
