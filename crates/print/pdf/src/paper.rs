//! An official document as the template wants it: words from `print::parts`, measures from `print::profile`.

use print::{
    Annex, Block, Paper, PictureFormat, Run, SheetSize, Table,
    parts::{self, SignatureLines},
    profile::{self, Profile, Style},
};
use serde::Serialize;

/// Letters in the last paragraph above which it is not kept in one piece with the signature.
const LONG: usize = 1200;

/// Letters that surely fill no more than one line.
const ONE_LINE: usize = 80;

/// Documents and their pictures, the latter in the order in which the data names them.
pub struct Set {
    /// For the template.
    pub data: Papers,
    /// For the desk.
    pub pictures: Vec<Vec<u8>>,
}

/// What the template reads.
#[derive(Serialize)]
pub struct Papers {
    papers: Vec<Data>,
}

/// One document.
#[derive(Serialize)]
struct Data {
    /// 1 on the sheet of the rule; smaller where everything is.
    scale: f32,
    /// For the properties of the file.
    name: String,
    page: Page,
    text: Measures,
    styles: Styles,
    star: bool,
    dashes: bool,
    heading: Heading,
    title: Option<String>,
    subject: Option<String>,
    to: Option<To>,
    body: Vec<Item>,
    signatures: Vec<Sign>,
    blank_lines: usize,
    recipients_label: &'static str,
    recipients: Vec<String>,
    foot: String,
    annexes: Vec<Appendix>,
    /// Pages of an annex are counted on their own.
    annexes_apart: bool,
}

#[derive(Serialize)]
struct Page {
    width: f32,
    height: f32,
    top: f32,
    bottom: f32,
    left: f32,
    right: f32,
    number_from_edge: f32,
    mirrored: bool,
}

#[derive(Serialize)]
struct Measures {
    indent: f32,
    step: f32,
    gap: f32,
}

#[derive(Serialize)]
struct Look {
    size: f32,
    bold: bool,
    italic: bool,
    underline: bool,
}

impl Look {
    fn of(style: Style, less: f32) -> Self {
        let Style { size, bold, italic, underline, .. } = style;
        Self { size: (size.set - less).max(size.least), bold, italic, underline }
    }
}

impl Look {
    fn shrink(&mut self, scale: f32) {
        self.size *= scale;
    }
}

macro_rules! styles {
    ($($name:ident),*) => {
        #[derive(Serialize)]
        struct Styles { device: Option<Look>, parent: Look, name: Look, place_date: Look, $($name: Look),* }

        impl Styles {
            fn of(profile: &Profile, less: f32) -> Self {
                let parts = &profile.parts;
                Self {
                    device: parts.device.map(|style| Look::of(style, 0.0)),
                    parent: Look::of(parts.parent, less),
                    name: Look::of(parts.name, less),
                    place_date: Look::of(parts.place_date, less),
                    $($name: Look::of(parts.$name, 0.0)),*
                }
            }

            fn shrink(&mut self, scale: f32) {
                if let Some(device) = &mut self.device {
                    device.shrink(scale);
                }
                for look in [&mut self.parent, &mut self.name, &mut self.place_date, $(&mut self.$name),*] {
                    look.shrink(scale);
                }
            }
        }
    };
}
styles! {
    page_number, motto, number, title, subject, letter_subject, urgency, to, basis, body, heading,
    authority, office, signer, recipients_head, recipients, annex_title, caption, foot
}

#[derive(Serialize)]
struct Heading {
    parent: Vec<String>,
    name: Vec<String>,
    motto: Vec<String>,
    number: Option<String>,
    letter_subject: Option<String>,
    urgency: Option<&'static str>,
    place_date: String,
    left: f32,
    right: f32,
}

#[derive(Serialize)]
struct To {
    label: String,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct Sign {
    authority: Option<String>,
    office: String,
    name: String,
}

#[derive(Serialize)]
struct Appendix {
    title: Vec<String>,
    landscape: bool,
    blocks: Vec<Item>,
}

/// A part of the body.
#[derive(Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum Item {
    Heading {
        level: u8,
        text: Vec<Run>,
    },
    Basis {
        text: Vec<Run>,
        keep: bool,
    },
    Paragraph {
        text: Vec<Run>,
        /// Stays with what follows.
        keep: bool,
    },
    /// The last paragraph, too long for one piece: word by word, so that its last two lines can be found.
    Ending {
        text: Vec<Run>,
    },
    Table {
        table: Table,
        keep: bool,
    },
    Picture {
        at: usize,
        format: &'static str,
        width: f32,
        caption: String,
    },
}

/// Width and height of A5 in millimetres.
const A5: (f32, f32) = (148.0, 210.0);
/// The margins of A5 left and right, in millimetres: what is left is the text of the rule, smaller.
const A5_SIDE: f32 = 12.5;

/// What papers are to the template, on sheets of one size.
pub fn set(papers: &[&Paper], size: SheetSize) -> Set {
    let mut pictures = Vec::new();
    let alone = papers.len() == 1;
    let papers = papers
        .iter()
        .map(|paper| {
            let mut data = one(paper, &mut pictures);
            // Of several in one file each is on the front of its own sheets.
            data.page.mirrored &= alone;
            if size == SheetSize::A5 {
                data.on_a5();
            }
            data
        })
        .collect();
    Set { data: Papers { papers }, pictures }
}

impl Data {
    /// The same on A5: every letter and distance in the proportion in which the text is narrower.
    fn on_a5(&mut self) {
        let scale = (A5.0 - 2.0 * A5_SIDE) / (self.page.width - self.page.left - self.page.right);
        let page = &mut self.page;
        (page.width, page.height) = A5;
        (page.left, page.right) = (A5_SIDE, A5_SIDE);
        page.top *= scale;
        page.bottom *= scale;
        page.number_from_edge *= scale;
        self.text.indent *= scale;
        self.text.step *= scale;
        self.text.gap *= scale;
        self.heading.left *= scale;
        self.heading.right *= scale;
        self.styles.shrink(scale);
        for item in &mut self.body {
            if let Item::Picture { width, .. } = item {
                *width *= scale;
            }
        }
        self.scale = scale;
    }
}

fn one(paper: &Paper, pictures: &mut Vec<Vec<u8>>) -> Data {
    let profile = profile::of(paper);
    let heading = parts::heading(paper);
    let mut body = items(&parts::body(paper), pictures);
    if !paper.signatures.is_empty() {
        keep_end(&mut body);
    }
    let annexes = paper
        .annexes
        .iter()
        .map(|Annex { title, landscape, blocks }| Appendix {
            title: title.iter().filter(|line| !line.trim().is_empty()).cloned().collect(),
            landscape: *landscape,
            blocks: items(blocks, pictures),
        })
        .collect();
    let title = parts::title(paper);
    let name = [title.clone(), parts::number_line(paper), Some(paper.subject.clone())]
        .into_iter()
        .flatten()
        .filter(|part| !part.trim().is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let page = &profile.page;
    Data {
        scale: 1.0,
        name,
        page: Page {
            width: page.width,
            height: page.height,
            top: page.top.set,
            bottom: page.bottom.set,
            left: page.left.set,
            right: page.right.set,
            number_from_edge: page.number_from_edge,
            mirrored: paper.duplex && profile.mirrored,
        },
        text: Measures {
            indent: profile.text.indent.set,
            step: profile.text.step.set,
            gap: profile.text.gap.set,
        },
        styles: Styles::of(profile, heading.shrink),
        star: profile.star,
        dashes: profile.dashes,
        heading: Heading {
            parent: heading.parent,
            name: heading.name,
            motto: heading.motto,
            number: heading.number,
            letter_subject: heading.letter_subject,
            urgency: heading.urgency,
            place_date: heading.place_date,
            left: heading.left,
            right: heading.right,
        },
        title,
        subject: parts::subject(paper),
        to: parts::to(paper).map(|to| To { label: to.label, lines: to.lines }),
        body,
        signatures: parts::signatures(paper)
            .into_iter()
            .map(|SignatureLines { authority, office, name }| Sign { authority, office, name })
            .collect(),
        blank_lines: parts::SIGNATURE_LINES,
        recipients_label: parts::RECIPIENTS,
        recipients: parts::recipients(paper),
        foot: paper.foot.clone(),
        annexes,
        annexes_apart: profile.family == profile::Family::State,
    }
}

fn items(blocks: &[Block], pictures: &mut Vec<Vec<u8>>) -> Vec<Item> {
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        let item = match block {
            Block::Heading(level, text) => Item::Heading { level: *level, text: text.0.clone() },
            Block::Basis(text) => Item::Basis { text: text.0.clone(), keep: false },
            Block::Paragraph(text) => Item::Paragraph { text: text.0.clone(), keep: false },
            Block::Point(mark, text) => {
                // The mark looks like the words that it marks.
                let like = text.0.first().cloned().unwrap_or_default();
                let mark = Run { text: format!("{} ", mark.trim_end()), ..like };
                Item::Paragraph { text: [vec![mark], text.0.clone()].concat(), keep: false }
            }
            Block::Table(table) => Item::Table { table: table.clone(), keep: false },
            Block::Picture(picture) => {
                pictures.push(picture.data.clone());
                Item::Picture {
                    at: pictures.len() - 1,
                    format: match picture.format {
                        PictureFormat::Png => "png",
                        PictureFormat::Jpeg => "jpg",
                        PictureFormat::Svg => "svg",
                    },
                    width: picture.width,
                    caption: picture.caption.clone(),
                }
            }
        };
        let empty = match &item {
            Item::Heading { text, .. } | Item::Basis { text, .. } | Item::Paragraph { text, .. } => {
                text.iter().all(|run| run.text.trim().is_empty())
            }
            _ => false,
        };
        if !empty {
            out.push(item);
        }
    }
    out
}

fn letters(text: &[Run]) -> usize {
    text.iter().map(|run| run.text.chars().count()).sum()
}

/// A signature never stands alone on a page: at least two lines of text go with it.
fn keep_end(body: &mut [Item]) {
    let mut lines = 0;
    for item in body.iter_mut().rev() {
        match item {
            Item::Paragraph { text, .. } if letters(text) > LONG => {
                *item = Item::Ending { text: pieces(text) };
                return;
            }
            Item::Paragraph { text, keep } | Item::Basis { text, keep } => {
                *keep = letters(text) <= LONG;
                lines += if letters(text) > ONE_LINE { 2 } else { 1 };
            }
            Item::Table { table, keep } => {
                *keep = table.rows.len() <= 8;
                return;
            }
            Item::Heading { .. } | Item::Picture { .. } | Item::Ending { .. } => return,
        }
        if lines >= 2 {
            return;
        }
    }
}

/// The same text, a run for each word with the space after it.
fn pieces(text: &[Run]) -> Vec<Run> {
    text.iter()
        .flat_map(|run| {
            run.text.split_inclusive(' ').map(|word| Run { text: word.to_owned(), ..run.clone() })
        })
        .collect()
}
