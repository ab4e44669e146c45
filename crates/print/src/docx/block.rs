//! The body's parts: paragraphs, headings, tables, pictures.

use super::{Set, picture, twips};
use crate::{
    PressError,
    paper::{Align, Block, Cell, Column, Picture, PictureFormat, RowKind, Run, Table, Text, Width},
};

/// English metric units in a millimetre, the unit of drawings.
const EMU: f32 = 36_000.0;

impl Set {
    /// A part of the body. `keep` binds it to what follows.
    pub(super) fn block(&mut self, block: &Block, keep: bool) -> Result<(), PressError> {
        let bound: &[(&str, &str)] = if keep { &[("w:keepNext", ""), ("w:keepLines", "")] } else { &[] };
        match block {
            Block::Heading(level, text) => {
                let style = ["DHHeading1", "DHHeading2", "DHHeading3"][usize::from((*level).clamp(1, 3)) - 1];
                self.paragraph(style, &[], text, None);
            }
            Block::Basis(text) => self.paragraph("DHBasis", bound, text, None),
            Block::Paragraph(text) => self.paragraph("Normal", bound, text, None),
            Block::Point(mark, text) => {
                let text = Text::plain(format!("{mark} ")).and(text.clone());
                self.paragraph("Normal", bound, &text, None);
            }
            Block::Table(table) => self.table(table)?,
            Block::Picture(picture) => self.picture(picture)?,
        }
        Ok(())
    }

    /// A table whose heading repeats on each page and whose rows are never torn.
    pub(super) fn table(&mut self, table: &Table) -> Result<(), PressError> {
        if table.columns.is_empty() {
            return Err(PressError::Document("a table without columns".to_owned()));
        }
        let widths = widths(&table.columns, self.room);
        let xml = &mut self.xml;
        xml.open("w:tbl", &[]);
        xml.open("w:tblPr", &[]);
        xml.empty("w:tblW", &[("w:w", &widths.iter().sum::<i32>().to_string()), ("w:type", "dxa")]);
        xml.empty("w:jc", &[("w:val", "center")]);
        xml.open("w:tblBorders", &[]);
        for side in ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"] {
            xml.empty(side, &[("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", "000000")]);
        }
        xml.close("w:tblBorders");
        xml.empty("w:tblLayout", &[("w:type", "fixed")]);
        xml.open("w:tblCellMar", &[]);
        for side in ["w:left", "w:right"] {
            xml.empty(side, &[("w:w", "70"), ("w:type", "dxa")]);
        }
        xml.close("w:tblCellMar");
        xml.close("w:tblPr");
        xml.open("w:tblGrid", &[]);
        for width in &widths {
            xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
        }
        xml.close("w:tblGrid");
        let rows = table
            .head
            .iter()
            .map(|cells| (true, true, cells))
            .chain(table.rows.iter().map(|row| (false, row.kind != RowKind::Body, &row.cells)));
        let mut above = vec![(0u16, 1usize); widths.len()];
        for (head, bold, cells) in rows {
            self.row(table, &widths, &mut above, cells, head, bold);
        }
        self.xml.close("w:tbl");
        self.line("DHSpace", "");
        Ok(())
    }

    /// A row. `above` holds, at the column where a cell above begins, the rows it still reaches down and the
    /// columns it spans: it is continued by one cell of the same span.
    fn row(
        &mut self,
        table: &Table,
        widths: &[i32],
        above: &mut [(u16, usize)],
        cells: &[Cell],
        head: bool,
        bold: bool,
    ) {
        self.xml.open("w:tr", &[]);
        self.xml.open("w:trPr", &[]);
        self.xml.empty("w:cantSplit", &[]);
        if head {
            self.xml.empty("w:tblHeader", &[]);
        }
        self.xml.close("w:trPr");
        let (mut column, mut cells) = (0, cells.iter());
        while column < widths.len() {
            let (left, span) = above[column];
            if left > 0 {
                above[column].0 -= 1;
                self.cell(widths, column, span, Some("continue"), table, &Text::default(), head);
                column += span;
                continue;
            }
            let empty = Cell::default();
            let cell = cells.next().unwrap_or(&empty);
            let free = above[column..].iter().take_while(|(left, _)| *left == 0).count();
            let span = usize::from(cell.columns.max(1)).min(free);
            let rows = cell.rows.max(1);
            if rows > 1 {
                above[column] = (rows - 1, span);
            }
            let text = if bold {
                Text(cell.text.0.iter().map(|run| Run { bold: true, ..run.clone() }).collect())
            } else {
                cell.text.clone()
            };
            self.cell(widths, column, span, (rows > 1).then_some("restart"), table, &text, head);
            column += span;
        }
        self.xml.close("w:tr");
    }

    #[expect(clippy::too_many_arguments, reason = "a cell is all of these, and only rows make cells")]
    fn cell(
        &mut self,
        widths: &[i32],
        column: usize,
        span: usize,
        merge: Option<&str>,
        table: &Table,
        text: &Text,
        head: bool,
    ) {
        let xml = &mut self.xml;
        xml.open("w:tc", &[]);
        xml.open("w:tcPr", &[]);
        let width: i32 = widths[column..column + span].iter().sum();
        xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
        if span > 1 {
            xml.empty("w:gridSpan", &[("w:val", &span.to_string())]);
        }
        if let Some(merge) = merge {
            xml.empty("w:vMerge", &[("w:val", merge)]);
        }
        if head {
            xml.empty("w:vAlign", &[("w:val", "center")]);
        }
        xml.close("w:tcPr");
        let align = match table.columns[column].align {
            _ if head => "center",
            // What spans columns is a name over them.
            _ if span > 1 => "left",
            Align::Left => "left",
            Align::Centre => "center",
            Align::Right => "right",
        };
        self.paragraph("DHCell", &[("w:jc", align)], text, Some(table.size));
        self.xml.close("w:tc");
    }

    /// A picture in the line with its caption. A drawing (SVG) has only its caption: its table stands beside it.
    fn picture(&mut self, picture: &Picture) -> Result<(), PressError> {
        let extension = match picture.format {
            PictureFormat::Png => "png",
            PictureFormat::Jpeg => "jpeg",
            PictureFormat::Svg => {
                self.line("DHCaption", &picture.caption);
                return Ok(());
            }
        };
        let (across, down) = picture::pixels(picture)?;
        let width = picture.width.clamp(1.0, self.room);
        let (cx, cy) = (width * EMU, width * EMU * down as f32 / across as f32);
        let (cx, cy) = ((cx.round() as i64).to_string(), (cy.round() as i64).to_string());
        self.pictures.push(picture::Media { extension, data: picture.data.clone() });
        let number = self.pictures.len();
        let (id, relation) = (number.to_string(), format!("rIdPicture{number}"));
        let xml = &mut self.xml;
        xml.open("w:p", &[]);
        xml.open("w:pPr", &[]);
        xml.empty("w:pStyle", &[("w:val", "DHPicture")]);
        xml.close("w:pPr");
        xml.open("w:r", &[]);
        xml.open("w:drawing", &[]);
        xml.open("wp:inline", &[("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")]);
        xml.empty("wp:extent", &[("cx", &cx), ("cy", &cy)]);
        xml.empty("wp:docPr", &[("id", &id), ("name", &relation), ("descr", &picture.caption)]);
        xml.open("a:graphic", &[]);
        xml.open("a:graphicData", &[("uri", "http://schemas.openxmlformats.org/drawingml/2006/picture")]);
        xml.open("pic:pic", &[]);
        xml.open("pic:nvPicPr", &[]);
        xml.empty("pic:cNvPr", &[("id", &id), ("name", &relation)]);
        xml.empty("pic:cNvPicPr", &[]);
        xml.close("pic:nvPicPr");
        xml.open("pic:blipFill", &[]);
        xml.empty("a:blip", &[("r:embed", &relation)]);
        xml.open("a:stretch", &[]);
        xml.empty("a:fillRect", &[]);
        xml.close("a:stretch");
        xml.close("pic:blipFill");
        xml.open("pic:spPr", &[]);
        xml.open("a:xfrm", &[]);
        xml.empty("a:off", &[("x", "0"), ("y", "0")]);
        xml.empty("a:ext", &[("cx", &cx), ("cy", &cy)]);
        xml.close("a:xfrm");
        xml.open("a:prstGeom", &[("prst", "rect")]);
        xml.empty("a:avLst", &[]);
        xml.close("a:prstGeom");
        xml.close("pic:spPr");
        xml.close("pic:pic");
        xml.close("a:graphicData");
        xml.close("a:graphic");
        xml.close("wp:inline");
        xml.close("w:drawing");
        xml.close("w:r");
        xml.close("w:p");
        self.line("DHCaption", &picture.caption);
        Ok(())
    }
}

/// The columns in twips: fixed ones as they are (all squeezed alike where they are too wide), shares of the rest.
fn widths(columns: &[Column], room: f32) -> Vec<i32> {
    let fixed: f32 =
        columns.iter().map(|c| if let Width::Mm(mm) = c.width { mm.max(1.0) } else { 0.0 }).sum();
    let shares: u32 =
        columns.iter().map(|c| if let Width::Share(n) = c.width { u32::from(n.max(1)) } else { 0 }).sum();
    // A share is never less than 8 mm: a word a line is the least one can read.
    let least = columns.iter().filter(|c| matches!(c.width, Width::Share(_))).count() as f32 * 8.0;
    let squeeze = if fixed + least > room { (room - least).max(room * 0.3) / fixed.max(1.0) } else { 1.0 };
    let rest = (room - fixed * squeeze).max(least);
    columns
        .iter()
        .map(|column| {
            twips(match column.width {
                Width::Mm(mm) => mm.max(1.0) * squeeze,
                Width::Share(share) => rest * f32::from(share.max(1)) / shares.max(1) as f32,
            })
        })
        .collect()
}
