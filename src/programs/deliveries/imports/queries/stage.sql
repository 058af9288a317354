-- Rows of the file as they arrived. Lives as long as the session.
create temporary table staged_results (
    line int not null,
    entitlement_id uuid,
    card_digest bytea,
    nik_digest bytea,
    quantity text,
    told_on date,
    is_failed bool not null,
    reference text,
    failure_reason text,
    component text,
    faults text
);
