alter table beneficiaries add column continued_in_id uuid;
alter table beneficiaries add constraint beneficiaries_continued_merged
check (continued_in_id is null or status = 'merged') not valid;
comment on column beneficiaries.continued_in_id is 'The family of the same sub-district that it was merged into';

alter table beneficiaries_history add column operation text, add column reason text;
comment on column beneficiaries_history.operation is 'operationId of the API that replaced this version';
comment on column beneficiaries_history.reason is 'Why, where the client told; no personal data';

alter table members_history add column operation text, add column reason text;
comment on column members_history.operation is 'operationId of the API that replaced this version';
comment on column members_history.reason is 'Why, where the client told; no personal data';
