//! What the pages of a task share: who looks, words of values, the notice after an act.

use jiff::Timestamp;
use platform::{
    clock,
    congress::LabelSet,
    i18n::{self, Arg},
    identity::{Actor, Capability, OfficeId, UnitId},
    web::Cx,
};
use rules::{
    clarity::{Clarity, Severity, SixKey},
    timing::{Timed, Timing},
};

use super::refusals;
use crate::decisions;
use crate::tasks::{
    self, Audience, TaskError,
    clarity::People,
    model::{Basis, Milestone, Support, Task},
    pages::views::row,
    store::{self, Who},
};
pub(crate) use platform::web::{problem, see};

/// Who looks at a page or acts on it, small enough to go into a transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Viewer {
    pub who: Who,
    pub audience: Audience,
    pub unit: UnitId,
    /// May add what one is asked for.
    pub contributes: bool,
    /// Up to which class the register of decisions is open; none when it is not.
    pub decisions: Option<platform::identity::Confidentiality>,
}

impl Viewer {
    pub(super) fn of<C: Capability>(actor: &Actor<C>) -> Self {
        Self {
            who: tasks::who(actor),
            audience: tasks::audience(actor),
            unit: actor.unit.id,
            contributes: actor.may(tasks::AREA, platform::identity::Right::Contribute, None),
            decisions: actor
                .may(decisions::AREA, platform::identity::Right::Read, None)
                .then(|| decisions::clearance(actor)),
        }
    }

    pub(super) fn office(&self) -> Option<OfficeId> {
        self.who.office
    }

    /// Whether the task may be opened: its class is open to this office, it is a stub without content, or this
    /// office has a part in it.
    pub(super) fn may_open(&self, task: &Task) -> bool {
        let fields = &task.fields;
        self.audience.sees(task)
            || fields.confidentiality == platform::identity::Confidentiality::Secret
            || !self.who.roles(fields).iter().all(|role| *role == rules::state::Role::Organiser)
    }

    /// The task with this code, if it may be opened.
    ///
    /// # Errors
    /// [`TaskError::NotFound`] for a hidden one too.
    pub(super) fn open(&self, tx: &mut platform::db::Tx<'_>, code: &str) -> Result<Task, TaskError> {
        let task = store::task_by_code(tx, code)?;
        if self.may_open(&task) { Ok(task) } else { Err(TaskError::NotFound) }
    }
}

/// The address of a task's page, or of one below it.
pub(crate) fn at(code: &str, below: &str) -> String {
    let mut address = String::from("/nhiem-vu/");
    for byte in code.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            address.push(char::from(byte));
        } else {
            address.push('%');
            address.push_str(&platform::hex(&[byte]).to_uppercase());
        }
    }
    if !below.is_empty() {
        address.push('/');
        address.push_str(below);
    }
    address
}

/// The notices that an address may ask for.
const NOTICES: &[&str] = &[
    "created",
    "edited",
    "unchanged",
    "moved",
    "reported",
    "evidence",
    "confirmed",
    "asked",
    "granted",
    "refused",
    "withdrawn",
    "urged",
    "seen",
    "tied",
    "untied",
    "taken",
    "approved",
    "settings",
    "day-set",
    "day-dropped",
    "assigned",
    "told",
];

/// The notice of the page, from its address.
pub(super) fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if !NOTICES.contains(&asked.as_str()) {
        return String::new();
    }
    let count: i64 = cx.param("so").parse().unwrap_or(0);
    i18n::tr(cx.lang, &format!("task-done-{asked}"), &[("count", Arg::Number(count as f64))])
}

/// A moment in words.
pub(crate) fn moment(at: Timestamp) -> String {
    i18n::fmt::moment(clock::local(at))
}

/// The label of a key here.
pub(super) fn label(cx: &Cx, labels: &LabelSet, key: SixKey) -> String {
    labels
        .labels
        .get(&key)
        .filter(|label| !label.trim().is_empty())
        .cloned()
        .unwrap_or_else(|| cx.tp("task-six-", key).into_owned())
}

/// One remark of the lint in words.
#[derive(Debug, Clone)]
pub(super) struct Remark {
    pub blocking: bool,
    pub text: String,
}

/// What the lint says about one key.
pub(super) fn remarks(cx: &Cx, clarity: &Clarity, key: SixKey) -> Vec<Remark> {
    clarity
        .of(key)
        .map(|finding| Remark {
            blocking: finding.severity == Severity::Blocking,
            text: refusals::finding(cx.lang, finding),
        })
        .collect()
}

/// Colour and icon of a timing; the word stands beside them.
pub(crate) fn light(timing: Timing) -> (&'static str, &'static str) {
    (row::tone(timing), row::sign(timing))
}

/// The timing with its days: "quá hạn 2 ngày".
pub(crate) fn timed_words(cx: &Cx, timed: Timed) -> String {
    let word = cx.t(timed.timing.key()).into_owned();
    let days = i64::from(timed.days.unsigned_abs());
    let further = match timed.timing {
        Timing::NotYet | Timing::DueSoon => cx.tn("task-days-left", days),
        Timing::Overdue | Timing::DoneLate if days > 0 => cx.tn("task-days-late", days),
        Timing::DoneEarly if days > 0 => cx.tn("task-days-early", days),
        _ => return word,
    };
    format!("{word}, {further}")
}

/// A field's value, as it is kept for comparing, in words: names instead of ids, dates as people write them.
pub(super) fn value(cx: &Cx, people: &People, field: &str, text: &str) -> String {
    match field {
        "lead_unit" => known(text.parse().ok().map(|id| people.unit_name(id)), text),
        "focal_office" | "approver_office" | "accountable_office" | "deputy_office" | "acceptor_office" => {
            known(text.parse().ok().map(|id| people.office_title(id)), text)
        }
        "start" | "due" | "event_on" | "due_original" => {
            text.parse::<rules::dates::Deadline>().map_or_else(|_| text.to_owned(), |due| due.format_vn())
        }
        "phase" => cx.tp("task-phase-", text).into_owned(),
        "confidentiality" => cx.tp("task-class-", text).into_owned(),
        "state" => cx.tp("state-", text).into_owned(),
        "has_budget" => cx.t(if text == "true" { "task-yes" } else { "task-no" }).into_owned(),
        "money_limit" => text.parse::<i64>().map_or_else(|_| text.to_owned(), |sum| money(cx, sum)),
        "evidence_kinds" => {
            let kinds: Vec<String> = serde_json::from_str(text).unwrap_or_default();
            let words: Vec<String> =
                kinds.iter().map(|kind| cx.tp("task-evidence-", kind).into_owned()).collect();
            words.join(", ")
        }
        "supports" => {
            let items: Vec<Support> = serde_json::from_str(text).unwrap_or_default();
            let words: Vec<String> = items
                .iter()
                .map(|one| {
                    let mut line = format!("{}: {}", people.unit_name(one.unit), one.contribution);
                    if let Some(due) = one.due {
                        line.push_str(&format!(" ({})", due.format_vn()));
                    }
                    line
                })
                .collect();
            words.join("; ")
        }
        "basis" => {
            let items: Vec<Basis> = serde_json::from_str(text).unwrap_or_default();
            items.iter().map(basis_words).collect::<Vec<_>>().join("; ")
        }
        "milestones" => {
            let items: Vec<Milestone> = serde_json::from_str(text).unwrap_or_default();
            let words: Vec<String> =
                items.iter().map(|one| format!("{} ({})", one.title, i18n::fmt::date(one.due))).collect();
            words.join("; ")
        }
        _ => text.to_owned(),
    }
}

fn known(name: Option<&str>, text: &str) -> String {
    name.filter(|name| !name.is_empty()).unwrap_or(text).to_owned()
}

/// An amount of money.
pub(super) fn money(cx: &Cx, sum: i64) -> String {
    cx.t1("task-dong", "amount", cx.int(sum))
}

/// A legal basis in one line: "127-KH/TU ngày 20/09/2025, khoản 2 mục III: về …".
pub(super) fn basis_words(basis: &Basis) -> String {
    let mut line = basis.symbol.clone();
    for part in
        [basis.issued_on.map(i18n::fmt::date), Some(basis.clause.clone()), Some(basis.subject.clone())]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
    {
        line.push_str(", ");
        line.push_str(&part);
    }
    line
}

/// One change of a field in words.
#[derive(Debug, Clone)]
pub(super) struct ChangeWords {
    pub field: String,
    pub before: String,
    pub after: String,
}

/// Changes in words.
pub(super) fn changes(cx: &Cx, people: &People, given: &[rules::diff::Change]) -> Vec<ChangeWords> {
    use rules::diff::Change;
    given
        .iter()
        .map(|change| {
            let field = change.field();
            let (before, after) = match change {
                Change::Added { after, .. } => ("", after.as_str()),
                Change::Removed { before, .. } => (before.as_str(), ""),
                Change::Changed { before, after, .. } => (before.as_str(), after.as_str()),
            };
            let words =
                |text: &str| if text.is_empty() { String::new() } else { value(cx, people, field, text) };
            ChangeWords {
                field: cx.tp("task-field-", field).into_owned(),
                before: words(before),
                after: words(after),
            }
        })
        .collect()
}

/// Offices for a choice: (id, title and unit), the empty choice first.
pub(super) fn office_options(cx: &Cx, people: &People) -> Vec<(String, String)> {
    let none = (String::new(), cx.t("task-choose").into_owned());
    let offices = people.offices_by_title().into_iter().map(|office| {
        let unit = people.units.get(&office.unit_id).map_or("", |unit| unit.short.as_str());
        let words = if unit.is_empty() { office.title.clone() } else { format!("{} ({unit})", office.title) };
        (office.id.to_string(), words)
    });
    std::iter::once(none).chain(offices).collect()
}

/// Units for a choice, the empty choice first.
pub(super) fn unit_options(cx: &Cx, people: &People) -> Vec<(String, String)> {
    let none = (String::new(), cx.t("task-choose").into_owned());
    let units = people.units_by_name().into_iter().map(|unit| (unit.id.to_string(), unit.name.clone()));
    std::iter::once(none).chain(units).collect()
}
