-- Audit rows are sealed in the order of the transactions that wrote them. A row takes the number of its transaction
-- by itself; once every transaction below a number has ended, no row below it can appear any more, so the rows up to
-- there make the next block. Writers do nothing for it and wait for nobody.

-- Transactions are counted anew where the rows are restored into another cluster: this is added there.
create function audit_transaction_base() returns bigint
language sql immutable parallel safe
return 0::bigint;
comment on function audit_transaction_base() is 'Added to the numbers of this cluster''s transactions, so that they go on after restored ones';

-- Rows of before are numbered here and now: they are to be sealed too.
alter table audit_records add column transaction_number bigint not null
-- squawk-ignore adding-field-with-default
default (pg_current_xact_id()::text::bigint + audit_transaction_base());
comment on column audit_records.transaction_number is 'Number of the transaction that wrote the row; rows are sealed in this order';
-- A partitioned table knows no other way.
-- squawk-ignore require-concurrent-index-creation
create index audit_records_transaction_idx on audit_records (transaction_number, id);

-- The service cannot choose the number: nothing can be slipped among sealed rows.
revoke insert on audit_records from sinergi_service;
grant insert (
    area_id, at, id, client_id, operation, purpose, resource, resource_id, company_id, request_id, record_count,
    before_digest, after_digest
) on audit_records to sinergi_service;

create table audit_blocks (
    number bigint not null,
    row_count int not null,
    merkle_root bytea not null,
    previous_hash bytea not null,
    hash bytea not null,
    sealed_at timestamptz not null,
    key_id text not null,
    signature text not null,
    last_transaction_number bigint not null,
    last_id uuid not null,
    leaf_hashes bytea not null,
    constraint audit_blocks_pkey primary key (number),
    constraint audit_blocks_number_positive check (number > 0),
    constraint audit_blocks_row_count_range check (row_count between 1 and 65536),
    constraint audit_blocks_hashes_whole check (
        length(merkle_root) = 32 and length(previous_hash) = 32 and length(hash) = 32
        and length(leaf_hashes) = 32 * row_count
    )
);
create unique index audit_blocks_previous_key on audit_blocks (previous_hash);
create index audit_blocks_last_idx on audit_blocks (last_transaction_number, last_id);
-- Hashes cannot be compressed: no time is spent on trying.
alter table audit_blocks alter column leaf_hashes set storage external;
comment on table audit_blocks is 'Sealed audit rows: each block a Merkle tree (RFC 6962) whose head names the block before; append-only';
comment on column audit_blocks.number is 'Place in the chain, 1 first, without gaps';
comment on column audit_blocks.row_count is 'Rows in the block';
comment on column audit_blocks.merkle_root is 'Root of the tree of the rows';
comment on column audit_blocks.previous_hash is 'Hash of the block before; zeros for the first';
comment on column audit_blocks.hash is 'SHA-256 of the head, which says number, row count, root, previous hash and time';
comment on column audit_blocks.key_id is 'Key that signed the head';
comment on column audit_blocks.signature is 'Ed25519 signature of the head, in base64url';
comment on column audit_blocks.last_transaction_number is 'Of the last row';
comment on column audit_blocks.last_id is 'Of the last row';
comment on column audit_blocks.leaf_hashes is 'Hash of each row, 32 bytes each, in the order of the tree';
grant select, insert on audit_blocks to sinergi_service;

-- The one way to rows of all areas, and only to those that are not sealed yet.
create function unsealed_audit_records(most int) returns setof audit_records
language plpgsql stable security definer
set search_path = public, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    last_number bigint;
    last_row uuid;
    horizon bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint + audit_transaction_base();
begin
    select last_transaction_number, last_id into last_number, last_row
    from audit_blocks order by number desc limit 1;
    return query
    select * from audit_records r
    where (r.transaction_number, r.id)
        > (coalesce(last_number, -1), coalesce(last_row, '00000000-0000-0000-0000-000000000000'))
        and r.transaction_number < horizon
    order by r.transaction_number, r.id
    limit most;
end
$$;
comment on function unsealed_audit_records(int) is 'Rows after the last block whose place in the order is final: every earlier transaction has ended';
revoke all on function unsealed_audit_records(int) from public;
grant execute on function unsealed_audit_records(int) to sinergi_service;

-- Called by the owner at each start. A row that can be seen was written by a transaction that has ended, which is
-- below the end of this snapshot: where one is not, the rows were restored from a cluster that had counted further.
create function continue_audit_transactions() returns bool
language plpgsql
set search_path = public, pg_temp
as $$
declare
    last bigint;
    here bigint;
begin
    perform pg_advisory_xact_lock(7460004);
    select greatest(
            coalesce((select max(transaction_number) from audit_records), 0),
            coalesce((select max(last_transaction_number) from audit_blocks), 0)
        ), pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    into last, here;
    if here + audit_transaction_base() > last then
        return false;
    end if;
    execute format(
        'create or replace function audit_transaction_base() returns bigint
        language sql immutable parallel safe return %s::bigint', last + 1 - here
    );
    return true;
end
$$;
comment on function continue_audit_transactions() is 'Lets the numbers of transactions go on after those of restored audit rows';
revoke all on function continue_audit_transactions() from public;
