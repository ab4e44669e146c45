//! The plan as Microsoft Project XML (MSPDI), for people who schedule there.
//!
//! Tasks are written as manually scheduled: the register's dates are what was decided, and an
//! automatic recalculation on opening must not move them. Dependencies, deadlines, progress, the
//! working calendar and a baseline travel along. UIDs are derived from the task's identifier, so
//! two exports of the same plan name the same task by the same UID.
//!
//! Reference: mspdi schema of Project 2007 and later (`http://schemas.microsoft.com/project`).
//! `PredecessorLink/Type`: 0 finish–finish, 1 finish–start, 2 start–finish, 3 start–start;
//! `LinkLag` in tenths of a minute, `LagFormat` 7 for days.
//!
//! Pure: structs in, text out.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use jiff::civil::{Date, DateTime, Time, Weekday};
use rules::calendar::{DayKind, WorkCalendar};
use rules::dates::Deadline;
use uuid::Uuid;

use super::gantt::LinkKind;

/// Minutes of a working day: 08:00–12:00 and 13:00–17:00.
const DAY_MINUTES: i64 = 480;
const OUTLINE_FIELD: &str = "188743731";
const UNIT_FIELD: &str = "188743734";

/// A dependency of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectLink {
    /// The task that has to come first.
    pub predecessor: Uuid,
    /// Which ends are tied.
    pub kind: LinkKind,
    /// Working days between them; negative for overlap.
    pub lag_days: i32,
}

/// One task. A classified task comes already redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectTask {
    /// Stable identifier.
    pub id: Uuid,
    /// Code.
    pub code: String,
    /// What is to be done.
    pub title: String,
    /// Stream; consecutive tasks of one stream share a summary task.
    pub stream: Option<String>,
    /// Lead unit.
    pub lead: Option<String>,
    /// First day of work.
    pub start: Option<Date>,
    /// Deadline in force.
    pub due: Option<Deadline>,
    /// Day the result was accepted.
    pub done: Option<Date>,
    /// Progress, 0–100.
    pub percent: u8,
    /// On the critical path.
    pub critical: bool,
    /// Result asked for, as the note.
    pub note: Option<String>,
    /// What it waits for.
    pub links: Vec<ProjectLink>,
    /// Start and deadline in the baseline.
    pub baseline: Option<(Date, Date)>,
}

/// A plan to export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectPlan {
    /// Stable identifier of the plan.
    pub id: Uuid,
    /// Name of the plan.
    pub title: String,
    /// Issuing body.
    pub company: String,
    /// Name of the working calendar.
    pub calendar_name: String,
    /// Caption of the extra column that holds the code.
    pub code_caption: String,
    /// Caption of the extra column that holds the lead unit.
    pub lead_caption: String,
    /// Tasks in order.
    pub tasks: Vec<ProjectTask>,
    /// The working calendar.
    pub calendar: WorkCalendar,
    /// Moment the figures were taken.
    pub as_of: DateTime,
}

/// UID of a task: a positive number that depends on nothing but its identifier and, in the rare
/// case of a clash inside one plan, on the order of the identifiers.
pub fn uids(ids: impl IntoIterator<Item = Uuid>) -> HashMap<Uuid, u32> {
    let ordered: BTreeSet<Uuid> = ids.into_iter().collect();
    let mut used = HashSet::new();
    let mut out = HashMap::new();
    for id in ordered {
        // FNV-1a over the bytes, folded to 31 bits; 0 is the project summary.
        let hash = id
            .as_bytes()
            .iter()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        let mut uid = (hash & 0x7fff_ffff).max(1);
        while !used.insert(uid) {
            uid = (uid % 0x7fff_fffe) + 1;
        }
        out.insert(id, uid);
    }
    out
}

struct Xml(String);

impl Xml {
    fn open(&mut self, name: &str) {
        let _ = write!(self.0, "<{name}>");
    }

    fn close(&mut self, name: &str) {
        let _ = writeln!(self.0, "</{name}>");
    }

    fn put(&mut self, name: &str, value: impl std::fmt::Display) {
        let value = escape(&value.to_string());
        let _ = write!(self.0, "<{name}>{value}</{name}>");
    }

    fn moment(&mut self, name: &str, date: Date, time: Time) {
        self.put(name, stamp(DateTime::from_parts(date, time)));
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

fn stamp(at: DateTime) -> String {
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:00", at.year(), at.month(), at.day(), at.hour(), at.minute())
}

fn clock(hour: i8) -> Time {
    Time::constant(hour, 0, 0, 0)
}

/// Writes the plan as MSPDI.
pub fn write_mspdi(plan: &ProjectPlan) -> String {
    let uid_of = uids(plan.tasks.iter().map(|task| task.id));
    let mut xml = Xml(String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <Project xmlns=\"http://schemas.microsoft.com/project\">\n",
    ));
    xml.put("SaveVersion", 14);
    xml.put("UID", plan.id.hyphenated().to_string().to_uppercase());
    xml.put("Name", &plan.title);
    xml.put("Title", &plan.title);
    xml.put("Company", &plan.company);
    xml.put("CreationDate", stamp(plan.as_of));
    xml.put("LastSaved", stamp(plan.as_of));
    xml.put("ScheduleFromStart", 1);
    let starts = plan.tasks.iter().filter_map(|t| ends(t).map(|(start, _)| start)).min();
    let finishes = plan.tasks.iter().filter_map(|t| ends(t).map(|(_, due)| due)).max();
    xml.moment("StartDate", starts.unwrap_or(plan.as_of.date()), clock(8));
    xml.moment("FinishDate", finishes.unwrap_or(plan.as_of.date()), clock(17));
    xml.put("CalendarUID", 1);
    xml.put("DefaultStartTime", "08:00:00");
    xml.put("DefaultFinishTime", "17:00:00");
    xml.put("MinutesPerDay", DAY_MINUTES);
    xml.put("MinutesPerWeek", DAY_MINUTES * 5);
    xml.put("DaysPerMonth", 20);
    xml.put("DurationFormat", 7);
    xml.put("WeekStartDay", 1);
    xml.put("StatusDate", stamp(plan.as_of));
    xml.put("CurrentDate", stamp(plan.as_of));
    xml.put("NewTasksAreManual", 1);
    xml.0.push('\n');
    xml.open("ExtendedAttributes");
    for (field, name, alias) in
        [(OUTLINE_FIELD, "Text1", &plan.code_caption), (UNIT_FIELD, "Text2", &plan.lead_caption)]
    {
        xml.open("ExtendedAttribute");
        xml.put("FieldID", field);
        xml.put("FieldName", name);
        xml.put("Alias", alias);
        xml.close("ExtendedAttribute");
    }
    xml.close("ExtendedAttributes");
    calendar(&mut xml, plan);
    tasks(&mut xml, plan, &uid_of);
    xml.0.push_str("</Project>\n");
    xml.0
}

/// The week, and every day of the plan's span that differs from it.
fn calendar(xml: &mut Xml, plan: &ProjectPlan) {
    xml.open("Calendars");
    xml.open("Calendar");
    xml.put("UID", 1);
    xml.put("Name", &plan.calendar_name);
    xml.put("IsBaseCalendar", 1);
    xml.put("BaseCalendarUID", -1);
    let exceptions = exceptions(plan);
    xml.open("WeekDays");
    // DayType 1 is Sunday.
    for (kind, weekday) in [
        (1, Weekday::Sunday),
        (2, Weekday::Monday),
        (3, Weekday::Tuesday),
        (4, Weekday::Wednesday),
        (5, Weekday::Thursday),
        (6, Weekday::Friday),
        (7, Weekday::Saturday),
    ] {
        let worked = usual(plan, weekday);
        xml.open("WeekDay");
        xml.put("DayType", kind);
        xml.put("DayWorking", i32::from(worked));
        if worked {
            hours(xml);
        }
        xml.close("WeekDay");
    }
    // Programs before 2007 read exceptions as week days of type 0.
    for (day, kind) in &exceptions {
        xml.open("WeekDay");
        xml.put("DayType", 0);
        xml.put("DayWorking", i32::from(*kind == DayKind::MakeUp));
        period(xml, *day);
        if *kind == DayKind::MakeUp {
            hours(xml);
        }
        xml.close("WeekDay");
    }
    xml.close("WeekDays");
    if !exceptions.is_empty() {
        xml.open("Exceptions");
        for (day, kind) in &exceptions {
            xml.open("Exception");
            xml.put("EnteredByOccurrences", 0);
            period(xml, *day);
            xml.put("Occurrences", 1);
            xml.put("Name", rules::dates::format_vn_date(*day));
            xml.put("Type", 1);
            xml.put("DayWorking", i32::from(*kind == DayKind::MakeUp));
            if *kind == DayKind::MakeUp {
                hours(xml);
            }
            xml.close("Exception");
        }
        xml.close("Exceptions");
    }
    xml.close("Calendar");
    xml.close("Calendars");
}

fn period(xml: &mut Xml, day: Date) {
    xml.open("TimePeriod");
    xml.moment("FromDate", day, Time::midnight());
    xml.moment("ToDate", day, Time::constant(23, 59, 0, 0));
    xml.close("TimePeriod");
}

fn hours(xml: &mut Xml) {
    xml.open("WorkingTimes");
    for (from, to) in [("08:00:00", "12:00:00"), ("13:00:00", "17:00:00")] {
        xml.open("WorkingTime");
        xml.put("FromTime", from);
        xml.put("ToTime", to);
        xml.close("WorkingTime");
    }
    xml.close("WorkingTimes");
}

/// Whether a weekday is worked when the calendar has no entry: asked of a day without one.
fn usual(plan: &ProjectPlan, weekday: Weekday) -> bool {
    let first = plan.as_of.date();
    (0..3650)
        .map(|offset| first.saturating_add(jiff::Span::new().days(offset)))
        .find(|day| day.weekday() == weekday && plan.calendar.entry(*day).is_none())
        .is_some_and(|day| plan.calendar.is_working(day))
}

/// Entries of the calendar from a month before the plan to a year after it.
fn exceptions(plan: &ProjectPlan) -> Vec<(Date, DayKind)> {
    let dates = || plan.tasks.iter().filter_map(ends);
    let today = plan.as_of.date();
    let from = dates().map(|(start, _)| start).min().unwrap_or(today).min(today);
    let to = dates().map(|(_, due)| due).max().unwrap_or(today).max(today);
    let mut day = from.saturating_sub(jiff::Span::new().days(31));
    let last = to.saturating_add(jiff::Span::new().days(366));
    let mut out = Vec::new();
    // A plan of some centuries is a mistake in a date, not a reason to loop for ever.
    for _ in 0..20_000 {
        if day > last {
            break;
        }
        if let Some(kind) = plan.calendar.entry(day) {
            out.push((day, kind));
        }
        day = day.saturating_add(jiff::Span::new().days(1));
    }
    out
}

fn ends(task: &ProjectTask) -> Option<(Date, Date)> {
    let due = task.due?.date;
    Some((task.start.unwrap_or(due).min(due), due))
}

fn tasks(xml: &mut Xml, plan: &ProjectPlan, uid_of: &HashMap<Uuid, u32>) {
    let used: HashSet<u32> = uid_of.values().copied().collect();
    let mut summary_uid = 0x7fff_ffff_u32;
    let mut stream: Option<&String> = None;
    let (mut id, mut top, mut sub) = (0u32, 0u32, 0u32);
    xml.open("Tasks");
    for task in &plan.tasks {
        if task.stream.as_ref() != stream {
            stream = task.stream.as_ref();
            if let Some(name) = stream {
                while used.contains(&summary_uid) {
                    summary_uid -= 1;
                }
                id += 1;
                top += 1;
                sub = 0;
                summary(xml, plan, name, summary_uid, id, top);
                summary_uid -= 1;
            }
        }
        id += 1;
        let (number, level) = if stream.is_some() {
            sub += 1;
            (format!("{top}.{sub}"), 2)
        } else {
            top += 1;
            (top.to_string(), 1)
        };
        one(xml, plan, task, uid_of, id, &number, level);
    }
    xml.close("Tasks");
}

fn summary(xml: &mut Xml, plan: &ProjectPlan, name: &str, uid: u32, id: u32, top: u32) {
    xml.open("Task");
    xml.put("UID", uid);
    xml.put("ID", id);
    xml.put("Name", name);
    xml.put("Manual", 0);
    xml.put("Type", 1);
    xml.put("IsNull", 0);
    xml.put("OutlineNumber", top);
    xml.put("OutlineLevel", 1);
    let inside = || plan.tasks.iter().filter(|task| task.stream.as_deref() == Some(name)).filter_map(ends);
    if let (Some(start), Some(due)) = (inside().map(|e| e.0).min(), inside().map(|e| e.1).max()) {
        xml.moment("Start", start, clock(8));
        xml.moment("Finish", due, clock(17));
    }
    xml.put("Summary", 1);
    xml.close("Task");
}

/// Working time between two days, as the schema writes durations.
fn duration(plan: &ProjectPlan, start: Date, due: Date) -> String {
    let mut days = 0i64;
    let mut day = start;
    for _ in 0..20_000 {
        if day > due {
            break;
        }
        days += i64::from(plan.calendar.is_working(day));
        day = day.saturating_add(jiff::Span::new().days(1));
    }
    // A task on days off only still takes a day.
    format!("PT{}H0M0S", days.max(1) * DAY_MINUTES / 60)
}

fn finish_time(deadline: Deadline) -> Time {
    deadline.time.unwrap_or(clock(17))
}

fn one(
    xml: &mut Xml,
    plan: &ProjectPlan,
    task: &ProjectTask,
    uid_of: &HashMap<Uuid, u32>,
    id: u32,
    number: &str,
    level: u32,
) {
    let percent = task.percent.min(100);
    xml.open("Task");
    xml.put("UID", uid_of.get(&task.id).copied().unwrap_or(0));
    xml.put("ID", id);
    xml.put("Name", format!("{} – {}", task.code, task.title));
    xml.put("Active", 1);
    xml.put("Manual", 1);
    xml.put("Type", 1);
    xml.put("IsNull", 0);
    xml.put("WBS", &task.code);
    xml.put("OutlineNumber", number);
    xml.put("OutlineLevel", level);
    xml.put("Priority", 500);
    if let (Some((start, due)), Some(deadline)) = (ends(task), task.due) {
        let time = finish_time(deadline);
        // A deadline in the morning of the only day cannot end before it starts.
        let begin = if start == due && time <= clock(8) { Time::midnight() } else { clock(8) };
        xml.moment("Start", start, begin);
        xml.moment("Finish", due, time);
        let duration = duration(plan, start, due);
        xml.put("Duration", &duration);
        xml.moment("ManualStart", start, begin);
        xml.moment("ManualFinish", due, time);
        xml.put("ManualDuration", &duration);
        xml.put("DurationFormat", 7);
    }
    xml.put("Milestone", 0);
    xml.put("Summary", 0);
    xml.put("Critical", i32::from(task.critical));
    xml.put("PercentComplete", percent);
    xml.put("PercentWorkComplete", percent);
    if let (true, Some((start, _))) = (percent > 0, ends(task)) {
        xml.moment("ActualStart", start, clock(8));
    }
    if let (100, Some(done)) = (percent, task.done) {
        xml.moment("ActualFinish", done, clock(17));
    }
    xml.put("ConstraintType", 0);
    xml.put("CalendarUID", 1);
    if let Some(due) = task.due {
        xml.moment("Deadline", due.date, finish_time(due));
    }
    if let Some(note) = &task.note {
        xml.put("Notes", note);
    }
    for link in &task.links {
        // A predecessor outside this export has no UID to point to.
        let Some(uid) = uid_of.get(&link.predecessor).filter(|_| link.predecessor != task.id) else {
            continue;
        };
        xml.open("PredecessorLink");
        xml.put("PredecessorUID", uid);
        xml.put(
            "Type",
            match link.kind {
                LinkKind::FinishToFinish => 0,
                LinkKind::FinishToStart => 1,
                LinkKind::StartToFinish => 2,
                LinkKind::StartToStart => 3,
            },
        );
        xml.put("CrossProject", 0);
        xml.put("LinkLag", i64::from(link.lag_days) * DAY_MINUTES * 10);
        xml.put("LagFormat", 7);
        xml.close("PredecessorLink");
    }
    attribute(xml, OUTLINE_FIELD, &task.code);
    if let Some(lead) = &task.lead {
        attribute(xml, UNIT_FIELD, lead);
    }
    if let Some((start, due)) = task.baseline {
        xml.open("Baseline");
        xml.put("Number", 0);
        xml.moment("Start", start, clock(8));
        xml.moment("Finish", due, clock(17));
        xml.put("Duration", duration(plan, start, due));
        xml.put("DurationFormat", 7);
        xml.close("Baseline");
    }
    xml.close("Task");
}

fn attribute(xml: &mut Xml, field: &str, value: &str) {
    xml.open("ExtendedAttribute");
    xml.put("FieldID", field);
    xml.put("Value", value);
    xml.close("ExtendedAttribute");
}
