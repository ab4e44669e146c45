//! Which device was heard of when: in memory, written down a few times a minute.
//!
//! A device says something every two seconds. Writing each of these down would fill the audit log with nothing, so a
//! node keeps them and writes all at once ([`Heard::due`]); another node of a cluster sees what is written.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use super::model::{Device, DeviceId};

/// How long a lane may be silent before the server sends its passes there: three times what a device waits.
pub const SILENT: Duration = Duration::from_secs(6);
/// The same for a device that another node hears of.
pub const SILENT_ELSEWHERE: Duration = Duration::from_secs(15);
/// How long after its last answered request a device decides alone: later than the server has noticed its silence.
pub const ALONE_AFTER: Duration = Duration::from_secs(8);
/// A terminal that recognises faces speaks when somebody comes and says that it is there twice a minute.
pub const SILENT_TERMINAL: Duration = Duration::from_secs(90);
/// How often what was heard is written down.
const WRITE_EVERY: Duration = Duration::from_secs(8);

/// What a device says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// When, on the server's clock; never later than the device says that it sent it.
    pub at: Timestamp,
    /// How far its clock is behind.
    pub offset_ms: i64,
    /// Scans that wait.
    pub waiting: u32,
    /// Its battery in percent.
    pub battery: Option<u8>,
    /// The sequence of the list that it has.
    pub list_known: u32,
}

#[derive(Debug, Default)]
struct Kept {
    told: HashMap<DeviceId, Told>,
    written: Option<Timestamp>,
}

/// What this node heard.
#[derive(Debug, Default)]
pub struct Heard(Mutex<Kept>);

impl Heard {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A device said something.
    pub fn tell(&self, device: DeviceId, told: Told) {
        let mut kept = self.kept();
        // A request that was long under way says nothing new.
        if kept.told.get(&device).is_none_or(|known| known.at <= told.at) {
            kept.told.insert(device, told);
        }
    }

    /// What it said last.
    pub fn told(&self, device: DeviceId) -> Option<Told> {
        self.kept().told.get(&device).copied()
    }

    /// Everything, when it is time to write it down.
    pub fn due(&self, now: Timestamp) -> Option<Vec<(DeviceId, Told)>> {
        let mut kept = self.kept();
        if kept.written.is_some_and(|at| now < at + WRITE_EVERY) {
            return None;
        }
        kept.written = Some(now);
        Some(kept.told.iter().map(|(device, told)| (*device, *told)).collect())
    }

    /// When a device was last heard of, by this node or another.
    pub fn last(&self, device: &Device) -> Timestamp {
        self.told(device.id).map_or(device.seen_at, |told| told.at.max(device.seen_at))
    }

    /// Whether a terminal is silent: nothing is decided by it, a board says it.
    pub fn is_silent_terminal(&self, device: &Device, now: Timestamp) -> bool {
        now > self.last(device) + SILENT_TERMINAL
    }

    /// Whether a device is silent, so that it may be deciding alone.
    pub fn is_silent(&self, device: &Device, now: Timestamp) -> bool {
        match self.told(device.id) {
            Some(told) if told.at >= device.seen_at => now > told.at + SILENT,
            _ => now > device.seen_at + SILENT_ELSEWHERE,
        }
    }
}
