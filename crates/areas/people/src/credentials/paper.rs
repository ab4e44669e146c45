//! Báo cáo thẩm tra tư cách đại biểu, in the Party layout (preparation reference 3.4 (5)).
// words: data — official documents are issued in Vietnamese, whatever the language of the page

use jiff::{Timestamp, civil::Date};
use platform::{
    clock,
    i18n::{self, IntoArg as _, Lang, fmt, key},
    papers::Body,
};
use print::{
    Align, Block, BodyKind, Cell, Column, Issuer, Kind, Number, Paper, Picture, PictureFormat, Row, RowKind,
    Signature, Table, Text, Width,
};
use rules::count::Ratio;

use super::{
    chart::{Bar, bars},
    figures::{By, End, Figures, Part},
    model::{Content, Outcome},
};

/// What the report is about.
pub const SUBJECT: &str = "thẩm tra tư cách đại biểu dự Đại hội";
/// Names of those at the end of a scale, at most.
const MOST_NAMES: usize = 5;

/// What stands around the words.
pub struct Head<'a> {
    /// The registered body; the committee itself when none.
    pub body: Option<&'a Body>,
    /// Its number.
    pub number: Option<u32>,
    /// The day of issue.
    pub on: Date,
    /// The hash of what was counted.
    pub hash: &'a str,
}

/// The usual conclusion.
pub fn usual_conclusion(summoned: u64, not_qualified: u64) -> String {
    let fit = summoned.saturating_sub(not_qualified);
    let more = if not_qualified > 0 {
        format!(
            " Ban Thẩm tra tư cách đại biểu đề nghị Đại hội xem xét bác tư cách đối với {not_qualified} trường hợp nêu tại mục III."
        )
    } else {
        String::new()
    };
    format!(
        "Căn cứ Điều lệ Đảng, Quy chế bầu cử trong Đảng và kết quả thẩm tra, {fit}/{summoned} đại biểu được triệu tập đủ tư cách dự Đại hội.{more} Kính trình Đại hội xem xét, biểu quyết công nhận tư cách đại biểu"
    )
}

/// `99,82%`.
fn percent(hundredths: u32) -> String {
    format!("{},{:02}%", hundredths / 100, hundredths % 100)
}

fn moment(at: Timestamp) -> String {
    let at = clock::local(at);
    format!("{:02} giờ {:02} ngày {}", at.hour(), at.minute(), fmt::date(at.date()))
}

/// The words of a part in a language.
pub fn part_words(lang: Lang, by: By, part: &str) -> String {
    if part.is_empty() {
        let words =
            if by == By::Group { key("credentials-part-no-group") } else { key("credentials-part-none") };
        return i18n::t(lang, words).into_owned();
    }
    match by {
        By::Presence | By::Standing | By::Sex => {
            i18n::t(lang, &format!("credentials-part-{part}")).into_owned()
        }
        By::Group => i18n::tr(lang, key("credentials-part-group"), &[("no", part.arg())]),
        By::Age => match part.split_once('-') {
            Some(("", to)) => {
                let under = to.parse::<u16>().map_or_else(|_| to.to_owned(), |to| (to + 1).to_string());
                i18n::tr(lang, key("credentials-part-under"), &[("age", under.arg())])
            }
            Some((from, "")) => {
                let over =
                    from.parse::<u16>().map_or_else(|_| from.to_owned(), |from| (from - 1).to_string());
                i18n::tr(lang, key("credentials-part-over"), &[("age", over.arg())])
            }
            Some((from, to)) => {
                i18n::tr(lang, key("credentials-part-band"), &[("from", from.arg()), ("to", to.arg())])
            }
            None => part.to_owned(),
        },
        _ => part.to_owned(),
    }
}

/// The chart of a division.
pub fn chart(lang: Lang, by: By, parts: &[Part]) -> String {
    let title = i18n::t(lang, &format!("credentials-by-{by}"));
    let all: Vec<Bar> = parts
        .iter()
        .map(|part| Bar {
            label: part_words(lang, by, &part.key),
            value: part.count,
            words: format!("{} ({})", part.count, percent(part.percent)),
        })
        .collect();
    bars(&title, &all)
}

/// The divisions that have a chart.
pub const CHARTED: [By; 4] = [By::Standing, By::Sex, By::Age, By::Group];

fn heading(text: &str) -> Block {
    Block::Heading(2, Text::bold(text))
}

fn say(text: impl Into<String>) -> Block {
    Block::Paragraph(Text::plain(text.into()))
}

fn column(width: Width, align: Align) -> Column {
    Column { width, align }
}

fn table(figures: &Figures, by: By) -> Block {
    let mut adjusted = false;
    let mut rows: Vec<Row> = figures
        .by(by)
        .iter()
        .map(|part| {
            adjusted |= part.adjusted != 0;
            let mark = if part.adjusted == 0 { "" } else { " *" };
            Row {
                kind: RowKind::Body,
                cells: vec![
                    part_words(Lang::Vi, by, &part.key).into(),
                    part.count.to_string().into(),
                    format!("{}{mark}", percent(part.percent)).into(),
                ],
            }
        })
        .collect();
    rows.push(Row {
        kind: RowKind::Total,
        cells: vec!["Tổng số".into(), figures.summoned.to_string().into(), "100,00%".into()],
    });
    Block::Table(Table {
        columns: vec![
            column(Width::Share(6), Align::Left),
            column(Width::Share(2), Align::Right),
            column(Width::Share(2), Align::Right),
        ],
        head: vec![
            [i18n::t(Lang::Vi, &format!("credentials-by-{by}")).as_ref(), "Số đại biểu", "Tỷ lệ"]
                .into_iter()
                .map(|word| Cell::from(Text::bold(word)))
                .collect(),
        ],
        rows,
        size: 12.0,
    })
}

fn picture(figures: &Figures, by: By) -> Block {
    let title = i18n::t(Lang::Vi, &format!("credentials-by-{by}"));
    Block::Picture(Picture {
        format: PictureFormat::Svg,
        data: chart(Lang::Vi, by, figures.by(by)).into_bytes(),
        width: 140.0,
        caption: format!("Biểu đồ: {} ({} đại biểu được triệu tập)", title, figures.summoned),
    })
}

fn end(words: &str, end: Option<&End>) -> Option<String> {
    let end = end?;
    let names: Vec<&str> = end.who.iter().take(MOST_NAMES).map(String::as_str).collect();
    let more = end.who.len().saturating_sub(MOST_NAMES);
    let more = if more > 0 { format!(" và {more} đại biểu khác") } else { String::new() };
    Some(format!("{words}: {} năm ({}{more})", end.years, names.join(", ")))
}

fn ratio(part: u64, whole: u64) -> String {
    match Ratio::new(part, whole).percent(2, ',') {
        Some(share) => format!("{part}/{whole} ({share}%)"),
        None => format!("{part}/{whole}"),
    }
}

fn groups(figures: &Figures) -> Block {
    let tally = |name: String, kind, of: &rules::attendance::Tally| Row {
        kind,
        cells: vec![
            name.into(),
            of.summoned.to_string().into(),
            ratio(of.present, of.summoned).into(),
            of.with_leave.to_string().into(),
            of.without_leave.to_string().into(),
        ],
    };
    let mut rows: Vec<Row> = figures
        .groups
        .iter()
        .map(|group| {
            let no = group.no.map(|no| no.to_string()).unwrap_or_default();
            tally(part_words(Lang::Vi, By::Group, &no), RowKind::Body, &group.tally)
        })
        .collect();
    rows.push(tally("Tổng số".to_owned(), RowKind::Total, &figures.tally));
    Block::Table(Table {
        columns: vec![
            column(Width::Share(4), Align::Left),
            column(Width::Share(3), Align::Right),
            column(Width::Share(5), Align::Right),
            column(Width::Share(3), Align::Right),
            column(Width::Share(3), Align::Right),
        ],
        head: vec![
            ["Tổ đại biểu", "Triệu tập", "Có mặt", "Vắng có lý do", "Vắng không lý do"]
                .into_iter()
                .map(|word| Cell::from(Text::bold(word)))
                .collect(),
        ],
        rows,
        size: 12.0,
    })
}

fn structure(figures: &Figures) -> Vec<Block> {
    let of = figures.summoned;
    let mut out = vec![
        heading("II- Cơ cấu đại biểu"),
        say(format!(
            "Tỷ lệ tính trên tổng số {of} đại biểu được triệu tập, làm tròn đến hai chữ số thập phân; tuổi tính đến ngày {}. Dấu * chỉ phần được cộng hoặc trừ số dư làm tròn để tổng bằng 100,00%.",
            fmt::date(figures.on)
        )),
    ];
    let all = [
        By::Standing,
        By::Sex,
        By::Age,
        By::Ethnicity,
        By::Schooling,
        By::Qualification,
        By::Theory,
        By::Occupation,
    ];
    for (place, by) in (1..).zip(all) {
        let title = i18n::t(Lang::Vi, &format!("credentials-by-{by}"));
        out.push(Block::Heading(3, Text::bold(format!("{place}. {title}"))));
        out.push(table(figures, by));
        if by == By::Age {
            let mean =
                figures.mean_tenths.map(|tenths| format!("Tuổi bình quân: {},{}", tenths / 10, tenths % 10));
            let ages = [
                mean,
                end("Tuổi cao nhất", figures.oldest.as_ref()).map(|text| text.replace(" năm (", " tuổi (")),
                end("Tuổi thấp nhất", figures.youngest.as_ref())
                    .map(|text| text.replace(" năm (", " tuổi (")),
                end("Tuổi Đảng cao nhất", figures.party_most.as_ref()),
                end("Tuổi Đảng thấp nhất", figures.party_least.as_ref()),
            ];
            out.extend(
                ages.into_iter().flatten().map(|text| Block::Point("-".to_owned(), Text::plain(text + "."))),
            );
        }
        if CHARTED.contains(&by) {
            out.push(picture(figures, by));
        }
    }
    let mut more: Vec<String> = figures
        .titles
        .iter()
        .map(|(title, count)| format!("Học hàm {title}: {}", ratio(*count, of)))
        .collect();
    more.extend(
        figures
            .badges
            .iter()
            .map(|(years, count)| format!("Huy hiệu {years} năm tuổi Đảng: {}", ratio(*count, of))),
    );
    if !more.is_empty() {
        out.push(Block::Heading(3, Text::bold("9. Học hàm, Huy hiệu Đảng")));
        out.extend(more.into_iter().map(|text| Block::Point("-".to_owned(), Text::plain(text + "."))));
    }
    out
}

/// The report.
pub fn report(content: &Content, head: &Head<'_>) -> Paper {
    let figures = &content.figures;
    let tally = &figures.tally;
    let of = figures.summoned;
    let mut body = vec![
        Block::Basis(Text::plain(format!(
            "Danh sách đại biểu được chốt lần {} lúc {}, mã băm SHA-256 {}…;",
            content.freeze,
            moment(content.frozen_at),
            content.freeze_hash.get(..16).unwrap_or_default()
        ))),
        Block::Basis(Text::plain(format!(
            "Kết quả điểm danh {} đến {}.",
            content.session_title,
            moment(content.as_of)
        ))),
        heading("I- Tình hình đại biểu"),
        say(format!(
            "Tổng số đại biểu được triệu tập: {of}; trong đó đương nhiên {}, được bầu {}, chỉ định {}.",
            ratio(figures.of(By::Standing, "duong_nhien"), of),
            ratio(figures.of(By::Standing, "duoc_bau"), of),
            ratio(figures.of(By::Standing, "chi_dinh"), of)
        )),
        say(format!(
            "Có mặt {}; vắng có lý do {}; vắng không lý do {}.",
            ratio(tally.present, of),
            ratio(tally.with_leave, of),
            ratio(tally.without_leave, of)
        )),
        groups(figures),
        picture(figures, By::Group),
    ];
    body.extend(structure(figures));
    body.push(heading("III- Đơn thư, khiếu nại về tư cách đại biểu"));
    if content.cases.is_empty() {
        body.push(say("Không có đơn thư, khiếu nại về tư cách đại biểu."));
    }
    for case in &content.cases {
        let outcome = match case.outcome {
            Outcome::Open => "đang xem xét",
            Outcome::Qualified => "đủ tư cách",
            Outcome::NotQualified => "đề nghị bác tư cách",
        };
        let concluded = if case.conclusion.is_empty() {
            String::new()
        } else {
            format!(" Kết luận: {}.", case.conclusion.trim_end_matches('.'))
        };
        body.push(Block::Point(
            format!("{}.", case.no),
            Text::plain(format!("{} ({outcome}).{concluded}", case.subject.trim_end_matches('.'))),
        ));
    }
    body.push(heading("IV- Kết luận"));
    body.extend(content.conclusion.lines().filter(|line| !line.trim().is_empty()).map(say));
    let issuer = match head.body {
        Some(body) => Issuer {
            kind: match body.kind {
                rules::papers::BodyKind::Party => BodyKind::Party,
                rules::papers::BodyKind::Congress => BodyKind::Congress,
                rules::papers::BodyKind::State => BodyKind::State,
            },
            parent: body.parent_lines.clone(),
            name: body.name_lines.clone(),
            place: body.place.clone(),
            place_short: body.place_short.clone(),
        },
        None => Issuer {
            kind: BodyKind::Congress,
            parent: congress_lines(&content.congress),
            name: vec!["BAN THẨM TRA".to_owned(), "TƯ CÁCH ĐẠI BIỂU".to_owned()],
            place: String::new(),
            place_short: String::new(),
        },
    };
    Paper {
        kind: Kind::Report,
        title: None,
        issuer,
        date: Some(head.on),
        layout_on: head.on,
        number: head.number.map(|number| Number {
            number: Some(number),
            symbol: head.body.map(|body| body.symbol.clone()).unwrap_or_default(),
        }),
        subject: SUBJECT.to_owned(),
        urgency: None,
        to: vec!["Đoàn Chủ tịch và Đại hội".to_owned()],
        body,
        signatures: vec![Signature {
            authority: Some((print::Authority::OnBehalf, "BAN THẨM TRA TƯ CÁCH ĐẠI BIỂU".to_owned())),
            office: "TRƯỞNG BAN".to_owned(),
            name: String::new(),
        }],
        recipients: vec![
            "Đoàn Chủ tịch".to_owned(),
            "Đoàn Thư ký".to_owned(),
            "Lưu hồ sơ Đại hội".to_owned(),
        ],
        foot: format!("Số liệu có mã băm SHA-256: {}", head.hash),
        annexes: Vec::new(),
        duplex: true,
    }
}

/// Letters that a line of the heading's left half holds at its size without touching the right half.
const HEADING_LINE: usize = 30;

/// The name of the congress in capitals, broken where the offices break it: before "Đảng bộ", "lần thứ" and
/// "nhiệm kỳ"; a part that is still too long, between words.
pub fn congress_lines(name: &str) -> Vec<String> {
    const PARTS: [[&str; 2]; 3] = [["ĐẢNG", "BỘ"], ["LẦN", "THỨ"], ["NHIỆM", "KỲ"]];
    let upper = rules::text::nfc(name).to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    let mut parts: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let begins = PARTS.iter().any(|[first, second]| word == first && words.get(at + 1) == Some(second));
        let fits = |part: &String| part.chars().count() + 1 + word.chars().count() <= HEADING_LINE;
        match parts.last_mut().filter(|part| !begins && fits(part)) {
            Some(part) => {
                part.push(' ');
                part.push_str(word);
            }
            None => parts.push((*word).to_owned()),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut().filter(|line| line.chars().count() + 1 + part.chars().count() <= HEADING_LINE)
        {
            Some(line) => {
                line.push(' ');
                line.push_str(&part);
            }
            None => lines.push(part),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::congress_lines;

    #[test]
    fn the_name_of_the_congress_breaks_where_offices_break_it() {
        for (name, lines) in [
            ("", vec![]),
            ("Đại hội Đảng bộ phường Mẫu", vec!["ĐẠI HỘI ĐẢNG BỘ PHƯỜNG MẪU"]),
            (
                "Đại hội đại biểu Đảng bộ Thành phố lần thứ I, nhiệm kỳ 2025–2030",
                vec!["ĐẠI HỘI ĐẠI BIỂU", "ĐẢNG BỘ THÀNH PHỐ LẦN THỨ I,", "NHIỆM KỲ 2025–2030"],
            ),
            (
                "Đại hội đại biểu Đảng bộ các cơ quan Đảng và đoàn thể Thành phố lần thứ XII",
                vec!["ĐẠI HỘI ĐẠI BIỂU", "ĐẢNG BỘ CÁC CƠ QUAN ĐẢNG VÀ", "ĐOÀN THỂ THÀNH PHỐ LẦN THỨ XII"],
            ),
        ] {
            assert_eq!(congress_lines(name), lines, "{name}");
        }
    }
}
