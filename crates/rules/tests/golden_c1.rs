//! The forty tasks of preparation reference C.1 at 16:00 on 26/9/2025, against the numbers that
//! the reference prints below the table.
//!
//! C.1 says that CN-01 holds up the general rehearsal DD-06. In the data DD-06 in turn holds up
//! SD-01 and that SD-02, so they are the indirect knock-on of CN-01; the text names only what
//! matters before the opening.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, date};
use rules::calendar::{NonWorking, WorkCalendar};
use rules::clarity::{FindingKind, SixKey, TaskDraft, check};
use rules::count::{Ratio, Tally, TwoByTwo};
use rules::dates::Deadline;
use rules::schedule::{DepKind, Node, Plan};
use rules::state::TaskState;
use rules::timing::{Timed, Timing, TimingInput, TimingRule, timing};
use serde_json::Value;

struct Task {
    code: String,
    what: String,
    result: String,
    start: Date,
    due: Date,
    state: TaskState,
    done: Option<Date>,
    deps: Vec<String>,
    timing: Timing,
    days: i32,
}

fn tasks() -> Vec<Task> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../areas/preparation/demo/plan.json");
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    plan["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| Task {
            code: text(&t["code"]),
            what: text(&t["what"]),
            result: text(&t["result"]),
            start: text(&t["start"]).parse().unwrap(),
            due: text(&t["due"]).parse().unwrap(),
            state: text(&t["state"]).parse().unwrap(),
            done: t["done"].as_str().map(|d| d.parse().unwrap()),
            deps: t["deps"].as_array().unwrap().iter().map(text).collect(),
            timing: text(&t["timing"]).parse().unwrap(),
            days: i32::try_from(t["days"].as_i64().unwrap()).unwrap(),
        })
        .collect()
}

fn as_of() -> DateTime {
    date(2025, 9, 26).at(16, 0, 0, 0)
}

fn timed(task: &Task) -> Timed {
    let input = TimingInput {
        state: task.state,
        start: Some(task.start),
        due: Some(Deadline::on(task.due)),
        accepted_at: task.done.map(|d| d.at(17, 0, 0, 0)),
    };
    timing(&input, as_of(), &TimingRule::default())
}

fn plan(tasks: &[Task]) -> Plan<&str> {
    let mut plan = Plan::new(tasks.iter().map(|t| {
        let node = Node { start: Some(t.start), due: Some(t.due), settled: t.state.is_settled() };
        (t.code.as_str(), node)
    }));
    for task in tasks {
        for dep in &task.deps {
            plan.link(dep, &task.code, DepKind::FS, 0).unwrap();
        }
    }
    plan
}

#[test]
fn every_light_and_every_distance() {
    let tasks = tasks();
    assert_eq!(tasks.len(), 40);
    for task in &tasks {
        let want = Timed { timing: task.timing, days: task.days };
        assert_eq!(timed(task), want, "{}", task.code);
    }
}

#[test]
fn the_totals_of_the_weekly_meeting() {
    let tally: Tally = tasks().iter().map(|t| timed(t).timing).collect();
    tally.reconciles().unwrap();
    assert_eq!(tally.total, 40);
    assert_eq!(tally.done.total(), 8);
    assert_eq!((tally.done.early, tally.done.on_time, tally.done.late), (4, 2, 2));
    assert_eq!(tally.open.total(), 32);
    assert_eq!(
        (tally.open.overdue, tally.open.due_today, tally.open.due_soon, tally.open.not_yet),
        (2, 1, 7, 22)
    );
    assert_eq!((tally.open.paused, tally.open.undated, tally.cancelled), (0, 0, 0));
    assert_eq!(tally.done_over_total(), Ratio::new(8, 40));
    assert_eq!(tally.done_over_total().to_string(), "8/40 = 20.0%");
    assert_eq!(tally.in_time_over_done().to_string(), "6/8 = 75.0%");
    let table = TwoByTwo { done_in_time: 6, done_late: 2, open_in_time: 30, open_overdue: 2, outside: 0 };
    assert_eq!(tally.two_by_two(), table);
    table.reconciles(40).unwrap();
}

#[test]
fn deadlines_on_a_weekend() {
    let calendar = WorkCalendar::default();
    let found: BTreeMap<String, NonWorking> =
        tasks().into_iter().filter_map(|t| Some((t.code, calendar.why_not_working(t.due)?))).collect();
    let (sat, sun) = (NonWorking::Saturday, NonWorking::Sunday);
    let want: BTreeMap<String, NonWorking> = [
        ("VK-02", sat),
        ("DD-04", sun),
        ("DD-06", sun),
        ("TT-01", sun),
        ("TT-02", sun),
        ("AN-02", sat),
        ("AN-03", sun),
        ("HC-03", sun),
        ("CN-02", sat),
        ("TC-01", sat),
        ("SD-01", sat),
        ("SD-02", sun),
    ]
    .into_iter()
    .map(|(code, why)| (code.to_owned(), why))
    .collect();
    assert_eq!(found.len(), 12);
    assert_eq!(found, want);
}

#[test]
fn the_chains_to_speak_of_at_the_meeting() {
    let tasks = tasks();
    let plan = plan(&tasks);
    assert_eq!(plan.find_cycle(), None);
    let db = plan.knock_on(&"DB-01").unwrap();
    assert_eq!(db.direct, ["DB-02", "DB-03", "DB-04", "DB-05"]);
    assert_eq!(db.indirect, ["DD-05", "HC-03"]);
    let tt = plan.knock_on(&"TT-03").unwrap();
    assert_eq!((tt.direct, tt.indirect), (vec!["TT-04"], vec![]));
    let cn = plan.knock_on(&"CN-01").unwrap();
    assert_eq!((cn.direct, cn.indirect), (vec!["DD-06"], vec!["SD-01", "SD-02"]));
}

/// DB-01 was due on the 24th. Every successor has started or starts on the next day, so each day
/// of delay is passed on; DD-05 and HC-03 overlap theirs and follow.
#[test]
fn moving_db_01_by_two_days() {
    let tasks = tasks();
    let shifts = plan(&tasks).ripple(&"DB-01", date(2025, 9, 26), None).unwrap();
    let moved: BTreeMap<&str, (Date, &str)> =
        shifts.iter().map(|s| (s.id, (s.new_due, s.because_of))).collect();
    let want: BTreeMap<&str, (Date, &str)> = [
        ("DB-02", (date(2025, 10, 12), "DB-01")),
        ("DB-03", (date(2025, 10, 4), "DB-01")),
        ("DB-04", (date(2025, 10, 5), "DB-01")),
        ("DB-05", (date(2025, 10, 10), "DB-01")),
        ("DD-05", (date(2025, 10, 9), "DB-04")),
        ("HC-03", (date(2025, 10, 7), "DB-03")),
    ]
    .into();
    assert_eq!(moved, want);
}

#[test]
fn slack_before_the_opening() {
    let tasks = tasks();
    let slack = plan(&tasks).critical_path(date(2025, 10, 13)).unwrap();
    assert_eq!(slack.len(), 32, "the unfinished tasks");
    let critical: Vec<&str> = slack.iter().filter(|s| s.critical).map(|s| s.id).collect();
    assert_eq!(critical, ["DD-06"], "the rehearsal, one day before the opening");
    let of = |code| slack.iter().find(|s| s.id == code).unwrap().slack_days;
    assert_eq!(of("CN-01"), 10, "nine free days before the rehearsal, and its one");
    assert_eq!(of("DB-01"), 3, "DB-02 is due on the 10th");
}

/// The texts of the sample plan: every task begins with a verb and is one task; every result
/// counts something, except one that the lint rightly asks about.
#[test]
fn the_words_of_the_plan() {
    let calendar = WorkCalendar::default();
    let mut uncounted = Vec::new();
    for task in tasks() {
        let clarity = check(&TaskDraft {
            what: &task.what,
            basis_count: 1,
            start: Some(task.start),
            due: Some(Deadline::on(task.due)),
            result_text: &task.result,
            new_assignment: false,
            ..TaskDraft::new(&calendar, date(2025, 9, 26))
        });
        let what: Vec<_> = clarity.of(SixKey::What).collect();
        assert!(what.is_empty(), "{}: {what:?}", task.code);
        assert!(clarity.is_clear(SixKey::When), "{}", task.code);
        let asks = |kind| clarity.of(SixKey::Result).any(|f| f.kind == kind);
        assert!(!asks(FindingKind::VagueResultWord), "{}", task.code);
        assert!(!asks(FindingKind::OnlyVagueResult), "{}", task.code);
        if asks(FindingKind::NoQuantity) {
            uncounted.push(task.code);
        }
    }
    assert_eq!(uncounted, ["HC-03"]);
}
