//! `dienhong backup` and `dienhong restore`: one archive, either kind of database.

use std::{
    fs,
    io::{BufReader, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use platform::{
    audit,
    clock::SystemClock,
    db::dump::{self, DumpError},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{Failure, say};
use crate::{config::Config, server};

const FORMAT: &str = "dienhong-backup-1";

#[derive(Debug, Args)]
pub struct Backup {
    /// The archive to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The archive to read
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
}

/// What the archive says about itself.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: String,
    program: String,
    made_at: jiff::Timestamp,
    /// Events in the audit log.
    events: u64,
    tables: Vec<(String, u64)>,
    files: u64,
}

impl From<DumpError> for Failure {
    fn from(error: DumpError) -> Self {
        match error {
            DumpError::NotEmpty(_) => Self::Exists(error.to_string()),
            DumpError::Form(_) | DumpError::UnknownTable(_) => Self::NotSound(error.to_string()),
            other => Self::other(other),
        }
    }
}

impl Backup {
    pub async fn run(self, config: &Config) -> Result<(), Failure> {
        let url = config.database_url()?;
        if let platform::db::DatabaseUrl::Sqlite(path) = &url
            && !path.exists()
        {
            return Err(Failure::Missing(format!("{} is not there", path.display())));
        }
        let fault = |error| Failure::File(self.out.clone(), error);
        if self.out.exists() {
            return Err(Failure::Exists(format!("{} exists already", self.out.display())));
        }
        let db = server::open_db(config, Arc::new(SystemClock), None)?;
        let scratch = tempfile::tempfile().map_err(fault)?;
        let (scratch, tables) =
            dump::dump(&db, &server::migrations(), std::io::BufWriter::new(scratch)).await?;
        let mut scratch = scratch.into_inner().map_err(|error| fault(error.into_error()))?;
        scratch.rewind().map_err(fault)?;
        let part = self.out.with_extension("part");
        let mut zip = ZipWriter::new(fs::File::create(&part).map_err(fault)?);
        let options = SimpleFileOptions::default().large_file(true).unix_permissions(0o600);
        zip.start_file("database.jsonl", options).map_err(Failure::other)?;
        std::io::copy(&mut scratch, &mut zip).map_err(fault)?;
        // Files never change once they are kept, so a file may be newer than the snapshot but none is missing.
        let mut files = 0;
        let kept = PathBuf::from(config.files_url());
        for path in files_below(&kept).map_err(fault)? {
            let name = path.strip_prefix(&kept).unwrap_or(&path).to_string_lossy().into_owned();
            zip.start_file(format!("files/{name}"), options).map_err(Failure::other)?;
            std::io::copy(&mut fs::File::open(&path).map_err(fault)?, &mut zip).map_err(fault)?;
            files += 1;
        }
        let events = tables.iter().find(|(table, _)| table == "audit_event").map_or(0, |(_, rows)| *rows);
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: jiff::Timestamp::now(),
            events,
            tables,
            files,
        };
        zip.start_file("manifest.json", options).map_err(Failure::other)?;
        let text = serde_json::to_vec_pretty(&manifest).map_err(Failure::other)?;
        zip.write_all(&text).map_err(fault)?;
        let file = zip.finish().map_err(Failure::other)?;
        file.sync_all().map_err(fault)?;
        fs::rename(&part, &self.out).map_err(fault)?;
        say(&json!({ "file": self.out, "events": events, "files": files }), |_| {
            format!("{}: {events} events, {files} files", self.out.display())
        });
        Ok(())
    }
}

fn files_below(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if folder.file_name().is_some_and(|name| name == "received") || !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { folders.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found.sort();
    Ok(found)
}

impl Restore {
    pub async fn run(self, config: &Config) -> Result<(), Failure> {
        let fault = |error| Failure::File(self.from.clone(), error);
        let broken =
            |error: zip::result::ZipError| Failure::NotSound(format!("{}: {error}", self.from.display()));
        let file = fs::File::open(&self.from).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::Missing(format!("{} is not there", self.from.display())),
            _ => fault(error),
        })?;
        let mut zip = ZipArchive::new(file).map_err(broken)?;
        let manifest: Manifest = {
            let mut text = String::new();
            let read = zip.by_name("manifest.json").map_err(broken)?.read_to_string(&mut text);
            read.map_err(|error| Failure::NotSound(format!("the manifest: {error}")))?;
            serde_json::from_str(&text)
                .map_err(|error| Failure::NotSound(format!("the manifest: {error}")))?
        };
        if manifest.format != FORMAT {
            return Err(Failure::NotSound(format!("{} is no archive of this program", self.from.display())));
        }
        // All of it is read and its checksums proven before anything is written.
        for index in 0..zip.len() {
            let mut entry = zip.by_index(index).map_err(broken)?;
            std::io::copy(&mut entry, &mut std::io::sink()).map_err(|error| {
                Failure::NotSound(format!("{}: {}: {error}", self.from.display(), entry.name()))
            })?;
        }
        config.make_folder()?;
        let url = config.database_url()?;
        let mut database = tempfile::tempfile().map_err(fault)?;
        std::io::copy(&mut zip.by_name("database.jsonl").map_err(broken)?, &mut database).map_err(fault)?;
        database.rewind().map_err(fault)?;
        let migrations = server::migrations();
        let tables =
            tokio::task::spawn_blocking(move || dump::restore(&url, &migrations, BufReader::new(database)))
                .await
                .map_err(Failure::other)??;
        let found: Vec<_> = manifest.tables.iter().filter(|(_, rows)| *rows > 0).cloned().collect();
        if tables != found {
            return Err(Failure::NotSound(
                "the archive does not hold the rows that its manifest counts".to_owned(),
            ));
        }
        let files = self.restore_files(config, &mut zip)?;
        if files != manifest.files {
            return Err(Failure::NotSound(
                "the archive does not hold the files that its manifest counts".to_owned(),
            ));
        }
        // A restored log must still be the log that was signed.
        let db = server::open_db(config, Arc::new(SystemClock), None)?;
        let mut log = Vec::new();
        audit::export(&db, None, &mut log).await.map_err(Failure::other)?;
        let events =
            String::from_utf8_lossy(&log).lines().filter(|line| line.contains("\"seq\"")).count() as u64;
        if events != manifest.events {
            return Err(Failure::NotSound(format!(
                "the log has {events} events, {} were saved",
                manifest.events
            )));
        }
        say(&json!({ "events": events, "files": files }), |_| {
            format!("restored: {events} events, {files} files, made {}", manifest.made_at)
        });
        Ok(())
    }

    fn restore_files(&self, config: &Config, zip: &mut ZipArchive<fs::File>) -> Result<u64, Failure> {
        let folder = PathBuf::from(config.files_url());
        let mut files = 0;
        for index in 0..zip.len() {
            let mut entry = zip.by_index(index).map_err(Failure::other)?;
            // Only names that stay inside the folder.
            let Some(name) =
                entry.enclosed_name().and_then(|name| name.strip_prefix("files").map(Path::to_owned).ok())
            else {
                continue;
            };
            let path = folder.join(name);
            let fault = |error| Failure::File(path.clone(), error);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(fault)?;
            }
            let mut file = fs::File::create(&path).map_err(fault)?;
            std::io::copy(&mut entry, &mut file).and_then(|_| file.sync_all()).map_err(fault)?;
            files += 1;
        }
        Ok(files)
    }
}
