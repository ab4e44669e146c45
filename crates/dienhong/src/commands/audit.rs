//! `dienhong audit export | verify | sign`.

use std::{
    fs,
    io::BufReader,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Subcommand;
use platform::{
    audit::{self, SigningKey, VerifyingKey},
    clock::{ShiftedClock, SystemClock},
};
use rand::RngCore as _;
use serde_json::json;
use tokio::io::AsyncReadExt as _;

use super::{Failure, say};
use crate::{
    config::{Config, Flags, make_private},
    server,
};

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Write the whole log to a file
    #[command(after_help = "Example:\n  dienhong audit export --data /srv/dienhong --out log.jsonl")]
    Export {
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Check an exported log: every row, hash, checkpoint and signature. Needs no database
    #[command(
        after_help = "Examples:\n  dienhong audit verify log.jsonl\n  dienhong audit verify log.jsonl --key audit.pub\n\nExit code 3 when a row is bad; the first one is named."
    )]
    Verify {
        /// The exported log
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The key that witnesses keep; without it the log is checked against the key it names
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Sign a checkpoint over all events, once or again and again; meant to run as another user
    #[command(
        after_help = "Example:\n  dienhong audit sign --data /srv/dienhong --key /srv/signer/audit.key --every 60"
    )]
    Sign {
        /// The file of the signing key, made if it is not there [default: DIR/keys/audit.key]
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// Seconds between checkpoints; without it once
        #[arg(long, value_name = "SECONDS")]
        every: Option<u64>,
        /// End when the input closes: with the server that started us
        #[arg(long, hide = true)]
        with_parent: bool,
        /// Seconds by which the server's clock is ahead: the demo lives on another day
        #[arg(long, hide = true, default_value_t = 0, allow_hyphen_values = true)]
        ahead: i64,
    },
}

impl Audit {
    pub async fn run(self, flags: &Flags) -> Result<(), Failure> {
        match self {
            Self::Export { out } => export(&Config::load(flags, None)?, &out).await,
            Self::Verify { file, key } => verify(&file, key.as_deref()),
            Self::Sign { key, every, with_parent, ahead } => {
                let clock = Arc::new(ShiftedClock::by(ahead));
                sign(&Config::load(flags, None)?, key, every, with_parent, clock).await
            }
        }
    }
}

/// The public half beside the signing key.
fn public_key(config: &Config) -> Option<VerifyingKey> {
    VerifyingKey::parse(&fs::read_to_string(config.data.join("keys/audit.pub")).ok()?).ok()
}

async fn export(config: &Config, out: &Path) -> Result<(), Failure> {
    let db = server::open_db(config, Arc::new(SystemClock), None)?;
    let file = fs::File::create_new(out).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Exists(format!("{} exists already", out.display())),
        _ => Failure::File(out.to_owned(), error),
    })?;
    let mut file = std::io::BufWriter::new(file);
    let events = audit::export(&db, public_key(config).as_ref(), &mut file).await.map_err(Failure::other)?;
    let file = file.into_inner().map_err(|error| Failure::File(out.to_owned(), error.into_error()))?;
    file.sync_all().map_err(|error| Failure::File(out.to_owned(), error))?;
    say(&json!({ "events": events, "file": out }), |_| {
        format!("{events} events written to {}", out.display())
    });
    Ok(())
}

fn verify(path: &Path, key: Option<&Path>) -> Result<(), Failure> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| Failure::File(path.to_owned(), error));
    let trusted = key.map(|key| VerifyingKey::parse(&read(key)?).map_err(Failure::other)).transpose()?;
    let file = fs::File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::Missing(format!("{} is not there", path.display())),
        _ => Failure::File(path.to_owned(), error),
    })?;
    let report = audit::verify(BufReader::new(file), trusted.as_ref())
        .map_err(|error| Failure::NotSound(error.to_string()))?;
    say(&serde_json::to_value(&report).map_err(Failure::other)?, |_| {
        let trust = match (&report.key, trusted.is_some()) {
            (Some(key), true) => format!("signed with the key given: {key}"),
            (Some(key), false) => format!("signed with the key the log names: {key}"),
            (None, _) => "not signed".to_owned(),
        };
        format!(
            "sound: {} events, {} checkpoints, the last over {} events\nroot: {}\n{trust}",
            report.events, report.checkpoints, report.signed, report.root
        )
    });
    Ok(())
}

async fn sign(
    config: &Config,
    key: Option<PathBuf>,
    every: Option<u64>,
    with_parent: bool,
    clock: Arc<ShiftedClock>,
) -> Result<(), Failure> {
    let path = key.unwrap_or_else(|| config.data.join("keys/audit.key"));
    let key = signing_key(&path)?;
    let db = server::open_db(config, clock, None)?;
    let Some(every) = every else {
        let made = audit::store::sign(&db, &key).await?;
        say(&json!({ "size": made.as_ref().map(|made| made.size) }), |_| match &made {
            Some(made) => {
                format!("signed a checkpoint over {} events: {}", made.size, audit::words(&made.root))
            }
            None => "nothing new to sign".to_owned(),
        });
        return Ok(());
    };
    super::log();
    let mut input = tokio::io::stdin();
    let mut byte = [0];
    loop {
        if let Err(error) = audit::store::sign(&db, &key).await {
            tracing::error!(%error, "the audit log could not be signed");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(every.max(1))) => {}
            // Whoever started us has gone.
            read = input.read(&mut byte), if with_parent => if matches!(read, Ok(0) | Err(_)) { return Ok(()) },
        }
    }
}

/// Reads the signing key, or makes one that only its owner can read, with the public half beside it.
fn signing_key(path: &Path) -> Result<SigningKey, Failure> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let fault = |error| Failure::File(path.to_owned(), error);
    if let Ok(text) = fs::read_to_string(path) {
        return SigningKey::parse(&text).map_err(Failure::other);
    }
    if let Some(folder) = path.parent() {
        make_private(folder).map_err(fault)?;
    }
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    let key = SigningKey::from_seed(seed);
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o400).open(path).map_err(fault)?;
    file.write_all(key.to_text().as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
    let public = path.with_extension("pub");
    fs::write(&public, key.verifying_key().to_text()).map_err(|error| Failure::File(public, error))?;
    Ok(key)
}
