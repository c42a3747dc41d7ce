"""A fiche finds what was published about its session by index.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    there = sa.text('published_at IS NOT NULL')
    columns = ['session_slug', 'published_at']
    op.create_index('ix_question_published', 'question', columns, sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    op.drop_index('ix_question_published', 'question')
