//! Gates, their devices, and what devices send.

use jiff::Timestamp;
use platform::{id, identity::TokenId, names, row};
use serde::{Deserialize, Serialize};

use crate::{
    attendance::model::{EventId, Mark, Method, Session},
    delegates::model::ParticipantId,
};

id! {
    /// A device that joined a gate.
    DeviceId
}

names! {
    /// Which way people go through a gate.
    Direction {
        /// Vào.
        In = "vao",
        /// Ra.
        Out = "ra",
        /// Hai chiều.
        Both = "hai_chieu",
    }
}

names! {
    /// What a device at a gate is for.
    DeviceRole {
        /// Trực cổng: scans, and takes back what it scanned.
        Steward = "truc_cong",
        /// Giám sát: also finds people by name without a network, and lets in by a signed word of its own.
        Supervisor = "giam_sat",
        /// Cán bộ thẻ: also locks a badge on the spot.
        Officer = "can_bo_the",
        /// Máy nhận diện: a face terminal; never decides alone.
        Terminal = "may_nhan_dien",
    }
}

impl DeviceRole {
    /// Whether it may set a refusal aside and carries names.
    pub fn supervises(self) -> bool {
        matches!(self, Self::Supervisor | Self::Officer)
    }
}

names! {
    /// Who decided about a scan.
    Mode {
        /// The server.
        Online = "truc_tuyen",
        /// The device alone.
        Isolated = "co_lap",
    }
}

row! {
    /// A gate.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
    pub struct Gate {
        /// Its name in addresses: `cong-1`.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// The zone behind it: a bit of a pass.
        pub zone: u8,
        /// Its number among the lanes of the zone.
        pub lane: u16,
        /// Which way people go.
        pub direction: Direction,
        /// Whether it is one of the lanes that passes are shared among.
        pub is_open: bool,
        /// Whether nobody counts before the steward presses.
        pub confirms: bool,
        /// Grows with each change.
        pub version: i64,
    }
}

impl Gate {
    /// The page that its device opens.
    pub fn href(&self) -> String {
        format!("/cong/{}/quet", self.slug)
    }
}

/// What is written down about a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGate {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The zone behind it.
    pub zone: u8,
    /// Its number.
    pub lane: u16,
    /// Which way.
    pub direction: Direction,
    /// Whether it is open.
    pub is_open: bool,
    /// Whether nobody counts before the steward presses.
    pub confirms: bool,
    /// The sessions; none names all.
    pub sessions: Vec<String>,
}

row! {
    /// A device of a gate.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Device {
        /// The id.
        pub id: DeviceId,
        /// Its gate.
        pub gate: String,
        /// Its token.
        pub token: TokenId,
        /// What it is called.
        pub name: String,
        /// Whether a supervisor holds it.
        pub supervisor: bool,
        /// What it is for.
        pub role: DeviceRole,
        /// From when it works; at once without one.
        pub from_at: Option<Timestamp>,
        /// Until when; as long as its token without one.
        pub until_at: Option<Timestamp>,
        /// The key of a supervisor's device: the uncompressed point of P-256.
        pub public_key: Option<Vec<u8>>,
        /// When it joined.
        pub enrolled_at: Timestamp,
        /// By the code of which office.
        pub enrolled_by: String,
        /// When it was sent away.
        pub ended_at: Option<Timestamp>,
        /// When it was last heard of, as last written down.
        pub seen_at: Timestamp,
        /// How far its clock is behind the server's, in milliseconds.
        pub offset_ms: i64,
        /// Scans that wait on it.
        pub waiting: u32,
        /// Its battery in percent, where it says so.
        pub battery: Option<u8>,
        /// The sequence of the list of the revoked that it has.
        pub list_known: u32,
    }
}

/// One scan as a device sends it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScanIn {
    /// Grows with each scan of the device: the same number again is the same scan.
    pub seq: u64,
    /// The instant on the corrected clock.
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
    /// In, out, leave, void.
    pub kind: Mark,
    /// How the person was recognised.
    pub method: Method,
    /// The digits of a badge, as scanned.
    #[serde(default)]
    pub pass: Option<String>,
    /// The text of a citizen's card, as scanned.
    #[serde(default)]
    pub card: Option<String>,
    /// The code of the person: DB-0123.
    #[serde(default)]
    pub person: Option<String>,
    /// Who decided: the server decides now, or the device has decided.
    pub mode: Mode,
    /// Whether the device let the person through; counts only of what it decided itself.
    #[serde(default)]
    pub opened: bool,
    /// Whether a supervisor let in; needs a reason and a supervisor's device.
    #[serde(default)]
    pub overridden: bool,
    /// Needed for leave, void and a supervisor's word.
    #[serde(default)]
    pub reason: String,
    /// The number of the scan of this device that a void takes back.
    #[serde(default)]
    pub voids: Option<u64>,
}

/// What a device says: scans, or only that it is there.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchIn {
    /// When it sends this, on its corrected clock.
    #[schema(value_type = String, format = "date-time")]
    pub sent: Timestamp,
    /// How far its clock is behind the server's, in milliseconds.
    pub offset_ms: i64,
    /// Scans that wait on it, those of this batch left out.
    pub waiting: u32,
    /// Its battery in percent, where it knows.
    #[serde(default)]
    pub battery: Option<u8>,
    /// The sequence of the list of the revoked that it has.
    pub revoked_after: u32,
    /// The `moves_to` of the answer before; the whole session when not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub moves_after: Option<Timestamp>,
    /// None, or up to five thousand.
    pub scans: Vec<ScanIn>,
}

/// What became of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ScanOut {
    /// Its number.
    pub seq: u64,
    /// `admit`, `leave` and the refusals of a gate for what the server decided; `accepted`, `conflict`, `revoked`,
    /// `noted` for what the device had decided; `unknown`, `voided`, `leave_granted`, `duplicate`, `invalid`.
    pub verdict: String,
    /// What it was the first time, for a duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// The lane that decides, for `home_lane`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<u16>,
    /// What conflicts: `double_entry`, `not_home`, `revoked`, `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<&'static str>,
    /// Why a code is no pass: the key of its words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// The person, for a batch of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<CardOut>,
}

impl ScanOut {
    pub(crate) fn new(seq: u64, verdict: impl Into<String>) -> Self {
        Self { seq, verdict: verdict.into(), was: None, lane: None, conflict: None, why: None, card: None }
    }
}

/// What a steward sees of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CardOut {
    /// The code: DB-0123.
    pub code: String,
    /// The name.
    pub name: String,
    /// The group's number.
    pub group: Option<u16>,
    /// The category on the badge.
    pub category: String,
    /// What they are.
    pub position: String,
    /// Where the portrait is, if there is one.
    pub photo: Option<String>,
    /// Inside now.
    pub inside: bool,
    /// Since when.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub since: Option<Timestamp>,
    /// The seat in the session, where its plan is published: `F-12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// The number of the door that leads there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<u16>,
}

row! {
    /// A scan as kept.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Scan {
        /// The id; that of its attendance event too.
        pub id: EventId,
        /// Which device.
        pub device: DeviceId,
        /// Its number there.
        pub seq: u64,
        /// The gate.
        pub gate: String,
        /// The session it counts for.
        pub session: Option<String>,
        /// Whose; none for a code that nobody has.
        pub participant: Option<ParticipantId>,
        /// The id of the pass.
        pub pass: Option<Vec<u8>>,
        /// What.
        pub kind: Mark,
        /// How.
        pub method: Method,
        /// Who decided.
        pub mode: Mode,
        /// Whether the lane was the home of the pass.
        pub home: bool,
        /// By a supervisor.
        pub overridden: bool,
        /// Whether the person went through.
        pub opened: bool,
        /// The verdict.
        pub verdict: String,
        /// Why.
        pub reason: String,
        /// The number that a void takes back.
        pub voids: Option<u64>,
        /// Whether it is an event of the roll-call.
        pub has_event: bool,
        /// When.
        pub at: Timestamp,
        /// When the server heard of it.
        pub received_at: Timestamp,
    }
}

/// The session that something at an instant counts for: the one that has not ended yet, else the last.
pub fn session_at(sessions: &[Session], at: Timestamp) -> Option<&Session> {
    sessions.iter().find(|session| at < session.ends_at).or(sessions.last())
}
