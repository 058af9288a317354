drop table client_assertions;
drop table idempotency_keys;
drop table rate_windows;
drop table clients;
drop table companies;
