"""Schools that were merged, school links that still lead there, and files with schools that wait for a decision.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('ended_link', sa.Column('still_leads', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('ended_link', schema=None) as batch_op:
        batch_op.alter_column('still_leads', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)

    op.create_table('merged_school',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('former_id', sa.Integer(), nullable=False),
    sa.Column('into_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('municipality', sa.String(length=80), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('merged_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['into_id'], ['school.id'], name=op.f('fk_merged_school_into_id_school'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_merged_school_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merged_school')),
    sa.UniqueConstraint('former_id', name=op.f('uq_merged_school_former_id'))
    )
    op.create_index('ix_merged_school_into_id', 'merged_school', ['into_id'])
    op.create_index('ix_merged_school_by_id', 'merged_school', ['by_id'])

    op.create_table('school_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('filename', sa.String(length=120), nullable=False),
    sa.Column('read_as', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_school_import_by_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school_import')),
    sa.UniqueConstraint('key', name=op.f('uq_school_import_key'))
    )
    op.create_index('ix_school_import_by_id', 'school_import', ['by_id'])


def downgrade() -> None:
    op.drop_table('school_import')
    op.drop_table('merged_school')
    with op.batch_alter_table('ended_link', schema=None) as batch_op:
        batch_op.drop_column('still_leads')
