//! What the memory promises, through the router, on both databases: nothing stale after a commit, nothing of one
//! audience in the page of another, and time still passes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use jiff::civil::date;
use platform::{
    audit::Author,
    congress::{self, WorkDay, WorkDayKind},
    db::WriteTx,
    identity::{
        Confidentiality, Error, Right,
        store::{self as people, Holder, NewGrant, NewUnit},
    },
    testing::{House, Seat, on_both},
};
use rules::dates::Deadline;

use super::Memory;
use crate::{
    demo,
    tasks::{
        AREA, Reach, TaskError,
        model::{TaskFields, TaskId},
        pages,
        store::{self, Who},
    },
};

const WHO: Who = Who { office: None, organiser: Reach::Everywhere, decides: Reach::Everywhere };
/// Every view that is kept in memory.
const VIEWS: [&str; 6] = [
    "/nhiem-vu",
    "/nhiem-vu?q=binh+chon",
    "/nhiem-vu/bang",
    "/nhiem-vu/lich?thang=2025-10",
    "/nhiem-vu/ma-tran",
    "/bang-tuong",
];

async fn seeded(house: &House) {
    house.write(&Author::cli(), demo::seed).await.unwrap();
}

async fn page(house: &House, seat: &Seat, path: &str) -> String {
    let answer = house.call(&pages::routes(), seat.get(path)).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.text
}

async fn edit(house: &House, code: &'static str, change: impl FnOnce(&mut TaskFields) + Send + 'static) {
    let write = move |tx: &mut WriteTx<'_>| {
        let task = store::task_by_code(tx, code)?;
        let mut fields = task.fields;
        change(&mut fields);
        store::edit(tx, &WHO, task.id, task.version, fields, "vì lý do này")
    };
    assert!(house.write::<_, TaskError, _>(&Author::cli(), write).await.unwrap(), "{code} is another now");
}

/// A task that nobody has assigned yet, so that everything about it may change.
async fn draft(house: &House, code: &'static str, fields: TaskFields) -> TaskId {
    let write = move |tx: &mut WriteTx<'_>| {
        let plan = store::plans(tx)?.first().map(|plan| plan.id).ok_or(TaskError::NotFound)?;
        store::create(tx, plan, TaskFields { code: code.to_owned(), ..fields })
    };
    house.write::<_, TaskError, _>(&Author::cli(), write).await.unwrap()
}

async fn grant(house: &House, seat: &Seat, class: Confidentiality) {
    let office = seat.office;
    let write = move |tx: &mut WriteTx<'_>| {
        let grant = NewGrant {
            holder: Holder::Office(office),
            unit: None,
            area: AREA.to_owned(),
            right: Right::Read,
            confidentiality: class,
            not_before: tx.now(),
            not_after: None,
            approved_by: None,
        };
        people::grant(tx, &grant)
    };
    house.write::<_, Error, _>(&Author::cli(), write).await.unwrap();
}

#[test]
fn what_is_not_changed_is_read_once() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Thư ký", &[(AREA, Right::Read)]).await;
        let memory = Memory::of(&house.app);
        let first = page(&house, &seat, "/nhiem-vu").await;
        assert_eq!(memory.loads(), 1);
        // Someone signs in and keeps a filter: events, but none that a register shows.
        let other = house.second_device(&seat).await;
        let form = [("ten", "Việc đỏ"), ("loc", "den=qua_han")];
        assert_eq!(house.call(&pages::routes(), other.post("/nhiem-vu/bo-loc", &form)).await.status, 303);
        for path in VIEWS {
            page(&house, &seat, path).await;
        }
        assert_eq!(memory.loads(), 1);
        assert!(!first.contains("Việc đỏ") && page(&house, &seat, "/nhiem-vu").await.contains("Việc đỏ"));
    });
}

#[test]
fn every_commit_shows_on_the_next_page() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Thư ký", &[(AREA, Right::Read)]).await;
        let lead = seat.unit;
        let shown = async |path: &str, text: &str| page(&house, &seat, path).await.contains(text);
        assert!(!shown("/nhiem-vu", "Việc vừa viết").await);
        let fields = TaskFields {
            what: "Việc vừa viết".to_owned(),
            lead_unit: Some(lead),
            due: Some(Deadline::on(date(2025, 10, 20))),
            ..TaskFields::default()
        };
        draft(&house, "MOI-01", fields).await;
        assert!(shown("/nhiem-vu", "Việc vừa viết").await);
        edit(&house, "MOI-01", |fields| fields.what = "Việc đã sửa".to_owned()).await;
        for path in ["/nhiem-vu", "/nhiem-vu/bang", "/nhiem-vu?q=viec+da+sua"] {
            assert!(shown(path, "Việc đã sửa").await && !shown(path, "Việc vừa viết").await, "{path}");
        }
        // A unit gets another name: on the rows and among the choices of the filter.
        let name =
            |name: &str| NewUnit { name: name.to_owned(), short: "TGV".to_owned(), ..NewUnit::default() };
        let new = name("Tổ Giúp việc mới");
        house
            .write::<_, Error, _>(&Author::cli(), move |tx| people::change_unit(tx, lead, &new))
            .await
            .unwrap();
        assert!(shown("/nhiem-vu", "title=\"Tổ Giúp việc mới\"").await);
        assert!(shown("/nhiem-vu", "Tổ Giúp việc mới</option>").await);
        // A day of the calendar: the deadline falls on a holiday now.
        let day = WorkDay {
            day: date(2025, 10, 20),
            kind: WorkDayKind::NghiLe,
            name: "Ngày nghỉ bù đặc biệt".to_owned(),
        };
        assert!(!shown("/nhiem-vu", "Ngày nghỉ bù đặc biệt").await);
        house.write(&Author::cli(), move |tx| congress::store::put_work_day(tx, &day)).await.unwrap();
        assert!(shown("/nhiem-vu", "Ngày nghỉ bù đặc biệt").await);
        // The clarity of a draft follows its fields.
        let clear = |text: &str| {
            let row = text.split_once("MOI-01").unwrap().1;
            row.split_once("/6</span>").unwrap().0.rsplit_once('>').unwrap().1.to_owned()
        };
        let before = clear(&page(&house, &seat, "/nhiem-vu?q=viec+da+sua").await);
        edit(&house, "MOI-01", |fields| fields.result = "01 tờ trình".to_owned()).await;
        edit(&house, "MOI-01", |fields| {
            fields.result_quantity = "01".to_owned();
            fields.result_form = "Tờ trình".to_owned();
            fields.acceptance = "Được Thường trực thông qua".to_owned();
            fields.acceptor_office = fields.accountable_office;
        })
        .await;
        let register = super::register(&house.app).await.unwrap();
        let task = register.by_code("MOI-01").unwrap();
        let after = clear(&page(&house, &seat, "/nhiem-vu?q=viec+da+sua").await);
        assert_eq!(after, register.clarity(task).score().clear.to_string(), "{before} before");
    });
}

#[test]
fn no_page_has_anything_of_another_audience() {
    const INTERNAL: &str = "Bình chọn kín địa điểm dự phòng";
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let inside = house.seat("Thư ký", &[]).await;
        let outside = house.seat("Văn thư", &[]).await;
        let nowhere = house.seat("Khách", &[]).await;
        grant(&house, &inside, Confidentiality::Internal).await;
        grant(&house, &outside, Confidentiality::Normal).await;
        house.grant(nowhere.office, Some(nowhere.unit), &[(AREA, Right::Read)]).await;
        let manager = house.seat("Tổ trưởng", &[(AREA, Right::Manage)]).await;
        let fields = TaskFields {
            what: INTERNAL.to_owned(),
            confidentiality: Confidentiality::Internal,
            due: Some(Deadline::on(date(2025, 9, 26))),
            ..TaskFields::default()
        };
        draft(&house, "NB-01", fields).await;
        // Whoever comes first draws; the others must get their own, in either order, twice.
        for round in 0..2 {
            for path in VIEWS {
                let sees = async |seat: &Seat| page(&house, seat, path).await.contains(INTERNAL);
                if round == 0 {
                    assert!(!sees(&outside).await, "{path}");
                }
                // Not in the matrix, which shows numbers alone.
                let expected = path != "/nhiem-vu/ma-tran" && !path.contains("lich");
                assert_eq!(sees(&inside).await, expected, "{path}");
                assert!(!sees(&outside).await && !sees(&nowhere).await, "{path}");
                let english =
                    if path.contains('?') { format!("{path}&lang=en") } else { format!("{path}?lang=en") };
                assert!(!page(&house, &outside, &english).await.contains(INTERNAL), "{english}");
            }
            // The buttons of who manages are not on the page of who reads the same tasks.
            assert!(page(&house, &manager, "/nhiem-vu").await.contains("/nhiem-vu/moi"));
            assert!(!page(&house, &inside, "/nhiem-vu").await.contains("/nhiem-vu/moi"));
            // Opened for all, and closed again.
            edit(&house, "NB-01", |fields| fields.confidentiality = Confidentiality::Normal).await;
            assert!(page(&house, &outside, "/nhiem-vu").await.contains(INTERNAL));
            edit(&house, "NB-01", |fields| fields.confidentiality = Confidentiality::Internal).await;
            assert!(!page(&house, &outside, "/nhiem-vu").await.contains(INTERNAL));
        }
    });
}

#[test]
fn what_one_address_could_not_read_is_not_told_to_another() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Thư ký", &[(AREA, Right::Read)]).await;
        for _ in 0..2 {
            assert!(page(&house, &seat, "/nhiem-vu?den=hom-qua").await.contains("den=hom-qua"));
            assert!(!page(&house, &seat, "/nhiem-vu").await.contains("den=hom-qua"));
        }
    });
}

#[test]
fn time_alone_changes_a_page() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Thư ký", &[(AREA, Right::Read)]).await;
        let memory = Memory::of(&house.app);
        let at = Deadline { date: date(2025, 9, 26), time: Some(jiff::civil::time(16, 30, 0, 0)) };
        draft(
            &house,
            "GIO-01",
            TaskFields { what: "Việc đến giờ".to_owned(), due: Some(at), ..TaskFields::default() },
        )
        .await;
        let late = async || page(&house, &seat, "/nhiem-vu?den=qua_han").await.contains("Việc đến giờ");
        assert!(!late().await);
        let wall = page(&house, &seat, "/bang-tuong").await;
        house.pass(Duration::from_secs(20 * 60));
        assert!(!late().await);
        assert_ne!(wall, page(&house, &seat, "/bang-tuong").await, "the wall shows the time");
        house.pass(Duration::from_secs(20 * 60));
        assert!(late().await);
        assert_eq!(memory.loads(), 1, "nobody changed anything");
        // A clock that is put back shows what was true then.
        house.clock.set(platform::testing::start());
        assert!(!late().await);
    });
}
