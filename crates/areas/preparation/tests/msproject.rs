//! The plan as Microsoft Project XML: well formed, and the content that a scheduler reads.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;

use jiff::civil::{date, datetime, time};
use preparation::tasks::gantt::LinkKind;
use preparation::tasks::msproject::{ProjectLink, ProjectPlan, ProjectTask, uids, write_mspdi};
use quick_xml::events::Event;
use rules::calendar::{DayKind, WorkCalendar};
use rules::dates::Deadline;
use uuid::Uuid;

/// An element with its text and children.
#[derive(Debug, Default)]
struct Node {
    name: String,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn all(&self, name: &str) -> Vec<&Node> {
        self.children.iter().filter(|c| c.name == name).collect()
    }

    fn one(&self, name: &str) -> &Node {
        let found = self.all(name);
        assert_eq!(found.len(), 1, "one {name} in {}", self.name);
        found[0]
    }

    fn value(&self, name: &str) -> &str {
        &self.one(name).text
    }
}

fn parse(xml: &str) -> Node {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut stack = vec![Node::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) => stack.push(Node {
                name: String::from_utf8(e.name().as_ref().to_vec()).unwrap(),
                ..Node::default()
            }),
            Event::End(_) => {
                let node = stack.pop().unwrap();
                stack.last_mut().unwrap().children.push(node);
            }
            Event::Text(t) => stack.last_mut().unwrap().text.push_str(&t.decode().unwrap()),
            Event::GeneralRef(r) => {
                let c = match &*r.decode().unwrap() {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    other => panic!("entity {other}"),
                };
                stack.last_mut().unwrap().text.push(c);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(stack.len(), 1);
    stack.pop().unwrap().children.pop().unwrap()
}

fn task(n: u128, code: &str) -> ProjectTask {
    ProjectTask {
        id: Uuid::from_u128(n),
        code: code.to_owned(),
        title: format!("Việc {code}"),
        stream: None,
        lead: Some("Văn phòng Thành ủy".to_owned()),
        start: Some(date(2025, 9, 1)),
        due: Some(Deadline::on(date(2025, 9, 5))),
        done: None,
        percent: 0,
        critical: false,
        note: None,
        links: Vec::new(),
        baseline: None,
    }
}

fn plan(tasks: Vec<ProjectTask>) -> ProjectPlan {
    ProjectPlan {
        id: Uuid::from_u128(99),
        title: "Kế hoạch <phục vụ> & \"Đại hội\"".to_owned(),
        company: "Tiểu ban Tổ chức phục vụ".to_owned(),
        calendar_name: "Lịch làm việc".to_owned(),
        code_caption: "Mã".to_owned(),
        lead_caption: "Chủ trì".to_owned(),
        tasks,
        calendar: WorkCalendar::new([
            (date(2025, 9, 1), DayKind::Holiday),
            (date(2025, 9, 2), DayKind::Holiday),
            (date(2025, 9, 6), DayKind::MakeUp),
        ]),
        as_of: datetime(2025, 9, 26, 16, 0, 0, 0),
    }
}

#[test]
fn dependencies_progress_and_baseline() {
    let mut tasks = vec![task(1, "A-01"), task(2, "A-02"), task(3, "A-03"), task(4, "A-04"), task(5, "A-05")];
    for (i, (kind, lag)) in [
        (LinkKind::FinishToStart, 0),
        (LinkKind::StartToStart, 2),
        (LinkKind::FinishToFinish, -1),
        (LinkKind::StartToFinish, 0),
    ]
    .into_iter()
    .enumerate()
    {
        tasks[i + 1].links.push(ProjectLink { predecessor: Uuid::from_u128(1), kind, lag_days: lag });
    }
    tasks[1].links.push(ProjectLink {
        predecessor: Uuid::from_u128(2),
        kind: LinkKind::FinishToStart,
        lag_days: 0,
    });
    tasks[1].links.push(ProjectLink {
        predecessor: Uuid::from_u128(777),
        kind: LinkKind::FinishToStart,
        lag_days: 0,
    });
    tasks[0].percent = 100;
    tasks[0].done = Some(date(2025, 9, 4));
    tasks[0].baseline = Some((date(2025, 9, 3), date(2025, 9, 4)));
    tasks[2].due = Some(Deadline::at(date(2025, 9, 5), time(10, 30, 0, 0)));
    tasks[2].critical = true;
    tasks[3].note = Some("01 báo cáo\n01 bảng".to_owned());
    let project = parse(&write_mspdi(&plan(tasks)));
    assert_eq!(project.value("Title"), "Kế hoạch <phục vụ> & \"Đại hội\"");
    let tasks = project.one("Tasks").all("Task");
    assert_eq!(tasks.len(), 5);
    let uid = |n: usize| tasks[n].value("UID");
    let link = |n: usize| {
        let links = tasks[n].all("PredecessorLink");
        assert_eq!(links.len(), 1, "links to oneself or outside the plan are left out");
        assert_eq!(links[0].value("PredecessorUID"), uid(0));
        (links[0].value("Type").to_owned(), links[0].value("LinkLag").to_owned())
    };
    assert_eq!(link(1), ("1".into(), "0".into()));
    assert_eq!(link(2), ("3".into(), "9600".into()), "two days of 480 minutes, in tenths");
    assert_eq!(link(3), ("0".into(), "-4800".into()));
    assert_eq!(link(4), ("2".into(), "0".into()));
    assert_eq!(tasks[0].value("PercentComplete"), "100");
    assert_eq!(tasks[0].value("ActualFinish"), "2025-09-04T17:00:00");
    assert_eq!(tasks[0].one("Baseline").value("Start"), "2025-09-03T08:00:00");
    assert_eq!(tasks[0].one("Baseline").value("Duration"), "PT16H0M0S");
    assert_eq!(tasks[2].value("Finish"), "2025-09-05T10:30:00");
    assert_eq!(tasks[2].value("Deadline"), "2025-09-05T10:30:00");
    assert_eq!(tasks[2].value("Critical"), "1");
    assert_eq!(tasks[3].value("Notes"), "01 báo cáo\n01 bảng");
    // 1 and 2 September are holidays: three working days remain.
    assert_eq!(tasks[0].value("Duration"), "PT24H0M0S");
    assert!(tasks.iter().all(|t| t.value("Manual") == "1"), "the register's dates stand");
    let text1 = tasks[1].all("ExtendedAttribute")[0];
    assert_eq!((text1.value("FieldID"), text1.value("Value")), ("188743731", "A-02"));
}

#[test]
fn the_calendar_has_its_exceptions() {
    let project = parse(&write_mspdi(&plan(vec![task(1, "A-01")])));
    let calendar = project.one("Calendars").one("Calendar");
    let week: HashMap<&str, &str> = calendar
        .one("WeekDays")
        .all("WeekDay")
        .into_iter()
        .filter(|d| d.value("DayType") != "0")
        .map(|d| (d.value("DayType"), d.value("DayWorking")))
        .collect();
    assert_eq!((week["1"], week["2"], week["7"]), ("0", "1", "0"));
    let exceptions: Vec<(&str, &str, usize)> = calendar
        .one("Exceptions")
        .all("Exception")
        .into_iter()
        .map(|e| (e.one("TimePeriod").value("FromDate"), e.value("DayWorking"), e.all("WorkingTimes").len()))
        .collect();
    assert_eq!(
        exceptions,
        [("2025-09-01T00:00:00", "0", 0), ("2025-09-02T00:00:00", "0", 0), ("2025-09-06T00:00:00", "1", 1),]
    );
}

#[test]
fn streams_are_summary_tasks() {
    let in_stream = |n, code, stream: &str| ProjectTask { stream: Some(stream.to_owned()), ..task(n, code) };
    let project = parse(&write_mspdi(&plan(vec![
        in_stream(1, "A-01", "Văn kiện"),
        in_stream(2, "A-02", "Văn kiện"),
        in_stream(3, "B-01", "Hậu cần"),
    ])));
    let outline: Vec<(String, &str, &str)> = project
        .one("Tasks")
        .all("Task")
        .into_iter()
        .map(|t| (t.value("Name").to_owned(), t.value("OutlineNumber"), t.value("Summary")))
        .collect();
    assert_eq!(
        outline,
        [
            ("Văn kiện".to_owned(), "1", "1"),
            ("A-01 – Việc A-01".to_owned(), "1.1", "0"),
            ("A-02 – Việc A-02".to_owned(), "1.2", "0"),
            ("Hậu cần".to_owned(), "2", "1"),
            ("B-01 – Việc B-01".to_owned(), "2.1", "0"),
        ]
    );
}

#[test]
fn uids_depend_on_the_task_alone() {
    let ids: Vec<Uuid> = (0..500u128).map(|n| Uuid::from_u128(n * 7 + 1)).collect();
    let all = uids(ids.iter().copied());
    let reversed = uids(ids.iter().rev().copied());
    assert_eq!(all, reversed);
    let mut values: Vec<u32> = all.values().copied().collect();
    values.sort_unstable();
    values.dedup();
    assert_eq!(values.len(), 500);
    assert!(values.iter().all(|uid| (1..=0x7fff_ffff).contains(uid)));
    // Another task added later does not renumber the others.
    let more = uids(ids.iter().copied().chain([Uuid::from_u128(u128::MAX)]));
    assert!(ids.iter().all(|id| all[id] == more[id]));
}

#[test]
fn odd_dates_end() {
    let mut far = task(1, "A-01");
    far.due = Some(Deadline::on(date(9999, 12, 31)));
    far.start = Some(date(-9999, 1, 1));
    let mut none = task(2, "A-02");
    none.due = None;
    none.title = "\u{0}\u{b}<&>".to_owned();
    let project = parse(&write_mspdi(&plan(vec![far, none])));
    assert_eq!(project.one("Tasks").all("Task").len(), 2);
}
