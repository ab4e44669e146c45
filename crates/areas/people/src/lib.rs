//! The people of a congress: the roll of delegates and all others, credentials, badges, attendance, face terminals,
//! the press, vehicles and seating.
//!
//! Other areas may import this one, and only this one.

pub mod accreditation;
pub mod alternates;
pub mod attendance;
pub mod badges;
pub mod credentials;
pub mod delegates;
pub mod gates;
pub mod generate;
pub mod intake;
pub mod letters;
pub mod printers;
pub mod seating;
pub mod terminals;
pub mod vehicles;

/// The tables of all its areas, in the order in which they stand on each other.
pub fn migrations() -> Vec<platform::db::Migration> {
    [
        delegates::MIGRATIONS,
        intake::MIGRATIONS,
        attendance::MIGRATIONS,
        credentials::MIGRATIONS,
        badges::MIGRATIONS,
        letters::MIGRATIONS,
        gates::MIGRATIONS,
        terminals::MIGRATIONS,
        printers::MIGRATIONS,
        accreditation::MIGRATIONS,
        vehicles::MIGRATIONS,
        seating::MIGRATIONS,
    ]
    .concat()
}
