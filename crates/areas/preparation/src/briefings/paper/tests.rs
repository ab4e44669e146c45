//! The papers say what the facts say: parts sum, drafts are marked, what is not known is not invented.

use jiff::civil::{date, datetime};
use print::{Authority, Block, Issuer, Kind, Paper};
use rules::{
    count::{Ratio, TwoByTwo},
    timing::{Timed, Timing},
};

use super::{facts::*, minutes, notice, report};

fn meeting() -> Meeting {
    Meeting {
        issuer: Issuer {
            parent: vec!["THÀNH ỦY TP. HỒ CHÍ MINH".into()],
            name: vec!["TIỂU BAN".into(), "TỔ CHỨC PHỤC VỤ ĐẠI HỘI".into()],
            place: "Thành phố Hồ Chí Minh".into(),
            place_short: "TP. Hồ Chí Minh".into(),
            ..Issuer::default()
        },
        symbol: "TBPV".into(),
        series: "Giao ban tuần Tiểu ban Tổ chức phục vụ".into(),
        number: 5,
        begins: datetime(2025, 9, 26, 16, 0, 0, 0),
        ends: Some(datetime(2025, 9, 26, 17, 10, 0, 0)),
        place: "Phòng họp A".into(),
        chair: "Trưởng Tiểu ban".into(),
        secretary: "Tổ trưởng Tổ Thư ký".into(),
        present: vec!["Trưởng Tiểu ban".into(), "Chánh Văn phòng Thành ủy".into()],
        absent: vec![Absent { office: "Giám đốc Sở Y tế".into(), reason: "đi công tác".into() }],
        cutoff: Some(datetime(2025, 9, 25, 16, 0, 0, 0)),
        snapshot: "aa11".into(),
        items: vec![Item { title: "DB-01 quá hạn".into(), ..Item::default() }],
        conclusions: vec![
            Conclusion {
                number: 1,
                text: "Ban Tổ chức chốt danh sách".into(),
                unit: "Ban Tổ chức Thành ủy".into(),
                supports: vec!["Văn phòng Thành ủy".into()],
                deadline: "30/09/2025".into(),
                milestones: Vec::new(),
                result: "01 danh sách".into(),
                outcome: Outcome::Creates(vec!["PV-41".into()]),
            },
            Conclusion {
                number: 2,
                text: "- ghi nhận # báo cáo *".into(),
                unit: String::new(),
                supports: Vec::new(),
                deadline: String::new(),
                milestones: Vec::new(),
                result: String::new(),
                outcome: Outcome::Nothing,
            },
        ],
    }
}

/// All the words of a paper's body, a line for each block.
fn words(paper: &Paper) -> String {
    paper
        .body
        .iter()
        .map(|block| match block {
            Block::Heading(_, text) | Block::Basis(text) | Block::Paragraph(text) => text.words(),
            Block::Point(mark, text) => format!("{mark} {}", text.words()),
            Block::Table(table) => table
                .rows
                .iter()
                .map(|row| row.cells.iter().map(|cell| cell.text.words()).collect::<Vec<_>>().join(" | "))
                .collect::<Vec<_>>()
                .join("\n"),
            Block::Picture(_) => String::new(),
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn minutes_carry_two_signatures_and_every_field() {
    let draft = minutes(&Minutes { meeting: meeting(), ..Minutes::default() });
    let text = words(&draft);
    assert_eq!(draft.kind, Kind::Minutes);
    assert!(draft.title.as_deref().unwrap_or_default().contains("DỰ THẢO"));
    assert!(draft.date.is_none() && draft.foot.contains("chưa ký"));
    for part in [
        "Vào hồi 16 giờ 00 ngày 26 tháng 9 năm 2025, tại Phòng họp A",
        "Có mặt 02/3: Trưởng Tiểu ban; Chánh Văn phòng Thành ủy.",
        "Vắng mặt 01/3: Giám đốc Sở Y tế (đi công tác).",
        "chốt lúc 16 giờ 00 ngày 25 tháng 9 năm 2025",
        "1. Ban Tổ chức chốt danh sách. (chủ trì: Ban Tổ chức Thành ủy; phối hợp: Văn phòng Thành ủy; hạn: 30/09/2025; sản phẩm: 01 danh sách; giao nhiệm vụ PV-41).",
        "2. - ghi nhận # báo cáo *. (không phát sinh nhiệm vụ).",
        "kết thúc hồi 17 giờ 10 cùng ngày",
    ] {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
    let offices: Vec<&str> = draft.signatures.iter().map(|one| one.office.as_str()).collect();
    assert_eq!(offices, ["NGƯỜI GHI BIÊN BẢN", "CHỦ TRÌ HỘI NGHỊ"]);

    let at = datetime(2025, 9, 26, 17, 30, 0, 0);
    let signed =
        minutes(&Minutes { meeting: meeting(), signed: Some(at), hash: "0123abcd".into(), supplement: None });
    assert!(signed.title.is_none() && signed.foot.contains("0123abcd"));
    assert_eq!(signed.date, Some(date(2025, 9, 26)));

    let more = minutes(&Minutes {
        meeting: meeting(),
        signed: Some(at),
        hash: "ffff".into(),
        supplement: Some(Supplement {
            number: 1,
            corrections: vec![(Some(1), "hạn là 01/10/2025".into())],
            reason: "Ghi nhầm ngày".into(),
            original: "0123abcd".into(),
        }),
    });
    assert!(more.subject.starts_with("bổ sung số 01 vào biên bản"), "{}", more.subject);
    assert!(words(&more).contains("mã băm SHA-256: 0123abcd"));
    assert!(words(&more).contains("Kết luận 1: hạn là 01/10/2025."));
}

#[test]
fn a_notice_is_a_draft_until_it_has_number_and_day() {
    let mut facts = Notice {
        meeting: meeting(),
        layout_on: date(2025, 9, 26),
        signer: Signer {
            authority: Some((Authority::ByOrder, "Trưởng Tiểu ban".into())),
            office: "Tổ trưởng Tổ Thư ký".into(),
        },
        recipients: vec![
            "Thường trực Thành ủy (để báo cáo);".into(),
            "Lưu Văn phòng.".into(),
            "Ban Tổ chức Thành ủy".into(),
        ],
        hash: "0123abcd".into(),
        ..Notice::default()
    };
    let draft = notice(&facts);
    assert!(draft.title.as_deref().unwrap_or_default().contains("DỰ THẢO"));
    facts.number = Some(7);
    facts.issued = Some(date(2025, 9, 27));
    let issued = notice(&facts);
    assert!(issued.title.is_none());
    assert_eq!(issued.number.as_ref().map(|one| (one.number, one.symbol.as_str())), Some((Some(7), "TBPV")));
    assert_eq!(
        issued.subject,
        "kết luận của Trưởng Tiểu ban tại phiên giao ban tuần Tiểu ban Tổ chức phục vụ lần thứ 05"
    );
    // Each unit that is named receives it once; the archive comes last.
    assert_eq!(
        issued.recipients,
        ["Ban Tổ chức Thành ủy", "Thường trực Thành ủy (để báo cáo)", "Lưu Văn phòng"]
    );
    let [signature] = issued.signatures.as_slice() else { panic!("one signature") };
    assert_eq!(signature.authority, Some((Authority::ByOrder, "TRƯỞNG TIỂU BAN".into())));
    assert_eq!(signature.office, "TỔ TRƯỞNG TỔ THƯ KÝ");
    assert!(words(&issued).contains("Sau khi nghe báo cáo"));
}

#[test]
fn the_report_shows_each_share_with_its_whole_and_every_task_in_the_annex() {
    let line = |code: &str, timing, days, said: &str| Line {
        code: code.into(),
        what: "Rà soát danh sách".into(),
        unit: "Ban Tổ chức Thành ủy".into(),
        due: "24/09/2025".into(),
        timed: Timed { timing, days },
        said: said.into(),
    };
    let task = |stream: &str, code: &str| TaskRow {
        stream: stream.into(),
        code: code.into(),
        what: if code == "AN-01" { String::new() } else { "Việc".into() },
        ..TaskRow::default()
    };
    let facts = Report {
        issuer: meeting().issuer,
        symbol: "TBPV".into(),
        number: None,
        issued: None,
        layout_on: date(2025, 9, 25),
        series: "Giao ban tuần Tiểu ban Tổ chức phục vụ".into(),
        meeting: 5,
        as_of: datetime(2025, 9, 25, 16, 0, 0, 0),
        counts: TwoByTwo { done_in_time: 6, done_late: 2, open_in_time: 30, open_overdue: 2, outside: 0 },
        total: 40,
        shares: [Ratio::new(8, 40), Ratio::new(6, 8), Ratio::new(8, 10)],
        since: Some(datetime(2025, 9, 18, 16, 0, 0, 0)),
        changes: vec![
            Change { stream: "Đại biểu".into(), done: 0, overdue: 1, moved: 0 },
            Change { stream: "Tài chính".into(), done: 1, overdue: 0, moved: 3 },
        ],
        overdue: vec![line("DB-01", Timing::Overdue, 2, "còn 3 đảng bộ chưa xác nhận")],
        returned: vec![line("CN-01", Timing::DueSoon, 4, "")],
        next: vec![line("HC-01", Timing::DueToday, 0, "")],
        asks: vec![line("DB-01", Timing::Overdue, 2, "đề nghị Thường trực cho ý kiến")],
        rows: vec![task("Đại biểu", "DB-01"), task("An ninh", "AN-01"), task("An ninh", "AN-02")],
        signer: Signer::default(),
        recipients: Vec::new(),
        hash: "beef".into(),
    };
    let paper = report(&facts);
    let text = words(&paper);
    for part in [
        "Đã hoàn thành | 6/40 (15,0%) | 2/40 (5,0%) | 8/40 (20,0%)",
        "Chưa hoàn thành | 30/40 (75,0%) | 2/40 (5,0%) | 32/40 (80,0%)",
        "Tổng số | 36 | 4 | 40",
        "Hoàn thành trên tổng số: 8/40 (20,0%). Đúng hoặc trước hạn trên số đã hoàn thành: 6/8 (75,0%).",
        "So với lần chốt 18/9: Đại biểu mới quá hạn 01; Tài chính hoàn thành thêm 01, lùi hạn 03.",
        "quá hạn 2 ngày; hạn 24/09/2025); nguyên nhân: còn 3 đảng bộ chưa xác nhận.",
        ": chưa nêu nguyên nhân.",
        "1. Ban Tổ chức Thành ủy (DB-01): đề nghị Thường trực cho ý kiến.",
    ] {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
    let headings: Vec<String> = paper
        .body
        .iter()
        .filter_map(|block| match block {
            Block::Heading(2, text) => Some(text.words()),
            _ => None,
        })
        .collect();
    assert_eq!(headings, ["I- Kết quả", "II- Tồn tại, nguyên nhân", "III- Nhiệm vụ kỳ tới", "IV- Kiến nghị"]);
    let [annex] = paper.annexes.as_slice() else { panic!("one annex") };
    assert!(annex.landscape);
    let Some(Block::Table(table)) = annex.blocks.first() else { panic!("a table") };
    let rows: Vec<String> = table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| cell.text.words()).collect::<Vec<_>>().join("|"))
        .collect();
    assert!(rows[0].starts_with("I- Đại biểu") && rows[2].starts_with("II- An ninh"), "{rows:?}");
    assert!(rows[3].starts_with("2|AN-01|(nội dung theo dõi riêng)|"), "{rows:?}");
    assert!(paper.foot.contains("beef"));
}
