-- What the commands about families are tried on; names stand for known ids.

insert into collectors (
    area_id, id, beneficiary_id, kind, member_id, valid_from, recorded_by, created_at, updated_at
)
select area_id, :'COLLECTOR', id, 'member', :'MEMBER_COLLECTING', :'PERIOD', 'sandbox-kecamatan', created_at, created_at
from beneficiaries where id = :'BENEFICIARY_COLLECTED_FOR';

insert into collectors (
    area_id, id, beneficiary_id, kind, name, power_of_attorney, granted_by_id, valid_from, valid_to, recorded_by,
    created_at, updated_at
)
select area_id, :'COLLECTOR_TO_REVOKE', id, 'alternate', 'Contoh Kerabat', 'SKU/SINTETIS/2026/001',
    :'MEMBER_COLLECTING', '2026-01-01', :'PERIOD' + 365, 'sandbox-kecamatan', created_at, created_at
from beneficiaries where id = :'BENEFICIARY_COLLECTED_FOR';

insert into relocations (
    area_id, id, beneficiary_id, to_area_id, from_village_code, village_code, address, moved_on, head_name,
    member_count, status, reason, offered_by, decided_by, decided_at, created_at, updated_at
)
select area_id, :'RELOCATION', id, area_id, village_code, village_code, 'RT 01', :'PERIOD', head_name, member_count,
    'accepted', 'Pindah rumah', 'sandbox-kecamatan', 'sandbox-kecamatan', created_at, created_at, created_at
from beneficiaries where id = :'BENEFICIARY_COLLECTED_FOR';

-- Offers need a neighbour; an edition of one sub-district has none.
insert into relocations (
    area_id, id, beneficiary_id, to_area_id, from_village_code, village_code, moved_on, head_name, member_count,
    status, reason, offered_by, created_at, updated_at
)
select b.area_id, :'RELOCATION_TO_WITHDRAW', b.id, r.area_id, b.village_code, r.code, :'PERIOD', b.head_name,
    b.member_count, 'offered', 'Ikut orang tua', 'sandbox-kecamatan', b.created_at, b.created_at
from beneficiaries b
cross join lateral (
    select v.code, v.area_id from regions v join region_editions e using (edition)
    where e.is_current and v.level = 'village' and v.code like '64.02.09.%' order by v.code limit 1
) as r
where b.id = :'BENEFICIARY_COLLECTED_FOR';

insert into relocations (
    area_id, id, beneficiary_id, to_area_id, from_village_code, village_code, moved_on, head_name, member_count,
    status, reason, offered_by, created_at, updated_at
)
select b.area_id, one.id::uuid, b.id, home.area_id, b.village_code, home.village_code, :'PERIOD', b.head_name,
    b.member_count, 'offered', 'Bekerja di kebun', 'sandbox-neighbour', b.created_at, b.created_at
from (values
    (:'RELOCATION_TO_ACCEPT', :'BENEFICIARY_TO_ACCEPT'),
    (:'RELOCATION_TO_REFUSE', :'BENEFICIARY_TO_REFUSE')
) as one (id, beneficiary_id)
join beneficiaries b on b.id = one.beneficiary_id::uuid
cross join lateral (
    select h.area_id, h.village_code from beneficiaries h where h.id = :'BENEFICIARY_COLLECTED_FOR'
) as home;

-- A card that was issued again; the number of before is the same one here.
insert into beneficiaries_history (
    area_id, id, valid_from, valid_to, version, record, card_sealed, client_id, operation, reason
)
select
    area_id, id, valid_from, valid_from + interval '1 second', version,
    to_jsonb(b) - '{card_sealed,card_digest}'::text [], card_sealed, 'sandbox-kecamatan', 'change_card', 'Pindah rumah'
from beneficiaries b where id = :'BENEFICIARY_RECARDED';

update beneficiaries
set
    version = version + 1, valid_from = valid_from + interval '1 second', updated_at = valid_from + interval '1 second'
where id = :'BENEFICIARY_RECARDED';

insert into card_changes (area_id, id, beneficiary_id, reason, changed_on, family_version, client_id, created_at)
select area_id, derive_id(id, id), id, 'reissued', :'PERIOD', version, 'sandbox-kecamatan', valid_from
from beneficiaries where id = :'BENEFICIARY_RECARDED';
