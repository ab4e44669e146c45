//! From the roll to the report that the congress decides about, through the front door, on both databases; the
//! published reports of domain reference 3.5 are the oracles.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{collections::HashMap, sync::Arc};

use axum::{Extension, Router, http::Method};
use jiff::civil::date;
use platform::{
    app::App,
    audit::Author,
    clock,
    db::DbError,
    identity::Right,
    params, sql,
    testing::{Answered, House, Seat, on_both},
};
use print::PressRoom;
use serde_json::json;

use super::{
    CredentialError,
    figures::{self, By},
    frozen::{self, Facts, Line, Restricted},
    store,
};
use crate::{
    attendance::{
        self,
        model::{Mark, NewMark},
        tests::Words,
    },
    delegates::{
        DelegateError,
        model::{Category, ParticipantId, Private, Profile, Sex, Standing, Status},
        query as roll,
        store::{self as people, Change, NewParticipant},
    },
};

fn routes() -> Router<App> {
    super::routes()
        .merge(super::api::routes())
        .merge(platform::identity::routes())
        .layer(Extension(PressRoom::new(Arc::new(Words), 1)))
}

/// The value of the n-th of a whole that is divided so.
fn deal<T: Copy>(n: usize, parts: &[(T, usize)]) -> T {
    let mut left = n;
    for (value, count) in parts {
        if left < *count {
            return *value;
        }
        left -= count;
    }
    panic!("the parts make up the whole");
}

/// The n-th delegate of HCMC X, had it met on 26/09/2025.
fn hcmc_x(n: usize) -> NewParticipant {
    let born = deal(n, &[(28, 1), (35, 52), (45, 152), (55, 235), (65, 4), (71, 1)]);
    NewParticipant {
        profile: Profile {
            category: Some(Category::Delegate),
            name: format!("Đại biểu {}", ["An", "Bình", "Cúc", "Dung", "Giang"][n % 5]),
            sex: Some(deal(n, &[(Sex::Female, 85), (Sex::Male, 360)])),
            born: Some(date(2025 - born, 1, 1)),
            joined: Some(date(2025 - born + 20, 5, 19)),
            standing: Some(deal(n, &[(Standing::ExOfficio, 65), (Standing::Elected, 380)])),
            group_no: Some(if n.is_multiple_of(2) { 1 } else { 2 }),
            schooling: deal(n, &[("10/10", 35), ("12/12", 410)]).to_owned(),
            qualification: deal(n, &[("tiến sĩ", 36), ("thạc sĩ", 151), ("đại học", 257), ("đang học", 1)])
                .to_owned(),
            ..Profile::default()
        },
        private: Private {
            ethnicity: deal(n, &[("Hoa", 3), ("Kinh", 442)]).to_owned(),
            religion: "Phật giáo thử".to_owned(),
            ..Private::default()
        },
        ..NewParticipant::default()
    }
}

/// A committee of two with a roll of so many and a session that began an hour ago.
struct Committee<'a> {
    house: &'a House,
    head: Seat,
    second: Seat,
}

impl<'a> Committee<'a> {
    async fn of(house: &'a House, count: usize) -> Self {
        house
            .write(&Author::cli(), move |tx| {
                for no in [1, 2] {
                    let _ = people::put_group(tx, no, "", "")?;
                }
                let _ = attendance::tests::session(tx, "tru-bi")?;
                for n in 0..count {
                    let _ = people::create(tx, &hcmc_x(n))?;
                }
                Ok::<_, DelegateError>(tx.unchanged(())?)
            })
            .await
            .unwrap();
        Self {
            house,
            head: house.seat("Trưởng Ban Thẩm tra", &[("credentials", Right::Manage)]).await,
            second: house.seat("Chánh Văn phòng", &[("credentials", Right::Decide)]).await,
        }
    }

    async fn get(&self, path: &str) -> Answered {
        self.house.call(&routes(), self.head.get(path)).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answered {
        self.house.call(&routes(), self.head.post(path, form)).await
    }

    /// Asks; the id of what was asked for, and the hash that the second person sees.
    async fn ask(&self, form: &[(&str, &str)]) -> (String, String) {
        let before = self.house.read(store::asked).await.unwrap();
        let asked = self.post("/tham-tra/chot", form).await;
        assert_eq!(asked.status, 303, "{}", asked.text);
        // The clock stands still, so that only what was not there before is the new one.
        let after = self.house.read(store::asked).await.unwrap();
        let newest = after.into_iter().find(|one| before.iter().all(|old| old.id != one.id)).unwrap();
        (newest.id.to_string(), newest.payload_hash)
    }

    async fn approve(&self, (id, hash): &(String, String)) -> Answered {
        let path = format!("/phe-duyet/{id}/duyet");
        self.house.call(&routes(), self.second.post(&path, &[("hash", hash)])).await
    }

    async fn complete(&self, (id, _): &(String, String)) -> Answered {
        self.post(&format!("/tham-tra/chot/{id}"), &[]).await
    }

    async fn freeze(&self, form: &[(&str, &str)]) {
        let asked = self.ask(form).await;
        assert_eq!(self.approve(&asked).await.status, 303);
        let done = self.complete(&asked).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }

    /// All but the last come in.
    async fn all_but_one_come(&self) {
        self.house
            .write(&Author::cli(), |tx| {
                let all = roll::everybody(tx)?;
                for one in all.iter().take(all.len() - 1) {
                    let _ = attendance::store::mark(tx, "tru-bi", one.id, &NewMark::by_hand(Mark::In, ""))?;
                }
                Ok::<_, attendance::AttendanceError>(tx.unchanged(())?)
            })
            .await
            .unwrap();
    }

    async fn issue(&self, freeze: &str) -> Answered {
        let form =
            [("chot", freeze), ("phien", "tru-bi"), ("luc", "2025-09-26T16:00:00"), ("conclusion", "")];
        self.post("/tham-tra/bao-cao", &form).await
    }

    async fn change(&self, code: &'static str, change: impl Fn(&mut Profile) + Send + 'static) {
        self.house
            .write(&Author::cli(), move |tx| {
                let one = roll::by_code_any(tx, code)?.unwrap();
                let mut profile = one.profile;
                change(&mut profile);
                people::change(
                    tx,
                    one.id,
                    &Change { version: one.version, profile, private: None, citizen: None },
                )
            })
            .await
            .unwrap();
    }
}

#[test]
fn the_report_of_445_delegates_from_roll_to_vote() {
    on_both(&crate::migrations(), async |house| {
        let committee = Committee::of(&house, 445).await;
        committee.freeze(&[]).await;
        committee.all_but_one_come().await;
        let issued = committee.issue("1").await;
        assert_eq!(issued.status, 303, "{}", issued.text);
        let (report, content, paper) = house.read(|tx| store::report(tx, 1)).await.unwrap();
        assert_eq!((report.summoned, report.present), (445, 444));
        let figures = &content.figures;
        let ages: Vec<(u64, u32)> =
            figures.by(By::Age).iter().map(|part| (part.count, part.percent)).collect();
        assert_eq!(ages, [(1, 22), (52, 1169), (152, 3416), (235, 5281), (4, 90), (1, 22)]);
        for (by, key, count) in [
            (By::Standing, "duong_nhien", 65),
            (By::Standing, "duoc_bau", 380),
            (By::Standing, "chi_dinh", 0),
            (By::Sex, "nu", 85),
            (By::Ethnicity, "Hoa", 3),
            (By::Schooling, "10/10", 35),
            (By::Schooling, "12/12", 410),
            (By::Qualification, "tiến sĩ", 36),
            (By::Qualification, "thạc sĩ", 151),
            (By::Qualification, "đại học", 257),
            (By::Theory, "", 445),
            (By::Presence, "co_mat", 444),
        ] {
            assert_eq!(figures.of(by, key), count, "{by} {key}");
        }
        assert_eq!(figures.oldest.as_ref().unwrap().years, 71);
        assert_eq!(figures.youngest.as_ref().unwrap().who, ["Đại biểu An (DB-0001)"]);
        let text = format!("{paper:?}");
        for said in
            ["444/445 (99,78%)", "85", "19,10%", "52,81%", "445/445 đại biểu được triệu tập đủ tư cách"]
        {
            assert!(text.contains(said), "{said}");
        }
        // Every figure opens the list behind it, and the list is as long as the figure says.
        let luc = content.as_of.as_millisecond();
        for (by, part) in
            [(By::Age, "41-50"), (By::Sex, "nu"), (By::Presence, "vang_khong"), (By::Theory, "")]
        {
            let count = figures.of(by, part);
            let path = format!("/tham-tra/chot/1?theo={by}&phan={part}&phien=tru-bi&luc={luc}");
            let list = committee.get(&path).await;
            assert!(list.text.contains(&format!("{count} trong 445 người")), "{by} {part}: {}", list.text);
        }
        // The votes make up their base; then the decision stands.
        let vote = "/tham-tra/bao-cao/1/bieu-quyet";
        let wrong = committee
            .post(vote, &[("base", "444"), ("agree", "440"), ("disagree", "1"), ("other", "1")])
            .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("cộng lại là 442, khác số tính 444"), "{}", wrong.text);
        let right = [("base", "444"), ("agree", "443"), ("disagree", "0"), ("other", "1")];
        assert_eq!(committee.post(vote, &right).await.status, 303);
        assert_eq!(committee.post(vote, &right).await.status, 409, "once");
        let page = committee.get("/tham-tra/bao-cao/1").await;
        assert!(page.text.contains("443/444") && page.text.contains("99,77%"), "{}", page.text);
        for file in ["pdf", "docx"] {
            let answer = committee.get(&format!("/tham-tra/bao-cao/1/van-ban.{file}")).await;
            assert_eq!(answer.status, 200, "{file}");
        }
    });
}

/// A delegate in memory.
fn line(n: u128, theory: &str) -> Line {
    Line {
        participant: ParticipantId(uuid::Uuid::from_u128(n)),
        code: format!("DB-{n:04}"),
        name: "Trần Văn Mẫu".to_owned(),
        category: Category::Delegate,
        status: Status::Summoned,
        facts: Some(Facts {
            sex: None,
            born: None,
            position: String::new(),
            delegation: String::new(),
            standing: Some(Standing::Elected),
            alternate: false,
            group_no: None,
            joined: None,
            official: None,
            schooling: String::new(),
            qualification: String::new(),
            academic_title: String::new(),
            theory: theory.to_owned(),
            occupation: String::new(),
            party_badge: None,
            awards: String::new(),
            restricted: Restricted::default(),
        }),
    }
}

fn counted(lines: &[Line]) -> figures::Figures {
    let at = clock::instant(date(2021, 1, 26).at(8, 0, 0, 0));
    let session = attendance::model::Session {
        slug: "tru-bi".to_owned(),
        title: String::new(),
        kind: attendance::model::SessionKind::Preparatory,
        starts_at: at,
        ends_at: at,
        place: String::new(),
        grace_minutes: 0,
        version: 1,
    };
    let people = figures::people(lines, &session, &HashMap::new(), at);
    figures::count(&people, figures::day(at)).unwrap()
}

/// 1,067 of 1,587 stood in print as 67.32 %.
#[test]
fn what_was_printed_as_67_32_is_67_23() {
    let lines: Vec<Line> =
        (0..1587).map(|n| line(n, if n < 1067 { "cao cấp" } else { "trung cấp" })).collect();
    let figures = counted(&lines);
    let part = &figures.by(By::Theory)[0];
    assert_eq!((part.key.as_str(), part.count, part.percent, part.adjusted), ("cao cấp", 1067, 6723, 0));
    assert_eq!(figures.by(By::Sex).last().map(|part| (part.key.as_str(), part.count)), Some(("", 1587)));
}

#[test]
fn figures_that_do_not_add_up_are_refused() {
    let lines: Vec<Line> = (0..7).map(|n| line(n, "cao cấp")).collect();
    let whole = counted(&lines);
    whole.reconciles().unwrap();
    let broken = |change: &dyn Fn(&mut figures::Figures)| {
        let mut figures = whole.clone();
        change(&mut figures);
        matches!(figures.reconciles(), Err(CredentialError::Mismatch(_)))
    };
    assert!(broken(&|one| one.divisions[3].parts[0].count += 1));
    assert!(broken(&|one| one.divisions[7].parts[0].percent -= 1));
    assert!(broken(&|one| one.groups[0].tally.summoned = 6));
    assert!(broken(&|one| one.tally.present = 1));
    assert!(broken(&|one| one.summoned = 8));
}

#[test]
fn two_persons_freeze_and_neither_alone() {
    on_both(&crate::migrations(), async |house| {
        let committee = Committee::of(&house, 6).await;
        let asked = committee.ask(&[]).await;
        let waiting = committee.complete(&asked).await;
        assert_eq!(waiting.status, 409, "nobody has approved: {}", waiting.text);
        let own = format!("/phe-duyet/{}/duyet", asked.0);
        house.grant(committee.head.office, None, &[("credentials", Right::Decide)]).await;
        assert_eq!(
            committee.post(&own, &[("hash", &asked.1)]).await.status,
            403,
            "who asks does not approve"
        );
        assert_eq!(committee.approve(&asked).await.status, 303);
        // The roll changed after it was shown.
        committee.change("DB-0002", |profile| profile.position = "Bí thư".to_owned()).await;
        let changed = committee.complete(&asked).await;
        assert_eq!(changed.status, 409, "{}", changed.text);
        assert!(house.read(store::freezes).await.unwrap().is_empty());
        // Two are asked for at once: the second finds that the first was done.
        let (first, second) = (committee.ask(&[]).await, committee.ask(&[]).await);
        assert_eq!(committee.approve(&first).await.status, 303);
        assert_eq!(committee.approve(&second).await.status, 303);
        assert_eq!(committee.complete(&first).await.status, 303);
        let late = committee.complete(&second).await;
        assert_eq!(late.status, 409);
        assert!(late.text.contains("Đã có một lần chốt khác"), "{}", late.text);
        assert_eq!(committee.complete(&first).await.status, 409, "used once");
        assert_eq!(house.read(store::freezes).await.unwrap().len(), 1);
        let same = committee.post("/tham-tra/chot", &[]).await;
        assert!(same.status == 409 && same.text.contains("không khác lần chốt gần nhất"), "{}", same.text);
    });
}

#[test]
fn what_changes_after_freezing_is_shown_and_counts_only_after_a_supplement() {
    on_both(&crate::migrations(), async |house| {
        let committee = Committee::of(&house, 6).await;
        // An alternate waits.
        house
            .write(&Author::cli(), |tx| {
                let mut one = hcmc_x(400);
                one.profile.alternate = true;
                people::create(tx, &one)
            })
            .await
            .unwrap();
        committee.freeze(&[]).await;
        committee.all_but_one_come().await;
        assert_eq!(committee.issue("1").await.status, 303);
        let before = committee.get("/tham-tra/bao-cao/1").await.text;
        // One became a guest; one was replaced by the alternate.
        committee.change("DB-0001", |profile| profile.category = Some(Category::Guest)).await;
        house
            .write(&Author::cli(), |tx| {
                let out = roll::by_code_any(tx, "DB-0002")?.unwrap().id;
                Ok::<_, DelegateError>(people::set_status(tx, out, Status::Replaced, "Ốm")?.with(()))
            })
            .await
            .unwrap();
        committee.change("DB-0007", |profile| profile.alternate = false).await;
        let desk = committee.get("/tham-tra").await.text;
        for said in ["Rời danh sách", "diện tham dự", "dự khuyết", "DB-0001", "DB-0002", "DB-0007"]
        {
            assert!(desk.contains(said), "{said}: {desk}");
        }
        // The first freeze still counts six, and what was issued stands as it stood.
        assert_eq!(committee.issue("1").await.status, 303);
        let (again, _, _) = house.read(|tx| store::report(tx, 2)).await.unwrap();
        assert_eq!(again.summoned, 6);
        assert_eq!(committee.get("/tham-tra/bao-cao/1").await.text, before);
        // A supplement says why, and by which decision.
        let bare = committee.post("/tham-tra/chot", &[("reason", "Thay đại biểu"), ("decision", "")]).await;
        assert!(bare.status == 422 && bare.text.contains("Thay đại biểu"), "{}", bare.text);
        committee.freeze(&[("reason", "Thay đại biểu"), ("decision", "12-QĐ/TU")]).await;
        assert_eq!(committee.issue("2").await.status, 303);
        let (third, content, _) = house.read(|tx| store::report(tx, 3)).await.unwrap();
        assert_eq!((third.summoned, content.figures.of(By::Standing, "duoc_bau")), (5, 1));
        // Nothing frozen or issued is ever changed.
        let cli = Author::cli();
        let update = house
            .write::<(), DbError, _>(&cli, |tx| {
                tx.execute(sql!("UPDATE roll_freeze_row SET line = '{}'"), params![])?;
                tx.unchanged(())
            })
            .await;
        let remove = house
            .write::<(), DbError, _>(&cli, |tx| {
                tx.execute(sql!("DELETE FROM credential_report"), params![])?;
                tx.unchanged(())
            })
            .await;
        for refused in [update, remove] {
            assert!(refused.unwrap_err().to_string().contains("never changed"));
        }
        assert_eq!(house.read(store::reports).await.unwrap().len(), 3);
    });
}

#[test]
fn before_any_attendance_there_is_a_composition_and_no_report() {
    on_both(&crate::migrations(), async |house| {
        let committee = Committee::of(&house, 4).await;
        let early = committee.get("/tham-tra/bao-cao").await;
        assert!(early.status == 409 && early.text.contains("Hãy chốt danh sách trước"), "{}", early.text);
        committee.freeze(&[]).await;
        let page = committee.get("/tham-tra/bao-cao").await;
        assert!(
            page.status == 200
                && page.text.contains("chưa có ai được điểm danh")
                && page.text.contains("0/4"),
            "{}",
            page.text
        );
        let refused = committee.issue("1").await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert!(house.read(store::reports).await.unwrap().is_empty());
    });
}

#[test]
fn restricted_facts_are_counted_and_read_by_those_who_may() {
    on_both(&crate::migrations(), async |house| {
        let committee = Committee::of(&house, 6).await;
        committee.freeze(&[]).await;
        committee.all_but_one_come().await;
        let figures = committee.get("/tham-tra/bao-cao").await.text;
        assert!(figures.contains("Hoa") && !figures.contains("theo=dan-toc"), "a total without its list");
        assert_eq!(committee.get("/tham-tra/chot/1?theo=dan-toc&phan=Hoa").await.status, 403);
        let list = committee.get("/tham-tra/chot/1").await.text;
        assert!(!list.contains("Hoa") && !list.contains("Phật giáo thử"), "{list}");
        let file = committee.get("/tham-tra/chot/1/danh-sach.pdf").await.text;
        assert!(!file.contains("Hoa") && !file.contains("Phật giáo thử"), "{file}");
        house.grant(committee.head.office, None, &[("restricted", Right::Read)]).await;
        let list = committee.get("/tham-tra/chot/1?theo=dan-toc&phan=Hoa").await.text;
        assert!(list.contains("3 trong 6 người") && list.contains("Hoa"), "{list}");
        let log = house
            .read(|tx| {
                platform::audit::store::page(tx, &platform::audit::store::Filter::default(), None, 200)
            })
            .await
            .unwrap();
        for entry in log {
            let line = String::from_utf8_lossy(&entry.line).into_owned();
            assert!(
                !line.contains("Hoa") && !line.contains("Phật giáo") && !line.contains("Đại biểu An"),
                "{line}"
            );
        }
    });
}

#[test]
fn cases_stand_in_the_report_and_reject_only_whom_they_name() {
    on_both(&crate::migrations(), async |house| {
        let committee = Committee::of(&house, 4).await;
        committee.freeze(&[]).await;
        committee.all_but_one_come().await;
        let case = "/tham-tra/vu-viec";
        let nobody = [("subject", "Đơn về lý lịch"), ("conclusion", "Đúng"), ("outcome", "khong_du")];
        let refused = committee.post(case, &nobody).await;
        assert!(refused.status == 422 && refused.text.contains("Đơn về lý lịch"), "{}", refused.text);
        let mut named = nobody.to_vec();
        named.push(("code", "DB-0003"));
        assert_eq!(committee.post(case, &named).await.status, 303);
        assert_eq!(committee.issue("1").await.status, 303);
        let (_, content, paper) = house.read(|tx| store::report(tx, 1)).await.unwrap();
        assert_eq!(content.not_qualified, 1);
        let text = format!("{paper:?}");
        assert!(
            text.contains("3/4 đại biểu được triệu tập đủ tư cách") && text.contains("Đơn về lý lịch"),
            "{text}"
        );
        let mut stale = named.clone();
        stale.extend([("no", "1"), ("version", "0")]);
        assert_eq!(committee.post(case, &stale).await.status, 409);
    });
}

#[test]
fn the_hash_is_over_the_lines_in_whatever_order() {
    let lines: Vec<String> = (0..3).map(|n| line(n, "cao cấp").json().unwrap()).collect();
    let mut turned = lines.clone();
    turned.reverse();
    assert_eq!(frozen::hash(&lines), frozen::hash(&turned));
    let mut other = lines.clone();
    other[0] = line(0, "trung cấp").json().unwrap();
    assert_ne!(frozen::hash(&lines), frozen::hash(&other));
    assert_eq!(serde_json::from_str::<Line>(&lines[1]).unwrap(), line(1, "cao cấp"));
}

#[test]
fn programs_freeze_count_issue_and_record_the_decision() {
    on_both(&crate::migrations(), async |house| {
        let committee = Committee::of(&house, 6).await;
        let reader = house.seat("Người xem", &[("credentials", Right::Read)]).await;
        let post = async |path: &str, body: serde_json::Value| {
            let request = committee.head.json(Method::POST, &format!("/api/v1/credentials/{path}"), &body);
            house.call(&routes(), request).await
        };
        let get = async |seat: &Seat, path: &str| {
            house.call(&routes(), seat.get(&format!("/api/v1/credentials/{path}"))).await
        };
        let asked = post("freezes", json!({})).await;
        assert_eq!(asked.status, 202, "{}", asked.text);
        let request = asked.json()["request"].as_str().unwrap().to_owned();
        let complete = format!("freeze-requests/{request}/complete");
        assert_eq!(post(&complete, json!({})).await.status, 409, "nobody has approved");
        let waiting = house.read(store::asked).await.unwrap();
        let shown = (request, waiting[0].payload_hash.clone());
        assert_eq!(committee.approve(&shown).await.status, 303);
        let frozen = post(&complete, json!({})).await;
        assert_eq!((frozen.status, frozen.json()["no"].as_u64()), (201, Some(1)), "{}", frozen.text);
        // Who may not see ethnicity gets everybody without it.
        let one = get(&reader, "freezes/1").await.json();
        assert_eq!(one["lines"].as_array().unwrap().len(), 6);
        assert_eq!(one["lines"][0]["facts"]["restricted"]["ethnicity"], "");
        let allowed =
            house.seat("Được xem", &[("credentials", Right::Read), ("restricted", Right::Read)]).await;
        assert_eq!(
            get(&allowed, "freezes/1").await.json()["lines"][0]["facts"]["restricted"]["ethnicity"],
            "Hoa"
        );
        let question = "freeze=1&session=tru-bi&as_of=2025-09-26T09:00:00Z";
        let before = get(&reader, &format!("figures?{question}")).await.json();
        assert_eq!(
            (before["attended"].as_bool(), before["content"]["figures"]["summoned"].as_u64()),
            (Some(false), Some(6))
        );
        let report = json!({ "freeze": 1, "session": "tru-bi", "as_of": "2025-09-26T09:00:00Z" });
        assert_eq!(post("reports", report.clone()).await.status, 409, "nobody has come");
        committee.all_but_one_come().await;
        let ahead = json!({ "freeze": 1, "session": "tru-bi", "as_of": "2025-09-27T09:00:00Z" });
        assert_eq!(post("reports", ahead).await.status, 422, "no report of the future");
        let issued = post("reports", report).await;
        assert_eq!((issued.status, issued.json()["no"].as_u64()), (201, Some(1)), "{}", issued.text);
        let votes = json!({ "base": 5, "agree": 4, "disagree": 0, "other": 0 });
        assert_eq!(post("reports/1/vote", votes).await.status, 422, "they make up their base");
        let votes = json!({ "base": 5, "agree": 4, "disagree": 0, "other": 1 });
        assert_eq!(post("reports/1/vote", votes.clone()).await.status, 200);
        assert_eq!(post("reports/1/vote", votes).await.status, 409, "once");
        let seen = get(&reader, "reports/1").await.json();
        assert_eq!((seen["present"].as_u64(), seen["vote"]["agree"].as_u64()), (Some(5), Some(4)));
        assert_eq!(seen["content"]["figures"]["tally"]["present"], 5);
        let case = json!({ "subject": "Đơn tố cáo", "outcome": "khong_du", "conclusion": "Đúng" });
        assert_eq!(post("cases", case).await.status, 422, "about whom?");
        let case = json!({ "subject": "Đơn tố cáo", "code": "DB-0001" });
        assert_eq!(post("cases", case).await.status, 200);
        assert_eq!(get(&reader, "cases").await.json().as_array().unwrap().len(), 1);
        let refused = reader.json(Method::POST, "/api/v1/credentials/freezes", &json!({}));
        assert_eq!(house.call(&routes(), refused).await.status, 403);
        assert_eq!(get(&reader, "reports/9").await.status, 404);
    });
}

#[test]
fn the_second_person_reads_what_will_be_frozen_in_words() {
    on_both(&crate::migrations(), async |house| {
        let committee = Committee::of(&house, 6).await;
        committee.ask(&[]).await;
        let page = house.call(&routes(), committee.second.get("/phe-duyet")).await.text;
        for said in ["lần chốt danh sách 1", "Đại biểu triệu tập", "Cơ cấu · Đại biểu", "Mã băm danh sách"]
        {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(!page.contains("so_nguoi") && !page.contains("co_cau"), "{page}");
    });
}
