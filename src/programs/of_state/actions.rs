//! Loading a file of the state's programs, inside one transaction, with audit rows and events as those of officers.

use serde_json::Value;
use uuid::Uuid;

use super::model::{LoadedState, Misfit, Misfits, StateFile, StateOverlapRule, StateProgram};
use super::queries;
use crate::beneficiaries::AttributeSubject;
use crate::db::Conn;
use crate::domain::{Caller, ProgramId, Scope};
use crate::error::{Code, Error, Fault, Result};
use crate::programs::model::{Program, ProgramChanges};
use crate::programs::overlap_rules::{self, NewOverlapRule, OverlapRule};
use crate::programs::{actions, queries as programs, rule_sets, rules};

/// Who loads them, in the audit.
const OPERATOR: &str = "operator";

/// A file on its way into the database.
struct Loading<'a> {
    conn: &'a Conn,
    operator: Caller,
    /// Attributes that the rules may name, each with whether it is for members.
    schemas: Vec<(bool, Value)>,
    misfits: Vec<Misfit>,
    loaded: LoadedState,
}

/// Loads a file: what is not there is added, what is there must be as the file tells it. `conn` is of the owner's role and
/// in a transaction, which has to be undone where this fails.
///
/// # Errors
/// An internal error with [`Misfits`], all of them.
pub async fn load_state(conn: &Conn, file: &StateFile) -> Result<LoadedState> {
    queries::hold(conn).await?;
    let schemas = file.attribute_schemas.iter();
    let mut loading = Loading {
        conn,
        operator: operator(),
        schemas: schemas.map(|one| (one.subject == AttributeSubject::Members, one.definition.clone())).collect(),
        misfits: Vec::new(),
        loaded: LoadedState::default(),
    };
    let mut placed = Vec::new();
    for (at, one) in file.programs.iter().enumerate() {
        placed.push(loading.program(&format!("/programs/{at}/program"), one).await?);
    }
    // Rules may name programs that stand after them.
    for (at, (one, program)) in file.programs.iter().zip(&placed).enumerate() {
        if let Some(program) = program {
            loading.rule_sets(&format!("/programs/{at}/rule_sets"), one, program).await?;
        }
    }
    for (at, one) in file.overlap_rules.iter().enumerate() {
        loading.overlap_rule(&format!("/overlap_rules/{at}"), one).await?;
    }
    if loading.misfits.is_empty() { Ok(loading.loaded) } else { Err(Error::internal(Misfits(loading.misfits))) }
}

fn operator() -> Caller {
    let scope = Scope { area_ids: Vec::new(), company_id: None };
    Caller { client_id: OPERATOR.to_owned(), role: OPERATOR.to_owned(), scope, request_id: Uuid::now_v7() }
}

impl Loading<'_> {
    fn misfit(&mut self, place: impl Into<String>, why: impl Into<String>) {
        self.misfits.push(Misfit::new(place, why));
    }

    fn faults(&mut self, part: &str, faults: &[Fault]) {
        self.misfits.extend(faults.iter().map(|fault| Misfit::of(part, fault)));
    }

    /// The program as it is from now on; nothing where it cannot be.
    async fn program(&mut self, place: &str, one: &StateProgram) -> Result<Option<Program>> {
        let (new, conn) = (&one.program, self.conn);
        let mut faults = rules::faults_of(new);
        faults.extend(new.district_code.as_ref().map(|_| Fault::new("/district_code", Code::UnknownField)));
        if !faults.is_empty() {
            self.faults(place, &faults);
            return Ok(None);
        }
        if let Some(before) = programs::of_state(conn, new.code.as_str()).await? {
            return self.known_program(place, one, before).await.map(Some);
        }
        if programs::is_code_of_area(conn, new.code.as_str()).await? {
            self.misfit(format!("{place}/code"), "a sub-district has a program of this code");
            return Ok(None);
        }
        self.loaded.programs += 1;
        actions::append(conn, &self.operator, None, new).await.map(Some)
    }

    /// Code, kind and unit stay: what is due was written down in them.
    async fn known_program(&mut self, place: &str, one: &StateProgram, before: Program) -> Result<Program> {
        let new = &one.program;
        for (name, is_other) in [("kind", new.kind != before.kind), ("unit", new.unit.as_str() != before.unit)] {
            if is_other {
                self.misfit(format!("{place}/{name}"), "the program is there with another one, and it stays");
            }
        }
        let other = |new: &str, before: &str| new != before;
        let name = Some(&new.name).filter(|name| other(name.as_str(), &before.name)).cloned();
        let description = Some(&new.description).filter(|text| other(text.as_str(), &before.description)).cloned();
        if name.is_none() && description.is_none() {
            return Ok(before);
        }
        self.loaded.renamed += 1;
        let changes = ProgramChanges { name, description };
        actions::revise(self.conn, &self.operator, &before, &changes).await
    }

    /// Adds those that are not there, in the order of the file.
    async fn rule_sets(&mut self, place: &str, one: &StateProgram, program: &Program) -> Result<()> {
        // Whoever draws up a list of the program by its rules has ended, or waits.
        crate::programs::lock(self.conn, &self.operator.scope, program.id).await?;
        for (at, new) in one.rule_sets.iter().enumerate() {
            let place = format!("{place}/{at}");
            let faults = rule_sets::faults_of(self.conn, &self.operator, (program, new), &self.schemas).await?;
            if !faults.is_empty() {
                self.faults(&place, &faults);
                continue;
            }
            let known = rule_sets::all_of(self.conn, program.id).await?;
            let alike: Vec<_> = known.iter().filter(|known| new.stands_for(known)).collect();
            if alike.iter().any(|known| new.differences(known).is_empty()) {
                continue;
            }
            if let Some(known) = alike.first() {
                let (number, names) = (known.number, new.differences(known).join(", "));
                self.misfit(
                    place,
                    format!("rule set {number} has the same legal basis and first day and another {names}"),
                );
                continue;
            }
            self.loaded.rule_sets += 1;
            rule_sets::append(self.conn, &self.operator, program, new).await?;
        }
        Ok(())
    }

    async fn overlap_rule(&mut self, place: &str, one: &StateOverlapRule) -> Result<()> {
        let Some(ids) = self.sides(place, one).await? else { return Ok(()) };
        let (new, conn) = (one.with(ids), self.conn);
        let faults = overlap_rules::faults_of(&new);
        if !faults.is_empty() {
            self.faults(place, &faults);
            return Ok(());
        }
        if let Some(before) = overlap_rules::of_state(conn, one.code.as_str()).await? {
            return self.known_overlap_rule(place, &new, &before).await;
        }
        if overlap_rules::is_code_of_area(conn, one.code.as_str()).await? {
            self.misfit(format!("{place}/code"), "a sub-district has an overlap rule of this code");
            return Ok(());
        }
        self.loaded.overlap_rules += 1;
        overlap_rules::append(conn, &self.operator, None, &new).await?;
        Ok(())
    }

    /// Ids of the programs of both sides; nothing where the state has none of a code.
    async fn sides(&mut self, place: &str, one: &StateOverlapRule) -> Result<Option<[Vec<ProgramId>; 2]>> {
        let (mut ids, mut is_whole) = ([Vec::new(), Vec::new()], true);
        for ((side, codes), ids) in one.sides().into_iter().zip(&mut ids) {
            for (at, code) in codes.iter().enumerate() {
                if let Some(program) = programs::of_state(self.conn, code.as_str()).await? {
                    ids.push(program.id);
                } else {
                    is_whole = false;
                    self.misfit(format!("{place}/{side}/{at}"), "the state has no program of this code");
                }
            }
        }
        Ok(is_whole.then_some(ids))
    }

    /// A rule is only ever ended.
    async fn known_overlap_rule(&mut self, place: &str, new: &NewOverlapRule, before: &OverlapRule) -> Result<()> {
        let sorted = |ids: &[ProgramId]| {
            let mut ids = ids.to_vec();
            ids.sort();
            ids
        };
        let is_same = new.kind == before.kind
            && overlap_rules::most_of(new) == before.most
            && sorted(&new.program_ids) == sorted(&before.program_ids)
            && sorted(&new.excluded_program_ids) == sorted(&before.excluded_program_ids)
            && new.legal_basis.is(&before.legal_basis)
            && new.effective_from == before.effective_from;
        match new.effective_to {
            last if is_same && last == before.effective_to => {}
            Some(last) if is_same && before.effective_to.is_none() => {
                self.loaded.ended += 1;
                overlap_rules::close(self.conn, &self.operator, before, last).await?;
            }
            _ => self.misfit(place, "the overlap rule is there with other terms: it can only get its last day"),
        }
        Ok(())
    }
}
