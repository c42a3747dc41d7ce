"""What learners do not agree with in the verdict on their own bijvraag.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('probing_objection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.String(length=64), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('open', 'gesloten', 'suggestief', 'geen', name='probing_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('stacked', sa.Boolean(), nullable=False),
    sa.Column('blaming', sa.Boolean(), nullable=False),
    sa.Column('judging', sa.Boolean(), nullable=False),
    sa.Column('uptake', sa.Boolean(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_probing_objection_attempt_id_attempt'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_probing_objection')),
    sa.UniqueConstraint('attempt_id', name=op.f('uq_probing_objection_attempt_id'))
    )
    op.create_index('ix_probing_objection_created_at', 'probing_objection', ['created_at'])


def downgrade() -> None:
    op.drop_table('probing_objection')
