create table pledge_line_plans (
    pledge_line_id uuid not null,
    ended_at timestamptz not null,
    quantity numeric(18, 3) not null,
    installments jsonb not null,
    constraint pledge_line_plans_pkey primary key (pledge_line_id, ended_at),
    constraint pledge_line_plans_line_fkey foreign key (pledge_line_id) references pledge_lines (id),
    constraint pledge_line_plans_quantity_range check (quantity >= 0),
    constraint pledge_line_plans_installments_some check (
        jsonb_typeof(installments) = 'array' and jsonb_array_length(installments) <= 24
    )
);
comment on table pledge_line_plans is 'What was promised of a line, and by when, until it changed; append-only';
comment on column pledge_line_plans.ended_at is 'When the plan after it began';
comment on column pledge_line_plans.quantity is 'What was promised then; nothing before the line was there';
comment on column pledge_line_plans.installments is 'Days by which parts of it were due, in their order';
grant select, insert on pledge_line_plans to sinergi_service;
