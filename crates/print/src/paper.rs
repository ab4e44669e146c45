//! What an official document says, apart from how it looks.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A piece of text in one style. It is printed as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Bold.
    #[serde(default)]
    pub bold: bool,
    /// Italic.
    #[serde(default)]
    pub italic: bool,
}

/// Text in one or more styles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text(pub Vec<Run>);

impl Text {
    /// Upright text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Run { text: text.into(), ..Run::default() }])
    }

    /// Bold text.
    pub fn bold(text: impl Into<String>) -> Self {
        Self(vec![Run { text: text.into(), bold: true, italic: false }])
    }

    /// Italic text.
    pub fn italic(text: impl Into<String>) -> Self {
        Self(vec![Run { text: text.into(), bold: false, italic: true }])
    }

    /// This text and more after it.
    #[must_use]
    pub fn and(mut self, more: impl Into<Self>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// The words without style.
    pub fn words(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

/// Which family of rules an issuing body stands under.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// A Party body: the guidance of the Central Office in force on the day of issue.
    #[default]
    Party,
    /// A congress and the bodies inside it (presidium, secretariat, counting committee): Party layout, the
    /// congress named in the heading.
    Congress,
    /// A state body: Decree 30/2020/NĐ-CP.
    State,
}

/// The body that issues a document, as its heading prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// Which rules it stands under.
    pub kind: BodyKind,
    /// The body above, in capitals, one entry a line as the office wants it broken.
    pub parent: Vec<String>,
    /// The body itself, in capitals, one entry a line as the office wants it broken.
    pub name: Vec<String>,
    /// Where it sits: the place in "…, ngày … tháng … năm …".
    pub place: String,
    /// A short form of the place for headings that do not fit.
    pub place_short: String,
}

/// Types of documents (Quy định 399-QĐ/TW, and the working papers of a congress).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Nghị quyết.
    Resolution,
    /// Chỉ thị.
    Directive,
    /// Kết luận.
    Conclusion,
    /// Quy chế.
    Statute,
    /// Quy định.
    Regulation,
    /// Quyết định.
    Decision,
    /// Báo cáo.
    Report,
    /// Chương trình.
    Programme,
    /// Thông tri.
    Circular,
    /// Tờ trình.
    Submission,
    /// Thông báo.
    Notice,
    /// Kế hoạch.
    Plan,
    /// Đề án.
    Scheme,
    /// Phương án.
    Option,
    /// Hướng dẫn.
    Guidance,
    /// Công văn: no type in the heading, its subject under the number.
    Letter,
    /// Biên bản.
    Minutes,
    /// Thư triệu tập, Giấy triệu tập: the title is a setting.
    Summons,
    /// Giấy mời.
    Invitation,
    /// Thông cáo.
    Communique,
}

/// The number of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// The running number; none while it is a draft: a space is left for it.
    pub number: Option<u32>,
    /// What follows the type: the body's own symbol, such as `TBPV`.
    pub symbol: String,
}

/// How urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Khẩn.
    Urgent,
    /// Thượng khẩn.
    VeryUrgent,
    /// Hỏa tốc.
    Express,
}

/// By which authority someone signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// T/M: for a body that decides together.
    OnBehalf,
    /// K/T: a deputy for the head.
    InPlace,
    /// T/L: by order of the body or its head.
    ByOrder,
    /// TUQ.: by written mandate (state bodies).
    ByMandate,
    /// Q.: acting.
    Acting,
}

/// A signature block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The authority and for whom, such as T/L TRƯỞNG TIỂU BAN.
    pub authority: Option<(Authority, String)>,
    /// The office that signs, in capitals, or its part in a meeting (NGƯỜI GHI BIÊN BẢN).
    pub office: String,
    /// The name; empty leaves the space.
    pub name: String,
}

/// How a column stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Left.
    #[default]
    Left,
    /// Centred.
    Centre,
    /// Right: figures.
    Right,
}

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Width {
    /// Millimetres.
    Mm(f32),
    /// A share of what is left.
    Share(u16),
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its width.
    pub width: Width,
    /// How its body cells stand; headings are centred.
    pub align: Align,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// What it says.
    pub text: Text,
    /// Columns it spans; 0 and 1 are one.
    #[serde(default)]
    pub columns: u16,
    /// Rows it spans; 0 and 1 are one.
    #[serde(default)]
    pub rows: u16,
}

impl<T: Into<Text>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), columns: 1, rows: 1 }
    }
}

/// What a row is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// An ordinary row.
    #[default]
    Body,
    /// A group's name over its rows.
    Group,
    /// A sum.
    Total,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it is.
    pub kind: RowKind,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A table; its heading repeats on each page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// Rows of the heading.
    pub head: Vec<Vec<Cell>>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Size of its letters in points.
    pub size: f32,
}

/// What a picture is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// SVG of our own making; DOCX shows its table instead.
    Svg,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Its format.
    pub format: PictureFormat,
    /// Its bytes.
    pub data: Vec<u8>,
    /// Width on paper in millimetres.
    pub width: f32,
    /// What it shows, for those who do not see it, and under it.
    pub caption: String,
}

/// A part of the body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading: level 1 centred (Phần, Chương), 2 bold (`I- …`), 3 bold (`1. …`).
    Heading(u8, Text),
    /// A legal basis: upright with "- " before it.
    Basis(Text),
    /// A paragraph, indented and justified.
    Paragraph(Text),
    /// A numbered or marked point: the mark ("1.", "a)", "-") as typed, then its text.
    Point(String, Text),
    /// A table.
    Table(Table),
    /// A picture.
    Picture(Picture),
}

/// A part after the signature, on pages of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Annex {
    /// Its title, such as PHỤ LỤC 1 and what it is, one entry a line.
    pub title: Vec<String>,
    /// Landscape.
    pub landscape: bool,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// An official document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    /// What it is.
    pub kind: Kind,
    /// Its title where it is not the kind's own (Thư triệu tập / Giấy triệu tập).
    pub title: Option<String>,
    /// Who issues it.
    pub issuer: Issuer,
    /// When; none in a draft: the day and month are left open.
    pub date: Option<Date>,
    /// The layout in force on this day is used (the day of issue, or of the draft).
    pub layout_on: Date,
    /// Its number; minutes have none.
    pub number: Option<Number>,
    /// What it is about.
    pub subject: String,
    /// How urgent.
    pub urgency: Option<Urgency>,
    /// To whom it is addressed (Kính gửi, Kính trình).
    pub to: Vec<String>,
    /// The body.
    pub body: Vec<Block>,
    /// One signature stands right; two stand left and right; more go in pairs.
    pub signatures: Vec<Signature>,
    /// Who receives it; the last line is the archive's.
    pub recipients: Vec<String>,
    /// Small print at the foot of the last page: the hash of what was signed.
    pub foot: String,
    /// Annexes.
    pub annexes: Vec<Annex>,
    /// Printed on both sides: even pages have mirrored margins.
    pub duplex: bool,
}
