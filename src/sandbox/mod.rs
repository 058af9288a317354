//! The sandbox: believable families that do not exist, for trying the service.
//!
//! Everything here is invented: names are put together from syllables, NIK and family card numbers
//! use serials from 9000 on, which no civil registry reaches, and telephone numbers use a block no
//! operator has. The same seed gives the same families, byte for byte.

mod clients;
mod draw;
mod families;
mod family;
mod household;
pub mod known;
mod load;
mod names;
mod numbers;
mod people;
mod places;
mod queries;

pub use clients::{CLIENTS_FILE, SandboxClient, make_clients, read_clients};
pub use families::Families;
pub use family::{Disability, Family, Kin, Person, School, Sex, Want, Work};
pub use load::{Filled, Filling, fill};
pub use numbers::RESERVED_SERIAL_FROM;
pub use places::{Plan, Village, kembang_janggut};
pub use queries::is_there;
