"""Logs of sessions, questions that wait, and what O&S needs to follow a school.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.add_column(sa.Column('street', sa.String(length=160), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('postcode', sa.String(length=10), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('number', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('owner_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('interest', sa.Enum('geen', 'later', name='interest', native_enum=False, create_constraint=True, length=32), nullable=True))
        batch_op.add_column(sa.Column('interest_reason', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('interest_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_unique_constraint(batch_op.f('uq_school_number'), ['number'])
        batch_op.create_foreign_key(batch_op.f('fk_school_owner_id_person'), 'person', ['owner_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index(batch_op.f('ix_school_owner_id'), ['owner_id'])
    # The rows of before have these values now; from here on the program gives them.
    with op.batch_alter_table('school', schema=None) as batch_op:
        for name, type_ in (('street', sa.String(length=160)), ('postcode', sa.String(length=10)), ('interest_reason', sa.String(length=300)), ('version', sa.Integer())):
            batch_op.alter_column(name, existing_type=type_, existing_nullable=False, server_default=None)

    op.add_column('contact', sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('contact_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('telefoon', 'mail', 'bezoek', 'notitie', name='note_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('next_action', sa.String(length=200), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_contact_note_school_id_school'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_contact_note_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_contact_note_owner_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_note')),
    sa.UniqueConstraint('key', name=op.f('uq_contact_note_key'))
    )
    op.create_index('ix_contact_note_school_id', 'contact_note', ['school_id'])
    op.create_index('ix_contact_note_by_id', 'contact_note', ['by_id'])
    op.create_index('ix_contact_note_owner_id', 'contact_note', ['owner_id'])
    op.create_index('ix_contact_note_done_at_next_on', 'contact_note', ['done_at', 'next_on'])

    op.create_table('session_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.String(length=64), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('group_mark', sa.String(length=32), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=True),
    sa.Column('school_year', sa.Integer(), nullable=False),
    sa.Column('session_slug', sa.String(length=64), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('head_count', sa.Integer(), nullable=False),
    sa.Column('mood', sa.Enum('vlot', 'wisselend', 'stroef', name='mood', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('worked', sa.String(length=500), nullable=False),
    sa.Column('asked', sa.JSON(), nullable=False),
    sa.Column('content_digest', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_session_log_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_session_log_plan_id_plan'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['group_id'], ['pack_group.id'], name=op.f('fk_session_log_group_id_pack_group'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_session_log_school_id_school'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_log')),
    sa.UniqueConstraint('person_id', 'client_id', name=op.f('uq_session_log_person_id_client_id'))
    )
    for column in ('plan_id', 'group_id', 'group_mark', 'session_slug', 'received_at'):
        op.create_index(f'ix_session_log_{column}', 'session_log', [column])
    op.create_index('ix_session_log_school_id_school_year', 'session_log', ['school_id', 'school_year'])

    op.create_table('logged_block',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('block_id', sa.String(length=64), nullable=False),
    sa.Column('exercise_id', sa.String(length=64), nullable=False),
    sa.Column('outcome', sa.Enum('gedaan', 'thuis', 'weg', name='outcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('planned_minutes', sa.Integer(), nullable=False),
    sa.Column('actual_minutes', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['log_id'], ['session_log.id'], name=op.f('fk_logged_block_log_id_session_log'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_logged_block')),
    sa.UniqueConstraint('log_id', 'position', name=op.f('uq_logged_block_log_id_position'))
    )
    op.create_index('ix_logged_block_exercise_id', 'logged_block', ['exercise_id'])

    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.String(length=64), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('school_id', sa.Integer(), nullable=True),
    sa.Column('session_slug', sa.String(length=64), nullable=False),
    sa.Column('exercise_id', sa.String(length=64), nullable=True),
    sa.Column('text', sa.String(length=400), nullable=False),
    sa.Column('parked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_as', sa.String(length=400), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_question_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['pack_group.id'], name=op.f('fk_question_group_id_pack_group'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_question_school_id_school'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_question_owner_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('person_id', 'client_id', name=op.f('uq_question_person_id_client_id'))
    )
    for column in ('group_id', 'school_id', 'session_slug', 'owner_id'):
        op.create_index(f'ix_question_{column}', 'question', [column])
    op.create_index('ix_question_sent_at_answered_at', 'question', ['sent_at', 'answered_at'])


def downgrade() -> None:
    op.drop_table('question')
    op.drop_table('logged_block')
    op.drop_table('session_log')
    op.drop_table('contact_note')
    op.drop_column('contact', 'confirmed_at')
    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_school_owner_id'))
        batch_op.drop_constraint(batch_op.f('fk_school_owner_id_person'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_school_number'), type_='unique')
        batch_op.drop_constraint(batch_op.f('ck_school_interest'), type_='check')
        for name in ('version', 'interest_until', 'interest_reason', 'interest', 'owner_id', 'number', 'postcode', 'street'):
            batch_op.drop_column(name)
