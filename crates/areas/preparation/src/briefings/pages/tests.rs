//! What the pages of a meeting promise without a script: forms alone, through the router, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use axum::{Extension, Router};
use platform::{
    app::App,
    testing::{Answered, Seat, on_both},
};
use print::{Press, PressError, PressRoom, Printable};
use uuid::Uuid;

use crate::briefings::{Hand, store, tests::Week};

/// Says what it was given: Typst stands in another crate.
struct Words;

impl Press for Words {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        Ok(format!("{printable:?}").into_bytes())
    }

    fn rasters(&self, _: &Printable, _: u16) -> Result<Vec<print::Raster>, PressError> {
        Err(PressError::Press("a press of words".to_owned()))
    }
}

fn routes() -> Router<App> {
    super::routes().layer(Extension(PressRoom::new(Arc::new(Words), 1)))
}

impl Week {
    fn page(&self, below: &str) -> String {
        format!("/giao-ban/tuan-05{below}")
    }

    async fn shows(&self, seat: &Seat, below: &str) -> String {
        let answer = self.house.call(&routes(), seat.get(&self.page(below))).await;
        assert_eq!(answer.status, 200, "{below}: {}", answer.text);
        answer.text
    }

    async fn sends(&self, seat: &Seat, below: &str, form: &[(&str, &str)]) -> Answered {
        self.house.call(&routes(), seat.post(&self.page(below), form)).await
    }

    /// The value of a hidden field on a page.
    async fn hidden(&self, seat: &Seat, below: &str, field: &str) -> String {
        let text = self.shows(seat, below).await;
        let (_, rest) = text.split_once(&format!("name=\"{field}\" value=\"")).expect("the field");
        rest.split('"').next().unwrap().to_owned()
    }

    /// Types a line and disposes of it, as a browser without scripts does.
    async fn concludes(&self, typed: &str, disposition: &str) -> String {
        let id = Uuid::new_v4().to_string();
        let sent = self.sends(&self.secretary, "/ket-luan", &[("id", &id), ("typed", typed)]).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        // The same line again, as after a cut: it stands once.
        let again = self.sends(&self.secretary, "/ket-luan", &[("id", &id), ("typed", typed)]).await;
        assert_eq!(again.status, 303, "{}", again.text);
        let form = [("version", "0"), ("disposition", disposition)];
        let disposed = self.sends(&self.secretary, &format!("/ket-luan/{id}/huong"), &form).await;
        if disposed.status == 409 {
            let form = [("version", "1"), ("disposition", disposition)];
            let disposed = self.sends(&self.secretary, &format!("/ket-luan/{id}/huong"), &form).await;
            assert_eq!(disposed.status, 303, "{}", disposed.text);
        } else {
            assert_eq!(disposed.status, 303, "{}", disposed.text);
        }
        id
    }

    async fn steps(&self, step: &str) {
        let version = match step {
            "close" => self.hidden(&self.secretary, "/bien-ban", "version").await,
            _ => self.hidden(&self.secretary, "", "version").await,
        };
        let sent = self.sends(&self.secretary, &format!("/buoc/{step}"), &[("version", &version)]).await;
        assert_eq!(sent.status, 303, "{step}: {}", sent.text);
    }
}

#[test]
fn the_loop_by_forms_alone() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        // Before: frozen figures with their hash, what changed since, what moved since last week.
        let before = it.shows(&it.reader, "").await;
        for part in
            ["Số liệu đã chốt", "1/40", "2 nhiệm vụ đã thay đổi sau khi chốt", "So với lần chốt trước"]
        {
            assert!(before.contains(part), "{part}");
        }
        assert!(!before.contains("Mở phiên họp</button>"), "a reader opens nothing");

        it.steps("open").await;
        let line = it.concludes("Ghi nhận báo cáo của các đơn vị", "khong_phat_sinh").await;
        let desk = it.shows(&it.reader, "/bien-ban").await;
        assert_eq!(desk.matches("data-conclusion").count(), 1, "a line that comes twice stands once");
        assert!(!desk.contains("data-entry-text"), "a reader types nothing");
        it.concludes("Sớm hoàn thành bảng chỉ dẫn /hạn 29/9 và /hạn 3/10 #DD-05", "nhiem_vu").await;
        let desk = it.shows(&it.secretary, "/bien-ban").await;
        assert!(
            desk.contains("2 thời hạn (29/09/2025; 03/10/2025)"),
            "two deadlines are named beside the line"
        );

        // It cannot be signed so, and the page says why beside the conclusion.
        it.steps("close").await;
        let preview = it.shows(&it.chair, "/ky").await;
        assert!(preview.contains("2 thời hạn") && !preview.contains("name=\"mark\""));
        it.steps("reopen").await;
        let second = {
            let desk = it.shows(&it.secretary, "/bien-ban").await;
            let (_, rest) = desk.rsplit_once("id=\"k-").unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let version = it.hidden(&it.secretary, &format!("/ket-luan/{second}"), "version").await;
        let gone = it.sends(&it.secretary, &format!("/ket-luan/{second}/bo"), &[("version", &version)]).await;
        assert_eq!(gone.status, 303, "{}", gone.text);
        it.steps("close").await;

        // Signed once; the second signature and any edit are refused with who and when.
        let mark = it.hidden(&it.chair, "/ky", "mark").await;
        let signed = it.sends(&it.chair, "/ky", &[("mark", &mark)]).await;
        assert_eq!(signed.status, 303, "{}", signed.text);
        let twice = it.sends(&it.chair, "/ky", &[("mark", &mark)]).await;
        assert_eq!(twice.status, 409, "{}", twice.text);
        assert!(twice.text.contains("không ký lại, không sửa được"), "{}", twice.text);
        let late = it.sends(&it.secretary, &format!("/ket-luan/{line}/bo"), &[("version", "1")]).await;
        assert_eq!(late.status, 409, "{}", late.text);

        // The notice: a draft, a number that is used already, then its own.
        let draft = it.shows(&it.secretary, "/van-ban/thong-bao").await;
        assert!(draft.contains("DỰ THẢO") && draft.contains("07-TB/TBPV"), "the next number is offered");
        let form = |number| [("number", number), ("on", "2025-09-27"), ("recipients", "Các đơn vị")];
        let used = it.sends(&it.secretary, "/thong-bao", &form("6")).await;
        assert!(used.status == 409 || used.status == 422, "{}", used.text);
        assert!(used.text.contains("06-TB/TBPV"), "who used it is named");
        let issued = it.sends(&it.secretary, "/thong-bao", &form("7")).await;
        assert_eq!(issued.status, 303, "{}", issued.text);
        let notice = it.shows(&it.reader, "/van-ban/thong-bao").await;
        assert!(notice.contains("07-TB/TBPV") && !notice.contains("DỰ THẢO"), "{notice}");

        // Files: the press is given the paper; DOCX is written here.
        let pdf = it.house.call(&routes(), it.reader.get(&it.page("/van-ban/bien-ban.pdf"))).await;
        assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
        assert!(pdf.text.contains("NGƯỜI GHI BIÊN BẢN") && pdf.text.contains("SHA-256"));
        let docx = it.house.call(&routes(), it.reader.get(&it.page("/van-ban/thong-bao.docx"))).await;
        assert_eq!(docx.status, 200);
        assert!(docx.header("content-disposition").contains("thong-bao-05.docx"));
        let none = it.house.call(&routes(), it.reader.get(&it.page("/van-ban/khac"))).await;
        assert_eq!(none.status, 404);
    });
}

#[test]
fn a_meeting_has_an_address_that_people_can_say() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let get = async |seat: &Seat, path: &str| it.house.call(&routes(), seat.get(path)).await;
        let list = get(&it.reader, "/giao-ban").await.text;
        assert!(list.contains("href=\"/giao-ban/tuan-05\"") && list.contains("href=\"/giao-ban/tuan-04\""));
        assert!(!list.contains(&it.id), "no address with an id is left on the list");
        let page = it.shows(&it.secretary, "").await;
        assert!(page.contains("/song/giao-ban/tuan-05?"), "the stream stands under the same address");
        assert!(page.contains("/giao-ban/tuan-05/van-ban/bao-cao.pdf"));
        assert!(!page.contains(&format!("/giao-ban/{}", it.id)));

        // What was sent in letters before goes on to the same page, with its query, for good; so does a form.
        for (old, new) in [
            (format!("/giao-ban/{}", it.id), "/giao-ban/tuan-05"),
            (format!("/giao-ban/{}/van-ban/bao-cao.pdf", it.id), "/giao-ban/tuan-05/van-ban/bao-cao.pdf"),
            (format!("/giao-ban/{}/bien-ban?xong=saved", it.id), "/giao-ban/tuan-05/bien-ban?xong=saved"),
            (format!("/song/giao-ban/{}/tuong?lang=en", it.id), "/song/giao-ban/tuan-05/tuong?lang=en"),
            ("/giao-ban/Tuan-5/ky".to_owned(), "/giao-ban/tuan-05/ky"),
        ] {
            let answer = get(&it.reader, &old).await;
            assert_eq!((answer.status, answer.header("location")), (308, new), "{old}");
        }
        let old = format!("/giao-ban/{}/doc", it.id);
        let sent = it.house.call(&routes(), it.secretary.post(&old, &[("text", "x")])).await;
        assert_eq!(sent.status, 308);

        // Mistyped, unknown, not a meeting: there is no such page. A part of the address that is none is the same.
        for wrong in [
            "/giao-ban/tuan-99",
            "/giao-ban/tuan",
            "/giao-ban/khong-co-05",
            "/giao-ban/tuan-05x/bien-ban",
            "/giao-ban/tuan-05/ket-luan/khong-phai-ma",
            "/giao-ban/tuan-05/van-ban/bien-ban.xlsx",
            "/giao-ban/0199a0b0-0000-7000-8000-000000000000",
            "/giao-ban/0199a0b0-0000-7000-8000-000000000000/bien-ban",
            "/song/giao-ban/tuan-99",
        ] {
            assert_eq!(get(&it.reader, wrong).await.status, 404, "{wrong}");
        }
        for wrong in ["/giao-ban/loat/khong-phai-ma", "/giao-ban/tuan-05/muc/khong-phai-ma"] {
            assert_eq!(get(&it.secretary, wrong).await.status, 404, "{wrong}");
        }
        // The id says nothing to somebody who may not see the meeting.
        let stranger = it.house.seat("Người ngoài", &[("tasks", platform::identity::Right::Read)]).await;
        assert_eq!(get(&stranger, &format!("/giao-ban/{}", it.id)).await.status, 403);

        // A second series of the same name has its own addresses; a new title keeps them.
        let series = it.house.read(|tx| store::series_list(tx, &Hand::PROGRAM)).await.unwrap().remove(0);
        let mut new = crate::briefings::model::NewSeries {
            unit: series.unit,
            title: series.title.clone(),
            cadence: series.cadence,
            chair_office: series.chair_office,
            secretary_office: series.secretary_office,
            place: String::new(),
            members: Vec::new(),
        };
        let author = platform::audit::Author::system("test");
        let other = new.clone();
        let id = it
            .house
            .write(&author, move |tx| store::save_series(tx, &Hand::PROGRAM, None, &other))
            .await
            .unwrap();
        new.title = "Họp Tổ giúp việc".to_owned();
        let known = Some((id, 1));
        it.house.write(&author, move |tx| store::save_series(tx, &Hand::PROGRAM, known, &new)).await.unwrap();
        let slug = it.house.read(move |tx| store::series(tx, &Hand::PROGRAM, id)).await.unwrap().slug;
        assert_eq!(slug, "tuan-tieu-ban-to-chuc-phuc-vu");
        let day = [
            ("series", id.to_string()),
            ("at", "16:30 03/10/2025".to_owned()),
            ("cutoff", "16:00 02/10/2025".to_owned()),
            ("chair", series.chair_office.to_string()),
            ("secretary", series.secretary_office.to_string()),
        ];
        let form: Vec<(&str, &str)> = day.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let set = it.house.call(&routes(), it.secretary.post("/giao-ban/moi", &form)).await;
        assert_eq!(
            (set.status, set.header("location")),
            (303, "/giao-ban/tuan-tieu-ban-to-chuc-phuc-vu-01?xong=set"),
            "{}",
            set.text
        );
    });
}

#[test]
fn the_report_of_the_week_goes_out_under_a_number_once() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let draft = it.shows(&it.secretary, "/van-ban/bao-cao").await;
        assert!(
            draft.contains("DỰ THẢO") && draft.contains("action=\"/giao-ban/tuan-05/bao-cao\""),
            "{draft}"
        );
        assert!(draft.contains("01-BC/TBPV"), "the next number is offered: {draft}");
        let read = it.shows(&it.reader, "/van-ban/bao-cao").await;
        assert!(!read.contains("/giao-ban/tuan-05/bao-cao\""), "a reader issues nothing");

        // What is wrong stands beside the field, and what was typed stays.
        let form = |number, on| [("number", number), ("on", on), ("recipients", "Thường trực Thành ủy; \n")];
        let wrong = it.sends(&it.secretary, "/bao-cao", &form("1", "mai")).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text);
        assert!(wrong.text.contains("Thường trực Thành ủy"), "{}", wrong.text);
        let gap = it.sends(&it.secretary, "/bao-cao", &form("5", "2025-09-26")).await;
        assert!(matches!(gap.status, 409 | 422) && gap.text.contains("value=\"5\""), "{}", gap.text);
        assert_eq!(it.sends(&it.reader, "/bao-cao", &form("1", "2025-09-26")).await.status, 403);

        let sent = it.sends(&it.secretary, "/bao-cao", &form("1", "2025-09-26")).await;
        assert_eq!(
            (sent.status, sent.header("location")),
            (303, "/giao-ban/tuan-05/van-ban/bao-cao?xong=reported"),
            "{}",
            sent.text
        );
        let out = it.shows(&it.reader, "/van-ban/bao-cao").await;
        assert!(!out.contains("DỰ THẢO") && out.contains("Thường trực Thành ủy"), "{out}");
        let pdf = it.house.call(&routes(), it.reader.get(&it.page("/van-ban/bao-cao.pdf"))).await;
        assert!(pdf.text.contains("number: Some(1)"), "the press is given the number");
        assert!(it.shows(&it.reader, "").await.contains("01-BC/TBPV"));
        let twice = it.sends(&it.secretary, "/bao-cao", &form("2", "2025-09-26")).await;
        assert_eq!(twice.status, 409, "{}", twice.text);
        assert!(
            twice.text.contains("01-BC/TBPV") && twice.text.contains("chỉ ban hành một lần"),
            "{}",
            twice.text
        );

        // The number stands in the register, with the meeting behind it.
        let taken =
            it.house.read(|tx| platform::papers::store::like_written(tx, "01-BC/TBPV")).await.unwrap();
        assert_eq!(taken.len(), 1);
        // A meeting without frozen figures has no report.
        let day = [("at", "16:30 03/10/2025"), ("cutoff", "16:00 02/10/2025")];
        let series = it.house.read(|tx| store::series_list(tx, &Hand::PROGRAM)).await.unwrap().remove(0);
        let (id, chair, secretary) =
            (series.id.to_string(), series.chair_office.to_string(), series.secretary_office.to_string());
        let new = [day[0], day[1], ("series", &id), ("chair", &chair), ("secretary", &secretary)];
        let set = it.house.call(&routes(), it.secretary.post("/giao-ban/moi", &new)).await;
        assert_eq!((set.status, set.header("location")), (303, "/giao-ban/tuan-06?xong=set"), "{}", set.text);
        let early = it.secretary.post("/giao-ban/tuan-06/bao-cao", &form("2", "2025-09-26"));
        let early = it.house.call(&routes(), early).await;
        assert!(matches!(early.status, 404 | 409), "{}", early.text);
    });
}

#[test]
fn the_list_of_meetings_goes_out_as_it_is_filtered() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let get = async |path: &str| it.house.call(&routes(), it.reader.get(path)).await;
        let list = get("/giao-ban?q=tuan+04").await.text;
        assert!(list.contains("href=\"/giao-ban/xuat.pdf?q=tuan+04\""), "{list}");
        let all = get("/giao-ban/xuat.pdf").await;
        assert_eq!((all.status, all.header("content-type")), (200, "application/pdf"));
        assert!(all.text.contains("06-TB/TBPV") && all.text.contains("16:30 26/09/2025"), "{}", all.text);
        assert!(all.text.contains("2 trên 2 phiên họp"));
        let one = get("/giao-ban/xuat.pdf?q=06-tb").await;
        assert!(one.text.contains("1 trên 2 phiên họp") && !one.text.contains("16:30 26/09/2025"));
        let book = get("/giao-ban/xuat.xlsx?trang-thai=da_ban_hanh").await;
        assert_eq!(book.status, 200);
        let name = book.header("content-disposition");
        assert!(name.contains("giao-ban-") && name.contains(".xlsx"), "{name}");
    });
}
