//! The six-rõ lint of `rules` over a task's fields: resolves ids to the titles that the lint reads.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::{
    db::{DbError, Tx},
    identity::{Confidentiality, OfficeId, UnitId},
    row, sql,
};
use rules::{
    calendar::WorkCalendar,
    clarity::{Clarity, Office, Support, TaskDraft},
};
use serde::Serialize;

use super::model::TaskFields;

row! {
    /// A unit as tasks need it.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct UnitBrief {
        /// Its id.
        pub id: UnitId,
        /// Its name.
        pub name: String,
        /// Its short name.
        pub short: String,
    }
}

row! {
    /// An office as tasks need it.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct OfficeBrief {
        /// Its id.
        pub id: OfficeId,
        /// Its title.
        pub title: String,
        /// Its unit.
        pub unit_id: UnitId,
    }
}

/// Units and offices by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Units.
    pub units: BTreeMap<UnitId, UnitBrief>,
    /// Offices.
    pub offices: BTreeMap<OfficeId, OfficeBrief>,
}

impl People {
    /// Reads them.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn load(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let units: Vec<UnitBrief> =
            tx.query(sql!("SELECT id, name, short FROM unit ORDER BY position, name"), &[])?;
        let offices: Vec<OfficeBrief> =
            tx.query(sql!("SELECT id, title, unit_id FROM office ORDER BY position, title"), &[])?;
        Ok(Self {
            units: units.into_iter().map(|unit| (unit.id, unit)).collect(),
            offices: offices.into_iter().map(|office| (office.id, office)).collect(),
        })
    }

    /// The unit's name, empty when unknown.
    pub fn unit_name(&self, id: UnitId) -> &str {
        self.units.get(&id).map_or("", |unit| &unit.name)
    }

    /// The office's title, empty when unknown.
    pub fn office_title(&self, id: OfficeId) -> &str {
        self.offices.get(&id).map_or("", |office| &office.title)
    }

    /// The unit whose name or short name reads the same without diacritics and case.
    pub fn unit_named(&self, name: &str) -> Option<UnitId> {
        let wanted = rules::text::fold(name);
        self.units
            .values()
            .find(|unit| rules::text::fold(&unit.name) == wanted || rules::text::fold(&unit.short) == wanted)
            .map(|unit| unit.id)
    }

    /// The office whose title reads the same without diacritics and case; of several, the one in `unit`.
    pub fn office_titled(&self, title: &str, unit: Option<UnitId>) -> Option<OfficeId> {
        let wanted = rules::text::fold(title);
        let mut found = self
            .offices
            .values()
            .filter(|office| rules::text::fold(&office.title) == wanted)
            .collect::<Vec<_>>();
        found.sort_by_key(|office| Some(office.unit_id) != unit);
        found.first().map(|office| office.id)
    }

    /// Offices in the order of their titles without diacritics.
    pub fn offices_by_title(&self) -> Vec<&OfficeBrief> {
        let mut offices: Vec<_> = self.offices.values().collect();
        offices.sort_by_key(|office| rules::text::fold(&office.title));
        offices
    }

    /// Units in the order of their names without diacritics.
    pub fn units_by_name(&self) -> Vec<&UnitBrief> {
        let mut units: Vec<_> = self.units.values().collect();
        units.sort_by_key(|unit| rules::text::fold(&unit.name));
        units
    }
}

/// Runs the lint. `today` decides whether a deadline lies in the past; [`Date::MIN`] asks not to.
pub fn check(fields: &TaskFields, people: &People, calendar: &WorkCalendar, today: Date) -> Clarity {
    let ids: BTreeMap<OfficeId, String> = people.offices.keys().map(|id| (*id, id.to_string())).collect();
    let office = |id: Option<OfficeId>| {
        let id = id?;
        Some(Office { id: ids.get(&id)?, title: people.office_title(id) })
    };
    let lead: Vec<&str> = fields.lead_unit.iter().map(|unit| people.unit_name(*unit)).collect();
    let focal: Vec<Office<'_>> = office(fields.focal_office).into_iter().collect();
    let accountable: Vec<Office<'_>> = office(fields.accountable_office).into_iter().collect();
    let approver: Vec<Office<'_>> = office(fields.approver_office).into_iter().collect();
    let acceptor: Vec<Office<'_>> = office(fields.acceptor_office).into_iter().collect();
    let supports: Vec<Support<'_>> = fields
        .supports
        .iter()
        .map(|support| Support { unit: people.unit_name(support.unit), contribution: &support.contribution })
        .collect();
    let some = |text: &'_ String| (!text.is_empty()).then(|| text.clone());
    let (escalation, due_text, quantity, form) = (
        some(&fields.escalation),
        some(&fields.due_text),
        some(&fields.result_quantity),
        some(&fields.result_form),
    );
    let mut draft = TaskDraft::new(calendar, today);
    draft.what = &fields.what;
    draft.scope = &fields.scope;
    draft.basis_count = fields.basis.len();
    draft.lead_units = &lead;
    draft.focal_offices = &focal;
    draft.accountable_offices = &accountable;
    draft.deputy_office = office(fields.deputy_office);
    draft.supports = &supports;
    draft.authority_text = &fields.authority;
    draft.approver_offices = &approver;
    draft.escalation = escalation.as_deref();
    draft.money_limit = fields.money_limit;
    draft.has_budget_line = fields.has_budget;
    draft.start = fields.start;
    draft.due = fields.due;
    draft.deadline_text = due_text.as_deref();
    draft.milestones = fields.milestones.len();
    draft.event_date = fields.event_on;
    draft.result_text = &fields.result;
    draft.result_qty = quantity.as_deref();
    draft.result_form = form.as_deref();
    draft.acceptance_criteria = &fields.acceptance;
    draft.acceptor_offices = &acceptor;
    draft.evidence_kinds = fields.evidence_kinds.len();
    draft.new_assignment = today > Date::MIN;
    draft.confidential_stub = fields.confidentiality == Confidentiality::Secret;
    rules::clarity::check(&draft)
}
