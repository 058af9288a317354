alter table pledge_lines add column installments jsonb not null default '[]';
alter table pledge_lines add column origin text not null default 'pledged';
alter table pledge_lines add column source_line_id uuid;
alter table pledge_lines add constraint pledge_lines_origin_known check (
    origin in ('pledged', 'amended', 'surplus', 'reallocated')
) not valid;
alter table pledge_lines add constraint pledge_lines_source_whole check (
    (origin in ('surplus', 'reallocated')) = (source_line_id is not null)
) not valid;
alter table pledge_lines add constraint pledge_lines_installments_some check (
    jsonb_typeof(installments) = 'array' and jsonb_array_length(installments) <= 24
) not valid;

-- All of a line may go over to another earmark. The constraint that allows it follows at once.
-- squawk-ignore ban-drop-constraint
alter table pledge_lines drop constraint pledge_lines_quantity_positive;
alter table pledge_lines add constraint pledge_lines_quantity_positive check (
    quantity >= 0
) not valid;

comment on column pledge_lines.installments is 'Days by which parts of it are due, in their order; they add up to quantity';
comment on column pledge_lines.origin is 'Whether it was pledged, or came of an amendment, a surplus or a reallocation';
comment on column pledge_lines.source_line_id is 'Line that a surplus was received for, or that stock came from';
grant update (quantity, installments) on pledge_lines to sinergi_service;
