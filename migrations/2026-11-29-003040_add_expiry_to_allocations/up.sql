-- What is reserved is kept for the family until a day. Reservations that are there already get as long as new ones.
-- The default is the same for every row there is, so none is rewritten.
-- squawk-ignore adding-field-with-default
alter table allocations add column expires_on date not null default (current_date + 90);
comment on column allocations.expires_on is 'Last day that it is kept for the family; what is reserved after it is released';
-- squawk-ignore require-concurrent-index-creation
create index allocations_expiry_idx on allocations (area_id, expires_on) where status = 'reserved';

-- Each constraint that allows more follows at once.
-- squawk-ignore ban-drop-constraint
alter table ledger_transfers drop constraint ledger_transfers_code_known;
alter table ledger_transfers add constraint ledger_transfers_code_known check (code in (
    'accept', 'receive', 'reserve', 'deliver', 'release', 'cancel', 'write_off', 'return', 'lose', 'correct', 'amend',
    'reallocate', 'transfer', 'hand_out', 'take_back', 'put_back', 'count', 'expire'
)) not valid;
