//! `dienhong import` and `dienhong export`: the plan as files, for scripts and for the first load.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, ValueEnum};
use platform::{
    audit::Author,
    clock::SystemClock,
    db::{Db, DbError},
    i18n::Lang,
    identity::{self, Confidentiality, OfficeId, UnitId},
};
use preparation::tasks::{
    Audience, Filter, Reach, Register,
    exchange::{self, annex, import, picture},
    msproject,
    pages::exchange::export,
    sheets,
    store::Who,
};
use serde_json::json;

use super::{Failure, say};
use crate::{config::Config, server};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dienhong import plan.xlsx --login nv.an               shows what would change\n  dienhong import plan.xlsx --login nv.an --apply       does it, all or nothing\n\nExit code 3 when the file has errors; all of them are listed."
)]
pub struct Import {
    /// The annex
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// In whose name; must keep the register
    #[arg(long)]
    login: String,
    /// Code of a plan to make, where there is none yet
    #[arg(long, value_name = "CODE", requires = "plan_title")]
    plan_code: Option<String>,
    /// Title of that plan
    #[arg(long, value_name = "TITLE")]
    plan_title: Option<String>,
    /// Make units and offices that the file names and nobody knows
    #[arg(long)]
    make_people: bool,
    /// Apply what is shown
    #[arg(long)]
    apply: bool,
    /// Why, for tasks that are running
    #[arg(long, default_value = "")]
    reason: String,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// The annex as XLSX
    Xlsx,
    /// MS Project XML
    Xml,
    /// CSV
    Csv,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dienhong export --data /srv/dienhong --out plan.xlsx")]
pub struct Export {
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Its form [default: by the file's ending]
    #[arg(long, value_enum)]
    form: Option<Form>,
    /// Leave out what is internal
    #[arg(long)]
    open: bool,
}

/// The office in whose name a file is read.
struct Keeper {
    office: OfficeId,
    title: String,
    unit: UnitId,
}

async fn keeper(db: &Db, login: &str) -> Result<Keeper, Failure> {
    let wanted = login.to_owned();
    let found = db
        .read::<_, DbError, _>(move |tx| {
            let Some(person) = identity::store::person_by_login(tx, &wanted)? else { return Ok(None) };
            Ok(identity::store::offices_of(tx, person)?.into_iter().next())
        })
        .await?;
    let office = found.ok_or_else(|| Failure::Missing(format!("nobody called {login} holds an office")))?;
    Ok(Keeper { office: office.id, title: office.title, unit: office.unit_id })
}

impl Import {
    pub async fn run(self, config: &Config) -> Result<(), Failure> {
        let fault = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::Missing(format!("{} is not there", self.file.display())),
            _ => Failure::File(self.file.clone(), error),
        };
        let bytes = fs::read(&self.file).map_err(fault)?;
        let db = server::open_db(config, Arc::new(SystemClock), None)?;
        let keeper = keeper(&db, &self.login).await?;
        let author =
            Author { office: keeper.title.clone(), office_id: Some(keeper.office.0), ..Author::cli() };
        let register = db.read(Register::load).await?;
        let refused = |error: sheets::AnnexError| {
            Failure::NotSound(exchange::sentence(Lang::Vi, error.key(), &error.args()))
        };
        let reading = import::read(&bytes, register.as_of.year()).map_err(refused)?;
        let audience = Audience::everywhere(Confidentiality::Internal);
        let new_plan = self.plan_code.clone().zip(self.plan_title.clone());
        let mut choices = import::Choices {
            new_plan: new_plan.map(|(code, title)| import::NewPlan { code, title }),
            ..import::Choices::default()
        };
        let mut preview = import::preview(&register, audience, Lang::Vi, &reading, &choices);
        if self.make_people {
            choices.names = preview.unknown.iter().map(|name| (name.key.clone(), "new".to_owned())).collect();
            preview = import::preview(&register, audience, Lang::Vi, &reading, &choices);
        }
        show(&preview);
        if !preview.errors.is_empty() {
            return Err(Failure::NotSound(format!("{} errors; nothing was changed", preview.errors.len())));
        }
        if !self.apply || preview.is_empty() {
            return Ok(());
        }
        if !preview.ready() {
            return Err(Failure::NotSound("names are unknown: add them, or use --make-people".to_owned()));
        }
        let name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let yes = import::Yes {
            who: Who { office: Some(keeper.office), organiser: Reach::Everywhere, decides: Reach::Nowhere },
            office: keeper.office,
            unit: keeper.unit,
            audience,
            may_make: self.make_people,
            lang: Lang::Vi,
            hash: preview.hash.clone(),
            reason: self.reason.clone(),
        };
        let applied = db
            .write::<_, import::ImportError, _>(&author, move |tx| {
                let draft = *import::keep(tx, keeper.office, &name, &bytes, &choices)?.value();
                import::apply(tx, draft, &reading, &yes)
            })
            .await
            .map_err(Failure::other)?;
        say(&serde_json::to_value(&applied).map_err(Failure::other)?, |_| "applied".to_owned());
        Ok(())
    }
}

fn show(preview: &import::Preview) {
    say(&serde_json::to_value(preview).unwrap_or_default(), |_| {
        let mut lines: Vec<String> = preview
            .errors
            .iter()
            .map(|place| format!("{}!{}{}: {}", place.sheet, place.column, place.row, place.message))
            .collect();
        lines.extend(preview.warnings.iter().cloned());
        lines.extend(preview.unknown.iter().map(|name| format!("? {}", name.name)));
        lines.extend(preview.added.iter().map(|row| format!("+ {} {}", row.code, row.what)));
        for row in &preview.changed {
            for field in &row.fields {
                lines.push(format!("~ {} {}: {} → {}", row.code, field.label, field.before, field.after));
            }
        }
        lines.extend(preview.held.iter().map(|held| format!("! {} {}", held.code, held.message)));
        lines.push(format!(
            "{} rows: {} new, {} changed, {} unchanged, {} not in the file",
            preview.rows,
            preview.added.len(),
            preview.changed.len(),
            preview.unchanged,
            preview.missing.len()
        ));
        lines.join("\n")
    });
}

fn form_of(path: &Path) -> Option<Form> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "xlsx" => Some(Form::Xlsx),
        "xml" => Some(Form::Xml),
        "csv" => Some(Form::Csv),
        _ => None,
    }
}

impl Export {
    pub async fn run(self, config: &Config) -> Result<(), Failure> {
        let form = self
            .form
            .or_else(|| form_of(&self.out))
            .ok_or_else(|| Failure::Other("say --form xlsx, xml or csv".to_owned()))?;
        let db = server::open_db(config, Arc::new(SystemClock), None)?;
        let register = db.read(Register::load).await?;
        let confidentiality = if self.open { Confidentiality::Normal } else { Confidentiality::Internal };
        let audience = Audience::everywhere(confidentiality);
        let tasks = register.pick(&Filter::default(), audience).into_iter().map(|task| task.id).collect();
        let picked = export::Picked { register, tasks, audience, lang: Lang::Vi };
        let (register, tasks) = (&picked.register, picked.tasks());
        let bytes = match form {
            Form::Xlsx => {
                let plan = annex::plan(register, &tasks, audience, Lang::Vi);
                let words = exchange::words(Lang::Vi);
                sheets::write_annex(&plan, &words, register.as_of).map_err(Failure::other)?
            }
            Form::Xml => msproject::write_mspdi(&export::project(&picked)).into_bytes(),
            Form::Csv => picture::csv(register, &tasks, audience, Lang::Vi).into_bytes(),
        };
        if self.out.exists() {
            return Err(Failure::Exists(format!("{} exists already", self.out.display())));
        }
        fs::write(&self.out, bytes).map_err(|error| Failure::File(self.out.clone(), error))?;
        say(&json!({ "file": self.out, "tasks": tasks.len() }), |_| {
            format!("{} tasks written to {}", tasks.len(), self.out.display())
        });
        Ok(())
    }
}
