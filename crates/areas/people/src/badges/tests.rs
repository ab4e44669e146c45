//! Badges through the front door, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use axum::Router;
use jiff::civil::date;
use pass::{KeyList, Refusal, Revocations, read};
use platform::{
    app::App,
    audit::Author,
    congress,
    identity::Right,
    testing::{House, Seat, on_both},
};

use super::{
    BadgeError, keys,
    model::{Badge, BadgeId},
    query,
    seal::Seal,
    store,
};
use crate::delegates::{
    DelegateError,
    model::{Category, ParticipantId, Profile, Standing, Status},
    store::{self as roll, Change, NewParticipant},
};

pub(super) const SEAL: Seal = Seal::from_bytes([7; 32]);

pub(super) fn routes() -> Router<App> {
    super::routes().merge(super::api::routes())
}

/// A congress, keys for all October, and three people.
pub(super) async fn filled(house: &House) -> Vec<ParticipantId> {
    house
        .write(&Author::cli(), |tx| {
            let new = congress::store::NewCongress {
                name: "Đại hội đại biểu Đảng bộ Thành phố".to_owned(),
                short_name: "Đại hội".to_owned(),
                level: congress::Level::Tinh,
                term: "2025–2030".to_owned(),
                preparatory_on: date(2025, 9, 26),
                opening_on: date(2025, 9, 27),
                closing_on: date(2025, 9, 28),
                place: "Hội trường".to_owned(),
                hotline: String::new(),
            };
            congress::store::create(tx, &new).map_err(DelegateError::from)?;
            let mut ids = Vec::new();
            let mut last = None;
            for (name, category) in [
                ("Nguyễn Văn An", Category::Delegate),
                ("Trần Thị Bình", Category::Delegate),
                ("Lê Phục Vụ", Category::Service),
            ] {
                let standing = (category == Category::Delegate).then_some(Standing::Elected);
                let profile = Profile {
                    category: Some(category),
                    name: name.to_owned(),
                    standing,
                    ..Profile::default()
                };
                let done = roll::create(tx, &NewParticipant { profile, ..NewParticipant::default() })?;
                ids.push(*done.value());
                last = Some(done);
            }
            Ok::<_, DelegateError>(last.unwrap().map(|_| ids))
        })
        .await
        .unwrap()
}

pub(super) async fn keyed(house: &House) {
    house.write(&Author::cli(), |tx| keys::make_root(tx, &SEAL)).await.unwrap();
    let days = (date(2025, 9, 1), date(2025, 10, 31));
    house.write(&Author::cli(), move |tx| keys::add(tx, &SEAL, None, days.0, days.1)).await.unwrap();
}

pub(super) fn office(title: &str) -> Author {
    Author { office: title.to_owned(), ..Author::cli() }
}

/// Asked for, approved by another office, printed.
pub(super) async fn printed(house: &House, people: &[ParticipantId]) -> Vec<Badge> {
    let (a, b, c) = (people.to_vec(), people.to_vec(), people.to_vec());
    house.write(&office("Tổ thư ký"), move |tx| store::request(tx, &a)).await.unwrap();
    house.write(&office("Trưởng ban"), move |tx| store::approve(tx, &b)).await.unwrap();
    let ids = house.write(&office("Tổ thư ký"), move |tx| store::print(tx, &SEAL, &c)).await.unwrap();
    let mut out = Vec::new();
    for id in ids {
        out.push(badge(house, id).await);
    }
    out
}

pub(super) async fn badge(house: &House, id: BadgeId) -> Badge {
    house.read(move |tx| query::badge(tx, id)).await.unwrap().unwrap()
}

pub(super) async fn gate(house: &House) -> (KeyList, Revocations) {
    house.read(|tx| Ok::<_, BadgeError>((keys::list(tx)?, query::revocations(tx)?))).await.unwrap()
}

pub(super) async fn check(house: &House, seat: &Seat, code: &str) -> String {
    let answer = house.call(&routes(), seat.post("/the/kiem-tra", &[("code", code)])).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

#[test]
fn a_badge_lives_from_request_to_destruction_and_every_step_is_on_record() {
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let seat = house.seat("Bàn cấp thẻ", &[("badges", Right::Manage)]).await;
        let card = printed(&house, &people[..1]).await.remove(0);
        let id = card.id.to_string();
        // A second press of the same button finds its work done and records nothing twice.
        for _ in 0..2 {
            let done = house.call(&routes(), seat.post("/the/DB-0001/phat", &[("badge", &id)])).await;
            assert_eq!(
                (done.status, done.header("location")),
                (303, "/the/DB-0001?xong=phat"),
                "{}",
                done.text
            );
        }
        let page = house.call(&routes(), seat.get("/the/DB-0001")).await.text;
        assert_eq!(page.matches("Đã phát (bản 1)").count(), 1, "{page}");
        let text = check(&house, &seat, &card.code.clone().unwrap()).await;
        assert!(text.contains("Thẻ có giá trị") && text.contains("Nguyễn Văn An"), "{text}");

        // Lost without a reason is refused and what was typed stays; with one, gates hear of it.
        let refused = house.call(&routes(), seat.post("/the/DB-0001/mat", &[("badge", &id)])).await;
        assert_eq!(refused.status, 422);
        let lost = [("badge", id.as_str()), ("reason", "Rơi trên xe số 3")];
        assert_eq!(house.call(&routes(), seat.post("/the/DB-0001/mat", &lost)).await.status, 303);
        let delta = house.call(&routes(), seat.get("/api/v1/badges/revocations?after=0")).await.json();
        assert_eq!(delta["ids"], serde_json::json!([platform::hex(&card.pass)]));
        assert_eq!(delta["to"], 1);
        let again = house.call(&routes(), seat.get("/api/v1/badges/revocations?after=1")).await.json();
        assert_eq!(again["ids"], serde_json::json!([]));
        let text = check(&house, &seat, &card.code.clone().unwrap()).await;
        assert!(text.contains("Thẻ đã khóa") && text.contains("Không cho vào"), "{text}");

        // Reissued: a new copy with another id. The lost one is found and shown: refused, taken back, destroyed.
        assert_eq!(house.call(&routes(), seat.post("/the/DB-0001/cap-lai", &[])).await.status, 303);
        let twice = house.call(&routes(), seat.post("/the/DB-0001/cap-lai", &[])).await;
        assert_eq!(twice.status, 409, "one live badge");
        let one = people[0];
        let new = house.write(&office("Tổ thư ký"), move |tx| store::print(tx, &SEAL, &[one])).await.unwrap();
        let new = badge(&house, new[0]).await;
        assert_eq!(new.copy, 2);
        assert_ne!(new.pass, card.pass);
        assert!(check(&house, &seat, &card.code.clone().unwrap()).await.contains("Thẻ đã khóa"));
        assert!(check(&house, &seat, &new.code.clone().unwrap()).await.contains("Thẻ có giá trị"));
        assert_eq!(house.call(&routes(), seat.post("/the/DB-0001/thu", &[("badge", &id)])).await.status, 303);
        let destroy = [("badge", id.as_str()), ("reason", "Cắt góc")];
        assert_eq!(house.call(&routes(), seat.post("/the/DB-0001/huy", &destroy)).await.status, 303);
        assert_eq!(badge(&house, card.id).await.state.as_str(), "da_huy");
        // The new one is untouched by what was done to the old.
        assert_eq!(badge(&house, new.id).await.state.as_str(), "da_in");
        let day = house.call(&routes(), seat.get("/the/doi-chieu?ngay=2025-09-26")).await.text;
        assert!(day.contains("Rơi trên xe số 3") && day.contains("Cắt góc"), "{day}");
    });
}

#[test]
fn a_reprint_kills_the_earlier_copy_at_once() {
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let old = printed(&house, &people[..1]).await.remove(0);
        let one = people[0];
        let new = house.write(&office("Tổ thư ký"), move |tx| store::print(tx, &SEAL, &[one])).await.unwrap();
        let new = badge(&house, new[0]).await;
        let (keys, revoked) = gate(&house).await;
        let today = keys::day(date(2025, 9, 27)).unwrap();
        assert_eq!(read(&old.code.unwrap(), today, &keys, &revoked), Err(Refusal::Revoked { id: old.pass }));
        assert_eq!(read(&new.code.unwrap(), today, &keys, &revoked).unwrap().grant.id, new.pass);
        assert_eq!(badge(&house, old.id).await.state.as_str(), "da_thay");
    });
}

#[test]
fn every_refusal_has_its_own_words() {
    assert_eq!(super::pages::check::REFUSALS, Refusal::KEYS);
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let seat = house.seat("Cổng", &[("badges", Right::Read)]).await;
        let card = printed(&house, &people[..1]).await.remove(0);
        let code = card.code.clone().unwrap();
        let congress = house.read(keys::mark).await.unwrap();
        let (first, last) = (keys::day(card.first_day).unwrap(), keys::day(card.last_day).unwrap());
        let grant = pass::Grant { id: [9; 6], category: 1, zones: 1, first, last, name: None };
        let forger = pass::Signer::new(0, &[66; 32]);
        let forged = forger.issue(congress, &grant).unwrap();
        let foreign = forger.issue(pass::Congress([0xee, congress.0[1] ^ 1]), &grant).unwrap();
        let unknown = pass::Signer::new(9, &[66; 32]).issue(congress, &grant).unwrap();
        let mut altered = code.clone().into_bytes();
        altered[50] = if altered[50] == b'1' { b'2' } else { b'1' };
        let altered = String::from_utf8(altered).unwrap();
        for (text, words) in [
            ("xin chào", "Không phải mã thẻ"),
            (altered.as_str(), "bị hỏng hoặc bị sửa"),
            (forged.as_str(), "thẻ giả"),
            (foreign.as_str(), "đại hội khác"),
            (unknown.as_str(), "khóa số 9"),
        ] {
            let page = check(&house, &seat, text).await;
            assert!(page.contains(words) && page.contains("Không cho vào"), "{words}: {page}");
        }
        // Typed in groups, or as an address, it is the same code.
        let made_up = {
            let mut bytes = pass::from_digits(&code).unwrap();
            bytes.truncate(bytes.len() - 2);
            bytes[0] = 9 << 4;
            // The mark of a congress is the same checksum.
            let pass::Congress(checksum) = pass::Congress::of(&bytes);
            bytes.extend(checksum);
            pass::to_digits(&bytes)
        };
        let page = check(&house, &seat, &made_up).await;
        assert!(page.contains("theo phiên bản 9") && page.contains("Không cho vào"), "{page}");
        let typed = print::badge::groups(&code).join(" ");
        assert!(check(&house, &seat, &typed).await.contains("Thẻ có giá trị"));
        let address = pass::address("dh.example.vn", &code);
        assert!(check(&house, &seat, &address).await.contains("Thẻ có giá trị"));
        // Not handed out yet, and said so.
        assert!(check(&house, &seat, &code).await.contains("chưa phát"));
        // A day too early, and the copy that a reprint has killed.
        let later = people[1];
        house.write(&office("Tổ thư ký"), move |tx| store::request(tx, &[later])).await.unwrap();
        house.write(&office("Trưởng ban"), move |tx| store::approve(tx, &[later])).await.unwrap();
        let new =
            house.write(&office("Tổ thư ký"), move |tx| store::print(tx, &SEAL, &[later])).await.unwrap();
        let first = badge(&house, new[0]).await;
        let before = {
            let early = keys::day(date(2025, 9, 25)).unwrap();
            let (list, revoked) = gate(&house).await;
            read(first.code.as_ref().unwrap(), early, &list, &revoked)
        };
        assert!(matches!(before, Err(Refusal::NotYet { .. })), "{before:?}");
        house.write(&office("Tổ thư ký"), move |tx| store::print(tx, &SEAL, &[later])).await.unwrap();
        let copied = check(&house, &seat, first.code.as_ref().unwrap()).await;
        assert!(copied.contains("đã in thẻ khác thay") && copied.contains("Không cho vào"), "{copied}");
        house.pass(std::time::Duration::from_secs(3 * 86_400));
        let late = house.seat("Cổng sau", &[("badges", Right::Read)]).await;
        assert!(check(&house, &late, &code).await.contains("hết hạn"));
    });
}

#[test]
fn a_badge_stays_valid_when_keys_are_rotated_and_dies_with_its_key() {
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let card = printed(&house, &people[..1]).await.remove(0);
        let days = (date(2025, 9, 20), date(2025, 10, 10));
        let next =
            house.write(&Author::cli(), move |tx| keys::add(tx, &SEAL, None, days.0, days.1)).await.unwrap();
        assert_eq!(next, 1);
        let third = house.write(&Author::cli(), move |tx| keys::add(tx, &SEAL, None, days.0, days.1)).await;
        assert_eq!(third, Err(BadgeError::KeyRoom));
        let (list, revoked) = gate(&house).await;
        assert_eq!((list.sequence, list.keys.len()), (2, 2));
        let today = keys::day(date(2025, 9, 27)).unwrap();
        let code = card.code.unwrap();
        assert!(read(&code, today, &list, &revoked).is_ok());
        // The new one signs from now on.
        let other = printed(&house, &people[1..2]).await.remove(0);
        assert_eq!((card.key_id, other.key_id), (Some(0), Some(1)));

        // The root goes onto paper; without it nothing is listed, with it everything goes on.
        let seed = house.read(|tx| keys::root_seed(tx, &SEAL)).await.unwrap();
        let paper = keys::on_paper(&seed);
        house.write(&Author::cli(), |tx| Ok::<_, BadgeError>(keys::remove_root(tx)?.with(()))).await.unwrap();
        let withdraw = async |root: Option<[u8; 32]>| {
            house
                .write(&Author::cli(), move |tx| {
                    Ok::<_, BadgeError>(keys::withdraw(tx, &SEAL, root, 0)?.with(()))
                })
                .await
        };
        assert_eq!(withdraw(None).await, Err(BadgeError::NoRoot));
        assert_eq!(withdraw(Some([1; 32])).await, Err(BadgeError::NoRoot));
        withdraw(keys::from_paper(&paper)).await.unwrap();
        let (list, revoked) = gate(&house).await;
        assert_eq!(read(&code, today, &list, &revoked), Err(Refusal::UnknownKey { key: 0 }));
        assert!(read(&other.code.unwrap(), today, &list, &revoked).is_ok());
    });
}

#[test]
fn who_has_the_database_alone_has_no_key() {
    on_both(&crate::migrations(), async |house| {
        filled(&house).await;
        keyed(&house).await;
        let days = (date(2025, 9, 26), date(2025, 9, 28));
        let other = Seal::from_bytes([8; 32]);
        let refused = house.read(move |tx| keys::signer(tx, &other, days.0, days.1).map(|_| ())).await;
        assert!(matches!(refused, Err(BadgeError::Seal(_))), "{refused:?}");
        assert!(house.read(move |tx| keys::signer(tx, &SEAL, days.0, days.1).map(|_| ())).await.is_ok());
    });
}

#[test]
fn who_asked_may_not_approve_and_nothing_is_printed_without_approval() {
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let (a, b, c) = (people.clone(), people.clone(), people.clone());
        let asked = house.write(&office("Tổ thư ký"), move |tx| store::request(tx, &a)).await.unwrap();
        assert_eq!(asked, 3);
        let own = house.write(&office("Tổ thư ký"), move |tx| store::approve(tx, &b)).await;
        assert_eq!(own, Err(BadgeError::SameOffice));
        let none = house.write(&office("Tổ thư ký"), move |tx| store::print(tx, &SEAL, &c)).await.unwrap();
        assert!(none.is_empty());
    });
}

#[test]
fn badges_that_do_not_agree_with_the_roll_are_listed() {
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let seat = house.seat("Bàn cấp thẻ", &[("badges", Right::Manage)]).await;
        let cards = printed(&house, &people).await;
        assert_eq!(cards.len(), 3);
        let (first, second) = (people[0], people[1]);
        house
            .write(&Author::cli(), move |tx| {
                Ok::<_, DelegateError>(roll::set_status(tx, first, Status::Replaced, "")?.with(()))
            })
            .await
            .unwrap();
        house
            .write(&Author::cli(), move |tx| {
                let one = roll::participant(tx, second)?;
                let profile = Profile { category: Some(Category::Guest), standing: None, ..one.profile };
                let change = Change { version: one.version, profile, private: None, citizen: None };
                roll::change(tx, second, &change)
            })
            .await
            .unwrap();
        let page = house.call(&routes(), seat.get("/the?lech=1")).await.text;
        assert!(page.contains("2 trên 3 người"), "{page}");
        assert!(page.contains("đã có người thay") && page.contains("Diện trên thẻ khác"), "{page}");
        // A badge of somebody who left is not handed out.
        let id = cards.iter().find(|card| card.participant == first).unwrap().id.to_string();
        let refused = house.call(&routes(), seat.post("/the/DB-0001/phat", &[("badge", &id)])).await;
        assert_eq!(refused.status, 409);
    });
}

#[test]
fn rights_end_where_they_end() {
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let id = printed(&house, &people[..1]).await.remove(0).id.to_string();
        let reader = house.seat("Cổng", &[("badges", Right::Read)]).await;
        let desk = house.seat("Bàn cấp thẻ", &[("badges", Right::Contribute)]).await;
        let nobody = house.seat("Khác", &[("tasks", Right::Admin)]).await;
        assert_eq!(house.call(&routes(), nobody.get("/the")).await.status, 403);
        assert_eq!(house.call(&routes(), nobody.get("/api/v1/badges/revocations")).await.status, 403);
        assert_eq!(house.call(&routes(), reader.get("/the/DB-0001")).await.status, 200);
        let form = [("badge", id.as_str()), ("reason", "Thử")];
        assert_eq!(house.call(&routes(), reader.post("/the/DB-0001/phat", &form)).await.status, 403);
        assert_eq!(house.call(&routes(), desk.post("/the/DB-0001/huy", &form)).await.status, 403);
        assert_eq!(house.call(&routes(), desk.get("/the/khoa")).await.status, 403);
        assert_eq!(house.call(&routes(), desk.post("/the/khu-vuc", &[])).await.status, 403);
        assert_eq!(house.call(&routes(), desk.post("/the/DB-0001/phat", &form)).await.status, 303);
    });
}

#[test]
fn zones_are_edited_and_their_times_are_kept() {
    on_both(&crate::migrations(), async |house| {
        filled(&house).await;
        let seat = house.seat("Tổ an ninh", &[("badges", Right::Manage)]).await;
        let form = [
            ("name-0", "Sảnh"),
            ("icon-0", "door-enter"),
            ("name-2", "Hội trường"),
            ("icon-2", "users-group"),
            ("on-dai_bieu-0", "1"),
            ("on-dai_bieu-2", "1"),
            ("from-dai_bieu-2", "2025-09-27T07:00"),
            ("to-dai_bieu-2", "2025-09-27T12:00"),
        ];
        let saved = house.call(&routes(), seat.post("/the/khu-vuc", &form)).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let access = house.read(query::access).await.unwrap();
        let delegate = super::model::BadgeCategory::Delegate;
        assert_eq!(access.bits(delegate), 0b101);
        let at = |hour| date(2025, 9, 27).at(hour, 0, 0, 0);
        assert!(access.opens(delegate, 0b101, 2, at(8)) && !access.opens(delegate, 0b101, 2, at(13)));
        assert!(access.opens(delegate, 0b101, 0, at(13)) && !access.opens(delegate, 0b100, 0, at(13)));
        let mut wrong = form;
        wrong[7].1 = "2025-09-27T06:00";
        let refused = house.call(&routes(), seat.post("/the/khu-vuc", &wrong)).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("Giờ kết thúc phải sau"), "{}", refused.text);
    });
}
