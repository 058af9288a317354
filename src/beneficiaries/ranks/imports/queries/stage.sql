-- Rows of the file as they arrived. Lives as long as the session.
create temporary table staged_ranks (
    line int not null,
    card_digest bytea,
    beneficiary_id uuid,
    source text,
    period date,
    decile smallint,
    faults text
);
