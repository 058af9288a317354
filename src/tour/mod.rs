//! The tour: plays the main story through HTTP as the several clients, and tells each step.
//!
//! Nothing here looks into the database: what the tour shows, any client can see.

mod events;
mod families;
mod player;
mod pledge;
mod rice;
mod suspension;
mod teller;

use std::io::Write;

use crate::sandbox::SandboxClient;

pub use player::Untrue;
use player::{Player, Told};

const KECAMATAN: &str = "sandbox-kecamatan";
const SECOND_OFFICER: &str = "sandbox-second-officer";
const PUSKESOS: &str = "sandbox-puskesos";
const VILLAGE: &str = "sandbox-village";
const COMPANY: &str = "sandbox-company";
const AUDITOR: &str = "sandbox-auditor";

/// Digest of a signed photo that the village keeps.
const PROOF: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// Plays the whole story against a service with a fresh sandbox.
///
/// # Errors
/// At the first answer that is not as told.
pub async fn play(url: &str, clients: &[SandboxClient], out: impl Write) -> Told {
    let mut player = Player::sign_in(url, clients, out).await?;
    player.teller.shows("All families, people, numbers and companies of this tour are synthetic.")?;
    let began_after = events::position(&mut player).await?;
    families::import(&mut player).await?;
    families::register(&mut player).await?;
    let rice = rice::define(&mut player).await?;
    rice::deliver(&mut player, &rice).await?;
    suspension::suspend(&mut player).await?;
    pledge::keep(&mut player).await?;
    events::replay(&mut player, &began_after).await?;
    player.teller.chapter("Everything was as told")?;
    Ok(())
}
