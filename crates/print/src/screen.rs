//! A paper on the screen: safe HTML that `web/paper.css` sets as a sheet. Every word is escaped.

use std::fmt::Write as _;

use crate::{
    paper::{Align, Block, Cell, Paper, Picture, PictureFormat, RowKind, Table, Text},
    parts, profile,
};

/// The paper as a fragment. Pictures of photographs need an address; without one only the caption stands.
pub fn html(paper: &Paper) -> String {
    html_with(paper, |_| None)
}

/// The paper as a fragment, with the address of each picture (counted from 0 through body and annexes).
pub fn html_with(paper: &Paper, picture: impl Fn(usize) -> Option<String>) -> String {
    let mut out = Out { html: String::new(), pictures: 0, picture: &picture };
    let profile = profile::of(paper);
    let state = if profile.star { "" } else { " official-state" };
    out.raw(&format!("<article class=\"official{state}\" lang=\"vi\">"));
    out.head(paper);
    if let Some(title) = parts::title(paper) {
        out.line("official-title", &title);
    }
    if let Some(subject) = parts::subject(paper) {
        out.line("official-subject", &subject);
    }
    if parts::title(paper).is_some() {
        out.raw(if profile.dashes {
            "<p class=\"official-dashes\">-----</p>"
        } else {
            "<hr class=\"official-rule\">"
        });
    }
    if let Some(to) = parts::to(paper) {
        match to.lines.as_slice() {
            [one] => out.line("official-to", &format!("{} {one}", to.label)),
            many => {
                out.line("official-to", &to.label);
                for line in many {
                    out.line("official-to-item", line);
                }
            }
        }
    }
    out.blocks(&parts::body(paper), &profile.basis);
    out.end(paper);
    if !paper.foot.trim().is_empty() {
        out.line("official-foot", paper.foot.trim());
    }
    for annex in &paper.annexes {
        out.raw("<section class=\"official-annex\">");
        for line in &annex.title {
            out.line("official-annex-title", line);
        }
        out.blocks(&annex.blocks, &profile.basis);
        out.raw("</section>");
    }
    out.raw("</article>");
    out.html
}

struct Out<'a> {
    html: String,
    pictures: usize,
    picture: &'a dyn Fn(usize) -> Option<String>,
}

impl Out<'_> {
    fn raw(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn words(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                '"' => self.html.push_str("&quot;"),
                '\'' => self.html.push_str("&#39;"),
                letter if letter.is_control() && letter != '\n' => self.html.push(' '),
                letter => self.html.push(letter),
            }
        }
    }

    fn line(&mut self, class: &str, text: &str) {
        let _ = write!(self.html, "<p class=\"{class}\">");
        self.words(text);
        self.raw("</p>");
    }

    fn text(&mut self, text: &Text) {
        for run in &text.0 {
            let (open, close) = match (run.bold, run.italic) {
                (true, true) => ("<b><i>", "</i></b>"),
                (true, false) => ("<b>", "</b>"),
                (false, true) => ("<i>", "</i>"),
                (false, false) => ("", ""),
            };
            self.raw(open);
            self.words(&run.text);
            self.raw(close);
        }
    }

    fn head(&mut self, paper: &Paper) {
        let heading = parts::heading(paper);
        let profile = profile::of(paper);
        self.raw("<header class=\"official-head\"><div>");
        for line in &heading.parent {
            self.line("official-parent", line);
        }
        for line in &heading.name {
            self.line("official-name", line);
        }
        self.raw(if profile.star {
            "<p class=\"official-star\">*</p>"
        } else {
            "<hr class=\"official-rule\">"
        });
        if let Some(number) = &heading.number {
            self.line("official-number", number);
        }
        if let Some(subject) = &heading.letter_subject {
            self.line("official-about", subject);
        }
        if let Some(urgency) = heading.urgency {
            self.line("official-urgency", urgency);
        }
        self.raw("</div><div>");
        for line in &heading.motto {
            self.line("official-motto", line);
        }
        self.raw("<hr class=\"official-rule\">");
        self.line("official-date", &heading.place_date);
        self.raw("</div></header>");
    }

    fn blocks(&mut self, blocks: &[Block], basis: &str) {
        for block in blocks {
            match block {
                Block::Heading(level, text) => {
                    let _ = write!(
                        self.html,
                        "<p class=\"official-heading official-heading-{}\">",
                        level.clamp(&1, &3)
                    );
                    self.text(text);
                    self.raw("</p>");
                }
                Block::Basis(text) => {
                    self.raw(if basis.is_empty() { "<p class=\"official-basis\">" } else { "<p>" });
                    self.text(text);
                    self.raw("</p>");
                }
                Block::Paragraph(text) => {
                    self.raw("<p>");
                    self.text(text);
                    self.raw("</p>");
                }
                Block::Point(mark, text) => {
                    self.raw("<p>");
                    self.words(mark);
                    self.raw(" ");
                    self.text(text);
                    self.raw("</p>");
                }
                Block::Table(table) => self.table(table),
                Block::Picture(picture) => self.figure(picture),
            }
        }
    }

    fn cells(&mut self, cells: &[Cell], table: &Table, head: bool) {
        let tag = if head { "th" } else { "td" };
        let mut column = 0usize;
        for cell in cells {
            let align = match table.columns.get(column).map(|column| column.align) {
                _ if head => "",
                Some(Align::Right) => " class=\"text-end\"",
                Some(Align::Centre) => " class=\"text-center\"",
                _ => "",
            };
            let _ = write!(self.html, "<{tag}{align}");
            if cell.columns > 1 {
                let _ = write!(self.html, " colspan=\"{}\"", cell.columns);
            }
            if cell.rows > 1 {
                let _ = write!(self.html, " rowspan=\"{}\"", cell.rows);
            }
            self.raw(">");
            self.text(&cell.text);
            let _ = write!(self.html, "</{tag}>");
            column += usize::from(cell.columns.max(1));
        }
    }

    fn table(&mut self, table: &Table) {
        // Where a table is wider than the screen, the keyboard can move it.
        self.raw("<div class=\"official-table\" tabindex=\"0\"><table><thead>");
        for row in &table.head {
            self.raw("<tr>");
            self.cells(row, table, true);
            self.raw("</tr>");
        }
        self.raw("</thead><tbody>");
        for row in &table.rows {
            self.raw(match row.kind {
                RowKind::Body => "<tr>",
                RowKind::Group => "<tr class=\"official-group\">",
                RowKind::Total => "<tr class=\"official-total\">",
            });
            self.cells(&row.cells, table, false);
            self.raw("</tr>");
        }
        self.raw("</tbody></table></div>");
    }

    fn figure(&mut self, picture: &Picture) {
        let address = (self.picture)(self.pictures);
        self.pictures += 1;
        self.raw("<figure class=\"official-figure\">");
        match (picture.format, address) {
            (_, Some(address)) => {
                self.raw("<img alt=\"");
                self.words(&picture.caption);
                self.raw("\" src=\"");
                self.words(&address);
                self.raw("\">");
            }
            // Of our own making and never a user's: see `PictureFormat::Svg`.
            (PictureFormat::Svg, None) => {
                if let Ok(svg) = std::str::from_utf8(&picture.data) {
                    self.raw(svg);
                }
            }
            _ => {}
        }
        self.raw("<figcaption>");
        self.words(&picture.caption);
        self.raw("</figcaption></figure>");
    }

    fn end(&mut self, paper: &Paper) {
        let (recipients, signatures) = (parts::recipients(paper), parts::signatures(paper));
        if recipients.is_empty() && signatures.is_empty() {
            return;
        }
        self.raw("<footer class=\"official-end\"><div class=\"official-recipients\">");
        if !recipients.is_empty() {
            self.line("official-recipients-head", parts::RECIPIENTS);
            for line in &recipients {
                self.line("official-recipient", line);
            }
        }
        self.raw("</div>");
        for signature in &signatures {
            self.raw("<div class=\"official-signature\">");
            if let Some(authority) = &signature.authority {
                self.line("official-authority", authority);
            }
            if !signature.office.is_empty() {
                self.line("official-office", &signature.office);
            }
            self.line("official-signer", &signature.name);
            self.raw("</div>");
        }
        self.raw("</footer>");
    }
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
