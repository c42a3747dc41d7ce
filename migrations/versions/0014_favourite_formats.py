"""Werkvormen that somebody wants to find back.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('favourite_format',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('format_id', sa.String(length=64), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_favourite_format_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_favourite_format')),
    sa.UniqueConstraint('person_id', 'format_id', name=op.f('uq_favourite_format_person_id_format_id'))
    )


def downgrade() -> None:
    op.drop_table('favourite_format')
