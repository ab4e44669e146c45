//! Letters and their answers, through the front door, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{sync::Arc, time::Duration};

use axum::{Extension, Router, http::Method};
use jiff::civil::date;
use platform::{
    app::App,
    audit::Author,
    congress,
    db::{DbError, Row},
    identity::Right,
    testing::{Answered, House, Seat, on_both, stranger},
};
use print::{Paper, Press, PressError, PressRoom, Printable};

use super::{
    LetterError,
    model::Template,
    paper::{self, Around},
    store, usual,
};
use crate::{
    attendance::tests::Words,
    delegates::{
        self, DelegateError, answers,
        model::{Category, Participant, Profile, Standing, Status},
        query,
        store::{self as roll, NewParticipant},
    },
};

/// A press whose files are PDF, as the store of files wants them.
struct Sheet;

impl Press for Sheet {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        let Printable::Papers(all) = printable else {
            return Err(PressError::Document("letters were asked for".to_owned()));
        };
        assert_eq!(all.papers.len(), 2);
        Ok(b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n".to_vec())
    }

    fn rasters(&self, _: &Printable, _: u16) -> Result<Vec<print::Raster>, PressError> {
        Err(PressError::Press("a press of words".to_owned()))
    }
}

fn routes() -> Router<App> {
    super::routes()
        .merge(super::api::routes())
        .merge(delegates::pages::routes())
        .merge(platform::identity::routes())
        .layer(Extension(PressRoom::new(Arc::new(Words), 1)))
}

/// A congress in October, two delegates, an alternate and a guest.
async fn filled(house: &House) -> Seat {
    house
        .write(&Author::cli(), |tx| {
            let new = congress::store::NewCongress {
                name: "Đại hội đại biểu Đảng bộ Thành phố".to_owned(),
                short_name: "Đại hội".to_owned(),
                level: congress::Level::Tinh,
                term: "2025–2030".to_owned(),
                preparatory_on: date(2025, 10, 13),
                opening_on: date(2025, 10, 14),
                closing_on: date(2025, 10, 15),
                place: "Hội trường".to_owned(),
                hotline: "028 3822 0000".to_owned(),
            };
            congress::store::create(tx, &new).map_err(DelegateError::from)?;
            let _ = roll::put_group(tx, 1, "", "")?;
            for (name, category, alternate) in [
                ("Nguyễn Văn An", Category::Delegate, false),
                ("Trần Thị Bình", Category::Delegate, false),
                ("Lê Dự Khuyết", Category::Delegate, true),
                ("Phạm Khách", Category::Guest, false),
            ] {
                let delegate = category == Category::Delegate;
                let profile = Profile {
                    category: Some(category),
                    name: name.to_owned(),
                    position: "Bí thư Đảng ủy".to_owned(),
                    standing: delegate.then_some(Standing::Elected),
                    alternate,
                    group_no: (delegate && !alternate).then_some(1),
                    ..Profile::default()
                };
                let _ = roll::create(tx, &NewParticipant { profile, ..NewParticipant::default() })?;
            }
            Ok::<_, DelegateError>(tx.unchanged(())?)
        })
        .await
        .unwrap();
    house.seat("Bàn đại biểu", &[("delegates", Right::Manage)]).await
}

async fn one(house: &House, code: &'static str) -> Participant {
    house.read(move |tx| query::by_code_any(tx, code)).await.unwrap().unwrap()
}

/// The code that stands in a letter made for somebody.
async fn code_of(house: &House, desk: &Seat, who: &str) -> String {
    let path = format!("/dai-bieu/{who}/thu");
    let made = house.call(&routes(), desk.post(&path, &[("as", "pdf")])).await;
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"), "{}", made.text);
    let words = made.text.split("text: \"").map(|part| part.split('"').next().unwrap());
    let code = words.into_iter().find(|text| text.len() == 32 && text.matches('-').count() == 6);
    code.unwrap_or_else(|| panic!("no code in {}", made.text)).to_owned()
}

/// Sent by somebody without a session, from a page of this site.
async fn send(house: &House, path: &str, form: &[(&str, &str)]) -> Answered {
    let request = stranger(Method::POST, path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(platform::testing::form_text(form).into())
        .unwrap();
    house.call(&routes(), request).await
}

async fn log(house: &House) -> String {
    house
        .read(|tx| {
            let rows: Vec<Row> =
                tx.query(platform::sql!("SELECT line FROM audit_event ORDER BY seq"), &[])?;
            let bytes: Result<Vec<Vec<u8>>, DbError> = rows.iter().map(|row| row.get("line")).collect();
            Ok::<_, DbError>(String::from_utf8(bytes?.concat()).unwrap())
        })
        .await
        .unwrap()
}

#[test]
fn a_code_answers_for_one_person_until_its_day() {
    on_both(&crate::migrations(), async |house| {
        let desk = filled(&house).await;
        let code = code_of(&house, &desk, "DB-0001").await;
        let door = house.call(&routes(), stranger(Method::GET, "/xac-nhan").body("".into()).unwrap()).await;
        assert!(door.status == 200 && door.text.contains("data-link-secret"), "{}", door.text);

        // Typed without hyphens, in small letters.
        let typed = code.replace('-', "").to_lowercase();
        let seen = send(&house, "/xac-nhan", &[("ma", &typed)]).await;
        assert_eq!((seen.status, seen.header("cache-control")), (200, "no-store"), "{}", seen.text);
        assert!(seen.text.contains("Nguyễn Văn An") && seen.text.contains("Bí thư Đảng ủy"));
        assert!(seen.text.contains("Nhận trả lời đến hết ngày 12/10/2025"), "{}", seen.text);
        // Nothing else of the person, and nothing of others; looking changes nothing.
        assert!(!seen.text.contains("DB-0001") && !seen.text.contains("Trần Thị Bình"));
        assert_eq!(one(&house, "DB-0001").await.status, Status::Summoned);

        let nothing = send(&house, "/xac-nhan/gui", &[("ma", &code)]).await;
        assert_eq!(nothing.status, 422);
        let no_reason = send(&house, "/xac-nhan/gui", &[("ma", &code), ("comes", "0")]).await;
        assert!(no_reason.status == 422 && no_reason.text.contains("Hãy ghi lý do."), "{}", no_reason.text);
        let yes = [
            ("ma", code.as_str()),
            ("comes", "1"),
            ("wheelchair", "1"),
            ("diet", "Ăn chay"),
            ("arrival", "7 giờ"),
        ];
        let done = send(&house, "/xac-nhan/gui", &yes).await;
        assert!(done.status == 200 && done.text.contains("Trả lời hiện tại: có dự."), "{}", done.text);
        assert_eq!(one(&house, "DB-0001").await.status, Status::Confirmed);
        // It can be changed; what was needed is not shown to whoever finds the letter.
        let no = [("ma", code.as_str()), ("comes", "0"), ("reason", "Đi công tác")];
        let changed = send(&house, "/xac-nhan/gui", &no).await;
        assert!(changed.text.contains("không dự") && !changed.text.contains("Ăn chay"));
        let id = one(&house, "DB-0001").await.id;
        let all = house.read(move |tx| answers::of(tx, id)).await.unwrap();
        let said: Vec<(i64, i64, answers::Way)> =
            all.iter().map(|one| (one.comes, one.wheelchair, one.way)).collect();
        assert_eq!(said, [(0, 0, answers::Way::Link), (1, 1, answers::Way::Link)]);

        // Past the day it opens nothing, and says the same as a code that never was.
        house.pass(Duration::from_secs(17 * 24 * 3600));
        let late = send(&house, "/xac-nhan", &[("ma", &code)]).await;
        let never = send(&house, "/xac-nhan", &[("ma", "0000-0000")]).await;
        assert_eq!((late.status, never.status), (404, 404));
        let words = |page: &Answered| page.text.split("role=\"alert\"").nth(1).unwrap()[..300].to_owned();
        assert_eq!(words(&late), words(&never));
        let log = log(&house).await;
        assert!(
            log.contains("delegate.answered")
                && log.contains("letter.issued")
                && log.contains("letter.refused")
        );
        for secret in [code.as_str(), typed.as_str(), "Ăn chay", "Đi công tác", "Nguyễn Văn An"] {
            assert!(!log.contains(secret), "{secret}");
        }
    });
}

#[test]
fn a_new_letter_a_revoked_code_and_a_replaced_person_close_the_door() {
    on_both(&crate::migrations(), async |house| {
        let desk = filled(&house).await;
        let first = code_of(&house, &desk, "DB-0001").await;
        let second = code_of(&house, &desk, "DB-0001").await;
        assert_ne!(first, second);
        assert_eq!(send(&house, "/xac-nhan", &[("ma", &first)]).await.status, 404);
        assert_eq!(send(&house, "/xac-nhan", &[("ma", &second)]).await.status, 200);
        let gone = house.call(&routes(), desk.post("/dai-bieu/DB-0001/thu/thu-hoi", &[])).await;
        assert_eq!(gone.status, 303);
        let yes = [("ma", second.as_str()), ("comes", "1")];
        assert_eq!(send(&house, "/xac-nhan/gui", &yes).await.status, 404);
        assert_eq!(one(&house, "DB-0001").await.status, Status::Summoned);

        let third = code_of(&house, &desk, "DB-0002").await;
        let left = [("status", "rut"), ("status_note", "Chuyển công tác")];
        let done = house.call(&routes(), desk.post("/dai-bieu/DB-0002/tinh-trang", &left)).await;
        assert_eq!(done.status, 303);
        assert_eq!(send(&house, "/xac-nhan", &[("ma", &third)]).await.status, 404);
        // Alternates and those who left get no letter.
        for who in ["DB-0002", "DB-0003"] {
            let none =
                house.call(&routes(), desk.post(&format!("/dai-bieu/{who}/thu"), &[("as", "pdf")])).await;
            assert_eq!(none.status, 404, "{who}");
        }
        // What is kept is a hash.
        let kept = house
            .read(|tx| {
                let rows: Vec<Row> = tx.query(platform::sql!("SELECT hash FROM letter_code"), &[])?;
                rows.iter().map(|row| row.get::<Vec<u8>>("hash")).collect::<Result<Vec<_>, DbError>>()
            })
            .await
            .unwrap();
        assert_eq!(kept.len(), 3);
        assert!(kept.iter().all(|hash| hash.len() == 32));
        // Another site cannot answer, and nobody can try for ever.
        let mut foreign = stranger(Method::POST, "/xac-nhan/gui").body("ma=x".into()).unwrap();
        foreign.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
        foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(house.call(&routes(), foreign).await.status, 403);
        let mut last = 0;
        for _ in 0..70 {
            last = send(&house, "/xac-nhan", &[("ma", "WRONG")]).await.status;
        }
        assert_eq!(last, 429);
    });
}

#[test]
fn a_category_has_its_words_and_its_number() {
    on_both(&crate::migrations(), async |house| {
        let desk = filled(&house).await;
        let form = house.call(&routes(), desk.get("/thu-moi/dai_bieu")).await;
        assert!(form.status == 200 && form.text.contains("Thư triệu tập"), "{}", form.text);
        assert!(form.text.contains("Lấy số được sau khi"), "a number without a body");
        let body = house
            .write(&Author::cli(), |tx| {
                let new = platform::papers::NewBody {
                    name: "Thành ủy".to_owned(),
                    name_lines: vec!["THÀNH ỦY".to_owned()],
                    place: "Thành phố".to_owned(),
                    symbol: "TU".to_owned(),
                    term: "2025–2030".to_owned(),
                    ..platform::papers::NewBody::default()
                };
                platform::papers::store::save_body(tx, None, 0, &new)
            })
            .await
            .unwrap()
            .to_string();
        let change = [
            ("version", "0"),
            ("title", "Giấy triệu tập"),
            ("salutation", "Đồng chí"),
            ("opening", "Triệu tập dự đại hội"),
            ("points", "Thời gian: 7 giờ 30\nĐịa điểm: Hội trường"),
            ("dress", "áo dài, com lê"),
            ("sheet", "a4"),
            ("body", body.as_str()),
            ("issued_on", "20/09/2025"),
            ("authority", "t_m"),
            ("authority_for", "Ban Thường vụ"),
            ("office", "Bí thư"),
            ("signer", "Nguyễn Văn Ký"),
            ("recipients", "Như trên\nLưu Văn phòng"),
            ("link", "1"),
            ("answer_until", "05/10/2025"),
        ];
        let saved = house.call(&routes(), desk.post("/thu-moi/dai_bieu", &change)).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let late = house.call(&routes(), desk.post("/thu-moi/dai_bieu", &change)).await;
        assert!(late.status == 409 && late.text.contains("Bàn đại biểu vừa sửa trước"), "{}", late.text);
        let wrong = [("version", "1"), ("title", ""), ("opening", "x"), ("issued_on", "31/09/2025")];
        assert_eq!(house.call(&routes(), desk.post("/thu-moi/dai_bieu", &wrong)).await.status, 422);
        let number = house.call(&routes(), desk.post("/thu-moi/dai_bieu/so", &[])).await;
        assert_eq!(number.status, 303, "{}", number.text);
        let again = house.call(&routes(), desk.post("/thu-moi/dai_bieu/so", &[])).await;
        assert_eq!(again.status, 409, "one number for the letters of a category");
        let form = house.call(&routes(), desk.get("/thu-moi/dai_bieu")).await;
        assert!(form.text.contains("01-TTT/TU"), "{}", form.text);

        let letter = house.call(&routes(), desk.post("/dai-bieu/DB-0001/thu", &[("as", "pdf")])).await.text;
        for words in [
            "Giấy triệu tập",
            "Đồng chí Nguyễn Văn An, Bí thư Đảng ủy",
            "Thời gian: 7 giờ 30.",
            "Trang phục: áo dài, com lê.",
            "BAN THƯỜNG VỤ",
            "Số đại biểu 1; Tổ 1",
            "chậm nhất ngày 05/10/2025",
        ] {
            assert!(letter.contains(words), "{words} in {letter}");
        }
        // A guest is addressed as the guests' words say: by the name alone.
        let guest = house.call(&routes(), desk.post("/dai-bieu/KM-0001/thu", &[("as", "pdf")])).await.text;
        assert!(guest.contains("Giấy mời") && guest.contains("\"Phạm Khách, Bí thư Đảng ủy\""), "{guest}");
        assert!(!guest.to_lowercase().contains("đồng chí") && guest.contains("A5"));
        let docx = house.call(&routes(), desk.post("/dai-bieu/DB-0001/thu", &[("as", "docx")])).await;
        assert!(docx.status == 200 && docx.header("content-type").contains("wordprocessingml"));

        let reader = house.seat("Người đọc", &[("delegates", Right::Read)]).await;
        for path in ["/thu-moi/dai_bieu", "/thu-moi/in"] {
            let refused = if path.ends_with("in") { reader.post(path, &[]) } else { reader.get(path) };
            assert_eq!(house.call(&routes(), refused).await.status, 403, "{path}");
        }
    });
}

#[test]
fn the_board_counts_and_lists_the_answers() {
    on_both(&crate::migrations(), async |house| {
        let desk = filled(&house).await;
        let code = code_of(&house, &desk, "DB-0001").await;
        let yes = [("ma", code.as_str()), ("comes", "1"), ("diet", "Ăn chay")];
        assert_eq!(send(&house, "/xac-nhan/gui", &yes).await.status, 200);
        let no = [("comes", "0"), ("reason", "Ốm")];
        assert_eq!(house.call(&routes(), desk.post("/dai-bieu/DB-0002/tra-loi", &no)).await.status, 303);
        let figures = house.read(store::figures).await.unwrap();
        let delegates = figures.categories.iter().find(|(of, _)| *of == Category::Delegate).unwrap().1;
        assert_eq!(
            (
                delegates.all,
                delegates.letters,
                delegates.come,
                delegates.away,
                delegates.needs,
                delegates.silent()
            ),
            (2, 1, 1, 1, 1, 0),
            "the alternate does not count"
        );
        assert_eq!(figures.groups.len(), 1);
        let board = house.call(&routes(), desk.get("/thu-moi")).await;
        assert!(
            board.text.contains("Đại biểu") && board.text.contains("tinh-trang=xac_nhan"),
            "{}",
            board.text
        );
        let list = house.call(&routes(), desk.get("/thu-moi/tra-loi.pdf")).await.text;
        for words in ["Ăn uống: Ăn chay", "Ốm", "người ghi: Bàn đại biểu", "Qua đường dẫn trong thư"]
        {
            assert!(list.contains(words), "{words} in {list}");
        }
        assert!(!list.contains("Lê Dự Khuyết"));
    });
}

#[test]
fn programs_read_the_figures_and_write_the_words() {
    on_both(&crate::migrations(), async |house| {
        let desk = filled(&house).await;
        code_of(&house, &desk, "DB-0001").await;
        let figures = house.call(&routes(), desk.get("/api/v1/letters")).await.json();
        assert_eq!(figures["categories"][0]["category"], "dai_bieu");
        assert_eq!(
            (&figures["categories"][0]["letters"], &figures["categories"][0]["silent"]),
            (&1.into(), &2.into())
        );
        let path = "/api/v1/letters/khach_moi";
        let mut words = house.call(&routes(), desk.get(path)).await.json();
        assert_eq!((&words["title"], &words["version"]), (&"Giấy mời".into(), &0.into()));
        words["salutation"] = "Ông".into();
        let saved = house.call(&routes(), desk.json(Method::PUT, path, &words)).await;
        assert_eq!(saved.status, 204, "{}", saved.text);
        assert_eq!(house.call(&routes(), desk.json(Method::PUT, path, &words)).await.status, 409);
        let guest = house.call(&routes(), desk.post("/dai-bieu/KM-0001/thu", &[("as", "pdf")])).await.text;
        assert!(guest.contains("\"Ông Phạm Khách, Bí thư Đảng ủy\""), "{guest}");
        let none = serde_json::json!({ "codes": ["DB-0003"] });
        let none = house.call(&routes(), desk.json(Method::POST, "/api/v1/letters", &none)).await;
        assert_eq!(none.status, 422, "an alternate got a letter");
        let reader = house.seat("Người đọc", &[("delegates", Right::Read)]).await;
        assert_eq!(house.call(&routes(), reader.get("/api/v1/letters")).await.status, 200);
        assert_eq!(house.call(&routes(), reader.get(path)).await.status, 403);
    });
}

#[test]
fn letters_for_many_are_made_by_a_job() {
    on_both(&crate::migrations(), async |house| {
        let desk = filled(&house).await;
        let jobs = &house.app.jobs;
        super::prints::register(jobs, &house.app, PressRoom::new(Arc::new(Sheet), 1));
        jobs.start();
        let nobody = house.call(&routes(), desk.post("/thu-moi/in", &[("category", "bao_chi")])).await;
        assert_eq!(nobody.status, 422);
        let mixed = [("ma", "DB-0001"), ("ma", "KM-0001")];
        let mixed = house.call(&routes(), desk.post("/thu-moi/in", &mixed)).await;
        assert!(mixed.status == 422 && mixed.text.contains("khác khổ giấy"), "{}", mixed.text);
        let begun = house.call(&routes(), desk.post("/thu-moi/in", &[("category", "dai_bieu")])).await;
        assert_eq!(begun.status, 303, "{}", begun.text);
        let id: platform::jobs::JobId = begun.header("location").rsplit('/').next().unwrap().parse().unwrap();
        let mut result = None;
        for _ in 0..100 {
            let job = house.read(move |tx| platform::jobs::store::get(tx, id)).await.unwrap().unwrap();
            if job.result.is_some() {
                result = job.result;
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        jobs.stop().await;
        let result = result.expect("the job ends");
        assert_eq!(result["letters"], 2);
        let file = result["href"].as_str().unwrap();
        let sheet = house.call(&routes(), desk.get(file)).await;
        assert_eq!((sheet.status, sheet.header("content-type")), (200, "application/pdf"));
        assert_eq!(sheet.header("cache-control"), "no-store");
        let codes = house.read(store::with_code).await.unwrap();
        assert_eq!(codes.len(), 2);
    });
}

/// Names as they are: very long, of one word; a title of many words. Nothing is cut, the address has one line each.
#[test]
fn names_of_all_lengths_are_addressed() {
    let template = usual::template(Category::Delegate, None);
    let letter = |name: &str, position: &str, template: &Template| -> Paper {
        let one = Participant {
            profile: Profile { name: name.to_owned(), position: position.to_owned(), ..Profile::default() },
            ..participant()
        };
        let around = Around {
            template,
            congress: None,
            body: None,
            today: date(2025, 9, 26),
            door: "https://dh.example/xac-nhan",
            until: date(2025, 10, 12),
        };
        paper::letter(&around, &one, "Đảng bộ phường Bến Thành", Some("ABCD-EFGH"), true)
    };
    assert_eq!(letter("Y", "", &template).to, ["Y"]);
    let long = "Công Tằng Tôn Nữ Nguyễn Phúc Thị Hoàng Ngọc Bảo Anh";
    assert_eq!(letter(long, "Phó Chủ tịch", &template).to, [format!("{long}, Phó Chủ tịch")]);
    let polite = Template { salutation: "Đồng chí".to_owned(), ..template.clone() };
    assert_eq!(letter("Y", "", &polite).to, ["Đồng chí Y"]);
    let made = letter("Y", "", &template);
    let words = format!("{made:?}");
    assert!(!words.to_lowercase().contains("đồng chí"));
    // The link in the drawing has the code behind #, where no server sees it.
    assert!(words.contains("ABCD-EFGH") && words.contains("https://dh.example/xac-nhan "));
}

fn participant() -> Participant {
    Participant {
        id: crate::delegates::model::ParticipantId(uuid::Uuid::from_u128(1)),
        code: "DB-0001".to_owned(),
        profile: Profile::default(),
        photo: None,
        status: Status::Summoned,
        status_note: String::new(),
        version: 1,
        created_at: jiff::Timestamp::UNIX_EPOCH,
        created_by: String::new(),
        updated_at: jiff::Timestamp::UNIX_EPOCH,
        updated_by: String::new(),
    }
}

#[test]
fn a_number_needs_a_body_and_a_day() {
    on_both(&crate::migrations(), async |house| {
        let refused = house.write(&Author::cli(), |tx| store::take_number(tx, Category::Guest)).await;
        assert!(matches!(refused, Err(LetterError::Number)));
    });
}
