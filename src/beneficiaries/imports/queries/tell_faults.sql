-- Faults that are not told yet, after those that are.
insert into import_faults (area_id, import_id, row_number, fault_number, column_name, code)
select
    c.area_id, c.import_id, told.line,
    coalesce(known.last, 0)
    + row_number() over (partition by told.line order by told.column_name nulls last, told.code),
    told.column_name, told.code
from (
    select distinct line, column_name, code from fault
    except
    select i.row_number, i.column_name, i.code
    from import_faults as i
    inner join import_context as c on c.area_id = i.area_id and c.import_id = i.import_id
) as told
cross join import_context as c
left join (
    select i.row_number as line, max(i.fault_number) as last
    from import_faults as i
    inner join import_context as c on c.area_id = i.area_id and c.import_id = i.import_id
    group by i.row_number
) as known on known.line = told.line;
