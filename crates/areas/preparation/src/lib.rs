//! Preparation of the congress: tasks in six rõ.

pub mod decisions;
pub mod demo;
pub mod tasks;
