//! Working prints that no official layout governs: lists of a register, drawings.

use serde::{Deserialize, Serialize};

use crate::{
    badge::BadgeSheets,
    paper::{Paper, Table},
};

/// Which way a page stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// On its side.
    Landscape,
}

/// How large a page is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageSize {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 297 × 420 mm.
    A3,
}

/// A list of a register as it stood at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// Its title.
    pub title: String,
    /// Lines under the title: the congress, the filter in words.
    pub lines: Vec<String>,
    /// The moment it stands for, in words.
    pub as_of: String,
    /// The page.
    pub size: PageSize,
    /// Which way.
    pub orientation: Orientation,
    /// The rows.
    pub table: Table,
    /// Lines below: the legend, how many.
    pub legend: Vec<String>,
}

/// A drawing of our own making (SVG), one page or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// Its title, for the document's properties.
    pub title: String,
    /// The page.
    pub size: PageSize,
    /// Which way.
    pub orientation: Orientation,
    /// One SVG a page, fitted inside margins of 10 mm.
    pub pages: Vec<String>,
    /// Lines below each: as-of, legend.
    pub legend: Vec<String>,
}

/// The sheet of an official document: the rule's own, or half of it for letters of invitation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetSize {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 148 × 210 mm: everything smaller in one proportion.
    A5,
}

/// Many official documents in one file, each on its own pages; they are set for one side of the paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Papers {
    /// The documents, in their order.
    pub papers: Vec<Paper>,
    /// Their sheet.
    pub size: SheetSize,
}

/// Anything a press can set.
#[derive(Debug, Clone, PartialEq)]
pub enum Printable {
    /// An official document.
    Paper(Box<Paper>),
    /// Official documents, one after another.
    Papers(Papers),
    /// A list.
    Listing(Listing),
    /// A drawing.
    Drawing(Drawing),
    /// Badges.
    Badges(BadgeSheets),
}
