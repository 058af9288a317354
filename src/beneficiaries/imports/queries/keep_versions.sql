-- The versions that are about to be replaced.
insert into beneficiaries_history (
    area_id, id, valid_from, valid_to, version, record, card_sealed, client_id, operation
)
select
    b.area_id, b.id, b.valid_from, x.at, b.version,
    to_jsonb(b) - '{card_sealed,card_digest}'::text [], b.card_sealed, c.client_id, c.operation
from changed_family as x
cross join import_context as c
inner join beneficiaries as b on b.area_id = c.area_id and b.id = x.id;

insert into members_history (area_id, id, valid_from, valid_to, version, record, nik_sealed, client_id, operation)
select
    m.area_id, m.id, m.valid_from, x.at, m.version,
    to_jsonb(m) - '{nik_sealed,nik_digest}'::text []
    || jsonb_build_object('beneficiary_id', x.beneficiary_id, 'relationship', x.known_relationship,
        'ended_on', null, 'end_reason', null),
    m.nik_sealed, c.client_id, c.operation
from changed_person as x
cross join import_context as c
inner join members as m on m.area_id = c.area_id and m.id = x.known_id;
