//! What a decision says to people: a key, and arguments to put into the sentence.
//!
//! The sentence itself is in the Fluent files of the area (`vi` first), so that no decision
//! carries words and no word is missing in one of the languages without a test noticing.

use jiff::civil::Date;
use serde::Serialize;

/// One argument of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Arg {
    /// A count or a number of days.
    Number(i64),
    /// A calendar day; the area formats it for its language.
    Date(Date),
    /// Text that a person typed, or a stable machine name.
    Text(String),
}

/// The arguments of a message, by name.
pub type Args = Vec<(&'static str, Arg)>;
