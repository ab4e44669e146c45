//! Who acts on a briefing, small enough to go into a transaction.

use platform::identity::{Actor, Capability, Confidentiality, OfficeId, Right, UnitId};

use super::{AREA, BriefingError};
use crate::tasks::{self, Audience, Reach, store::Who};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hand {
    /// The acting office; none for the program and the command line.
    pub office: Option<OfficeId>,
    /// Where it reads briefings.
    pub reads: Reach,
    /// Where it takes minutes.
    pub contributes: Reach,
    /// Where it sets up meetings.
    pub manages: Reach,
    /// Where it signs.
    pub decides: Reach,
    /// What it is to tasks.
    pub tasks: Who,
    /// Which tasks' content it may see.
    pub audience: Audience,
}

impl Hand {
    /// The program and the command line.
    pub const PROGRAM: Self = Self {
        office: None,
        reads: Reach::Everywhere,
        contributes: Reach::Everywhere,
        manages: Reach::Everywhere,
        decides: Reach::Everywhere,
        tasks: Who::PROGRAM,
        audience: Audience::OPEN,
    };

    /// The hand of an actor.
    pub fn of<C: Capability>(actor: &Actor<C>) -> Self {
        let reach = |right| actor.scope(AREA, right, Confidentiality::Normal).into();
        Self {
            office: Some(actor.office.id),
            reads: reach(Right::Read),
            contributes: reach(Right::Contribute),
            manages: reach(Right::Manage),
            decides: reach(Right::Decide),
            tasks: tasks::who(actor),
            audience: tasks::audience(actor),
        }
    }

    /// Whether it may see the meetings of a unit.
    pub fn sees(&self, unit: UnitId) -> bool {
        self.reads.covers(Some(unit))
    }

    /// Refuses who may not take minutes for a unit.
    ///
    /// # Errors
    /// [`BriefingError::NotFound`] for who may not even see it, [`BriefingError::NotPermitted`].
    pub fn must_contribute(&self, unit: UnitId) -> Result<(), BriefingError> {
        self.must(self.contributes, unit)
    }

    /// Refuses who may not set up meetings for a unit.
    ///
    /// # Errors
    /// As for [`must_contribute`](Self::must_contribute).
    pub fn must_manage(&self, unit: UnitId) -> Result<(), BriefingError> {
        self.must(self.manages, unit)
    }

    /// Refuses who may not sign for a unit.
    ///
    /// # Errors
    /// As for [`must_contribute`](Self::must_contribute).
    pub fn must_decide(&self, unit: UnitId) -> Result<(), BriefingError> {
        self.must(self.decides, unit)
    }

    fn must(&self, reach: Reach, unit: UnitId) -> Result<(), BriefingError> {
        if !self.sees(unit) {
            return Err(BriefingError::NotFound);
        }
        if reach.covers(Some(unit)) { Ok(()) } else { Err(BriefingError::NotPermitted) }
    }
}
