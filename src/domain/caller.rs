//! Who acts, and on which rows it may act.

use uuid::Uuid;

use super::CompanyId;

/// Rows a caller may see: those of its sub-districts and, for a company, its own pledges.
///
/// Every query of a request takes one; there is no way to ask for "all areas".
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Surrogate ids of the sub-districts, ascending.
    pub area_ids: Vec<i32>,
    /// The company, where the caller acts for one.
    pub company_id: Option<CompanyId>,
}

impl Scope {
    /// True where rows of the area may be seen.
    #[must_use]
    pub fn has_area(&self, area_id: i32) -> bool {
        self.area_ids.contains(&area_id)
    }

    /// The one area of a caller that is bound to one; `None` where it has several.
    #[must_use]
    pub fn only_area(&self) -> Option<i32> {
        match self.area_ids.as_slice() {
            [area_id] => Some(*area_id),
            _ => None,
        }
    }

    /// The areas as the database setting writes them: `1,2,3`.
    #[must_use]
    pub fn setting(&self) -> String {
        let areas: Vec<String> = self.area_ids.iter().map(ToString::to_string).collect();
        areas.join(",")
    }
}

/// A signed-in client, as its access token states it.
#[derive(Debug, Clone)]
pub struct Caller {
    /// OAuth client id.
    pub client_id: String,
    /// Role that the permissions came from.
    pub role: String,
    /// Rows it may see.
    pub scope: Scope,
    /// Id of the request, for logs and audit.
    pub request_id: Uuid,
}

impl Caller {
    /// Who audit rows and histories name for what nobody asked for.
    pub const SERVICE: &'static str = "sinergi";

    /// The service where nobody asked, under a name that no client has.
    #[must_use]
    pub fn service_as(name: &str, scope: Scope) -> Self {
        Self { client_id: name.to_owned(), role: name.to_owned(), scope, request_id: Uuid::now_v7() }
    }

    /// The service itself, at work in one area.
    #[must_use]
    pub fn service(area_id: i32) -> Self {
        Self::service_as(Self::SERVICE, Scope { area_ids: vec![area_id], company_id: None })
    }

    /// A client whose word is carried out in an area after its request.
    #[must_use]
    pub fn on_the_word_of(client_id: String, area_id: i32) -> Self {
        let scope = Scope { area_ids: vec![area_id], company_id: None };
        Self { client_id, role: String::new(), scope, request_id: Uuid::now_v7() }
    }
}
