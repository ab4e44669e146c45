//! A list of a register as it goes out: the same rows as XLSX and, through the press, as PDF.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use crate::{Align, Column, Listing, Orientation, PageSize, Row, RowKind, Table, Width};

/// A column of a list.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its heading.
    pub words: String,
    /// Its share of the width.
    pub share: u16,
    /// How its cells stand.
    pub align: Align,
}

impl Head {
    /// A column of words.
    pub fn new(words: impl Into<String>, share: u16) -> Self {
        Self { words: words.into(), share, align: Align::Left }
    }

    /// A column of figures or dates.
    pub fn centred(words: impl Into<String>, share: u16) -> Self {
        Self { words: words.into(), share, align: Align::Centre }
    }
}

/// A list before it is written.
#[derive(Debug, Clone)]
pub struct List {
    /// The name of the file, without its ending.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Lines under the title: the congress, the filter in words.
    pub lines: Vec<String>,
    /// The moment it stands for, in words.
    pub as_of: String,
    /// The columns.
    pub heads: Vec<Head>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Lines below.
    pub legend: Vec<String>,
}

impl List {
    /// The rows as a workbook. Every cell is text: nothing in it is ever read as a formula.
    ///
    /// # Errors
    /// [`XlsxError`] when the workbook cannot be written: more columns or longer cells than it holds.
    pub fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let base = || Format::new().set_font_name("Times New Roman").set_font_size(12);
        let cell = || base().set_border(FormatBorder::Thin).set_align(FormatAlign::Top).set_text_wrap();
        let last = u16::try_from(self.heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let title = base().set_bold().set_font_size(14);
        let mut at = 0;
        sheet.write_string_with_format(at, 0, &self.title, &title)?;
        for line in self.lines.iter().chain([&self.as_of]).filter(|line| !line.is_empty()) {
            at += 1;
            sheet.write_string_with_format(at, 0, line, &base())?;
        }
        at += 2;
        sheet.set_repeat_rows(at, at)?.set_freeze_panes(at + 1, 0)?.set_landscape().set_paper_size(9);
        for (place, head) in (0..=last).zip(&self.heads) {
            sheet.set_column_width(place, f64::from(head.share) * 1.6)?;
            let format = cell().set_bold().set_align(FormatAlign::Center);
            sheet.write_string_with_format(at, place, &head.words, &format)?;
        }
        let first = at;
        for row in &self.rows {
            at += 1;
            for ((place, head), text) in (0..=last).zip(&self.heads).zip(row) {
                let format =
                    if head.align == Align::Centre { cell().set_align(FormatAlign::Center) } else { cell() };
                sheet.write_string_with_format(at, place, text, &format)?;
            }
        }
        if !self.rows.is_empty() {
            sheet.autofilter(first, 0, at, last)?;
        }
        for line in &self.legend {
            at += 1;
            sheet.write_string_with_format(at + 1, 0, line, &base().set_italic())?;
        }
        book.save_to_buffer()
    }

    /// The rows as the press sets them, landscape A4.
    pub fn listing(&self) -> Listing {
        Listing {
            title: self.title.clone(),
            lines: self.lines.clone(),
            as_of: self.as_of.clone(),
            size: PageSize::A4,
            orientation: Orientation::Landscape,
            table: Table {
                columns: self
                    .heads
                    .iter()
                    .map(|head| Column { width: Width::Share(head.share), align: head.align })
                    .collect(),
                head: vec![self.heads.iter().map(|head| head.words.as_str().into()).collect()],
                rows: self
                    .rows
                    .iter()
                    .map(|row| Row {
                        kind: RowKind::Body,
                        cells: row.iter().map(|text| text.as_str().into()).collect(),
                    })
                    .collect(),
                size: 11.0,
            },
            legend: self.legend.clone(),
        }
    }
}
