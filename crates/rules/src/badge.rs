//! What may happen to a badge, and what it opens when.
//!
//! Source: preparation reference 7 (category × zone × time window; requested → approved → printed → issued →
//! returned or lost → destroyed), access reference 1.2 and 7 (a reprint kills the earlier copy).

use jiff::civil::DateTime;

/// How far one copy of a badge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BadgeState {
    /// Đề nghị cấp.
    Requested,
    /// Đã duyệt.
    Approved,
    /// Đã in, chưa phát.
    Printed,
    /// Đã phát.
    Issued,
    /// Báo mất.
    Lost,
    /// Một bản khác đã thay.
    Replaced,
    /// Đã thu hồi quyền: người mang thẻ không còn được vào, thẻ chưa về tay.
    Recalled,
    /// Đã thu lại.
    Returned,
    /// Đã hủy.
    Destroyed,
}

impl BadgeState {
    /// All of them, in their order.
    pub const ALL: [Self; 9] = [
        Self::Requested,
        Self::Approved,
        Self::Printed,
        Self::Issued,
        Self::Lost,
        Self::Replaced,
        Self::Recalled,
        Self::Returned,
        Self::Destroyed,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "de_nghi",
            Self::Approved => "da_duyet",
            Self::Printed => "da_in",
            Self::Issued => "da_phat",
            Self::Lost => "bao_mat",
            Self::Replaced => "da_thay",
            Self::Recalled => "thu_hoi",
            Self::Returned => "da_thu",
            Self::Destroyed => "da_huy",
        }
    }

    /// Reads a stable name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether it is, or is on its way to be, the one badge of its holder.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Requested | Self::Approved | Self::Printed | Self::Issued)
    }

    /// Whether its pass opens anything.
    pub const fn opens(self) -> bool {
        matches!(self, Self::Printed | Self::Issued)
    }
}

/// What is done to a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BadgeAct {
    /// Duyệt.
    Approve,
    /// In lần đầu.
    Print,
    /// Phát.
    Issue,
    /// Báo mất.
    Lose,
    /// Thay bằng bản khác.
    Replace,
    /// Thu hồi quyền.
    Recall,
    /// Thu lại.
    Return,
    /// Hủy.
    Destroy,
}

impl BadgeAct {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Approve,
        Self::Print,
        Self::Issue,
        Self::Lose,
        Self::Replace,
        Self::Recall,
        Self::Return,
        Self::Destroy,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "duyet",
            Self::Print => "in",
            Self::Issue => "phat",
            Self::Lose => "mat",
            Self::Replace => "thay",
            Self::Recall => "thu-hoi",
            Self::Return => "thu",
            Self::Destroy => "huy",
        }
    }

    /// Reads a stable name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == text)
    }

    /// Whether it needs a reason.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Lose | Self::Destroy)
    }
}

/// Where an act leads from a state; `None` when it may not be done.
pub const fn after(state: BadgeState, act: BadgeAct) -> Option<BadgeState> {
    use BadgeAct as A;
    use BadgeState as S;
    Some(match (state, act) {
        (S::Requested, A::Approve) => S::Approved,
        (S::Approved, A::Print) => S::Printed,
        (S::Printed, A::Issue) => S::Issued,
        (S::Printed | S::Issued, A::Lose) => S::Lost,
        (S::Printed | S::Issued, A::Replace) => S::Replaced,
        (S::Printed | S::Issued, A::Recall) => S::Recalled,
        // One that was lost and found comes back, and stays revoked.
        (S::Issued | S::Lost | S::Replaced | S::Recalled, A::Return) => S::Returned,
        (
            S::Requested | S::Approved | S::Printed | S::Lost | S::Replaced | S::Recalled | S::Returned,
            A::Destroy,
        ) => S::Destroyed,
        _ => return None,
    })
}

/// Whether an act ends what the pass opens: the copy goes on the list of the revoked.
pub fn revokes(state: BadgeState, act: BadgeAct) -> bool {
    state.opens() && after(state, act).is_some_and(|next| !next.opens())
}

/// When a category may enter a zone; without an end it is as long as the pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// From when.
    pub from: Option<DateTime>,
    /// Up to and without this instant.
    pub to: Option<DateTime>,
}

impl Window {
    /// Whether an instant lies in it.
    pub fn holds(&self, at: DateTime) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Every state with every act: what is not in the table is refused.
    #[test]
    fn the_life_of_a_badge() {
        use BadgeAct as A;
        use BadgeState as S;
        let table = [
            (S::Requested, A::Approve, S::Approved, false),
            (S::Requested, A::Destroy, S::Destroyed, false),
            (S::Approved, A::Print, S::Printed, false),
            (S::Approved, A::Destroy, S::Destroyed, false),
            (S::Printed, A::Issue, S::Issued, false),
            (S::Printed, A::Lose, S::Lost, true),
            (S::Printed, A::Replace, S::Replaced, true),
            (S::Printed, A::Recall, S::Recalled, true),
            (S::Printed, A::Destroy, S::Destroyed, true),
            (S::Issued, A::Lose, S::Lost, true),
            (S::Issued, A::Replace, S::Replaced, true),
            (S::Issued, A::Recall, S::Recalled, true),
            (S::Issued, A::Return, S::Returned, true),
            (S::Lost, A::Return, S::Returned, false),
            (S::Lost, A::Destroy, S::Destroyed, false),
            (S::Replaced, A::Return, S::Returned, false),
            (S::Replaced, A::Destroy, S::Destroyed, false),
            (S::Recalled, A::Return, S::Returned, false),
            (S::Recalled, A::Destroy, S::Destroyed, false),
            (S::Returned, A::Destroy, S::Destroyed, false),
        ];
        let mut allowed = 0;
        for state in S::ALL {
            assert_eq!(S::parse(state.as_str()), Some(state));
            for act in A::ALL {
                assert_eq!(A::parse(act.as_str()), Some(act));
                let row = table.iter().find(|row| (row.0, row.1) == (state, act));
                assert_eq!(after(state, act), row.map(|row| row.2), "{state:?} {act:?}");
                assert_eq!(revokes(state, act), row.is_some_and(|row| row.3), "{state:?} {act:?}");
                allowed += usize::from(row.is_some());
            }
        }
        assert_eq!(allowed, table.len());
    }

    #[test]
    fn a_window_has_its_beginning_and_not_its_end() {
        let at = |hour| date(2025, 10, 14).at(hour, 0, 0, 0);
        let window = Window { from: Some(at(7)), to: Some(at(12)) };
        for (hour, want) in [(6, false), (7, true), (11, true), (12, false)] {
            assert_eq!(window.holds(at(hour)), want, "{hour}");
        }
        assert!(Window::default().holds(at(3)));
    }
}
