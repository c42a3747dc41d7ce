"""An attest outlives person and course; what staff decide about a completion is kept with its reason.

Revision ID: 0004
Revises: 0003
"""

import json

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

REFERENCE = 'fk_attest_completion_id_completion'
# The one course there was when attests did not yet say what they are about.
FIRST_COURSE = json.dumps({'title': 'Aan de slag met de toolbox', 'minutes': 120, 'objectives': []})


def upgrade() -> None:
    op.create_table('completion_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('completion_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('live', 'opened', 'revoked', 'reopened', 'finished', name='change_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_completion_change_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['completion_id'], ['completion.id'], name=op.f('fk_completion_change_completion_id_completion'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completion_change'))
    )
    op.create_index('ix_completion_change_completion_id', 'completion_change', ['completion_id'])
    op.create_index('ix_completion_change_by_id', 'completion_change', ['by_id'])
    with op.batch_alter_table('completion') as batch_op:
        batch_op.add_column(sa.Column('followed_on', sa.Date(), nullable=True))
    with op.batch_alter_table('attest') as batch_op:
        batch_op.add_column(sa.Column('course', sa.JSON(), nullable=True))
        batch_op.alter_column('completion_id', existing_type=sa.Integer(), nullable=True)
        batch_op.drop_constraint(REFERENCE, type_='foreignkey')
        batch_op.create_foreign_key(REFERENCE, 'completion', ['completion_id'], ['id'], ondelete='SET NULL')
    attest = sa.table('attest', sa.column('course', sa.Text()))
    as_json = sa.literal(FIRST_COURSE)
    if op.get_bind().dialect.name != 'sqlite':
        as_json = sa.cast(as_json, sa.JSON())
    op.execute(attest.update().values(course=as_json))
    with op.batch_alter_table('attest') as batch_op:
        batch_op.alter_column('course', existing_type=sa.JSON(), nullable=False)


def downgrade() -> None:
    # The older schema cannot hold the attest of somebody who was erased.
    op.execute('DELETE FROM attest WHERE completion_id IS NULL')
    with op.batch_alter_table('attest') as batch_op:
        batch_op.drop_constraint(REFERENCE, type_='foreignkey')
        batch_op.create_foreign_key(REFERENCE, 'completion', ['completion_id'], ['id'], ondelete='CASCADE')
        batch_op.alter_column('completion_id', existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column('course')
    with op.batch_alter_table('completion') as batch_op:
        batch_op.drop_column('followed_on')
    op.drop_index('ix_completion_change_by_id', 'completion_change')
    op.drop_index('ix_completion_change_completion_id', 'completion_change')
    op.drop_table('completion_change')
