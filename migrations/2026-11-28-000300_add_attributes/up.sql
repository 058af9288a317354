-- Facts beyond the fixed columns: each record keeps them as one object and names the schema they were checked by.
create table attribute_schemas (
    area_id int not null,
    id uuid not null,
    subject text not null,
    version int not null,
    schema jsonb not null,
    created_by text not null,
    created_at timestamptz not null,
    constraint attribute_schemas_pkey primary key (area_id, id),
    constraint attribute_schemas_version_key unique (area_id, subject, version),
    constraint attribute_schemas_subject_known check (subject in ('beneficiaries', 'members')),
    constraint attribute_schemas_version_positive check (version > 0),
    constraint attribute_schemas_schema_form check (jsonb_typeof(schema) = 'object')
);
comment on table attribute_schemas is 'JSON Schemas of attributes by sub-district, subject and version; append-only';
comment on column attribute_schemas.subject is 'beneficiaries or members';
comment on column attribute_schemas.version is 'Counts from 1 for each subject; the highest one checks what is written';
comment on column attribute_schemas.schema is 'Says what the values of attributes may be, by name';

-- New columns are null everywhere: looking at each row takes no longer than that.
alter table beneficiaries
add column attributes jsonb,
add column attribute_schema_id uuid,
add constraint beneficiaries_attributes_whole check ((attributes is null) = (attribute_schema_id is null)) not valid,
add constraint beneficiaries_attributes_form check (jsonb_typeof(attributes) = 'object') not valid;
-- squawk-ignore constraint-missing-not-valid
alter table beneficiaries validate constraint beneficiaries_attributes_whole;
-- squawk-ignore constraint-missing-not-valid
alter table beneficiaries validate constraint beneficiaries_attributes_form;
comment on column beneficiaries.attributes is 'Facts by name, each with value, source and observed_on; null where there are none';
comment on column beneficiaries.attribute_schema_id is 'Schema that the attributes were checked by when they were written';

alter table members
add column attributes jsonb,
add column attribute_schema_id uuid,
add constraint members_attributes_whole check ((attributes is null) = (attribute_schema_id is null)) not valid,
add constraint members_attributes_form check (jsonb_typeof(attributes) = 'object') not valid;
-- squawk-ignore constraint-missing-not-valid
alter table members validate constraint members_attributes_whole;
-- squawk-ignore constraint-missing-not-valid
alter table members validate constraint members_attributes_form;
comment on column members.attributes is 'Facts by name, each with value, source and observed_on; null where there are none';
comment on column members.attribute_schema_id is 'Schema that the attributes were checked by when they were written';

alter table attribute_schemas enable row level security;
create policy area_scope on attribute_schemas to sinergi_service
using (area_id = any ((select visible_areas())::int []));
grant select, insert on attribute_schemas to sinergi_service;
