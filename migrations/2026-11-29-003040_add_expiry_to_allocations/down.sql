alter table ledger_transfers drop constraint ledger_transfers_code_known;
alter table ledger_transfers add constraint ledger_transfers_code_known check (code in (
    'accept', 'receive', 'reserve', 'deliver', 'release', 'cancel', 'write_off', 'return', 'lose', 'correct', 'amend',
    'reallocate', 'transfer', 'hand_out', 'take_back', 'put_back', 'count'
));
drop index allocations_expiry_idx;
alter table allocations drop column expires_on;
