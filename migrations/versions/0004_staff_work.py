"""History, corrections, checks, duplicates, merges and imports on their way; licence, beds and versions of listings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
VALUE = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

HISTORY = ('history_act', 'history_change')
ADDED = {
    'provider': ('closed_until', 'license_number', 'license_expires_on', 'licensed_beds', 'staff_note', 'version'),
    'program': ('capacity',),
    'import_run': ('undone_at',),
}


def upgrade() -> None:
    op.create_table('history_act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('import_run_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('undoes_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('edit', 'confirm', 'close', 'import', 'settle', 'put_back', 'undo', 'merge', 'unmerge', 'report', 'command')", name=op.f('ck_history_act_kind_known')),
    sa.ForeignKeyConstraint(['import_run_id'], ['import_run.id'], name=op.f('fk_history_act_import_run_id_import_run')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_history_act_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_act')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('history_act', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_history_act_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_history_act_import_run_id'), ['import_run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_history_act_user_id'), ['user_id'], unique=False)

    op.create_table('import_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('file_sha256', sa.String(), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('options', JSON, nullable=False),
    sa.Column('n_rows_done', sa.Integer(), nullable=False),
    sa.Column('message', sa.String(), nullable=False),
    sa.Column('counts', JSON, nullable=False),
    sa.Column('seen_change', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('alive_at', sa.DateTime(), nullable=False),
    sa.Column('import_run_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("status IN ('uploaded', 'comparing', 'compared', 'applying', 'applied', 'failed')", name=op.f('ck_import_draft_status_known')),
    sa.ForeignKeyConstraint(['import_run_id'], ['import_run.id'], name=op.f('fk_import_draft_import_run_id_import_run')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_import_draft_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_draft'))
    )
    op.create_table('import_mapping',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('rules', JSON, nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('length(name) BETWEEN 1 AND 100', name=op.f('ck_import_mapping_name_length')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_import_mapping_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_mapping')),
    sa.UniqueConstraint('name', name=op.f('uq_import_mapping_name'))
    )
    op.create_table('assignment',
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_assignment_provider_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_assignment_user_id_user')),
    sa.PrimaryKeyConstraint('provider_id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_user_id'), ['user_id'], unique=False)

    op.create_table('correction',
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('source_value', VALUE, nullable=True),
    sa.Column('is_offered', sa.Boolean(), nullable=False),
    sa.Column('offered_value', VALUE, nullable=True),
    sa.Column('offered_run_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['offered_run_id'], ['import_run.id'], name=op.f('fk_correction_offered_run_id_import_run')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_correction_provider_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_correction_user_id_user')),
    sa.PrimaryKeyConstraint('provider_id', 'field', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_is_offered'), ['is_offered'], unique=False)

    op.create_table('duplicate_pair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('reasons', JSON, nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("status IN ('open', 'dismissed', 'merged')", name=op.f('ck_duplicate_pair_status_known')),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_duplicate_pair_in_order')),
    sa.CheckConstraint('score BETWEEN 0 AND 100', name=op.f('ck_duplicate_pair_score_range')),
    sa.ForeignKeyConstraint(['first_id'], ['provider.id'], name=op.f('fk_duplicate_pair_first_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['second_id'], ['provider.id'], name=op.f('fk_duplicate_pair_second_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_duplicate_pair_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_pair')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_duplicate_pair_first_id'))
    )
    with op.batch_alter_table('duplicate_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duplicate_pair_second_id'), ['second_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_duplicate_pair_status'), ['status'], unique=False)

    op.create_table('history_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('act_id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('program_id', sa.Integer(), nullable=True),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('old', VALUE, nullable=True),
    sa.Column('new', VALUE, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['history_act.id'], name=op.f('fk_history_change_act_id_history_act')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_change')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('history_change', schema=None) as batch_op:
        batch_op.create_index('ix_history_change_act', ['act_id', 'id'], unique=False)
        batch_op.create_index('ix_history_change_field', ['field', 'act_id'], unique=False)
        batch_op.create_index('ix_history_change_listing', ['provider_id', 'id'], unique=False)

    op.create_table('import_draft_chunk',
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['import_draft.id'], name=op.f('fk_import_draft_chunk_draft_id_import_draft'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('draft_id', 'number', name=op.f('pk_import_draft_chunk'))
    )
    op.create_table('import_draft_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=True),
    sa.Column('row', sa.Integer(), nullable=True),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('detail', VALUE, nullable=True),
    sa.CheckConstraint("outcome IN ('added', 'changed', 'gone', 'rejected', 'skipped', 'kept')", name=op.f('ck_import_draft_row_outcome_known')),
    sa.ForeignKeyConstraint(['draft_id'], ['import_draft.id'], name=op.f('fk_import_draft_row_draft_id_import_draft'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_draft_row'))
    )
    with op.batch_alter_table('import_draft_row', schema=None) as batch_op:
        batch_op.create_index('ix_import_draft_row_draft_id', ['draft_id', 'outcome', 'id'], unique=False)

    op.create_table('merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('loser_id', sa.Integer(), nullable=False),
    sa.Column('winner_id', sa.Integer(), nullable=False),
    sa.Column('act_id', sa.Integer(), nullable=False),
    sa.Column('moved', JSON, nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('undone_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['act_id'], ['history_act.id'], name=op.f('fk_merge_act_id_history_act')),
    sa.ForeignKeyConstraint(['loser_id'], ['provider.id'], name=op.f('fk_merge_loser_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_merge_user_id_user')),
    sa.ForeignKeyConstraint(['winner_id'], ['provider.id'], name=op.f('fk_merge_winner_id_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge'))
    )
    with op.batch_alter_table('merge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_merge_loser_id'), ['loser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_merge_winner_id'), ['winner_id'], unique=False)

    op.create_table('provider_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('how', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('parts', JSON, nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.CheckConstraint("how IN ('phone', 'email', 'site', 'visit')", name=op.f('ck_provider_check_how_known')),
    sa.CheckConstraint("outcome IN ('confirmed', 'no_answer', 'wrong_number', 'closed', 'moved', 'call_again')", name=op.f('ck_provider_check_outcome_known')),
    sa.CheckConstraint('length(note) <= 1000', name=op.f('ck_provider_check_note_length')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_provider_check_provider_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_provider_check_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_check'))
    )
    with op.batch_alter_table('provider_check', schema=None) as batch_op:
        batch_op.create_index('ix_provider_check_outcome', ['outcome', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_provider_check_provider_id'), ['provider_id'], unique=False)

    # Columns are added in place: SQLite would otherwise make these tables anew, and deleting the old one cascades.
    op.add_column('import_run', sa.Column('undone_at', sa.DateTime(), nullable=True))
    op.execute('ALTER TABLE program ADD COLUMN capacity INTEGER '
               'CONSTRAINT ck_program_capacity_range CHECK (capacity BETWEEN 0 AND 100000)')
    op.add_column('provider', sa.Column('closed_until', sa.Date(), nullable=True))
    op.add_column('provider', sa.Column('license_number', sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column('provider', sa.Column('license_expires_on', sa.Date(), nullable=True))
    op.execute('ALTER TABLE provider ADD COLUMN licensed_beds INTEGER '
               'CONSTRAINT ck_provider_licensed_beds_range CHECK (licensed_beds BETWEEN 0 AND 100000)')
    op.add_column('provider', sa.Column('staff_note', sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column('provider', sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('assigned_to_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_report_assigned_to_id_user'), 'user', ['assigned_to_id'], ['id'])
    _guard_history()


def _guard_history() -> None:
    """History is written once: the database itself refuses to change or delete it."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            "CREATE FUNCTION onward_keep_history() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'history cannot be changed' USING ERRCODE = 'check_violation'; END $$"
        )
        for table in HISTORY:
            op.execute(f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                       "FOR EACH STATEMENT EXECUTE FUNCTION onward_keep_history()")
        return
    for table in HISTORY:
        for what in ('UPDATE', 'DELETE'):
            op.execute(f"CREATE TRIGGER {table}_stays_{what.lower()} BEFORE {what} ON {table} "
                       "BEGIN SELECT RAISE(ABORT, 'history cannot be changed'); END")


def downgrade() -> None:
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_report_assigned_to_id_user'), type_='foreignkey')
        batch_op.drop_column('assigned_to_id')

    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f'ALTER TABLE {table} DROP COLUMN {column}')
    with op.batch_alter_table('provider_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_check_provider_id'))
        batch_op.drop_index('ix_provider_check_outcome')

    op.drop_table('provider_check')
    with op.batch_alter_table('merge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_merge_winner_id'))
        batch_op.drop_index(batch_op.f('ix_merge_loser_id'))

    op.drop_table('merge')
    with op.batch_alter_table('import_draft_row', schema=None) as batch_op:
        batch_op.drop_index('ix_import_draft_row_draft_id')

    op.drop_table('import_draft_row')
    op.drop_table('import_draft_chunk')
    with op.batch_alter_table('history_change', schema=None) as batch_op:
        batch_op.drop_index('ix_history_change_listing')
        batch_op.drop_index('ix_history_change_field')
        batch_op.drop_index('ix_history_change_act')

    op.drop_table('history_change')
    with op.batch_alter_table('duplicate_pair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duplicate_pair_status'))
        batch_op.drop_index(batch_op.f('ix_duplicate_pair_second_id'))

    op.drop_table('duplicate_pair')
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_is_offered'))

    op.drop_table('correction')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_user_id'))

    op.drop_table('assignment')
    op.drop_table('import_mapping')
    op.drop_table('import_draft')
    with op.batch_alter_table('history_act', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_history_act_user_id'))
        batch_op.drop_index(batch_op.f('ix_history_act_import_run_id'))
        batch_op.drop_index(batch_op.f('ix_history_act_at'))

    op.drop_table('history_act')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION onward_keep_history()')
