//! Preparation of the congress: tasks in six rõ, briefings, decisions, papers, venues.

pub mod briefings;
pub mod decisions;
pub mod demo;
pub mod papers;
pub mod tasks;
pub mod venues;

/// The tables of all its areas, in the order in which they stand on each other.
pub fn migrations() -> Vec<platform::db::Migration> {
    [tasks::MIGRATIONS, decisions::MIGRATIONS, venues::MIGRATIONS, briefings::MIGRATIONS].concat()
}
