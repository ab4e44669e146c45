//! The roll through the front door, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use platform::{
    app::App,
    db::{DbError, Row},
    i18n::Lang,
    identity::Right,
    testing::{House, Seat, on_both},
    web::{Cx, Site},
};

use super::list;
use crate::delegates::{api, desk, gap::Gap, query};

const SECRETS: [&str; 6] =
    ["Khmer", "Phật giáo", "Huyết áp cao", "Khiếu nại số 9", "0912345678", "079075000001"];

fn routes() -> Router<App> {
    super::routes().merge(api::routes())
}

pub(super) async fn desk_of(house: &House) -> Seat {
    let rights = [("delegates", Right::Manage), ("restricted", Right::Read), ("contacts", Right::Read)];
    house.seat("Bàn đại biểu", &rights).await
}

const FORM: &[(&str, &str)] = &[
    ("category", "dai_bieu"),
    ("name", "Nguyễn Thị Ánh"),
    ("sex", "nu"),
    ("born", "02/03/1975"),
    ("position", "Bí thư Đảng ủy"),
    ("delegation", "Đảng bộ phường Bến Thành"),
    ("standing", "duoc_bau"),
    ("group_role", "thanh_vien"),
    ("joined", "19/05/1998"),
    ("ethnicity", "Khmer"),
    ("religion", "Phật giáo"),
    ("health", "Huyết áp cao"),
    ("discipline", "Khiếu nại số 9"),
    ("phone", "0912 345 678"),
    ("citizen", "079075000001"),
];

fn with<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs: Vec<(&str, &str)> =
        FORM.iter().copied().filter(|(name, _)| !change.iter().any(|(other, _)| other == name)).collect();
    pairs.extend(change);
    pairs
}

pub(super) async fn enter(house: &House, seat: &Seat, change: &[(&str, &str)]) -> String {
    let made = house.call(&routes(), seat.post("/dai-bieu/moi", &with(change))).await;
    assert_eq!(made.status, 303, "{}", made.text);
    made.header("location").split(['/', '?']).nth(2).unwrap().to_owned()
}

pub(super) async fn page(house: &House, seat: &Seat, path: &str) -> String {
    let answer = house.call(&routes(), seat.get(path)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.text
}

pub(super) async fn log(house: &House) -> String {
    house
        .read(|tx| {
            let lines: Vec<Row> =
                tx.query(platform::sql!("SELECT line FROM audit_event ORDER BY seq"), &[])?;
            let bytes: Result<Vec<Vec<u8>>, _> = lines.iter().map(|line| line.get("line")).collect();
            Ok::<_, DbError>(String::from_utf8(bytes?.concat()).unwrap())
        })
        .await
        .unwrap()
}

#[test]
fn restricted_columns_are_seen_by_those_alone_who_may() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        let reader = house.seat("Người đọc", &[("delegates", Right::Read)]).await;
        let code = enter(&house, &desk, &[]).await;
        assert_eq!(code, "DB-0001");
        let whole = page(&house, &desk, "/dai-bieu/DB-0001").await;
        for secret in SECRETS.iter().filter(|secret| **secret != "079075000001") {
            assert!(whole.contains(secret), "{secret}");
        }
        assert!(!whole.contains("079075000001"));
        let json = page(&house, &desk, "/api/v1/participants/DB-0001").await;
        assert!(json.contains("Khmer") && json.contains("0912345678"));

        let listed = house.read(|tx| list::Picture::load(tx, &list::Address::default())).await.unwrap();
        let cx = Cx::bare(Lang::Vi, std::sync::Arc::new(Site::bare()));
        let printed = list::list_out(&cx, &listed, String::new()).rows.concat().join(" ");
        assert!(printed.contains("Nguyễn Thị Ánh"));
        let mut seen = vec![printed, log(&house).await];
        for path in [
            "/dai-bieu",
            "/dai-bieu?q=khmer",
            "/dai-bieu/DB-0001",
            "/dai-bieu/to",
            "/dai-bieu/thieu",
            "/api/v1/participants",
            "/api/v1/participants/DB-0001",
        ] {
            seen.push(page(&house, &reader, path).await);
        }
        // Whoever may see them finds them on the person's page, not on lists.
        seen.push(page(&house, &desk, "/dai-bieu").await);
        seen.push(page(&house, &desk, "/api/v1/participants").await);
        for text in &seen {
            for secret in SECRETS {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
        assert!(!seen[2].contains("/dai-bieu/moi"), "a reader is offered what they may not do");
        for path in ["/dai-bieu/moi", "/dai-bieu/DB-0001/sua"] {
            assert_eq!(house.call(&routes(), reader.get(path)).await.status, 403);
        }
        let stranger = house.seat("Người khác", &[("tasks", Right::Read)]).await;
        for path in ["/dai-bieu", "/dai-bieu/DB-0001", "/dai-bieu/DB-0001/anh", "/api/v1/participants"] {
            assert_eq!(house.call(&routes(), stranger.get(path)).await.status, 403, "{path}");
        }
    });
}

#[test]
fn a_form_keeps_what_was_typed_and_what_its_office_may_not_see() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        let clerk = house.seat("Văn thư", &[("delegates", Right::Manage)]).await;
        let wrong = with(&[("born", "31/02/1975"), ("name", "An 2"), ("joined", "19/05/1980")]);
        let answer = house.call(&routes(), desk.post("/dai-bieu/moi", &wrong)).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains("31/02/1975") && answer.text.contains("Bí thư Đảng ủy"));
        enter(&house, &desk, &[]).await;

        let form = page(&house, &clerk, "/dai-bieu/DB-0001/sua").await;
        assert!(form.contains("02/03/1975") && !SECRETS.iter().any(|secret| form.contains(secret)));
        // What the clerk sends for columns that they may not see is not taken.
        let change =
            with(&[("version", "1"), ("position", "Chủ tịch"), ("ethnicity", "Kinh"), ("phone", "")]);
        let saved = house.call(&routes(), clerk.post("/dai-bieu/DB-0001/sua", &change)).await;
        assert_eq!((saved.status, saved.header("location")), (303, "/dai-bieu/DB-0001?xong=saved"));
        let now = page(&house, &desk, "/dai-bieu/DB-0001").await;
        assert!(now.contains("Chủ tịch") && now.contains("Khmer") && now.contains("0912345678"));
        // The history names the field that changed.
        assert!(now.contains("Chức vụ, đơn vị công tác"));

        let late = with(&[("version", "1"), ("position", "Phó Chủ tịch")]);
        let refused = house.call(&routes(), desk.post("/dai-bieu/DB-0001/sua", &late)).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text.contains("Văn thư") && refused.text.contains("Phó Chủ tịch"));
    });
}

#[test]
fn lists_are_searched_filtered_and_counted() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        enter(&house, &desk, &[]).await;
        enter(&house, &desk, &[("name", "Trần Văn Bình"), ("sex", ""), ("ethnicity", ""), ("citizen", "")])
            .await;
        enter(&house, &desk, &[("name", "Lê Khách"), ("category", "khach_moi"), ("citizen", "")]).await;
        let found = page(&house, &desk, "/dai-bieu?q=nguyen+thi+anh").await;
        assert!(found.contains("Nguyễn Thị Ánh") && !found.contains("Trần Văn Bình"));
        assert!(found.contains("1 trên 3 người"));
        let guests = page(&house, &desk, "/dai-bieu?dien=khach_moi").await;
        assert!(guests.contains("Lê Khách") && !guests.contains("Nguyễn Thị Ánh"));
        let lacking = page(&house, &desk, "/dai-bieu?thieu=sex").await;
        assert!(lacking.contains("Trần Văn Bình") && !lacking.contains("Nguyễn Thị Ánh"));
        let back = page(&house, &desk, "/dai-bieu?sap-xep=-ma").await;
        assert!(back.find("Lê Khách").unwrap() < back.find("Nguyễn Thị Ánh").unwrap());
        let json: serde_json::Value =
            serde_json::from_str(&page(&house, &desk, "/api/v1/participants?limit=2").await).unwrap();
        assert_eq!(json["items"].as_array().unwrap().len(), 2);
        let next = json["next"].as_str().unwrap();
        let rest = page(&house, &desk, &format!("/api/v1/participants?limit=2&after={next}")).await;
        assert!(!rest.contains("next"));
        // Who lacks an entry in a restricted column is told to those alone who may see it.
        let missing = page(&house, &desk, "/dai-bieu/thieu").await;
        assert!(missing.contains("thieu=ethnicity"));
        let reader = house.seat("Người đọc", &[("delegates", Right::Read)]).await;
        assert!(!page(&house, &reader, "/dai-bieu/thieu").await.contains("thieu=ethnicity"));
        let asked = page(&house, &reader, "/dai-bieu?thieu=ethnicity").await;
        assert!(asked.contains("3 trên 3 người"), "the filter on a restricted column must not work");
        let lacks = house
            .read(|tx| {
                let one = query::by_code_any(tx, "DB-0002")?.unwrap();
                let private = query::private(tx, one.id)?;
                Ok::<_, DbError>((Gap::Ethnicity.is_in(&one, Some(&private)), Gap::Born.is_in(&one, None)))
            })
            .await
            .unwrap();
        assert_eq!(lacks, (true, false));
    });
}

#[test]
fn a_bulk_act_says_to_how_many_before_it_is_done() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        for name in ["Nguyễn Văn An", "Trần Văn Bình", "Lê Văn Cường"] {
            enter(&house, &desk, &[("name", name), ("citizen", "")]).await;
        }
        let made = house.call(&routes(), desk.post("/dai-bieu/to/luu", &[("no", "3"), ("room", "A2")])).await;
        assert_eq!(made.status, 303, "{}", made.text);
        let ask = [("act", "group"), ("group_no", "3"), ("ma", "DB-0001"), ("ma", "DB-0002")];
        let asked = house.call(&routes(), desk.post("/dai-bieu/hang-loat", &ask)).await;
        assert!(asked.text.contains("Xếp 2 người vào Tổ 3?"), "{}", asked.text);
        assert!(!page(&house, &desk, "/dai-bieu/DB-0001").await.contains("Tổ 3"));
        let sure = [&ask[..], &[("sure", "1")]].concat();
        let done = house.call(&routes(), desk.post("/dai-bieu/hang-loat", &sure)).await;
        assert_eq!((done.status, done.header("location")), (303, "/dai-bieu?so=2&xong=grouped"));
        assert!(page(&house, &desk, "/dai-bieu?so=2&xong=grouped").await.contains("Đã xếp 2 người vào tổ."));
        let nobody = house.call(&routes(), desk.post("/dai-bieu/hang-loat", &ask[..2])).await;
        assert_eq!(nobody.status, 422);

        // All or none: a status that needs a reason changes nobody without one.
        let all = [("act", "status"), ("status", "rut"), ("ma", "DB-0001"), ("ma", "DB-0003"), ("sure", "1")];
        let refused = house.call(&routes(), desk.post("/dai-bieu/hang-loat", &all)).await;
        assert!(refused.text.contains("Hãy ghi lý do."));
        assert!(!page(&house, &desk, "/api/v1/participants").await.contains("\"rut\""));

        // Roles of the group: only its people, one head, nobody twice.
        let ids = house
            .read(|tx| {
                Ok::<_, DbError>(
                    query::everybody(tx)?.into_iter().map(|one| one.id.to_string()).collect::<Vec<_>>(),
                )
            })
            .await
            .unwrap();
        let outsider = house
            .call(&routes(), desk.post("/dai-bieu/to/3", &[("version", "1"), ("to_truong", &ids[2])]))
            .await;
        assert_eq!(outsider.status, 422, "{}", outsider.text);
        let twice = [("version", "1"), ("to_truong", ids[0].as_str()), ("thu_ky", ids[0].as_str())];
        assert_eq!(house.call(&routes(), desk.post("/dai-bieu/to/3", &twice)).await.status, 422);
        let roles =
            [("version", "1"), ("to_truong", ids[0].as_str()), ("thu_ky", ids[1].as_str()), ("room", "B1")];
        assert_eq!(house.call(&routes(), desk.post("/dai-bieu/to/3", &roles)).await.status, 303);
        let groups = page(&house, &desk, "/dai-bieu/to").await;
        assert!(groups.contains("Nguyễn Văn An") && groups.contains("B1"), "{groups}");
        assert_eq!(house.call(&routes(), desk.post("/dai-bieu/to/3", &roles)).await.status, 409);
        let status = [("status", "thay_the"), ("status_note", "x")];
        let by_hand = house.call(&routes(), desk.post("/dai-bieu/DB-0001/tinh-trang", &status)).await;
        assert_eq!(by_hand.status, 422, "replaced is so by a decision");
    });
}

/// A green picture, 8 × 8 pixels.
pub(crate) fn picture() -> Vec<u8> {
    const HEX: &str = "89504e470d0a1a0a0000000d49484452000000080000000808020000004b6d29dc0000001149444154789c6388eab1c1 \
                       8a18869604005bec48816c22ddb60000000049454e44ae426082";
    let digits: Vec<u8> = HEX.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn upload(seat: &Seat, bytes: &[u8]) -> Request<Body> {
    let mut request = seat.post("/dai-bieu/DB-0001/anh", &[]);
    let head =
        "--mark\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"nguyen-thi-anh.png\"\r\n\r\n";
    let body = [head.as_bytes(), bytes, b"\r\n--mark--\r\n"].concat();
    request.headers_mut().insert(header::CONTENT_TYPE, "multipart/form-data; boundary=mark".parse().unwrap());
    *request.body_mut() = Body::from(body);
    request
}

#[test]
fn a_portrait_is_three_by_four_and_face_data_need_consent() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        enter(&house, &desk, &[]).await;
        for hostile in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"MZ\x90", b""] {
            let refused = house.call(&routes(), upload(&desk, hostile)).await;
            assert!((400..500).contains(&refused.status), "{}", refused.status);
        }
        // 60,000 × 60,000 pixels, as the head of a PNG claims.
        let mut bomb = picture();
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        assert!((400..500).contains(&house.call(&routes(), upload(&desk, &bomb)).await.status));
        let kept = house.call(&routes(), upload(&desk, &picture())).await;
        assert_eq!((kept.status, kept.header("location")), (303, "/dai-bieu/DB-0001?xong=photo"));
        let (width, height, name) = house
            .read(|tx| {
                let one = query::by_code_any(tx, "DB-0001")?.unwrap();
                let file = platform::files::store::get(tx, one.photo.unwrap())?.unwrap();
                Ok::<_, DbError>((file.width, file.height, file.name))
            })
            .await
            .unwrap();
        assert_eq!((width, height, name.as_str()), (Some(6), Some(8), "anh.jpg"));
        let shown = house.call(&routes(), desk.get("/dai-bieu/DB-0001/anh?nho=1")).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, "image/jpeg"));
        assert!(page(&house, &desk, "/dai-bieu").await.contains("/dai-bieu/DB-0001/anh?tep="));
        assert_eq!(house.call(&routes(), desk.post("/dai-bieu/DB-0001/anh/go", &[])).await.status, 303);
        assert_eq!(house.call(&routes(), desk.get("/dai-bieu/DB-0001/anh")).await.status, 404);

        let consents = async || {
            house
                .read(|tx| {
                    let id = query::by_code_any(tx, "DB-0001")?.unwrap().id;
                    Ok::<_, DbError>((desk::consents_now(tx, id)?, desk::consents(tx, id)?.len()))
                })
                .await
                .unwrap()
        };
        assert_eq!(consents().await, (false, 0), "silence is no consent");
        for (given, after) in [("1", (true, 1)), ("1", (true, 1)), ("0", (false, 2))] {
            let done =
                house.call(&routes(), desk.post("/dai-bieu/DB-0001/dong-y", &[("given", given)])).await;
            assert_eq!(done.status, 303);
            assert_eq!(consents().await, after);
        }
        let log = log(&house).await;
        assert!(log.contains("delegate.consent_given") && log.contains("delegate.consent_withdrawn"));
        assert!(!log.contains("nguyen-thi-anh"));
    });
}
