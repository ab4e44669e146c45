//! The command line: `dienhong <noun> <verb>`.

mod audit;
mod backup;
mod badge;
mod demo;
mod exchange;
mod generate;
mod paper;
mod people;
mod rehearse;
mod roll;
mod serve;

use clap::{Parser, Subcommand};
use thiserror::Error;

use crate::{
    config::{Config, ConfigError, Flags, ServeFlags},
    server::StartError,
};

/// Exit codes.
pub mod exit {
    /// Done.
    pub const OK: u8 = 0;
    /// The work failed; a sentence says why.
    pub const FAILED: u8 = 1;
    /// The command line is wrong (clap's own code).
    #[allow(dead_code, reason = "named so that the list is whole")]
    pub const USAGE: u8 = 2;
    /// What was to be checked is not sound.
    pub const NOT_SOUND: u8 = 3;
    /// What was asked for is not there.
    pub const MISSING: u8 = 4;
    /// It would overwrite something.
    pub const EXISTS: u8 = 5;
}

/// Prepares, runs and closes a congress of delegates.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "Examples:\n  dienhong demo                           a sample congress to look at\n  dienhong serve --data /srv/dienhong     the installation in that folder\n  dienhong backup --data /srv/dienhong --out today.zip\n  dienhong audit verify log.jsonl\n\nExit codes: 0 done, 1 failed, 2 wrong command line, 3 not sound, 4 not there, 5 would overwrite."
)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the installation in a folder
    #[command(
        after_help = "Example:\n  dienhong serve --data /srv/dienhong --listen 0.0.0.0:8080 --public-url https://dh.example.vn"
    )]
    Serve(ServeFlags),
    /// Fill an empty folder with a sample congress and serve it
    #[command(after_help = "Example:\n  dienhong demo --data demo --listen 127.0.0.1:9000")]
    Demo(demo::Demo),
    /// Save database and files into one archive, while the server runs
    #[command(after_help = "Example:\n  dienhong backup --data /srv/dienhong --out /backup/2025-10-12.zip")]
    Backup(backup::Backup),
    /// Put an archive back into an empty installation, on either kind of database
    #[command(after_help = "Example:\n  dienhong restore --data /srv/new --from /backup/2025-10-12.zip")]
    Restore(backup::Restore),
    /// The audit log: export, verify, sign
    #[command(subcommand)]
    Audit(audit::Audit),
    /// API tokens
    #[command(subcommand)]
    Token(people::Token),
    /// Units, offices and people
    #[command(subcommand)]
    User(people::User),
    /// The roll of the congress
    #[command(subcommand)]
    People(roll::People),
    /// Read a plan from an annex (XLSX)
    Import(exchange::Import),
    /// Write the plan as an annex (XLSX), MS Project (XML) or CSV
    Export(exchange::Export),
    /// Play arrivals against a running server
    #[command(subcommand)]
    Rehearse(rehearse::Rehearse),
    /// Make sample data
    #[command(subcommand)]
    Generate(generate::Generate),
    /// Official papers
    #[command(subcommand)]
    Paper(paper::Paper),
    /// Keys of badges and signatures on a machine without a network
    #[command(subcommand)]
    Badge(badge::Badge),
    /// Print the OpenAPI document
    #[command(after_help = "Example:\n  dienhong openapi > openapi.json")]
    Openapi,
}

/// Why a command failed.
#[derive(Debug, Error)]
pub enum Failure {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database.
    #[error("the database: {0}")]
    Db(#[from] platform::db::DbError),
    /// A file.
    #[error("{0}: {1}")]
    File(std::path::PathBuf, std::io::Error),
    /// Something is not there.
    #[error("{0}")]
    Missing(String),
    /// Something is there already.
    #[error("{0}")]
    Exists(String),
    /// Something is not sound.
    #[error("{0}")]
    NotSound(String),
    /// Anything else, as a sentence.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    fn other(error: impl std::fmt::Display) -> Self {
        Self::Other(error.to_string())
    }

    fn code(&self) -> u8 {
        match self {
            Self::Missing(_) => exit::MISSING,
            Self::Exists(_) => exit::EXISTS,
            Self::NotSound(_) => exit::NOT_SOUND,
            _ => exit::FAILED,
        }
    }
}

impl Cli {
    /// Runs the command; its exit code.
    pub async fn run(self) -> u8 {
        match self.dispatch().await {
            Ok(()) => exit::OK,
            Err(failure) => {
                if self_json() {
                    eprintln!(
                        "{}",
                        serde_json::json!({ "error": failure.to_string(), "code": failure.code() })
                    );
                } else {
                    eprintln!("dienhong: {failure}");
                }
                failure.code()
            }
        }
    }

    async fn dispatch(self) -> Result<(), Failure> {
        let Self { flags, command } = self;
        JSON.store(flags.json, std::sync::atomic::Ordering::Relaxed);
        match command {
            Command::Serve(serve) => serve::serve(Config::load(&flags, Some(&serve))?).await,
            Command::Demo(demo) => demo.run(&flags).await,
            Command::Backup(backup) => backup.run(&Config::load(&flags, None)?).await,
            Command::Restore(restore) => restore.run(&Config::load(&flags, None)?).await,
            Command::Audit(audit) => audit.run(&flags).await,
            Command::Token(token) => token.run(&Config::load(&flags, None)?).await,
            Command::User(user) => user.run(&Config::load(&flags, None)?).await,
            Command::People(people) => people.run(&Config::load(&flags, None)?).await,
            Command::Import(import) => import.run(&Config::load(&flags, None)?).await,
            Command::Export(export) => export.run(&Config::load(&flags, None)?).await,
            Command::Rehearse(rehearse) => rehearse.run().await,
            Command::Generate(generate) => generate.run(&flags).await,
            Command::Paper(paper) => paper.run(),
            Command::Badge(badge) => badge.run(),
            Command::Openapi => {
                say(&serde_json::to_value(crate::openapi::document()).map_err(Failure::other)?, |document| {
                    serde_json::to_string_pretty(document).unwrap_or_default()
                });
                Ok(())
            }
        }
    }
}

static JSON: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

fn self_json() -> bool {
    JSON.load(std::sync::atomic::Ordering::Relaxed)
}

/// Prints a result: as JSON with `--json`, else as text.
fn say(value: &serde_json::Value, text: impl FnOnce(&serde_json::Value) -> String) {
    use std::io::Write as _;
    let line = if self_json() { value.to_string() } else { text(value) };
    // A reader that went away (`| head`) is no fault of ours.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Sets up logging: `DIENHONG_LOG` as in `info,platform=debug`.
fn log() {
    use std::io::IsTerminal as _;
    let filter = tracing_subscriber::EnvFilter::try_from_env("DIENHONG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour);
    // A second call in one process keeps the first.
    let _ = if self_json() { subscriber.json().try_init() } else { subscriber.try_init() };
}
