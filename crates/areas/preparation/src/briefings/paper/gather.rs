//! From what was frozen, signed or issued to what the papers say.

use jiff::civil::Date;
use platform::{
    clock,
    i18n::{self, Lang},
    identity::Confidentiality,
    papers::{Body, BodyKind},
};
use print::{Authority, Issuer};
use rules::{briefing::Disposition, timing::Timing};

use super::facts::{
    Absent, Change, Conclusion, Item, Line, Meeting, Outcome, Report, Signer, Supplement, TaskRow,
};
use crate::{
    briefings::{
        model::{self, Concluded, Frozen, Presence},
        snapshot::{FrozenTask, Snapshot},
    },
    tasks::{Audience, exchange::timing_words, model::TaskId},
};

/// The issuing body as a heading prints it, and its symbol.
#[derive(Debug, Clone, Default)]
pub struct Heading {
    /// The body.
    pub issuer: Issuer,
    /// What stands in its numbers.
    pub symbol: String,
}

/// The heading of a body; empty while the unit issues no papers yet.
pub fn heading(body: Option<&Body>) -> Heading {
    let Some(body) = body else { return Heading::default() };
    Heading {
        issuer: Issuer {
            kind: match body.kind {
                BodyKind::Party => print::BodyKind::Party,
                BodyKind::Congress => print::BodyKind::Congress,
                BodyKind::State => print::BodyKind::State,
            },
            parent: body.parent_lines.clone(),
            name: body.name_lines.clone(),
            place: body.place.clone(),
            place_short: body.place_short.clone(),
        },
        symbol: body.symbol.clone(),
    }
}

/// A meeting as its signed minutes, or the draft of them, say.
pub fn meeting(minutes: &model::Minutes, heading: &Heading) -> Meeting {
    let away = |one: &&model::Attended| one.presence == Presence::Absent;
    Meeting {
        issuer: heading.issuer.clone(),
        symbol: heading.symbol.clone(),
        series: minutes.series.clone(),
        number: minutes.no,
        begins: clock::local(minutes.started_at.unwrap_or(minutes.at)),
        ends: minutes.closed_at.map(clock::local),
        place: minutes.place.clone(),
        chair: minutes.chair.clone(),
        secretary: minutes.secretary.clone(),
        present: minutes
            .attendance
            .iter()
            .filter(|one| one.presence == Presence::Present)
            .map(|one| match one.reason.is_empty() {
                true => one.office.clone(),
                false => format!("{} ({})", one.office, one.reason),
            })
            .collect(),
        absent: minutes
            .attendance
            .iter()
            .filter(away)
            .map(|one| Absent { office: one.office.clone(), reason: one.reason.clone() })
            .collect(),
        cutoff: minutes.as_of.map(clock::local),
        snapshot: minutes.snapshot.clone(),
        items: minutes
            .agenda
            .iter()
            .filter(|one| one.state == model::ItemState::Taken)
            .map(|one| Item {
                title: match (one.code.is_empty(), one.title.is_empty()) {
                    (true, _) => one.title.clone(),
                    (false, true) => one.code.clone(),
                    (false, false) => format!("{}: {}", one.code, one.title),
                },
                presenter: one.presenter.clone(),
                notes: reasons(&one.reasons),
            })
            .collect(),
        conclusions: minutes.conclusions.iter().map(conclusion).collect(),
    }
}

fn reasons(all: &[model::Reason]) -> String {
    let words: Vec<String> = all.iter().map(|one| i18n::t(Lang::Vi, one.key()).into_owned()).collect();
    words.join(", ")
}

fn conclusion(one: &Concluded) -> Conclusion {
    let due = one.due.map(|due| due.format_vn()).unwrap_or_default();
    let code = || one.codes.first().cloned().unwrap_or_default();
    Conclusion {
        number: one.number,
        text: one.text.clone(),
        unit: one.lead.clone(),
        supports: one
            .supports
            .iter()
            .map(|(unit, what)| if what.is_empty() { unit.clone() } else { format!("{unit} ({what})") })
            .collect(),
        // The new deadline of an extension stands with the task it moves.
        deadline: if one.disposition == Disposition::Extend { String::new() } else { due.clone() },
        milestones: one
            .milestones
            .iter()
            .map(|step| format!("{} {}", step.title, i18n::fmt::date(step.due)).trim().to_owned())
            .collect(),
        result: one.result.clone(),
        outcome: match one.disposition {
            Disposition::Create => Outcome::Creates(one.codes.clone()),
            Disposition::Amend => Outcome::Amends(code()),
            Disposition::Extend => Outcome::Extends { code: code(), to: due },
            Disposition::Nothing => Outcome::Nothing,
        },
    }
}

/// A supplementary record beside the minutes with this hash.
pub fn supplement(one: &model::Supplement, original: &str) -> Supplement {
    Supplement {
        number: one.no,
        reason: one.reason.clone(),
        corrections: one.corrections.iter().map(|line| (line.conclusion, line.text.clone())).collect(),
        original: original.to_owned(),
    }
}

/// The secretary signs a notice by order of the chair.
pub fn signer(chair: &str, secretary: &str) -> Signer {
    Signer { authority: Some((Authority::ByOrder, chair.to_owned())), office: secretary.to_owned() }
}

/// What a report needs besides the figures.
pub struct Around<'a> {
    /// The heading.
    pub heading: &'a Heading,
    /// The name of the series.
    pub series: &'a str,
    /// The number of the meeting.
    pub meeting: u32,
    /// Who signs.
    pub signer: Signer,
    /// What moved since the meeting before, with the moment of its figures.
    pub week: Option<&'a (Frozen, rules::briefing::Week<TaskId>)>,
    /// The day whose layout rules hold while it is a draft.
    pub layout_on: Date,
    /// Its number and day once it is issued.
    pub issued: Option<&'a model::Notice>,
}

/// The weekly report from frozen figures. It is carried out of the house: what is above the lowest class stands
/// in it by code alone.
pub fn report(head: &Frozen, figures: &Snapshot, around: &Around<'_>) -> Report {
    let open = figures.clone().for_audience(&Audience::everywhere(Confidentiality::Normal));
    let tally = &open.tally;
    let line = |task: &FrozenTask, said: &str| Line {
        code: task.code.clone(),
        what: task.what.clone(),
        unit: task.lead_name.clone(),
        due: task.due.map(|due| due.format_vn()).unwrap_or_default(),
        timed: task.timed(),
        said: said.to_owned(),
    };
    let difficulty = |task: &FrozenTask| -> String {
        task.report.as_ref().map(|report| report.difficulty.clone()).unwrap_or_default()
    };
    let of = |timing: Timing| open.timed(timing);
    Report {
        issuer: around.heading.issuer.clone(),
        symbol: around.heading.symbol.clone(),
        number: around.issued.map(|one| one.number),
        issued: around.issued.map(|one| one.issued_on),
        layout_on: around.issued.map_or(around.layout_on, |one| one.issued_on),
        series: around.series.to_owned(),
        meeting: around.meeting,
        as_of: open.as_of,
        counts: tally.two_by_two(),
        total: open.total,
        shares: [tally.done_over_total(), tally.in_time_over_done(), tally.done_over_due()],
        since: around.week.map(|(was, _)| clock::local(was.as_of)),
        changes: around
            .week
            .map(|(_, week)| {
                let size = |list: &Vec<TaskId>| u64::try_from(list.len()).unwrap_or(u64::MAX);
                week.streams
                    .iter()
                    .map(|(stream, moved)| Change {
                        stream: stream.clone(),
                        done: size(&moved.done),
                        overdue: size(&moved.newly_overdue),
                        moved: size(&moved.extended),
                    })
                    .collect()
            })
            .unwrap_or_default(),
        overdue: of(Timing::Overdue).map(|task| line(task, &difficulty(task))).collect(),
        returned: open
            .tasks
            .iter()
            .filter(|task| task.state == rules::state::TaskState::Returned && task.timing != Timing::Overdue)
            .map(|task| line(task, &difficulty(task)))
            .collect(),
        next: of(Timing::DueToday).chain(of(Timing::DueSoon)).map(|task| line(task, "")).collect(),
        asks: open
            .tasks
            .iter()
            .filter(|task| task.asks())
            .map(|task| line(task, task.report.as_ref().map_or("", |report| report.request.as_str())))
            .collect(),
        rows: open.tasks.iter().map(row).collect(),
        signer: around.signer.clone(),
        recipients: around.issued.map(|one| one.recipients.clone()).unwrap_or_default(),
        hash: head.sha256.clone(),
    }
}

fn row(task: &FrozenTask) -> TaskRow {
    let helps: Vec<&str> = task.supports.iter().map(|(_, name)| name.as_str()).collect();
    TaskRow {
        stream: task.stream.clone(),
        code: task.code.clone(),
        what: task.what.clone(),
        lead: task.lead_name.clone(),
        helps: helps.join("; "),
        when: task.due.map(|due| due.format_vn()).unwrap_or_default(),
        authority: task.authority.clone(),
        accountable: task.accountable.clone(),
        result: task.result.clone(),
        state: format!(
            "{}, {}%; {}",
            i18n::t(Lang::Vi, task.state.key()),
            task.percent,
            timing_words(Lang::Vi, task.timed()).to_lowercase()
        ),
    }
}
