//! DOCX: a paper as an office document that people go on editing, with the measures of its profile.
//!
//! The package is written by hand: what each part says is a few elements, and the same paper gives the same bytes
//! (`docs/decisions/docx-writer.md`). Text goes through one door, `xml::Xml::text`, which escapes it and drops
//! what XML cannot hold.

mod block;
mod ending;
mod heading;
mod package;
mod picture;
mod style;
pub(crate) mod xml;

pub(crate) use package::FONT;

use crate::{
    PressError,
    fonts::POINTS,
    paper::{Annex, Paper, Text},
    parts,
    profile::{self, Profile},
    sheet::{Listing, Orientation, PageSize},
};
use package::Package;
use xml::Xml;

/// Twentieths of a point in a millimetre: the unit of the format.
pub(crate) const TWIPS: f32 = 20.0 * POINTS;

/// Millimetres as twips.
pub(crate) fn twips(mm: f32) -> i32 {
    (mm * TWIPS).round() as i32
}

/// Points as half points, the unit of letters.
pub(crate) fn half_points(points: f32) -> i32 {
    (points * 2.0).round() as i32
}

/// A paper as a DOCX file. The same paper gives the same bytes.
///
/// # Errors
/// [`PressError::Document`] for a picture that is none or a table without columns; [`PressError::Press`] if the
/// package cannot be written.
pub fn write(paper: &Paper) -> Result<Vec<u8>, PressError> {
    let profile = profile::of(paper);
    let mut set = Set::new(profile);
    set.heading(paper);
    set.addressed(paper);
    let body = parts::body(paper);
    let last = body.len().saturating_sub(1);
    for (at, block) in body.iter().enumerate() {
        // The signature never stands on a page of its own: the last words go with it.
        set.block(block, at == last && !paper.signatures.is_empty())?;
    }
    set.end(paper);
    if !paper.foot.trim().is_empty() {
        set.line("DHFoot", paper.foot.trim());
    }
    let portrait = Sheet::portrait(profile);
    match paper.annexes.split_last() {
        None => set.section(&portrait, true, false),
        Some((final_annex, annexes)) => {
            set.section(&portrait, true, true);
            for annex in annexes {
                set.annex(annex)?;
                set.section(&Sheet::of(annex, profile), false, true);
            }
            set.annex(final_annex)?;
            set.section(&Sheet::of(final_annex, profile), false, false);
        }
    }
    set.pack(&Package {
        title: match parts::subject(paper).or_else(|| parts::letter_subject(paper)) {
            Some(subject) => {
                format!("{} {subject}", parts::title(paper).unwrap_or_default()).trim().to_owned()
            }
            None => parts::title(paper).unwrap_or_default(),
        },
        author: paper.issuer.name.join(" "),
        date: paper.date.unwrap_or(paper.layout_on),
        mirrored: paper.duplex && profile.mirrored,
    })
}

/// A list as a DOCX file.
///
/// # Errors
/// As [`write()`].
pub fn listing(listing: &Listing, profile: &'static Profile) -> Result<Vec<u8>, PressError> {
    let mut set = Set::new(profile);
    set.line("DHAnnexTitle", &listing.title.to_uppercase());
    for line in &listing.lines {
        set.line("DHCaption", line);
    }
    set.line("DHCaption", &listing.as_of);
    let long = matches!(listing.orientation, Orientation::Landscape);
    let (narrow, wide) = match listing.size {
        PageSize::A4 => (210.0, 297.0),
        PageSize::A3 => (297.0, 420.0),
    };
    let (width, height) = if long { (wide, narrow) } else { (narrow, wide) };
    let sheet = Sheet { width, height, top: 15.0, bottom: 15.0, left: 15.0, right: 15.0, landscape: long };
    set.room = sheet.room();
    set.table(&listing.table)?;
    for line in &listing.legend {
        set.line("DHNote", line);
    }
    set.section(&sheet, true, false);
    set.pack(&Package {
        title: listing.title.clone(),
        author: String::new(),
        date: jiff::civil::Date::constant(2000, 1, 1),
        mirrored: false,
    })
}

/// A page of a section, in millimetres.
struct Sheet {
    width: f32,
    height: f32,
    top: f32,
    bottom: f32,
    left: f32,
    right: f32,
    landscape: bool,
}

impl Sheet {
    fn portrait(profile: &Profile) -> Self {
        let page = &profile.page;
        Self {
            width: page.width,
            height: page.height,
            top: page.top.set,
            bottom: page.bottom.set,
            left: page.left.set,
            right: page.right.set,
            landscape: false,
        }
    }

    /// The sheet of an annex. On its side it is the upright sheet turned: the bound edge lies at the top, and
    /// left and right are alike, so that mirrored pages stay as they are.
    fn of(annex: &Annex, profile: &Profile) -> Self {
        let upright = Self::portrait(profile);
        if !annex.landscape {
            return upright;
        }
        Self {
            width: upright.height,
            height: upright.width,
            top: upright.left,
            bottom: upright.right,
            left: upright.bottom,
            right: upright.top,
            landscape: true,
        }
    }

    fn room(&self) -> f32 {
        self.width - self.left - self.right
    }
}

/// A document as it is being written.
struct Set {
    profile: &'static Profile,
    xml: Xml,
    pictures: Vec<picture::Media>,
    /// Millimetres between the margins of the section at hand.
    room: f32,
}

impl Set {
    fn new(profile: &'static Profile) -> Self {
        Self { profile, xml: Xml::default(), pictures: Vec::new(), room: profile.width() }
    }

    /// A paragraph of one line in a style.
    fn line(&mut self, style: &str, text: &str) {
        self.paragraph(style, &[], &Text::plain(text), None);
    }

    /// A paragraph: `more` are further properties (element and its `w:val`), in the order of the schema.
    fn paragraph(&mut self, style: &str, more: &[(&str, &str)], text: &Text, size: Option<f32>) {
        let xml = &mut self.xml;
        xml.open("w:p", &[]);
        xml.open("w:pPr", &[]);
        xml.empty("w:pStyle", &[("w:val", style)]);
        for (element, value) in more {
            if value.is_empty() {
                xml.empty(element, &[]);
            } else {
                xml.empty(element, &[("w:val", value)]);
            }
        }
        xml.close("w:pPr");
        self.runs(text, size);
        self.xml.close("w:p");
    }

    fn runs(&mut self, text: &Text, size: Option<f32>) {
        let xml = &mut self.xml;
        for run in &text.0 {
            if run.text.is_empty() {
                continue;
            }
            xml.open("w:r", &[]);
            if run.bold || run.italic || size.is_some() {
                xml.open("w:rPr", &[]);
                if run.bold {
                    xml.empty("w:b", &[]);
                }
                if run.italic {
                    xml.empty("w:i", &[]);
                }
                if let Some(size) = size {
                    let value = half_points(size).to_string();
                    xml.empty("w:sz", &[("w:val", &value)]);
                    xml.empty("w:szCs", &[("w:val", &value)]);
                }
                xml.close("w:rPr");
            }
            xml.words(&run.text);
            xml.close("w:r");
        }
    }

    /// A solid rule of a length, centred in a width: an empty paragraph with a border over it.
    fn rule(&mut self, width: f32, length: f32) {
        let side = twips((width - length.min(width)) / 2.0).to_string();
        let xml = &mut self.xml;
        xml.open("w:p", &[]);
        xml.open("w:pPr", &[]);
        xml.empty("w:pStyle", &[("w:val", "DHRule")]);
        xml.open("w:pBdr", &[]);
        xml.empty("w:top", &[("w:val", "single"), ("w:sz", "6"), ("w:space", "0"), ("w:color", "000000")]);
        xml.close("w:pBdr");
        xml.empty("w:ind", &[("w:left", &side), ("w:right", &side)]);
        xml.close("w:pPr");
        xml.close("w:p");
    }

    /// Opens a table without borders and padding.
    fn open_frame(&mut self, columns: [f32; 2]) {
        let xml = &mut self.xml;
        xml.open("w:tbl", &[]);
        xml.open("w:tblPr", &[]);
        let whole = (twips(columns[0]) + twips(columns[1])).to_string();
        xml.empty("w:tblW", &[("w:w", &whole), ("w:type", "dxa")]);
        xml.empty("w:tblInd", &[("w:w", "0"), ("w:type", "dxa")]);
        xml.empty("w:tblLayout", &[("w:type", "fixed")]);
        xml.open("w:tblCellMar", &[]);
        for side in ["w:left", "w:right"] {
            xml.empty(side, &[("w:w", "0"), ("w:type", "dxa")]);
        }
        xml.close("w:tblCellMar");
        xml.close("w:tblPr");
        xml.open("w:tblGrid", &[]);
        for column in columns {
            xml.empty("w:gridCol", &[("w:w", &twips(column).to_string())]);
        }
        xml.close("w:tblGrid");
    }

    fn open_row(&mut self) {
        self.xml.open("w:tr", &[]);
        self.xml.open("w:trPr", &[]);
        self.xml.empty("w:cantSplit", &[]);
        self.xml.close("w:trPr");
    }

    fn open_cell(&mut self, width: f32) {
        self.xml.open("w:tc", &[]);
        self.xml.open("w:tcPr", &[]);
        self.xml.empty("w:tcW", &[("w:w", &twips(width).to_string()), ("w:type", "dxa")]);
        self.xml.close("w:tcPr");
    }

    fn annex(&mut self, annex: &Annex) -> Result<(), PressError> {
        self.room = Sheet::of(annex, self.profile).room();
        for line in &annex.title {
            self.line("DHAnnexTitle", line);
        }
        for block in &annex.blocks {
            self.block(block, false)?;
        }
        Ok(())
    }

    /// The properties of the section that ends here; `more` says that another follows.
    fn section(&mut self, sheet: &Sheet, first: bool, more: bool) {
        if more {
            self.xml.open("w:p", &[]);
            self.xml.open("w:pPr", &[]);
            self.xml.empty("w:pStyle", &[("w:val", "DHRule")]);
        } else {
            // After a table a document must have a paragraph.
            self.line("DHRule", "");
        }
        let xml = &mut self.xml;
        xml.open("w:sectPr", &[]);
        xml.empty("w:headerReference", &[("w:type", "default"), ("r:id", "rIdHeader")]);
        xml.empty("w:type", &[("w:val", "nextPage")]);
        let (width, height) = (twips(sheet.width).to_string(), twips(sheet.height).to_string());
        let mut size = vec![("w:w", width.as_str()), ("w:h", height.as_str())];
        if sheet.landscape {
            size.push(("w:orient", "landscape"));
        }
        xml.empty("w:pgSz", &size);
        let from_edge = twips(self.profile.page.number_from_edge).to_string();
        let margin = |mm: f32| twips(mm).to_string();
        xml.empty(
            "w:pgMar",
            &[
                ("w:top", &margin(sheet.top)),
                ("w:right", &margin(sheet.right)),
                ("w:bottom", &margin(sheet.bottom)),
                ("w:left", &margin(sheet.left)),
                ("w:header", &from_edge),
                ("w:footer", &from_edge),
                ("w:gutter", "0"),
            ],
        );
        if first {
            xml.empty("w:titlePg", &[]);
        }
        xml.close("w:sectPr");
        if more {
            xml.close("w:pPr");
            xml.close("w:p");
        }
    }

    fn pack(self, package: &Package) -> Result<Vec<u8>, PressError> {
        package.pack(self.profile, &self.xml.finish(), &self.pictures)
    }
}

#[cfg(test)]
#[path = "../docx_tests.rs"]
mod tests;
