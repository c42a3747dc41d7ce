"""The order in which everybody showed something, to find who stopped last.

Revision ID: 0020
Revises: 0019
"""

from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_evidence_shown_at', 'evidence', ['shown_at'])


def downgrade() -> None:
    op.drop_index('ix_evidence_shown_at', 'evidence')
