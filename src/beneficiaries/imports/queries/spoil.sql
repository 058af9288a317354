-- A family with a faulty row is not taken; its other rows are told so, and what it had claimed is free again.
truncate spoiled;
analyze fault;
insert into spoiled (ordinal)
select distinct f.ordinal
from fault
inner join staged as s on s.line = fault.line
inner join family as f on f.card_digest = s.card_digest;

insert into fault (line, column_name, code)
select s.line, null, 'family_row_faulty'
from spoiled
inner join family as f on f.ordinal = spoiled.ordinal
inner join staged as s on s.card_digest = f.card_digest
where not exists (select from fault where fault.line = s.line);

delete from card_claims
using spoiled
inner join family as f on f.ordinal = spoiled.ordinal
where not f.is_known and card_claims.card_digest = f.card_digest and card_claims.beneficiary_id = f.id;

delete from identity_claims
using spoiled
inner join person as p on p.ordinal = spoiled.ordinal
where
    p.takes_nik and identity_claims.nik_digest = p.nik_digest
    and identity_claims.member_id = coalesce(p.known_id, p.member_id);

delete from person using spoiled where person.ordinal = spoiled.ordinal;
delete from family using spoiled where family.ordinal = spoiled.ordinal;
