//! Statements over persons of a file who may be known already.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bytea, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::super::model::{DuplicateFilter, DuplicateRow, NewDuplicate, PossibleDuplicates};
use super::merge::run;
use crate::beneficiaries::model::{Relationship, Sex};
use crate::db::{Conn, Counted, Way};
use crate::domain::{BeneficiaryId, ImportId, MemberId, Scope, VillageCode};
use crate::error::Result;
use crate::http::{ByRow, Limit, Whole};
use crate::schema::{import_duplicates, imports};

/// A person of the file who would be new.
#[derive(Debug, QueryableByName)]
pub(in crate::beneficiaries::imports) struct Newcomer {
    #[diesel(sql_type = Integer)]
    pub(in crate::beneficiaries::imports) line: i32,
    /// Whom the NIK is sealed for.
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::beneficiaries::imports) member_id: MemberId,
    /// What the card number is sealed for.
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::beneficiaries::imports) family_id: BeneficiaryId,
    /// The family that the person would be of: a known one, or the new one of the card.
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::beneficiaries::imports) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub(in crate::beneficiaries::imports) nik_sealed: Option<Vec<u8>>,
    #[diesel(sql_type = Bytea)]
    pub(in crate::beneficiaries::imports) card_sealed: Vec<u8>,
    #[diesel(sql_type = Text)]
    pub(in crate::beneficiaries::imports) name: String,
    #[diesel(sql_type = Text)]
    pub(in crate::beneficiaries::imports) sex: Sex,
    #[diesel(sql_type = Nullable<Text>)]
    pub(in crate::beneficiaries::imports) birth_place: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub(in crate::beneficiaries::imports) born_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(in crate::beneficiaries::imports) mother_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub(in crate::beneficiaries::imports) relationship: Relationship,
    #[diesel(sql_type = Text)]
    pub(in crate::beneficiaries::imports) village_code: VillageCode,
    #[diesel(sql_type = Nullable<Text>)]
    pub(in crate::beneficiaries::imports) address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(in crate::beneficiaries::imports) phone: Option<String>,
}

/// Counts the persons of the file who would be new.
pub(in crate::beneficiaries::imports) async fn count_newcomers(conn: &mut Conn) -> Result<i64> {
    let counted = diesel::sql_query("select count(*) as total from person where known_id is null");
    Ok(counted.get_result::<Counted>(conn).await?.total)
}

/// Counts the live members of an area.
pub(in crate::beneficiaries::imports) async fn count_members(conn: &mut Conn, area_id: i32) -> Result<i64> {
    let counted = diesel::sql_query(
        "select coalesce(sum(member_count), 0)::bigint as total from beneficiaries where area_id = $1 and status = 'live'",
    );
    Ok(counted.bind::<Integer, _>(area_id).get_result::<Counted>(conn).await?.total)
}

/// Finds the persons of the file who would be new.
pub(in crate::beneficiaries::imports) async fn find_newcomers(conn: &mut Conn) -> Result<()> {
    run(conn, include_str!("find_newcomers.sql")).await
}

/// Some thousand of those, after a line of the file.
pub(in crate::beneficiaries::imports) async fn newcomers(conn: &mut Conn, after_line: i32) -> Result<Vec<Newcomer>> {
    let rows = diesel::sql_query("select * from newcomer where line > $1 order by line limit 5000")
        .bind::<Integer, _>(after_line)
        .load(conn)
        .await?;
    Ok(rows)
}

/// Adds candidates of an import.
pub(in crate::beneficiaries::imports) async fn insert(mut conn: &Conn, rows: &[NewDuplicate]) -> Result<()> {
    diesel::insert_into(import_duplicates::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// Says on the import what looking for its new persons came to.
pub(in crate::beneficiaries::imports) async fn tell(
    mut conn: &Conn,
    (area_id, id): (i32, ImportId),
    told: &PossibleDuplicates,
) -> Result<()> {
    diesel::update(imports::table.find((area_id, id)))
        .set(imports::possible_duplicates.eq(told.kept()))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Forgets the candidates of an import; the counts stay with it.
pub(in crate::beneficiaries::imports) async fn forget(mut conn: &Conn, area_id: i32, id: ImportId) -> Result<()> {
    let of_import = import_duplicates::table
        .filter(import_duplicates::area_id.eq(area_id))
        .filter(import_duplicates::import_id.eq(id));
    diesel::delete(of_import).execute(&mut conn).await?;
    Ok(())
}

/// Counts the candidates of an import that a filter leaves.
pub(in crate::beneficiaries::imports) async fn count(
    mut conn: &Conn,
    scope: &Scope,
    id: ImportId,
    filter: &DuplicateFilter,
) -> Result<i64> {
    let statement = format!("select count(*) as total from import_duplicates as d where {FILTERED}");
    let counted = diesel::sql_query(statement)
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<Text>, _>(filter.finding)
        .bind::<Nullable<BigInt>, _>(filter.row.map(Whole::get));
    Ok(counted.get_result::<Counted>(&mut conn).await?.total)
}

/// Candidates of an import that a filter leaves. A pair of rows is found by either.
const FILTERED: &str = "d.area_id = any ($1) and d.import_id = $2 and ($3 is null or d.finding = $3)
    and ($4 is null or $4 in (d.row_number, d.other_row_number))";

/// Lists the candidates of an import row by row, after a place, members as they are recorded now.
pub(in crate::beneficiaries::imports) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    id: ImportId,
    filter: &DuplicateFilter,
    (limit, after): (Limit, Option<(i32, i32)>),
) -> Result<Vec<DuplicateRow>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByRow::Down));
    let statement = format!(
        "select d.row_number, d.candidate_number, d.other_row_number, d.member_id, d.beneficiary_id, d.finding,
            d.centibits, d.fields, m.name, m.sex, m.born_on, b.village_code
        from import_duplicates as d
        left join members as m on m.area_id = d.area_id and m.id = d.member_id
        left join memberships as t on t.area_id = d.area_id and t.member_id = d.member_id and t.ended_on is null
        left join beneficiaries as b on b.area_id = d.area_id and b.id = t.beneficiary_id
        where {FILTERED} and ($5 is null or (d.row_number, d.candidate_number) {beyond} ($5, $6))
        order by d.row_number {order}, d.candidate_number {order} limit $7"
    );
    let rows = diesel::sql_query(statement)
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<Text>, _>(filter.finding)
        .bind::<Nullable<BigInt>, _>(filter.row.map(Whole::get))
        .bind::<Nullable<Integer>, _>(after.map(|(row, _)| row))
        .bind::<Nullable<Integer>, _>(after.map(|(_, number)| number))
        .bind::<BigInt, _>(limit.rows_to_fetch())
        .load(&mut conn)
        .await?;
    Ok(rows)
}
