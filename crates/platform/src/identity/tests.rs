//! What identity promises, on both databases.

use std::time::Duration;

use axum::{Router, extract::State, routing::get};

use super::*;
use crate::{
    app::App,
    audit::{Author, Event},
    testing::{Seat, on_both},
    web::AppError,
};

struct ReadThings;
impl Capability for ReadThings {
    const AREA: &'static str = "things";
    const RIGHT: Right = Right::Read;
}
struct ManageThings;
impl Capability for ManageThings {
    const AREA: &'static str = "things";
    const RIGHT: Right = Right::Manage;
}

async fn read(actor: Actor<ReadThings>) -> String {
    actor.office.title.clone()
}
async fn manage(actor: Actor<ManageThings>, State(app): State<App>) -> Result<String, AppError> {
    app.db
        .write(actor.author(), |tx| {
            Ok::<_, AppError>(tx.record(Event::new("thing.made", "thing", 1)).with(()))
        })
        .await?;
    Ok("made".to_owned())
}
async fn own(actor: Actor) -> String {
    actor.person.display_name.clone()
}

fn things() -> Router<App> {
    Router::new()
        .route("/vat", get(read).post(manage))
        .route("/api/v1/things", get(read))
        .route("/toi", get(own))
}

fn bearer(token: &str, path: &str) -> axum::http::Request<axum::body::Body> {
    axum::http::Request::builder()
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::empty())
        .unwrap()
}

#[test]
fn a_route_opens_only_to_those_who_hold_its_right_now() {
    on_both(&[], async |house| {
        let reader = house.seat("Chuyên viên", &[("things", Right::Read)]).await;
        let manager = house.seat("Trưởng phòng", &[("things", Right::Decide)]).await;
        let other = house.seat("Người khác", &[("files", Right::Admin)]).await;
        let routes = things();

        let stranger = crate::testing::stranger(axum::http::Method::GET, "/vat?x=1");
        let answer = house.call(&routes, stranger.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/vao?ve=%2Fvat%3Fx%3D1"));
        let stranger = crate::testing::stranger(axum::http::Method::GET, "/api/v1/things");
        let answer = house.call(&routes, stranger.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("content-type"), "application/problem+json");

        assert_eq!(house.call(&routes, reader.get("/vat")).await.text, "Chuyên viên");
        assert_eq!(house.call(&routes, reader.post("/vat", &[])).await.status, 403);
        assert_eq!(house.call(&routes, manager.post("/vat", &[])).await.status, 200);
        assert_eq!(house.call(&routes, other.get("/vat")).await.status, 403);
        assert_eq!(house.call(&routes, other.get("/toi")).await.status, 200);

        let line: Vec<crate::audit::store::Entry> = house
            .read(|tx| crate::audit::store::page(tx, &Default::default(), None, 1))
            .await
            .map_err(|error: DbError| error)
            .unwrap();
        let json = line[0].json();
        assert_eq!(
            (json["act"].as_str(), json["office"].as_str()),
            (Some("thing.made"), Some("Trưởng phòng"))
        );
        assert_eq!(json["session"], manager.session.to_string());
        assert!(!json.to_string().contains("Nguyễn Văn Thử"), "no name on the record");
    });
}

#[test]
fn a_right_ends_with_its_time_its_assignment_its_session_and_its_person() {
    on_both(&[], async |house| {
        let routes = things();
        let status = async |seat: &Seat| house.call(&routes, seat.get("/vat")).await.status;

        let seat = house.seat("Hết hạn", &[]).await;
        let office = seat.office;
        house
            .write(&Author::cli(), move |tx| {
                let now = tx.now();
                store::grant(
                    tx,
                    &store::NewGrant {
                        holder: store::Holder::Office(office),
                        unit: None,
                        area: "things".to_owned(),
                        right: Right::Read,
                        confidentiality: Confidentiality::Normal,
                        not_before: now + Duration::from_secs(60),
                        not_after: Some(now + Duration::from_secs(120)),
                        approved_by: None,
                    },
                )
            })
            .await
            .unwrap();
        assert_eq!(status(&seat).await, 403);
        house.pass(Duration::from_secs(60));
        assert_eq!(status(&seat).await, 200);
        house.pass(Duration::from_secs(60));
        assert_eq!(status(&seat).await, 403);

        let seat = house.seat("Thôi giữ", &[("things", Right::Read)]).await;
        let person = seat.person;
        house
            .write(&Author::cli(), move |tx| {
                let held = store::assignments(tx, Some(person))?;
                store::end_assignment(tx, held[0].id)
            })
            .await
            .unwrap();
        assert_eq!(status(&seat).await, 303);
        assert!(!is_live(&house, seat.session).await.unwrap());

        let seat = house.seat("Bị khóa", &[("things", Right::Read)]).await;
        let person = seat.person;
        house.write(&Author::cli(), move |tx| store::disable_person(tx, person, true)).await.unwrap();
        assert_eq!(status(&seat).await, 303);

        let seat = house.seat("Bỏ quên", &[("things", Right::Read)]).await;
        house.pass(Duration::from_secs(20 * 60));
        assert_eq!(status(&seat).await, 200);
        house.pass(Duration::from_secs(20 * 60));
        assert_eq!(status(&seat).await, 200, "use keeps a session alive");
        session::write_seen(&house.app).await.unwrap();
        house.pass(Duration::from_secs(31 * 60));
        assert_eq!(status(&seat).await, 303, "half an hour without use ends it");

        let seat = house.seat("Cả ngày", &[("things", Right::Read)]).await;
        for _ in 0..48 {
            house.pass(Duration::from_secs(20 * 60));
            house.call(&routes, seat.get("/vat")).await;
        }
        assert_eq!(status(&seat).await, 303, "sixteen hours end it in any case");
    });
}

#[test]
fn a_grant_in_a_unit_reaches_what_is_below_it_and_nothing_else() {
    on_both(&[], async |house| {
        let seat = house.seat("Trưởng tiểu ban", &[]).await;
        let other = house.seat("Tiểu ban khác", &[]).await;
        let (own, foreign) = (seat.unit, other.unit);
        let below = house
            .write(&Author::cli(), move |tx| {
                let unit = store::NewUnit {
                    name: "Tổ".to_owned(),
                    short: "Tổ".to_owned(),
                    parent_id: Some(own),
                    ..Default::default()
                };
                store::create_unit(tx, &unit)
            })
            .await
            .unwrap();
        house.grant(seat.office, Some(own), &[("things", Right::Manage)]).await;
        let (office, person) = (seat.office, seat.person);
        let held =
            house.read(move |tx| actor::held(tx, office, person)).await.map_err(|e: DbError| e).unwrap();
        let units = held[0].units.clone().unwrap();
        assert!(units.contains(&own) && units.contains(&below) && !units.contains(&foreign));

        let seers = house
            .read(move |tx| store::who_sees(tx, "things", Some(below), Confidentiality::Internal))
            .await
            .map_err(|e: DbError| e)
            .unwrap();
        assert_eq!(seers.iter().map(|seer| seer.office.as_str()).collect::<Vec<_>>(), ["Trưởng tiểu ban"]);
        for (unit, level) in [
            (Some(foreign), Confidentiality::Internal),
            (Some(below), Confidentiality::Secret),
            (None, Confidentiality::Normal),
        ] {
            let seers = house
                .read(move |tx| store::who_sees(tx, "things", unit, level))
                .await
                .map_err(|e: DbError| e)
                .unwrap();
            assert!(seers.is_empty(), "{unit:?} {level:?}");
        }

        let error = house
            .write(&Author::cli(), move |tx| {
                let unit = store::NewUnit {
                    name: "x".to_owned(),
                    short: "x".to_owned(),
                    parent_id: Some(below),
                    ..Default::default()
                };
                store::change_unit(tx, own, &unit)
            })
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Field { field: "parent_id", .. }), "{error}");
    });
}

#[test]
fn a_token_does_no_more_than_its_scopes_and_its_office() {
    on_both(&[], async |house| {
        let routes = things().route("/api/v1/manage", get(manage));
        let seat = house.seat("Văn phòng", &[("things", Right::Manage)]).await;
        let (person, office) = (seat.person, seat.office);
        let make = async |scopes: &'static str| {
            house
                .write(&Author::cli(), move |tx| {
                    let end = tx.now() + Duration::from_secs(3600);
                    store::create_token(tx, person, office, "máy", scopes, end)
                })
                .await
        };
        let (id, secret) = make("things:read").await.unwrap();
        assert_eq!(house.call(&routes, bearer(&secret.text, "/api/v1/things")).await.status, 200);
        assert_eq!(house.call(&routes, bearer(&secret.text, "/api/v1/manage")).await.status, 403);
        let (_, wide) = make("*:admin").await.unwrap();
        assert_eq!(house.call(&routes, bearer(&wide.text, "/api/v1/manage")).await.status, 200);
        assert!(make("things").await.is_err() && make("").await.is_err());

        house.write(&Author::cli(), move |tx| store::revoke_token(tx, id, Some(person))).await.unwrap();
        assert_eq!(house.call(&routes, bearer(&secret.text, "/api/v1/things")).await.status, 401);
        house.pass(Duration::from_secs(3600));
        assert_eq!(house.call(&routes, bearer(&wide.text, "/api/v1/things")).await.status, 401);
        assert_eq!(house.call(&routes, bearer("dh_nonsense", "/api/v1/things")).await.status, 401);
    });
}

#[test]
fn a_one_time_code_is_used_once_in_time_and_a_new_one_ends_the_old() {
    on_both(&[], async |house| {
        let seat = house.seat("Đại biểu", &[]).await;
        let (person, office) = (seat.person, seat.office);
        let issue = async || {
            house
                .write(&Author::cli(), move |tx| {
                    store::issue_link(tx, person, office, store::LinkFor::Desk, Duration::from_secs(120))
                })
                .await
                .unwrap()
        };
        let redeem = async |hash: crate::audit::Hash| {
            house
                .write(&Author::cli(), move |tx| {
                    let (person, office) = store::use_link(tx, hash)?;
                    session::begin(
                        tx,
                        person,
                        Some(office),
                        session::Method::Link,
                        "",
                        Duration::from_secs(60),
                        None,
                    )
                })
                .await
        };
        let first = issue().await;
        let second = issue().await;
        assert_eq!(redeem(first.hash).await.unwrap_err(), Error::SignIn, "a new code ends the old");
        assert!(redeem(second.hash).await.is_ok());
        assert_eq!(redeem(second.hash).await.unwrap_err(), Error::SignIn, "used twice");
        let late = issue().await;
        house.pass(Duration::from_secs(120));
        assert_eq!(redeem(late.hash).await.unwrap_err(), Error::SignIn, "too late");
    });
}

#[test]
fn every_statement_is_accepted_by_both_databases() {
    on_both(&[], async |house| {
        let db = house.app.db.clone();
        let bad: Vec<_> = std::thread::spawn(move || db.check_statements())
            .join()
            .unwrap()
            .unwrap()
            .into_iter()
            .filter(|(at, _)| at.contains("identity") || at.contains("api.rs"))
            .collect();
        assert!(bad.is_empty(), "{bad:#?}");
    });
}

// ---- sign-in -------------------------------------------------------------------------------------

/// Sends a form as a stranger.
fn form(path: &str, fields: &[(&str, &str)]) -> axum::http::Request<axum::body::Body> {
    crate::testing::stranger(axum::http::Method::POST, path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(crate::testing::form_text(fields)))
        .unwrap()
}

fn cookie_of(answer: &crate::testing::Answered) -> String {
    answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
}

#[test]
fn a_code_typed_on_the_page_signs_in_without_javascript() {
    on_both(&[], async |house| {
        let seat = house.seat("Đại biểu", &[]).await;
        let (person, office) = (seat.person, seat.office);
        let secret = house
            .write(&Author::cli(), move |tx| {
                store::issue_link(tx, person, office, store::LinkFor::Printed, Duration::from_secs(3600))
            })
            .await
            .unwrap();
        let routes = routes();
        let page = house
            .call(
                &routes,
                crate::testing::stranger(axum::http::Method::GET, "/vao?ve=%2Fphe-duyet")
                    .body(axum::body::Body::empty())
                    .unwrap(),
            )
            .await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("value=\"/phe-duyet\"") && page.text.contains("data-link-secret"));

        let wrong = house.call(&routes, form("/vao/ma", &[("ma", "0000"), ("ve", "/")])).await;
        assert_eq!((wrong.status, wrong.header("set-cookie")), (401, ""));
        let foreign = house
            .call(&routes, form("/vao/ma", &[("ma", &secret.text), ("ve", "https://evil.example/")]))
            .await;
        assert_eq!((foreign.status, foreign.header("location")), (303, "/"), "never to another site");
        let cookie = cookie_of(&foreign);
        assert!(foreign.header("set-cookie").contains("HttpOnly; SameSite=Strict"));
        let again = house.call(&routes, form("/vao/ma", &[("ma", &secret.text), ("ve", "/")])).await;
        assert_eq!(again.status, 401, "a code is used once");

        let seat = Seat { cookie: cookie.clone(), ..seat };
        let account = house.call(&routes, seat.get("/tai-khoan")).await;
        assert_eq!(account.status, 200, "{}", account.text);
        assert!(!account.text.contains(cookie.trim_start_matches("dh=")), "the secret is never shown");
        let out = house.call(&routes, seat.post("/ra", &[])).await;
        assert_eq!((out.status, out.header("location")), (303, "/vao"));
        assert!(
            out.header("clear-site-data").contains("cache") && out.header("set-cookie").contains("Max-Age=0")
        );
        assert_eq!(house.call(&routes, seat.get("/tai-khoan")).await.status, 303);
    });
}

/// A person with a password, and the code of the present step.
async fn with_password(house: &crate::testing::House, seat: &Seat, password: &str) -> (String, Vec<u8>) {
    let hash = password::hash(&house.app, password).await.unwrap();
    let secret = b"12345678901234567890".to_vec();
    let (person, kept) = (seat.person, secret.clone());
    house.write(&Author::cli(), move |tx| password::keep(tx, person, &hash, &kept, 0, None)).await.unwrap();
    let me = house.read(move |tx| store::person(tx, person)).await.map_err(|e: DbError| e).unwrap().unwrap();
    (me.login, secret)
}

fn code_now(house: &crate::testing::House, secret: &[u8]) -> String {
    use crate::clock::Clock as _;
    let unix = u64::try_from(house.clock.wall().as_second()).unwrap();
    totp_rs::TOTP::new_unchecked(totp_rs::Algorithm::SHA1, 6, 1, 30, secret.to_vec(), None, String::new())
        .generate(unix)
}

#[test]
fn a_password_needs_its_one_time_code_and_failures_are_limited_per_account() {
    on_both(&[], async |house| {
        let seat = house.seat("Chuyên viên", &[]).await;
        let (login, secret) = with_password(&house, &seat, "một câu đủ dài").await;
        let routes = routes();
        let code = code_now(&house, &secret);
        let try_in = async |login: &str, password: &str, code: &str| {
            house
                .call(
                    &routes,
                    form(
                        "/vao/mat-khau",
                        &[("login", login), ("password", password), ("totp", code), ("ve", "/")],
                    ),
                )
                .await
        };
        let unknown = try_in("khong.co", "một câu đủ dài", &code).await;
        let wrong = try_in(&login, "một câu khác hẳn", &code).await;
        let no_code = try_in(&login, "một câu đủ dài", "000000").await;
        for answer in [&unknown, &wrong, &no_code] {
            assert_eq!((answer.status, answer.header("set-cookie")), (401, ""));
        }
        let plain =
            |text: &str, login: &str| text.replace(login, "").split("<code>").next().unwrap().to_owned();
        assert_eq!(
            plain(&unknown.text, "khong.co"),
            plain(&wrong.text, &login),
            "the same answer for someone unknown"
        );

        let right = try_in(&login, "một câu đủ dài", &code).await;
        assert_eq!(right.status, 303, "{}", right.text);
        let again = try_in(&login, "một câu đủ dài", &code).await;
        assert_eq!(again.status, 401, "a one-time code is used once");

        for _ in 0..2 {
            try_in(&login, "sai", "1").await;
        }
        house.pass(Duration::from_secs(30));
        let code = code_now(&house, &secret);
        let limited = try_in(&login, "một câu đủ dài", &code).await;
        assert_eq!(limited.status, 429, "five failures in a minute");
        assert!(limited.header("retry-after").parse::<u32>().unwrap() <= 61);
        let other = house.seat("Người khác", &[]).await;
        let (other, secret) = with_password(&house, &other, "một câu khác nữa").await;
        assert_eq!(
            try_in(&other, "một câu khác nữa", &code_now(&house, &secret)).await.status,
            303,
            "others go on"
        );
        house.pass(Duration::from_secs(60));
        let code = code_now(&house, b"12345678901234567890");
        assert_eq!(try_in(&login, "một câu đủ dài", &code).await.status, 303);
    });
}

#[test]
fn signing_in_and_switching_office_change_the_secret() {
    on_both(&[], async |house| {
        let seat = house.seat("Trưởng ban", &[]).await;
        let (person, unit) = (seat.person, seat.unit);
        let second = house
            .write(&Author::cli(), move |tx| {
                let office = *store::create_office(tx, unit, "Ủy viên", 1)?.value();
                let now = tx.now();
                store::assign(tx, person, office, now, None).map(|done| done.map(|_| office))
            })
            .await
            .unwrap();
        let routes = routes();
        let answer =
            house.call(&routes, seat.post("/tai-khoan/chuc-danh", &[("office", &second.to_string())])).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let fresh = Seat { cookie: cookie_of(&answer), ..seat.clone() };
        assert_ne!(fresh.cookie, seat.cookie);
        assert_eq!(house.call(&routes, seat.get("/tai-khoan")).await.status, 303, "the old secret is dead");
        assert!(house.call(&routes, fresh.get("/tai-khoan")).await.text.contains("Ủy viên"));

        let stranger = house.seat("Khác", &[]).await;
        let foreign = stranger.office.to_string();
        let answer = house.call(&routes, fresh.post("/tai-khoan/chuc-danh", &[("office", &foreign)])).await;
        assert_eq!(answer.status, 409, "not an office of theirs");
        let answer = house
            .call(&routes, stranger.post(&format!("/tai-khoan/phien/{}/ket-thuc", fresh.session), &[]))
            .await;
        assert_eq!(answer.status, 404, "another's session is hidden");
    });
}

#[test]
fn a_watcher_hears_within_seconds_that_a_session_ended() {
    on_both(&[], async |house| {
        let (watch, task) = SessionWatch::start(&house.app);
        let seat = house.seat("Đại biểu", &[]).await;
        let id = seat.session;
        let db = house.app.db.clone();
        let heard = tokio::spawn(async move { watch.ended(&db, id).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        house.write(&Author::cli(), move |tx| session::revoke(tx, id, None)).await.unwrap();
        tokio::time::timeout(Duration::from_secs(5), heard).await.expect("within five seconds").unwrap();
        task.abort();
    });
}

// ---- approvals -----------------------------------------------------------------------------------

#[test]
fn an_act_for_two_needs_another_person_another_session_the_same_content_in_time_and_once() {
    use approval::{Ask, Refusal, payload_hash};
    on_both(&[], async |house| {
        let asker = house.seat("Trưởng đoàn", &[("roll", Right::Decide)]).await;
        let second = house.seat("Chủ tịch đoàn", &[("roll", Right::Decide)]).await;
        let reader = house.seat("Người xem", &[("roll", Right::Read)]).await;
        let who = async |seat: &Seat| {
            let mut parts = seat.get("/").into_parts().0;
            <Actor as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, &house.app)
                .await
                .unwrap()
        };
        let payload = serde_json::json!({ "count": 450, "list": ["a", "b"] });
        let hash = payload_hash(&payload);
        assert_eq!(hash, payload_hash(&serde_json::json!({ "list": ["a", "b"], "count": 450 })));
        let ask = async |seat: &Seat| {
            let actor = who(seat).await;
            let payload = payload.clone();
            house
                .write(actor.author(), move |tx| {
                    approval::request(
                        tx,
                        &Ask {
                            act: "roll.freeze",
                            area: "roll",
                            kind: "roll",
                            object: "7",
                            payload: &payload,
                            lifetime: approval::LIFETIME,
                        },
                    )
                })
                .await
                .unwrap()
        };
        let approve = async |seat: &Seat, id: ApprovalId, hash: &str| {
            let (actor, hash) = (who(seat).await, hash.to_owned());
            let identity = actor.clone();
            house.write(actor.author(), move |tx| approval::approve(tx, id, &identity, &hash)).await
        };
        let consume = async |seat: &Seat, id: ApprovalId, object: &'static str, hash: &str| {
            let (actor, hash) = (who(seat).await, hash.to_owned());
            house
                .write(actor.author(), move |tx| {
                    let by = approval::consume(tx, id, "roll.freeze", ("roll", object), &hash)?;
                    Ok::<_, Refusal>(tx.record(Event::new("roll.freeze", "roll", object)).with(by))
                })
                .await
        };

        let id = ask(&asker).await;
        let device = house.second_device(&asker).await;
        assert_eq!(approve(&asker, id, &hash).await, Err(Refusal::SamePerson));
        assert_eq!(
            approve(&device, id, &hash).await,
            Err(Refusal::SamePerson),
            "two devices are not two people"
        );
        assert_eq!(approve(&reader, id, &hash).await, Err(Refusal::NotPermitted));
        assert_eq!(approve(&second, id, &payload_hash(&serde_json::json!({}))).await, Err(Refusal::Changed));
        assert_eq!(consume(&asker, id, "7", &hash).await, Err(Refusal::Waiting));
        let session = second.session;
        house
            .write(&Author::cli(), move |tx| {
                tx.execute(
                    crate::sql!("UPDATE approval SET requested_session = $1"),
                    crate::params![session],
                )?;
                Ok::<_, DbError>(tx.record(Event::new("test.moved", "approval", id)).with(()))
            })
            .await
            .unwrap();
        assert_eq!(approve(&second, id, &hash).await, Err(Refusal::SameSession));

        let id = ask(&asker).await;
        approve(&second, id, &hash).await.unwrap();
        assert_eq!(approve(&second, id, &hash).await, Err(Refusal::Decided));
        assert_eq!(
            consume(&asker, id, "7", &payload_hash(&serde_json::json!({ "count": 451 }))).await,
            Err(Refusal::Changed)
        );
        assert_eq!(consume(&asker, id, "8", &hash).await, Err(Refusal::Missing));
        assert_eq!(consume(&reader, id, "7", &hash).await, Err(Refusal::Missing));
        assert_eq!(consume(&asker, id, "7", &hash).await.unwrap().office, "Chủ tịch đoàn");
        assert_eq!(consume(&asker, id, "7", &hash).await, Err(Refusal::Used));

        let late = ask(&asker).await;
        house.pass(Duration::from_secs(300));
        assert_eq!(approve(&second, late, &hash).await, Err(Refusal::Expired));
        let late = ask(&asker).await;
        approve(&second, late, &hash).await.unwrap();
        house.pass(Duration::from_secs(300));
        assert_eq!(consume(&asker, late, "7", &hash).await, Err(Refusal::Expired));

        let shown = ask(&asker).await;
        let page = house.call(&routes(), second.get("/phe-duyet")).await;
        assert!(
            page.text.contains(&hash) && page.text.contains("450") && page.text.contains("/duyet"),
            "{}",
            page.text
        );
        assert!(!house.call(&routes(), asker.get("/phe-duyet")).await.text.contains("/duyet"));
        assert!(
            !house.call(&routes(), reader.get("/phe-duyet")).await.text.contains("450"),
            "hidden from others"
        );
        let path = format!("/phe-duyet/{shown}/duyet");
        assert_eq!(house.call(&routes(), asker.post(&path, &[("hash", &hash)])).await.status, 403);
        assert_eq!(house.call(&routes(), second.post(&path, &[("hash", &hash)])).await.status, 303);
    });
}

// ---- every route × every role --------------------------------------------------------------------

/// Every route of the area with the rights that open it; `""` is being signed in, `-` is a stranger.
const ROUTES: &[(&str, &str, &str)] = &[
    ("GET", "/vao", "-"),
    ("GET", "/tai-khoan", ""),
    ("GET", "/tai-khoan/mat-khau", ""),
    ("GET", "/tai-khoan/ma-truy-cap", ""),
    ("GET", "/phe-duyet", ""),
    ("GET", "/quan-tri", "see"),
    ("GET", "/quan-tri/don-vi", "see"),
    ("POST", "/quan-tri/don-vi", "admin"),
    ("GET", "/quan-tri/don-vi/{id}", "see"),
    ("POST", "/quan-tri/don-vi/{id}", "admin"),
    ("GET", "/quan-tri/chuc-danh", "see"),
    ("POST", "/quan-tri/chuc-danh", "admin"),
    ("GET", "/quan-tri/nguoi", "admin"),
    ("POST", "/quan-tri/nguoi", "admin"),
    ("GET", "/quan-tri/nguoi/{id}", "admin"),
    ("POST", "/quan-tri/nguoi/{id}/chuc-danh", "admin"),
    ("POST", "/quan-tri/nguoi/{id}/chuc-danh/{id}/thoi", "admin"),
    ("POST", "/quan-tri/nguoi/{id}/ma", "admin"),
    ("POST", "/quan-tri/nguoi/{id}/khoa-tai-khoan", "admin"),
    ("POST", "/quan-tri/nguoi/{id}/mo-tai-khoan", "admin"),
    ("POST", "/quan-tri/nguoi/{id}/ket-thuc-phien", "admin"),
    ("GET", "/quan-tri/quyen", "admin"),
    ("POST", "/quan-tri/quyen", "admin"),
    ("POST", "/quan-tri/quyen/{id}/thu-hoi", "admin"),
    ("GET", "/quan-tri/ai-thay?mang=tasks", "see"),
    ("GET", "/nhat-ky", "audit"),
    ("GET", "/nhat-ky/1", "audit"),
    ("GET", "/api/v1/me", ""),
    ("GET", "/api/v1/sessions", ""),
    ("DELETE", "/api/v1/sessions/{id}", ""),
    ("GET", "/api/v1/units", "see"),
    ("POST", "/api/v1/units", "admin"),
    ("GET", "/api/v1/units/{id}", "see"),
    ("PUT", "/api/v1/units/{id}", "admin"),
    ("GET", "/api/v1/offices", "see"),
    ("POST", "/api/v1/offices", "admin"),
    ("GET", "/api/v1/people", "admin"),
    ("POST", "/api/v1/people", "admin"),
    ("GET", "/api/v1/people/{id}", "admin"),
    ("PATCH", "/api/v1/people/{id}", "admin"),
    ("GET", "/api/v1/people/{id}/assignments", "admin"),
    ("POST", "/api/v1/people/{id}/assignments", "admin"),
    ("GET", "/api/v1/grants", "admin"),
    ("POST", "/api/v1/grants", "admin"),
    ("DELETE", "/api/v1/grants/{id}", "admin"),
    ("GET", "/api/v1/who-sees?area=tasks", "see"),
    ("GET", "/api/v1/tokens", ""),
    ("POST", "/api/v1/tokens", ""),
    ("DELETE", "/api/v1/tokens/{id}", ""),
    ("GET", "/api/v1/approvals", ""),
    ("POST", "/api/v1/approvals/{id}/decision", ""),
    ("GET", "/api/v1/audit", "audit"),
];

#[test]
fn every_route_opens_to_its_roles_and_to_no_other() {
    on_both(&[], async |house| {
        let routes = routes().merge(api());
        let everyone = [
            ("none", house.seat("Không quyền", &[]).await),
            ("see", house.seat("Xem", &[("identity", Right::Read)]).await),
            ("audit", house.seat("Thanh tra", &[("audit", Right::Read)]).await),
            ("other", house.seat("Mảng khác", &[("tasks", Right::Admin)]).await),
            ("admin", house.seat("Quản trị", &[("identity", Right::Admin)]).await),
        ];
        let limited = house.seat("Quản trị một đơn vị", &[]).await;
        house
            .grant(limited.office, Some(limited.unit), &[("identity", Right::Admin), ("audit", Right::Read)])
            .await;
        let id = uuid::Uuid::nil().to_string();
        for (method, path, needs) in ROUTES {
            let path = path.replace("{id}", &id);
            let method: axum::http::Method = method.parse().unwrap();
            let request = |seat: Option<&Seat>| {
                let mut request = crate::testing::stranger(method.clone(), &path);
                if let Some(seat) = seat {
                    request = request.header("cookie", &seat.cookie);
                }
                let kind = if path.starts_with("/api/") {
                    "application/json"
                } else {
                    "application/x-www-form-urlencoded"
                };
                let body = if path.starts_with("/api/") && method != "GET" { "{}" } else { "" };
                request.header("content-type", kind).body(axum::body::Body::from(body)).unwrap()
            };
            let status = house.call(&routes, request(None)).await.status;
            let shut = if path.starts_with("/api/") || method != "GET" { 401 } else { 303 };
            assert_eq!(status, if *needs == "-" { 200 } else { shut }, "a stranger at {method} {path}");
            for (role, seat) in
                everyone.iter().map(|(role, seat)| (*role, seat)).chain([("limited", &limited)])
            {
                let status = house.call(&routes, request(Some(seat))).await.status;
                let opens =
                    matches!(*needs, "" | "-") || *needs == role || (*needs == "see" && role == "admin");
                assert_eq!(status != 403 && status != 401, opens, "{role} at {method} {path}: {status}");
                assert!(status < 500, "{role} at {method} {path}: {status}");
            }
        }
        // What is described is what is there.
        let described = openapi();
        for (method, path, _) in ROUTES.iter().filter(|(_, path, _)| path.starts_with("/api/")) {
            let path = path.split('?').next().unwrap();
            let item = described.paths.paths.get(path).unwrap_or_else(|| panic!("{path} is not described"));
            let json = serde_json::to_value(item).unwrap();
            assert!(json.get(method.to_lowercase()).is_some(), "{method} {path} is not described");
        }
        let count: usize = described
            .paths
            .paths
            .values()
            .map(|item| serde_json::to_value(item).unwrap().as_object().unwrap().len())
            .sum();
        assert_eq!(count, ROUTES.iter().filter(|(_, path, _)| path.starts_with("/api/")).count());
    });
}

#[test]
fn a_call_repeated_with_its_key_is_answered_again_and_done_once() {
    on_both(&[], async |house| {
        let admin = house.seat("Quản trị", &[("identity", Right::Admin)]).await;
        let other = house.seat("Quản trị khác", &[("identity", Right::Admin)]).await;
        let routes = api();
        let send = async |seat: &Seat, key: &str, name: &str| {
            let body = serde_json::json!({ "name": name, "short": name });
            let mut request = seat.json(axum::http::Method::POST, "/api/v1/units", &body);
            request.headers_mut().insert("idempotency-key", key.parse().unwrap());
            house.call(&routes, request).await
        };
        let first = send(&admin, "k1", "Tổ Một").await;
        assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""), "{}", first.text);
        let again = send(&admin, "k1", "Tổ Một").await;
        assert_eq!(
            (again.status, again.text.as_str(), again.header("idempotency-replayed")),
            (201, first.text.as_str(), "true")
        );
        let changed = send(&admin, "k1", "Tổ Hai").await;
        assert_eq!(changed.status, 422);
        assert_eq!(changed.json()["type"], "/api/problems/idempotency-key");
        assert_eq!(send(&other, "k1", "Tổ Hai").await.status, 201, "another person's key is another key");
        let units = house.call(&routes, admin.get("/api/v1/units?limit=500")).await.json();
        let made = units["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|unit| unit["name"].as_str().unwrap().starts_with("Tổ"))
            .count();
        assert_eq!(made, 2);

        let raw = async |text: &str, kind: &str| {
            let mut request = admin.json(axum::http::Method::POST, "/api/v1/units", &serde_json::json!({}));
            *request.body_mut() = axum::body::Body::from(text.to_owned());
            request.headers_mut().insert("content-type", kind.parse().unwrap());
            house.call(&routes, request).await
        };
        for (text, kind, status) in [
            (r#"{"name":"a","short":"a","x":1}"#, "application/json", 422),
            (r#"{"name":"a","name":"b","short":"a"}"#, "application/json", 400),
            (r#"{"name":"","short":"a"}"#, "application/json", 422),
            (r#"{"name":"a","short":"a"}"#, "application/x-www-form-urlencoded", 415),
            ("{", "application/json", 400),
        ] {
            let answer = raw(text, kind).await;
            assert_eq!(answer.status, status, "{text}: {}", answer.text);
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
        let page = house.call(&routes, admin.get("/api/v1/units?limit=1")).await.json();
        let next = page["next"].as_str().unwrap();
        let second =
            house.call(&routes, admin.get(&format!("/api/v1/units?limit=1&after={next}"))).await.json();
        assert_ne!(page["items"][0]["id"], second["items"][0]["id"]);
        assert_eq!(house.call(&routes, admin.get("/api/v1/units?limit=1&limit=2")).await.status, 400);
        assert_eq!(house.call(&routes, admin.get("/api/v1/units?x=1")).await.status, 400);
    });
}

// ---- passkeys ------------------------------------------------------------------------------------

/// A passkey in memory: answers challenges as a device does, after checking its owner.
struct Device {
    key: p256::ecdsa::SigningKey,
    id: Vec<u8>,
    owner: Vec<u8>,
}

fn b64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn sha(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
}

impl Device {
    fn client_data(kind: &str, offer: &serde_json::Value, origin: &str) -> Vec<u8> {
        let challenge = &offer["publicKey"]["challenge"];
        serde_json::json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn register(offer: &serde_json::Value) -> (Self, serde_json::Value) {
        use base64::Engine as _;
        let key = p256::ecdsa::SigningKey::from_slice(&secret::random::<32>()).unwrap();
        let owner = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(offer["publicKey"]["user"]["id"].as_str().unwrap())
            .unwrap();
        let device = Self { key, id: secret::random::<16>().to_vec(), owner };
        let point = device.key.verifying_key().to_sec1_point(false);
        // Present, verified, with a credential: flags UP, UV, AT (WebAuthn 6.1).
        let mut data = sha(b"localhost").to_vec();
        data.push(0x45);
        data.extend([0; 4]);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(&device.id);
        // COSE key in CBOR: kty EC2, alg ES256, crv P-256, x, y.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x().unwrap().as_slice());
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y().unwrap().as_slice());
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(&data);
        let client = Self::client_data("webauthn.create", offer, "http://localhost");
        let answer = serde_json::json!({
            "id": b64(&device.id), "rawId": b64(&device.id), "type": "public-key", "extensions": {},
            "response": { "attestationObject": b64(&attestation), "clientDataJSON": b64(&client), "transports": [] },
        });
        (device, answer)
    }

    fn sign_in(&self, offer: &serde_json::Value, origin: &str) -> serde_json::Value {
        use p256::ecdsa::signature::Signer as _;
        let mut data = sha(b"localhost").to_vec();
        data.push(0x05);
        data.extend([0; 4]);
        let client = Self::client_data("webauthn.get", offer, origin);
        let signed = [data.as_slice(), &sha(&client)].concat();
        let signature: p256::ecdsa::Signature = self.key.sign(&signed);
        serde_json::json!({
            "id": b64(&self.id), "rawId": b64(&self.id), "type": "public-key", "extensions": {},
            "response": {
                "authenticatorData": b64(&data), "clientDataJSON": b64(&client),
                "signature": b64(signature.to_der().as_bytes()), "userHandle": b64(&self.owner),
            },
        })
    }
}

#[test]
fn a_passkey_is_registered_signs_in_and_no_answer_counts_twice() {
    on_both(&[], async |house| {
        let seat = house.seat("Đại biểu", &[]).await;
        let routes = routes();
        let post = axum::http::Method::POST;
        let empty = serde_json::json!({});
        let offer =
            house.call(&routes, seat.json(post.clone(), "/tai-khoan/khoa/bat-dau", &empty)).await.json();
        assert_eq!(offer["publicKey"]["authenticatorSelection"]["residentKey"], "preferred");
        let (device, credential) = Device::register(&offer);
        let body = serde_json::json!({ "id": offer["id"], "name": "Máy của tôi", "credential": credential });
        let other = house.seat("Người khác", &[]).await;
        let stolen = house.call(&routes, other.json(post.clone(), "/tai-khoan/khoa/xong", &body)).await;
        assert_eq!(stolen.status, 401, "a challenge belongs to its person");
        let done = house.call(&routes, seat.json(post.clone(), "/tai-khoan/khoa/xong", &body)).await;
        assert_eq!(done.status, 200, "{}", done.text);
        assert_eq!(
            house.call(&routes, seat.json(post.clone(), "/tai-khoan/khoa/xong", &body)).await.status,
            401
        );
        assert!(house.call(&routes, seat.get("/tai-khoan")).await.text.contains("Máy của tôi"));

        let stranger = Seat { cookie: String::new(), ..seat.clone() };
        let start = async || {
            house.call(&routes, stranger.json(post.clone(), "/vao/khoa/bat-dau", &empty)).await.json()
        };
        let finish = async |offer: &serde_json::Value, credential: serde_json::Value| {
            let body = serde_json::json!({ "id": offer["id"], "credential": credential });
            house.call(&routes, stranger.json(post.clone(), "/vao/khoa/xong", &body)).await
        };
        let offer = start().await;
        let answer = finish(&offer, device.sign_in(&offer, "http://localhost")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let inside = Seat { cookie: cookie_of(&answer), ..seat.clone() };
        assert_eq!(house.call(&routes, inside.get("/tai-khoan")).await.status, 200);

        let replay = finish(&offer, device.sign_in(&offer, "http://localhost")).await;
        assert_eq!((replay.status, replay.header("set-cookie")), (401, ""), "a challenge counts once");
        let offer = start().await;
        assert_eq!(
            finish(&offer, device.sign_in(&offer, "http://evil.example")).await.status,
            401,
            "another site's answer"
        );
        let older = offer;
        let offer = start().await;
        assert_eq!(
            finish(&offer, device.sign_in(&older, "http://localhost")).await.status,
            401,
            "another challenge's answer"
        );
        house.pass(Duration::from_secs(300));
        assert_eq!(finish(&offer, device.sign_in(&offer, "http://localhost")).await.status, 401, "too late");
        let person = seat.person;
        house.write(&Author::cli(), move |tx| store::disable_person(tx, person, true)).await.unwrap();
        let offer = start().await;
        assert_eq!(finish(&offer, device.sign_in(&offer, "http://localhost")).await.status, 401, "shut out");
    });
}
