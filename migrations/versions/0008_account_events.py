"""What is done to accounts leaves a trace that nobody can alter."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

KINDS = ('disabled', 'enabled', 'first_admin', 'invited', 'link', 'link_second_step', 'password', 'role',
         'second_step_removed', 'second_step_set', 'signed_out')


def upgrade() -> None:
    op.create_table(
        'account_event',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('what', sa.String(), nullable=False),
        sa.Column('old_role', sa.String(), nullable=False),
        sa.Column('new_role', sa.String(), nullable=False),
        sa.CheckConstraint(f"what IN ({', '.join(repr(kind) for kind in KINDS)})",
                           name=op.f('ck_account_event_what_known')),
        sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_account_event_by_id_user')),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_account_event_user_id_user')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_account_event')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_account_event_user_id'), 'account_event', ['user_id'], unique=False)
    _keep()


def _keep() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE TRIGGER account_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON account_event '
                   'FOR EACH STATEMENT EXECUTE FUNCTION onward_keep_history()')
        return
    refuse = "BEGIN SELECT RAISE(ABORT, 'history cannot be changed'); END"
    for what in ('UPDATE', 'DELETE'):
        op.execute(f'CREATE TRIGGER account_event_stays_{what.lower()} BEFORE {what} ON account_event {refuse}')
    # REPLACE deletes a row without a word to the trigger that forbids it.
    op.execute('CREATE TRIGGER account_event_stays_insert BEFORE INSERT ON account_event '
               f'WHEN EXISTS (SELECT 1 FROM account_event WHERE id = NEW.id) {refuse}')


def downgrade() -> None:
    op.drop_table('account_event')
