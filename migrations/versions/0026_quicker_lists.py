"""Who stopped as aanspreekpunt, and who did not say yet to go on, is found by index; schools are searched in one.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

CURRENT = sa.text('accepted_at IS NOT NULL AND ended_at IS NULL')
STOPPED = sa.text('accepted_at IS NOT NULL AND ended_at IS NOT NULL')
QUESTIONS = (
    ('ix_question_answered', ['answered_at', 'id'], 'IS NOT NULL'),
    ('ix_question_waiting', ['settled_at', 'owner_id'], 'IS NULL'),
)
STAGE = 'ix_school_figure_stage_has_contact_person_position'
ORDER = ['stage', 'has_contact_person', 'position']


def upgrade() -> None:
    op.create_index('ix_person_role_by_name', 'person', ['role', sa.text('lower(name)'), 'id'])
    op.drop_index(STAGE, 'school_figure')
    op.create_index(STAGE, 'school_figure', [*ORDER, 'search_key'])
    for name, columns, condition in QUESTIONS:
        where = sa.text(f'sent_at IS NOT NULL AND answered_at {condition}')
        op.create_index(name, 'question', columns, sqlite_where=where, postgresql_where=where)
    op.create_index('ix_contact_stopped', 'contact', ['school_id'], sqlite_where=STOPPED, postgresql_where=STOPPED)
    op.create_index(
        'ix_contact_said_yes', 'contact', [sa.text('coalesce(confirmed_at, accepted_at)'), 'id'],
        sqlite_where=CURRENT, postgresql_where=CURRENT,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index('ix_person_role_by_name', 'person')
    op.drop_index(STAGE, 'school_figure')
    op.create_index(STAGE, 'school_figure', ORDER)
    op.drop_index('ix_contact_said_yes', 'contact')
    op.drop_index('ix_contact_stopped', 'contact')
    for name, _columns, _condition in QUESTIONS:
        op.drop_index(name, 'question')
