//! What changed between two snapshots of the same thing, field by field: for baselines and for the
//! change log (preparation reference (a) B20).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One changed field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The field was not there before.
    Added {
        /// Field name.
        field: String,
        /// Its value now.
        after: String,
    },
    /// The field is gone.
    Removed {
        /// Field name.
        field: String,
        /// Its value before.
        before: String,
    },
    /// The field has another value.
    Changed {
        /// Field name.
        field: String,
        /// Its value before.
        before: String,
        /// Its value now.
        after: String,
    },
}

impl Change {
    /// Name of the field.
    pub fn field(&self) -> &str {
        match self {
            Self::Added { field, .. } | Self::Removed { field, .. } | Self::Changed { field, .. } => field,
        }
    }
}

/// The changes from `before` to `after`, in the order of the field names; empty when equal.
pub fn diff(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<Change> {
    let mut changes: Vec<Change> = before
        .iter()
        .filter_map(|(field, old)| match after.get(field) {
            None => Some(Change::Removed { field: field.clone(), before: old.clone() }),
            Some(new) if new != old => {
                Some(Change::Changed { field: field.clone(), before: old.clone(), after: new.clone() })
            }
            Some(_) => None,
        })
        .chain(
            after
                .iter()
                .filter(|(field, _)| !before.contains_key(*field))
                .map(|(field, new)| Change::Added { field: field.clone(), after: new.clone() }),
        )
        .collect();
    changes.sort_by(|a, b| a.field().cmp(b.field()));
    changes
}

/// What happened to one row of a plan between two baselines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "snake_case")]
pub enum RowChange {
    /// A row that the earlier baseline does not have.
    Added {
        /// Code of the row.
        code: String,
    },
    /// A row that the later baseline does not have.
    Removed {
        /// Code of the row.
        code: String,
    },
    /// A row of both, with changed fields.
    Changed {
        /// Code of the row.
        code: String,
        /// Its changed fields; never empty.
        changes: Vec<Change>,
    },
}

/// Rows by code, each with its fields: the shape of a baseline.
pub type Rows = BTreeMap<String, BTreeMap<String, String>>;

/// The changes between two baselines, in the order of the codes; unchanged rows are left out.
pub fn diff_rows(before: &Rows, after: &Rows) -> Vec<RowChange> {
    let codes: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    codes
        .into_iter()
        .filter_map(|code| match (before.get(code), after.get(code)) {
            (None, _) => Some(RowChange::Added { code: code.clone() }),
            (_, None) => Some(RowChange::Removed { code: code.clone() }),
            (Some(b), Some(a)) => {
                let changes = diff(b, a);
                (!changes.is_empty()).then(|| RowChange::Changed { code: code.clone(), changes })
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect()
    }

    #[test]
    fn fields() {
        let before = map(&[("due", "2025-10-05"), ("lead", "A"), ("note", "x")]);
        let after = map(&[("due", "2025-10-08"), ("lead", "A"), ("basis", "KL 12")]);
        assert_eq!(
            diff(&before, &after),
            vec![
                Change::Added { field: "basis".into(), after: "KL 12".into() },
                Change::Changed {
                    field: "due".into(),
                    before: "2025-10-05".into(),
                    after: "2025-10-08".into()
                },
                Change::Removed { field: "note".into(), before: "x".into() },
            ]
        );
        assert!(diff(&before, &before).is_empty());
    }

    #[test]
    fn rows() {
        let row = |due: &str| map(&[("due", due)]);
        let before: Rows = [("A".into(), row("1")), ("B".into(), row("2")), ("C".into(), row("3"))].into();
        let after: Rows = [("A".into(), row("1")), ("B".into(), row("9")), ("D".into(), row("4"))].into();
        let changes = diff_rows(&before, &after);
        assert_eq!(changes.len(), 3);
        assert!(
            matches!(&changes[0], RowChange::Changed { code, changes } if code == "B" && changes.len() == 1)
        );
        assert_eq!(changes[1], RowChange::Removed { code: "C".into() });
        assert_eq!(changes[2], RowChange::Added { code: "D".into() });
    }
}
