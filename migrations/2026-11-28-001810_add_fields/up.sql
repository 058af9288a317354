alter table need_kinds add column field text not null default 'other';
alter table need_kinds add constraint need_kinds_field_known check (
    field in ('economy', 'education', 'health', 'environment', 'infrastructure', 'social', 'disaster', 'other')
) not valid;
update need_kinds set field = case
    when code = 'training_seat' then 'education'
    when code in ('rice', 'cash') then 'social'
    else 'economy'
end
where code in (
    'hand_tractor', 'oil_palm_tools', 'sewing_machine', 'fishing_gear', 'training_seat', 'seedlings', 'rice', 'cash'
);

alter table pledge_lines add column field text not null default 'other';
alter table pledge_lines add constraint pledge_lines_field_known check (
    field in ('economy', 'education', 'health', 'environment', 'infrastructure', 'social', 'disaster', 'other')
) not valid;
update pledge_lines set field = k.field
from need_kinds as k
where k.code = pledge_lines.kind;

comment on column need_kinds.field is 'Field (bidang) of the regional law that pledges of this kind count for, unless they say otherwise';
comment on column pledge_lines.field is 'Field (bidang) of the regional law that it counts for';
grant update (field) on pledge_lines to sinergi_service;
