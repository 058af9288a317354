//! Members that share a key with those of a card, in one statement; then what is compared of them, in another.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bytea, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Hit, Known, SharedKey};
use super::rules::MOST_SHARING;
use crate::db::Conn;
use crate::domain::{MemberId, Scope};
use crate::error::Result;

/// What is looked for of the persons of a card, column by column; each in the areas of the caller.
#[derive(Debug, QueryId)]
pub(super) struct Probes {
    pub(super) area_ids: Vec<i32>,
    pub(super) card_digest: Option<Vec<u8>>,
    pub(super) sexes: Vec<&'static str>,
    pub(super) nik_digests: Vec<Option<Vec<u8>>>,
    /// In the order of [`COLUMNS`].
    pub(super) keys: [Vec<Option<i64>>; 9],
}

/// Columns of `member_keys` in the order of the probes' keys.
const COLUMNS: [&str; 9] = [
    "nik_start",
    "nik_end",
    "born_village",
    "born_word",
    "name_village",
    "first_word",
    "second_word",
    "name_mother",
    "phone_sex",
];

/// The ways to find a member by stored keys: what it is called, the column, and the column of the probe.
const WAYS: [(SharedKey, &str, &str); 11] = [
    (SharedKey::NikStart, "nik_start", "nik_start"),
    (SharedKey::NikEnd, "nik_end", "nik_end"),
    (SharedKey::BornVillage, "born_village", "born_village"),
    (SharedKey::BornWord, "born_word", "born_word"),
    (SharedKey::NameVillage, "name_village", "name_village"),
    (SharedKey::WordVillageYear, "first_word", "first_word"),
    (SharedKey::WordVillageYear, "first_word", "second_word"),
    (SharedKey::WordVillageYear, "second_word", "first_word"),
    (SharedKey::WordVillageYear, "second_word", "second_word"),
    (SharedKey::NameMother, "name_mother", "name_mother"),
    (SharedKey::PhoneSex, "phone_sex", "phone_sex"),
];

/// The key that a hit is by.
pub(super) fn key_of(hit: &Hit) -> SharedKey {
    let place = usize::try_from(hit.key).unwrap_or_default();
    match place {
        0 => SharedKey::Nik,
        1 => SharedKey::CardSex,
        _ => WAYS.get(place - 2).map_or(SharedKey::Nik, |(key, ..)| *key),
    }
}

impl Query for Probes {
    type SqlType = (BigInt, Integer, Integer, SqlUuid);
}

impl QueryFragment<Pg> for Probes {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // One more than is taken, to know that there are more.
        let most = (MOST_SHARING + 1).to_string();
        out.push_sql("select p.place, found.key, found.area_id, found.member_id from unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.sexes)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Bytea>>, _>(&self.nik_digests)?;
        for keys in &self.keys {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<BigInt>>, _>(keys)?;
        }
        out.push_sql(") with ordinality as p (sex, nik_digest, ");
        out.push_sql(&COLUMNS.join(", "));
        out.push_sql(", place) cross join lateral (");
        out.push_sql("(select 0 as key, m.area_id, m.id as member_id from members m where m.area_id = any (");
        out.push_bind_param::<Array<Integer>, _>(&self.area_ids)?;
        out.push_sql(") and m.nik_digest = p.nik_digest limit ");
        out.push_sql(&most);
        out.push_sql(
            ") union all (select 1, m.area_id, m.id from card_claims c \
             join beneficiaries b on b.area_id = c.area_id and b.id = c.beneficiary_id \
             join memberships t on t.area_id = b.area_id and t.beneficiary_id = b.id and t.ended_on is null \
             join members m on m.area_id = t.area_id and m.id = t.member_id where c.area_id = any (",
        );
        out.push_bind_param::<Array<Integer>, _>(&self.area_ids)?;
        out.push_sql(") and b.status = 'live' and m.sex = p.sex and c.card_digest = ");
        out.push_bind_param::<Nullable<Bytea>, _>(&self.card_digest)?;
        out.push_sql(" limit ");
        out.push_sql(&most);
        out.push_sql(")");
        for (place, (_, column, probe)) in WAYS.iter().enumerate() {
            out.push_sql(&format!(
                " union all (select {}, k.area_id, k.member_id from member_keys k where k.area_id = any (",
                place + 2
            ));
            out.push_bind_param::<Array<Integer>, _>(&self.area_ids)?;
            out.push_sql(&format!(") and k.{column} = p.{probe} limit "));
            out.push_sql(&most);
            out.push_sql(")");
        }
        out.push_sql(") as found");
        Ok(())
    }
}

/// Finds the members that share keys with the persons of a card.
pub(super) async fn sharing(mut conn: &Conn, probes: Probes) -> Result<Vec<Hit>> {
    Ok(probes.load(&mut conn).await?)
}

/// Members by their ids.
#[derive(Debug, QueryId)]
struct ByIds {
    area_ids: Vec<i32>,
    member_ids: Vec<MemberId>,
    scope: Vec<i32>,
}

impl Query for ByIds {
    type SqlType = (
        Integer,
        SqlUuid,
        SqlUuid,
        Nullable<Bytea>,
        Bytea,
        Text,
        Text,
        Nullable<Text>,
        Nullable<Date>,
        Nullable<Text>,
        Text,
        Text,
        Nullable<Text>,
        Nullable<Text>,
    );
}

impl QueryFragment<Pg> for ByIds {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "select m.area_id, m.id, b.id, m.nik_sealed, b.card_sealed, m.name, m.sex, m.birth_place, m.born_on, \
             m.mother_name, t.relationship, b.village_code, b.address, b.phone from unnest(",
        );
        out.push_bind_param::<Array<Integer>, _>(&self.area_ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.member_ids)?;
        out.push_sql(
            ") as w (area_id, id) \
             join members m on m.area_id = w.area_id and m.id = w.id \
             join memberships t on t.area_id = m.area_id and t.member_id = m.id and t.ended_on is null \
             join beneficiaries b on b.area_id = t.area_id and b.id = t.beneficiary_id and b.status = 'live' \
             where w.area_id = any (",
        );
        out.push_bind_param::<Array<Integer>, _>(&self.scope)?;
        out.push_sql(")");
        Ok(())
    }
}

/// Live members, with all that is compared.
pub(super) async fn known(mut conn: &Conn, scope: &Scope, of: &[(i32, MemberId)]) -> Result<Vec<Known>> {
    let (area_ids, member_ids) = of.iter().copied().unzip();
    Ok(ByIds { area_ids, member_ids, scope: scope.area_ids.clone() }.load(&mut conn).await?)
}
