//! The papers of venues: the comparison report with its annexes, the survey sheet for those without a phone, the
//! minutes of hand-over and hand-back.
// words: data — the text of official papers, Vietnamese in every language of the screen

use jiff::civil::Date;
use print::{
    Align, Annex, Block, Cell, Column, Issuer, Kind, Number, Paper, Picture, PictureFormat, Row, RowKind,
    Signature, Table, Text, Width,
};

use super::pages::view::{Choice, Contender};

/// Who issues a paper and when.
#[derive(Debug, Clone)]
pub struct Head {
    /// The body.
    pub issuer: Issuer,
    /// What stands in its numbers.
    pub symbol: String,
    /// The day whose layout rules are used.
    pub on: Date,
    /// The name of the congress.
    pub congress: String,
    /// The office that signs, in capitals.
    pub office: String,
}

impl Head {
    fn paper(self, kind: Kind, subject: String) -> Paper {
        Paper {
            kind,
            title: None,
            issuer: self.issuer,
            date: None,
            layout_on: self.on,
            number: None,
            subject,
            urgency: None,
            to: Vec::new(),
            body: Vec::new(),
            signatures: vec![Signature { authority: None, office: self.office, name: String::new() }],
            recipients: Vec::new(),
            foot: String::new(),
            annexes: Vec::new(),
            duplex: false,
        }
    }
}

fn share(share: u16) -> Column {
    Column { width: Width::Share(share), align: Align::Left }
}

fn mm(mm: f32, align: Align) -> Column {
    Column { width: Width::Mm(mm), align }
}

fn cells<const N: usize>(cells: [&str; N]) -> Vec<Cell> {
    cells.into_iter().map(|text| Cell::from(text.trim().to_owned())).collect()
}

fn body(cells: Vec<Cell>) -> Row {
    Row { kind: RowKind::Body, cells }
}

fn total(cells: Vec<Cell>) -> Row {
    Row { kind: RowKind::Total, cells }
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading(level, Text::bold(text))
}

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(Text::plain(text.into()))
}

fn dash(text: impl Into<String>) -> Block {
    Block::Point("-".to_owned(), Text::plain(text.into()))
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', ':', ';']) { text.to_owned() } else { format!("{text}.") }
}

/// What the report asks the deciding office for.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    /// The venue that is recommended, in words; empty while nobody recommends one.
    pub venue: String,
    /// Why.
    pub reason: String,
    /// Conditions that come with it.
    pub conditions: Vec<String>,
}

fn rank_words(one: &Contender) -> String {
    if one.ranked { format!("Thứ {}", one.rank) } else { "Không xếp hạng".to_owned() }
}

/// The report that compares the venues: result, gates, firmness, proposal; annexes with gates, scores, the working
/// of the way out and the sensitivity.
pub fn comparison(head: Head, choice: &Choice, proposal: &Proposal) -> Paper {
    let (symbol, congress) = (head.symbol.clone(), head.congress.clone());
    let mut paper = head
        .paper(Kind::Report, "kết quả khảo sát, chấm điểm và so sánh địa điểm tổ chức Đại hội".to_owned());
    paper.number = Some(Number { number: None, symbol });
    let mut out = vec![
        paragraph(format!(
            "Thực hiện kế hoạch chuẩn bị {congress}, Tổ khảo sát báo cáo kết quả khảo sát và so sánh {} địa điểm như sau:",
            choice.contenders.len()
        )),
        heading(2, "I- Kết quả"),
    ];
    if !choice.verdict.is_empty() {
        out.push(paragraph(sentence(&choice.verdict)));
    }
    out.push(Block::Table(Table {
        columns: vec![
            mm(12.0, Align::Centre),
            share(5),
            share(4),
            mm(24.0, Align::Right),
            mm(30.0, Align::Centre),
        ],
        head: vec![cells(["Mã", "Địa điểm", "Điều kiện bắt buộc", "Điểm", "Xếp hạng"])],
        rows: choice
            .contenders
            .iter()
            .map(|one| {
                let points = if one.ranked { one.total.as_str() } else { "–" };
                body(cells([&one.code, &one.name, &one.gate, points, &rank_words(one)]))
            })
            .collect(),
        size: 12.0,
    }));
    out.push(paragraph(format!("{} {}", sentence(&choice.round), sentence(&choice.scores_line))));
    out.push(heading(2, "II- Điều kiện bắt buộc"));
    out.push(paragraph(sentence(&choice.need)));
    for one in choice.contenders.iter().filter(|one| !one.why.is_empty()) {
        out.push(dash(format!("Địa điểm {} ({}): {}", one.code, one.name, sentence(&one.why.join("; ")))));
    }
    out.push(Block::Paragraph(Text::italic(choice.disclaimer.clone())));
    if let Some(sure) = &choice.sensitivity {
        out.push(heading(2, "III- Độ ổn định của kết quả"));
        out.extend(sure.words.iter().map(|line| dash(sentence(line))));
        out.push(Block::Picture(Picture {
            format: PictureFormat::Svg,
            data: sure.wide.clone().into_bytes(),
            width: 160.0,
            caption: sure.caption.clone(),
        }));
    }
    if !proposal.venue.is_empty() {
        out.push(heading(2, if choice.sensitivity.is_some() { "IV- Kiến nghị" } else { "III- Kiến nghị" }));
        out.push(paragraph(format!(
            "Tổ khảo sát đề xuất chọn {}. {}",
            proposal.venue,
            sentence(&proposal.reason)
        )));
        if !proposal.conditions.is_empty() {
            out.push(paragraph("Điều kiện kèm theo:"));
            out.extend(proposal.conditions.iter().map(|one| dash(sentence(one))));
        }
    }
    out.push(paragraph(
        "Đề xuất của Tổ khảo sát không phải là quyết định; việc chọn địa điểm do cơ quan có thẩm quyền kết luận.",
    ));
    paper.body = out;
    paper.recipients = vec!["Cơ quan có thẩm quyền (để kết luận);".to_owned(), "Lưu Văn phòng.".to_owned()];
    paper.annexes = annexes(choice);
    paper
}

fn annexes(choice: &Choice) -> Vec<Annex> {
    let venue_heads =
        || choice.contenders.iter().map(|one| Cell::from(format!("{} – {}", one.code, one.name)));
    let venues = || choice.contenders.iter().map(|_| share(3));
    let mut annexes = vec![
        Annex {
            title: vec!["PHỤ LỤC 1".to_owned(), "Điều kiện bắt buộc của từng địa điểm".to_owned()],
            landscape: true,
            blocks: vec![
                Block::Table(Table {
                    columns: std::iter::once(share(2)).chain(venues()).collect(),
                    head: vec![std::iter::once(Cell::from("Điều kiện")).chain(venue_heads()).collect()],
                    rows: choice
                        .gates
                        .iter()
                        .map(|row| {
                            let results = row.cells.iter().map(|cell| {
                                let detail = if cell.detail.is_empty() {
                                    String::new()
                                } else {
                                    format!(": {}", cell.detail)
                                };
                                Cell::from(Text::bold(cell.word.clone()).and(detail))
                            });
                            body(std::iter::once(Cell::from(row.name.clone())).chain(results).collect())
                        })
                        .collect(),
                    size: 12.0,
                }),
                Block::Paragraph(Text::italic(choice.disclaimer.clone())),
            ],
        },
        Annex {
            title: vec!["PHỤ LỤC 2".to_owned(), "Điểm theo tiêu chí".to_owned()],
            landscape: true,
            blocks: vec![Block::Table(scores(choice)), paragraph(sentence(&choice.weights_line))],
        },
    ];
    let mut blocks = Vec::new();
    for one in &choice.egress {
        blocks.push(heading(3, &format!("{} – {}: {}", one.code, one.space, one.word)));
        blocks.push(Block::Table(Table {
            columns: vec![mm(10.0, Align::Centre), share(3), share(2)],
            head: vec![cells(["TT", "Cách tính", "Căn cứ"])],
            rows: one
                .work
                .iter()
                .zip(1..)
                .map(|(line, at)| {
                    let line = cells([&format!("{at}"), &line.text, &line.clause]);
                    if at == one.work.len() { total(line) } else { body(line) }
                })
                .collect(),
            size: 12.0,
        }));
        blocks.extend(one.found.iter().map(|found| dash(format!("{} ({})", found.text, found.clause))));
    }
    if !blocks.is_empty() {
        blocks.push(Block::Paragraph(Text::italic(choice.disclaimer.clone())));
        annexes.push(Annex {
            title: vec!["PHỤ LỤC 3".to_owned(), "Cách tính sức thoát và sức chứa an toàn".to_owned()],
            landscape: false,
            blocks,
        });
    }
    if let Some(sure) = &choice.sensitivity {
        annexes.push(Annex {
            title: vec![format!("PHỤ LỤC {}", annexes.len() + 1), "Độ nhạy theo từng trọng số".to_owned()],
            landscape: false,
            blocks: vec![Block::Table(Table {
                columns: vec![share(3), mm(26.0, Align::Right), mm(26.0, Align::Right), share(3)],
                head: vec![cells([
                    "Tiêu chí",
                    "Cách biệt khi giảm 50 %",
                    "Cách biệt khi tăng 50 %",
                    "Điểm lật",
                ])],
                rows: sure
                    .rows
                    .iter()
                    .map(|row| body(cells([&row.label, &row.less, &row.more, &row.flip])))
                    .collect(),
                size: 12.0,
            })],
        });
    }
    annexes
}

fn scores(choice: &Choice) -> Table {
    let columns = [share(6), mm(20.0, Align::Right)]
        .into_iter()
        .chain(choice.contenders.iter().flat_map(|_| [mm(20.0, Align::Right), mm(20.0, Align::Right)]))
        .collect();
    let first = |text: &str| Cell { text: Text::plain(text), columns: 1, rows: 2 };
    let names = choice.contenders.iter().map(|one| {
        let words = if one.ranked {
            format!("{} – {}", one.code, one.name)
        } else {
            format!("{} (tham khảo)", one.code)
        };
        Cell { text: Text::plain(words), columns: 2, rows: 1 }
    });
    let heads = choice.contenders.iter().flat_map(|_| [Cell::from("Điểm"), Cell::from("Nhân trọng số")]);
    let mut rows: Vec<Row> = choice
        .scores
        .iter()
        .map(|row| {
            let scores = row.cells.iter().flat_map(|cell| {
                let mean = if cell.mean.is_empty() { "–" } else { cell.mean.as_str() };
                [Cell::from(mean), Cell::from(cell.weighted.as_str())]
            });
            let name = [Cell::from(format!("{}. {}", row.code, row.name)), Cell::from(row.weight.clone())];
            body(name.into_iter().chain(scores).collect())
        })
        .collect();
    let sums = choice.contenders.iter().flat_map(|one| {
        let sum = match (one.total.is_empty(), one.ranked) {
            (true, _) => "–".to_owned(),
            (false, true) => one.total.clone(),
            (false, false) => format!("({})", one.total),
        };
        [Cell::default(), Cell::from(Text::bold(sum))]
    });
    let name =
        [Cell::from(Text::bold("Tổng (thang 10)")), Cell::from(Text::bold(choice.weight_total.clone()))];
    rows.push(total(name.into_iter().chain(sums).collect()));
    Table {
        columns,
        head: vec![
            [first("Tiêu chí"), first("Trọng số (%)")].into_iter().chain(names).collect(),
            heads.collect(),
        ],
        rows,
        size: 12.0,
    }
}

/// A line of the survey sheet.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The code.
    pub code: String,
    /// The criterion or gate, and the evidence that is asked for.
    pub name: String,
    /// What 10, 5 and 0 mean; empty for a gate.
    pub anchors: Vec<(String, String)>,
}

/// The survey sheet for paper: gates, measured exits, criteria with their anchors, all to be filled in by pen.
pub fn sheet(head: Head, site: &str, gates: &[Asked], spaces: &[String], criteria: &[Asked]) -> Paper {
    let mut paper = head.paper(Kind::Minutes, format!("địa điểm {site}"));
    paper.title = Some("PHIẾU KHẢO SÁT".to_owned());
    let mut out = vec![
        paragraph("Người khảo sát (chức danh): ……………………………………………………"),
        paragraph("Ngày, giờ: ……………………………………………………………………………"),
        paragraph(
            "Mỗi người một phiếu, không trao đổi điểm trước khi nộp. Ghi xong thì nhập vào phiếu trên máy.",
        ),
    ];
    if !gates.is_empty() {
        out.push(heading(2, "I- Điều kiện bắt buộc"));
        out.push(Block::Table(Table {
            columns: vec![mm(14.0, Align::Centre), share(3), mm(40.0, Align::Left), share(3)],
            head: vec![cells(["Mã", "Điều kiện", "Kết quả (khoanh)", "Căn cứ, điều kiện kèm theo"])],
            rows: gates
                .iter()
                .map(|one| {
                    body(cells([&one.code, &one.name, "Đạt / Có điều kiện / Không đạt / Chưa có", ""]))
                })
                .collect(),
            size: 12.0,
        }));
    }
    for space in spaces {
        out.push(heading(2, &format!("Lối ra của {space} (đo bề rộng và chiều cao thông thủy)")));
        out.push(Block::Table(Table {
            columns: vec![share(3), share(3), mm(26.0, Align::Left), mm(26.0, Align::Left)],
            head: vec![cells(["Lối ra", "Dẫn ra đâu", "Rộng (m)", "Cao (m)"])],
            rows: (0..5).map(|_| body(cells(["\u{a0}", "", "", ""]))).collect(),
            size: 12.0,
        }));
    }
    out.push(heading(2, "II- Chấm điểm (0 đến 10)"));
    out.push(Block::Table(Table {
        columns: vec![mm(14.0, Align::Centre), share(5), mm(16.0, Align::Centre), share(3)],
        head: vec![cells(["Mã", "Tiêu chí và thang điểm", "Điểm", "Nhận xét, số ảnh"])],
        rows: criteria
            .iter()
            .map(|one| {
                let anchors: Vec<String> =
                    one.anchors.iter().map(|(value, words)| format!("{value}: {words}")).collect();
                let text = Text::bold(one.name.clone()).and(format!(". {}", anchors.join("; ")));
                body(vec![Cell::from(one.code.clone()), Cell::from(text), Cell::default(), Cell::default()])
            })
            .collect(),
        // One sheet of paper, both sides.
        size: 11.0,
    }));
    paper.body = out;
    paper.signatures =
        vec![Signature { authority: None, office: "NGƯỜI KHẢO SÁT".to_owned(), name: String::new() }];
    paper
}

/// A photograph that proves a condition.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// What it shows.
    pub caption: String,
    /// When, in words.
    pub at: String,
    /// SHA-256 of its bytes.
    pub sha: String,
    /// Its bytes, JPEG.
    pub jpeg: Vec<u8>,
}

/// What a hand-over or a hand-back says.
#[derive(Debug, Clone, Default)]
pub struct Handed {
    /// The venue.
    pub site: String,
    /// Its address.
    pub address: String,
    /// When, in words.
    pub at: String,
    /// True for the hand-back.
    pub back: bool,
    /// Who gives.
    pub giver: String,
    /// Who takes.
    pub taker: String,
    /// The condition, room by room, meters, keys, as it was written.
    pub condition: Vec<String>,
    /// Photographs.
    pub photos: Vec<Proof>,
}

/// The minutes of a hand-over or a hand-back, each photograph with its hash.
pub fn handover(head: Head, handed: &Handed) -> Paper {
    let what = if handed.back { "hoàn trả" } else { "bàn giao" };
    let mut paper = head.paper(Kind::Minutes, format!("{what} địa điểm {}", handed.site));
    let mut out = vec![
        paragraph(format!("Vào lúc {}, tại {}, hai bên gồm:", handed.at, handed.address)),
        dash(format!("Bên giao: {}.", handed.giver)),
        dash(format!("Bên nhận: {}.", handed.taker)),
        paragraph(format!("Đã cùng kiểm tra và {what} địa điểm với hiện trạng sau:")),
    ];
    out.extend(
        handed
            .condition
            .iter()
            .zip(1..)
            .map(|(line, at)| Block::Point(format!("{at}."), Text::plain(sentence(line)))),
    );
    if !handed.photos.is_empty() {
        out.push(paragraph(format!(
            "Kèm theo {} ảnh hiện trạng ở phụ lục; mã băm SHA-256 của từng ảnh là căn cứ đối chiếu khi hoàn trả.",
            handed.photos.len()
        )));
    }
    out.push(paragraph("Biên bản lập thành hai bản có giá trị như nhau, mỗi bên giữ một bản."));
    paper.body = out;
    paper.signatures = ["BÊN GIAO", "BÊN NHẬN"]
        .map(|office| Signature { authority: None, office: office.to_owned(), name: String::new() })
        .to_vec();
    if !handed.photos.is_empty() {
        let mut blocks = Vec::new();
        for (photo, at) in handed.photos.iter().zip(1..) {
            blocks.push(Block::Picture(Picture {
                format: PictureFormat::Jpeg,
                data: photo.jpeg.clone(),
                width: 120.0,
                caption: format!("Ảnh {at}: {} ({})", photo.caption, photo.at),
            }));
            blocks.push(Block::Paragraph(Text::italic(format!("SHA-256: {}", photo.sha))));
        }
        paper.annexes = vec![Annex {
            title: vec!["PHỤ LỤC".to_owned(), "Ảnh hiện trạng".to_owned()],
            landscape: false,
            blocks,
        }];
    }
    paper
}
