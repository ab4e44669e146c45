//! What a screening finds besides its numbers.

use serde::Serialize;

use super::{
    Clause, FireGrade, LEAST_HEIGHT_MM,
    step::{metres, number},
};
use crate::message::{Arg, Args};

/// What a finding means for the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Against the regulation.
    Violation,
    /// Not measured, so not judged: the result stays open.
    Missing,
    /// Worth knowing; the result stands.
    Note,
}

/// What was found besides the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// No way out was written down.
    NoExits,
    /// One way out where two are needed: with the widest taken away nobody gets out.
    OneExit {
        /// For so many people.
        people: u32,
    },
    /// A way out too narrow to be one.
    TooNarrow {
        /// Which.
        exit: String,
        /// Its width, millimetres.
        width_mm: u32,
        /// The least, millimetres.
        least_mm: u32,
    },
    /// A way out too low to be one.
    TooLow {
        /// Which.
        exit: String,
        /// Its height, millimetres.
        height_mm: u32,
    },
    /// A height that nobody measured.
    HeightUnknown {
        /// Which exit.
        exit: String,
    },
    /// Exits stand too close together.
    TooClose {
        /// How far apart, millimetres.
        apart_mm: u32,
        /// The least, millimetres.
        least_mm: u32,
    },
    /// Nobody measured how far apart exits are.
    ApartUnknown,
    /// The way to an exit is too long.
    TooFar {
        /// How long, millimetres.
        length_mm: u32,
        /// The most, millimetres.
        most_mm: u32,
        /// Whether it is the way out of a dead end.
        dead_end: bool,
    },
    /// Nobody measured the way to an exit.
    TravelUnknown,
    /// For this grade our reference prints no longest way.
    TravelNotStated {
        /// The grade.
        grade: FireGrade,
    },
    /// The volume is not known: Bảng G.5 cannot be read.
    VolumeUnknown,
    /// The fire grade is not known: Bảng G.5 cannot be read.
    GradeUnknown,
    /// Bảng G.5 in our reference has no number for this grade and volume.
    FlowNotStated {
        /// The grade.
        grade: FireGrade,
        /// The volume, m³.
        volume_m3: u32,
    },
    /// The seats by design are not known.
    SeatsUnknown,
    /// A hall with fixed seats: a fire engineer must choose the table.
    FixedSeats,
}

impl Finding {
    /// Every message key, for the test of words.
    pub const KEYS: [&'static str; 16] = [
        "egress-no-exits",
        "egress-one-exit",
        "egress-too-narrow",
        "egress-too-low",
        "egress-height-unknown",
        "egress-too-close",
        "egress-apart-unknown",
        "egress-too-far",
        "egress-dead-end-too-far",
        "egress-travel-unknown",
        "egress-travel-not-stated",
        "egress-volume-unknown",
        "egress-grade-unknown",
        "egress-flow-not-stated",
        "egress-seats-unknown",
        "egress-fixed-seats",
    ];

    /// What it means for the result.
    pub fn weight(&self) -> Weight {
        match self {
            Self::OneExit { .. } | Self::TooClose { .. } | Self::TooFar { .. } => Weight::Violation,
            Self::NoExits
            | Self::VolumeUnknown
            | Self::GradeUnknown
            | Self::FlowNotStated { .. }
            | Self::SeatsUnknown => Weight::Missing,
            // An exit that is none is left out of the sum, so what remains is judged without it.
            Self::TooNarrow { .. }
            | Self::TooLow { .. }
            | Self::HeightUnknown { .. }
            | Self::ApartUnknown
            | Self::TravelUnknown
            | Self::TravelNotStated { .. }
            | Self::FixedSeats => Weight::Note,
        }
    }

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NoExits => "egress-no-exits",
            Self::OneExit { .. } => "egress-one-exit",
            Self::TooNarrow { .. } => "egress-too-narrow",
            Self::TooLow { .. } => "egress-too-low",
            Self::HeightUnknown { .. } => "egress-height-unknown",
            Self::TooClose { .. } => "egress-too-close",
            Self::ApartUnknown => "egress-apart-unknown",
            Self::TooFar { dead_end: false, .. } => "egress-too-far",
            Self::TooFar { dead_end: true, .. } => "egress-dead-end-too-far",
            Self::TravelUnknown => "egress-travel-unknown",
            Self::TravelNotStated { .. } => "egress-travel-not-stated",
            Self::VolumeUnknown => "egress-volume-unknown",
            Self::GradeUnknown => "egress-grade-unknown",
            Self::FlowNotStated { .. } => "egress-flow-not-stated",
            Self::SeatsUnknown => "egress-seats-unknown",
            Self::FixedSeats => "egress-fixed-seats",
        }
    }

    /// The clause it follows from.
    pub fn clause(&self) -> Clause {
        match self {
            Self::NoExits | Self::OneExit { .. } => Clause::Exits,
            Self::TooNarrow { .. } | Self::TooLow { .. } | Self::HeightUnknown { .. } => Clause::Clear,
            Self::TooClose { .. } | Self::ApartUnknown => Clause::Apart,
            Self::TooFar { .. } | Self::TravelUnknown | Self::TravelNotStated { .. } => Clause::Travel,
            Self::VolumeUnknown | Self::GradeUnknown | Self::FlowNotStated { .. } | Self::FixedSeats => {
                Clause::G5
            }
            Self::SeatsUnknown => Clause::G9,
        }
    }

    /// Arguments of the message; lengths in millimetres are written as metres.
    pub fn args(&self) -> Args {
        match self {
            Self::OneExit { people } => vec![("people", number(*people))],
            Self::TooNarrow { exit, width_mm, least_mm } => vec![
                ("exit", Arg::Text(exit.clone())),
                ("width", metres(*width_mm)),
                ("least", metres(*least_mm)),
            ],
            Self::TooLow { exit, height_mm } => vec![
                ("exit", Arg::Text(exit.clone())),
                ("height", metres(*height_mm)),
                ("least", metres(LEAST_HEIGHT_MM)),
            ],
            Self::HeightUnknown { exit } => vec![("exit", Arg::Text(exit.clone()))],
            Self::TooClose { apart_mm, least_mm } => {
                vec![("apart", metres(*apart_mm)), ("least", metres(*least_mm))]
            }
            Self::TooFar { length_mm, most_mm, .. } => {
                vec![("length", metres(*length_mm)), ("most", metres(*most_mm))]
            }
            Self::TravelNotStated { grade } => vec![("grade", Arg::Text(grade.to_string()))],
            Self::FlowNotStated { grade, volume_m3 } => {
                vec![("grade", Arg::Text(grade.to_string())), ("volume", number(*volume_m3))]
            }
            Self::NoExits
            | Self::ApartUnknown
            | Self::TravelUnknown
            | Self::VolumeUnknown
            | Self::GradeUnknown
            | Self::SeatsUnknown
            | Self::FixedSeats => Vec::new(),
        }
    }
}
