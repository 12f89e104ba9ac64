"""The point that staff set by hand; who closed a report."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

VALUE = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('provider', sa.Column('hand_point', VALUE, nullable=True))
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closed_by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_report_closed_by_id_user'), 'user', ['closed_by_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_report_closed_by_id_user'), type_='foreignkey')
        batch_op.drop_column('closed_by_id')
    op.execute('ALTER TABLE provider DROP COLUMN hand_point')
