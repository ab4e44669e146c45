//! Picked tasks as a Gantt chart and as a CSV table.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use platform::{
    clock,
    i18n::{self, Lang},
};
use rules::{
    schedule::DepKind,
    timing::{Timing, days_between},
};

use super::{annex, timing_words};
use crate::tasks::{
    gantt::{GanttInput, GanttLink, GanttRow, LinkKind},
    model::{Task, TaskId},
    reach::Audience,
    register::Register,
};

/// One task in the numbers beside the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The code.
    pub code: String,
    /// What it is about, or that it is not shown.
    pub what: String,
    /// The lead unit's short name.
    pub unit: String,
    /// First day.
    pub start: Option<Date>,
    /// Deadline in force.
    pub due: Option<Date>,
    /// Days from start to deadline, both counted.
    pub days: Option<i32>,
    /// Percent.
    pub percent: u8,
    /// The timing.
    pub timing: Timing,
    /// The timing in words.
    pub timing_text: String,
    /// Days the deadline may slip before the opening is touched.
    pub slack: Option<i32>,
    /// Whether the opening hangs on it.
    pub critical: bool,
    /// Codes of those it waits for.
    pub waits_for: String,
}

/// The chart of picked tasks, streams in the order of the register. With a `baseline`, its start and deadline
/// per task are drawn beside those in force.
pub fn gantt(
    register: &Register,
    tasks: &[&Task],
    audience: Audience,
    lang: Lang,
    baseline: &HashMap<TaskId, (Date, Date)>,
) -> GanttInput {
    let tasks = annex::grouped(register, tasks);
    let slack = register.slack();
    let mut groups: Vec<String> = Vec::new();
    let mut rows = Vec::with_capacity(tasks.len());
    let mut at: HashMap<TaskId, usize> = HashMap::new();
    for task in &tasks {
        let fields = &task.fields;
        let stream = if fields.stream.is_empty() {
            i18n::t(lang, "annex-no-stream").into_owned()
        } else {
            fields.stream.clone()
        };
        let group = groups.iter().position(|one| *one == stream).unwrap_or_else(|| {
            groups.push(stream);
            groups.len() - 1
        });
        let timed = register.timed(task);
        at.insert(task.id, rows.len());
        rows.push(GanttRow {
            code: fields.code.clone(),
            title: title(task, audience, lang),
            unit: unit_short(register, task),
            start: fields.start,
            due: fields.due.map(|due| due.date),
            original_due: task.due_original.filter(|due| Some(*due) != fields.due).map(|due| due.date),
            done: task.accepted_at.map(|done| clock::local(done).date()),
            percent: task.percent,
            timing: timed.timing,
            timing_text: timing_words(lang, timed),
            critical: slack.get(&task.id).is_some_and(|slack| slack.critical),
            href: Some(address(&fields.code)),
            baseline: baseline.get(&task.id).copied(),
            group,
        });
    }
    let links = register
        .deps
        .iter()
        .filter_map(|dep| {
            let (from, to) = (*at.get(&dep.pred)?, *at.get(&dep.succ)?);
            let critical = rows.get(from)?.critical && rows.get(to)?.critical;
            Some(GanttLink { from, to, kind: kind(dep.kind), critical })
        })
        .collect();
    let plan = tasks.first().and_then(|task| register.plans.iter().find(|plan| plan.id == task.plan));
    GanttInput {
        title: plan.map_or_else(|| register.congress.name.clone(), |plan| plan.title.clone()),
        body: plan.map(|plan| register.people.unit_name(plan.unit).to_owned()).unwrap_or_default(),
        rows,
        groups,
        links,
        as_of: register.as_of,
        opening: Some(register.congress.opening_on),
        from: None,
        to: None,
        calendar: register.calendar.clone(),
    }
}

/// The page of a task; a code is text and may hold anything.
pub fn address(code: &str) -> String {
    let mut out = String::from("/nhiem-vu/");
    for byte in code.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// What the task is about, or that it is followed elsewhere.
pub fn title(task: &Task, audience: Audience, lang: Lang) -> String {
    if audience.sees(task) { task.fields.what.clone() } else { annex::redacted(lang) }
}

fn unit_short(register: &Register, task: &Task) -> String {
    task.fields
        .lead_unit
        .and_then(|unit| register.people.units.get(&unit))
        .map(|unit| if unit.short.is_empty() { unit.name.clone() } else { unit.short.clone() })
        .unwrap_or_default()
}

fn kind(kind: DepKind) -> LinkKind {
    match kind {
        DepKind::FS => LinkKind::FinishToStart,
        DepKind::SS => LinkKind::StartToStart,
        DepKind::FF => LinkKind::FinishToFinish,
        DepKind::SF => LinkKind::StartToFinish,
    }
}

/// The numbers of the chart as lines of a table.
pub fn lines(register: &Register, tasks: &[&Task], audience: Audience, lang: Lang) -> Vec<Line> {
    let slack = register.slack();
    annex::grouped(register, tasks)
        .into_iter()
        .map(|task| {
            let due = task.fields.due.map(|due| due.date);
            let timed = register.timed(task);
            let slack = slack.get(&task.id);
            let waits: Vec<&str> = register
                .deps
                .iter()
                .filter(|dep| dep.succ == task.id)
                .filter_map(|dep| register.by_id(dep.pred))
                .map(|task| task.fields.code.as_str())
                .collect();
            Line {
                code: task.fields.code.clone(),
                what: title(task, audience, lang),
                unit: unit_short(register, task),
                start: task.fields.start,
                due,
                days: task.fields.start.zip(due).map(|(start, due)| days_between(start, due) + 1),
                percent: task.percent,
                timing: timed.timing,
                timing_text: timing_words(lang, timed),
                slack: slack.map(|slack| slack.slack_days),
                critical: slack.is_some_and(|slack| slack.critical),
                waits_for: waits.join(", "),
            }
        })
        .collect()
}

/// Picked tasks as CSV for spreadsheets: UTF-8 with its mark, every cell quoted, no cell a formula.
pub fn csv(register: &Register, tasks: &[&Task], audience: Audience, lang: Lang) -> String {
    use crate::tasks::sheets::Field;
    const FIELDS: [Field; 18] = [
        Field::Stream,
        Field::Code,
        Field::What,
        Field::Lead,
        Field::Supports,
        Field::Focal,
        Field::Accountable,
        Field::Authority,
        Field::Approver,
        Field::Acceptor,
        Field::Start,
        Field::Due,
        Field::Result,
        Field::Criteria,
        Field::Basis,
        Field::State,
        Field::Percent,
        Field::Derived,
    ];
    let names = annex::Names::of(&register.people);
    let mut out = String::from("\u{feff}");
    record(&mut out, FIELDS.iter().map(|field| i18n::t(lang, field.key()).into_owned()));
    for task in tasks {
        let row = annex::row(&names, task, audience, lang);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let supports = |unit: &str, more: &Option<String>| match more {
            Some(more) => format!("{unit} ({more})"),
            None => unit.to_owned(),
        };
        record(
            &mut out,
            FIELDS.iter().map(|field| match field {
                Field::Stream => text(&row.stream),
                Field::Code => text(&row.code),
                Field::What => row.what.clone(),
                Field::Lead => text(&row.lead),
                Field::Supports => row
                    .supports
                    .iter()
                    .map(|one| supports(&one.unit, &one.contribution))
                    .collect::<Vec<_>>()
                    .join("; "),
                Field::Focal => text(&row.focal),
                Field::Accountable => text(&row.accountable),
                Field::Authority => text(&row.authority),
                Field::Approver => text(&row.approver),
                Field::Acceptor => text(&row.acceptor),
                Field::Start => row.start.map(i18n::fmt::date).unwrap_or_default(),
                Field::Due => row.due.map(|due| due.format_vn()).unwrap_or_default(),
                Field::Result => text(&row.result),
                Field::Criteria => text(&row.criteria),
                Field::Basis => row
                    .basis
                    .iter()
                    .map(|one| supports(&one.document, &one.clause))
                    .collect::<Vec<_>>()
                    .join("; "),
                Field::State => i18n::t(lang, task.state.key()).into_owned(),
                Field::Percent => task.percent.to_string(),
                _ => timing_words(lang, register.timed(task)),
            }),
        );
    }
    out
}

fn record(out: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push('"');
        // A spreadsheet runs a cell that begins so; the apostrophe makes it text.
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%', '＝', '＋', '－', '＠']) {
            out.push('\'');
        }
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_breaks_the_table() {
        let mut out = String::new();
        record(&mut out, ["=1+1", "a\"b", "x,y", "-2", "\t=1", "ok"].into_iter().map(str::to_owned));
        assert_eq!(out, "\"'=1+1\",\"a\"\"b\",\"x,y\",\"'-2\",\"'\t=1\",\"ok\"\r\n");
    }

    #[test]
    fn a_code_is_an_address_whatever_it_holds() {
        assert_eq!(address("PV-07"), "/nhiem-vu/PV-07");
        assert_eq!(address("a/b ?"), "/nhiem-vu/a%2Fb%20%3F");
    }
}
