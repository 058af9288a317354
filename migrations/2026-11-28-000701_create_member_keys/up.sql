create table member_keys (
    area_id int not null,
    member_id uuid not null,
    beneficiary_id uuid not null,
    nik_start bigint,
    nik_end bigint,
    born_village bigint,
    born_word bigint,
    name_village bigint,
    first_word bigint,
    second_word bigint,
    name_mother bigint,
    phone_sex bigint,
    member_version int not null,
    family_version int not null,
    normalisation smallint not null,
    constraint member_keys_pkey primary key (area_id, member_id)
);
create index member_keys_nik_start_idx on member_keys (area_id, nik_start) where nik_start is not null;
create index member_keys_nik_end_idx on member_keys (area_id, nik_end) where nik_end is not null;
create index member_keys_born_village_idx on member_keys (area_id, born_village) where born_village is not null;
create index member_keys_born_word_idx on member_keys (area_id, born_word) where born_word is not null;
create index member_keys_name_village_idx on member_keys (area_id, name_village) where name_village is not null;
create index member_keys_first_word_idx on member_keys (area_id, first_word) where first_word is not null;
create index member_keys_second_word_idx on member_keys (area_id, second_word) where second_word is not null;
create index member_keys_name_mother_idx on member_keys (area_id, name_mother) where name_mother is not null;
create index member_keys_phone_sex_idx on member_keys (area_id, phone_sex) where phone_sex is not null;
comment on table member_keys is 'What live members share who may be one person; made of their records, and made again when these change';
comment on column member_keys.nik_start is 'Keyed digest of the area and birth date in the NIK: a slip in the serial keeps it';
comment on column member_keys.nik_end is 'Keyed digest of the birth date and serial in the NIK: a slip in the area keeps it';
comment on column member_keys.born_village is 'Birth date and village';
comment on column member_keys.born_word is 'Birth date and the rarest word of the name';
comment on column member_keys.name_village is 'The words of the name, in any order, and the village';
comment on column member_keys.first_word is 'The rarest word of the name, village and year of birth';
comment on column member_keys.second_word is 'The next one, village and year of birth';
comment on column member_keys.name_mother is 'The words of both names, in any order';
comment on column member_keys.phone_sex is 'Telephone and sex';
comment on column member_keys.member_version is 'Version of the member that the keys are of';
comment on column member_keys.family_version is 'Version of the family that the keys are of';
comment on column member_keys.normalisation is 'Version of the normalisation of names';

grant select, insert, update, delete on member_keys to sinergi_service;
alter table member_keys enable row level security;
create policy area_scope on member_keys to sinergi_service using (area_id = any ((select visible_areas())::int []));
