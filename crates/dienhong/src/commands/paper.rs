//! `dienhong paper`: a document held to the rule on layout, on a machine that need not be a server.

use std::{fs, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use platform::{
    clock::{self, Clock, SystemClock},
    i18n::Lang,
};
use preparation::papers::{check, check_api::CheckOut};
use print::{
    check::{Against, Refused, correct},
    profile::Family,
};

use super::{Failure, say};

/// Official papers.
#[derive(Debug, Subcommand)]
pub enum Paper {
    /// Hold a DOCX to the rule on layout and list each departure with its clause
    #[command(
        after_help = "Examples:\n  dienhong paper check thong-bao.docx\n  dienhong paper check thong-bao.docx --on 2026-09-05 --body party\n  dienhong paper check thong-bao.docx --corrected thong-bao-da-sua.docx\n\nExit codes: 0 it keeps the rule, 1 it is no document that can be read, 3 it departs from the rule, 4 it is not there."
    )]
    Check(Check),
}

/// Whose rule.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Body {
    /// Party bodies and congresses
    Party,
    /// State bodies
    State,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The document
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Day of issue, as 2026-09-05 [default: the day on the document]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Whose rule [default: what the heading says]
    #[arg(long, value_enum)]
    body: Option<Body>,
    /// Write a copy in which what a machine can put right is right
    #[arg(long, value_name = "FILE")]
    corrected: Option<PathBuf>,
}

impl Paper {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Check(check) => check.run(),
        }
    }
}

impl Check {
    fn run(self) -> Result<(), Failure> {
        if let Some(copy) = self.corrected.as_ref().filter(|copy| copy.exists()) {
            return Err(Failure::Exists(format!("{} exists already", copy.display())));
        }
        let bytes = fs::read(&self.file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::Missing(format!("{} is not there", self.file.display())),
            _ => Failure::File(self.file.clone(), error),
        })?;
        let against = Against {
            on: self.on,
            family: self.body.map(|body| match body {
                Body::Party => Family::Party,
                Body::State => Family::State,
            }),
        };
        let today = clock::local(SystemClock.now()).date();
        let corrected = correct(&bytes, against, today).map_err(|refused: Refused| {
            Failure::Other(platform::i18n::t(Lang::Vi, check::refusal(refused)).into_owned())
        })?;
        if let Some(copy) = &self.corrected {
            fs::write(copy, &corrected.docx).map_err(|error| Failure::File(copy.clone(), error))?;
        }
        let found = CheckOut::of(Lang::Vi, &corrected.before);
        let value = serde_json::to_value(&found).map_err(Failure::other)?;
        let short = &corrected.before.profile.short;
        say(&value, |_| {
            let mut lines = Vec::new();
            for departure in &found.departures {
                lines.push(departure.sentence.clone());
                if !departure.excerpt.is_empty() {
                    lines.push(format!("    » {}", departure.excerpt));
                }
                lines.push(format!("    {short}, {}: {}", departure.clause, departure.says));
            }
            lines.extend(found.unsure.iter().map(|departure| format!("? {}", departure.sentence)));
            lines.push(format!("{short}: {} departures ({})", found.departures.len(), found.rule));
            lines.join("\n")
        });
        if found.clean {
            Ok(())
        } else {
            Err(Failure::NotSound(format!("{} departures from {short}", found.departures.len())))
        }
    }
}
