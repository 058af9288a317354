//! The operating system account that runs the server, and how its programs are started.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::StartError;

/// The accounts that root hands the server to, best first.
const STAND_INS: [&str; 2] = ["postgres", "nobody"];

/// Who runs the server.
#[derive(Debug, Clone)]
pub(super) struct Account {
    name: String,
    uid: u32,
    gid: u32,
    /// Whether programs must change to this account first.
    is_other: bool,
}

impl Account {
    /// Chooses the account for a cluster's folder.
    ///
    /// An ordinary user runs the server itself. Root, which Postgres refuses, hands it to the
    /// owner of an existing cluster, else to user postgres, else to nobody.
    pub(super) fn choose(cluster: &Path) -> Result<Self, StartError> {
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let uid = rustix::process::geteuid().as_raw();
        if uid != 0 {
            let gid = rustix::process::getegid().as_raw();
            return Ok(Self { name: name_of(&accounts, uid), uid, gid, is_other: false });
        }
        match fs::metadata(cluster) {
            Ok(owner) if owner.uid() != 0 => {
                let (uid, gid) = (owner.uid(), owner.gid());
                Ok(Self { name: name_of(&accounts, uid), uid, gid, is_other: true })
            }
            _ => STAND_INS.iter().find_map(|name| look_up(&accounts, name)).ok_or(StartError::NoAccount),
        }
    }

    /// The account's name, or its number where it has none.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The account's number.
    pub(super) fn uid(&self) -> u32 {
        self.uid
    }

    /// Gives a path to the account.
    pub(super) fn give(&self, path: &Path) -> Result<(), StartError> {
        if !self.is_other {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid)).map_err(StartError::io("cannot hand over", path))
    }

    /// Refuses a folder that the account cannot write to.
    pub(super) fn must_reach(&self, folder: &Path) -> Result<(), StartError> {
        if self.is_told("-w", folder)? {
            return Ok(());
        }
        Err(StartError::Unreachable { folder: folder.to_path_buf(), account: self.name.clone() })
    }

    /// Whether the account can enter a folder.
    pub(super) fn enters(&self, folder: &Path) -> Result<bool, StartError> {
        self.is_told("-x", folder)
    }

    /// Asks the system as that account, for modes alone do not tell.
    fn is_told(&self, question: &str, folder: &Path) -> Result<bool, StartError> {
        let status = self.command(Path::new("test"), "TERM").arg(question).arg(folder).status();
        status.map(|status| status.success()).map_err(without_setpriv)
    }

    /// A command that runs as the account and is told by `signal` when the calling thread ends.
    ///
    /// `setpriv` of util-linux stands between because changing the parent-death signal in the
    /// child ourselves is unsafe code. It replaces itself by the program, so the process keeps
    /// its number. Its own process group keeps a Ctrl-C at the terminal from the server, which
    /// must outlive the last request.
    pub(super) fn command(&self, program: &Path, signal: &str) -> Command {
        let mut command = Command::new("setpriv");
        if self.is_other {
            command.arg(format!("--reuid={}", self.uid)).arg(format!("--regid={}", self.gid));
            command.args(["--clear-groups", "--inh-caps=-all"]);
        }
        command.args(["--pdeathsig", signal, "--"]).arg(program);
        command.process_group(0).current_dir("/").stdin(Stdio::null());
        // A stray setting of the shell must not choose another cluster or port.
        for name in ["PGDATA", "PGPORT", "PGHOST", "PGTZ", "PGOPTIONS"] {
            command.env_remove(name);
        }
        command
    }
}

/// Explains a missing `setpriv`.
pub(super) fn without_setpriv(source: io::Error) -> StartError {
    StartError::Io { doing: "cannot run setpriv of util-linux (without it set DATABASE_URL)".to_owned(), source }
}

/// The name of a number in the text of `/etc/passwd`; the number itself where it has none.
fn name_of(accounts: &str, uid: u32) -> String {
    let uid = uid.to_string();
    accounts
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| Some((fields.next()?, fields.nth(1)?)).filter(|it| it.1 == uid))
        .map_or(uid.clone(), |(name, _)| name.to_owned())
}

/// Finds a name in the text of `/etc/passwd`.
fn look_up(accounts: &str, wanted: &str) -> Option<Account> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| *name == wanted)?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { name: name.to_owned(), uid, gid, is_other: true })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let text = "postgres2:x:7:8::/:/bin/sh\npostgres:x:101:104:admin,,,:/var:/bin/sh\n";
        let account = look_up(text, "postgres").unwrap();
        assert_eq!((account.uid, account.gid, account.is_other), (101, 104, true));
        assert!(look_up(text, "nobody").is_none());
        assert_eq!(name_of(text, 101), "postgres");
        assert_eq!(name_of(text, 9), "9");
    }
}
