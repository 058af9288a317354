-- Whom the new persons of a checked import may be, until it is applied, cancelled or has failed.
alter table imports add column possible_duplicates jsonb;
comment on column imports.possible_duplicates is 'How many pairs a look before it is applied found, or why there was none; null before it';

create table import_duplicates (
    area_id int not null,
    import_id uuid not null,
    row_number int not null,
    candidate_number int not null,
    other_row_number int,
    member_id uuid,
    beneficiary_id uuid,
    finding text not null,
    centibits int not null,
    fields jsonb not null,
    constraint import_duplicates_pkey primary key (area_id, import_id, row_number, candidate_number),
    constraint import_duplicates_import_fkey foreign key (area_id, import_id) references imports (area_id, id),
    constraint import_duplicates_member_fkey foreign key (area_id, member_id) references members (area_id, id),
    constraint import_duplicates_finding_known check (finding in ('same', 'look')),
    constraint import_duplicates_one_candidate check (
        num_nonnulls(member_id, other_row_number) = 1 and (member_id is null) = (beneficiary_id is null)
    )
);
comment on table import_duplicates is 'Whom the new persons of a file may be: members, or other rows; gone once the import has ended';
comment on column import_duplicates.row_number is 'Line of the file, the header being 1';
comment on column import_duplicates.candidate_number is '1 for the surest of a row';
comment on column import_duplicates.other_row_number is 'Earlier row that may be the same person; null where it is a member';
comment on column import_duplicates.beneficiary_id is 'Family of the member when they were compared';
comment on column import_duplicates.centibits is 'Hundredths of the binary logarithm of the odds that they are one person';

alter table import_duplicates enable row level security;
create policy area_scope on import_duplicates to sinergi_service
using (area_id = any((select visible_areas())::int []));
grant select, insert, delete on import_duplicates to sinergi_service;
