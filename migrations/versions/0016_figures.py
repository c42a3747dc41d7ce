"""Figures that the worker gathers and keeps, and the order of sessions in a school year.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('figure_stamp',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('mark', sa.String(length=32), nullable=False),
    sa.Column('took_ms', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_stamp'))
    )

    op.create_table('school_figure',
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('municipality', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('so', 'cvo', 'jeugdwerk', name='figure_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('added_year', sa.Integer(), nullable=False),
    sa.Column('was_contacted', sa.Boolean(), nullable=False),
    sa.Column('has_contact_person', sa.Boolean(), nullable=False),
    sa.Column('has_started', sa.Boolean(), nullable=False),
    sa.Column('has_completed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_school_figure_school_id_school'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_school_figure_owner_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('school_id', name=op.f('pk_school_figure'))
    )
    for column in ('position', 'municipality', 'owner_id'):
        op.create_index(f'ix_school_figure_{column}', 'school_figure', [column])

    op.create_table('year_figure',
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.Column('school_year', sa.Integer(), nullable=False),
    sa.Column('sessions', sa.Integer(), nullable=False),
    sa.Column('heads', sa.Integer(), nullable=False),
    sa.Column('contact_persons', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_year_figure_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('school_id', 'school_year', name=op.f('pk_year_figure'))
    )

    op.create_table('learner_figure',
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.Column('is_current', sa.Boolean(), nullable=False),
    sa.Column('is_finished', sa.Boolean(), nullable=False),
    sa.Column('module_id', sa.String(length=64), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_month', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['membership_id'], ['membership.id'], name=op.f('fk_learner_figure_membership_id_membership'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_learner_figure_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_learner_figure_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('membership_id', name=op.f('pk_learner_figure'))
    )
    for columns in (['person_id'], ['school_id'], ['is_current', 'is_finished', 'last_at'], ['module_id', 'last_at'], ['finished_month']):
        op.create_index(f'ix_learner_figure_{"_".join(columns)}', 'learner_figure', columns)

    op.create_index('ix_session_log_school_year_day', 'session_log', ['school_year', 'day'])


def downgrade() -> None:
    op.drop_index('ix_session_log_school_year_day', 'session_log')
    for table in ('learner_figure', 'year_figure', 'school_figure', 'figure_stamp'):
        op.drop_table(table)
