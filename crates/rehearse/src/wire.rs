//! What a lane and the server say to each other, and what people and lanes do.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

/// A scan as the server takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scan {
    /// Its number on this device.
    pub seq: u64,
    pub(crate) at: Timestamp,
    pub(crate) kind: &'static str,
    pub(crate) method: &'static str,
    pub(crate) pass: String,
    pub(crate) mode: &'static str,
    pub(crate) opened: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ScanResult {
    pub(crate) seq: u64,
    pub(crate) verdict: String,
    pub(crate) was: Option<String>,
    pub(crate) lane: Option<u16>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Told {
    pub(crate) now: Timestamp,
    pub(crate) results: Vec<ScanResult>,
    pub(crate) revocations: String,
    pub(crate) moves: Vec<(String, bool)>,
    pub(crate) moves_to: Timestamp,
    pub(crate) session: Option<String>,
    pub(crate) lanes: Vec<u16>,
    pub(crate) alone_after_ms: u64,
}

/// What somebody holds out.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The text of the code.
    pub text: Arc<str>,
    /// The copy of a badge, as the account numbers them; none for a code of nobody.
    pub copy: Option<usize>,
}

/// Somebody in the queue.
pub struct Stand {
    /// What they hold out.
    pub shown: Shown,
    /// Goes out.
    pub out: bool,
    /// How long the lane is taken.
    pub service: Duration,
    /// Since when they wait.
    pub since: Instant,
    /// What the lane said.
    pub reply: oneshot::Sender<Said>,
}

/// What a lane said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Went through.
    Opened,
    /// Another lane decides.
    Elsewhere(u16),
    /// Stays outside.
    Refused,
}
