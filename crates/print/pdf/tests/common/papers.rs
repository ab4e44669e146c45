//! Documents to set: a notice of each profile, and what goes wrong most easily.
// words: data — documents as offices write them

#![allow(dead_code, missing_docs, reason = "tests")]

use jiff::civil::{Date, date};
use print::{
    Align, Annex, Authority, Block, BodyKind, Cell, Column, Issuer, Kind, Number, Paper, Row, RowKind,
    Signature, Table, Text, Width,
};

/// A day under each profile: HD 36, HD 05, Decree 30.
pub const PROFILES: [(BodyKind, Date); 3] = [
    (BodyKind::Party, date(2025, 9, 26)),
    (BodyKind::Party, date(2026, 9, 5)),
    (BodyKind::State, date(2026, 9, 5)),
];

pub const LONG: &str = "Văn phòng Thành ủy chủ trì, phối hợp Ban Quản lý dự án và Công an thành phố rà soát toàn bộ \
    phương án bảo đảm nguồn điện, đường truyền và phòng cháy, chữa cháy tại hội trường chính, mười hai phòng họp tổ \
    và bốn điểm cầu; báo cáo Trưởng Tiểu ban kết quả kiểm tra kèm biên bản thử tải trước ngày 05/10/2026";

pub fn notice(kind: BodyKind, on: Date) -> Paper {
    Paper {
        kind: Kind::Notice,
        title: None,
        issuer: Issuer {
            kind,
            parent: vec!["THÀNH ỦY TP. HỒ CHÍ MINH".into()],
            name: vec!["TIỂU BAN TỔ CHỨC".into(), "PHỤC VỤ ĐẠI HỘI".into()],
            place: "Thành phố Hồ Chí Minh".into(),
            place_short: "TP. Hồ Chí Minh".into(),
        },
        date: Some(on),
        layout_on: on,
        number: Some(Number { number: Some(7), symbol: "TBPV".into() }),
        subject: "kết luận của Trưởng Tiểu ban tại phiên giao ban tuần 05".into(),
        urgency: None,
        to: vec![],
        body: vec![
            Block::Paragraph(
                "Ngày 04/9/2026, Tiểu ban Tổ chức phục vụ Đại hội họp giao ban tuần 05 tại trụ sở Thành ủy. Sau khi \
                 nghe Tổ Thư ký báo cáo tình hình thực hiện kế hoạch và ý kiến các đơn vị, Trưởng Tiểu ban kết luận:"
                    .into(),
            ),
            Block::Point("1.".into(), Text::plain(LONG)),
            Block::Point("2.".into(), Text::bold("Sở Y tế").and(" chủ trì bố trí ba trạm y tế, trực từ 06:00.")),
            Block::Point("3.".into(), "Không phát sinh nhiệm vụ về lễ tân.".into()),
        ],
        signatures: vec![Signature {
            authority: Some((Authority::ByOrder, "TRƯỞNG TIỂU BAN".into())),
            office: "TỔ TRƯỞNG TỔ THƯ KÝ".into(),
            name: "Họ và tên".into(),
        }],
        recipients: vec!["Thường trực Thành ủy".into(), "Các thành viên Tiểu ban".into(), "Lưu Văn phòng".into()],
        foot: String::new(),
        annexes: vec![],
        duplex: true,
    }
}

/// A report with everything: sections, a table with groups and a sum, an annex on its side, a hash.
pub fn report(kind: BodyKind, on: Date) -> Paper {
    let mut paper = notice(kind, on);
    paper.kind = Kind::Report;
    paper.subject = "tình hình thực hiện nhiệm vụ phục vụ Đại hội đến ngày 26/9/2025".into();
    paper.body = vec![
        Block::Basis("Kế hoạch số 12-KH/TBPV ngày 01/8/2025 của Tiểu ban Tổ chức phục vụ Đại hội;".into()),
        Block::Heading(2, "I- Kết quả".into()),
        Block::Paragraph(LONG.into()),
        Block::Table(counts()),
        Block::Heading(3, "1. Theo dòng công việc".into()),
        Block::Paragraph(LONG.into()),
        Block::Heading(2, "II- Tồn tại, nguyên nhân".into()),
        Block::Paragraph(LONG.into()),
        Block::Point("a)".into(), LONG.into()),
        Block::Point("-".into(), LONG.into()),
        Block::Heading(2, "III- Nhiệm vụ kỳ tới".into()),
        Block::Paragraph(LONG.into()),
        Block::Heading(2, "IV- Kiến nghị".into()),
        Block::Paragraph(LONG.into()),
    ];
    paper.foot = "SHA-256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into();
    paper.annexes = vec![Annex {
        title: vec!["Phụ lục".into(), "Nhiệm vụ theo sáu rõ".into()],
        landscape: true,
        blocks: vec![Block::Table(six(40))],
    }];
    paper
}

pub fn counts() -> Table {
    let column = |width, align| Column { width, align };
    let row = |kind, cells: [&str; 4]| Row { kind, cells: cells.into_iter().map(Cell::from).collect() };
    Table {
        columns: vec![
            column(Width::Share(2), Align::Left),
            column(Width::Share(1), Align::Right),
            column(Width::Share(1), Align::Right),
            column(Width::Share(1), Align::Right),
        ],
        head: vec![["", "Đúng hạn", "Quá hạn", "Cộng"].into_iter().map(Cell::from).collect()],
        rows: vec![
            row(RowKind::Body, ["Đã hoàn thành", "7/40 = 17,5%", "1/40 = 2,5%", "8/40 = 20,0%"]),
            row(RowKind::Body, ["Chưa hoàn thành", "28/40 = 70,0%", "4/40 = 10,0%", "32/40 = 80,0%"]),
            row(RowKind::Total, ["Cộng", "35/40", "5/40", "40/40"]),
        ],
        size: 13.0,
    }
}

pub fn six(rows: usize) -> Table {
    let column = |width, align| Column { width, align };
    let mut all = Vec::new();
    for at in 0..rows {
        if at % 10 == 0 {
            all.push(Row {
                kind: RowKind::Group,
                cells: vec![Cell {
                    text: Text::plain(format!("{}. Dòng công việc {}", at / 10 + 1, at / 10 + 1)),
                    columns: 7,
                    rows: 1,
                }],
            });
        }
        all.push(Row {
            kind: RowKind::Body,
            cells: vec![
                format!("{}", at + 1).into(),
                format!("PV-{:02}", at + 1).into(),
                "Rà soát phương án bảo đảm nguồn điện, đường truyền hội trường chính".into(),
                "Văn phòng Thành ủy".into(),
                "Công an thành phố; Sở Xây dựng".into(),
                "05/10/2025".into(),
                "01 biên bản thử tải, Chánh Văn phòng nghiệm thu".into(),
            ],
        });
    }
    Table {
        columns: vec![
            column(Width::Mm(10.0), Align::Centre),
            column(Width::Mm(18.0), Align::Left),
            column(Width::Share(3), Align::Left),
            column(Width::Share(2), Align::Left),
            column(Width::Share(2), Align::Left),
            column(Width::Mm(24.0), Align::Centre),
            column(Width::Share(2), Align::Left),
        ],
        head: vec![
            ["TT", "Mã", "Nội dung công việc", "Chủ trì", "Phối hợp", "Thời hạn", "Sản phẩm"]
                .into_iter()
                .map(Cell::from)
                .collect(),
        ],
        rows: all,
        size: 11.0,
    }
}

/// Minutes: no number, two signatures, left who wrote, right who chaired.
pub fn minutes(kind: BodyKind, on: Date) -> Paper {
    let mut paper = notice(kind, on);
    let sign =
        |office: &str, name: &str| Signature { authority: None, office: office.into(), name: name.into() };
    paper.kind = Kind::Minutes;
    paper.number = None;
    paper.subject = "phiên giao ban tuần 05 của Tiểu ban Tổ chức phục vụ Đại hội".into();
    paper.signatures =
        vec![sign("NGƯỜI GHI BIÊN BẢN", "Nguyễn Văn A"), sign("CHỦ TRÌ HỘI NGHỊ", "Trần Thị B")];
    paper
}

/// A letter: its subject under the number, several it is addressed to, urgent.
pub fn letter(kind: BodyKind, on: Date) -> Paper {
    let mut paper = notice(kind, on);
    paper.kind = Kind::Letter;
    paper.subject = "đôn đốc tiến độ nhiệm vụ DB-05".into();
    paper.urgency = Some(print::Urgency::VeryUrgent);
    paper.to = vec!["Công an thành phố".into(), "Sở Y tế".into()];
    paper
}

/// A submission to one body.
pub fn submission(kind: BodyKind, on: Date) -> Paper {
    let mut paper = notice(kind, on);
    paper.kind = Kind::Submission;
    paper.subject = "lựa chọn địa điểm tổ chức Đại hội".into();
    paper.to = vec!["Ban Thường vụ Thành ủy".into()];
    paper
}

/// The congress itself, and a body inside it.
pub fn congress(on: Date) -> Paper {
    let mut paper = notice(BodyKind::Congress, on);
    paper.kind = Kind::Resolution;
    paper.issuer.parent = vec!["ĐẢNG BỘ THÀNH PHỐ HỒ CHÍ MINH".into()];
    paper.issuer.name = vec!["ĐẠI HỘI ĐẠI BIỂU".into(), "LẦN THỨ I".into()];
    paper.number = Some(Number { number: Some(1), symbol: "ĐH".into() });
    paper.signatures = vec![Signature {
        authority: Some((Authority::OnBehalf, "ĐOÀN CHỦ TỊCH".into())),
        office: String::new(),
        name: "Họ và tên".into(),
    }];
    paper
}
