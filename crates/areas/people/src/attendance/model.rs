//! Sessions and events as values.

use std::time::Duration;

use jiff::Timestamp;
use platform::{id, names, row};
use rules::attendance::{self as rule, Kind, Standing, Start};
use serde::Serialize;

use crate::delegates::model::{Participant, ParticipantId};

id! {
    /// Something that a gate or a desk wrote down.
    EventId
}

names! {
    /// What a session is.
    SessionKind {
        /// Phiên trù bị.
        Preparatory = "tru_bi",
        /// Phiên chính thức.
        Official = "chinh_thuc",
        /// Sinh hoạt, tập huấn, tổng duyệt: before and beside the sessions.
        Gathering = "sinh_hoat",
    }
}

names! {
    /// What happened.
    Mark {
        /// Vào.
        In = "in",
        /// Ra.
        Out = "out",
        /// Cho vắng có lý do.
        Leave = "leave_granted",
        /// Hủy một lần ghi.
        Void = "void",
    }
}

impl From<Mark> for Kind {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::In => Self::In,
            Mark::Out => Self::Out,
            Mark::Leave => Self::LeaveGranted,
            Mark::Void => Self::Void,
        }
    }
}

names! {
    /// How somebody was recognised.
    Method {
        /// Quét mã trên thẻ.
        Qr = "qr",
        /// Quét thẻ căn cước.
        Card = "cccd",
        /// Nhận diện khuôn mặt.
        Face = "face",
        /// Bằng tay, tại bàn.
        Manual = "manual",
    }
}

row! {
    /// A session of the congress.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
    pub struct Session {
        /// Its name in addresses: `tru-bi`, `chinh-thuc-1`.
        pub slug: String,
        /// Its title.
        pub title: String,
        /// What it is.
        pub kind: SessionKind,
        /// When it begins.
        #[schema(value_type = String, format = "date-time")]
        pub starts_at: Timestamp,
        /// When it ends.
        #[schema(value_type = String, format = "date-time")]
        pub ends_at: Timestamp,
        /// Where.
        pub place: String,
        /// Minutes after the beginning during which nobody is late.
        pub grace_minutes: u16,
        /// Grows with each change.
        pub version: i64,
    }
}

impl Session {
    /// From when somebody is late.
    pub fn start(&self) -> Start {
        Start { at: self.starts_at, grace: Duration::from_secs(u64::from(self.grace_minutes) * 60) }
    }

    /// Where its roll-call is.
    pub fn href(&self) -> String {
        format!("/phien/{}/diem-danh", self.slug)
    }
}

/// What is written down about a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is.
    pub kind: SessionKind,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Where.
    pub place: String,
    /// Minutes of grace.
    pub grace_minutes: u16,
}

row! {
    /// An event as kept.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Event {
        /// Its id.
        pub id: EventId,
        /// Of whom.
        pub participant: ParticipantId,
        /// What happened.
        pub kind: Mark,
        /// How they were recognised.
        pub method: Method,
        /// Where.
        pub gate: String,
        /// The instant, on the corrected clock.
        pub at: Timestamp,
        /// The office at the desk or gate.
        pub by_office: String,
        /// Why, for leave and voids.
        pub reason: String,
        /// What a void takes back.
        pub voids: Option<EventId>,
    }
}

impl Event {
    /// What the rule counts of it.
    pub fn counted(&self) -> rule::Event<EventId> {
        rule::Event { id: self.id, kind: self.kind.into(), at: self.at, voids: self.voids }
    }
}

/// Something to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMark {
    /// An id that whoever sends it chose, so that sending it twice counts once.
    pub id: Option<EventId>,
    /// What happened.
    pub kind: Mark,
    /// How they were recognised.
    pub method: Method,
    /// Where.
    pub gate: String,
    /// The device with its number of this event; none for a desk, whose events are numbered here.
    pub device: Option<(String, u64)>,
    /// The corrected instant; now when none.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: String,
    /// What a void takes back; the last event that counts when none.
    pub voids: Option<EventId>,
}

impl NewMark {
    /// A mark made by hand, now.
    pub fn by_hand(kind: Mark, reason: impl Into<String>) -> Self {
        Self {
            id: None,
            kind,
            method: Method::Manual,
            gate: String::new(),
            device: None,
            at: None,
            reason: reason.into(),
            voids: None,
        }
    }
}

/// A delegate and how they stand.
#[derive(Debug, Clone)]
pub struct Attending {
    /// Who.
    pub who: Participant,
    /// How they stand.
    pub standing: Standing,
    /// The reason of their leave; empty without one.
    pub reason: String,
    /// Whether there is something that can be taken back.
    pub marked: bool,
}
