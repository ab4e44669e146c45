//! `dienhong generate`: sample data of people who do not exist.

use std::{fs, path::PathBuf, sync::Arc};

use clap::{Args, Subcommand};
use people::{
    delegates::{
        DelegateError,
        model::{Category, Sight},
    },
    generate::{Roll, Shape, roll, write},
    intake::out::{Line, csv, table, xlsx},
};
use platform::{audit::Author, clock::SystemClock, i18n::Lang};
use serde_json::json;

use super::{Failure, say};
use crate::{
    config::{Config, Flags},
    server,
};

#[derive(Debug, Subcommand)]
pub enum Generate {
    /// A plausible roll: delegates in groups, and others beside them
    #[command(
        after_help = "Examples:\n  dienhong generate delegates --count 547 --others 450 --seed 7 --out roll.xlsx\n  dienhong generate delegates --count 5000 --seed 1 --data /srv/trial"
    )]
    Delegates(Delegates),
}

#[derive(Debug, Args)]
pub struct Delegates {
    /// Delegates
    #[arg(long, default_value_t = 547)]
    count: u32,
    /// Guests, press and staff beside them
    #[arg(long, default_value_t = 0)]
    others: u32,
    /// The same seed gives the same people
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many delegates are ex officio; without it as many as is usual
    #[arg(long)]
    ex_officio: Option<u32>,
    /// How many are elected; the rest is appointed
    #[arg(long, default_value_t = 0)]
    elected: u32,
    /// Alternates beside them
    #[arg(long, default_value_t = 0)]
    alternates: u32,
    /// Groups; without it one for every 46 delegates
    #[arg(long)]
    groups: Option<u16>,
    /// Women of a hundred
    #[arg(long)]
    women: Option<u32>,
    /// Write them to a file, XLSX or CSV by its ending; without it they are entered in the installation of --data
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Leave ethnicity, religion, telephone and e-mail out of the file
    #[arg(long)]
    open: bool,
}

impl Generate {
    pub async fn run(self, flags: &Flags) -> Result<(), Failure> {
        let Self::Delegates(asked) = self;
        let mut shape = Shape::of(asked.count, asked.others);
        shape.alternates = asked.alternates;
        shape.elected = asked.elected.min(asked.count);
        shape.ex_officio = asked.ex_officio.unwrap_or(shape.ex_officio).min(asked.count - shape.elected);
        shape.groups = asked.groups.unwrap_or(shape.groups).min(999);
        shape.women = asked.women.map_or(shape.women, |women| women.min(100) * 10);
        let made = roll(&shape, asked.seed);
        let people = made.people.len();
        let Some(out) = asked.out else {
            let db = server::open_db(&Config::load(flags, None)?, Arc::new(SystemClock), None)?;
            db.write::<usize, DelegateError, _>(&Author::cli(), move |tx| write(tx, &made, asked.seed))
                .await
                .map_err(Failure::other)?;
            say(&json!({ "people": people, "seed": asked.seed }), |_| format!("{people} people entered"));
            return Ok(());
        };
        if out.exists() {
            return Err(Failure::Exists(format!("{} exists already", out.display())));
        }
        let bytes = file(&made, &out, asked.open)?;
        fs::write(&out, bytes).map_err(|error| Failure::File(out.clone(), error))?;
        say(&json!({ "people": people, "seed": asked.seed, "file": out }), |_| {
            format!("{people} people written to {}", out.display())
        });
        Ok(())
    }
}

fn file(made: &Roll, out: &std::path::Path, open: bool) -> Result<Vec<u8>, Failure> {
    let mut numbers = std::collections::HashMap::<Category, u32>::new();
    let codes: Vec<String> = made
        .people
        .iter()
        .map(|one| {
            let category = one.profile.category.unwrap_or(Category::Guest);
            let number = numbers.entry(category).or_default();
            *number += 1;
            format!("{}-{number:04}", category.prefix())
        })
        .collect();
    let units: std::collections::HashMap<_, _> =
        made.delegations.iter().map(|one| (one.id, one.name.as_str())).collect();
    let lines: Vec<Line<'_>> = made
        .people
        .iter()
        .zip(&codes)
        .map(|(one, code)| Line {
            code,
            profile: &one.profile,
            private: &one.private,
            delegation: one.profile.delegation.and_then(|id| units.get(&id)).copied().unwrap_or_default(),
            status: None,
        })
        .collect();
    let sight = Sight { restricted: !open, contacts: !open };
    let (heads, rows) = table(&lines, sight, Lang::Vi);
    match out.extension().and_then(|end| end.to_str()) {
        Some("csv") => Ok(csv(&heads, &rows).into_bytes()),
        Some("xlsx") => xlsx(&heads, &rows).map_err(Failure::other),
        _ => Err(Failure::Other("the file must end in .xlsx or .csv".to_owned())),
    }
}
