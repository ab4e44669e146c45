//! Preparation of the congress: tasks in six rõ, decisions, venues.

pub mod briefings;
pub mod decisions;
pub mod demo;
mod names;
mod listing;
pub mod papers;
pub mod tasks;
pub mod venues;
