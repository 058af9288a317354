//! What is compared and how, from a file: one for each schema of records.

use std::path::Path;

use serde::Deserialize;

/// The layout of FEBRL's records.
const FEBRL: &str = include_str!("../../../examples/dedup/febrl.toml");
/// The layout of a register of Indonesian families.
const INDONESIA: &str = include_str!("../../../examples/dedup/indonesia.toml");

/// The layout of the registry itself.
const REGISTRY: &str = include_str!("../../../examples/dedup/registry.toml");

/// How one schema of records is read, compared and decided on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// The columns that are not compared.
    pub input: Input,
    /// The columns that are.
    pub field: Vec<Field>,
    /// Fields that are at times written in one another's place.
    #[serde(default)]
    pub crossed: Vec<[String; 2]>,
    /// What two records must share for them to be compared; more than one way.
    pub key: Vec<Key>,
    /// Where the lines are drawn.
    #[serde(default)]
    pub decision: Decision,
}

/// The columns that identify and group records.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Identifies a record; nothing else is read from it.
    pub id: String,
    /// Groups the records of one household as registered at once.
    pub card: Option<String>,
    /// The field that says what a person is in the household.
    pub role: Option<String>,
    /// What it says of the head.
    pub head: Option<String>,
}

/// One thing that is compared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Names it in keys and results.
    pub name: String,
    /// The column of the file; that of the name where absent.
    pub column: Option<String>,
    /// How it is read and compared.
    pub kind: Kind,
    /// Whether all of a household share it, so that it tells none of them apart.
    #[serde(default)]
    pub household: bool,
    /// The date that a national number repeats.
    pub born: Option<String>,
}

impl Field {
    /// The column it is read from.
    #[must_use]
    pub fn column(&self) -> &str {
        self.column.as_deref().unwrap_or(&self.name)
    }
}

/// How a field is read and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person's full name, as Indonesian names are written.
    Name,
    /// Words, compared letter by letter.
    Text,
    /// A value that is the same or not.
    Code,
    /// The name of a place or a street, as Indonesian ones are written.
    Place,
    /// A date, its digits in the order year, month, day.
    Date,
    /// A number that identifies, compared digit by digit.
    Number,
    /// The national identity number: area, birth date, serial.
    NationalNumber,
    /// A telephone number.
    Phone,
}

/// Fields that two records must share, each as it is or as a part of it: `field` or `field:part`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The parts, all of which must be there.
    pub parts: Vec<String>,
}

/// Where the lines are drawn; bits are the binary logarithm of the odds that two records are one person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decision {
    /// From here two records are taken for one person.
    pub link_bits: f32,
    /// From here they are worth a look.
    pub look_bits: f32,
    /// From here they are, where their households are one by other members.
    pub context_bits: f32,
    /// Below, no household makes two records one person.
    pub context_floor: f32,
    /// From here the groups of two records join on average.
    pub join_bits: f32,
    /// The most records that one key may bring together.
    pub block_limit: usize,
}

impl Default for Decision {
    fn default() -> Self {
        Self {
            link_bits: 0.0,
            look_bits: -6.0,
            context_bits: 2.0,
            context_floor: -8.0,
            join_bits: -4.0,
            block_limit: 60,
        }
    }
}

/// Why a configuration is refused.
#[derive(Debug)]
pub struct ConfigFault(String);

impl std::fmt::Display for ConfigFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ConfigFault {}

impl ConfigFault {
    /// Says what is wrong.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl Schema {
    /// Reads a configuration: a file, or one of those built in by its name.
    ///
    /// # Errors
    /// Where it cannot be read, or names what there is not.
    pub fn load(path: &Path) -> Result<Self, ConfigFault> {
        let built_in = match path.to_str() {
            Some("febrl.toml") => Some(FEBRL),
            Some("indonesia.toml") => Some(INDONESIA),
            Some("registry.toml") => Some(REGISTRY),
            _ => None,
        };
        let told = |error: &dyn std::fmt::Display| ConfigFault(format!("{}: {error}", path.display()));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|error| told(&error)),
            Err(error) => built_in.map_or_else(|| Err(told(&error)), Self::parse),
        }
    }

    /// The built-in configuration of Indonesian family registers.
    ///
    /// # Errors
    /// Never, unless the binary was built of another file.
    pub fn indonesia() -> Result<Self, ConfigFault> {
        Self::parse(INDONESIA)
    }

    /// The built-in configuration of the registry's own persons.
    ///
    /// # Errors
    /// Never, unless the binary was built of another file.
    pub fn registry() -> Result<Self, ConfigFault> {
        Self::parse(REGISTRY)
    }

    /// Reads a configuration from its text.
    ///
    /// # Errors
    /// Where it is not one.
    pub fn parse(text: &str) -> Result<Self, ConfigFault> {
        toml::from_str(text).map_err(|error| ConfigFault(error.to_string()))
    }

    /// The place of a field among the fields.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub fn place(&self, name: &str) -> Result<usize, ConfigFault> {
        let found = self.field.iter().position(|field| field.name == name);
        found.ok_or_else(|| ConfigFault(format!("no field is named {name}")))
    }
}
