//! The table of facts: kinds of values, what SQL reads and what people are told.

/// Whose fact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Family,
    Head,
    Member,
}

/// What values a fact can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Whole { least: i64, most: i64 },
    Word(&'static [&'static str]),
    Village,
    District,
}

/// Facts by name, without whose they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Decile,
    Village,
    District,
    MemberCount,
    Verified,
    DaysSinceVisit,
    LeastDuty,
    Age,
    Sex,
    Relationship,
    IsPregnant,
    HasDisability,
    InSchool,
    HasNik,
}

/// One row of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) field: Field,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) unit: Option<&'static str>,
    pub(super) nullable: bool,
    pub(super) source: &'static str,
    /// Expression over `b`, or over `{m}` (members) and `{ms}` (memberships); of ages and days since something the
    /// date they count from; of a period with `{from}` and `{before}` for its days.
    pub(super) sql: &'static str,
    pub(super) en: &'static str,
    pub(super) id: &'static str,
    pub(super) test: &'static str,
}

/// A fact as an expression names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FactRef {
    pub(super) scope: Scope,
    pub(super) entry: &'static Entry,
}

/// Most years a person can be old.
pub(super) const MOST_YEARS: i64 = 150;
/// Most members a rule may count.
pub(super) const MOST_MEMBERS: i64 = 50;
/// Most days since a visit: a hundred years.
pub(super) const MOST_DAYS: i64 = 36_500;
/// Most programs a rule may count.
pub(super) const MOST_PROGRAMS: i64 = 100;
/// Most times that aid may be asked to have come.
pub(super) const MOST_DELIVERIES: i64 = 10_000;
/// Largest whole quantity of aid: one with more digits is none.
pub(super) const MOST_QUANTITY: i64 = 999_999_999_999;
/// Largest number of an attribute: what every JSON reader keeps exactly.
pub(super) const MOST_NUMBER: i64 = 9_007_199_254_740_991;
/// Least and greatest decile.
pub(super) const DECILES: (i64, i64) = (1, 10);

static SEXES: [&str; 2] = ["male", "female"];
static RELATIONSHIPS: [&str; 9] =
    ["head", "spouse", "child", "child_in_law", "grandchild", "parent", "parent_in_law", "other_kin", "other"];

/// Day of the last visit that found the family, in the sub-district's time.
const LAST_VISIT: &str = "(SELECT (max(v.visited_at) AT TIME ZONE 'Asia/Makassar')::date FROM family_visits v \
     WHERE v.area_id = b.area_id AND v.beneficiary_id = b.id AND v.finding IN ('confirmed', 'corrected'))";

/// Duty records `r` of the period that count: no newer version takes their place.
pub(super) const DUTIES_OF_PERIOD: &str = "r.period >= {from} AND r.period < {before} AND NOT EXISTS (\
     SELECT 1 FROM duty_records n WHERE n.area_id = r.area_id AND n.member_id = r.member_id AND n.kind = r.kind \
     AND n.period = r.period AND n.corrects = r.id)";

/// What a month of a duty comes to; a duty is of a person, that of sessions of the family, of whom any may come.
pub(super) const OF_MONTH: &str = "r.kind, CASE WHEN r.kind = 'monthly_session' THEN r.beneficiary_id ELSE r.member_id END \
     AS subject, max(r.due_count) AS due_count, max(r.done_count) AS done_count";
pub(super) const BY_MONTH: &str = "r.kind, subject, r.period";

/// What of a duty was kept, in percent, of its months `k`.
pub(super) const DUTY_KEPT: &str = "sum(k.done_count) * 100 / sum(k.due_count) AS kept";

static FAMILY: [Entry; 7] = [
    Entry {
        field: Field::Decile,
        name: "decile",
        kind: Kind::Whole { least: 1, most: 10 },
        unit: Some("decile"),
        nullable: true,
        source: "latest welfare rank",
        sql: "b.decile",
        en: "Welfare rank of the family, 1 poorest to 10; unknown until a rank has been recorded",
        id: "Peringkat kesejahteraan keluarga, 1 termiskin sampai 10; tidak diketahui sebelum ada pemeringkatan",
        test: "<= 4",
    },
    Entry {
        field: Field::Village,
        name: "village",
        kind: Kind::Village,
        unit: None,
        nullable: false,
        source: "family register",
        sql: "b.village_code",
        en: "Official code of the village (desa or kelurahan) the family lives in",
        id: "Kode resmi desa atau kelurahan tempat keluarga tinggal",
        test: "== \"64.02.10.2004\"",
    },
    Entry {
        field: Field::District,
        name: "district",
        kind: Kind::District,
        unit: None,
        nullable: false,
        source: "family register",
        sql: "left(b.village_code, 8)",
        en: "Official code of the sub-district (kecamatan): the first 8 characters of the village's",
        id: "Kode resmi kecamatan: 8 karakter pertama kode desa",
        test: "== \"64.02.10\"",
    },
    Entry {
        field: Field::MemberCount,
        name: "member_count",
        kind: Kind::Whole { least: 0, most: MOST_MEMBERS },
        unit: Some("persons"),
        nullable: false,
        source: "family register",
        sql: "b.member_count",
        en: "Live members of the family",
        id: "Jumlah anggota keluarga yang masih tercatat",
        test: ">= 3",
    },
    Entry {
        field: Field::Verified,
        name: "verified",
        kind: Kind::Boolean,
        unit: None,
        nullable: false,
        source: "verification by an officer",
        sql: "b.verified_at IS NOT NULL",
        en: "An officer has confirmed the family",
        id: "Keluarga sudah diverifikasi petugas",
        test: "",
    },
    Entry {
        field: Field::DaysSinceVisit,
        name: "days_since_visit",
        kind: Kind::Whole { least: 0, most: MOST_DAYS },
        unit: Some("days"),
        nullable: true,
        source: "visits",
        sql: LAST_VISIT,
        en: "Days from the last visit that found the family as recorded or corrected it; unknown where there was none",
        id: "Hari sejak kunjungan terakhir yang membenarkan atau memperbaiki data; tidak diketahui bila belum ada",
        test: ">= 180",
    },
    Entry {
        field: Field::LeastDuty,
        name: "least_duty_percent",
        kind: Kind::Whole { least: 0, most: 100 },
        unit: Some("percent"),
        nullable: true,
        source: "duty records",
        // Two tables cannot stand in one row of the catalogue: the compiler writes it.
        sql: "",
        en: "Least that was kept of any duty in the last finished quarter, as recorded for the family; unknown where nothing was",
        id: "Pemenuhan kewajiban terendah pada triwulan terakhir yang sudah selesai; tidak diketahui bila tidak tercatat",
        test: ">= 85",
    },
];

static PERSON: [Entry; 7] = [
    Entry {
        field: Field::Age,
        name: "age",
        kind: Kind::Whole { least: 0, most: MOST_YEARS },
        unit: Some("years"),
        nullable: true,
        source: "member register",
        sql: "{m}.born_on",
        en: "Completed years at the reference date; unknown without a birth date",
        id: "Usia dalam tahun penuh pada tanggal acuan; tidak diketahui tanpa tanggal lahir",
        test: "< 6",
    },
    Entry {
        field: Field::Sex,
        name: "sex",
        kind: Kind::Word(&SEXES),
        unit: None,
        nullable: false,
        source: "member register",
        sql: "{m}.sex",
        en: "Sex of the person",
        id: "Jenis kelamin",
        test: "== \"female\"",
    },
    Entry {
        field: Field::Relationship,
        name: "relationship",
        kind: Kind::Word(&RELATIONSHIPS),
        unit: None,
        nullable: false,
        source: "member register",
        sql: "{ms}.relationship",
        en: "Relationship to the head of the family",
        id: "Hubungan dengan kepala keluarga",
        test: "== \"child\"",
    },
    Entry {
        field: Field::IsPregnant,
        name: "is_pregnant",
        kind: Kind::Boolean,
        unit: None,
        nullable: false,
        source: "member register",
        sql: "{m}.is_pregnant",
        en: "The person is recorded as pregnant",
        id: "Tercatat sedang hamil",
        test: "",
    },
    Entry {
        field: Field::HasDisability,
        name: "has_disability",
        kind: Kind::Boolean,
        unit: None,
        nullable: false,
        source: "member register",
        sql: "{m}.has_disability",
        en: "The person is recorded as having a disability",
        id: "Tercatat sebagai penyandang disabilitas",
        test: "",
    },
    Entry {
        field: Field::InSchool,
        name: "in_school",
        kind: Kind::Boolean,
        unit: None,
        nullable: false,
        source: "member register",
        sql: "{m}.in_school",
        en: "The person is recorded as going to school",
        id: "Tercatat bersekolah",
        test: "",
    },
    Entry {
        field: Field::HasNik,
        name: "has_nik",
        kind: Kind::Boolean,
        unit: None,
        nullable: false,
        source: "member register",
        sql: "{m}.nik_digest IS NOT NULL",
        en: "The person has a national identity number on record",
        id: "NIK sudah tercatat",
        test: "",
    },
];

impl Scope {
    /// Facts that may stand after the dot.
    pub(super) fn entries(self) -> &'static [Entry] {
        match self {
            Self::Family => &FAMILY,
            Self::Head | Self::Member => &PERSON,
        }
    }

    /// What stands before the dot; `variable` is the name of the member in scope.
    pub(super) fn owner(self, variable: &str) -> &str {
        match self {
            Self::Family => "family",
            Self::Head => "head",
            Self::Member => variable,
        }
    }

    /// The fact of that name, if there is one.
    pub(super) fn find(self, name: &str) -> Option<FactRef> {
        let entry = self.entries().iter().find(|entry| entry.name == name)?;
        Some(FactRef { scope: self, entry })
    }
}

impl FactRef {
    /// How the source writes it; `variable` is the name of the member in scope.
    pub(super) fn text(self, variable: &str) -> String {
        format!("{}.{}", self.scope.owner(variable), self.entry.name)
    }

    /// The value may be unknown: by itself, or because the family has no head.
    pub(super) fn is_nullable(self) -> bool {
        self.entry.nullable || self.scope == Scope::Head
    }
}

impl Kind {
    /// What a text must look like, said to someone who wrote another one; nothing where it fits.
    pub(super) fn refuses(self, text: &str) -> Option<String> {
        match self {
            Self::Word(words) if !words.contains(&text) => Some(format!("write one of {}", words.join(", "))),
            Self::Village if !has_form(text, "00.00.00.0000") => {
                Some("write a village code such as 64.02.10.2004".into())
            }
            Self::District if !has_form(text, "00.00.00") => Some("write a district code such as 64.02.10".into()),
            _ => None,
        }
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Word(_) | Self::Village | Self::District)
    }
}

/// The text has the length of `form`, digits where it has zeros and the same characters elsewhere.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.chars().zip(form.chars()).all(|(c, f)| if f == '0' { c.is_ascii_digit() } else { c == f })
}
