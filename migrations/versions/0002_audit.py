"""Who of the staff did what: rows that can only be added.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER audit_row_stays_the_same BEFORE UPDATE ON audit_row
    BEGIN SELECT RAISE(ABORT, 'an audit row never changes'); END""",
    # Moments are stored as text that sorts by time.
    """CREATE TRIGGER audit_row_stays BEFORE DELETE ON audit_row
    WHEN OLD.happened_at > datetime('now', '-24 months')
    BEGIN SELECT RAISE(ABORT, 'an audit row stays for 24 months'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION guard_audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.happened_at <= now() - interval '24 months' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'an audit row never changes and stays for 24 months';
    END $$""",
    """CREATE TRIGGER audit_row_stays BEFORE UPDATE OR DELETE ON audit_row
    FOR EACH ROW EXECUTE FUNCTION guard_audit_row()""",
)


def upgrade() -> None:
    op.create_table('audit_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_row'))
    )
    op.create_index('ix_audit_row_actor_id', 'audit_row', ['actor_id'])
    op.create_index('ix_audit_row_happened_at', 'audit_row', ['happened_at'])
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('audit_row')
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION guard_audit_row()')
