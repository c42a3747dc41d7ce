"""School links, invitations of colleagues, and who ended a membership.

Revision ID: 0006
Revises: 0005
"""

import secrets

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

LETTERS = 'cdfghjkmnprtwx3467'


def upgrade() -> None:
    op.add_column('school', sa.Column('link_code', sa.String(length=12), nullable=True))
    school = sa.table('school', sa.column('id', sa.Integer()), sa.column('link_code', sa.String()))
    connection = op.get_bind()
    taken = set()
    for id in connection.execute(sa.select(school.c.id)).scalars().all():
        # Thousands of schools make two equal codes thinkable; the constraint below would then stop the migration.
        while (code := ''.join(secrets.choice(LETTERS) for _ in range(8))) in taken:
            pass
        taken.add(code)
        connection.execute(school.update().where(school.c.id == id).values(link_code=code))
    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.alter_column('link_code', existing_type=sa.String(length=12), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_school_link_code'), ['link_code'])

    op.create_table('ended_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_ended_link_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ended_link')),
    sa.UniqueConstraint('code', name=op.f('uq_ended_link_code'))
    )
    op.create_index('ix_ended_link_school_id', 'ended_link', ['school_id'])

    op.add_column('membership', sa.Column('ended_by_self', sa.Boolean(), nullable=True))

    op.create_table('invited_colleague',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_invited_colleague_school_id_school'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invited_colleague'))
    )
    still_open = sa.text('accepted_at IS NULL AND withdrawn_at IS NULL')
    op.create_index('uq_invited_colleague_open', 'invited_colleague', ['school_id', 'email'], unique=True, sqlite_where=still_open, postgresql_where=still_open)
    op.create_index('ix_invited_colleague_email_sent_at', 'invited_colleague', ['email', 'sent_at'])

    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.alter_column('contact_id', existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column('colleague_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_invitation_colleague_id_invited_colleague'), 'invited_colleague', ['colleague_id'], ['id'], ondelete='CASCADE')
        batch_op.create_index(batch_op.f('ix_invitation_colleague_id'), ['colleague_id'], unique=False)
        batch_op.create_check_constraint(batch_op.f('ck_invitation_for_one'), '(contact_id IS NULL) <> (colleague_id IS NULL)')


def downgrade() -> None:
    op.execute('DELETE FROM invitation WHERE contact_id IS NULL')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_invitation_for_one'), type_='check')
        batch_op.drop_index(batch_op.f('ix_invitation_colleague_id'))
        batch_op.drop_constraint(batch_op.f('fk_invitation_colleague_id_invited_colleague'), type_='foreignkey')
        batch_op.drop_column('colleague_id')
        batch_op.alter_column('contact_id', existing_type=sa.Integer(), nullable=False)
    op.drop_table('invited_colleague')
    op.drop_column('membership', 'ended_by_self')
    op.drop_table('ended_link')
    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_school_link_code'), type_='unique')
        batch_op.drop_column('link_code')
