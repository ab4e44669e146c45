//! The papers of a weekly meeting: minutes, notice of conclusions, weekly report.
//!
//! [`gather`] reads them from what was frozen, signed or issued; each is built from [`facts`] alone, so that what is signed and what is printed cannot differ; the layout is
//! the press's. They are issued in Vietnamese, whatever the language of the page that shows them.

pub mod facts;
pub mod gather;
mod minutes;
mod notice;
mod report;
#[cfg(test)]
mod tests;
mod words;

pub use minutes::minutes;
pub use notice::notice;
pub use report::report;
