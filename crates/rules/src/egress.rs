//! How many people a hall lets out, and how many it may therefore hold: a first screening by
//! QCVN 06:2022/BXD with Sửa đổi 1:2023 (preparation reference 4.2).
//!
//! ```text
//! sức thoát         = (Σ bề rộng thông thủy − lối rộng nhất) × người trên 1 m
//! sức chứa an toàn  = min(số ghế thiết kế, sức thoát)
//! ```
//!
//! A screening never replaces the conclusion of the fire police; [`DISCLAIMER`] is the key of the sentence that
//! says so and belongs under every number from here. Every number carries the line of its working and the
//! clause it follows from. What is missing becomes a [`Finding`], never a guessed number.
//!
//! Lengths are millimetres, areas hundredths of a square metre, volumes cubic metres, all whole numbers: the
//! working can be checked with a pencil.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::state::UnknownName;

mod finding;
mod step;

pub use finding::{Finding, Weight};
pub use step::Step;

/// Message key of the sentence that stands under every screening: *"Sàng lọc sơ bộ, không thay thế kết luận của
/// cơ quan Cảnh sát PCCC&CNCH."*
pub const DISCLAIMER: &str = "egress-disclaimer";

/// Where a number comes from, as it is cited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Clause {
    /// G.3 and Bảng G.9: people by design, otherwise area ÷ norm.
    #[serde(rename = "QCVN 06:2022/BXD, G.3 và Bảng G.9")]
    G9,
    /// 3.2.5: at least two exits from 50 people on.
    #[serde(rename = "QCVN 06:2022/BXD, 3.2.5")]
    Exits,
    /// 3.2.8: how far apart exits are.
    #[serde(rename = "QCVN 06:2022/BXD, 3.2.8")]
    Apart,
    /// 3.2.9: clear height and width.
    #[serde(rename = "QCVN 06:2022/BXD, 3.2.9")]
    Clear,
    /// Bảng G.2a: the way to an exit.
    #[serde(rename = "QCVN 06:2022/BXD, Bảng G.2a")]
    Travel,
    /// G.2.1.4 and Bảng G.5: people for each metre of width.
    #[serde(rename = "QCVN 06:2022/BXD, G.2.1.4 và Bảng G.5")]
    G5,
    /// The reserve that the congress itself sets.
    #[serde(rename = "—")]
    Own,
}

impl Clause {
    /// The citation.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::G9 => "QCVN 06:2022/BXD, G.3 và Bảng G.9",
            Self::Exits => "QCVN 06:2022/BXD, 3.2.5",
            Self::Apart => "QCVN 06:2022/BXD, 3.2.8",
            Self::Clear => "QCVN 06:2022/BXD, 3.2.9",
            Self::Travel => "QCVN 06:2022/BXD, Bảng G.2a",
            Self::G5 => "QCVN 06:2022/BXD, G.2.1.4 và Bảng G.5",
            Self::Own => "—",
        }
    }
}

/// Bậc chịu lửa of the building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FireGrade {
    /// Bậc I.
    I,
    /// Bậc II.
    II,
    /// Bậc III.
    III,
    /// Bậc IV.
    IV,
    /// Bậc V.
    V,
}

impl FireGrade {
    /// All grades.
    pub const ALL: [Self; 5] = [Self::I, Self::II, Self::III, Self::IV, Self::V];

    /// The Roman numeral.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
            Self::IV => "IV",
            Self::V => "V",
        }
    }
}

impl fmt::Display for FireGrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FireGrade {
    type Err = UnknownName;
    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|one| one.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// What a space is used for: chooses the norm of Bảng G.9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Use {
    /// Hội trường: 1.0 m² a person.
    #[serde(rename = "hoi_truong")]
    Hall,
    /// Phòng họp, phòng tổ, phòng ăn: 1.5 m².
    #[serde(rename = "phong_hop")]
    Meeting,
    /// Triển lãm, trường quay, trung tâm báo chí: 1.5 m².
    #[serde(rename = "trien_lam")]
    Exhibition,
    /// Sảnh, đón tiếp: 3.0 m².
    #[serde(rename = "sanh")]
    Lobby,
    /// Văn phòng: 6.0 m².
    #[serde(rename = "van_phong")]
    Office,
    /// Bếp: 7.0 m².
    #[serde(rename = "bep")]
    Kitchen,
    /// Anything else: Bảng G.9 in our reference has no norm for it.
    #[serde(rename = "khac")]
    Other,
}

impl Use {
    /// All uses.
    pub const ALL: [Self; 7] =
        [Self::Hall, Self::Meeting, Self::Exhibition, Self::Lobby, Self::Office, Self::Kitchen, Self::Other];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hall => "hoi_truong",
            Self::Meeting => "phong_hop",
            Self::Exhibition => "trien_lam",
            Self::Lobby => "sanh",
            Self::Office => "van_phong",
            Self::Kitchen => "bep",
            Self::Other => "khac",
        }
    }

    /// Hundredths of a square metre for each person (Bảng G.9).
    pub fn norm(self) -> Option<u32> {
        match self {
            Self::Hall => Some(100),
            Self::Meeting | Self::Exhibition => Some(150),
            Self::Lobby => Some(300),
            Self::Office => Some(600),
            Self::Kitchen => Some(700),
            Self::Other => None,
        }
    }
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Use {
    type Err = UnknownName;
    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|one| one.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// One way out, as measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// How it is called: "Cửa 1".
    pub name: String,
    /// Bề rộng thông thủy, millimetres.
    pub clear_width_mm: u32,
    /// Clear height, millimetres; not measured when absent.
    pub clear_height_mm: Option<u32>,
}

/// A space with what was measured of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// What it is used for.
    pub used_as: Use,
    /// Floor area, hundredths of a square metre.
    pub area: Option<u32>,
    /// Seats by design.
    pub seats: Option<u32>,
    /// Volume, m³.
    pub volume_m3: Option<u32>,
    /// Fire grade of the building.
    pub grade: Option<FireGrade>,
    /// Whether sprinklers cover it.
    pub sprinkler: bool,
    /// Its largest diagonal, millimetres.
    pub diagonal_mm: Option<u32>,
    /// Between the two exits farthest from each other, millimetres.
    pub apart_mm: Option<u32>,
    /// The longest way to an exit from between exits, millimetres.
    pub travel_mm: Option<u32>,
    /// The longest way out of a dead end, millimetres.
    pub dead_end_mm: Option<u32>,
    /// People for each square metre on the way out, in tenths; without it the strictest column is read.
    pub density_tenths: Option<u32>,
    /// The ways out.
    pub exits: Vec<Exit>,
}

impl Space {
    /// People the space holds: seats by design, else area ÷ norm (G.3 and Bảng G.9).
    pub fn holds(&self) -> Option<u32> {
        let by_area = || Some(self.area.filter(|area| *area > 0)? / self.used_as.norm()?);
        self.seats.filter(|seats| *seats > 0).or_else(by_area)
    }
}

/// What the screening says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Holds the people needed and lets them out, and nothing found speaks against it.
    Enough,
    /// Does not.
    NotEnough,
    /// Something needed was not measured.
    Unknown,
}

/// A screening with its working.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Screening {
    /// People needed, with the reserve.
    pub need: u32,
    /// Sức thoát, people; absent when it cannot be computed.
    pub egress: Option<u32>,
    /// Sức chứa an toàn, people; absent when it cannot be computed.
    pub safe: Option<u32>,
    /// The result.
    pub verdict: Verdict,
    /// The working, line by line.
    pub steps: Vec<Step>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Clear height of a way out, millimetres (3.2.9).
const LEAST_HEIGHT_MM: u32 = 1_900;

/// People needed with the reserve, rounded up: 700 and 5 % are 735.
pub fn need(people: u32, reserve_percent: u32) -> u32 {
    let need = (u64::from(people) * (100 + u64::from(reserve_percent))).div_ceil(100);
    u32::try_from(need).unwrap_or(u32::MAX)
}

/// People for each metre of width out of a space (Bảng G.5, "các gian phòng khác"); none where our reference
/// prints no number.
pub fn per_metre(grade: FireGrade, volume_m3: u32) -> Option<u32> {
    let column = match volume_m3 {
        0 => return None,
        1..=5_000 => 0,
        5_001..=10_000 => 1,
        _ => 2,
    };
    match (grade, column) {
        (FireGrade::I | FireGrade::II, 0) => Some(75),
        (FireGrade::I | FireGrade::II, 1) => Some(100),
        (FireGrade::I | FireGrade::II, _) => Some(125),
        (FireGrade::III | FireGrade::IV, 0) => Some(50),
        (FireGrade::III | FireGrade::IV, 1) => Some(70),
        _ => None,
    }
}

/// The longest ways to an exit, millimetres: between exits, and out of a dead end (Bảng G.2a, grades I–III). The
/// density of people on the way chooses the column; without it the strictest counts.
pub fn longest_ways(grade: FireGrade, density_tenths: Option<u32>) -> Option<(u32, u32)> {
    if grade > FireGrade::III {
        return None;
    }
    Some(match density_tenths {
        Some(0..=20) => (60_000, 30_000),
        Some(21..=30) => (50_000, 25_000),
        Some(31..=40) => (40_000, 20_000),
        Some(41..=50) => (35_000, 15_000),
        _ => (20_000, 10_000),
    })
}

/// Screens a space for `people` with a reserve.
pub fn screen(space: &Space, people: u32, reserve_percent: u32) -> Screening {
    let need = need(people, reserve_percent);
    let mut steps = vec![Step::Need { people, reserve: reserve_percent, need }];
    let mut findings = Vec::new();

    let seats = seats(space, &mut steps, &mut findings);
    let holds = seats.unwrap_or(need);
    let counted = counted(space, holds, &mut findings);
    let egress = flow_out(space, &counted, holds, &mut steps, &mut findings);
    apart(space, holds, counted.len(), &mut findings);
    travel(space, &mut findings);
    if space.used_as == Use::Hall && space.seats.is_some() {
        findings.push(Finding::FixedSeats);
    }

    let safe = seats.zip(egress).map(|(seats, egress)| {
        let safe = seats.min(egress);
        steps.push(Step::Safe { seats, egress, safe });
        steps.push(Step::Compare { safe, need, enough: safe >= need });
        safe
    });
    let against = findings.iter().any(|one| one.weight() == Weight::Violation);
    let verdict = match safe {
        _ if against => Verdict::NotEnough,
        Some(safe) if safe < need => Verdict::NotEnough,
        // Too few seats, or too little width, is too little whatever the rest may be.
        None if seats.is_some_and(|seats| seats < need) || egress.is_some_and(|out| out < need) => {
            Verdict::NotEnough
        }
        Some(_) if findings.iter().all(|one| one.weight() != Weight::Missing) => Verdict::Enough,
        _ => Verdict::Unknown,
    };
    Screening { need, egress, safe, verdict, steps, findings }
}

/// People the space holds: by design, else by area.
fn seats(space: &Space, steps: &mut Vec<Step>, findings: &mut Vec<Finding>) -> Option<u32> {
    if let Some(seats) = space.seats.filter(|seats| *seats > 0) {
        steps.push(Step::Seats { seats });
        return Some(seats);
    }
    let by_area = space.area.filter(|area| *area > 0).zip(space.used_as.norm());
    let Some((area, norm)) = by_area else {
        findings.push(Finding::SeatsUnknown);
        return None;
    };
    let people = area / norm;
    steps.push(Step::ByArea { area, norm, people });
    Some(people)
}

/// The exits that may be counted: wide and high enough (3.2.9), widest first.
fn counted<'a>(space: &'a Space, people: u32, findings: &mut Vec<Finding>) -> Vec<&'a Exit> {
    let least_mm = if people > 50 { 1_200 } else { 800 };
    let mut counted = Vec::new();
    for exit in &space.exits {
        if exit.clear_width_mm < least_mm {
            findings.push(Finding::TooNarrow {
                exit: exit.name.clone(),
                width_mm: exit.clear_width_mm,
                least_mm,
            });
        } else if let Some(height_mm) = exit.clear_height_mm.filter(|height| *height < LEAST_HEIGHT_MM) {
            findings.push(Finding::TooLow { exit: exit.name.clone(), height_mm });
        } else {
            if exit.clear_height_mm.is_none() {
                findings.push(Finding::HeightUnknown { exit: exit.name.clone() });
            }
            counted.push(exit);
        }
    }
    counted.sort_by_key(|exit| std::cmp::Reverse(exit.clear_width_mm));
    counted
}

fn flow_out(
    space: &Space,
    counted: &[&Exit],
    people: u32,
    steps: &mut Vec<Step>,
    findings: &mut Vec<Finding>,
) -> Option<u32> {
    if space.exits.is_empty() {
        findings.push(Finding::NoExits);
    } else if counted.len() < 2 && people >= 50 {
        // All measured, none or one of them a way out: that is a fact, not a gap in the survey.
        findings.push(Finding::OneExit { people });
    }
    let per_metre = match (space.volume_m3.filter(|volume| *volume > 0), space.grade) {
        (None, _) => {
            findings.push(Finding::VolumeUnknown);
            None
        }
        (_, None) => {
            findings.push(Finding::GradeUnknown);
            None
        }
        (Some(volume_m3), Some(grade)) => {
            let found = per_metre(grade, volume_m3);
            match found {
                Some(per_metre) => steps.push(Step::Flow { volume_m3, grade, per_metre }),
                None => findings.push(Finding::FlowNotStated { grade, volume_m3 }),
            }
            found
        }
    };
    let widest_mm = counted.first()?.clear_width_mm;
    let total_mm: u64 = counted.iter().map(|exit| u64::from(exit.clear_width_mm)).sum();
    let left_mm = total_mm - u64::from(widest_mm);
    steps.push(Step::Widths {
        count: u32::try_from(counted.len()).unwrap_or(u32::MAX),
        widths_mm: counted.iter().map(|exit| exit.clear_width_mm).collect(),
        total_mm,
    });
    steps.push(Step::WithoutWidest { total_mm, widest_mm, left_mm });
    let per_metre = per_metre?;
    let egress = u32::try_from(left_mm * u64::from(per_metre) / 1_000).unwrap_or(u32::MAX);
    steps.push(Step::Egress { left_mm, per_metre, egress });
    Some(egress)
}

/// Exits stand at least half of the largest diagonal apart, a third with sprinklers, and 7 m (3.2.8).
fn apart(space: &Space, people: u32, exits: usize, findings: &mut Vec<Finding>) {
    if exits < 2 || people < 50 {
        return;
    }
    match (space.apart_mm, space.diagonal_mm) {
        (Some(apart_mm), Some(diagonal_mm)) => {
            let part = if space.sprinkler { 3 } else { 2 };
            let least_mm = diagonal_mm.div_ceil(part).max(7_000);
            if apart_mm < least_mm {
                findings.push(Finding::TooClose { apart_mm, least_mm });
            }
        }
        (Some(apart_mm), None) if apart_mm < 7_000 => {
            findings.push(Finding::TooClose { apart_mm, least_mm: 7_000 });
        }
        _ => findings.push(Finding::ApartUnknown),
    }
}

fn travel(space: &Space, findings: &mut Vec<Finding>) {
    let Some(grade) = space.grade else { return };
    if space.travel_mm.is_none() && space.dead_end_mm.is_none() {
        findings.push(Finding::TravelUnknown);
        return;
    }
    let Some((between, dead_end)) = longest_ways(grade, space.density_tenths) else {
        findings.push(Finding::TravelNotStated { grade });
        return;
    };
    for (length, most_mm, dead_end) in
        [(space.travel_mm, between, false), (space.dead_end_mm, dead_end, true)]
    {
        if let Some(length_mm) = length.filter(|length| *length > most_mm) {
            findings.push(Finding::TooFar { length_mm, most_mm, dead_end });
        }
    }
}

#[cfg(test)]
mod tests;
