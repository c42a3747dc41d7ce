"""The project's own history, and where youngsters went after the toolbox.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table('history_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', _enum('history_kind', 'gesprek-jongeren', 'gesprek-partner', 'gesprek-school', 'bevraging', 'traject-1', 'traject-2', 'netwerkevent'), nullable=False),
    sa.Column('trajectory', sa.Integer(), nullable=True),
    sa.Column('context', _enum('history_context', 'so', 'cvo', 'graduaat'), nullable=True),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('detail', sa.String(length=200), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('municipalities', sa.JSON(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_event')),
    sa.UniqueConstraint('ref', name=op.f('uq_history_event_ref'))
    )
    op.create_table('history_count',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('means', _enum('means', 'jongeren', 'begeleiders', 'formulieren', 'aanwezigen', 'deelnemers'), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['history_event.id'], name=op.f('fk_history_count_event_id_history_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_count')),
    sa.UniqueConstraint('event_id', 'means', name=op.f('uq_history_count_event_id_means'))
    )
    op.create_table('history_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('context', _enum('history_context', 'so', 'cvo', 'graduaat'), nullable=False),
    sa.Column('question', sa.String(length=200), nullable=False),
    sa.Column('answer', sa.String(length=200), nullable=False),
    sa.Column('respondents', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_answer')),
    sa.UniqueConstraint('ref', name=op.f('uq_history_answer_ref'))
    )
    op.create_table('history_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('about', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_note')),
    sa.UniqueConstraint('ref', name=op.f('uq_history_note_ref'))
    )
    op.create_table('history_total',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('published', sa.Integer(), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_total')),
    sa.UniqueConstraint('ref', name=op.f('uq_history_total_ref'))
    )
    op.create_table('progression',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.Column('school_year', sa.Integer(), nullable=False),
    sa.Column('started', sa.Integer(), nullable=False),
    sa.Column('finished', sa.Integer(), nullable=False),
    sa.Column('visited', sa.Integer(), nullable=False),
    sa.Column('enrolled', sa.Integer(), nullable=False),
    sa.Column('working', sa.Integer(), nullable=False),
    sa.Column('elsewhere', sa.Integer(), nullable=False),
    sa.Column('not_known', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('enrolled + working + elsewhere + not_known = finished', name=op.f('ck_progression_adds_up')),
    sa.CheckConstraint('finished <= started AND visited <= started', name=op.f('ck_progression_within_started')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_progression_school_id_school'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_progression_changed_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progression')),
    sa.UniqueConstraint('school_id', 'school_year', name=op.f('uq_progression_school_id_school_year'))
    )
    op.create_index('ix_progression_school_year', 'progression', ['school_year'])
    op.create_index('ix_progression_changed_by_id', 'progression', ['changed_by_id'])
    op.create_table('progression_reason',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('progression_id', sa.Integer(), nullable=False),
    sa.Column('reason', _enum('reason', 'onzeker', 'schoolmoe', 'werken', 'kunnen', 'thuis', 'geld', 'ouders', 'meerwaarde', 'andere'), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['progression_id'], ['progression.id'], name=op.f('fk_progression_reason_progression_id_progression'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progression_reason')),
    sa.UniqueConstraint('progression_id', 'reason', name=op.f('uq_progression_reason_progression_id_reason'))
    )


def downgrade() -> None:
    for table in ('progression_reason', 'progression', 'history_total', 'history_note', 'history_answer', 'history_count', 'history_event'):
        op.drop_table(table)
