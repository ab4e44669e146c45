//! Between the register and files: rows of the annex, what an annex would change, the Gantt picture, CSV, and
//! the report that is signed.
//!
//! | file | what |
//! |---|---|
//! | `annex` | a task as a row of the annex, and names that find their unit or office again |
//! | `import` | what a file would change, the upload that waits for a yes, and the yes |
//! | `picture` | the Gantt chart and the CSV table of picked tasks |
//! | `report` | the summary report: computed, checked, signed, kept |

pub mod annex;
pub mod import;
pub mod picture;
pub mod report;

use platform::i18n::{self, IntoArg as _, Lang};
use rules::{
    message::{Arg, Args},
    timing::{Timed, Timing},
};

/// The sentence of a rule: its key with its arguments.
pub fn sentence(lang: Lang, key: &str, args: &Args) -> String {
    let args: Vec<(&str, i18n::Arg)> = args
        .iter()
        .map(|(name, value)| {
            let value = match value {
                // Parts of a date are no amounts and get no thousands separator.
                Arg::Number(number) if matches!(*name, "year" | "month" | "day" | "row") => {
                    number.to_string().arg()
                }
                Arg::Number(number) => number.arg(),
                Arg::Date(date) => i18n::fmt::date(*date).arg(),
                Arg::Text(text) => text.arg(),
            };
            (*name, value)
        })
        .collect();
    i18n::tr(lang, key, &args)
}

/// The catalogue of a language as the pure writers ask for it.
pub fn words(lang: Lang) -> impl Fn(&str, &[(&str, &str)]) -> String {
    move |key, args| {
        let args: Vec<(&str, i18n::Arg)> = args.iter().map(|(name, value)| (*name, value.arg())).collect();
        i18n::tr(lang, key, &args)
    }
}

/// A timing with its distance in words: "Quá hạn · 2 ngày".
pub fn timing_words(lang: Lang, timed: Timed) -> String {
    let name = i18n::t(lang, timed.timing.key());
    let shown = matches!(
        timed.timing,
        Timing::NotYet | Timing::DueSoon | Timing::Overdue | Timing::DoneEarly | Timing::DoneLate
    );
    if !shown || timed.days == 0 {
        return name.into_owned();
    }
    let days = i18n::tr(lang, "exchange-days", &[("count", timed.days.unsigned_abs().arg())]);
    format!("{name} · {days}")
}
