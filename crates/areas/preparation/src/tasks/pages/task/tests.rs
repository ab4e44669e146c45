//! What the pages of one task promise, through the router and the store, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use axum::Router;
use jiff::civil::date;
use platform::{
    app::App,
    audit::Author,
    congress,
    db::DbError,
    identity::{Confidentiality, Right},
    testing::{House, Seat, on_both},
};
use rules::{dates::Deadline, schedule::DepKind, state::Move};

use crate::tasks::{
    Reach, TaskError,
    model::*,
    store::{self, Who},
};

/// Organiser, leader, focal officer and the officer of a coordinating unit.
struct Team {
    routes: Router<App>,
    organiser: Seat,
    leader: Seat,
    focal: Seat,
    helper: Seat,
    plan: PlanId,
}

async fn team(house: &House) -> Team {
    let organiser = house.seat("Tổ trưởng Tổ Thư ký", &[("tasks", Right::Manage)]).await;
    let leader = house.seat("Trưởng Tiểu ban Tổ chức phục vụ", &[("tasks", Right::Decide)]).await;
    let focal = house.seat("Chuyên viên Văn phòng", &[("tasks", Right::Contribute)]).await;
    let helper = house.seat("Phó Giám đốc Sở Xây dựng", &[("tasks", Right::Contribute)]).await;
    let unit = organiser.unit;
    let plan = house
        .write(&Author::cli(), move |tx| {
            let new = congress::store::NewCongress {
                name: "Đại hội".into(),
                short_name: "ĐH".into(),
                level: congress::Level::Tinh,
                term: "2025–2030".into(),
                preparatory_on: date(2025, 10, 13),
                opening_on: date(2025, 10, 14),
                closing_on: date(2025, 10, 15),
                place: "Thành phố".into(),
                hotline: String::new(),
            };
            let _ = congress::store::create(tx, &new)?;
            store::create_plan(tx, "KH-01", "Kế hoạch", unit)
        })
        .await
        .unwrap();
    Team { routes: crate::tasks::pages::routes(), organiser, leader, focal, helper, plan }
}

impl Team {
    /// Six of six, led by the organiser's unit, done by the focal officer, answered for by the helper.
    fn fields(&self, code: &str) -> TaskFields {
        TaskFields {
            code: code.into(),
            what: "Lập sơ đồ chỗ ngồi của hội trường".into(),
            basis: vec![Basis {
                symbol: "127-KH/TU".into(),
                issued_on: None,
                clause: "khoản 2".into(),
                subject: String::new(),
            }],
            lead_unit: Some(self.focal.unit),
            focal_office: Some(self.focal.office),
            supports: vec![Support {
                unit: self.helper.unit,
                contribution: "đo hội trường".into(),
                due: None,
            }],
            start: Some(date(2025, 9, 26)),
            due: Some(Deadline::on(date(2025, 10, 3))),
            authority: "Tự quyết bố trí trong dự toán".into(),
            approver_office: Some(self.leader.office),
            escalation: "Thường trực".into(),
            accountable_office: Some(self.helper.office),
            result: "Sơ đồ chỗ ngồi".into(),
            result_quantity: "01 sơ đồ".into(),
            result_form: "Bản vẽ".into(),
            acceptance: "Khớp 100% danh sách đại biểu".into(),
            acceptor_office: Some(self.leader.office),
            evidence_kinds: vec![EvidenceKind::Minutes],
            ..TaskFields::default()
        }
    }

    async fn create(&self, house: &House, fields: TaskFields) -> TaskId {
        let plan = self.plan;
        house.write(&Author::cli(), move |tx| store::create(tx, plan, fields)).await.unwrap()
    }

    async fn assigned(&self, house: &House, code: &str) -> TaskId {
        let id = self.create(house, self.fields(code)).await;
        self.step(house, &self.organiser, id, Move::Propose).await.unwrap();
        self.step(house, &self.leader, id, Move::Assign).await.unwrap();
        id
    }

    fn who(&self, seat: &Seat) -> Who {
        Who {
            office: Some(seat.office),
            organiser: if seat.office == self.organiser.office { Reach::Everywhere } else { Reach::Nowhere },
            decides: if seat.office == self.leader.office { Reach::Everywhere } else { Reach::Nowhere },
        }
    }

    async fn step(&self, house: &House, seat: &Seat, id: TaskId, step: Move) -> Result<(), TaskError> {
        let who = self.who(seat);
        house
            .write(&Author::cli(), move |tx| {
                let version = store::task(tx, id)?.version;
                store::step(tx, &who, id, version, step, "vì lý do này")
            })
            .await
            .map(|_| ())
    }
}

async fn task(house: &House, id: TaskId) -> Task {
    house.read(move |tx| store::task(tx, id)).await.unwrap()
}

#[test]
fn below_six_of_six_nothing_is_assigned_and_each_gap_has_its_sentence() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let mut fields = team.fields("PV-01");
        fields.acceptance = String::new();
        fields.due = None;
        let id = team.create(&house, fields).await;
        team.step(&house, &team.organiser, id, Move::Propose).await.unwrap();
        assert!(matches!(
            team.step(&house, &team.leader, id, Move::Assign).await,
            Err(TaskError::NotClear(_))
        ));
        let version = task(&house, id).await.version.to_string();
        let answer = house
            .call(&team.routes, team.leader.post("/nhiem-vu/PV-01/chuyen/assign", &[("version", &version)]))
            .await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.text.contains("Chưa có hạn"), "{}", answer.text);
        assert!(answer.text.contains("Chưa có tiêu chí nghiệm thu"));
        assert_eq!(task(&house, id).await.state, rules::state::TaskState::Proposed);
    });
}

#[test]
fn a_deadline_moves_only_by_an_extension_that_somebody_else_decides() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let id = team.assigned(&house, "PV-01").await;
        let (organiser, mut moved) = (team.who(&team.organiser), team.fields("PV-01"));
        moved.due = Some(Deadline::on(date(2025, 10, 8)));
        let version = task(&house, id).await.version;
        let edited = house
            .write(&Author::cli(), move |tx| store::edit(tx, &organiser, id, version, moved, "lý do"))
            .await;
        assert_eq!(edited, Err(TaskError::DueLocked));

        // The day off asks back once; the request then waits and the deadline stays.
        let ask =
            |keep: &'static str| [("to", "04/10/2025"), ("reason", "chưa có danh sách"), ("keep", keep)];
        let answer = house.call(&team.routes, team.focal.post("/nhiem-vu/PV-01/gia-han", &ask(""))).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.text.contains("thứ Bảy"), "{}", answer.text);
        let answer =
            house.call(&team.routes, team.focal.post("/nhiem-vu/PV-01/gia-han", &ask("2025-10-04"))).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(task(&house, id).await.fields.due, Some(Deadline::on(date(2025, 10, 3))));

        let asked = house.read(move |tx| store::extensions(tx, Some(id))).await.unwrap().remove(0);
        let own = Who { decides: Reach::Everywhere, ..team.who(&team.focal) };
        let extension = asked.id;
        let decided = house
            .write(&Author::cli(), move |tx| store::decide_extension(tx, &own, extension, true, ""))
            .await;
        assert_eq!(decided.map(|_| ()), Err(TaskError::OwnRequest));
        let page = format!("/gia-han/{extension}");
        let answer = house.call(&team.routes, team.leader.get(&page)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let answer =
            house.call(&team.routes, team.leader.post(&page, &[("act", "refuse"), ("note", "")])).await;
        assert_eq!(answer.status, 422, "a refusal needs its reason");
        let answer =
            house.call(&team.routes, team.leader.post(&page, &[("act", "grant"), ("note", "")])).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let after = task(&house, id).await;
        assert_eq!(after.fields.due, Some(Deadline::on(date(2025, 10, 4))));
        assert_eq!(after.due_original, Some(Deadline::on(date(2025, 10, 3))));
        let again = house.call(&team.routes, team.leader.post(&page, &[("act", "grant")])).await;
        assert_eq!(again.status, 409);
    });
}

#[test]
fn two_people_edit_one_task_and_nothing_is_lost() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let id = team.create(&house, team.fields("PV-01")).await;
        let before = task(&house, id).await;
        let base = serde_json::to_string(&before.fields).unwrap();
        let (organiser, mut theirs) = (team.who(&team.organiser), before.fields.clone());
        theirs.what = "Lập sơ đồ chỗ ngồi và biển tên".into();
        theirs.scope = "hai phiên".into();
        house
            .write(&Author::cli(), move |tx| store::edit(tx, &organiser, id, before.version, theirs, ""))
            .await
            .unwrap();

        let mut mine = before.fields.clone();
        mine.what = "Lập sơ đồ ghế của hội trường".into();
        mine.result = "Sơ đồ ghế".into();
        let form: super::form::Typed = super::form::TaskForm::of(&mine);
        let version = before.version.to_string();
        let mut pairs = form.pairs();
        pairs.push(("version".into(), version));
        pairs.push(("base".into(), base));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = house.call(&team.routes, team.organiser.post("/nhiem-vu/PV-01/sua", &pairs)).await;
        assert_eq!(answer.status, 409, "{}", answer.text);
        for said in ["Lập sơ đồ ghế của hội trường", "Lập sơ đồ chỗ ngồi và biển tên", "hai phiên"]
        {
            assert!(answer.text.contains(said), "{said} is not shown");
        }
        let hidden = |name: &str| {
            let at = answer.text.find(&format!("name=\"{name}\" value=\"")).unwrap();
            let rest = &answer.text[at..];
            let value = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
            value.replace("&#34;", "\"").replace("&#38;", "&").replace("&#60;", "<")
        };
        let (version, base, merged) = (hidden("version"), hidden("base"), hidden("merged"));
        let chosen: Vec<(&str, &str)> = vec![
            ("version", version.as_str()),
            ("base", base.as_str()),
            ("merged", merged.as_str()),
            ("choose-what", "mine"),
        ];
        let answer = house.call(&team.routes, team.organiser.post("/nhiem-vu/PV-01/sua", &chosen)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let after = task(&house, id).await.fields;
        assert_eq!(after.what, mine.what);
        assert_eq!(after.scope, "hai phiên", "what only the other changed is kept");
        assert_eq!(after.result, mine.result, "what only I changed is kept");
    });
}

#[test]
fn a_wrong_form_comes_back_with_everything_that_was_typed() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let form = [
            ("code", "PV-09"),
            ("what", "Lập danh sách tổ"),
            ("due", "09/30/2025"),
            ("scope", "ghi <b>chú</b>"),
        ];
        let answer = house.call(&team.routes, team.organiser.post("/nhiem-vu/moi", &form)).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        for kept in ["Lập danh sách tổ", "09/30/2025", "30/09/2025"] {
            assert!(answer.text.contains(kept), "{kept} is gone");
        }
        assert!(!answer.text.contains("<b>chú"), "text stays text");
        let form = [("code", "PV-09"), ("what", "Lập danh sách tổ")];
        let answer = house.call(&team.routes, team.organiser.post("/nhiem-vu/moi", &form)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let answer = house.call(&team.routes, team.organiser.post("/nhiem-vu/moi", &form)).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains("PV-09 đã dùng"), "{}", answer.text);
        let answer = house.call(&team.routes, team.organiser.get("/nhiem-vu/PV-09")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    });
}

#[test]
fn the_ladder_cools_down_and_a_receipt_is_given() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let id = team.assigned(&house, "PV-01").await;
        let send = || team.organiser.post("/nhiem-vu/PV-01/don-doc", &[("text", "Đề nghị báo cáo")]);
        assert_eq!(house.call(&team.routes, send()).await.status, 303);
        let again = house.call(&team.routes, send()).await;
        assert_eq!(again.status, 409);
        assert!(again.text.contains("27/09/2025"), "{}", again.text);
        let page = house.call(&team.routes, team.focal.get("/nhiem-vu/PV-01")).await;
        assert!(
            page.text.contains("/nhiem-vu/PV-01/da-xem"),
            "the addressed office is asked for its receipt"
        );
        assert_eq!(
            house.call(&team.routes, team.focal.post("/nhiem-vu/PV-01/da-xem", &[])).await.status,
            303
        );
        let urges = house.read(move |tx| store::urges(tx, id)).await.unwrap();
        assert!(urges[0].seen_at.is_some());
        let letter = format!("/nhiem-vu/PV-01/cong-van/{}", urges[0].id);
        assert_eq!(house.call(&team.routes, team.organiser.get(&letter)).await.status, 200);
        house.pass(Duration::from_secs(49 * 3600));
        let organiser = team.who(&team.organiser);
        house
            .write(&Author::cli(), move |tx| store::urge(tx, &organiser, id, "Đề nghị báo cáo"))
            .await
            .unwrap();
        let urges = house.read(move |tx| store::urges(tx, id)).await.unwrap();
        assert_eq!(urges[0].level, 2);
        assert_eq!(urges[0].to_office, team.helper.office, "the second step speaks to who answers for it");
    });
}

#[test]
fn a_circle_of_dependencies_is_named_by_its_codes() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let (a, b) = (team.assigned(&house, "PV-01").await, team.assigned(&house, "PV-02").await);
        let organiser = team.who(&team.organiser);
        let dep = Dependency { pred: a, succ: b, kind: DepKind::FS, lag_days: 0 };
        house.write(&Author::cli(), move |tx| store::tie(tx, &organiser, &dep)).await.unwrap();
        let other = b.to_string();
        let form = [("other", other.as_str()), ("side", "before"), ("kind", "FS"), ("lag", "")];
        let answer = house.call(&team.routes, team.organiser.post("/nhiem-vu/PV-01/phu-thuoc", &form)).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(
            answer.text.contains("PV-01 → PV-02") || answer.text.contains("PV-02 → PV-01"),
            "{}",
            answer.text
        );
        let form = [("other", other.as_str()), ("side", "after"), ("kind", "SS"), ("lag", "-2")];
        let answer = house.call(&team.routes, team.organiser.post("/nhiem-vu/PV-01/phu-thuoc", &form)).await;
        assert_eq!(answer.status, 303, "tying again changes how: {}", answer.text);
    });
}

#[test]
fn a_baseline_is_approved_by_somebody_else_and_shows_what_changed() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let id = team.create(&house, team.fields("PV-01")).await;
        let plan = team.plan.to_string();
        let form = [("plan", plan.as_str()), ("name", "Kế hoạch ban hành")];
        let taken = house.call(&team.routes, team.organiser.post("/duong-co-so", &form)).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        assert_eq!(house.call(&team.routes, team.organiser.post("/duong-co-so", &form)).await.status, 422);
        let one = house.read(store::baselines).await.unwrap().remove(0);
        let approve = format!("/duong-co-so/{}/phe-duyet", one.id);
        let number = [("notice", "45-TB/TU")];
        assert_eq!(house.call(&team.routes, team.organiser.post(&approve, &number)).await.status, 403);
        assert_eq!(house.call(&team.routes, team.leader.post(&approve, &number)).await.status, 303);
        assert_eq!(house.call(&team.routes, team.leader.post(&approve, &number)).await.status, 409);
        let (organiser, mut fields) = (team.who(&team.organiser), team.fields("PV-01"));
        fields.due = Some(Deadline::on(date(2025, 10, 6)));
        house.write(&Author::cli(), move |tx| store::edit(tx, &organiser, id, 0, fields, "")).await.ok();
        let version = task(&house, id).await.version;
        let mut fields = team.fields("PV-01");
        fields.due = Some(Deadline::on(date(2025, 10, 6)));
        house
            .write(&Author::cli(), move |tx| store::edit(tx, &organiser, id, version, fields, ""))
            .await
            .ok();
        let page = house.call(&team.routes, team.leader.get(&format!("/duong-co-so/{}", one.id))).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("03/10/2025") && page.text.contains("06/10/2025"), "{}", page.text);
        assert!(page.text.contains(&one.sha256));
    });
}

#[test]
fn a_secret_task_is_a_stub_and_an_internal_one_hides_from_others() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let mut fields = team.fields("AN-01");
        fields.confidentiality = Confidentiality::Secret;
        let plan = team.plan;
        let refused = house.write(&Author::cli(), move |tx| store::create(tx, plan, fields)).await;
        assert_eq!(refused, Err(TaskError::SecretContent));
        let stub = TaskFields {
            code: "AN-01".into(),
            confidentiality: Confidentiality::Secret,
            lead_unit: Some(team.helper.unit),
            ..TaskFields::default()
        };
        team.create(&house, stub).await;
        let page = house.call(&team.routes, team.focal.get("/nhiem-vu/AN-01")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("Nhiệm vụ mật"));
        assert_eq!(house.call(&team.routes, team.focal.get("/nhiem-vu/KHONG-CO")).await.status, 404);
    });
}

#[test]
fn many_assignments_are_approved_together_or_not_at_all() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let (a, b) = (team.create(&house, team.fields("PV-01")).await, {
            let mut unclear = team.fields("PV-02");
            unclear.due = None;
            team.create(&house, unclear).await
        });
        for id in [a, b] {
            team.step(&house, &team.organiser, id, Move::Propose).await.unwrap();
        }
        let page = house.call(&team.routes, team.leader.get("/nhiem-vu/duyet-giao")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let (va, vb) = (task(&house, a).await.version, task(&house, b).await.version);
        let (ta, tb) = (format!("{a}:{va}"), format!("{b}:{vb}"));
        let both = [("task", ta.as_str()), ("task", tb.as_str())];
        let answer = house.call(&team.routes, team.leader.post("/nhiem-vu/duyet-giao", &both)).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.text.contains("PV-02"));
        assert_eq!(task(&house, a).await.state, rules::state::TaskState::Proposed, "all or none");
        let one = [("task", ta.as_str())];
        let answer = house.call(&team.routes, team.leader.post("/nhiem-vu/duyet-giao", &one)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(task(&house, a).await.state, rules::state::TaskState::Assigned);
    });
}

#[test]
fn a_template_makes_its_tasks_in_one_go() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        let page = house.call(&team.routes, team.organiser.get("/nhiem-vu/mau?mau=tinh")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let unit = team.focal.unit.to_string();
        let form = [
            ("mau", "tinh"),
            ("opening", "14/10/2025"),
            ("role-0", unit.as_str()),
            ("basis_symbol", "15-KH/TBPV"),
            ("task", "DD-03"),
            ("task", "DD-05"),
            ("task", "DD-07"),
        ];
        let answer = house.call(&team.routes, team.organiser.post("/nhiem-vu/mau", &form)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let (tasks, deps) =
            house.read(|tx| Ok::<_, DbError>((store::tasks(tx)?, store::dependencies(tx)?))).await.unwrap();
        assert_eq!(tasks.len(), 3);
        assert_eq!(deps.len(), 2, "DD-07 waits for DD-03 and DD-05");
        assert!(tasks.iter().all(|task| task.fields.basis.len() == 1));
    });
}

#[test]
fn settings_change_the_words_of_the_six_keys() {
    on_both(&crate::migrations(), async |house| {
        let team = team(&house).await;
        team.create(&house, team.fields("PV-01")).await;
        let mut form = vec![
            ("version", "1"),
            ("due_soon_days", "5"),
            ("due_soon_fraction", ""),
            ("urge_cool_down_hours", "12"),
            ("label-when", "Rõ thời gian"),
        ];
        let places = ["who", "what", "when", "authority", "accountable", "result"]
            .into_iter()
            .enumerate()
            .map(|(at, six)| (format!("place-{six}"), (6 - at).to_string()))
            .collect::<Vec<_>>();
        form.extend(places.iter().map(|(name, place)| (name.as_str(), place.as_str())));
        let answer = house.call(&team.routes, team.organiser.post("/nhiem-vu/thiet-lap", &form)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let page = house.call(&team.routes, team.focal.get("/nhiem-vu/PV-01")).await;
        let (when, result) = (page.text.find("Rõ thời gian").unwrap(), page.text.find("Rõ kết quả").unwrap());
        assert!(result < when, "the order of the congress holds on the page");
        let stale = house.call(&team.routes, team.organiser.post("/nhiem-vu/thiet-lap", &form)).await;
        assert_eq!(stale.status, 409);
        let day = [("day", "02/09/2025"), ("kind", "nghi_le"), ("name", "Quốc khánh")];
        assert_eq!(
            house.call(&team.routes, team.organiser.post("/nhiem-vu/thiet-lap/ngay", &day)).await.status,
            303
        );
        assert_eq!(
            house.call(&team.routes, team.focal.post("/nhiem-vu/thiet-lap/ngay", &day)).await.status,
            403
        );
    });
}
