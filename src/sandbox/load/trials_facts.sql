-- Attributes and ranks that reads and commands of facts are tried on.

insert into attribute_schemas (area_id, id, subject, version, schema, created_by, created_at)
select b.area_id, one.id::uuid, one.subject, 1, one.schema::jsonb, 'sandbox-kecamatan', b.created_at
from (values
    (:'ATTRIBUTE_SCHEMA', 'beneficiaries', '{
        "type": "object",
        "properties": {
            "roof": { "type": "string", "enum": ["palm leaf", "zinc", "tile"] },
            "floor_area": { "type": "integer", "minimum": 1, "maximum": 1000 },
            "assessed_decile": { "type": "integer", "minimum": 1, "maximum": 10 }
        }
    }'),
    (:'ATTRIBUTE_SCHEMA_OF_MEMBERS', 'members', '{
        "type": "object",
        "properties": {
            "last_school": { "type": "string", "enum": ["none", "sd", "smp", "sma"] },
            "rights_violation_victim": { "type": "boolean" }
        }
    }')
) as one (id, subject, schema)
join beneficiaries b on b.id = :'BENEFICIARY_WITH_FACTS';

update beneficiaries set
    attributes = '{
        "roof": { "value": "palm leaf", "source": "visit", "observed_on": "2026-01-15" },
        "assessed_decile": { "value": 6, "source": "visit", "observed_on": "2026-01-15" }
    }',
    attribute_schema_id = :'ATTRIBUTE_SCHEMA'
where id = :'BENEFICIARY_WITH_FACTS';

update members set
    attributes = '{ "last_school": { "value": "sd", "source": "visit", "observed_on": "2026-01-15" } }',
    attribute_schema_id = :'ATTRIBUTE_SCHEMA_OF_MEMBERS'
where id = :'MEMBER_WITH_FACTS';

update members set
    attributes = '{
        "rights_violation_victim": { "value": true, "source": "ministry list", "observed_on": "2025-11-10" }
    }',
    attribute_schema_id = :'ATTRIBUTE_SCHEMA_OF_MEMBERS'
where id = :'VICTIM';

insert into welfare_ranks (area_id, beneficiary_id, source, period, decile, recorded_at)
select area_id, id, 'REGSOSEK', :'PERIOD', 5, created_at from beneficiaries where id = :'BENEFICIARY_WITH_FACTS';

insert into rank_imports (
    area_id, id, client_id, status, file_digest, rows_read, rows_faulty, ranks_added, created_at, finished_at
)
select area_id, :'RANK_IMPORT', 'sandbox-kecamatan', 'applied', sha256('ranks'), 2, 1, 1, created_at, created_at
from beneficiaries where id = :'BENEFICIARY_WITH_FACTS';

insert into rank_import_faults (area_id, rank_import_id, row_number, fault_number, column_name, code)
select area_id, id, 3, 1, 'decile', 'decile_out_of_range' from rank_imports where id = :'RANK_IMPORT';
