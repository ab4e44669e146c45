//! Specimens: one paper of each type as the office would see it, of a fictional city. For the gallery, for looking
//! at, and for the tests that hold every layout to its rule.
// words: data — a specimen is document content

use jiff::civil::Date;

use crate::{
    paper::{
        Align, Annex, Authority, Block, BodyKind, Cell, Column, Issuer, Kind, Number, Paper, Picture,
        PictureFormat, Row, RowKind, Signature, Table, Text, Width,
    },
    parts, profile,
};

/// The smallest picture there is, for papers that must show one.
const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc```\0\0\0\x04\0\x01\xf6\x178U\0\0\0\0IEND\xaeB`\x82";

/// The subcommittee, its congress, or a department of the same city.
pub fn issuer(kind: BodyKind) -> Issuer {
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    let (parent, name): (Vec<String>, Vec<String>) = match kind {
        BodyKind::Party => {
            (lines(&["THÀNH ỦY TP. HỒ CHÍ MINH"]), lines(&["TIỂU BAN TỔ CHỨC", "PHỤC VỤ ĐẠI HỘI"]))
        }
        BodyKind::Congress => (
            lines(&["ĐẢNG BỘ", "THÀNH PHỐ HỒ CHÍ MINH"]),
            lines(&["ĐẠI HỘI ĐẠI BIỂU", "LẦN THỨ I, NHIỆM KỲ 2025 - 2030"]),
        ),
        BodyKind::State => (lines(&["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HỒ CHÍ MINH"]), lines(&["SỞ NỘI VỤ"])),
    };
    Issuer {
        kind,
        parent,
        name,
        place: "Thành phố Hồ Chí Minh".into(),
        place_short: "TP. Hồ Chí Minh".into(),
    }
}

/// A paper of a type, issued on a day.
pub fn paper(kind: Kind, body: BodyKind, on: Date) -> Paper {
    let symbol = match body {
        BodyKind::Party => "TBPV",
        BodyKind::Congress => "ĐH",
        BodyKind::State => "SNV",
    };
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut paper = Paper {
        kind,
        title: None,
        issuer: issuer(body),
        date: Some(on),
        layout_on: on,
        number: Some(Number { number: Some(7), symbol: symbol.into() }),
        subject: subject(kind).into(),
        urgency: None,
        to: vec![],
        body: text(kind),
        signatures: vec![Signature {
            authority: Some((Authority::ByOrder, "TRƯỞNG TIỂU BAN".into())),
            office: "TỔ TRƯỞNG TỔ THƯ KÝ".into(),
            name: "Họ và tên".into(),
        }],
        recipients: texts(&["Thường trực Thành ủy (để báo cáo)", "Các thành viên Tiểu ban", "Lưu Văn phòng"]),
        foot: String::new(),
        annexes: vec![],
        duplex: true,
    };
    if matches!(kind, Kind::Letter | Kind::Submission | Kind::Summons | Kind::Invitation) {
        paper.recipients[0] = "Như trên".into();
    }
    match kind {
        Kind::Letter => paper.to = texts(&["Công an Thành phố", "Sở Y tế"]),
        Kind::Submission => paper.to = texts(&["Ban Thường vụ Thành ủy"]),
        Kind::Summons | Kind::Invitation => paper.to = texts(&["Đại biểu dự Đại hội"]),
        Kind::Minutes => {
            paper.number = None;
            paper.recipients = vec![];
            paper.signatures = ["NGƯỜI GHI BIÊN BẢN", "CHỦ TRÌ HỘI NGHỊ"]
                .map(|office| Signature {
                    office: office.into(),
                    name: "Họ và tên".into(),
                    ..Signature::default()
                })
                .to_vec();
            paper.foot = "Mã băm nội dung đã ký: 3f9a 10c2 77de 5b04".into();
        }
        Kind::Report => paper.annexes.push(annex()),
        Kind::Notice => paper.foot = "Mã băm nội dung đã ký: 3f9a 10c2 77de 5b04".into(),
        _ => {}
    }
    paper
}

fn subject(kind: Kind) -> &'static str {
    match kind {
        Kind::Letter => "về việc phân luồng giao thông quanh địa điểm Đại hội",
        Kind::Notice => "kết luận của Trưởng Tiểu ban tại phiên giao ban tuần 05",
        Kind::Minutes => "phiên giao ban tuần 05 của Tiểu ban",
        Kind::Report => "tiến độ chuẩn bị và phục vụ Đại hội, tuần 05",
        Kind::Decision => "thành lập Tổ giúp việc Tiểu ban",
        Kind::Submission => "đề nghị chọn địa điểm tổ chức Đại hội",
        _ => "công tác chuẩn bị và phục vụ Đại hội",
    }
}

fn text(kind: Kind) -> Vec<Block> {
    let mut blocks = Vec::new();
    if matches!(kind, Kind::Decision | Kind::Resolution | Kind::Plan) {
        blocks.push(Block::Basis("- Căn cứ Quy chế làm việc của Tiểu ban;".into()));
        blocks.push(Block::Basis("- Xét đề nghị của Tổ thư ký,".into()));
    }
    blocks.push(Block::Paragraph(
        "Ngày 04/9, Trưởng Tiểu ban chủ trì phiên giao ban tuần 05. Sau khi nghe Tổ thư ký báo cáo, ý kiến của các \
         thành viên, Trưởng Tiểu ban kết luận như sau:"
            .into(),
    ));
    if kind == Kind::Report {
        blocks.push(Block::Heading(2, Text::plain(parts::section(1, "Kết quả"))));
        blocks.push(Block::Paragraph(
            "Đến 16 giờ ngày 04/9: 27/40 nhiệm vụ đúng tiến độ, 3/40 quá hạn.".into(),
        ));
        blocks.push(Block::Heading(2, Text::plain(parts::section(2, "Tồn tại, nguyên nhân"))));
        blocks.push(Block::Paragraph("Hai đơn vị chậm báo cáo do chưa thống nhất đầu mối.".into()));
        blocks.push(Block::Heading(2, Text::plain(parts::section(3, "Nhiệm vụ kỳ tới"))));
    }
    blocks.push(Block::Point(
        "1.".into(),
        Text::bold("Văn phòng Thành ủy")
            .and(" chủ trì hoàn chỉnh phương án đón tiếp, trình trước ngày 12/9."),
    ));
    blocks.push(Block::Point(
        "2.".into(),
        "Công an Thành phố phối hợp khảo sát lối thoát nạn tại địa điểm dự kiến, báo cáo trước ngày 15/9."
            .into(),
    ));
    if matches!(kind, Kind::Report | Kind::Scheme) {
        blocks.push(table());
        blocks.push(Block::Picture(Picture {
            format: PictureFormat::Png,
            data: DOT.to_vec(),
            width: 40.0,
            caption: "Sơ đồ hội trường".into(),
        }));
    }
    blocks.push(Block::Paragraph(
        "Các đơn vị triển khai thực hiện, báo cáo kết quả tại phiên giao ban sau.".into(),
    ));
    blocks
}

fn table() -> Block {
    let column = |width, align| Column { width, align };
    let row = |kind, cells: [&str; 3]| Row { kind, cells: cells.map(Cell::from).to_vec() };
    Block::Table(Table {
        columns: vec![
            column(Width::Mm(12.0), Align::Centre),
            column(Width::Share(3), Align::Left),
            column(Width::Share(1), Align::Right),
        ],
        head: vec![["TT", "Đơn vị chủ trì", "Số nhiệm vụ"].map(|text| Cell::from(Text::bold(text))).to_vec()],
        rows: vec![
            Row { kind: RowKind::Group, cells: vec![Cell { columns: 3, ..Cell::from("Hậu cần") }] },
            row(RowKind::Body, ["1", "Văn phòng Thành ủy", "23"]),
            row(RowKind::Body, ["2", "Công an Thành phố", "17"]),
            row(RowKind::Total, ["", "Cộng", "40"]),
        ],
        size: 12.0,
    })
}

fn annex() -> Annex {
    let heads =
        ["TT", "Rõ việc", "Rõ người", "Rõ thời gian", "Rõ trách nhiệm", "Rõ thẩm quyền", "Rõ kết quả"];
    let columns = heads
        .iter()
        .enumerate()
        .map(|(at, _)| Column {
            width: if at == 0 { Width::Mm(12.0) } else { Width::Share(if at == 1 { 3 } else { 2 }) },
            align: if at == 0 { Align::Centre } else { Align::Left },
        })
        .collect();
    let cells = [
        "1",
        "Hoàn chỉnh phương án đón tiếp",
        "Văn phòng",
        "12/9/2026",
        "Chánh Văn phòng",
        "Trưởng Tiểu ban",
    ];
    Annex {
        title: vec!["PHỤ LỤC".into(), "Bảng nhiệm vụ theo sáu rõ".into()],
        landscape: true,
        blocks: vec![Block::Table(Table {
            columns,
            head: vec![heads.map(|text| Cell::from(Text::bold(text))).to_vec()],
            rows: vec![Row {
                kind: RowKind::Body,
                cells: cells.into_iter().chain(["Phương án được duyệt"]).map(Cell::from).collect(),
            }],
            size: 11.0,
        })],
    }
}

/// Every type in every profile that has it: the name of a file, and the paper.
pub fn all() -> Vec<(String, Paper)> {
    let mut list = Vec::new();
    for rule in profile::all() {
        let (body, on) = match rule.id.as_str() {
            "hd-05" => (BodyKind::Party, Date::constant(2026, 9, 5)),
            "hd-36" => (BodyKind::Congress, Date::constant(2025, 9, 26)),
            _ => (BodyKind::State, Date::constant(2026, 2, 3)),
        };
        for kind in parts::KINDS {
            let paper = paper(kind, body, on);
            let name = parts::title(&paper).unwrap_or_else(|| "CÔNG VĂN".to_owned()).to_lowercase();
            list.push((format!("{}-{}", rule.id, name.replace(' ', "-")), paper));
        }
    }
    list
}
