//! Press accreditation: who may be nominated when, what a nomination lacks, and which step follows which.
//!
//! Source: preparation reference 6.1 and 7 (agency → nominated reporters → completeness → vetting by the security
//! authority, of which only the result is ever known here → badge), domain reference 6, item 20 (batches per agency
//! with quota and deadline). Which papers a member of the press shows: Luật Báo chí 103/2016/QH13, Điều 25 and 27.

use jiff::Timestamp;

use crate::text::fold;

/// How far a nomination is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Cơ quan báo chí đề cử.
    Nominated,
    /// Ban tổ chức đã chuyển, chờ kết quả thẩm tra an ninh.
    Vetting,
    /// Phải bổ sung.
    Supplement,
    /// Đạt: là người trong danh sách, được cấp thẻ.
    Approved,
    /// Không đạt.
    Refused,
    /// Rút đề cử.
    Withdrawn,
}

impl State {
    /// All of them, in their order.
    pub const ALL: [Self; 6] =
        [Self::Nominated, Self::Vetting, Self::Supplement, Self::Approved, Self::Refused, Self::Withdrawn];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nominated => "de_cu",
            Self::Vetting => "tham_tra",
            Self::Supplement => "bo_sung",
            Self::Approved => "dat",
            Self::Refused => "khong_dat",
            Self::Withdrawn => "rut",
        }
    }

    /// Reads a stable name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether it takes one of the places of its batch. Who was refused or withdrawn leaves it to another.
    pub const fn takes_place(self) -> bool {
        !matches!(self, Self::Refused | Self::Withdrawn)
    }
}

/// What is done to a nomination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Vòng một: ban tổ chức chuyển sang thẩm tra an ninh.
    Pass,
    /// Vòng hai: đạt.
    Clear,
    /// Vòng hai: không đạt.
    Refuse,
    /// Vòng hai: bổ sung.
    Ask,
    /// Cơ quan báo chí rút.
    Withdraw,
    /// Hai người cho phép khi vòng hai không đạt.
    Override,
    /// Sửa tên, vai hay số thẻ: thẩm tra lại từ đầu.
    Change,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Pass, Self::Clear, Self::Refuse, Self::Ask, Self::Withdraw, Self::Override, Self::Change];
}

/// Where an act leads; `None` when it may not be done. What was approved is not changed any more: who is somebody
/// else must be vetted as somebody else.
pub const fn after(state: State, act: Act) -> Option<State> {
    use State as S;
    Some(match (state, act) {
        (S::Nominated | S::Supplement, Act::Pass) => S::Vetting,
        (S::Vetting, Act::Clear) | (S::Refused, Act::Override) => S::Approved,
        // A negative result may come after the badge: then it is revoked.
        (S::Vetting | S::Approved, Act::Refuse) => S::Refused,
        (S::Vetting, Act::Ask) => S::Supplement,
        (S::Nominated | S::Vetting | S::Supplement | S::Approved, Act::Withdraw) => S::Withdrawn,
        (S::Nominated | S::Vetting, Act::Change) => S::Nominated,
        (S::Supplement, Act::Change) => S::Supplement,
        _ => return None,
    })
}

/// What somebody does for the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Phóng viên.
    Reporter,
    /// Quay phim, chụp ảnh.
    Camera,
    /// Kỹ thuật.
    Technical,
}

impl Role {
    /// What was typed, with or without diacritics; `None` for anything else.
    ///
    /// ```
    /// use rules::accreditation::Role;
    /// assert_eq!(Role::read(" Phóng viên "), Some(Role::Reporter));
    /// assert_eq!(Role::read("QUAY PHIM"), Some(Role::Camera));
    /// assert_eq!(Role::read("giám đốc"), None);
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        Some(match fold(text).replace('_', " ").trim() {
            "phong vien" | "pv" | "bien tap vien" | "nha bao" | "reporter" => Self::Reporter,
            "quay phim" | "qp" | "chup anh" | "phong vien anh" | "camera" => Self::Camera,
            "ky thuat" | "ky thuat vien" | "kt" | "technical" => Self::Technical,
            _ => return None,
        })
    }
}

/// What a nomination lacks before it may go to vetting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// The number of the press card or of the letter of introduction.
    Card,
    /// What they bring: cameras and technical equipment are checked at the gate against this.
    Equipment,
}

impl Gap {
    /// The stable name, the end of its words' key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Equipment => "equipment",
        }
    }
}

/// What a nomination lacks.
pub fn gaps(role: Role, card: &str, equipment: &str) -> Vec<Gap> {
    let mut out = Vec::new();
    // Thẻ nhà báo, or a letter of introduction of the agency for who has none yet.
    if role != Role::Technical && card.trim().is_empty() {
        out.push(Gap::Card);
    }
    if role != Role::Reporter && equipment.trim().is_empty() {
        out.push(Gap::Equipment);
    }
    out
}

/// What another office let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exception {
    /// Places beyond the quota.
    pub places: u32,
    /// A later deadline.
    pub until: Option<Timestamp>,
}

/// Why an agency may not nominate now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// No place is left for so many.
    Full {
        /// Places, those of exceptions among them.
        quota: u32,
        /// Places taken.
        taken: u32,
    },
    /// The deadline is over.
    Late {
        /// When it was.
        deadline: Timestamp,
    },
}

/// Whether `adding` more may be nominated in a batch; `Ok(true)` when only an exception lets them through.
///
/// # Errors
/// [`Shut`]; the deadline counts first.
pub fn opening(
    (quota, deadline): (u32, Timestamp),
    exceptions: &[Exception],
    (taken, adding): (u32, u32),
    now: Timestamp,
) -> Result<bool, Shut> {
    let until = exceptions.iter().filter_map(|one| one.until).fold(deadline, Timestamp::max);
    if now > until {
        return Err(Shut::Late { deadline: until });
    }
    let places = exceptions.iter().fold(quota, |sum, one| sum.saturating_add(one.places));
    let wanted = taken.saturating_add(adding);
    if wanted > places {
        return Err(Shut::Full { quota: places, taken });
    }
    Ok(now > deadline || wanted > quota)
}

/// One pasted line: name, role, card, equipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Họ và tên.
    pub name: String,
    /// The role; `None` when what stands there is none.
    pub role: Option<Role>,
    /// The number of the card.
    pub card: String,
    /// What they bring.
    pub equipment: String,
}

/// Reads lines as they are pasted from a sheet (tabs) or typed (semicolons, else commas). A first line of headings
/// and empty lines are passed over; a line that names no role is of a reporter.
pub fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mark = ['\t', ';', ','].into_iter().find(|mark| line.contains(*mark)).unwrap_or('\t');
        let cells: Vec<&str> =
            line.splitn(4, mark).map(|cell| cell.trim().trim_matches('"').trim()).collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        if out.is_empty() && fold(cell(0)).starts_with("ho va ten") {
            continue;
        }
        let role = if cell(1).is_empty() { Some(Role::Reporter) } else { Role::read(cell(1)) };
        out.push(Line {
            name: cell(0).to_owned(),
            role,
            card: cell(2).to_owned(),
            equipment: cell(3).to_owned(),
        });
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    /// Preparation reference 7: nominated → completeness → vetting (đạt / không đạt / bổ sung) → approved; what is
    /// not in the table is refused.
    #[test]
    fn every_state_with_every_act() {
        use Act as A;
        use State as S;
        let table = [
            (S::Nominated, A::Pass, S::Vetting),
            (S::Nominated, A::Withdraw, S::Withdrawn),
            (S::Nominated, A::Change, S::Nominated),
            (S::Vetting, A::Clear, S::Approved),
            (S::Vetting, A::Refuse, S::Refused),
            (S::Vetting, A::Ask, S::Supplement),
            (S::Vetting, A::Withdraw, S::Withdrawn),
            (S::Vetting, A::Change, S::Nominated),
            (S::Supplement, A::Pass, S::Vetting),
            (S::Supplement, A::Withdraw, S::Withdrawn),
            (S::Supplement, A::Change, S::Supplement),
            (S::Approved, A::Refuse, S::Refused),
            (S::Approved, A::Withdraw, S::Withdrawn),
            (S::Refused, A::Override, S::Approved),
        ];
        let mut allowed = 0;
        for state in S::ALL {
            assert_eq!(S::parse(state.as_str()), Some(state));
            for act in A::ALL {
                let row = table.iter().find(|row| (row.0, row.1) == (state, act));
                assert_eq!(after(state, act), row.map(|row| row.2), "{state:?} {act:?}");
                allowed += usize::from(row.is_some());
            }
        }
        assert_eq!(allowed, table.len());
    }

    #[test]
    fn quota_and_deadline_hold_unless_an_exception_lets_through() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let deadline = at("2025-10-01T10:00:00Z");
        let more = Exception { places: 2, until: None };
        let later = Exception { places: 0, until: Some(at("2025-10-03T10:00:00Z")) };
        let (early, late, too_late) =
            (at("2025-10-01T10:00:00Z"), at("2025-10-02T00:00:00Z"), at("2025-10-04T00:00:00Z"));
        let full = |quota, taken| Err(Shut::Full { quota, taken });
        for (exceptions, taken, adding, now, want) in [
            (&[][..], 0, 3, early, Ok(false)),
            (&[], 3, 1, early, full(3, 3)),
            (&[], 0, 4, early, full(3, 0)),
            (&[more], 3, 2, early, Ok(true)),
            (&[more], 1, 1, early, Ok(false)),
            (&[more], 3, 3, early, full(5, 3)),
            (&[], 0, 1, late, Err(Shut::Late { deadline })),
            (&[more], 0, 1, late, Err(Shut::Late { deadline })),
            (&[later], 0, 1, late, Ok(true)),
            (&[later], 3, 1, late, full(3, 3)),
            (&[later], 0, 1, too_late, Err(Shut::Late { deadline: at("2025-10-03T10:00:00Z") })),
        ] {
            assert_eq!(
                opening((3, deadline), exceptions, (taken, adding), now),
                want,
                "{exceptions:?} {taken} {adding} {now}"
            );
        }
    }

    #[test]
    fn each_role_needs_its_papers() {
        for (role, card, equipment, want) in [
            (Role::Reporter, "IBT 0123", "", vec![]),
            (Role::Reporter, " ", "", vec![Gap::Card]),
            (Role::Camera, "", "", vec![Gap::Card, Gap::Equipment]),
            (Role::Camera, "IBT 0123", "01 máy quay", vec![]),
            (Role::Technical, "", "", vec![Gap::Equipment]),
            (Role::Technical, "", "xe truyền hình", vec![]),
        ] {
            assert_eq!(gaps(role, card, equipment), want, "{role:?}");
        }
    }

    #[test]
    fn lines_are_read_as_they_are_pasted() {
        let text = "Họ và tên\tVai\tSố thẻ\tThiết bị\n\nNguyễn Văn An\tphóng viên\tIBT 01\t\nTrần Thị Bình;quay phim;IBT 02;01 máy quay, 02 chân\n Lê Minh \n\"Hồ Xuân\", giám đốc, IBT 03\n";
        let read = lines(text);
        let seen: Vec<_> = read
            .iter()
            .map(|one| (one.name.as_str(), one.role, one.card.as_str(), one.equipment.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("Nguyễn Văn An", Some(Role::Reporter), "IBT 01", ""),
                ("Trần Thị Bình", Some(Role::Camera), "IBT 02", "01 máy quay, 02 chân"),
                ("Lê Minh", Some(Role::Reporter), "", ""),
                ("Hồ Xuân", None, "IBT 03", ""),
            ]
        );
    }
}
