//! Pages of the register: parse, one transaction, render.

use axum::Router;
use platform::app::App;

pub mod exchange;
pub mod print;
#[cfg(test)]
mod print_tests;
pub mod task;
pub mod views;

/// All pages of tasks.
pub fn routes() -> Router<App> {
    views::routes().merge(task::routes()).merge(exchange::routes())
}
