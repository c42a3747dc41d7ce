"""An action of O&S that the aanspreekpunt may read.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('contact_note', sa.Column('is_shared', sa.Boolean(), nullable=False, server_default=sa.false()))
    # The rows of before have this value now; from here on the program gives it.
    with op.batch_alter_table('contact_note', schema=None) as batch_op:
        batch_op.alter_column('is_shared', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('contact_note', schema=None) as batch_op:
        batch_op.drop_column('is_shared')
