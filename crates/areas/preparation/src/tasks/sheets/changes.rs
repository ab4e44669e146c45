//! What a file would change: by hidden identifier, then by code.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use rules::dates::{Deadline, format_vn_date};
use rules::text::fold;

use super::fields::DATA;
use super::write::{render_basis, render_list, render_supports};
use super::{AnnexRow, Field};

/// One field of one task, before and after. Texts are as a table shows them; a state is its
/// stored name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// What the register holds; empty when nothing.
    pub before: String,
    /// What the file says; empty when the cell was cleared.
    pub after: String,
}

/// What a file does to one task. Indices point into the slices given to [`changes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowChange {
    /// A new task.
    Added {
        /// Index in the file.
        incoming: usize,
    },
    /// A known task with other content.
    Changed {
        /// Index in the register.
        current: usize,
        /// Index in the file.
        incoming: usize,
        /// The fields, in table order; never empty.
        fields: Vec<FieldChange>,
    },
    /// A known task, the same in everything the file states.
    Unchanged {
        /// Index in the register.
        current: usize,
        /// Index in the file.
        incoming: usize,
    },
    /// In the register, not in the file; an import never deletes it.
    Missing {
        /// Index in the register.
        current: usize,
    },
}

/// Compares the register with a file. A column that the file does not have changes nothing; a
/// cell that it has and is empty clears the field, except the code and the *việc*. A classified
/// stub changes nothing. A row whose identifier is unknown counts by its code.
pub fn changes(current: &[AnnexRow], incoming: &[AnnexRow]) -> Vec<RowChange> {
    let by_id: HashMap<_, usize> =
        current.iter().enumerate().filter_map(|(at, row)| Some((row.id?, at))).collect();
    let by_code: HashMap<String, usize> =
        current.iter().enumerate().filter_map(|(at, row)| Some((fold(row.code.as_deref()?), at))).collect();
    // Identifiers first, so that a code moved to another row cannot take its task away.
    let mut partner: Vec<Option<usize>> =
        incoming.iter().map(|row| row.id.and_then(|id| by_id.get(&id).copied())).collect();
    let mut taken: HashSet<usize> = partner.iter().flatten().copied().collect();
    for (row, slot) in incoming.iter().zip(&mut partner) {
        if slot.is_none()
            && let Some(at) = row.code.as_deref().and_then(|code| by_code.get(&fold(code)))
            && taken.insert(*at)
        {
            *slot = Some(*at);
        }
    }
    let mut out = Vec::new();
    for (at, (row, partner)) in incoming.iter().zip(&partner).enumerate() {
        out.push(match partner.and_then(|index| Some((index, current.get(index)?))) {
            None => RowChange::Added { incoming: at },
            Some((index, known)) => {
                let fields = compare(known, row);
                if fields.is_empty() {
                    RowChange::Unchanged { current: index, incoming: at }
                } else {
                    RowChange::Changed { current: index, incoming: at, fields }
                }
            }
        });
    }
    for index in 0..current.len() {
        if !taken.contains(&index) {
            out.push(RowChange::Missing { current: index });
        }
    }
    out
}

fn compare(known: &AnnexRow, row: &AnnexRow) -> Vec<FieldChange> {
    if row.stub {
        return Vec::new();
    }
    let known = known.clone().normalised();
    let row = row.clone().normalised();
    DATA.into_iter()
        .filter(|field| row.stated.has(*field))
        .filter_map(|field| {
            let (before, after) = (show(&known, field), show(&row, field));
            let kept = after.is_empty() && matches!(field, Field::Code | Field::What);
            let same = before == after && lists_equal(&known, &row, field);
            (!kept && !same).then_some(FieldChange { field, before, after })
        })
        .collect()
}

/// Lists compare as lists: two that print the same may still be cut differently.
fn lists_equal(known: &AnnexRow, row: &AnnexRow, field: Field) -> bool {
    match field {
        Field::Supports => known.supports == row.supports,
        Field::Basis => known.basis == row.basis,
        Field::Evidence => known.evidence == row.evidence,
        _ => true,
    }
}

fn show(row: &AnnexRow, field: Field) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    match field {
        Field::Code => text(&row.code),
        Field::Stream => text(&row.stream),
        Field::Domain => text(&row.domain),
        Field::What => row.what.clone(),
        Field::Lead => text(&row.lead),
        Field::Supports => render_supports(&row.supports),
        Field::Focal => text(&row.focal),
        Field::Accountable => text(&row.accountable),
        Field::Authority => text(&row.authority),
        Field::Approver => text(&row.approver),
        Field::Acceptor => text(&row.acceptor),
        Field::Start => row.start.map(show_date).unwrap_or_default(),
        Field::Due => row.due.as_ref().map(Deadline::format_vn).unwrap_or_default(),
        Field::Result => text(&row.result),
        Field::Criteria => text(&row.criteria),
        Field::Evidence => render_list(&row.evidence),
        Field::Basis => render_basis(&row.basis),
        Field::Note => text(&row.note),
        Field::State => row.state.map(|state| state.as_str().to_owned()).unwrap_or_default(),
        Field::Percent => row.percent.map(|percent| percent.to_string()).unwrap_or_default(),
        Field::Phase => text(&row.phase),
        Field::Number | Field::Who | Field::When | Field::Id | Field::Exact | Field::Derived => String::new(),
    }
}

fn show_date(date: Date) -> String {
    format_vn_date(date)
}
