drop table ledger_balances;
drop table ledger_transfers;
drop table ledger_accounts;
drop function refuse_change();
