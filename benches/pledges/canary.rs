//! Values that stand where persons are recorded, and that nobody may see who must not see persons.

use std::collections::HashSet;

use serde_json::{Value, json};

pub(crate) const NIK: &str = "6402104101909777";
pub(crate) const CARD: &str = "6402101001209777";
pub(crate) const NAME: &str = "Kanari Uji Satu";
pub(crate) const PHONE: &str = "081299887766";
pub(crate) const ADDRESS: &str = "RT 97 Gang Kanari";
pub(crate) const MOTHER: &str = "Ibu Kanari Dua";

/// A family to register that has nothing else.
pub(crate) fn family() -> Value {
    json!({
        "card_number": CARD, "village_code": "64.02.10.2004", "address": ADDRESS, "phone": PHONE,
        "rank": { "source": "DTSEN", "period": "2026-10-01", "decile": 2 },
        "members": [
            { "nik": NIK, "name": NAME, "mother_name": MOTHER, "sex": "female", "born_on": "1990-01-01",
              "relationship": "head" },
            { "name": "Anak Contoh", "sex": "male", "born_on": "2019-05-02", "relationship": "child" },
        ],
    })
}

/// Puts canaries into every text and document that is of a family or a person, as far as the tables take them, of all rows
/// or of one; and into what companies wrote, each under the company's id. `canary_columns` names the columns that have
/// some. What decides where a row belongs stays.
pub(crate) const PLANT: &str = "
    create table canary_columns (place text not null);
    do $$
    declare
        one record;
        change text;
        whole text;
    begin
        for one in
            select c.table_name, c.column_name, c.data_type
            from information_schema.columns c
            join pg_class r on r.relname = c.table_name and r.relnamespace = 'public'::regnamespace
            where c.table_schema = 'public' and r.relkind in ('r', 'p') and not r.relispartition
                and c.data_type in ('text', 'jsonb')
                and c.column_name not like '%village_code' and c.column_name not like '%\\_by'
                and c.column_name not in ('status', 'source', 'decile_source', 'kind', 'client_id')
                and (c.table_name in ('beneficiaries', 'members', 'beneficiaries_history', 'members_history',
                        'memberships_history', 'collectors_history', 'asset_checks', 'asset_write_offs', 'duplicate_pairs',
                        'duplicate_decisions', 'delivery_losses', 'training_sessions')
                    or exists (select from information_schema.columns f where f.table_schema = 'public'
                        and f.table_name = c.table_name and f.column_name in ('beneficiary_id', 'member_id')))
        loop
            change := case one.data_type when 'text' then quote_literal('Kanari Uji Satu')
                else format('case jsonb_typeof(%1$I) when ''object'' then %1$I || ''{\"kanari\": \"Kanari Uji Satu\"}''
                    else %1$I end', one.column_name) end;
            whole := format('update %I set %I = %s', one.table_name, one.column_name, change);
            for try in 1..4 loop
                begin
                    execute case try
                        when 1 then whole
                        when 2 then whole || format(' where %I is not null', one.column_name)
                        when 3 then replace(whole, 'Kanari Uji Satu', '081299887766')
                        else whole || format(' where ctid = (select ctid from %I limit 1)', one.table_name) end;
                    insert into canary_columns values (one.table_name || '.' || one.column_name);
                    exit;
                exception when others then null;
                end;
            end loop;
        end loop;
    end
    $$;
    update pledges set title = 'Rahasia ' || company_id, agreement_number = 'Rahasia ' || company_id;
    update receipts r set handover_number = 'Rahasia ' || p.company_id from pledges p where p.id = r.pledge_id;
    update pledge_decisions set reason = 'Rahasia ' || company_id;
";

/// Columns that must be among those that have canaries: where persons are named, and where people write of them.
pub(crate) const NAMED: [&str; 14] = [
    "beneficiaries.address",
    "beneficiaries.attributes",
    "beneficiaries.head_name",
    "beneficiaries.phone",
    "beneficiaries_history.record",
    "change_requests.reason",
    "collectors.name",
    "follow_ups.note",
    "graduations.note",
    "members.attributes",
    "members.birth_place",
    "members.mother_name",
    "members.name",
    "visits.note",
];

/// What an answer to a company tells that it must not: of a person, of another company, or which family it is.
pub(crate) fn leak(text: &str, path: &str, company_id: &str, families: &HashSet<String>) -> Option<String> {
    if text.to_lowercase().contains("kanari") {
        return Some("a canary".to_owned());
    }
    if let Some(number) = [NIK, CARD, PHONE].iter().find(|number| text.contains(**number)) {
        return Some(format!("the number {number}"));
    }
    let others = text.split("Rahasia ").skip(1).find(|rest| !rest.starts_with(company_id));
    if let Some(other) = others {
        return Some(format!("what company {} wrote", other.chars().take(36).collect::<String>()));
    }
    let ids = text.split(|one: char| one != '-' && !one.is_ascii_alphanumeric());
    let family = ids.filter(|id| id.len() == 36).find(|id| families.contains(*id) && !path.contains(id));
    family.map(|id| format!("the family {id}"))
}
