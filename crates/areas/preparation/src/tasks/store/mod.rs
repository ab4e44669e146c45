//! All SQL of tasks, as functions over a transaction. Every change bumps the task's version and records
//! an event with what differs.

mod baselines;
mod elsewhere;
mod extensions;
mod feeds;
mod plans;
mod reading;
mod reports;
mod states;
mod ties;
mod urges;
mod writing;

pub use baselines::*;
pub use elsewhere::*;
pub use extensions::*;
pub use feeds::*;
pub use plans::*;
pub use reading::*;
pub use reports::*;
pub use states::*;
pub use ties::*;
pub use urges::*;
pub use writing::*;

use platform::identity::OfficeId;
use rules::state::Role;

use super::{model::TaskFields, reach::Reach};

/// Topic of everything about tasks; screens that show many tasks listen to it.
pub const TOPIC: &str = "tasks";

/// Longest text of a field, in characters.
pub const LONGEST: usize = 4_000;

/// Who acts, as far as tasks care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// The acting office.
    pub office: Option<OfficeId>,
    /// Where it keeps the register (right to manage).
    pub organiser: Reach,
    /// Where it decides for any task (right to decide).
    pub decides: Reach,
}

impl Who {
    /// The program and the command line, which set up but never decide for people.
    pub const PROGRAM: Self = Self { office: None, organiser: Reach::Everywhere, decides: Reach::Everywhere };

    /// Keeps the whole register: ties, baselines, imports.
    pub fn keeps_register(&self) -> bool {
        self.organiser == Reach::Everywhere
    }

    /// Decides for the whole register: baselines, reports.
    pub fn decides_all(&self) -> bool {
        self.decides == Reach::Everywhere
    }

    /// What this office is to a task.
    pub fn roles(&self, fields: &TaskFields) -> Vec<Role> {
        let is = |office: Option<OfficeId>| office.is_some() && office == self.office;
        let mut roles = Vec::new();
        for (role, holds) in [
            (Role::Organiser, self.organiser.leads(fields)),
            (Role::Approver, self.decides.leads(fields) || is(fields.approver_office)),
            (Role::FocalOfficer, is(fields.focal_office)),
            (Role::Accountable, is(fields.accountable_office)),
            (Role::Acceptor, is(fields.acceptor_office)),
        ] {
            if holds {
                roles.push(role);
            }
        }
        roles
    }
}
