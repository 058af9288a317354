-- What was at fault when the file was checked stays out: nobody has reviewed it as anything else.
insert into fault (line, column_name, code)
select i.row_number, i.column_name, i.code
from import_faults as i
inner join import_context as c on c.area_id = i.area_id and c.import_id = i.import_id;
