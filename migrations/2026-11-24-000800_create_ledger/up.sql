create table ledger_accounts (
    id uuid not null,
    area_id int not null,
    kind text not null,
    unit text not null,
    owner_id uuid not null,
    is_floored bool not null,
    created_at timestamptz not null,
    constraint ledger_accounts_pkey primary key (id),
    constraint ledger_accounts_place_key unique (id, area_id, unit),
    constraint ledger_accounts_owner_key unique (owner_id, kind, unit, area_id),
    constraint ledger_accounts_kind_known check (kind in (
        'promise', 'commitment', 'stock', 'reserved', 'delivered', 'cancelled', 'written_off', 'returned', 'lost'
    ))
);
comment on table ledger_accounts is 'Places a pledged quantity can be, one unit each';
comment on column ledger_accounts.area_id is 'Sub-district whose ledger it stands in';
comment on column ledger_accounts.owner_id is 'Company for promise and returned, pledge line for the others';
comment on column ledger_accounts.is_floored is 'True where the balance may never be below zero';

create table ledger_transfers (
    id uuid not null,
    area_id int not null,
    debit_account_id uuid not null,
    credit_account_id uuid not null,
    unit text not null,
    quantity numeric(18, 3) not null,
    code text not null,
    group_id uuid not null,
    corrects_id uuid,
    client_id text not null,
    at timestamptz not null,
    constraint ledger_transfers_pkey primary key (id),
    constraint ledger_transfers_debit_fkey foreign key (debit_account_id, area_id, unit)
    references ledger_accounts (id, area_id, unit),
    constraint ledger_transfers_credit_fkey foreign key (credit_account_id, area_id, unit)
    references ledger_accounts (id, area_id, unit),
    constraint ledger_transfers_two_accounts check (debit_account_id <> credit_account_id),
    constraint ledger_transfers_quantity_positive check (quantity > 0),
    constraint ledger_transfers_code_known check (code in (
        'accept', 'receive', 'reserve', 'deliver', 'release', 'cancel', 'write_off', 'return', 'lose', 'correct'
    ))
);
create index ledger_transfers_group_idx on ledger_transfers (group_id, at, id);
create index ledger_transfers_area_idx on ledger_transfers (area_id, at, id);
create index ledger_accounts_area_idx on ledger_accounts (area_id, id);
comment on table ledger_transfers is 'Movements of a quantity from one account to another; append-only';
comment on column ledger_transfers.debit_account_id is 'Account the quantity leaves';
comment on column ledger_transfers.credit_account_id is 'Account the quantity enters';
comment on column ledger_transfers.group_id is 'Pledge the movement is of';

create table ledger_balances (
    account_id uuid not null,
    posted numeric(18, 3) not null,
    is_floored bool not null,
    constraint ledger_balances_pkey primary key (account_id),
    constraint ledger_balances_account_fkey foreign key (account_id) references ledger_accounts (id),
    constraint ledger_balances_floor check (not is_floored or posted >= 0)
);
comment on table ledger_balances is 'Sum of the transfers of each account, kept under a condition; re-summed nightly';

-- The grants say so too; this also holds for whoever owns the tables.
create function refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception 'transfers are never changed: post an opposite one';
end
$$;
comment on function refuse_change() is 'Stops any change of what may only grow';
create trigger ledger_transfers_append_only before update or delete or truncate on ledger_transfers
for each statement execute function refuse_change();

grant select, insert on ledger_accounts, ledger_transfers to sinergi_service;
grant select, insert, update on ledger_balances to sinergi_service;
