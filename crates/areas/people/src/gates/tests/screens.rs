//! The pages of gates, in both languages.

use super::*;

#[test]
fn gates_are_set_and_paired_on_their_page() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let seat = office(&house).await;
        let wrong = [
            ("name", ""),
            ("slug", "Cổng 3"),
            ("zone", "2"),
            ("lane", "x"),
            ("direction", "vao"),
            ("open", "1"),
        ];
        let answer = house.call(&routes(), seat.post("/cong/moi", &wrong)).await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.text.contains("Hãy ghi tên cổng") && answer.text.contains("Số làn từ 1 đến 99"),
            "{}",
            answer.text
        );
        let right = [
            ("name", "Cửa sảnh B"),
            ("slug", "cong-3"),
            ("zone", "2"),
            ("lane", "3"),
            ("direction", "vao"),
            ("open", "1"),
            ("sessions", "tru-bi"),
        ];
        assert_eq!(house.call(&routes(), seat.post("/cong/moi", &right)).await.status, 303);
        let edit = house.call(&routes(), seat.get("/cong/cong-3/sua")).await;
        assert!(
            edit.text.contains("Cửa sảnh B") && edit.text.contains("value=\"tru-bi\" checked"),
            "{}",
            edit.text
        );
        let saved =
            [("version", "1"), ("name", "Cửa sảnh C"), ("zone", "2"), ("lane", "4"), ("direction", "vao")];
        assert_eq!(house.call(&routes(), seat.post("/cong/cong-3/sua", &saved)).await.status, 303);
        assert_eq!(
            house.call(&routes(), seat.post("/cong/cong-3/sua", &saved)).await.status,
            409,
            "an old version"
        );
        let code = house.call(&routes(), seat.post("/cong/cong-3/ma", &[])).await;
        assert_eq!(code.status, 200);
        assert!(code.text.contains("/cong/cong-3/quet") && code.text.contains("<svg"), "{}", code.text);
        let text = code.text.split("<code>").nth(1).unwrap().split("</code>").next().unwrap().to_owned();
        assert_eq!(enrol(&house, &text).await.status, 201);
        let page = house.call(&routes(), seat.get("/cong")).await;
        for words in ["Cửa sảnh C", "Đóng", "Có mạng", "Mọi phiên", "Thu hồi"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let english = house.call(&routes(), seat.get("/cong?lang=en")).await;
        assert!(english.text.contains("Pair a scanning device") && !english.text.contains("Ghép thiết bị"));
        let device = page.text.split("/cong/thiet-bi/").nth(1).unwrap().split('/').next().unwrap();
        let end = format!("/cong/thiet-bi/{device}/thu-hoi");
        assert_eq!(house.call(&routes(), seat.post(&end, &[])).await.status, 303);
        let reader = house.seat("Chủ tịch đoàn", &[("attendance", Right::Read)]).await;
        let page = house.call(&routes(), reader.get("/cong")).await;
        assert!(page.status == 200 && !page.text.contains("Ghép thiết bị quét"), "a reader pairs nothing");
        assert_eq!(house.call(&routes(), reader.post("/cong/cong-1/ma", &[])).await.status, 403);
    });
}

#[test]
fn the_page_of_a_gate_says_nothing_before_the_device_has_joined() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 1).await;
        let page = stranger(Method::GET, "/cong/cong-1/quet").body(Body::empty()).unwrap();
        let page = house.call(&routes(), page).await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("Cửa 1") && !page.text.contains("Mẫu"), "{}", page.text);
        assert!(page.header("content-security-policy").contains("'wasm-unsafe-eval'"));
        assert!(page.text.contains("manifest.webmanifest"));
        let odd = stranger(Method::GET, "/cong/C%E1%BB%95ng/quet").body(Body::empty()).unwrap();
        assert_eq!(house.call(&routes(), odd).await.status, 404);
        let worker = stranger(Method::GET, "/cong/sw.js").body(Body::empty()).unwrap();
        let worker = house.call(&routes(), worker).await;
        assert_eq!(worker.header("service-worker-allowed"), "/cong");
        assert!(
            !worker.text.contains("/assets/none"),
            "every part is there: {}",
            &worker.text[..2000.min(worker.text.len())]
        );
        let manifest =
            stranger(Method::GET, "/cong/cong-1/manifest.webmanifest").body(Body::empty()).unwrap();
        let manifest = house.call(&routes(), manifest).await.json();
        assert_eq!(manifest["start_url"], "/cong/cong-1/quet");
    });
}

#[test]
fn the_wall_counts_by_group_and_conflicts_are_ended_on_their_page() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 4).await;
        let seat = office(&house).await;
        let (one, two) =
            (tablet(&house, &seat, "cong-1", false).await, tablet(&house, &seat, "cong-2", false).await);
        let pass = digits(&house, "DB-0001").await;
        one.verdicts(&house, &[alone(1, "2025-09-26T08:30:00Z", "in", &pass)]).await;
        two.verdicts(&house, &[alone(1, "2025-09-26T08:40:00Z", "in", &pass)]).await;
        let wall = house.call(&routes(), seat.get("/phien/tru-bi/bang")).await;
        assert_eq!(wall.status, 200);
        for words in ["Phiên trù bị", "25,00%", "Tổ 1", "Tổ 2", "Số liệu đến", "/ 4"] {
            assert!(wall.text.contains(words), "{words}: {}", wall.text);
        }
        let here = "/phien/tru-bi/mau-thuan";
        let board = house.call(&routes(), seat.get(here)).await;
        for words in ["Một thẻ vào hai cổng", "DB-0001", "Cửa 1", "Cửa 2", "Chưa có ảnh", "Chưa ai nhận"]
        {
            assert!(board.text.contains(words), "{words}: {}", board.text);
        }
        let found =
            house.call(&routes(), seat.get("/api/v1/congress-sessions/tru-bi/conflicts")).await.json();
        let double = found.as_array().unwrap().iter().find(|one| one["kind"] == "vao_hai_lan").unwrap();
        let scan = double["scan"].as_str().unwrap();
        let take = [("scan", scan), ("kind", "vao_hai_lan"), ("version", "0")];
        assert_eq!(house.call(&routes(), seat.post(here, &take)).await.status, 303);
        let bare = [
            ("scan", scan),
            ("kind", "vao_hai_lan"),
            ("version", "1"),
            ("resolution", "khong_tinh"),
            ("note", ""),
        ];
        let refused = house.call(&routes(), seat.post(here, &bare)).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("Hãy ghi đã xác minh thế nào"), "{}", refused.text);
        let mut full = bare;
        full[4].1 = "Một người, quét nhầm";
        assert_eq!(house.call(&routes(), seat.post(here, &full)).await.status, 303);
        let board = house.call(&routes(), seat.get(here)).await;
        assert!(board.text.contains("Không tính lượt này") && board.text.contains("Một người, quét nhầm"));
        let photo = house.call(&routes(), seat.get("/phien/tru-bi/anh/DB-0001")).await;
        assert_eq!(photo.status, 404, "there is none");
    });
}
