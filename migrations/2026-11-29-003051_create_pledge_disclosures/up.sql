create table pledge_disclosures (
    id uuid not null,
    pledge_id uuid not null,
    version int not null,
    operation_site text,
    site_ring smallint,
    ppm_field text,
    late_reason text,
    overhead_rupiah bigint,
    transport_rupiah bigint,
    lines jsonb not null,
    disclosed_by text not null,
    created_at timestamptz not null,
    constraint pledge_disclosures_pkey primary key (id),
    constraint pledge_disclosures_version_key unique (pledge_id, version),
    constraint pledge_disclosures_pledge_fkey foreign key (pledge_id) references pledges (id),
    constraint pledge_disclosures_version_positive check (version > 0),
    constraint pledge_disclosures_ring_range check (site_ring between 1 and 3),
    constraint pledge_disclosures_field_known check (ppm_field in (
        'education', 'health', 'real_income', 'economic_independence', 'social_and_culture', 'environment',
        'institutions', 'infrastructure'
    )),
    constraint pledge_disclosures_reason_known check (late_reason in (
        'procurement', 'transport', 'weather', 'budget', 'partner', 'other'
    )),
    constraint pledge_disclosures_overhead_range check (overhead_rupiah between 0 and 1000000000000000),
    constraint pledge_disclosures_transport_range check (transport_rupiah between 0 and 1000000000000000)
);
comment on table pledge_disclosures is 'What a company says of a pledge for its reports; append-only, the newest counts';
comment on column pledge_disclosures.site_ring is 'Ring around the site of operation, 1 the innermost';
comment on column pledge_disclosures.ppm_field is 'Field of the community program of a mine (PPM)';
comment on column pledge_disclosures.lines is 'Standards that lines count for, by line';
grant select, insert on pledge_disclosures to sinergi_service;
