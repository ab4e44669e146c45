//! What every area of Diên Hồng stands on.
//!
//! `db` is the one way to read and write, `audit` puts every change on the record, `identity` says who may
//! do what, `live` carries changes to the screens, `files` keeps bytes, `jobs` does long work, `i18n` has the
//! words and `web` the page around every area's content.

pub mod api;
pub mod app;
pub mod audit;
pub mod clock;
pub mod congress;
pub mod db;
pub mod files;
pub mod i18n;
pub mod identity;
pub mod jobs;
pub mod kept;
pub mod live;
mod names;
pub mod papers;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod web;

#[doc(hidden)]
pub use inventory;
#[doc(hidden)]
pub use uuid;

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}
