"""Passwords, recovery codes, another mail address, invitations of staff, and which browser somebody sits at.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sign_in', sa.Column('device', sa.String(length=40), nullable=True))
    op.create_table('password',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=255), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_password_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_password'))
    )
    op.create_table('wrong_tries',
    sa.Column('email_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('email_fingerprint', name=op.f('pk_wrong_tries'))
    )
    op.create_index('ix_wrong_tries_last_at', 'wrong_tries', ['last_at'])
    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('code_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recovery_code_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    sa.UniqueConstraint('code_fingerprint', name=op.f('uq_recovery_code_code_fingerprint'))
    )
    op.create_index('ix_recovery_code_person_id', 'recovery_code', ['person_id'])
    op.create_table('email_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('new_email', sa.String(length=254), nullable=False),
    sa.Column('old_token_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('new_token_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('old_agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('new_agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_email_change_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_email_change')),
    sa.UniqueConstraint('old_token_fingerprint', name=op.f('uq_email_change_old_token_fingerprint')),
    sa.UniqueConstraint('new_token_fingerprint', name=op.f('uq_email_change_new_token_fingerprint'))
    )
    op.create_index('ix_email_change_person_id', 'email_change', ['person_id'])
    op.create_table('staff_invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('role', sa.Enum('begeleider', 'os', 'beheerder', name='staff_invitation_role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_invitation')),
    sa.UniqueConstraint('token_fingerprint', name=op.f('uq_staff_invitation_token_fingerprint'))
    )
    op.create_index('ix_staff_invitation_email', 'staff_invitation', ['email'])


def downgrade() -> None:
    op.drop_table('staff_invitation')
    op.drop_table('email_change')
    op.drop_table('recovery_code')
    op.drop_table('wrong_tries')
    op.drop_table('password')
    with op.batch_alter_table('sign_in') as batch:
        batch.drop_column('device')
