"""Indexes that keep pages as fast with fifty thousand people as with a hundred.

Revision ID: 0019
Revises: 0018
"""

from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

INDEXES = (
    ('ix_membership_person_id', 'membership', ['person_id']),
    ('ix_contact_accepted_at', 'contact', ['accepted_at']),
    ('ix_person_role', 'person', ['role']),
    ('ix_learner_figure_finished_month_last_at', 'learner_figure', ['finished_month', 'last_at']),
    ('ix_session_log_school_year_day_school_id_head_count', 'session_log', ['school_year', 'day', 'school_id', 'head_count']),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.drop_index('ix_learner_figure_finished_month', 'learner_figure')
    op.drop_index('ix_session_log_school_year_day', 'session_log')


def downgrade() -> None:
    op.create_index('ix_session_log_school_year_day', 'session_log', ['school_year', 'day'])
    op.create_index('ix_learner_figure_finished_month', 'learner_figure', ['finished_month'])
    for name, table, _columns in reversed(INDEXES):
        op.drop_index(name, table)
