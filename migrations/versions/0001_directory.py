"""The directory: providers, programs, places, import runs and the change counter."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('directory_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('latest', sa.Integer(), nullable=False),
    sa.Column('reloaded', sa.Integer(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_directory_change_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_directory_change'))
    )
    op.execute('INSERT INTO directory_change (id, latest, reloaded) VALUES (1, 0, 0)')
    op.create_table('import_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('file_sha256', sa.String(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=False),
    sa.Column('counts', JSON, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run'))
    )
    op.create_table('place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=2), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('county', sa.String(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('zip_kind', sa.String(), nullable=True),
    sa.CheckConstraint("kind IN ('zip', 'city', 'county', 'state')", name=op.f('ck_place_kind_known')),
    sa.CheckConstraint("zip_kind IN ('standard', 'po_box', 'unique', 'military')", name=op.f('ck_place_zip_kind_known')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_place_point_whole')),
    sa.CheckConstraint('NOT (latitude = 0 AND longitude = 0)', name=op.f('ck_place_point_not_null_island')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180', name=op.f('ck_place_point_on_earth')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place'))
    )
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.create_index('ix_place_key', ['key', 'state'], unique=False)
        batch_op.create_index('ix_place_size', ['kind', 'state', 'size'], unique=False)

    op.create_table('place_data',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_place_data_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place_data'))
    )
    op.execute("INSERT INTO place_data (id, fingerprint) VALUES (1, '')")
    op.create_table('provider',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('organization', sa.String(), nullable=False),
    sa.Column('address_kind', sa.String(), nullable=False),
    sa.Column('street', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=2), nullable=False),
    sa.Column('postal_code', sa.String(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('precision', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('phone_extension', sa.String(), nullable=False),
    sa.Column('other_phones', JSON, nullable=False),
    sa.Column('website', sa.String(), nullable=False),
    sa.Column('facts', JSON, nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('source_key', sa.String(), nullable=False),
    sa.Column('source_content', sa.String(), nullable=False),
    sa.Column('import_run_id', sa.Integer(), nullable=True),
    sa.Column('change', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("address_kind = 'street' OR latitude IS NULL", name=op.f('ck_provider_point_only_if_public')),
    sa.CheckConstraint("address_kind IN ('street', 'confidential', 'telehealth')", name=op.f('ck_provider_address_kind_known')),
    sa.CheckConstraint("precision IN ('exact', 'zip', 'city')", name=op.f('ck_provider_precision_known')),
    sa.CheckConstraint("status IN ('active', 'temporarily_closed', 'inactive')", name=op.f('ck_provider_status_known')),
    sa.CheckConstraint("website = '' OR website LIKE 'http://%' OR website LIKE 'https://%'", name=op.f('ck_provider_website_scheme')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL) AND (latitude IS NULL) = (precision IS NULL)', name=op.f('ck_provider_point_whole')),
    sa.CheckConstraint('NOT (latitude = 0 AND longitude = 0)', name=op.f('ck_provider_point_not_null_island')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180', name=op.f('ck_provider_point_on_earth')),
    sa.CheckConstraint('length(name) BETWEEN 1 AND 300', name=op.f('ck_provider_name_length')),
    sa.ForeignKeyConstraint(['import_run_id'], ['import_run.id'], name=op.f('fk_provider_import_run_id_import_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider')),
    sa.UniqueConstraint('source', 'source_key', name=op.f('uq_provider_source')),
    sqlite_autoincrement=True,
    )
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_provider_change'), ['change'], unique=False)
        batch_op.create_index(batch_op.f('ix_provider_import_run_id'), ['import_run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_provider_state'), ['state'], unique=False)

    op.create_table('program',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('max_stay_days', sa.Integer(), nullable=True),
    sa.Column('facts', JSON, nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.CheckConstraint("level IN ('detox_hospital', 'detox_residential', 'detox_outpatient', 'detox', 'hospital_inpatient', 'residential_long', 'residential_short', 'residential', 'partial_hospitalization', 'intensive_outpatient', 'outpatient', 'recovery_residence')", name=op.f('ck_program_level_known')),
    sa.CheckConstraint("status IN ('active', 'temporarily_closed', 'inactive')", name=op.f('ck_program_status_known')),
    sa.CheckConstraint('max_stay_days BETWEEN 1 AND 3650', name=op.f('ck_program_max_stay_days_range')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_program_provider_id_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_program')),
    sqlite_autoincrement=True,
    )
    with op.batch_alter_table('program', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_program_provider_id'), ['provider_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('program', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_program_provider_id'))

    op.drop_table('program')
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_state'))
        batch_op.drop_index(batch_op.f('ix_provider_import_run_id'))
        batch_op.drop_index(batch_op.f('ix_provider_change'))

    op.drop_table('provider')
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.drop_index('ix_place_size')
        batch_op.drop_index('ix_place_key')

    op.drop_table('place_data')
    op.drop_table('place')
    op.drop_table('import_run')
    op.drop_table('directory_change')
