//! What the exchange promises, through the router, on both databases, with the sample plan.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use platform::{
    audit::Author,
    i18n::Lang,
    identity::{Confidentiality, Right},
    testing::{Answered, House, Seat, on_both, stranger},
};
use rules::{count::Mismatch, timing::Timing};

use crate::{
    demo,
    tasks::{
        Audience, Reach, TaskError,
        exchange::{
            annex::{self, Names},
            import::{self, Choices},
            report::{self, Broken, ReportError, Summary},
            words,
        },
        model::{PlanId, TaskFields, TaskId},
        register::Register,
        sheets::{self, write_annex},
        store::{self, Who},
    },
};

const WRITE: &[(&str, Right)] = &[("tasks", Right::Manage)];

async fn seeded(house: &House) {
    house.write(&Author::system("demo"), demo::seed).await.expect("the sample plan");
}

async fn register(house: &House) -> Register {
    house.read(|tx| Ok::<_, TaskError>(Register::load(tx)?)).await.unwrap()
}

fn routes() -> axum::Router<platform::app::App> {
    crate::tasks::pages::exchange::routes().merge(crate::tasks::api::routes())
}

const EVERYTHING: Audience = Audience::new(Reach::Everywhere, Reach::Everywhere);

fn exported(register: &Register, audience: Audience, lang: Lang) -> Vec<u8> {
    let tasks: Vec<_> = register.tasks.iter().collect();
    write_annex(&annex::plan(register, &tasks, audience, lang), &words(lang), register.as_of).unwrap()
}

fn upload(seat: &Seat, name: &str, bytes: &[u8]) -> Request<Body> {
    let mark = "----dienhong";
    let mut body = format!(
        "--{mark}\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
    stranger(Method::POST, "/nhiem-vu/nhap")
        .header(header::COOKIE, &seat.cookie)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={mark}"))
        .body(Body::from(body))
        .unwrap()
}

async fn uploaded(house: &House, seat: &Seat, bytes: &[u8]) -> (String, Answered) {
    let answer = house.call(&routes(), upload(seat, "phu-luc.xlsx", bytes)).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let path = answer.header("location").to_owned();
    let page = house.call(&routes(), seat.get(&path)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    (path, page)
}

fn mark_of(page: &str) -> &str {
    page.split("name=\"dau\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a form to say yes")
}

#[test]
fn importing_ones_own_export_changes_nothing() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let register = register(&house).await;
        for lang in [Lang::Vi, Lang::En] {
            for audience in [EVERYTHING, Audience::OPEN] {
                let reading = import::read(&exported(&register, audience, lang), 2025).unwrap();
                let preview = import::preview(&register, audience, lang, &reading, &Choices::default());
                assert_eq!(preview.errors, Vec::new());
                assert!(preview.is_empty(), "{preview:#?}");
                assert_eq!((preview.unchanged, preview.missing.len()), (40, 0));
            }
        }
        // Exported in one language, read back in the other.
        let reading = import::read(&exported(&register, EVERYTHING, Lang::En), 2025).unwrap();
        let preview = import::preview(&register, EVERYTHING, Lang::Vi, &reading, &Choices::default());
        assert!(preview.is_empty(), "{preview:#?}");
        // And over the wire: the page says so and offers no yes.
        let seat = house.seat("Tổ thư ký", WRITE).await;
        let file = exported(&register, EVERYTHING, Lang::Vi);
        let (_, page) = uploaded(&house, &seat, &file).await;
        assert!(page.text.contains("Tệp giống hệt sổ nhiệm vụ"), "{}", page.text);
        assert!(!page.text.contains("name=\"dau\""));
    });
}

/// The sample plan's rows, changed by `change`, as a file.
fn changed_file(register: &Register, change: impl Fn(usize, &mut sheets::AnnexRow)) -> Vec<u8> {
    let tasks: Vec<_> = register.tasks.iter().collect();
    let mut plan = annex::plan(register, &tasks, EVERYTHING, Lang::Vi);
    for (at, entry) in plan.entries.iter_mut().enumerate() {
        change(at, &mut entry.row);
    }
    write_annex(&plan, &words(Lang::Vi), register.as_of).unwrap()
}

#[test]
fn a_file_is_shown_first_and_applied_once_and_only_as_shown() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Tổ thư ký", WRITE).await;
        // A draft that may be edited freely, and its deadline too.
        let plan: PlanId = house.read(|tx| Ok::<_, TaskError>(store::plans(tx)?[0].id)).await.unwrap();
        let fields = TaskFields {
            code: "NV-01".into(),
            stream: "Văn kiện".into(),
            what: "Lập danh sách".into(),
            ..TaskFields::default()
        };
        let id: TaskId =
            house.write(&Author::cli(), move |tx| store::create(tx, plan, fields)).await.unwrap();
        let before = register(&house).await;
        let file = changed_file(&before, |_, row| match row.code.as_deref() {
            Some("NV-01") => row.result = Some("01 danh sách".to_owned()),
            // Assigned: its deadline does not move by a file.
            Some("VK-03") => row.due = Some(rules::dates::Deadline::on(jiff::civil::date(2025, 10, 20))),
            _ => {}
        });
        let (path, page) = uploaded(&house, &seat, &file).await;
        assert!(page.text.contains("01 danh sách"));
        assert!(page.text.contains("đề nghị gia hạn"), "{}", page.text);
        assert_eq!(
            house.read(move |tx| store::task(tx, id)).await.unwrap().fields.result,
            "",
            "nothing was written yet"
        );
        let mark = mark_of(&page.text).to_owned();

        // Somebody edits a task of the file meanwhile: what was shown is no longer what would happen.
        let mut other = house.read(move |tx| store::task(tx, id)).await.unwrap();
        other.fields.acceptance = "Đủ chữ ký".to_owned();
        house
            .write(&Author::cli(), move |tx| {
                store::edit(tx, &Who::PROGRAM, id, other.version, other.fields, "")
            })
            .await
            .unwrap();
        let confirm = format!("{path}/ap-dung");
        let refused = house.call(&routes(), seat.post(&confirm, &[("dau", &mark)])).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text.contains("Sổ nhiệm vụ đã đổi"), "{}", refused.text);

        let page = house.call(&routes(), seat.get(&path)).await;
        let mark = mark_of(&page.text).to_owned();
        let done = house.call(&routes(), seat.post(&confirm, &[("dau", &mark)])).await;
        assert_eq!((done.status, done.header("location")), (303, path.as_str()), "{}", done.text);
        let after = register(&house).await;
        assert_eq!(after.by_code("NV-01").unwrap().fields.result, "01 danh sách");
        assert_eq!(after.by_code("VK-03").unwrap().fields.due, before.by_code("VK-03").unwrap().fields.due);
        let page = house.call(&routes(), seat.get(&path)).await;
        assert!(page.text.contains("Đã nhập phụ lục"));

        // Twice is once.
        let again = house.call(&routes(), seat.post(&confirm, &[("dau", &mark)])).await;
        assert_eq!(again.status, 409);
        // Nobody else's upload.
        let other = house.seat("Người khác", WRITE).await;
        assert_eq!(house.call(&routes(), other.get(&path)).await.status, 404);
        // Too old.
        let (path, _) = uploaded(&house, &seat, &file).await;
        house.pass(std::time::Duration::from_secs(25 * 3600));
        let seat = house.seat("Tổ thư ký hai", WRITE).await;
        assert_eq!(house.call(&routes(), seat.get(&path)).await.status, 404);
    });
}

#[test]
fn unknown_names_are_chosen_by_a_person() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Quản trị", &[("tasks", Right::Manage), ("identity", Right::Admin)]).await;
        let before = register(&house).await;
        let unit = before.people.unit_name(before.tasks[0].fields.lead_unit.unwrap()).to_owned();
        let file = changed_file(&before, |at, row| {
            if at == 39 {
                row.id = None;
                row.code = Some("MOI-01".to_owned());
                row.lead = Some("Hội Cựu chiến binh phường mới".to_owned());
                row.focal = Some("Thư ký Hội Cựu chiến binh phường mới".to_owned());
                row.supports.clear();
                row.accountable = None;
                row.approver = None;
                row.acceptor = None;
            }
        });
        let (path, page) = uploaded(&house, &seat, &file).await;
        assert!(page.text.contains("2 tên chưa có trong sổ"), "{}", page.text);
        assert!(!page.text.contains("name=\"dau\""), "no yes before the names are chosen");
        assert!(page.text.contains(&unit), "everybody can be chosen");
        let names: Vec<String> = page
            .text
            .split("name=\"n-")
            .skip(1)
            .map(|rest| format!("n-{}", rest.split('"').next().unwrap()))
            .collect();
        let form: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "new")).collect();
        let chosen = house.call(&routes(), seat.post(&format!("{path}/chon"), &form)).await;
        assert_eq!(chosen.status, 303, "{}", chosen.text);
        let page = house.call(&routes(), seat.get(&path)).await;
        let done = house
            .call(&routes(), seat.post(&format!("{path}/ap-dung"), &[("dau", mark_of(&page.text))]))
            .await;
        assert_eq!(done.status, 303, "{}", done.text);
        let after = register(&house).await;
        let task = after.by_code("MOI-01").expect("the new task");
        assert_eq!(after.people.unit_name(task.fields.lead_unit.unwrap()), "Hội Cựu chiến binh phường mới");
        let focal = &after.people.offices[&task.fields.focal_office.unwrap()];
        assert_eq!(Some(focal.unit_id), task.fields.lead_unit, "the new office belongs to the new unit");
        assert_eq!(task.state, rules::state::TaskState::Draft);

        // Without the right to make units, "new" is refused.
        let seat = house.seat("Tổ thư ký", WRITE).await;
        let file = changed_file(&before, |at, row| {
            if at == 0 {
                row.lead = Some("Đơn vị lạ".to_owned());
            }
        });
        let (path, page) = uploaded(&house, &seat, &file).await;
        let name = page.text.split("name=\"n-").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let refused =
            house.call(&routes(), seat.post(&format!("{path}/chon"), &[(&format!("n-{name}"), "new")])).await;
        assert_eq!(refused.status, 403);
    });
}

#[test]
fn a_broken_or_hostile_file_gets_its_sentence_and_leaves_the_page() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Tổ thư ký", WRITE).await;
        let good = exported(&register(&house).await, EVERYTHING, Lang::Vi);
        let cut = &good[..good.len() / 2];
        let huge = vec![b'x'; import::MOST_BYTES + 1];
        for (bytes, words) in [
            (&b""[..], "Tệp trống"),
            (&b"not a spreadsheet"[..], "không phải tệp .xlsx"),
            (&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"[..], ".xls"),
            (cut, "Tệp bị hỏng"),
            (&huge[..], "10 MB"),
        ] {
            let answer = house.call(&routes(), upload(&seat, "x.xlsx", bytes)).await;
            assert!((400..500).contains(&answer.status), "{}", answer.status);
            assert!(answer.text.contains(words), "{words}: {}", answer.text);
            assert!(answer.text.contains("name=\"tep\""), "the form is still there");
        }
        // Without the right there is no page at all.
        let reader = house.seat("Chuyên viên", &[("tasks", Right::Read)]).await;
        assert_eq!(house.call(&routes(), reader.get("/nhiem-vu/nhap")).await.status, 403);
    });
}

#[test]
fn a_feed_is_read_by_its_address_until_it_is_revoked() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Chuyên viên", &[("tasks", Right::Read)]).await;
        let unit = register(&house).await.tasks[0].fields.lead_unit.unwrap().to_string();
        let made = house.call(&routes(), seat.post("/lich", &[("loai", "unit"), ("don_vi", &unit)])).await;
        assert_eq!(made.status, 200, "{}", made.text);
        let path = made.text.split("http://localhost").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(path.starts_with("/lich/") && path.ends_with(".ics"), "{path}");
        // The address is shown this once.
        let list = house.call(&routes(), seat.get("/lich")).await;
        assert!(!list.text.contains(&path));
        let fetch = || stranger(Method::GET, &path).body(Body::empty()).unwrap();
        let feed = house.call(&routes(), fetch()).await;
        assert_eq!((feed.status, feed.header("cache-control")), (200, "no-store"));
        assert!(feed.header("content-type").starts_with("text/calendar"));
        assert!(feed.text.contains("BEGIN:VEVENT") && feed.text.contains("VK-01"), "{}", feed.text);
        // Another office cannot revoke it.
        let id = list
            .text
            .split("/lich/")
            .find_map(|part| part.split("/thu-hoi").next().filter(|id| id.len() == 36))
            .unwrap();
        let revoke = format!("/lich/{id}/thu-hoi");
        let other = house.seat("Người khác", &[("tasks", Right::Read)]).await;
        assert_eq!(house.call(&routes(), other.post(&revoke, &[])).await.status, 404);
        assert_eq!(house.call(&routes(), seat.post(&revoke, &[])).await.status, 303);
        let gone = house.call(&routes(), fetch()).await;
        let never = house
            .call(
                &routes(),
                stranger(Method::GET, &format!("/lich/{}.ics", "A".repeat(43))).body(Body::empty()).unwrap(),
            )
            .await;
        assert_eq!((gone.status, never.status), (404, 404));
    });
}

#[test]
fn the_report_counts_the_sample_plan_and_a_broken_sum_is_not_signed() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let summary = report::compute(&register(&house).await);
        let of = |timing| summary.tally.of(timing);
        // Preparation reference C.1, 26/09/2025 16:00.
        assert_eq!(summary.total, 40);
        assert_eq!((of(Timing::DoneEarly), of(Timing::DoneOnTime), of(Timing::DoneLate)), (4, 2, 2));
        assert_eq!(
            (of(Timing::Overdue), of(Timing::DueToday), of(Timing::DueSoon), of(Timing::NotYet)),
            (2, 1, 7, 22)
        );
        assert_eq!(summary.tally.done_over_total().percent(1, ','), Some("20,0".to_owned()));
        summary.reconciles().unwrap();
        assert_eq!(summary.red.len(), 2);

        type Break = fn(&mut Summary);
        let broken: [(Break, &str, i64); 5] = [
            (|s| s.total += 1, "all", 1),
            (|s| s.tally.open.overdue += 1, "all", -1),
            (|s| s.streams[0].tally.done.early += 1, "", -1),
            (|s| drop(s.units.pop()), "units", 0),
            (|s| drop(s.red.pop()), "red", 1),
        ];
        for (breaks, at, diff) in broken {
            let mut wrong = summary.clone();
            breaks(&mut wrong);
            let refused = house.write(&Author::cli(), move |tx| report::sign_summary(tx, &wrong)).await;
            let Err(ReportError::Broken(Broken { at: found, mismatch: Mismatch { diff: off, .. } })) =
                refused
            else {
                panic!("{refused:?}")
            };
            assert!(at.is_empty() || found == at, "{found} instead of {at}");
            assert!(diff == 0 || off == diff, "{off}");
        }
        assert!(house.read(report::signed).await.unwrap().is_empty());

        let leader = house.seat("Trưởng Tiểu ban thử", &[("tasks", Right::Decide)]).await;
        let page = house.call(&routes(), leader.get("/bao-cao/nhiem-vu")).await;
        assert!(page.text.contains("8/40 = 20,0%"), "{}", page.text);
        let mark = mark_of(&page.text).to_owned();
        let stale = house.call(&routes(), leader.post("/bao-cao/nhiem-vu/ky", &[("dau", "0")])).await;
        assert_eq!(stale.status, 409);
        let signed = house.call(&routes(), leader.post("/bao-cao/nhiem-vu/ky", &[("dau", &mark)])).await;
        assert_eq!(signed.status, 303, "{}", signed.text);
        let kept = house.call(&routes(), leader.get(signed.header("location"))).await;
        assert!(kept.text.contains("Trưởng Tiểu ban thử ký lúc"), "{}", kept.text);
        let officer = house.seat("Chuyên viên", WRITE).await;
        assert_eq!(
            house.call(&routes(), officer.post("/bao-cao/nhiem-vu/ky", &[("dau", &mark)])).await.status,
            403
        );
    });
}

#[test]
fn every_page_and_file_is_there_and_a_stub_tells_nothing() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let plan: PlanId = house.read(|tx| Ok::<_, TaskError>(store::plans(tx)?[0].id)).await.unwrap();
        let fields = TaskFields {
            code: "NB-01".into(),
            what: "Chuẩn bị nội dung chỉ nội bộ được biết".into(),
            confidentiality: Confidentiality::Internal,
            due: Some(rules::dates::Deadline::on(jiff::civil::date(2025, 10, 1))),
            ..TaskFields::default()
        };
        house.write(&Author::cli(), move |tx| store::create(tx, plan, fields)).await.unwrap();
        let seat = house.seat("Tổ thư ký", WRITE).await;
        for path in [
            "/nhiem-vu/nhap",
            "/nhiem-vu/xuat.csv",
            "/nhiem-vu/xuat.xml",
            "/nhiem-vu/gantt.svg",
            "/nhiem-vu/tien-do-gantt",
            "/nhiem-vu/tien-do-gantt?den=qua_han",
            "/nhiem-vu/tien-do-gantt?q=khongcogi",
            "/lich",
            "/bao-cao/nhiem-vu",
        ] {
            let answer = house.call(&routes(), seat.get(path)).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        }
        let csv = house.call(&routes(), seat.get("/nhiem-vu/xuat.csv")).await;
        assert!(csv.text.starts_with('\u{feff}') && csv.text.lines().count() >= 42);

        // The office above holds internal content; this audience does not.
        let register = register(&house).await;
        let reading = import::read(&exported(&register, Audience::OPEN, Lang::Vi), 2025).unwrap();
        let row = reading.rows.iter().find(|row| row.code.as_deref() == Some("NB-01")).unwrap();
        assert!(row.stub && !row.what.contains("nội bộ"), "{row:?}");
        let names = Names::of(&register.people);
        let shown = annex::row(&names, register.by_code("NB-01").unwrap(), Audience::OPEN, Lang::Vi);
        assert!(shown.due.is_none() && shown.lead.is_none());
        let summary = serde_json::to_string(&report::compute(&register)).unwrap();
        assert!(!summary.contains("chỉ nội bộ"));
    });
}
