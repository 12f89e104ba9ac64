"""Reports of problems with a listing."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('nonce', sa.String(), nullable=False),
    sa.Column('created_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.CheckConstraint("kind IN ('wrong_phone', 'closed_or_moved', 'not_as_listed', 'not_treated_well', 'something_else')", name=op.f('ck_report_kind_known')),
    sa.CheckConstraint("status IN ('open', 'closed')", name=op.f('ck_report_status_known')),
    sa.CheckConstraint("outcome IN ('corrected', 'confirmed', 'removed', 'passed_on', 'could_not_check')", name=op.f('ck_report_outcome_known')),
    sa.CheckConstraint("(status = 'open') = (outcome IS NULL) AND (outcome IS NULL) = (closed_on IS NULL)", name=op.f('ck_report_closed_whole')),
    sa.CheckConstraint('length(text) <= 1000 AND length(answer) <= 1000', name=op.f('ck_report_text_length')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_report_provider_id_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('code', name=op.f('uq_report_code')),
    sa.UniqueConstraint('nonce', name=op.f('uq_report_nonce'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index('ix_report_provider_id', ['provider_id', 'status'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_index('ix_report_provider_id')

    op.drop_table('report')
