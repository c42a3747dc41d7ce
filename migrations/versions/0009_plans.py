"""Groups of a begeleider, and the plans made for them.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pack_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=True),
    sa.Column('school_year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('so', 'cvo', 'jeugdwerk', name='school_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pack_group_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_pack_group_school_id_school'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pack_group')),
    sa.UniqueConstraint('person_id', 'school_year', 'label', name=op.f('uq_pack_group_person_id_school_year_label'))
    )
    op.create_index('ix_pack_group_school_id', 'pack_group', ['school_id'])
    op.create_table('plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('session_slug', sa.String(length=64), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('hours', sa.JSON(), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('start', sa.Time(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('room', sa.Enum('vrij', 'krap', name='room', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('devices', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('content_digest', sa.String(length=64), nullable=False),
    sa.Column('share_code', sa.String(length=40), nullable=True),
    sa.Column('is_first', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_plan_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['pack_group.id'], name=op.f('fk_plan_group_id_pack_group'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan')),
    sa.UniqueConstraint('person_id', 'key', name=op.f('uq_plan_person_id_key')),
    sa.UniqueConstraint('share_code', name=op.f('uq_plan_share_code'))
    )
    op.create_index('ix_plan_group_id', 'plan', ['group_id'])
    op.create_index('ix_plan_person_id_changed_at', 'plan', ['person_id', 'changed_at'])


def downgrade() -> None:
    op.drop_table('plan')
    op.drop_table('pack_group')
