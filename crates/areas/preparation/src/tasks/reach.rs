//! How far a right reaches: grants are rows of unit × area × right × confidentiality × time.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Mutex, PoisonError},
};

use platform::identity::{Confidentiality, Scope, UnitId};

use super::model::{Task, TaskFields};

/// Which units a right reaches; small enough to be copied into every fragment's key and closure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// The right is not held.
    Nowhere,
    /// These units. Kept for the life of the program, once for each set that is ever granted.
    Units(&'static BTreeSet<UnitId>),
    /// All units, and what belongs to none.
    Everywhere,
}

impl Reach {
    /// The reach of these units.
    pub fn units(units: impl IntoIterator<Item = UnitId>) -> Self {
        static KNOWN: Mutex<Vec<&'static BTreeSet<UnitId>>> = Mutex::new(Vec::new());
        let units: BTreeSet<UnitId> = units.into_iter().collect();
        if units.is_empty() {
            return Self::Nowhere;
        }
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(set) = known.iter().find(|set| ***set == units) {
            return Self::Units(set);
        }
        let set: &'static BTreeSet<UnitId> = Box::leak(Box::new(units));
        known.push(set);
        Self::Units(set)
    }

    /// True when it reaches the unit; what belongs to no unit only a right everywhere reaches.
    pub fn covers(self, unit: Option<UnitId>) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Units(units) => unit.is_some_and(|unit| units.contains(&unit)),
            Self::Everywhere => true,
        }
    }

    /// True when it reaches the unit that leads the task.
    pub fn leads(self, fields: &TaskFields) -> bool {
        self.covers(fields.lead_unit)
    }

    /// A short name for fragment keys: equal for equal reaches, different for different ones.
    pub fn name(self) -> String {
        match self {
            Self::Nowhere => "-".to_owned(),
            Self::Everywhere => "*".to_owned(),
            // Sets are kept once, so the place where one is kept names it.
            Self::Units(units) => format!("{:x}", std::ptr::from_ref(units) as usize),
        }
    }
}

impl From<Scope> for Reach {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Everywhere => Self::Everywhere,
            Scope::Units(units) => Self::units(units.into_iter().collect::<HashSet<_>>()),
        }
    }
}

/// Who looks, as far as the register cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Audience {
    normal: Reach,
    internal: Reach,
}

impl Audience {
    /// Sees what everybody with the right to read everywhere sees.
    pub const OPEN: Self = Self { normal: Reach::Everywhere, internal: Reach::Nowhere };

    /// Sees tasks of these units up to this class.
    pub const fn new(normal: Reach, internal: Reach) -> Self {
        Self { normal, internal }
    }

    /// Sees everything up to a class.
    pub fn everywhere(confidentiality: Confidentiality) -> Self {
        let internal =
            if confidentiality >= Confidentiality::Internal { Reach::Everywhere } else { Reach::Nowhere };
        Self { internal, ..Self::OPEN }
    }

    /// Whether the task's content may be shown; otherwise it stands as a stub that only counts. A secret task
    /// holds no content for anybody.
    pub fn sees(&self, task: &Task) -> bool {
        self.opens(
            task.fields.confidentiality,
            task.fields.lead_unit,
            task.fields.supports.iter().map(|support| support.unit),
        )
    }

    /// The same for a task that is known by its class and its units alone, as in a frozen picture.
    pub fn opens(
        &self,
        class: Confidentiality,
        lead: Option<UnitId>,
        supports: impl IntoIterator<Item = UnitId>,
    ) -> bool {
        let reach = match class {
            Confidentiality::Normal => self.normal,
            Confidentiality::Internal => self.internal,
            Confidentiality::Secret => return false,
        };
        reach.covers(lead) || supports.into_iter().any(|unit| reach.covers(Some(unit)))
    }

    /// Whether content of a class is open to this audience anywhere.
    pub fn reads(&self, confidentiality: Confidentiality) -> bool {
        match confidentiality {
            Confidentiality::Normal => self.normal != Reach::Nowhere,
            Confidentiality::Internal => self.internal != Reach::Nowhere,
            Confidentiality::Secret => false,
        }
    }

    /// A short name for fragment keys and topics.
    pub fn name(&self) -> String {
        format!("{}{}", self.normal.name(), self.internal.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(n: u128) -> UnitId {
        UnitId(platform::uuid::Uuid::from_u128(n))
    }

    #[test]
    fn equal_sets_are_one() {
        assert_eq!(Reach::units([unit(1), unit(2)]).name(), Reach::units([unit(2), unit(1)]).name());
        assert_ne!(Reach::units([unit(1)]).name(), Reach::units([unit(2)]).name());
        assert_eq!(Reach::units([]), Reach::Nowhere);
    }

    #[test]
    fn a_unit_right_reaches_its_own_tasks_and_nothing_without_a_unit() {
        let reach = Reach::units([unit(1)]);
        let led = TaskFields { lead_unit: Some(unit(1)), ..TaskFields::default() };
        let other = TaskFields { lead_unit: Some(unit(2)), ..TaskFields::default() };
        assert!(reach.leads(&led) && !reach.leads(&other) && !reach.leads(&TaskFields::default()));
        assert!(Reach::Everywhere.leads(&TaskFields::default()));
    }
}
