//! `dienhong people`: the roll from a file, through the same plan as the page.

use std::{fs, path::PathBuf, sync::Arc};

use ::people::{
    delegates::{
        model::{Category, Sight},
        query,
    },
    intake::{
        draft::{self, Applied, IntakeError, Yes},
        plan::{self, Choices, Known, NEW, Preview, SKIP},
        read,
    },
};
use clap::{Args, Subcommand, ValueEnum};
use platform::{audit::Author, clock::SystemClock, db::DbError, i18n::Lang, web::AppError};

use super::{Failure, say};
use crate::{config::Config, server};

#[derive(Debug, Subcommand)]
pub enum People {
    /// Read people from a table (XLSX, CSV, a pretix or Indico export) into the roll
    #[command(
        after_help = "Examples:\n  dienhong people import delegates.xlsx --dry-run     shows what would change\n  dienhong people import delegates.xlsx               does it, all or nothing\n\nExit code 3 when rows are wrong or could be somebody known; all of them are listed and nothing is changed."
    )]
    Import(Import),
}

#[derive(Debug, Args)]
pub struct Import {
    /// The table
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// The category of rows that name none, such as dai_bieu
    #[arg(long, value_name = "CATEGORY")]
    category: Option<Category>,
    /// Leave out rows that are wrong
    #[arg(long)]
    leave_wrong: bool,
    /// What becomes of rows that could be somebody known
    #[arg(long, value_enum, value_name = "WHAT")]
    twins: Option<Twins>,
}

/// What becomes of rows that could be somebody known.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Twins {
    /// Enter them as new people
    New,
    /// Leave them out
    Skip,
}

impl People {
    pub async fn run(self, config: &Config) -> Result<(), Failure> {
        match self {
            Self::Import(import) => import.run(config).await,
        }
    }
}

impl Import {
    async fn run(self, config: &Config) -> Result<(), Failure> {
        let bytes = fs::read(&self.file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::Missing(format!("{} is not there", self.file.display())),
            _ => Failure::File(self.file.clone(), error),
        })?;
        let words = |error: AppError| Failure::NotSound(error.detail(Lang::Vi));
        let reading = read::read(&bytes).map_err(|error| words(error.into()))?;
        let db = server::open_db(config, Arc::new(SystemClock), None)?;
        // Whoever may log in to the server may write every column.
        let may = Sight { restricted: true, contacts: true };
        let everywhere = self.twins.map(|twins| match twins {
            Twins::New => NEW,
            Twins::Skip => SKIP,
        });
        let choices = Choices {
            category: self.category,
            leave_wrong: self.leave_wrong,
            same: everywhere
                .map(|chosen| reading.rows.iter().map(|row| (row.row, chosen.to_owned())).collect())
                .unwrap_or_default(),
        };
        let (looked, chosen) = (reading.clone(), choices.clone());
        let preview = db
            .read(move |tx| {
                let mut reading = looked;
                // Without a key there is no card on the roll yet to compare with.
                reading.seal(&query::citizen_key(tx)?.unwrap_or_default());
                let known = Known::load(tx, reading.source)?;
                Ok::<_, DbError>(plan::preview(&known, &reading, &chosen, Lang::Vi))
            })
            .await?;
        let stands = preview.wrong_rows > 0 && !self.leave_wrong || preview.open() > 0;
        if self.dry_run || stands {
            show(&preview);
        }
        if stands {
            return Err(Failure::NotSound(format!(
                "{} rows are wrong, {} could be somebody known; nothing was changed",
                preview.wrong_rows,
                preview.open()
            )));
        }
        if self.dry_run {
            return Ok(());
        }
        let sha256 = draft::hash(&bytes);
        let done: Applied = db
            .write::<_, IntakeError, _>(&Author::cli(), move |tx| {
                let reading = draft::prepare(tx, reading, may)?;
                let yes = Yes { hash: None, may, sha256, lang: Lang::Vi };
                draft::apply(tx, &reading, &choices, &yes)
            })
            .await
            .map_err(|error| words(error.into()))?;
        say(&serde_json::to_value(done).map_err(Failure::other)?, |_| {
            format!(
                "{} new, {} changed, {} unchanged, {} left out",
                done.added, done.changed, done.unchanged, done.left_out
            )
        });
        Ok(())
    }
}

fn show(preview: &Preview) {
    say(&serde_json::to_value(preview).unwrap_or_default(), |_| {
        let mut lines: Vec<String> = preview
            .faults
            .iter()
            .map(|fault| format!("{}{}: {} ({})", fault.letters, fault.row, fault.message, fault.value))
            .collect();
        for twin in preview.twins.iter().filter(|twin| twin.chosen.is_empty()) {
            let like: Vec<String> = twin
                .like
                .iter()
                .map(|like| {
                    let who = if like.code.is_empty() { format!("#{}", like.row) } else { like.code.clone() };
                    format!("{who} {} ({})", like.name, like.why)
                })
                .collect();
            lines.push(format!("? {} {}: {}", twin.row, twin.name, like.join("; ")));
        }
        lines.extend(preview.added.iter().map(|row| format!("+ {} {} {}", row.code, row.name, row.what)));
        for row in &preview.changed {
            for field in &row.fields {
                lines.push(format!("~ {} {}: {} → {}", row.code, field.label, field.before, field.after));
            }
        }
        lines.push(format!(
            "{} rows: {} new, {} changed, {} unchanged, {} left out, {} wrong",
            preview.rows,
            preview.added.len(),
            preview.changed.len(),
            preview.unchanged,
            preview.left_out,
            preview.wrong_rows
        ));
        lines.join("\n")
    });
}
