"""What the list of schools is filtered and put in order by, and what tells that a school stands there twice, are kept.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

FIGURES = ('learner_figure', 'year_figure', 'taught_figure', 'school_figure', 'figure_stamp')
ORDER = ('ix_school_figure_has_contact_person_position', 'ix_school_figure_stage_has_contact_person_position')
MARKS = ('name_mark', 'words_mark', 'address_mark')


def _index_who_works(columns: list[str]) -> None:
    working = sa.text('ended_at IS NULL')
    op.drop_index('ix_membership_working', 'membership')
    op.create_index('ix_membership_working', 'membership', columns, sqlite_where=working, postgresql_where=working)


def upgrade() -> None:
    # Figures of before do not say this. They are gathered anew within a minute, and until then all is looked at now.
    for table in FIGURES:
        op.execute(f'DELETE FROM {table}')
    with op.batch_alter_table('school_figure') as batch:
        batch.add_column(sa.Column('stage', sa.Integer(), nullable=False))
        batch.add_column(sa.Column('last_contact', sa.Date(), nullable=True))
        batch.add_column(sa.Column('search_key', sa.String(length=300), nullable=False))
        batch.add_column(sa.Column('name_mark', sa.String(length=16), nullable=False))
        batch.add_column(sa.Column('words_mark', sa.String(length=16), nullable=True))
        batch.add_column(sa.Column('address_mark', sa.String(length=16), nullable=True))
    op.create_index(ORDER[0], 'school_figure', ['has_contact_person', 'position'])
    op.create_index(ORDER[1], 'school_figure', ['stage', 'has_contact_person', 'position'])
    for column in MARKS:
        op.create_index(f'ix_school_figure_{column}', 'school_figure', [column])
    _index_who_works(['school_id', 'person_id'])
    op.create_index(
        'ix_school_wish_open', 'school_wish', ['created_at'],
        sqlite_where=sa.text('settled_at IS NULL'), postgresql_where=sa.text('settled_at IS NULL'),
    )


def downgrade() -> None:
    op.drop_index('ix_school_wish_open', 'school_wish')
    _index_who_works(['school_id'])
    for index in (*ORDER, *(f'ix_school_figure_{column}' for column in MARKS)):
        op.drop_index(index, 'school_figure')
    with op.batch_alter_table('school_figure') as batch:
        for column in ('stage', 'last_contact', 'search_key', *MARKS):
            batch.drop_column(column)
