//! Preparation of the congress: tasks in six rõ, decisions, venues.

pub mod briefings;
pub mod decisions;
pub mod demo;
mod listing;
mod names;
pub mod papers;
pub mod tasks;
pub mod venues;
