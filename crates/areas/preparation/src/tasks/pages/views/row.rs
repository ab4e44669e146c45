//! A task as a view shows it: the only way from a task's text to a page, so that what the audience may not
//! see cannot be shown by mistake.

use std::borrow::Cow;

use platform::{
    identity::Confidentiality,
    web::{Cx, Icon},
};
use rules::{
    dates::Deadline,
    state::TaskState,
    timing::{Timed, Timing},
};

use super::address::segment;
use crate::tasks::{
    model::{Phase, Task},
    reach::Audience,
    register::Register,
};

/// The colour of a timing (preparation reference 1.4).
pub fn tone(timing: Timing) -> &'static str {
    match timing {
        Timing::NotYet => "blue",
        Timing::DueSoon => "amber",
        Timing::DueToday => "orange",
        Timing::Overdue => "red",
        Timing::DoneEarly => "green",
        Timing::DoneOnTime => "lime",
        Timing::DoneLate => "brown",
        Timing::Paused | Timing::Cancelled | Timing::Undated => "grey",
    }
}

/// The sign of a timing; no two have the same, so that nothing hangs on colour alone.
pub fn sign(timing: Timing) -> &'static str {
    match timing {
        Timing::NotYet => "circle",
        Timing::DueSoon => "circle-half-2",
        Timing::DueToday => "target",
        Timing::Overdue => "alert-triangle",
        Timing::DoneEarly => "checks",
        Timing::DoneOnTime => "circle-check",
        Timing::DoneLate => "check",
        Timing::Paused => "player-pause",
        Timing::Cancelled => "ban",
        Timing::Undated => "question-mark",
    }
}

/// The colour and sign of a state.
pub fn state_look(state: TaskState) -> (&'static str, &'static str) {
    match state {
        TaskState::Draft => ("grey", "pencil"),
        TaskState::Proposed => ("grey", "send"),
        TaskState::Assigned => ("blue", "inbox"),
        TaskState::Acknowledged => ("blue", "user-check"),
        TaskState::InProgress => ("blue", "progress-check"),
        TaskState::Submitted => ("amber", "file-check"),
        TaskState::Returned => ("orange", "arrow-back-up"),
        TaskState::Accepted => ("green", "circle-check"),
        TaskState::Paused => ("grey", "player-pause"),
        TaskState::Cancelled => ("grey", "ban"),
    }
}

/// Colour, sign, word and days of a timing.
#[derive(Debug, Clone)]
pub struct Badge {
    /// The timing.
    pub timing: Timing,
    /// Its word, short enough for a table.
    pub word: Cow<'static, str>,
    /// The distance in words; empty when there is none to tell.
    pub days: String,
}

impl Badge {
    /// The badge of a timing.
    pub fn of(cx: &Cx, timed: Timed) -> Self {
        let count = timed.days.unsigned_abs();
        let days = match timed.timing {
            Timing::NotYet | Timing::DueSoon => cx.tn("views-days-left", count),
            Timing::Overdue if count == 0 => cx.t("views-hours-over").into_owned(),
            Timing::Overdue | Timing::DoneLate if count > 0 => cx.tn("views-days", count),
            Timing::DoneEarly => cx.tn("views-days", count),
            _ => String::new(),
        };
        Self { timing: timed.timing, word: cx.tp("views-badge-", timed.timing), days }
    }

    /// The class of its colour.
    pub fn tone(&self) -> &'static str {
        tone(self.timing)
    }

    /// Its sign.
    pub fn icon(&self) -> Icon {
        Icon(sign(self.timing))
    }
}

/// A deadline in words.
#[derive(Debug, Clone)]
pub struct Due {
    /// The day, as 05/10/2025.
    pub date: String,
    /// The day without its year, as 05/10, where space is short.
    pub day: String,
    /// The hour, if it is to the hour.
    pub time: String,
    /// The deadline it was assigned with, when that was another.
    pub original: String,
    /// Why the day is not worked, in words; empty when it is worked.
    pub off: String,
}

/// A deadline, with its hour before the day.
pub fn deadline(cx: &Cx, due: Deadline) -> String {
    match due.time {
        Some(time) => format!("{} {}", cx.time(&time), cx.date(&due.date)),
        None => cx.date(&due.date),
    }
}

/// A task as a view shows it.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its page; none when the audience may not open it. The page of a secret task is itself a stub.
    pub href: Option<String>,
    /// Whether it stands as a stub: nothing of its content is in this row.
    pub stub: bool,
    /// Rõ việc, or the words of a stub.
    pub what: String,
    /// The lead unit, short.
    pub lead: String,
    /// The lead unit in full, when that says more.
    pub lead_full: String,
    /// The office that answers for it.
    pub accountable: String,
    /// Its deadline.
    pub due: Option<Due>,
    /// Its timing.
    pub badge: Badge,
    /// Its state.
    pub state: TaskState,
    /// The state in words.
    pub state_word: Cow<'static, str>,
    /// Percent reported last; none for a stub.
    pub percent: Option<u8>,
    /// What the last report asks of the level above; empty when nothing.
    pub ask: String,
    /// Whether a request to move the deadline waits, and to when.
    pub wants: String,
    /// Assigned, not acknowledged, and more than one working day has passed.
    pub unacknowledged: bool,
}

impl Row {
    /// The row of a task for an audience.
    pub fn of(cx: &Cx, register: &Register, task: &Task, audience: Audience) -> Self {
        let fields = &task.fields;
        let sees = audience.sees(task);
        let people = &register.people;
        let lead = fields.lead_unit.and_then(|unit| people.units.get(&unit));
        let (lead, lead_full) = match lead {
            Some(unit) if unit.short.is_empty() || unit.short == unit.name => {
                (unit.name.clone(), String::new())
            }
            Some(unit) => (unit.short.clone(), unit.name.clone()),
            None => (String::new(), String::new()),
        };
        let open = !task.state.is_settled();
        let due = fields.due.map(|due| Due {
            date: cx.date(&due.date),
            day: cx.day(&due.date),
            time: due.time.map(|time| cx.time(&time)).unwrap_or_default(),
            original: task
                .due_original
                .filter(|original| *original != due)
                .map(|original| deadline(cx, original))
                .unwrap_or_default(),
            off: if open { off_word(cx, register, due.date) } else { String::new() },
        });
        Self {
            id: task.id.to_string(),
            code: fields.code.clone(),
            href: (sees || fields.confidentiality == Confidentiality::Secret)
                .then(|| format!("/nhiem-vu/{}", segment(&fields.code))),
            stub: !sees,
            what: if sees { fields.what.clone() } else { stub_words(cx, task) },
            lead,
            lead_full,
            accountable: match fields.accountable_office {
                Some(office) if sees => people.office_title(office).to_owned(),
                _ => String::new(),
            },
            due,
            badge: Badge::of(cx, register.timed(task)),
            state: task.state,
            state_word: cx.tp("state-", task.state),
            percent: sees.then_some(task.percent),
            ask: if sees && register.asks(task) {
                register.last_reports.get(&task.id).map(|report| report.request.clone()).unwrap_or_default()
            } else {
                String::new()
            },
            wants: match register.waiting.get(&task.id) {
                Some(extension) if sees => deadline(cx, extension.to_due),
                _ => String::new(),
            },
            unacknowledged: register.unacknowledged(task),
        }
    }

    /// The colour of its state.
    pub fn state_tone(&self) -> &'static str {
        state_look(self.state).0
    }

    /// The sign of its state.
    pub fn state_icon(&self) -> Icon {
        Icon(state_look(self.state).1)
    }

    /// The colour of its progress bar: that of the timing once it is done or late, ink otherwise.
    pub fn progress_tone(&self) -> &'static str {
        match self.badge.timing {
            Timing::Overdue | Timing::DoneEarly | Timing::DoneOnTime | Timing::DoneLate => self.badge.tone(),
            _ => "grey",
        }
    }
}

/// What stands in place of content that may not be shown.
pub fn stub_words(cx: &Cx, task: &Task) -> String {
    match task.fields.confidentiality {
        Confidentiality::Secret => cx.t("views-stub-secret"),
        Confidentiality::Internal => cx.t("views-stub-internal"),
        Confidentiality::Normal => cx.t("views-stub-unit"),
    }
    .into_owned()
}

/// Why a day is not worked: the name of the holiday or the weekday; empty when it is worked.
pub fn off_word(cx: &Cx, register: &Register, day: jiff::civil::Date) -> String {
    use rules::calendar::NonWorking;
    match register.calendar.why_not_working(day) {
        None => String::new(),
        Some(NonWorking::Holiday) => register
            .work_days
            .iter()
            .find(|entry| entry.day == day && !entry.name.is_empty())
            .map_or_else(|| cx.t("views-holiday").into_owned(), |entry| entry.name.clone()),
        Some(NonWorking::Saturday) => cx.t("views-weekday-6").into_owned(),
        Some(NonWorking::Sunday) => cx.t("views-weekday-7").into_owned(),
    }
}

/// One line of the legend.
#[derive(Debug, Clone)]
pub struct Sign {
    /// The timing.
    pub timing: Timing,
    /// Its name in full.
    pub word: Cow<'static, str>,
}

impl Sign {
    /// The class of its colour.
    pub fn tone(&self) -> &'static str {
        tone(self.timing)
    }
    /// Its sign.
    pub fn icon(&self) -> Icon {
        Icon(sign(self.timing))
    }
}

/// The legend of all timings. A template of any page of tasks writes it with
/// `{% let signs = crate::tasks::pages::views::legend(cx) %}{% include "tasks/pages/views/legend.html" %}`.
pub fn legend(cx: &Cx) -> Vec<Sign> {
    Timing::ALL.into_iter().map(|timing| Sign { timing, word: cx.t(timing.key()) }).collect()
}

/// All phases in words, for a choice.
pub fn phases(cx: &Cx) -> Vec<(&'static str, Cow<'static, str>)> {
    Phase::ALL.iter().map(|phase| (phase.as_str(), cx.tp("phase-", *phase))).collect()
}
