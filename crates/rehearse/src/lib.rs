//! A rehearsal: real arrivals played against a running server over HTTP.
//!
//! Lanes that are devices like any other join the server, people come by a plan made from a seed, packets get lost,
//! lanes are cut off, decide alone and merge. Beside the server stands an [`oracle`] that knows what should be true;
//! where the two differ, the [`report`] says so.
//!
//! The real roll-call is never touched: the rehearsal writes into a session of its own, of kind `sinh_hoat`, through
//! gates of its own in a zone where no real gate is open, and closes both when it ends.
//!
//! | module | what |
//! |---|---|
//! | `plan` | who comes when, to which lane, with what: pure, from a seed |
//! | `oracle` | what each verdict must be, who is inside, what conflicts: pure |
//! | `list` | the sealed list of a lane, opened as the browser does it |
//! | `http` | requests over kept connections |
//! | `office` | what the rehearsal asks of the server before and after: session, gates, devices, badges |
//! | `badges` | what is held out |
//! | `wire` | what lanes and server say to each other |
//! | `lane` | one lane: heartbeat, scans, merging |
//! | `alone` | what a lane says without a network |
//! | `run` | the whole of it |
//! | `report` | what was slow, lost or wrong; the picture that a page shows while it runs |

mod alone;
mod badges;
pub mod http;
pub mod lane;
pub mod list;
pub mod office;
pub mod oracle;
pub mod plan;
pub mod report;
pub mod run;
mod wire;

pub use run::{Options, run};

/// Why a rehearsal could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum RehearseError {
    /// The address of the server cannot be read.
    #[error("{0} is no address of a server: it begins with http:// or https://")]
    Address(String),
    /// The server cannot be reached.
    #[error("the server cannot be reached: {0}")]
    Network(String),
    /// The server said no.
    #[error("{what}: the server answered {status}: {text}")]
    Refused {
        /// What was asked.
        what: String,
        /// The status.
        status: u16,
        /// Its words.
        text: String,
    },
    /// An answer that is not what it should be.
    #[error("{what}: the answer cannot be read: {why}")]
    Answer {
        /// What was asked.
        what: String,
        /// Why.
        why: String,
    },
    /// Somebody works with this server.
    #[error(
        "this server is in use: {0}. Rehearse on a copy (dienhong backup, dienhong restore), or say --although-in-use"
    )]
    InUse(String),
    /// Something that the rehearsal needs is not there.
    #[error("{0}")]
    Missing(String),
    /// The signal to stop.
    #[error("stopped; the gates of the rehearsal are closed again")]
    Stopped,
}
