//! The working of a screening, line by line.

use serde::Serialize;

use super::{Clause, FireGrade};
use crate::message::{Arg, Args};

/// One line of the working: what was computed, from what, by which clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// People needed with the reserve: `people × (100 + reserve) / 100`, rounded up.
    Need {
        /// People expected in the hall.
        people: u32,
        /// Reserve, percent.
        reserve: u32,
        /// With the reserve.
        need: u32,
    },
    /// People by area ÷ norm, where no seats by design are known.
    ByArea {
        /// Hundredths of a square metre.
        area: u32,
        /// Hundredths of a square metre for each person.
        norm: u32,
        /// People.
        people: u32,
    },
    /// Seats by design.
    Seats {
        /// How many.
        seats: u32,
    },
    /// The width of all exits that count.
    Widths {
        /// How many count.
        count: u32,
        /// Their widths, millimetres, widest first.
        widths_mm: Vec<u32>,
        /// Their sum, millimetres.
        total_mm: u64,
    },
    /// The widest exit is taken away: it may be the one that burns.
    WithoutWidest {
        /// The sum, millimetres.
        total_mm: u64,
        /// The widest, millimetres.
        widest_mm: u32,
        /// What is left, millimetres.
        left_mm: u64,
    },
    /// People for each metre from Bảng G.5.
    Flow {
        /// The volume, m³.
        volume_m3: u32,
        /// The grade.
        grade: FireGrade,
        /// People for each metre.
        per_metre: u32,
    },
    /// Sức thoát.
    Egress {
        /// Width that counts, millimetres.
        left_mm: u64,
        /// People for each metre.
        per_metre: u32,
        /// People, rounded down.
        egress: u32,
    },
    /// Sức chứa an toàn.
    Safe {
        /// Seats by design, or people by area.
        seats: u32,
        /// People who get out.
        egress: u32,
        /// The smaller.
        safe: u32,
    },
    /// Enough or not.
    Compare {
        /// Sức chứa an toàn.
        safe: u32,
        /// Needed with the reserve.
        need: u32,
        /// Whether it is enough.
        enough: bool,
    },
}

impl Step {
    /// Every message key, for the test of words.
    pub const KEYS: [&'static str; 10] = [
        "egress-step-need",
        "egress-step-by-area",
        "egress-step-seats",
        "egress-step-widths",
        "egress-step-without-widest",
        "egress-step-flow",
        "egress-step-egress",
        "egress-step-safe",
        "egress-step-enough",
        "egress-step-short",
    ];

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Need { .. } => "egress-step-need",
            Self::ByArea { .. } => "egress-step-by-area",
            Self::Seats { .. } => "egress-step-seats",
            Self::Widths { .. } => "egress-step-widths",
            Self::WithoutWidest { .. } => "egress-step-without-widest",
            Self::Flow { .. } => "egress-step-flow",
            Self::Egress { .. } => "egress-step-egress",
            Self::Safe { .. } => "egress-step-safe",
            Self::Compare { enough: true, .. } => "egress-step-enough",
            Self::Compare { enough: false, .. } => "egress-step-short",
        }
    }

    /// The clause it follows from.
    pub fn clause(&self) -> Clause {
        match self {
            Self::ByArea { .. } | Self::Seats { .. } => Clause::G9,
            Self::Widths { .. } => Clause::Clear,
            Self::WithoutWidest { .. } | Self::Flow { .. } | Self::Egress { .. } => Clause::G5,
            Self::Need { .. } | Self::Safe { .. } | Self::Compare { .. } => Clause::Own,
        }
    }

    /// Arguments of the message; lengths are written as metres.
    pub fn args(&self) -> Args {
        match self {
            Self::Need { people, reserve, need } => {
                vec![("people", number(*people)), ("reserve", number(*reserve)), ("need", number(*need))]
            }
            Self::ByArea { area, norm, people } => vec![
                ("area", Arg::Text(decimal(u64::from(*area), 100))),
                ("norm", Arg::Text(decimal(u64::from(*norm), 100))),
                ("people", number(*people)),
            ],
            Self::Seats { seats } => vec![("seats", number(*seats))],
            Self::Widths { count, widths_mm, total_mm } => vec![
                ("count", number(*count)),
                ("widths", Arg::Text(sum_text(widths_mm))),
                ("total", Arg::Text(decimal(*total_mm, 1000))),
            ],
            Self::WithoutWidest { total_mm, widest_mm, left_mm } => vec![
                ("total", Arg::Text(decimal(*total_mm, 1000))),
                ("widest", metres(*widest_mm)),
                ("left", Arg::Text(decimal(*left_mm, 1000))),
            ],
            Self::Flow { volume_m3, grade, per_metre } => vec![
                ("volume", number(*volume_m3)),
                ("grade", Arg::Text(grade.to_string())),
                ("per_metre", number(*per_metre)),
            ],
            Self::Egress { left_mm, per_metre, egress } => vec![
                ("left", Arg::Text(decimal(*left_mm, 1000))),
                ("per_metre", number(*per_metre)),
                ("egress", number(*egress)),
            ],
            Self::Safe { seats, egress, safe } => {
                vec![("seats", number(*seats)), ("egress", number(*egress)), ("safe", number(*safe))]
            }
            Self::Compare { safe, need, .. } => vec![("safe", number(*safe)), ("need", number(*need))],
        }
    }
}

pub(super) fn number(number: u32) -> Arg {
    Arg::Number(i64::from(number))
}

pub(super) fn metres(mm: u32) -> Arg {
    Arg::Text(decimal(u64::from(mm), 1000))
}

/// A decimal as it is written in Vietnamese, without trailing zeros: 10800 ‰ → "10,8".
pub(super) fn decimal(value: u64, unit: u64) -> String {
    let (whole, mut rest, mut digits) = (value / unit, value % unit, String::new());
    let mut place = unit / 10;
    while rest > 0 && place > 0 {
        digits.push_str(&(rest / place).to_string());
        rest %= place;
        place /= 10;
    }
    if digits.is_empty() { whole.to_string() } else { format!("{whole},{digits}") }
}

/// Widths as a sum that groups equals: "6 × 1,8" or "4 × 2 + 2 × 1,6".
fn sum_text(widths: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for width in widths {
        match parts.last_mut() {
            Some((last, times)) if last == width => *times += 1,
            _ => parts.push((*width, 1)),
        }
    }
    let parts: Vec<String> = parts
        .into_iter()
        .map(|(width, times)| format!("{times} × {}", decimal(u64::from(width), 1000)))
        .collect();
    parts.join(" + ")
}
