create table overlap_rules (
    id uuid not null,
    owner_area_id int,
    code text not null,
    kind text not null,
    most smallint not null,
    legal_basis_title text not null,
    legal_basis_number text not null,
    legal_basis_article text,
    effective_from date not null,
    effective_to date,
    created_by text not null,
    ended_by text,
    ended_at timestamptz,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint overlap_rules_pkey primary key (id),
    constraint overlap_rules_code_key unique nulls not distinct (owner_area_id, code),
    constraint overlap_rules_owner_fkey foreign key (owner_area_id) references areas (area_id),
    constraint overlap_rules_code_form check (code ~ '^[A-Z0-9][A-Z0-9-]{1,31}$'),
    constraint overlap_rules_kind_known check (kind in ('excludes', 'one_of')),
    constraint overlap_rules_most_range check (most between 1 and 20 and (kind = 'one_of' or most = 1)),
    constraint overlap_rules_dates_order check (effective_to >= effective_from),
    constraint overlap_rules_end_whole check (
        (ended_by is null) = (ended_at is null) and (ended_by is null or effective_to is not null)
    )
);
comment on table overlap_rules is 'Which programs a family may not have together, between two days; only ever ended';
comment on column overlap_rules.owner_area_id is 'Sub-district that made it and that it holds in; null for one of the state';
comment on column overlap_rules.kind is 'excludes: no program of side 1 with one of side 2; one_of: at most so many of side 1';
comment on column overlap_rules.most is 'At most so many of the programs of one_of for one family';
comment on column overlap_rules.effective_to is 'Last day, inclusive; null while open';

create table overlap_rule_programs (
    rule_id uuid not null,
    program_id uuid not null,
    side smallint not null,
    constraint overlap_rule_programs_pkey primary key (rule_id, program_id),
    constraint overlap_rule_programs_rule_fkey foreign key (rule_id) references overlap_rules (id),
    constraint overlap_rule_programs_program_fkey foreign key (program_id) references programs (id),
    constraint overlap_rule_programs_side_known check (side in (1, 2))
);
create index overlap_rule_programs_program_idx on overlap_rule_programs (program_id);
comment on table overlap_rule_programs is 'The programs of an overlap rule; a program stands on one side of it';
comment on column overlap_rule_programs.side is '1, or 2 for those that the programs of side 1 exclude';

create view overlap_pairs with (security_invoker = true) as
select
    r.id as rule_id, r.owner_area_id, r.effective_from, r.effective_to, r.most, one.program_id,
    other.program_id as other_program_id
from overlap_rules as r
inner join overlap_rule_programs as one on one.rule_id = r.id
inner join overlap_rule_programs as other on other.rule_id = r.id
where other.program_id <> one.program_id and (r.kind = 'one_of' or other.side <> one.side);
comment on view overlap_pairs is
'Each program with those that keep a family off it: by each rule, once it has `most` of the other programs';

grant select, insert, update on overlap_rules to sinergi_service;
grant select, insert on overlap_rule_programs to sinergi_service;
grant select on overlap_pairs to sinergi_service;
