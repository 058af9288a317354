create table duplicate_clusters (
    area_id int not null,
    id uuid not null,
    run_id uuid not null,
    member_ids uuid [] not null,
    beneficiary_ids uuid [] not null,
    member_count int not null,
    constraint duplicate_clusters_pkey primary key (area_id, id),
    constraint duplicate_clusters_run_fkey foreign key (area_id, run_id) references duplicate_runs (area_id, id),
    constraint duplicate_clusters_count check (member_count = cardinality(member_ids) and member_count > 1),
    constraint duplicate_clusters_families_count check (cardinality(beneficiary_ids) > 0)
);
create index duplicate_clusters_size_idx on duplicate_clusters (area_id, run_id, member_count, id);
comment on table duplicate_clusters is 'Groups of records that a run took for one person each; append-only';
comment on column duplicate_clusters.beneficiary_ids is 'Families that they were of, each once';

grant select, insert on duplicate_clusters to sinergi_service;
alter table duplicate_clusters enable row level security;
create policy area_scope on duplicate_clusters to sinergi_service
using (area_id = any ((select visible_areas())::int []));
