"""History cannot be replaced either: SQLite's REPLACE deletes a row without a word to the trigger that forbids it."""

from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

HISTORY = ('history_act', 'history_change')


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        return
    for table in HISTORY:
        op.execute(f"CREATE TRIGGER {table}_stays_insert BEFORE INSERT ON {table} "
                   f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
                   "BEGIN SELECT RAISE(ABORT, 'history cannot be changed'); END")


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        return
    for table in HISTORY:
        op.execute(f'DROP TRIGGER {table}_stays_insert')
