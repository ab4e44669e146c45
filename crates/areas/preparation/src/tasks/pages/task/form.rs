//! The form of the six rõ: what was typed, as it was typed, and what it means.

use platform::{
    i18n::{self, key},
    web::{FieldProblem, date_problem},
};
use rules::dates::{Deadline, parse_vn_date};

use crate::tasks::model::{Basis, Dong, EvidenceKind, Milestone, Phase, Support, TaskFields};

pub(crate) use platform::web::{Typed, TypedRow as Row};

/// A task in its form.
pub(crate) trait TaskForm {
    /// The form of a task as it stands.
    fn of(fields: &TaskFields) -> Self;
    /// What the form means, and what is wrong with it. A value that cannot be read is left out of the fields and
    /// named in the problems; `year` is meant where a date has none.
    fn read(&self, year: i16) -> (TaskFields, Vec<FieldProblem>);
}

/// The columns of the repeated rows.
pub(super) const SUPPORTS: &[&str] = &["support_unit", "support_contribution", "support_due"];
pub(crate) const BASES: &[&str] = &["basis_symbol", "basis_issued_on", "basis_clause", "basis_subject"];
pub(super) const MILESTONES: &[&str] = &["milestone_title", "milestone_due"];

impl TaskForm for Typed {
    fn of(fields: &TaskFields) -> Self {
        let mut typed = Self::default();
        let opt = |id: Option<String>| id.unwrap_or_default();
        let day = |date: Option<jiff::civil::Date>| date.map(i18n::fmt::date).unwrap_or_default();
        for (name, value) in [
            ("code", fields.code.clone()),
            ("stream", fields.stream.clone()),
            ("phase", fields.phase.to_string()),
            ("confidentiality", fields.confidentiality.to_string()),
            ("what", fields.what.clone()),
            ("scope", fields.scope.clone()),
            ("lead_unit", opt(fields.lead_unit.map(|id| id.to_string()))),
            ("focal_office", opt(fields.focal_office.map(|id| id.to_string()))),
            ("start", day(fields.start)),
            ("due", fields.due.map(|due| due.format_vn()).unwrap_or_default()),
            ("due_text", fields.due_text.clone()),
            ("event_on", day(fields.event_on)),
            ("authority", fields.authority.clone()),
            ("approver_office", opt(fields.approver_office.map(|id| id.to_string()))),
            ("escalation", fields.escalation.clone()),
            ("money_limit", opt(fields.money_limit.map(|limit| limit.0.to_string()))),
            ("accountable_office", opt(fields.accountable_office.map(|id| id.to_string()))),
            ("deputy_office", opt(fields.deputy_office.map(|id| id.to_string()))),
            ("result", fields.result.clone()),
            ("result_quantity", fields.result_quantity.clone()),
            ("result_form", fields.result_form.clone()),
            ("acceptance", fields.acceptance.clone()),
            ("acceptor_office", opt(fields.acceptor_office.map(|id| id.to_string()))),
        ] {
            typed.set(name, value);
        }
        if fields.has_budget {
            typed.set("has_budget", "1");
        }
        let mut push = |name: &str, value: String| typed.extend([(name.to_owned(), value)]);
        for kind in &fields.evidence_kinds {
            push("evidence_kinds", kind.to_string());
        }
        for support in &fields.supports {
            push("support_unit", support.unit.to_string());
            push("support_contribution", support.contribution.clone());
            push("support_due", support.due.map(|due| due.format_vn()).unwrap_or_default());
        }
        for basis in &fields.basis {
            push("basis_symbol", basis.symbol.clone());
            push("basis_issued_on", day(basis.issued_on));
            push("basis_clause", basis.clause.clone());
            push("basis_subject", basis.subject.clone());
        }
        for milestone in &fields.milestones {
            push("milestone_title", milestone.title.clone());
            push("milestone_due", i18n::fmt::date(milestone.due));
        }
        typed
    }

    /// What the form means, and what is wrong with it. A value that cannot be read is left out of the fields and
    /// named in the problems; `year` is meant where a date has none.
    fn read(&self, year: i16) -> (TaskFields, Vec<FieldProblem>) {
        let mut wrong = Vec::new();
        let text = |name: &str| self.get(name).replace("\r\n", "\n");
        let day = |name: &'static str, text: &str, wrong: &mut Vec<FieldProblem>| match text {
            "" => None,
            text => {
                parse_vn_date(text, Some(year)).map_err(|error| wrong.push(date_problem(name, &error))).ok()
            }
        };
        let deadline = |name: &'static str, text: &str, wrong: &mut Vec<FieldProblem>| match text {
            "" => None,
            text => {
                Deadline::parse(text, Some(year)).map_err(|error| wrong.push(date_problem(name, &error))).ok()
            }
        };
        fn id<T: std::str::FromStr>(
            name: &'static str,
            text: &str,
            wrong: &mut Vec<FieldProblem>,
        ) -> Option<T> {
            if text.is_empty() {
                return None;
            }
            text.parse().map_err(|_| wrong.push(FieldProblem::new(name, key("task-form-choose-again")))).ok()
        }
        let start = day("start", self.get("start"), &mut wrong);
        let due = deadline("due", self.get("due"), &mut wrong);
        let event_on = day("event_on", self.get("event_on"), &mut wrong);
        let mut supports: Vec<Support> = Vec::new();
        for row in self.rows(SUPPORTS) {
            let due = deadline("support_due", row.cell(2), &mut wrong);
            match id("support_unit", row.cell(0), &mut wrong) {
                Some(unit) if supports.iter().any(|other| other.unit == unit) => {
                    wrong.push(FieldProblem::new("support_unit", key("task-form-unit-twice")));
                }
                Some(unit) => supports.push(Support { unit, contribution: row.cell(1).to_owned(), due }),
                None => wrong.push(FieldProblem::new("support_unit", key("task-form-unit-missing"))),
            }
        }
        let mut basis = Vec::new();
        for row in self.rows(BASES) {
            let issued_on = day("basis_issued_on", row.cell(1), &mut wrong);
            if row.cell(0).is_empty() {
                wrong.push(FieldProblem::new("basis_symbol", key("task-form-symbol-missing")));
            }
            basis.push(Basis {
                symbol: row.cell(0).to_owned(),
                issued_on,
                clause: row.cell(2).to_owned(),
                subject: row.cell(3).to_owned(),
            });
        }
        let mut milestones = Vec::new();
        for row in self.rows(MILESTONES) {
            match day("milestone_due", row.cell(1), &mut wrong) {
                Some(due) => milestones.push(Milestone { title: row.cell(0).to_owned(), due }),
                None if row.cell(1).is_empty() => {
                    wrong.push(FieldProblem::new("milestone_due", key("task-form-milestone-date")));
                }
                None => {}
            }
        }
        let money: String =
            self.get("money_limit").chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}')).collect();
        let money_limit = if money.is_empty() {
            None
        } else {
            match money.trim_end_matches(['đ', '₫']).parse::<u64>() {
                // The database keeps whole numbers of 63 bits.
                Ok(sum) if i64::try_from(sum).is_ok() => Some(Dong(sum)),
                _ => {
                    wrong.push(FieldProblem::new("money_limit", key("task-form-money")));
                    None
                }
            }
        };
        let fields = TaskFields {
            code: text("code"),
            stream: text("stream"),
            phase: self.get("phase").parse().unwrap_or(Phase::Before),
            confidentiality: self.get("confidentiality").parse().unwrap_or_default(),
            what: text("what"),
            scope: text("scope"),
            basis,
            lead_unit: id("lead_unit", self.get("lead_unit"), &mut wrong),
            focal_office: id("focal_office", self.get("focal_office"), &mut wrong),
            supports,
            start,
            // A date replaces the words that stood for one.
            due_text: if due.is_some() { String::new() } else { text("due_text") },
            due,
            event_on,
            milestones,
            authority: text("authority"),
            approver_office: id("approver_office", self.get("approver_office"), &mut wrong),
            escalation: text("escalation"),
            has_budget: self.has("has_budget", "1"),
            money_limit,
            accountable_office: id("accountable_office", self.get("accountable_office"), &mut wrong),
            deputy_office: id("deputy_office", self.get("deputy_office"), &mut wrong),
            result: text("result"),
            result_quantity: text("result_quantity"),
            result_form: text("result_form"),
            acceptance: text("acceptance"),
            acceptor_office: id("acceptor_office", self.get("acceptor_office"), &mut wrong),
            evidence_kinds: EvidenceKind::ALL
                .iter()
                .copied()
                .filter(|kind| self.has("evidence_kinds", kind.as_str()))
                .collect(),
        };
        (fields.normalised(), wrong)
    }
}

/// Two versions of the same task that grew from one, field by field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Merge {
    /// Mine where only I changed it, theirs where only they did; mine where both did.
    pub merged: serde_json::Map<String, serde_json::Value>,
    /// Fields both changed, differently.
    pub both: Vec<String>,
    /// Fields only they changed.
    pub theirs: Vec<String>,
}

/// Lays what I typed beside what somebody else saved meanwhile. Without a base every difference is asked about.
pub(super) fn merge(base: Option<&TaskFields>, mine: &TaskFields, theirs: &TaskFields) -> Merge {
    let object = |fields: &TaskFields| match serde_json::to_value(fields) {
        Ok(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    let (base, mine, saved) = (base.map(object), object(mine), object(theirs));
    let mut merge = Merge { merged: mine.clone(), both: Vec::new(), theirs: Vec::new() };
    for (name, saved) in &saved {
        let my = mine.get(name);
        if my == Some(saved) {
            continue;
        }
        let was = base.as_ref().and_then(|base| base.get(name));
        if base.is_some() && was == my {
            merge.theirs.push(name.clone());
            merge.merged.insert(name.clone(), saved.clone());
        } else if base.is_none() || was != Some(saved) {
            merge.both.push(name.clone());
        }
    }
    merge
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed::from(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>(),
        )
    }

    #[test]
    fn a_form_says_what_a_task_says_and_back() {
        let (fields, wrong) = typed(&[
            ("code", " PV-01 "),
            ("what", "Lập danh sách"),
            ("due", "16:00 05/10/2025"),
            ("start", "1/9"),
            ("money_limit", "50.000.000"),
            ("has_budget", "1"),
            ("evidence_kinds", "van_ban"),
            ("evidence_kinds", "anh"),
            ("basis_symbol", "127-KH/TU"),
            ("basis_issued_on", ""),
            ("basis_clause", "khoản 2"),
            ("basis_subject", ""),
            ("milestone_title", "Xong nháp"),
            ("milestone_due", "20/09/2025"),
            ("milestone_title", ""),
            ("milestone_due", ""),
        ])
        .read(2025);
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(fields.money_limit, Some(Dong(50_000_000)));
        assert_eq!(fields.milestones.len(), 1);
        assert_eq!(fields.due.unwrap().to_string(), "2025-10-05T16:00");
        let (again, wrong) = Typed::of(&fields).read(2025);
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(again, fields);
    }

    #[test]
    fn what_is_wrong_is_named_and_stays_typed() {
        let form = typed(&[("due", "09/30/2025"), ("start", "1/1/1900"), ("money_limit", "nhiều")]);
        let (fields, wrong) = form.read(2025);
        let names: Vec<&str> = wrong.iter().map(|problem| problem.name.as_ref()).collect();
        assert_eq!(names, ["start", "due", "money_limit"]);
        assert_eq!(fields.due, None);
        assert_eq!(form.get("due"), "09/30/2025");
    }

    #[test]
    fn only_what_both_changed_is_asked_about() {
        let base =
            TaskFields { code: "A".into(), what: "Lập".into(), scope: "x".into(), ..TaskFields::default() };
        let mine = TaskFields { what: "Lập bảng".into(), result: "01 bảng".into(), ..base.clone() };
        let theirs = TaskFields { what: "Lập sổ".into(), scope: "y".into(), ..base.clone() };
        let merged = merge(Some(&base), &mine, &theirs);
        assert_eq!((merged.both, merged.theirs), (vec!["what".to_owned()], vec!["scope".to_owned()]));
        let merged = serde_json::from_value::<TaskFields>(merged.merged.into()).unwrap();
        assert_eq!(
            (merged.scope.as_str(), merged.what.as_str(), merged.result.as_str()),
            ("y", "Lập bảng", "01 bảng")
        );
        assert_eq!(merge(None, &mine, &theirs).both, ["what", "scope", "result"]);
    }
}
