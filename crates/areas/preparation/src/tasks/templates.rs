//! Plans to start from: tasks whose days are counted from the opening, for a commune and for a city.
//!
//! A template is a data file under `templates/`. It names units by role, since it knows no unit of this
//! installation; whoever uses it says which unit plays each role. Days follow preparation reference (a) A13.

use std::sync::OnceLock;

use jiff::civil::Date;
use rules::{
    calendar::WorkCalendar,
    template::{DMinus, Resolved},
};
use serde::Deserialize;

use super::model::{EvidenceKind, Phase};

/// A template of a whole plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its stable name: `xa`, `tinh`.
    pub id: String,
    /// For whom it is.
    pub name: String,
    /// Where its tasks come from.
    pub source: String,
    /// Its tasks in plan order.
    pub tasks: Vec<TemplateTask>,
}

/// A task of a template: the six rõ without units and offices of any installation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateTask {
    /// Its code, unique in the template.
    pub code: String,
    /// The stream it stands under.
    pub stream: String,
    /// Before, during or after.
    pub phase: Phase,
    /// Verb, object, scope.
    pub what: String,
    /// Who leads, as a role.
    pub lead: String,
    /// Who helps, as a role, and with what.
    #[serde(default)]
    pub supports: Vec<TemplateSupport>,
    /// The first day.
    pub start: DMinus,
    /// The deadline.
    pub due: DMinus,
    /// Who decides what.
    pub authority: String,
    /// Where it goes beyond that.
    pub escalation: String,
    /// The deliverable.
    pub result: String,
    /// How many.
    pub quantity: String,
    /// In which form.
    pub form: String,
    /// When it is good enough.
    pub acceptance: String,
    /// What must be handed in.
    pub evidence: Vec<EvidenceKind>,
    /// Codes of tasks that must be finished first.
    #[serde(default)]
    pub after: Vec<String>,
}

/// A coordinating role and its contribution.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateSupport {
    /// The role.
    pub role: String,
    /// What it contributes.
    pub contribution: String,
}

impl TemplateTask {
    /// First day and deadline on a real calendar, each with a working day to confirm when it is not worked.
    pub fn dates(&self, opening: Date, calendar: &WorkCalendar) -> (Resolved, Resolved) {
        (self.start.resolve(opening, calendar), self.due.resolve(opening, calendar))
    }
}

impl Template {
    /// The roles of the template in the order in which they first appear.
    pub fn roles(&self) -> Vec<&str> {
        let mut roles: Vec<&str> = Vec::new();
        for task in &self.tasks {
            for role in std::iter::once(&task.lead).chain(task.supports.iter().map(|support| &support.role)) {
                if !roles.contains(&role.as_str()) {
                    roles.push(role);
                }
            }
        }
        roles
    }
}

/// All templates, the smallest first. A file that cannot be read is left out; a test reads them all.
pub fn all() -> &'static [Template] {
    static ALL: OnceLock<Vec<Template>> = OnceLock::new();
    ALL.get_or_init(|| {
        [include_str!("templates/xa.json"), include_str!("templates/tinh.json")]
            .iter()
            .filter_map(|text| {
                serde_json::from_str(text)
                    .map_err(|error| tracing::error!(%error, "a template cannot be read"))
                    .ok()
            })
            .collect()
    })
}

/// The template of this name.
pub fn find(id: &str) -> Option<&'static Template> {
    all().iter().find(|template| template.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;
    use rules::clarity::{Office, Severity, Support, TaskDraft};

    use super::*;

    #[test]
    fn every_template_is_read_and_large_enough() {
        assert_eq!(all().len(), 2);
        assert!(find("xa").unwrap().tasks.len() >= 20, "{}", find("xa").unwrap().tasks.len());
        assert!(find("tinh").unwrap().tasks.len() >= 60, "{}", find("tinh").unwrap().tasks.len());
    }

    #[test]
    fn codes_are_unique_and_what_goes_first_exists_and_is_due_no_later() {
        for template in all() {
            let codes: BTreeSet<&str> = template.tasks.iter().map(|task| task.code.as_str()).collect();
            assert_eq!(codes.len(), template.tasks.len(), "{}", template.id);
            for task in &template.tasks {
                assert!(task.start <= task.due, "{} {}", template.id, task.code);
                for before in &task.after {
                    let before = template.tasks.iter().find(|other| other.code == *before);
                    let before = before.unwrap_or_else(|| panic!("{}: {:?}", task.code, task.after));
                    assert!(
                        before.due <= task.due,
                        "{} waits for {} that is due later",
                        task.code,
                        before.code
                    );
                }
            }
        }
    }

    #[test]
    fn a_task_of_a_template_is_clear_as_soon_as_people_are_named() {
        let opening = date(2025, 10, 14);
        let calendar = WorkCalendar::default();
        let mut unclear = Vec::new();
        for task in all().iter().flat_map(|template| &template.tasks) {
            let supports: Vec<Support<'_>> = task
                .supports
                .iter()
                .map(|support| Support { unit: &support.role, contribution: &support.contribution })
                .collect();
            let (start, due) = task.dates(opening, &calendar);
            let lead = [task.lead.as_str()];
            let offices = [
                Office::new("a", "Chuyên viên A"),
                Office::new("b", "Phó Trưởng ban B"),
                Office::new("c", "Trưởng ban C"),
            ];
            let mut draft = TaskDraft::new(&calendar, date(2025, 1, 1));
            draft.what = &task.what;
            draft.basis_count = 1;
            draft.lead_units = &lead;
            draft.focal_offices = &offices[..1];
            draft.accountable_offices = &offices[1..2];
            draft.approver_offices = &offices[2..];
            draft.acceptor_offices = &offices[2..];
            draft.supports = &supports;
            draft.authority_text = &task.authority;
            draft.escalation = Some(&task.escalation);
            draft.start = Some(start.date);
            draft.due = Some(due.date.into());
            draft.result_text = &task.result;
            draft.result_qty = Some(&task.quantity);
            draft.result_form = Some(&task.form);
            draft.acceptance_criteria = &task.acceptance;
            draft.evidence_kinds = task.evidence.len();
            let clarity = rules::clarity::check(&draft);
            let blocking: Vec<_> =
                clarity.findings.iter().filter(|finding| finding.severity == Severity::Blocking).collect();
            if !blocking.is_empty() {
                unclear.push(format!("{} {}: {blocking:?}", task.code, task.what));
            }
        }
        assert!(unclear.is_empty(), "{}", unclear.join("\n"));
    }
}
