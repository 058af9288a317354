create table pledge_decisions (
    id uuid not null,
    pledge_id uuid not null,
    company_id uuid not null,
    area_id int not null,
    kind text not null,
    status text not null,
    reason text not null,
    terms jsonb not null,
    transfer_ids uuid [] not null,
    proposed_by text not null,
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint pledge_decisions_pkey primary key (id),
    constraint pledge_decisions_pledge_fkey foreign key (pledge_id) references pledges (id),
    constraint pledge_decisions_company_fkey foreign key (company_id) references companies (id),
    constraint pledge_decisions_kind_known check (kind in (
        'amendment', 'cancellation', 'write_off', 'refund', 'reallocation', 'loss', 'correction', 'closure', 'reopening'
    )),
    constraint pledge_decisions_status_known check (status in ('proposed', 'agreed', 'refused')),
    constraint pledge_decisions_second_person check (decided_by <> proposed_by),
    constraint pledge_decisions_decided_whole check (
        (status = 'proposed') = (decided_at is null)
        and (decided_by is null) = (decided_at is null or kind in ('cancellation', 'closure'))
    ),
    constraint pledge_decisions_refusal_whole check ((status = 'refused') = (decision_reason is not null)),
    constraint pledge_decisions_nothing_before_it check (status = 'agreed' or cardinality(transfer_ids) = 0)
);
create unique index pledge_decisions_pending_key on pledge_decisions (pledge_id, kind) where status = 'proposed';
create index pledge_decisions_pledge_idx on pledge_decisions (pledge_id, id);
create index pledge_decisions_area_idx on pledge_decisions (area_id, id);
create index pledge_decisions_company_idx on pledge_decisions (company_id, id);
comment on table pledge_decisions is 'What was proposed, agreed and refused of committed pledges';
comment on column pledge_decisions.terms is 'What is decided, as its kind has it';
comment on column pledge_decisions.transfer_ids is 'Transfers that it posted; none before it is agreed';
comment on column pledge_decisions.decided_by is 'The second person; null where one is enough';
grant select, insert, update on pledge_decisions to sinergi_service;

-- Each constraint that allows more follows at once.
-- squawk-ignore ban-drop-constraint
alter table ledger_transfers drop constraint ledger_transfers_code_known;
alter table ledger_transfers add constraint ledger_transfers_code_known check (code in (
    'accept', 'receive', 'reserve', 'deliver', 'release', 'cancel', 'write_off', 'return', 'lose', 'correct', 'amend',
    'reallocate'
)) not valid;

-- What is taken back is taken back once.
-- squawk-ignore require-concurrent-index-creation
create unique index ledger_transfers_corrects_key on ledger_transfers (corrects_id) where corrects_id is not null;
comment on column ledger_transfers.corrects_id is 'The transfer that this one takes back';
comment on column ledger_accounts.owner_id is 'Company for promise, pledge line for the others';
