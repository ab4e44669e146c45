//! The office's papers: the check of a document's layout against the rule.
//!
//! | file | what |
//! |---|---|
//! | `check` | a foreign document: its departures from the rule, a corrected copy |
//! | `check_api` | the same for programs |

pub mod check;
pub mod check_api;
#[cfg(test)]
mod check_tests;
