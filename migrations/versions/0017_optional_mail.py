"""Mail that somebody may do without: a link to stop it, what has to be so when it leaves, and the evening before.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

STATES = ('waiting', 'claimed', 'sent', 'failed')


def states(*more):
    return sa.Enum(*STATES, *more, name='mail_state', native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table('outbox_mail', schema=None) as batch_op:
        batch_op.alter_column('state', existing_type=states(), type_=states('cancelled'), existing_nullable=False)
        batch_op.add_column(sa.Column('stop_url', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('condition', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('condition_id', sa.Integer(), nullable=True))

    for name in ('reminders_stopped_at', 'evening_stopped_at'):
        op.add_column('person', sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column('contact', sa.Column('reminders_stopped_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('evening_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('composed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_evening_mail_plan_id_plan'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evening_mail_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evening_mail')),
    sa.UniqueConstraint('plan_id', 'day', name=op.f('uq_evening_mail_plan_id_day'))
    )
    op.create_index('ix_evening_mail_person_id', 'evening_mail', ['person_id'])
    op.create_index('ix_evening_mail_composed_at', 'evening_mail', ['composed_at'])
    op.create_index('ix_plan_day', 'plan', ['day'])


def downgrade() -> None:
    op.drop_index('ix_plan_day', table_name='plan')
    op.drop_table('evening_mail')
    op.drop_column('contact', 'reminders_stopped_at')
    op.drop_column('person', 'evening_stopped_at')
    op.drop_column('person', 'reminders_stopped_at')
    # A release of before does not know the state, nor that such mail asks something first: it may not leave there.
    op.execute("DELETE FROM outbox_mail WHERE state = 'cancelled' OR (condition IS NOT NULL AND state <> 'sent')")
    with op.batch_alter_table('outbox_mail', schema=None) as batch_op:
        batch_op.drop_column('condition_id')
        batch_op.drop_column('condition')
        batch_op.drop_column('stop_url')
        batch_op.alter_column('state', existing_type=states('cancelled'), type_=states(), existing_nullable=False)
