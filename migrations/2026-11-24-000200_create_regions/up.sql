create table areas (
    area_id int not null,
    name text not null,
    constraint areas_pkey primary key (area_id),
    constraint areas_id_positive check (area_id > 0)
);
comment on table areas is 'Surrogate id of each sub-district (kecamatan): codes split and change, this never does';
comment on column areas.area_id is 'First column of every family-side key';
comment on column areas.name is 'Name at the time it was added; the current one stands in regions';

create table region_editions (
    edition text not null,
    is_current bool not null,
    loaded_at timestamptz not null,
    constraint region_editions_pkey primary key (edition)
);
create unique index region_editions_current_key on region_editions (is_current) where is_current;
comment on table region_editions is 'Editions of the official region codes that have been loaded';
comment on column region_editions.edition is 'Decree that fixed the codes, such as Kepmendagri 300.2.2-2430/2025';
comment on column region_editions.is_current is 'True for the one edition that new records are checked against';
comment on column region_editions.loaded_at is 'When the edition was loaded';

create table regions (
    edition text not null,
    code text not null,
    level text not null,
    name text not null,
    parent_code text,
    bps_code text,
    area_id int,
    constraint regions_pkey primary key (edition, code),
    constraint regions_edition_fkey foreign key (edition) references region_editions (edition),
    constraint regions_area_fkey foreign key (area_id) references areas (area_id),
    constraint regions_code_form check (code ~ '^[0-9]{2}([.][0-9]{2}([.][0-9]{2}([.][0-9]{4})?)?)?$'),
    constraint regions_level_known check (level in ('province', 'regency', 'district', 'village')),
    constraint regions_area_level check ((area_id is not null) = (level in ('district', 'village')))
);
create index regions_area_idx on regions (area_id);
create index regions_parent_idx on regions (edition, parent_code);
comment on table regions is 'Official regions by edition: province, regency, district (kecamatan), village';
comment on column regions.edition is 'Edition the row belongs to';
comment on column regions.code is 'Kemendagri code, PP.KK.CC.DDDD';
comment on column regions.level is 'province, regency, district or village';
comment on column regions.name is 'Name as the edition writes it';
comment on column regions.parent_code is 'Code of the region one level up; null for a province';
comment on column regions.bps_code is 'Code of the statistics office, where known';
comment on column regions.area_id is 'Sub-district the region is or lies in; null above that level';

grant select on areas, region_editions, regions to sinergi_service;
