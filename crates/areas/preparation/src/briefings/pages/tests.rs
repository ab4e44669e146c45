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

use crate::briefings::tests::Week;

/// Says what it was given: Typst stands in another crate.
struct Words;

impl Press for Words {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        Ok(format!("{printable:?}").into_bytes())
    }
}

fn routes() -> Router<App> {
    super::routes().layer(Extension(PressRoom::new(Arc::new(Words), 1)))
}

impl Week {
    fn page(&self, below: &str) -> String {
        format!("/giao-ban/{}{below}", self.id)
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
