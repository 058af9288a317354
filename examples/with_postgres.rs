//! Runs a command beside a throw-away Postgres that all its processes share.
//!
//! `cargo run --example with_postgres -- cargo nextest run`: nextest gives every test a process,
//! and a server for each would cost a second each. The command finds the server's addresses in
//! `SINERGI_TEST_OWNER_URL` and `SINERGI_TEST_SERVICE_URL`.
#![expect(clippy::disallowed_methods, reason = "a tool of development has no settings of its own")]

use std::error::Error;
use std::process::{Command, ExitCode};

use sinergi::db::embedded::{DATABASE, Role, Throwaway};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut words = std::env::args_os().skip(1);
    let program = words.next().ok_or("usage: with_postgres COMMAND [ARGUMENT]…")?;
    let bin_dir = std::env::var_os("PG_BIN_DIR").map(Into::into);
    let search_path = std::env::var_os("PATH").unwrap_or_default();
    let throwaway = Throwaway::start(&std::env::temp_dir(), bin_dir, search_path)?;
    let server = throwaway.server();
    let status = Command::new(program)
        .args(words)
        .env("SINERGI_TEST_OWNER_URL", server.connection_string(Role::Owner, DATABASE))
        .env("SINERGI_TEST_SERVICE_URL", server.connection_string(Role::Service, DATABASE))
        .status()?;
    drop(throwaway);
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
