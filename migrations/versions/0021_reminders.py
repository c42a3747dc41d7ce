"""Reminders that were written, and which rules for them are on.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

RULES = ('gevraagd', 'bevestigen', 'geen-sessie', 'blijven-steken', 'niet-begonnen')
STATES = ('wacht', 'verstuurd', 'vervallen', 'mislukt')


def rule():
    return sa.Enum(*RULES, name='rule', native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table('reminder_switch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule', rule(), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_switch')),
    sa.UniqueConstraint('rule', name=op.f('uq_reminder_switch_rule'))
    )
    op.create_table('reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule', rule(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('week', sa.String(length=8), nullable=True),
    sa.Column('state', sa.Enum(*STATES, name='reminder_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('composed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('invitation_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reminder_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_reminder_contact_id_contact'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_reminder_invitation_id_invitation'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('week', 'person_id', name=op.f('uq_reminder_week_person_id')),
    sa.UniqueConstraint('week', 'email', name=op.f('uq_reminder_week_email'))
    )
    op.create_index('ix_reminder_contact_id', 'reminder', ['contact_id'])
    op.create_index('ix_reminder_invitation_id', 'reminder', ['invitation_id'])
    op.create_index('ix_reminder_composed_at', 'reminder', ['composed_at'])
    op.create_index('ix_reminder_person_id_composed_at', 'reminder', ['person_id', 'composed_at'])
    op.create_index('ix_reminder_email_composed_at', 'reminder', ['email', 'composed_at'])


def downgrade() -> None:
    # A release of before knows no reminders: what still waits may not leave there without being asked again.
    op.execute("UPDATE outbox_mail SET state = 'cancelled', body = '' WHERE condition = 'reminder' AND state IN ('waiting', 'claimed')")
    op.drop_table('reminder')
    op.drop_table('reminder_switch')
