//! A delegate is replaced, through the front door, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use axum::{Router, http::Method};
use jiff::civil::date;
use platform::{
    app::App,
    audit::Author,
    db::DbError,
    identity::Right,
    testing::{House, Seat, on_both},
};
use rules::badge::BadgeState;
use serde_json::json;

use super::store::AlternateError;
use crate::{
    badges::{self, keys, model::Badge, seal::Seal},
    credentials::{self, frozen},
    delegates::{
        self, DelegateError,
        model::{Category, GroupRole, Participant, Profile, Standing, Status},
        query,
        store::{self as roll, NewParticipant},
    },
};

const SEAL: Seal = Seal::from_bytes([7; 32]);

fn routes() -> Router<App> {
    super::routes()
        .merge(super::api::routes())
        .merge(delegates::pages::routes())
        .merge(delegates::api::routes())
}

/// A head of group 1 with a delegation, an alternate of it, an alternate of none, and a guest; keys for badges.
async fn filled(house: &House) {
    house
        .write(&Author::cli(), |tx| {
            let _ = roll::put_group(tx, 1, "", "")?;
            let unit = *roll::delegation_named(tx, "Đảng bộ phường Bến Thành")?.value();
            for (name, category, alternate, unit) in [
                ("Nguyễn Văn An", Category::Delegate, false, Some(unit)),
                ("Trần Thị Bình", Category::Delegate, true, Some(unit)),
                ("Lê Văn Cường", Category::Delegate, true, None),
                ("Phạm Khách", Category::Guest, false, None),
                ("Đỗ Văn Em", Category::Delegate, false, None),
            ] {
                let delegate = category == Category::Delegate;
                let profile = Profile {
                    category: Some(category),
                    name: name.to_owned(),
                    standing: delegate.then_some(Standing::Elected),
                    alternate,
                    delegation: unit,
                    group_no: (!alternate && unit.is_some()).then_some(1),
                    group_role: (!alternate && unit.is_some()).then_some(GroupRole::Head),
                    ..Profile::default()
                };
                let _ = roll::create(tx, &NewParticipant { profile, ..NewParticipant::default() })?;
            }
            Ok::<_, DelegateError>(tx.unchanged(())?)
        })
        .await
        .unwrap();
    house.write(&Author::cli(), |tx| keys::make_root(tx, &SEAL)).await.unwrap();
    let days = (date(2025, 9, 1), date(2025, 10, 31));
    house.write(&Author::cli(), move |tx| keys::add(tx, &SEAL, None, days.0, days.1)).await.unwrap();
}

async fn one(house: &House, code: &'static str) -> Participant {
    house.read(move |tx| query::by_code_any(tx, code)).await.unwrap().unwrap()
}

fn office(title: &str) -> Author {
    Author { office: title.to_owned(), ..Author::cli() }
}

/// The badge of somebody, printed and handed out when asked.
async fn badge(house: &House, code: &'static str, issued: bool) -> Badge {
    let id = one(house, code).await.id;
    let people = [id];
    house.write(&office("Tổ thư ký"), move |tx| badges::store::request(tx, &people)).await.unwrap();
    house.write(&office("Trưởng ban"), move |tx| badges::store::approve(tx, &people)).await.unwrap();
    let made =
        house.write(&office("Tổ in"), move |tx| badges::store::print(tx, &SEAL, &people)).await.unwrap();
    let badge = made[0];
    if issued {
        house
            .write(&office("Bàn đón"), move |tx| {
                badges::store::act(tx, badge, rules::badge::BadgeAct::Issue, "")
            })
            .await
            .unwrap();
    }
    house.read(move |tx| badges::query::badge(tx, badge)).await.unwrap().unwrap()
}

async fn desk(house: &House) -> Seat {
    house.seat("Bàn đại biểu", &[("delegates", Right::Manage)]).await
}

async fn form(house: &House, change: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let version = one(house, "DB-0001").await.version.to_string();
    let usual = [
        ("by", "DB-0002"),
        ("other", ""),
        ("decision", "125-QĐ/TU"),
        ("decided_on", "20/09/2025"),
        ("reason", "Chuyển công tác"),
        ("version", version.as_str()),
    ];
    let mut pairs: Vec<(&str, String)> = usual
        .iter()
        .filter(|(name, _)| !change.iter().any(|(other, _)| other == name))
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    pairs.extend(change.iter().map(|(name, value)| (*name, (*value).to_owned())));
    pairs
}

async fn post(house: &House, seat: &Seat, change: &[(&'static str, &str)]) -> platform::testing::Answered {
    let pairs = form(house, change).await;
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    house.call(&routes(), seat.post("/dai-bieu/DB-0001/thay-the", &pairs)).await
}

/// Domain reference 3.4 and 6 B 23: the place passes by a decision, the history stays on both, and the badge that was
/// printed for who leaves opens nothing any more.
#[test]
fn a_delegate_is_replaced_after_badges_are_printed() {
    on_both(&crate::migrations(), async |house| {
        filled(&house).await;
        let desk = desk(&house).await;
        let held = badge(&house, "DB-0001", true).await;
        let spare = badge(&house, "DB-0002", false).await;
        let page = house.call(&routes(), desk.get("/dai-bieu/DB-0001/thay-the")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("Nguyễn Văn An đang có thẻ DB-0001/1 (Đã phát)"), "{}", page.text);
        assert!(page.text.contains("Người được thay là Tổ trưởng"));
        // The alternate of the same delegation stands first, no full delegate and no guest is offered.
        let (near, far) = (page.text.find("DB-0002\"").unwrap(), page.text.find("DB-0003\"").unwrap());
        assert!(near < far && !page.text.contains("DB-0004\"") && !page.text.contains("KM-0001\""));

        // First it says what will happen; nothing is done yet.
        let asked = post(&house, &desk, &[]).await;
        assert_eq!(asked.status, 200, "{}", asked.text);
        for words in [
            "Trần Thị Bình (DB-0002) thành đại biểu chính thức",
            "Khóa thẻ DB-0001/1",
            "vào Tổ 1",
            "125-QĐ/TU",
        ] {
            assert!(asked.text.contains(words), "{words} in {}", asked.text);
        }
        assert_eq!(one(&house, "DB-0001").await.status, Status::Summoned);
        let gate = house.read(badges::query::revocations).await.unwrap();
        assert!(!gate.contains(&held.pass));

        let done = post(&house, &desk, &[("sure", "1")]).await;
        assert_eq!((done.status, done.header("location")), (303, "/dai-bieu/DB-0001?xong=replaced"));
        let (old, new) = (one(&house, "DB-0001").await, one(&house, "DB-0002").await);
        assert_eq!((old.status, old.status_note.as_str()), (Status::Replaced, "Chuyển công tác"));
        assert!(new.is_summoned_delegate());
        assert_eq!(new.profile.delegation, old.profile.delegation);
        // The group passes on, the head's office does not.
        assert_eq!((new.profile.group_no, new.profile.group_role), (Some(1), Some(GroupRole::Member)));
        let gate = house.read(badges::query::revocations).await.unwrap();
        assert!(gate.contains(&held.pass), "the badge of who left still opens");
        assert!(!gate.contains(&spare.pass), "the badge of who comes was revoked");
        let id = held.id;
        let after = house.read(move |tx| badges::query::badge(tx, id)).await.unwrap().unwrap();
        assert_eq!(after.state, BadgeState::Replaced);

        // The history stands on both pages, and the log names codes and the decision, nobody.
        for (path, other) in [("/dai-bieu/DB-0001", "Trần Thị Bình"), ("/dai-bieu/DB-0002", "Nguyễn Văn An")]
        {
            let page = house.call(&routes(), desk.get(path)).await.text;
            assert!(page.contains("Quyết định 125-QĐ/TU ngày 20/09/2025") && page.contains(other), "{page}");
        }
        let log = house
            .read(|tx| {
                let rows: Vec<platform::db::Row> =
                    tx.query(platform::sql!("SELECT line FROM audit_event ORDER BY seq"), &[])?;
                let bytes: Result<Vec<Vec<u8>>, DbError> = rows.iter().map(|row| row.get("line")).collect();
                Ok::<_, DbError>(String::from_utf8(bytes?.concat()).unwrap())
            })
            .await
            .unwrap();
        assert!(log.contains("delegate.replaced") && log.contains("delegate.took_place"));
        for personal in ["Chuyển công tác", "Trần Thị Bình", "Nguyễn Văn An"] {
            assert!(!log.contains(personal), "{personal}");
        }

        // Nothing changes a line of the history.
        let changed = house
            .write::<(), DbError, _>(&Author::cli(), |tx| {
                tx.execute(platform::sql!("UPDATE delegate_replacement SET decision = 'x'"), &[])?;
                tx.unchanged(())
            })
            .await;
        assert!(changed.is_err(), "{changed:?}");

        // Only another decision ends it: the one who was replaced may come back in the place of the other.
        let again = post(&house, &desk, &[("by", "DB-0003"), ("sure", "1")]).await;
        assert_eq!(again.status, 422);
        let by_hand = house
            .call(&routes(), desk.post("/dai-bieu/DB-0001/tinh-trang", &[("status", "trieu_tap")]))
            .await;
        assert_eq!(by_hand.status, 422);
        let back = json!({ "by": "DB-0001", "version": new.version, "decision": "130-QĐ/TU",
            "decided_on": "2025-09-25", "reason": "Quyết định trước bị hủy" });
        let path = "/api/v1/participants/DB-0002/replacements";
        let answer = house.call(&routes(), desk.json(Method::POST, path, &back)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json()["revoked_badge"], json!(spare.id.to_string()));
        assert_eq!(one(&house, "DB-0001").await.status, Status::Summoned);
        assert_eq!(one(&house, "DB-0002").await.status, Status::Replaced);
        let history = house.call(&routes(), desk.get(path)).await.json();
        let said: Vec<&str> =
            history.as_array().unwrap().iter().map(|one| one["decision"].as_str().unwrap()).collect();
        assert_eq!(said, ["130-QĐ/TU", "125-QĐ/TU"]);
    });
}

#[test]
fn what_is_wrong_with_a_replacement_is_said_beside_its_field() {
    on_both(&crate::migrations(), async |house| {
        filled(&house).await;
        let desk = desk(&house).await;
        for (change, words) in [
            (vec![("by", "")], "Hãy chọn người thay."),
            (vec![("other", "DB-9999")], "Không có người nào mang mã này."),
            (vec![("other", "DB-0004")], "Đỗ Văn Em đang là đại biểu chính thức"),
            (vec![("other", "DB-0001")], "Không ai tự thay mình."),
            (vec![("decision", " ")], "Hãy ghi số quyết định."),
            (vec![("decided_on", "")], "Hãy ghi ngày quyết định."),
            (vec![("decided_on", "27/09/2025")], "Ngày quyết định ở sau hôm nay."),
            (vec![("decided_on", "31/09/2025")], "31/09/2025"),
            (vec![("reason", "")], "Hãy ghi lý do."),
        ] {
            let refused = post(&house, &desk, &change).await;
            assert_eq!(refused.status, 422, "{change:?}: {}", refused.text);
            assert!(refused.text.contains(words), "{words} in {}", refused.text);
        }
        let late = post(&house, &desk, &[("version", "0")]).await;
        assert_eq!(late.status, 409, "{}", late.text);
        // A guest who takes a place becomes a delegate as the one who leaves was.
        let guest = post(&house, &desk, &[("other", "km-0001"), ("sure", "1")]).await;
        assert_eq!(guest.status, 303, "{}", guest.text);
        let guest = one(&house, "KM-0001").await;
        assert_eq!((guest.category(), guest.profile.standing), (Category::Delegate, Some(Standing::Elected)));
        // Nobody takes the place of an alternate or of a guest.
        let closed = house.call(&routes(), desk.get("/dai-bieu/DB-0002/thay-the")).await;
        assert!(
            closed.text.contains("chưa có chỗ chính thức để thay") && !closed.text.contains("name=\"by\"")
        );
        let reader = house.seat("Người đọc", &[("delegates", Right::Read)]).await;
        assert_eq!(house.call(&routes(), reader.get("/dai-bieu/DB-0002/thay-the")).await.status, 403);
    });
}

/// Two people freeze the roll.
async fn freeze(house: &House, form: &[(&str, &str)]) {
    let routes = credentials::routes().merge(platform::identity::routes());
    let head = house.seat("Trưởng Ban Thẩm tra", &[("credentials", Right::Manage)]).await;
    let second = house.seat("Chánh Văn phòng", &[("credentials", Right::Decide)]).await;
    let before = house.read(credentials::store::asked).await.unwrap();
    let asked = house.call(&routes, head.post("/tham-tra/chot", form)).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    let after = house.read(credentials::store::asked).await.unwrap();
    let newest = after.into_iter().find(|one| before.iter().all(|old| old.id != one.id)).unwrap();
    let approve = format!("/phe-duyet/{}/duyet", newest.id);
    let approved = house.call(&routes, second.post(&approve, &[("hash", &newest.payload_hash)])).await;
    assert_eq!(approved.status, 303, "{}", approved.text);
    let done = house.call(&routes, head.post(&format!("/tham-tra/chot/{}", newest.id), &[])).await;
    assert_eq!(done.status, 303, "{}", done.text);
}

/// What is frozen does not see the replacement; a supplementary freeze does.
#[test]
fn after_a_freeze_a_replacement_counts_with_the_next_one() {
    on_both(&crate::migrations(), async |house| {
        filled(&house).await;
        let desk = desk(&house).await;
        let summoned = async || -> (Vec<String>, String) {
            let lines = house.read(frozen::present).await.unwrap();
            let texts: Vec<String> = lines.iter().map(|line| line.json().unwrap()).collect();
            let codes = lines.iter().filter(|line| line.summoned().is_some()).map(|line| line.code.clone());
            (codes.collect(), frozen::hash(&texts))
        };
        let (before, first) = summoned().await;
        assert_eq!(before, ["DB-0001", "DB-0004"]);
        freeze(&house, &[]).await;
        let asked = post(&house, &desk, &[]).await;
        assert!(asked.text.contains("Danh sách đã chốt lần 1"), "{}", asked.text);
        assert_eq!(post(&house, &desk, &[("sure", "1")]).await.status, 303);

        let kept = async |no| {
            let lines = house
                .read(move |tx| {
                    let freeze = credentials::store::freeze(tx, no)?;
                    frozen::lines(tx, no, &freeze.hash)
                })
                .await
                .unwrap();
            let codes = lines.iter().filter(|line| line.summoned().is_some()).map(|line| line.code.clone());
            codes.collect::<Vec<_>>()
        };
        assert_eq!(kept(1).await, ["DB-0001", "DB-0004"], "what is frozen changed");
        freeze(&house, &[("reason", "Thay đại biểu"), ("decision", "125-QĐ/TU")]).await;
        assert_eq!(kept(1).await, ["DB-0001", "DB-0004"]);
        assert_eq!(kept(2).await, ["DB-0002", "DB-0004"]);
        assert_ne!(summoned().await.1, first);
    });
}

#[test]
fn a_refused_badge_takes_the_replacement_with_it() {
    on_both(&crate::migrations(), async |house| {
        filled(&house).await;
        let (leaver, comer) = (one(&house, "DB-0001").await, one(&house, "DB-0002").await);
        let new = delegates::replacing::NewReplacement {
            comer: comer.id,
            version: leaver.version,
            decision: "1-QĐ".to_owned(),
            decided_on: Some(date(2025, 9, 20)),
            reason: "x".to_owned(),
            standing: None,
        };
        let refused = house
            .write(&Author::cli(), move |tx| {
                let done = super::store::replace(tx, leaver.id, &new)?;
                if done.value().revoked.is_none() {
                    return Err(AlternateError::Badge(badges::BadgeError::NotFound));
                }
                Ok(done.map(drop))
            })
            .await;
        assert!(matches!(refused, Err(AlternateError::Badge(badges::BadgeError::NotFound))));
        assert_eq!(one(&house, "DB-0001").await.status, Status::Summoned);
        assert!(one(&house, "DB-0002").await.profile.alternate);
    });
}
