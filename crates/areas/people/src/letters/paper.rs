//! A letter as an official document (preparation reference 3.4 (6)).
// words: data — official documents are issued in Vietnamese, whatever the language of the page

use jiff::civil::Date;
use platform::{congress::Congress, i18n::fmt, papers::Body};
use print::{
    Authority, Block, BodyKind, Issuer, Kind, Number, Paper, Picture, PictureFormat, SheetSize, Signature,
    Text,
};

use super::model::{By, Sheet, Template};
use crate::delegates::model::{Category, GroupRole, Participant};

/// The width of the code to scan, in millimetres on A4.
const QR: f32 = 26.0;

/// What all letters of a category share.
pub struct Around<'a> {
    /// The words.
    pub template: &'a Template,
    /// The congress.
    pub congress: Option<&'a Congress>,
    /// The body that issues; the congress itself when none.
    pub body: Option<&'a Body>,
    /// The layout of this day is used while the letter has no day of issue.
    pub today: Date,
    /// Where answers are given, without the code.
    pub door: &'a str,
    /// The last day on which an answer is taken.
    pub until: Date,
}

/// The type's abbreviation in a number.
pub fn abbr(category: Category) -> &'static str {
    if category == Category::Delegate { "TTT" } else { "GM" }
}

/// The sheet as the press knows it.
pub fn sheet(template: &Template) -> SheetSize {
    match template.sheet {
        Sheet::A4 => SheetSize::A4,
        Sheet::A5 => SheetSize::A5,
    }
}

fn issuer(around: &Around<'_>) -> Issuer {
    match around.body {
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
            parent: crate::credentials::paper::congress_lines(
                around.congress.map_or("Đại hội", |congress| congress.name.as_str()),
            ),
            name: vec!["BAN TỔ CHỨC ĐẠI HỘI".to_owned()],
            place: String::new(),
            place_short: String::new(),
        },
    }
}

/// The sentence ends with one mark.
fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', ':', ';']) { text.to_owned() } else { format!("{text}.") }
}

fn point(text: &str) -> Block {
    Block::Point("-".to_owned(), Text::plain(ended(text)))
}

/// To whom it is written: how they are addressed, the name, what they are.
fn addressee(template: &Template, one: &Participant) -> String {
    let name = [template.salutation.trim(), one.profile.name.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    [name.as_str(), one.profile.position.trim()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The letter to somebody. `code` is the personal code, `scan` whether it also stands as a picture.
pub fn letter(
    around: &Around<'_>,
    one: &Participant,
    delegation: &str,
    code: Option<&str>,
    scan: bool,
) -> Paper {
    let template = around.template;
    let delegate = template.category == Category::Delegate;
    let mut body: Vec<Block> = Vec::new();
    let paragraph = |text: &str| Block::Paragraph(Text::plain(ended(text)));
    body.extend(template.opening.lines().filter(|line| !line.trim().is_empty()).map(paragraph));
    let mut seat = Vec::new();
    if delegate {
        seat.push(format!("Số đại biểu {}", one.number()));
    }
    if let Some(no) = one.profile.group_no {
        let role = match one.profile.group_role {
            Some(GroupRole::Head) => " (Tổ trưởng)",
            Some(GroupRole::Deputy) => " (Tổ phó)",
            Some(GroupRole::Secretary) => " (Thư ký)",
            _ => "",
        };
        seat.push(format!("Tổ {no}{role}"));
    }
    if delegate && !delegation.is_empty() {
        seat.push(delegation.to_owned());
    }
    if !seat.is_empty() {
        body.push(point(&seat.join("; ")));
    }
    body.extend(template.points.lines().filter(|line| !line.trim().is_empty()).map(point));
    for (label, text) in
        [("Trang phục", &template.dress), ("Mang theo", &template.bring), ("Liên hệ", &template.contact)]
    {
        if !text.trim().is_empty() {
            body.push(point(&format!("{label}: {}", text.trim())));
        }
    }
    body.extend(template.closing.lines().filter(|line| !line.trim().is_empty()).map(paragraph));
    if let Some(code) = code {
        body.push(Block::Paragraph(
            Text::plain(format!(
                "Đề nghị trả lời chậm nhất ngày {} tại {} với mã riêng ",
                fmt::date(around.until),
                around.door
            ))
            .and(Text::bold(code))
            .and(Text::plain(if scan {
                ", hoặc quét mã dưới đây. Mã chỉ dùng cho người nhận thư này."
            } else {
                ". Mã chỉ dùng cho người nhận thư này."
            })),
        ));
        let link = format!("{}#{}", around.door, code.replace('-', ""));
        if let Some(svg) = print::badge::qr_svg(&link).filter(|_| scan) {
            body.push(Block::Picture(Picture {
                format: PictureFormat::Svg,
                data: svg.into_bytes(),
                width: QR,
                caption: String::new(),
            }));
        }
    }
    Paper {
        kind: if delegate { Kind::Summons } else { Kind::Invitation },
        title: Some(template.title.clone()),
        issuer: issuer(around),
        date: template.issued_on,
        layout_on: template.issued_on.unwrap_or(around.today),
        number: around.body.map(|body| Number { number: template.number, symbol: body.symbol.clone() }),
        subject: String::new(),
        urgency: None,
        to: vec![addressee(template, one)],
        body,
        signatures: vec![Signature {
            authority: template.authority.map(|by| {
                let authority = match by {
                    By::OnBehalf => Authority::OnBehalf,
                    By::InPlace => Authority::InPlace,
                    By::ByOrder => Authority::ByOrder,
                };
                (authority, template.authority_for.to_uppercase())
            }),
            office: template.office.to_uppercase(),
            name: template.signer.clone(),
        }],
        recipients: template
            .recipients
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        foot: String::new(),
        annexes: Vec::new(),
        duplex: false,
    }
}
