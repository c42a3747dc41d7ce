"""The figures of the yearly report are gathered too.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

ADDED = {'school_figure': ('people', 'busy', 'finished'), 'year_figure': ('completions',)}


def upgrade() -> None:
    op.create_table('taught_figure',
    sa.Column('school_year', sa.Integer(), nullable=False),
    sa.Column('session_slug', sa.String(length=64), nullable=False),
    sa.Column('organisation', sa.String(length=32), nullable=False),
    sa.Column('sessions', sa.Integer(), nullable=False),
    sa.Column('heads', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('school_year', 'session_slug', 'organisation', name=op.f('pk_taught_figure'))
    )
    # Figures of before do not have these counts. They are gathered anew within a minute, and until then nothing is shown.
    for table in ('learner_figure', 'year_figure', 'school_figure', 'figure_stamp'):
        op.execute(f'DELETE FROM {table}')
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(sa.Column(column, sa.Integer(), nullable=False))


def downgrade() -> None:
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
    op.drop_table('taught_figure')
