//! Forms: what was typed, as it was typed, what is wrong with it, and where to go when it was taken.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use rules::{dates::DateError, message};

use super::{Cx, FieldProblem};
use crate::i18n::{self, Arg, IntoArg as _};

/// Everything that a browser sent, by name, in its order. Nothing that was typed is lost, wrong or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(BTreeMap<String, Vec<String>>);

/// A row of a repeated group as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedRow(pub Vec<String>);

impl TypedRow {
    /// A cell; empty when the browser sent none.
    pub fn cell(&self, at: usize) -> &str {
        self.0.get(at).map_or("", String::as_str)
    }
}

/// Rows more than anybody types by hand.
const MOST_ROWS: usize = 100;

impl From<Vec<(String, String)>> for Typed {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            typed.0.entry(name).or_default().push(value);
        }
        typed
    }
}

impl Typed {
    /// The first value of a name.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// All values of a name.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a box is ticked.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).iter().any(|one| one == value)
    }

    /// Puts one value in the place of what was typed.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), vec![value.into()]);
    }

    /// Adds pairs after those that are there.
    pub fn extend(&mut self, pairs: impl IntoIterator<Item = (String, String)>) {
        for (name, value) in pairs {
            self.0.entry(name).or_default().push(value);
        }
    }

    /// All pairs, as a browser would send them.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.0
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |one| (name.clone(), one.clone())))
            .collect()
    }

    /// The rows of a repeated group, those that say nothing left out.
    pub fn rows(&self, columns: &[&str]) -> Vec<TypedRow> {
        let count = columns.iter().map(|name| self.all(name).len()).max().unwrap_or(0).min(MOST_ROWS);
        (0..count)
            .map(|at| {
                TypedRow(
                    columns
                        .iter()
                        .map(|name| {
                            self.all(name).get(at).map_or(String::new(), |cell| cell.trim().to_owned())
                        })
                        .collect(),
                )
            })
            .filter(|row: &TypedRow| row.0.iter().any(|cell| !cell.is_empty()))
            .collect()
    }

    /// The rows with spare ones at the end, so that more can be added without scripts.
    pub fn with_spare(&self, columns: &[&str]) -> Vec<TypedRow> {
        let mut rows = self.rows(columns);
        let spare = if rows.is_empty() { 2 } else { 1 };
        rows.extend(std::iter::repeat_n(TypedRow(vec![String::new(); columns.len()]), spare));
        rows
    }
}

/// Leads on after an act; `done` names the notice shown there.
pub fn see(address: &str, done: &str) -> Response {
    let (path, mark) = (address, if address.contains('?') { '&' } else { '?' });
    let to = if done.is_empty() { path.to_owned() } else { format!("{path}{mark}xong={done}") };
    let to = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// What is wrong with one field, in words; empty when nothing is.
pub fn problem(cx: &Cx, problems: &[FieldProblem], name: &str) -> String {
    let said: Vec<String> =
        problems.iter().filter(|problem| problem.name == name).map(|problem| problem.message(cx)).collect();
    said.join(" ")
}

/// The arguments of a rule's message as arguments of a sentence. Dates are written 05/10/2025; parts of a date
/// are no amounts and get no thousands separator.
pub fn args(given: message::Args) -> Vec<(&'static str, Arg)> {
    given
        .into_iter()
        .map(|(name, value)| {
            let value = match value {
                message::Arg::Number(number) if matches!(name, "year" | "month" | "day") => {
                    number.to_string().arg()
                }
                message::Arg::Number(number) => number.arg(),
                message::Arg::Date(date) => i18n::fmt::date(date).arg(),
                message::Arg::Text(text) => text.arg(),
            };
            (name, value)
        })
        .collect()
}

/// What is wrong with a date.
pub fn date_problem(field: &'static str, error: &DateError) -> FieldProblem {
    FieldProblem { name: field.into(), message_key: error.key(), args: args(error.args()) }
}
