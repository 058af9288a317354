//! Laying out a new cluster: `initdb`, its settings, its roles and its database.

use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::account::{Account, without_setpriv};
use super::binaries::Binaries;
use super::roles::{Passwords, Role};
use super::{DATABASE, Durability, StartError};

/// Who may log in: our roles by password; the server's own account and root as superuser, for
/// repairs. Nobody else, and nobody over the network.
const HOST_RULES: &str = "\
local all postgres peer map=superuser
local all all scram-sha-256
";

/// Initialises `cluster` and writes the roles' passwords to `passwords_file`.
///
/// The work is done in a folder beside it that gets the name at the very end, so a start that
/// was cut off leaves nothing that looks like a cluster.
pub(super) fn initialise(
    cluster: &Path,
    passwords_file: &Path,
    server: (&Binaries, &Account),
    durability: Durability,
) -> Result<(), StartError> {
    let (binaries, account) = server;
    let unfinished = cluster.with_extension("new");
    make_empty(&unfinished, account)?;
    account.must_reach(&unfinished)?;
    run_initdb(&unfinished, binaries, account, durability)?;
    let compression = wal_compression(&unfinished, binaries, account);
    write_settings(&unfinished, account, compression, durability)?;
    let passwords = Passwords::random();
    passwords.write(passwords_file)?;
    run_single_user(&unfinished, binaries, account, &first_statements(&passwords, durability))?;
    fs::rename(&unfinished, cluster).map_err(StartError::io("cannot rename", &unfinished))?;
    // The new name must be on the disk before the first commit is.
    let folder = cluster.parent().unwrap_or(cluster);
    File::open(folder).and_then(|opened| opened.sync_all()).map_err(StartError::io("cannot sync", folder))
}

/// Makes an empty folder for the account, in place of what a cut-off start left.
fn make_empty(folder: &Path, account: &Account) -> Result<(), StartError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(StartError::io("cannot remove", folder)(error));
        }
        _ => {}
    }
    DirBuilder::new().mode(0o700).create(folder).map_err(StartError::io("cannot make the folder", folder))?;
    account.give(folder)
}

/// Runs `initdb` with one sort order on all machines.
fn run_initdb(folder: &Path, binaries: &Binaries, account: &Account, durability: Durability) -> Result<(), StartError> {
    let mut command = account.command(&binaries.program("initdb"), "TERM");
    command.args(["--username=postgres", "--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]);
    command.args(["--auth=peer", "--no-instructions", "--text-search-config=simple"]);
    match durability {
        Durability::Full => command.arg("--data-checksums"),
        Durability::Throwaway => command.arg("--no-sync"),
    };
    run(command.arg("--pgdata").arg(folder), "initdb", "")
}

/// How pages are compressed on their way to the log: lz4 where this build of the server has it.
///
/// Every registration touches a dozen pages of indexes; with the server's own way of compressing them, that took a
/// quarter of all its time.
fn wal_compression(folder: &Path, binaries: &Binaries, account: &Account) -> &'static str {
    let mut ask = account.command(&binaries.program("postgres"), "TERM");
    ask.arg("-D").arg(folder).args(["-c", "wal_compression=lz4", "-C", "wal_compression"]);
    if run(&mut ask, "postgres -C", "").is_ok() { "lz4" } else { "on" }
}

/// Replaces the settings that `initdb` wrote.
///
/// The files exist and belong to the account, so writing into them keeps their owner.
fn write_settings(
    folder: &Path,
    account: &Account,
    compression: &str,
    durability: Durability,
) -> Result<(), StartError> {
    let users = format!("superuser \"{}\" postgres\nsuperuser root postgres\n", account.name());
    let total = total_memory_mb(&fs::read_to_string("/proc/meminfo").unwrap_or_default());
    let tried = fs::read_to_string(folder.join("postgresql.conf")).unwrap_or_default();
    let settings = server_settings(total, compression, durability) + &shared_memory_line(&tried);
    for (name, text) in
        [("pg_hba.conf", HOST_RULES.to_owned()), ("pg_ident.conf", users), ("postgresql.conf", settings)]
    {
        let file = folder.join(name);
        fs::write(&file, text).map_err(StartError::io("cannot write", &file))?;
    }
    Ok(())
}

/// The server's settings; an operator may change them in `postgresql.conf`.
fn server_settings(total_memory_mb: u64, compression: &str, durability: Durability) -> String {
    let (buffers, safety) = match durability {
        Durability::Full => ((total_memory_mb / 8).clamp(64, 1024), ""),
        Durability::Throwaway => (
            64,
            "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n\
             wal_level = minimal\nmax_wal_senders = 0\nautovacuum = off\n",
        ),
    };
    let cache = (total_memory_mb / 2).max(128);
    format!(
        "\
# Written once, when this cluster was made. Where it listens is told at each start.
shared_buffers = {buffers}MB
effective_cache_size = {cache}MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 1GB
checkpoint_timeout = 15min
wal_compression = {compression}
random_page_cost = 1.1
jit = off
datestyle = 'iso, ymd'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.simple'
# A failed statement may hold a person's data: only what concerns the server is told.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_checkpoints = off
log_line_prefix = ''
{safety}"
    )
}

/// The kind of shared memory that `initdb` found to work here, as it wrote it down.
fn shared_memory_line(tried: &str) -> String {
    let line = tried.lines().find(|line| line.starts_with("dynamic_shared_memory_type"));
    line.and_then(|line| line.split('#').next()).map_or_else(String::new, |line| format!("{}\n", line.trim_end()))
}

/// Reads `MemTotal` out of the text of `/proc/meminfo`; 1 GB where it cannot be read.
fn total_memory_mb(meminfo: &str) -> u64 {
    meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok())
        .map_or(1024, |kilobytes: u64| kilobytes / 1024)
}

/// The statements that make the roles and the database.
fn first_statements(passwords: &Passwords, durability: Durability) -> String {
    // Tests make a database each; a real service owns one. Migrations grant the service's role to
    // whoever runs them, so that any owner can act as the service; ours may do so.
    let databases = match durability {
        Durability::Full => "NOCREATEDB",
        Durability::Throwaway => "CREATEDB",
    };
    let owner = Role::Owner.name();
    let service = Role::Service.name();
    format!(
        "CREATE ROLE {owner} LOGIN {databases} PASSWORD '{}'\n\
         CREATE ROLE {service} LOGIN PASSWORD '{}'\n\
         GRANT {service} TO {owner} WITH ADMIN OPTION\n\
         CREATE DATABASE {DATABASE} OWNER {owner}\n\
         REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC\n\
         GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {service}\n",
        passwords.of(Role::Owner),
        passwords.of(Role::Service),
    )
}

/// Runs statements, one a line, before anybody can connect: no superuser login is needed.
fn run_single_user(folder: &Path, binaries: &Binaries, account: &Account, statements: &str) -> Result<(), StartError> {
    let mut command = account.command(&binaries.program("postgres"), "TERM");
    command.arg("--single").arg("-D").arg(folder);
    command.args(["-c", "exit_on_error=true", "postgres"]);
    run(&mut command, "postgres --single", statements)
}

/// Runs a program to its end, hands it `input` and keeps its output for the error.
fn run(command: &mut Command, name: &str, input: &str) -> Result<(), StartError> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(without_setpriv)?;
    if let Some(mut pipe) = child.stdin.take() {
        // A program that stopped early tells why itself.
        let _ = pipe.write_all(input.as_bytes());
    }
    let output = child
        .wait_with_output()
        .map_err(|source| StartError::Io { doing: format!("cannot wait for {name}"), source })?;
    if output.status.success() {
        return Ok(());
    }
    Err(StartError::Failed {
        program: name.to_owned(),
        output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_follow_the_memory_within_bounds() {
        assert_eq!(total_memory_mb("MemFree: 1 kB\nMemTotal:        4096000 kB\n"), 4000);
        assert_eq!(total_memory_mb(""), 1024);
        for (total, buffers) in [(256, 64), (2048, 256), (64_000, 1024)] {
            let settings = server_settings(total, "on", Durability::Full);
            assert!(settings.contains(&format!("shared_buffers = {buffers}MB\n")), "{settings}");
        }
    }

    #[test]
    fn the_shared_memory_that_works_is_kept() {
        let tried = "#a = b\ndynamic_shared_memory_type = sysv\t# the default is usually the first option\n";
        assert_eq!(shared_memory_line(tried), "dynamic_shared_memory_type = sysv\n");
        assert_eq!(shared_memory_line(""), "");
    }

    #[test]
    fn only_a_throwaway_cluster_gives_up_fsync() {
        assert!(!server_settings(1024, "on", Durability::Full).contains("fsync"));
        assert!(server_settings(1024, "on", Durability::Throwaway).contains("fsync = off"));
    }
}
