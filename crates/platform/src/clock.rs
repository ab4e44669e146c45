//! Time comes in as a parameter, so that a whole congress can be replayed.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

/// Where instants come from.
pub trait Clock: Send + Sync + 'static {
    /// The instant that dates what happens.
    fn now(&self) -> Timestamp;
    /// The instant of the world outside, for codes that another device computes (TOTP).
    fn wall(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The machine's clock moved so that it started at a chosen instant: the demo lives on 26/09/2025.
#[derive(Debug, Clone, Copy)]
pub struct ShiftedClock(SignedDuration);

impl ShiftedClock {
    /// A clock that shows `start` now and goes on from there.
    pub fn starting_at(start: Timestamp) -> Self {
        Self(start.duration_since(Timestamp::now()))
    }

    /// A clock that is so many seconds ahead of the machine's; behind it when negative.
    pub fn by(seconds: i64) -> Self {
        Self(SignedDuration::from_secs(seconds))
    }

    /// How many seconds it is ahead of the machine's.
    pub fn seconds(&self) -> i64 {
        self.0.as_secs()
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        Timestamp::now().saturating_add(self.0).unwrap_or(Timestamp::MAX)
    }
}

/// A clock that stands still until it is set, for tests.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<std::sync::Mutex<Timestamp>>);

impl FixedClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(std::sync::Mutex::new(now)))
    }
    /// Moves the clock.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
    fn wall(&self) -> Timestamp {
        self.now()
    }
}

/// Vietnam's time zone, UTC+7 without daylight saving since 1975: every civil date in the product is there.
pub fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(7))
}

/// The civil date and time in Vietnam at an instant.
pub fn local(at: Timestamp) -> civil::DateTime {
    zone().to_datetime(at)
}

/// The instant at which a civil date and time happens in Vietnam.
pub fn instant(at: civil::DateTime) -> Timestamp {
    zone().to_timestamp(at).unwrap_or(Timestamp::MAX)
}
