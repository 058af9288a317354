alter table deliberations add column is_special boolean not null default false;
comment on column deliberations.is_special is 'Called to change who receives (musdes khusus)';
