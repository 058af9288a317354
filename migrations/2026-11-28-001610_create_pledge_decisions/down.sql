comment on column ledger_accounts.owner_id is 'Company for promise and returned, pledge line for the others';
comment on column ledger_transfers.corrects_id is null;
drop index ledger_transfers_corrects_key;
alter table ledger_transfers drop constraint ledger_transfers_code_known;
alter table ledger_transfers add constraint ledger_transfers_code_known check (code in (
    'accept', 'receive', 'reserve', 'deliver', 'release', 'cancel', 'write_off', 'return', 'lose', 'correct'
));
drop table pledge_decisions;
