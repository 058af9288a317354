//! What one sandbox family is: data only. All of it is invented.

use chrono::NaiveDate;
use uuid::Uuid;

/// Sex as the family card records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Laki-laki.
    Male,
    /// Perempuan.
    Female,
}

/// What a member is to the head of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kin {
    /// Kepala keluarga; exactly one in a family.
    Head,
    /// Suami or istri.
    Spouse,
    /// Anak.
    Child,
    /// Orang tua of the head.
    Parent,
    /// Cucu.
    Grandchild,
}

/// Work a person does, in the words of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Work {
    /// Works its own oil palm, a few hectares.
    OilPalmSmallholder,
    /// Day or monthly labour for a plantation company.
    PlantationLabourer,
    /// Fishes the river and the lakes.
    Fisher,
    /// Field rice, vegetables, rubber.
    Farmer,
    /// Shop or market stall.
    Trader,
    /// Ferry and freight by boat.
    BoatOperator,
    /// Carpenter, welder, weaver, tailor.
    Craftsperson,
    /// Lorry or motorcycle driver.
    Driver,
    /// Odd jobs by the day.
    DayLabourer,
    /// Teacher, nurse, village staff.
    PublicServant,
    /// Keeps the house.
    Homemaker,
    /// Out of work, or too old for it.
    None,
    /// At school, or too young for work.
    Child,
}

/// School a member goes to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum School {
    /// SD, six years.
    Primary,
    /// SMP, three years.
    Junior,
    /// SMA or SMK, three years.
    Senior,
}

/// A disability as recorded by the village desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disability {
    /// Gets by with some help.
    Moderate,
    /// Depends on others: the severe case of the family programme.
    Severe,
}

/// One member of a sandbox family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `UUIDv7` made from the seed.
    pub id: Uuid,
    /// Name put together from syllables.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Day of birth, before the sandbox's date.
    pub born_on: NaiveDate,
    /// Regency of birth.
    pub birth_place: &'static str,
    /// What the person is to the head.
    pub kin: Kin,
    /// 16 digits of the reserved serial range, or none yet.
    pub nik: Option<String>,
    /// Work; `Work::Child` for the young.
    pub work: Work,
    /// School, for those who go.
    pub school: Option<School>,
    /// Expecting a child.
    pub is_pregnant: bool,
    /// Disability, if any.
    pub disability: Option<Disability>,
}

impl Person {
    /// Whole years on a day; 0 before birth.
    #[must_use]
    pub fn age_on(&self, day: NaiveDate) -> u32 {
        day.years_since(self.born_on).unwrap_or_default()
    }
}

/// What a family lacks to earn its own living, or asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Want {
    /// Two-wheel tractor, shared by neighbours or owned.
    HandTractor,
    /// A seat in a skills course.
    TrainingSeat,
    /// Nets and a boat engine.
    FishingGear,
    /// Sewing machine.
    SewingMachine,
    /// Seedlings and tools for small oil palm.
    PalmTools,
    /// Sewing machine and the course.
    SewingPackage,
    /// Tools, seedlings and the course for small oil palm.
    OilPalmPackage,
}

/// One family on one family card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// `UUIDv7` made from the seed; rises with the order of the families.
    pub id: Uuid,
    /// Village, as its place in the plan's list.
    pub village: usize,
    /// 16 digits of the reserved serial range.
    pub card_number: String,
    /// Day the card was recorded, as its number says.
    pub card_issued_on: NaiveDate,
    /// Street or river bank, with the neighbourhood (RT).
    pub address: String,
    /// Number of a block no operator has, or none.
    pub phone: Option<String>,
    /// Welfare decile of the latest period, 1 poorest.
    pub decile: u8,
    /// Decile of the period before.
    pub earlier_decile: u8,
    /// What the family lacks, each kind once.
    pub wants: Vec<Want>,
    /// Members, the head first; never empty.
    pub members: Vec<Person>,
}
