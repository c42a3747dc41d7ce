"""Handing over to a next aanspreekpunt, and indexes for what O&S looks up about schools.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('succession',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('message', sa.String(length=500), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('token_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_succession_school_id_school'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_succession_contact_id_contact'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_succession_asked_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_succession')),
    sa.UniqueConstraint('token_fingerprint', name=op.f('uq_succession_token_fingerprint'))
    )
    for column in ('school_id', 'contact_id', 'asked_by_id'):
        op.create_index(f'ix_succession_{column}', 'succession', [column])
    op.create_index(
        'uq_succession_open', 'succession', ['school_id'], unique=True,
        sqlite_where=sa.text('accepted_at IS NULL AND withdrawn_at IS NULL'),
        postgresql_where=sa.text('accepted_at IS NULL AND withdrawn_at IS NULL'),
    )
    op.create_index('ix_evidence_person_id_shown_at', 'evidence', ['person_id', 'shown_at'])
    op.create_index('ix_audit_row_subject_id_act', 'audit_row', ['subject_id', 'act'])
    op.create_index('ix_invited_colleague_school_id', 'invited_colleague', ['school_id'])


def downgrade() -> None:
    op.drop_index('ix_invited_colleague_school_id', table_name='invited_colleague')
    op.drop_index('ix_audit_row_subject_id_act', table_name='audit_row')
    op.drop_index('ix_evidence_person_id_shown_at', table_name='evidence')
    op.drop_table('succession')
