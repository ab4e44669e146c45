//! The people of a congress: the roll of delegates and all others, credentials, badges, attendance.
//!
//! Other areas may import this one, and only this one.

pub mod attendance;
pub mod badges;
pub mod credentials;
pub mod delegates;
pub mod gates;
pub mod generate;
pub mod intake;
pub mod printers;

/// The tables of all its areas, in the order in which they stand on each other.
pub fn migrations() -> Vec<platform::db::Migration> {
    [
        delegates::MIGRATIONS,
        intake::MIGRATIONS,
        attendance::MIGRATIONS,
        credentials::MIGRATIONS,
        badges::MIGRATIONS,
        gates::MIGRATIONS,
        printers::MIGRATIONS,
    ]
    .concat()
}
