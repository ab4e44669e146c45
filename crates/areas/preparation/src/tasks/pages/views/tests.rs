//! What the views promise: an address is a filter and a filter an address, every total reconciles and opens
//! its list, and what an office may not see reaches no view.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::date;
use platform::{
    congress::{self, Congress, CongressId, LabelSet, Level, WorkDay, WorkDayKind},
    i18n::Lang,
    identity::{Confidentiality, OfficeId, UnitId},
    web::{Cx, Site},
};
use proptest::prelude::*;
use rules::{
    state::TaskState,
    timing::{Timing, TimingRule},
};
use serde_json::Value;
use uuid::Uuid;

use platform::web::part_cx;

use super::{
    Eyes, Region,
    address::{Address, SORTS},
    board, list,
    live::{self, Picture},
    matrix::{self, Matrix},
    mine, month,
    summary::Summary,
    wall,
};
use crate::tasks::{
    Audience,
    clarity::{OfficeBrief, People, UnitBrief},
    model::*,
    reach::Reach,
    register::{Filter, Register, Sort},
    store::Who,
};

const AS_OF: jiff::civil::DateTime = date(2025, 9, 26).at(16, 0, 0, 0);
const OPEN: Eyes = Eyes { audience: Audience::OPEN, manages: false };

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n + 1)
}

/// The 40 tasks of the sample plan as they stood at the cut-off.
fn sample() -> Register {
    let plan: Value = serde_json::from_str(include_str!("../../../../demo/plan.json")).unwrap();
    let mut people = People::default();
    let mut units: BTreeMap<String, UnitId> = BTreeMap::new();
    let mut tasks = Vec::new();
    for (n, task) in plan["tasks"].as_array().unwrap().iter().enumerate() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let lead = text(&task["who"]["lead"]);
        let next = UnitId(id(units.len() as u128));
        let unit = *units.entry(lead.clone()).or_insert(next);
        people.units.insert(unit, UnitBrief { id: unit, name: lead, short: String::new() });
        let office = OfficeId(id(1000 + n as u128));
        let title = text(&task["accountable"]);
        people.offices.insert(office, OfficeBrief { id: office, title, unit_id: unit });
        let at = |day: &Value| {
            day.as_str().map(|day| {
                platform::clock::instant(day.parse::<jiff::civil::Date>().unwrap().at(16, 0, 0, 0))
            })
        };
        let fields = TaskFields {
            code: text(&task["code"]),
            stream: text(&task["stream"]),
            what: text(&task["what"]),
            lead_unit: Some(unit),
            accountable_office: Some(office),
            due: Some(text(&task["due"]).parse().unwrap()),
            authority: text(&task["authority"]),
            result: text(&task["result"]),
            ..TaskFields::default()
        };
        tasks.push(Task {
            id: TaskId(id(5000 + n as u128)),
            plan: PlanId(id(1)),
            position: n as i64,
            due_original: fields.due,
            fields,
            percent: u8::try_from(task["progress"].as_u64().unwrap()).unwrap(),
            state: text(&task["state"]).parse().unwrap(),
            state_before_pause: None,
            assigned_at: at(&task["start"]),
            acknowledged_at: None,
            submitted_at: None,
            accepted_at: at(&task["done"]),
            version: 1,
            confirmed: BTreeMap::new(),
            updated_at: platform::clock::instant(AS_OF),
            updated_by: String::new(),
        });
    }
    let work_days = vec![
        WorkDay { day: date(2025, 9, 2), kind: WorkDayKind::NghiLe, name: "Quốc khánh".to_owned() },
        WorkDay { day: date(2025, 10, 11), kind: WorkDayKind::LamBu, name: String::new() },
    ];
    let facts = crate::tasks::register::Facts {
        congress: Congress {
            id: CongressId(id(1)),
            name: "Đại hội".to_owned(),
            short_name: "Đại hội".to_owned(),
            level: Level::Tinh,
            term: "2025–2030".to_owned(),
            preparatory_on: date(2025, 10, 13),
            opening_on: date(2025, 10, 14),
            closing_on: date(2025, 10, 15),
            place: String::new(),
            timing: TimingRule::default(),
            urge_cool_down_hours: 24,
            labels: LabelSet::default(),
            hotline: String::new(),
            version: 1,
        },
        calendar: congress::calendar(&work_days),
        work_days,
        plans: Vec::new(),
        tasks,
        deps: Vec::new(),
        people,
        last_reports: BTreeMap::new(),
        waiting: BTreeMap::new(),
        extended: BTreeMap::new(),
        returned: BTreeMap::new(),
        linted: Default::default(),
    };
    Register::new(Arc::new(facts), AS_OF)
}

fn cx(lang: Lang, path: &str) -> Cx {
    part_cx(lang, &Arc::new(Site::bare()), path, String::new())
}

fn vi(path: &str) -> Cx {
    cx(Lang::Vi, path)
}

/// Every view of a register, by its name.
fn every_view(
    register: Register,
    eyes: Eyes,
    office: Option<OfficeId>,
    unit: UnitId,
) -> Vec<(&'static str, String)> {
    let all = Address::parse("");
    let picture = Picture { register, urges: Vec::new() };
    let register = &picture.register;
    let who = Who { office, organiser: Reach::Nowhere, decides: Reach::Nowhere };
    vec![
        ("list", list::draw(&vi(list::PATH), register, &all, eyes).unwrap()),
        ("board", board::draw(&vi(board::PATH), register, &all, eyes).unwrap()),
        (
            "september",
            month::draw(&vi(month::PATH), register, &Address::parse("thang=2025-09"), eyes).unwrap(),
        ),
        ("matrix", matrix::draw(&vi(matrix::PATH), register, &all, eyes).unwrap()),
        ("wall", wall::draw(&vi(wall::PATH), register, eyes).unwrap()),
        ("mine", mine::draw(&vi(mine::PATH), &picture, mine::Me { who, unit, eyes }).unwrap()),
    ]
}

// ---------------------------------------------------------------- addresses

#[test]
fn an_address_is_read_and_written_in_one_normal_form() {
    let unit = "0199a000-0000-7000-8000-000000000001";
    let given = format!(
        "den=qua_han&q=%C4%91%E1%BA%A1i+bi%E1%BB%83u&den=sap_den_han&den=qua_han&don-vi={unit}&nguoc=1&sap-xep=han\
         &dong=V%C4%83n%20ki%E1%BB%87n&trang=3&tu=2025-10-01&lang=en&chua-ro=1&giai-doan=truoc"
    );
    let address = Address::parse(&given);
    assert_eq!(address.filter.q, "đại biểu");
    assert_eq!(address.filter.stream, "Văn kiện");
    assert_eq!(address.filter.timings, [Timing::DueSoon, Timing::Overdue]);
    assert_eq!(address.filter.sort, Sort::Due);
    assert!(address.filter.down && address.filter.unclear);
    assert!(address.unread.is_empty(), "{:?}", address.unread);
    assert_eq!(
        address.query(),
        format!(
            "q=%C4%91%E1%BA%A1i+bi%E1%BB%83u&dong=V%C4%83n+ki%E1%BB%87n&don-vi={unit}&giai-doan=truoc&den=sap_den_han\
             &den=qua_han&chua-ro=1&tu=2025-10-01&sap-xep=han&nguoc=1&trang=3"
        )
    );
}

#[test]
fn what_cannot_be_read_is_said_and_not_silently_dropped() {
    let address =
        Address::parse("den=hom-qua&don-vi=abc&tu=31/12/2025&trang=0&thang=2025-13&sap-xep=&q=%zz%");
    assert_eq!(address.unread, ["den=hom-qua", "don-vi=abc", "tu=31/12/2025", "trang=0", "thang=2025-13"]);
    assert_eq!(address.filter.q, "%zz%");
    let body = list::draw(&vi(list::PATH), &sample(), &address, OPEN).unwrap();
    assert!(body.contains("den=hom-qua"));
}

fn filters() -> impl Strategy<Value = Address> {
    let uuid = || proptest::option::of(any::<u128>().prop_map(Uuid::from_u128));
    let day = || {
        proptest::option::of(
            (0i64..36_000).prop_map(|n| date(2000, 1, 1).saturating_add(jiff::Span::new().days(n))),
        )
    };
    let many = |n: usize| proptest::collection::btree_set(0..n, 0..=n);
    (
        ("[\\p{L}\\p{N}&=+%#?]{0,12}( [\\p{L}&=+%]{1,8}){0,2}", "[\\p{L}&=+%]{0,12}"),
        (uuid(), uuid(), uuid(), uuid(), any::<bool>()),
        proptest::option::of(0usize..3),
        (many(10), many(10)),
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        (day(), day(), 0usize..6, 1usize..=1000),
    )
        .prop_map(
            |((q, stream), (plan, unit, support, office, no_unit), phase, (timings, states), flags, rest)| {
                let mut timings: Vec<Timing> = timings.into_iter().map(|n| Timing::ALL[n]).collect();
                timings.sort_unstable();
                let mut states: Vec<TaskState> = states.into_iter().map(|n| TaskState::ALL[n]).collect();
                states.sort_unstable();
                Address {
                    filter: Filter {
                        q: rules::text::nfc(&q),
                        stream: rules::text::nfc(&stream),
                        plan: plan.map(PlanId),
                        unit: unit.filter(|_| !no_unit).map(UnitId),
                        support: support.map(UnitId),
                        office: office.map(OfficeId),
                        phase: phase.map(|n| Phase::ALL[n]),
                        timings,
                        states,
                        unclear: flags.0,
                        waiting: flags.1,
                        asks: flags.2,
                        from: rest.0,
                        to: rest.1,
                        sort: SORTS[rest.2],
                        down: flags.3,
                    },
                    no_unit,
                    page: rest.3,
                    month: None,
                    unread: Vec::new(),
                }
            },
        )
}

proptest! {
    #[test]
    fn every_filter_survives_its_address(address in filters()) {
        let again = Address::parse(&address.query());
        prop_assert_eq!(again.query(), address.query());
        prop_assert_eq!(again, address);
    }

    #[test]
    fn no_query_string_breaks_the_list(query in "\\PC{0,80}") {
        let address = Address::parse(&query);
        prop_assert_eq!(Address::parse(&address.query()).query(), address.query());
    }
}

// ---------------------------------------------------------------- numbers

#[test]
fn the_sample_counts_as_its_reference_says() {
    let register = sample();
    let tally = register.tally(&register.tasks);
    assert_eq!((tally.total, tally.done.total(), tally.open.total()), (40, 8, 32));
    assert_eq!((tally.done.early, tally.done.on_time, tally.done.late), (4, 2, 2));
    assert_eq!(
        (tally.open.overdue, tally.open.due_today, tally.open.due_soon, tally.open.not_yet),
        (2, 1, 7, 22)
    );
    let summary = Summary::of(&vi(list::PATH), &tally, &Address::parse(""), list::PATH);
    assert_eq!(summary.refusal, None);
    assert_eq!(summary.proof, "40 = 8 + 32");
    assert_eq!(summary.official.each_ref().map(|figure| figure.number), [6, 2, 30, 2]);
    let shares: Vec<&str> = summary.shares.iter().map(|share| share.text.as_str()).collect();
    assert_eq!(shares, ["8/40 = 20,0\u{a0}%", "6/8 = 75,0\u{a0}%", "8/10 = 80,0\u{a0}%"]);
}

/// Follows every link above the list and of the matrix, and counts what it picks.
#[test]
fn every_number_opens_its_list() {
    let register = sample();
    let opens = |href: &str| {
        let query = href.split_once('?').map_or("", |(_, query)| query);
        Address::parse(query).pick(&register, Audience::OPEN).len() as u64
    };
    for query in ["", "dong=An+ninh", "q=dai+bieu&den=sap_den_han", "trang-thai=hoan_thanh"] {
        let address = Address::parse(query);
        let ground = address.ground().pick(&register, Audience::OPEN);
        let tally = register.tally(ground);
        let summary = Summary::of(&vi(list::PATH), &tally, &address, list::PATH);
        let figures = [&summary.total, &summary.done, &summary.open];
        let rest = summary.done_parts.iter().chain(&summary.open_parts).chain(&summary.official);
        for figure in figures.into_iter().chain(rest) {
            assert_eq!(opens(&figure.href), figure.number, "{query}: {} {}", figure.word, figure.href);
        }
    }
    let body = matrix::draw(&vi(matrix::PATH), &register, &Address::parse(""), OPEN).unwrap();
    let mut links = 0;
    for link in body.split("<a data-label=").skip(1) {
        let href = link.split_once("href=\"").unwrap().1.split_once('"').unwrap().0.replace("&#38;", "&");
        let number = link.split_once('>').unwrap().1.split_once('<').unwrap().0.parse::<u64>().unwrap();
        assert_eq!(opens(&href), number, "{href}");
        links += 1;
    }
    assert!(links > 30, "{links}");
}

#[test]
fn the_matrix_reconciles_in_both_directions_or_refuses() {
    let register = sample();
    let mut matrix = Matrix::count(&register, &register.tasks);
    matrix.reconciles().unwrap();
    assert_eq!(matrix.all.total, 40);
    assert_eq!(matrix.rows.iter().map(|(_, tally)| tally.total).sum::<u64>(), 40);
    // One task counted under a unit twice.
    matrix.rows[0].1.add(Timing::Overdue);
    assert_eq!(matrix.reconciles().unwrap_err().diff, -1);
    // A task that nobody leads has its own row.
    let mut register = sample();
    register.tasks[0].fields.lead_unit = None;
    let matrix = Matrix::count(&register, &register.tasks);
    matrix.reconciles().unwrap();
    assert_eq!(matrix.rows.last().unwrap(), &(None, register.tally([&register.tasks[0]])));
    assert_eq!(Address::parse("don-vi=khong").pick(&register, Audience::OPEN).len(), 1);
}

#[test]
fn figures_that_do_not_add_up_are_refused_in_words() {
    let register = sample();
    let mut tally = register.tally(&register.tasks);
    tally.total = 41;
    let summary = Summary::of(&vi(list::PATH), &tally, &Address::parse(""), list::PATH);
    let words = summary.refusal.unwrap();
    assert!(words.contains("41") && words.contains("40"), "{words}");
}

#[test]
fn the_board_shows_every_task_once() {
    let register = sample();
    let body = board::draw(&vi(board::PATH), &register, &Address::parse(""), OPEN).unwrap();
    assert_eq!(body.matches("kanban-card").count(), 40);
}

#[test]
fn the_calendar_marks_days_off_and_the_congress() {
    let register = sample();
    let body = |query| month::draw(&vi(month::PATH), &register, &Address::parse(query), OPEN).unwrap();
    let september = body("thang=2025-09");
    assert!(september.contains("Quốc khánh"));
    let october = body("thang=2025-10");
    assert!(october.contains("Khai mạc Đại hội") && october.contains("Làm bù"));
    // AN-02 and CN-02 on Saturday the 4th; DD-04, TT-02, HC-03 on Sunday the 5th; DD-06 on Sunday the 12th.
    assert!(october.contains("6 hạn rơi vào ngày nghỉ"));
    // Prev and next go over the end of a year.
    assert!(body("thang=2025-12").contains("thang=2026-01"));
}

#[test]
fn a_list_of_thousands_is_cut_into_pages_that_hold_every_task_once() {
    let mut register = sample();
    let template = register.tasks[2].clone();
    for n in 0..2_000 {
        let mut task = template.clone();
        task.id = TaskId(id(100_000 + n));
        task.position = 100 + n as i64;
        task.fields.code = format!("ZZ-{n}");
        register.tasks.push(task);
    }
    let mut rows = 0;
    for page in 1..=11 {
        let address = Address::parse(&format!("trang={page}"));
        let body = list::draw(&vi(list::PATH), &register, &address, OPEN).unwrap();
        let here = body.matches("<tr id=\"t-").count();
        assert!(here <= list::PER_PAGE);
        rows += here;
    }
    assert_eq!(rows, 2_040);
    // The calendar names what it leaves out and leads there: 2 003 tasks on 08/10, 12 of them shown.
    let body = month::draw(&vi(month::PATH), &register, &Address::parse("thang=2025-10"), OPEN).unwrap();
    assert!(
        body.contains("Còn 1.991 nhiệm vụ trong danh sách")
            && body.contains("tu=2025-10-08&#38;den-ngay=2025-10-08")
    );
    assert!(body.contains("2.024 nhiệm vụ có hạn trong tháng"));
    assert_eq!(crate::tasks::gantt::roman(1994), "MCMXCIV");
}

// ---------------------------------------------------------------- what may not be seen

#[test]
fn a_stub_counts_and_shows_nothing_in_any_view() {
    const SECRET: &str = "KHONGDUOCLO";
    let mut register = sample();
    let facts: &mut crate::tasks::register::Facts = &mut register;
    let due = facts.tasks[5].fields.due;
    for (n, (class, state)) in [
        (Confidentiality::Internal, TaskState::InProgress),
        (Confidentiality::Internal, TaskState::Assigned),
        (Confidentiality::Internal, TaskState::Submitted),
        (Confidentiality::Secret, TaskState::InProgress),
    ]
    .into_iter()
    .enumerate()
    {
        let task = &mut facts.tasks[5 + n];
        let fields = &mut task.fields;
        (fields.confidentiality, task.state, task.accepted_at) = (class, state, None);
        fields.due = due;
        for text in [
            &mut fields.what,
            &mut fields.scope,
            &mut fields.result,
            &mut fields.authority,
            &mut fields.acceptance,
            &mut fields.escalation,
            &mut fields.due_text,
        ] {
            *text = format!("{SECRET} {text}");
        }
        let unit = UnitId(id(0));
        fields.supports = vec![Support { unit, contribution: SECRET.to_owned(), due: None }];
        let office = fields.accountable_office.unwrap();
        facts.people.offices.get_mut(&office).unwrap().title = SECRET.to_owned();
        let at = platform::clock::instant(AS_OF);
        facts.last_reports.insert(
            task.id,
            Report {
                id: ReportId(id(1)),
                task: task.id,
                at,
                office: SECRET.to_owned(),
                percent: 50,
                done: SECRET.to_owned(),
                difficulty: SECRET.to_owned(),
                request: SECRET.to_owned(),
                next: SECRET.to_owned(),
            },
        );
        facts.waiting.insert(
            task.id,
            Extension {
                id: ExtensionId(id(1)),
                task: task.id,
                from_due: due.unwrap(),
                to_due: due.unwrap(),
                reason: SECRET.to_owned(),
                impact: SECRET.to_owned(),
                state: ExtensionState::Waiting,
                requested_at: at,
                requested_by: SECRET.to_owned(),
                decided_at: None,
                decided_by: None,
                decision_note: SECRET.to_owned(),
            },
        );
    }
    let tally = register.tally(&register.tasks);
    assert_eq!(tally.total, 40);
    tally.reconciles().unwrap();
    // The search finds nothing in what may not be seen.
    let search = Address::parse(&format!("q={SECRET}"));
    assert_eq!(search.pick(&register, Audience::OPEN).len(), 0);
    for (view, body) in every_view(register, OPEN, Some(OfficeId(id(99_999))), UnitId(id(0))) {
        if let Some(at) = body.find(SECRET) {
            let from = body.floor_char_boundary(at.saturating_sub(200));
            panic!("{view} shows: {}", &body[from..at]);
        }
        if view != "matrix" {
            assert!(body.contains("DB-01"), "{view} does not count the stub");
            assert!(body.contains("không hiện nội dung"), "{view}");
        }
        if ["list", "board", "september", "wall"].contains(&view) {
            assert!(body.contains("Nhiệm vụ mật, theo dõi ngoài hệ thống"), "{view}");
        }
    }
}

#[test]
fn who_may_read_internal_tasks_sees_them_and_secret_ones_stay_stubs() {
    let mut register = sample();
    register.tasks[5].fields.confidentiality = Confidentiality::Internal;
    register.tasks[6].fields.confidentiality = Confidentiality::Secret;
    let (internal, secret) = (register.tasks[5].fields.what.clone(), register.tasks[6].fields.what.clone());
    let eyes = Eyes { audience: Audience::everywhere(Confidentiality::Internal), manages: true };
    let body = list::draw(&vi(list::PATH), &register, &Address::parse(""), eyes).unwrap();
    assert!(body.contains(&internal) && !body.contains(&secret));
    let body = list::draw(&vi(list::PATH), &register, &Address::parse(""), OPEN).unwrap();
    assert!(!body.contains(&internal) && !body.contains(&secret));
}

#[test]
fn eyes_that_see_different_things_share_no_key() {
    let unit = |n| Reach::units([UnitId(id(n))]);
    let audiences = [
        Audience::OPEN,
        Audience::everywhere(Confidentiality::Internal),
        Audience::new(unit(1), Reach::Nowhere),
        Audience::new(unit(2), Reach::Nowhere),
        Audience::new(unit(2), unit(2)),
    ];
    let names: std::collections::BTreeSet<String> = audiences
        .into_iter()
        .flat_map(|audience| [true, false].map(|manages| Eyes { audience, manages }.name()))
        .collect();
    assert_eq!(names.len(), 10);
}

// ---------------------------------------------------------------- time

#[test]
fn the_next_change_is_the_first_hour_or_midnight() {
    let mut register = sample();
    let local = |register: &Register, minute| platform::clock::local(live::next_change(register, minute));
    assert_eq!(local(&register, false), date(2025, 9, 27).at(0, 0, 0, 0));
    assert_eq!(local(&register, true), date(2025, 9, 26).at(16, 1, 0, 0));
    register.tasks[2].fields.due = Some("2025-09-26T17:30".parse().unwrap());
    assert_eq!(local(&register, false), date(2025, 9, 26).at(17, 30, 1, 0));
    register.tasks[2].fields.due = Some("2025-09-26T15:00".parse().unwrap());
    assert_eq!(local(&register, false), date(2025, 9, 27).at(0, 0, 0, 0));
}

#[test]
fn a_page_names_the_frame_it_was_drawn_with() {
    let part = platform::web::Part::new("x".to_owned());
    let region = Region::new(list::PATH, "den=qua_han", Lang::En, &part);
    let region = askama::Template::render(&region).unwrap();
    assert!(region.contains("=\"/song/nhiem-vu?den=qua_han&#38;lang=en&#38;co="), "{region}");
    // SHA-256 of "x", as the hub names its frames.
    assert!(region.contains("2d711642b726b04401627ca9\""), "{region}");
    assert_eq!(Address::parse("den=qua_han&lang=en&co=2d71").query(), "den=qua_han");
}

#[test]
fn both_languages_are_complete() {
    for lang in [Lang::Vi, Lang::En] {
        let body = list::draw(&cx(lang, list::PATH), &sample(), &Address::parse(""), OPEN).unwrap();
        for key in ["views-", "timing-", "state-"] {
            assert!(!body.contains(&format!(">{key}")), "{key} in {lang:?}");
        }
    }
}

// ---------------------------------------------------------------- through the router, on both databases

mod routed {
    use std::time::{Duration, Instant};

    use axum::body::Body;
    use http_body_util::BodyExt as _;
    use platform::{
        audit::Author,
        identity::{Right, session},
        testing::{House, Seat, on_both},
    };
    use tower::ServiceExt as _;

    use super::{Arc, Reach, Site, Who};
    use crate::{
        demo,
        tasks::{AREA, TaskError, model::NewReport, pages, store},
    };

    async fn seeded(house: &House) -> demo::Offices {
        house.write(&Author::cli(), demo::seed).await.unwrap()
    }

    async fn report(house: &House, code: &'static str, percent: u8) {
        let who = Who { office: None, organiser: Reach::Everywhere, decides: Reach::Nowhere };
        house
            .write::<_, TaskError, _>(&Author::cli(), move |tx| {
                let id = store::task_by_code(tx, code)?.id;
                let new = NewReport {
                    percent,
                    done: "Xong phần chính".to_owned(),
                    difficulty: String::new(),
                    request: String::new(),
                    next: String::new(),
                };
                store::report(tx, &who, id, &new)
            })
            .await
            .unwrap();
    }

    /// Opens a stream and keeps it open.
    async fn stream(house: &House, seat: &Seat, path: &str) -> Body {
        let router =
            platform::web::finish(pages::routes().with_state(house.app.clone()), Arc::new(Site::bare()));
        let response = router.oneshot(seat.get(path)).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        response.into_body()
    }

    /// Reads until the text stands there; `None` when the stream ends or is silent for 3 s.
    async fn until(body: &mut Body, wanted: &str) -> Option<Duration> {
        let started = Instant::now();
        let mut all = String::new();
        loop {
            let frame = tokio::time::timeout(Duration::from_secs(3), body.frame()).await.ok()??;
            all.push_str(&String::from_utf8_lossy(&frame.ok()?.into_data().ok()?));
            if all.contains(wanted) {
                return Some(started.elapsed());
            }
        }
    }

    #[test]
    fn every_view_opens_and_reconciles() {
        on_both(&crate::migrations(), async |house| {
            seeded(&house).await;
            let seat = house.seat("Thư ký", &[(AREA, Right::Manage)]).await;
            for (path, wanted) in [
                ("/nhiem-vu", "40 = 8 + 32"),
                ("/nhiem-vu?q=dai+bieu&den=qua_han", "DB-01"),
                ("/nhiem-vu/bang", "40 trên 40 nhiệm vụ"),
                ("/nhiem-vu/lich?thang=2025-10", "Khai mạc Đại hội"),
                ("/nhiem-vu/ma-tran", "đều được 40 nhiệm vụ"),
                ("/viec-cua-toi", "Việc của tôi"),
                ("/bang-tuong", "8/40 = 20,0"),
                ("/nhiem-vu?lang=en", "Done of all"),
            ] {
                let answer = house.call(&pages::routes(), seat.get(path)).await;
                assert_eq!(answer.status, 200, "{path}");
                assert!(answer.text.contains(wanted), "{path}: {wanted}");
                assert!(!answer.text.contains("Số liệu không khớp"), "{path}");
            }
            let stranger = platform::testing::stranger(axum::http::Method::GET, "/song/nhiem-vu");
            let stranger = stranger.header("accept", "text/event-stream").body(Body::empty()).unwrap();
            assert_ne!(house.call(&pages::routes(), stranger).await.status, 200);
        });
    }

    #[test]
    fn a_change_reaches_other_screens_within_a_second() {
        on_both(&crate::migrations(), async |house| {
            seeded(&house).await;
            let seat = house.seat("Thư ký", &[(AREA, Right::Read)]).await;
            let mut list = stream(&house, &seat, "/song/nhiem-vu?q=dd-04&lang=vi").await;
            let mut wall = stream(&house, &seat, "/song/bang-tuong?lang=vi").await;
            assert!(until(&mut list, "60%").await.is_some());
            assert!(until(&mut wall, "8/40").await.is_some());
            report(&house, "DD-04", 83).await;
            let took = until(&mut list, "83%").await.expect("the change");
            assert!(took < Duration::from_secs(1), "{took:?}");
        });
    }

    #[test]
    fn a_page_that_shows_the_newest_is_not_sent_it_again() {
        on_both(&crate::migrations(), async |house| {
            seeded(&house).await;
            let seat = house.seat("Thư ký", &[(AREA, Right::Read)]).await;
            let page = house.call(&pages::routes(), seat.get("/nhiem-vu")).await.text;
            let path = page.split_once("sse-connect=\"").unwrap().1.split_once('"').unwrap().0;
            let mut body = stream(&house, &seat, &path.replace("&#38;", "&")).await;
            let quiet =
                tokio::time::timeout(Duration::from_millis(700), until(&mut body, "event: fragment")).await;
            assert!(quiet.is_err(), "the page's own bytes came again");
            report(&house, "DD-04", 84).await;
            assert!(until(&mut body, "84%").await.is_some());
        });
    }

    #[test]
    fn a_stream_ends_with_its_session() {
        on_both(&crate::migrations(), async |house| {
            seeded(&house).await;
            let seat = house.seat("Thư ký", &[(AREA, Right::Read)]).await;
            let mut body = stream(&house, &seat, "/song/nhiem-vu").await;
            assert!(until(&mut body, "DB-01").await.is_some());
            house
                .write(&Author::cli(), {
                    let session = seat.session;
                    move |tx| session::revoke(tx, session, None)
                })
                .await
                .unwrap();
            house.app.live.end_session(seat.session.0);
            let ended = tokio::time::timeout(Duration::from_secs(3), async {
                while let Some(Ok(_)) = body.frame().await {}
            });
            assert!(ended.await.is_ok(), "the stream outlives its session");
            let again = house.call(&pages::routes(), seat.get("/song/nhiem-vu")).await;
            assert_ne!(again.status, 200);
        });
    }

    #[test]
    fn a_filter_is_kept_under_a_name_for_one_office_only() {
        on_both(&crate::migrations(), async |house| {
            seeded(&house).await;
            let (mine, other) = (
                house.seat("Thư ký", &[(AREA, Right::Read)]).await,
                house.seat("Văn thư", &[(AREA, Right::Read)]).await,
            );
            let form = [("ten", "Việc đỏ"), ("loc", "den=qua_han&xau=<script>&trang=9")];
            let answer = house.call(&pages::routes(), mine.post("/nhiem-vu/bo-loc", &form)).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/nhiem-vu?den=qua_han"));
            let page = house.call(&pages::routes(), mine.get("/nhiem-vu")).await.text;
            assert!(page.contains("Việc đỏ"));
            assert!(!house.call(&pages::routes(), other.get("/nhiem-vu")).await.text.contains("Việc đỏ"));
            let drop = page.split_once("/nhiem-vu/bo-loc/").unwrap().1.split_once("/xoa").unwrap().0;
            let drop = format!("/nhiem-vu/bo-loc/{drop}/xoa");
            assert_eq!(house.call(&pages::routes(), other.post(&drop, &[])).await.status, 404);
            assert_eq!(house.call(&pages::routes(), mine.post(&drop, &[])).await.status, 303);
            let nameless = house.call(&pages::routes(), mine.post("/nhiem-vu/bo-loc", &[("ten", " ")])).await;
            assert_eq!(nameless.status, 422);
        });
    }

    #[test]
    fn who_reads_one_unit_sees_the_others_as_stubs_that_count() {
        on_both(&crate::migrations(), async |house| {
            let offices = seeded(&house).await;
            let seat = house.seat("Người đọc", &[]).await;
            let unit = house
                .read::<_, platform::db::DbError, _>({
                    let focal = offices.focal["Sở Y tế"];
                    move |tx| {
                        let people = crate::tasks::clarity::People::load(tx)?;
                        Ok(people.offices[&focal].unit_id)
                    }
                })
                .await
                .unwrap();
            house.grant(seat.office, Some(unit), &[(AREA, Right::Read)]).await;
            let text = house.call(&pages::routes(), seat.get("/nhiem-vu")).await.text;
            assert!(text.contains("40 = 8 + 32"), "stubs count");
            assert!(text.contains("Bố trí y tế") && !text.contains("Rà soát, chốt danh sách đại biểu"));
            assert!(!text.contains("/nhiem-vu/moi"), "no button that would be refused");
        });
    }
}
