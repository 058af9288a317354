-- Claims that somebody else holds.
insert into fault (line, column_name, code)
select f.first_line, 'card_number', 'card_already_registered'
from family as f
where
    not f.is_known
    and not exists (
        select from card_claims as c where c.card_digest = f.card_digest and c.beneficiary_id = f.id
    );

insert into fault (line, column_name, code)
select p.line, 'nik', 'nik_already_registered'
from person as p
where
    p.takes_nik
    and not exists (
        select from identity_claims as i
        where i.nik_digest = p.nik_digest and i.member_id = coalesce(p.known_id, p.member_id)
    );
