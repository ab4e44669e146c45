//! The roll in and out as tables: import with everything looked at before anything is written, and export.
//!
//! | file | what |
//! |---|---|
//! | `vocabulary` | the words of headings and cells, both ways |
//! | `read` | foreign bytes → rows, with limits |
//! | `plan` | what the rows would do to the roll |
//! | `draft` | the file that waits, and the yes |
//! | `out` | the table that goes out |
//! | `pages`, `api` | the same for people and for programs |
//!
//! Events: `delegate.import_*`, `delegate.imported` with counts and the file's hash, `delegate.exported` when
//! restricted columns went out, and `delegate.changed` for each person who changed.

pub mod api;
pub mod draft;
pub mod out;
pub mod pages;
pub mod plan;
pub mod read;
#[cfg(test)]
mod tests;
pub mod vocabulary;

use platform::{db::Migration, i18n::Catalogue};

platform::inventory::submit! {
    Catalogue { area: "intake", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of files that wait and of names that other systems use.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "intake", version: 1, sql: include_str!("migrations/1.sql") }];
