//! `dienhong badge`: keys and signatures on a machine that has no network and no database.

use std::{
    fs,
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use jiff::civil::Date;
use people::badges::{
    offline::{self, PassBatch},
    vault::{self, Vault},
};
use serde_json::json;

use super::{Failure, say};

#[derive(Debug, Subcommand)]
pub enum Badge {
    /// Keys that sign badges, in a file sealed by a passphrase
    #[command(subcommand)]
    Keys(Keys),
    /// Sign the passes that a server lists, with the keys of a file
    #[command(
        after_help = "Example:\n  dienhong badge sign --keys badge.keys --passphrase words.txt --batch chua-ky.json --out da-ky.json\n\nThe batch comes from /the/chua-ky.json of the server; what is written goes back on the page of keys."
    )]
    Sign {
        #[command(flatten)]
        vault: File,
        /// What is to be signed, as the server wrote it
        #[arg(long, value_name = "FILE")]
        batch: PathBuf,
        /// Where the signed passes go
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make a root and a first key
    #[command(
        after_help = "Example:\n  dienhong badge keys new --keys badge.keys --passphrase words.txt --congress 3fa9 --from 2025-10-01 --to 2025-10-31\n\nThe mark of the congress stands in /the/chua-ky.json and at /api/v1/badges/keys."
    )]
    New {
        #[command(flatten)]
        vault: File,
        /// The mark of the congress, four hexadecimal digits
        #[arg(long, value_name = "MARK")]
        congress: String,
        #[command(flatten)]
        days: Days,
    },
    /// Make a further key under the same root
    #[command(
        after_help = "Example:\n  dienhong badge keys add --keys badge.keys --passphrase words.txt --from 2025-10-10 --to 2025-10-31"
    )]
    Add {
        #[command(flatten)]
        vault: File,
        #[command(flatten)]
        days: Days,
    },
    /// Take a key off the list that is signed next
    #[command(
        after_help = "Example:\n  dienhong badge keys withdraw --keys badge.keys --passphrase words.txt 0"
    )]
    Withdraw {
        #[command(flatten)]
        vault: File,
        /// Its number
        #[arg(value_name = "KEY")]
        id: u8,
    },
    /// List the keys and the public half of the root; needs no passphrase
    #[command(after_help = "Example:\n  dienhong badge keys list --keys badge.keys")]
    List {
        /// The file of keys
        #[arg(long, value_name = "FILE")]
        keys: PathBuf,
    },
    /// Sign the list of keys for the server and its gates
    #[command(
        after_help = "Example:\n  dienhong badge keys sign --keys badge.keys --passphrase words.txt --out danh-muc-khoa.json"
    )]
    Sign {
        #[command(flatten)]
        vault: File,
        /// Where the signed list goes
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// The file of keys and what opens it.
#[derive(Debug, Args)]
pub struct File {
    /// The file of keys
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// A file whose first line is the passphrase; - for the input
    #[arg(long, value_name = "FILE")]
    passphrase: PathBuf,
}

/// The days on which a key counts.
#[derive(Debug, Args)]
pub struct Days {
    /// The first day on which the key counts
    #[arg(long, value_name = "DATE")]
    from: Date,
    /// The last
    #[arg(long, value_name = "DATE")]
    to: Date,
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::Missing(format!("{} is not there", path.display())),
        _ => Failure::File(path.to_owned(), error),
    })
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let mut file = made.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Exists(format!("{} is there already", path.display())),
        _ => Failure::File(path.to_owned(), error),
    })?;
    let done = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    done.map_err(|error| Failure::File(path.to_owned(), error))
}

impl File {
    fn passphrase(&self) -> Result<String, Failure> {
        let text = if self.passphrase.as_os_str() == "-" {
            let mut text = String::new();
            let read = std::io::stdin().read_to_string(&mut text);
            read.map_err(|error| Failure::File(self.passphrase.clone(), error))?;
            text
        } else {
            read(&self.passphrase)?
        };
        Ok(text.lines().next().unwrap_or_default().trim().to_owned())
    }

    fn open(&self) -> Result<(Vault, String), Failure> {
        let passphrase = self.passphrase()?;
        let vault = Vault::open(&read(&self.keys)?, &passphrase)
            .map_err(|error| Failure::NotSound(error.to_string()))?;
        Ok((vault, passphrase))
    }

    /// Puts the file in the place of the one before, whole or not at all.
    fn replace(&self, vault: &Vault, passphrase: &str) -> Result<(), Failure> {
        let text = vault.seal(passphrase).map_err(Failure::other)?;
        let mut beside = self.keys.clone().into_os_string();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        // What an interrupted run left behind is no key file of anybody.
        let _ = fs::remove_file(&beside);
        write_new(&beside, &text, 0o600)?;
        fs::rename(&beside, &self.keys).map_err(|error| Failure::File(self.keys.clone(), error))
    }
}

fn show(public: &vault::Public) {
    say(&json!(public), |_| {
        let mut lines = vec![format!("root {}", public.root), format!("list {}", public.sequence)];
        lines.extend(public.keys.iter().map(|key| {
            let state = if key.withdrawn { "  withdrawn" } else { "" };
            format!("key {:>2}  {} to {}  {}{state}", key.id, key.from, key.to, key.public)
        }));
        lines.join("\n")
    });
}

impl Badge {
    /// Runs the command.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Keys(keys) => keys.run(),
            Self::Sign { vault, batch, out } => {
                let (vault, _) = vault.open()?;
                let batch: PassBatch = serde_json::from_str(&read(&batch)?)
                    .map_err(|_| Failure::NotSound("this is no batch of passes to be signed".to_owned()))?;
                let signed =
                    offline::sign(&batch, &vault).map_err(|error| Failure::NotSound(error.to_string()))?;
                let text = serde_json::to_string_pretty(&signed).map_err(Failure::other)?;
                write_new(&out, &text, 0o644)?;
                let count = signed.passes.len();
                say(&json!({ "signed": count }), |_| format!("{count} signed: {}", out.display()));
                Ok(())
            }
        }
    }
}

impl Keys {
    fn run(self) -> Result<(), Failure> {
        match self {
            Self::New { vault: file, congress, days } => {
                let congress = vault::mark(&congress).ok_or_else(|| {
                    Failure::Other("the mark of a congress is four hexadecimal digits".to_owned())
                })?;
                let passphrase = file.passphrase()?;
                let mut vault = Vault::new(congress);
                vault.add(days.from, days.to).map_err(Failure::other)?;
                let text = vault.seal(&passphrase).map_err(Failure::other)?;
                write_new(&file.keys, &text, 0o600)?;
                show(&vault.public);
            }
            Self::Add { vault: file, days } => {
                let (mut vault, passphrase) = file.open()?;
                vault.add(days.from, days.to).map_err(Failure::other)?;
                file.replace(&vault, &passphrase)?;
                show(&vault.public);
            }
            Self::Withdraw { vault: file, id } => {
                let (mut vault, passphrase) = file.open()?;
                if !vault.withdraw(id) {
                    return Err(Failure::Missing(format!("no key {id} is on the list")));
                }
                file.replace(&vault, &passphrase)?;
                show(&vault.public);
            }
            Self::List { keys } => {
                let public =
                    vault::listed(&read(&keys)?).map_err(|error| Failure::NotSound(error.to_string()))?;
                show(&public);
            }
            Self::Sign { vault: file, out } => {
                let (mut vault, passphrase) = file.open()?;
                let list = vault.sign_list().map_err(Failure::other)?;
                let text = serde_json::to_string_pretty(&list).map_err(Failure::other)?;
                // First that its number is used: two lists of one number must never be out.
                file.replace(&vault, &passphrase)?;
                write_new(&out, &text, 0o644)?;
                show(&vault.public);
            }
        }
        Ok(())
    }
}
