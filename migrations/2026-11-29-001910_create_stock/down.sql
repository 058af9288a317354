comment on column ledger_transfers.group_id is 'Pledge the movement is of';
alter table ledger_transfers drop column group_kind;
alter table ledger_transfers drop constraint ledger_transfers_code_known;
alter table ledger_transfers add constraint ledger_transfers_code_known check (code in (
    'accept', 'receive', 'reserve', 'deliver', 'release', 'cancel', 'write_off', 'return', 'lose', 'correct', 'amend',
    'reallocate'
));
alter table ledger_accounts drop constraint ledger_accounts_kind_known;
alter table ledger_accounts add constraint ledger_accounts_kind_known check (kind in (
    'promise', 'commitment', 'stock', 'reserved', 'delivered', 'cancelled', 'written_off', 'returned', 'lost'
));
comment on column ledger_accounts.owner_id is 'Company for promise, pledge line for the others';
alter table deliveries drop column stock_site_id;
alter table deliveries drop column stock_lot_id;
drop table stock_movements;
drop table stock_losses;
drop table stock_places;
drop table stock_lots;
drop table stock_sites;
