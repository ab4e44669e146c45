//! The top of a document: who issues it, its number, its date, its type, to whom.

use super::Set;
use crate::{
    fonts,
    paper::{Paper, Text},
    parts,
};

impl Set {
    pub(super) fn heading(&mut self, paper: &Paper) {
        let heading = parts::heading(paper);
        let styles = &self.profile.parts;
        let smaller = |size: f32| (heading.shrink > 0.0).then_some(size - heading.shrink);
        let (parent, name, date) = (
            smaller(styles.parent.size.set),
            smaller(styles.name.size.set),
            smaller(styles.place_date.size.set),
        );
        self.open_frame([heading.left, heading.right]);
        self.open_row();
        self.open_cell(heading.left);
        for line in &heading.parent {
            self.paragraph("DHParent", &[], &Text::plain(line), parent);
        }
        for line in &heading.name {
            self.paragraph("DHName", &[], &Text::plain(line), name);
        }
        if self.profile.star {
            self.line("DHStar", "*");
        } else {
            let longest = heading.name.last().map_or(30.0, |line| {
                fonts::width(line, styles.name.size.set - heading.shrink, styles.name.bold, false)
            });
            // Between a third and half of the line above it.
            self.rule(heading.left, longest * 0.42);
        }
        self.xml.close("w:tc");
        self.open_cell(heading.right);
        let mut length = 0.0;
        for (at, line) in heading.motto.iter().enumerate() {
            let (style, look) = match styles.device {
                Some(device) if at > 0 => ("DHDevice", device),
                _ => ("DHMotto", styles.motto),
            };
            self.line(style, line);
            length = fonts::width(line, look.size.set, look.bold, look.italic);
        }
        self.rule(heading.right, length);
        self.xml.close("w:tc");
        self.xml.close("w:tr");
        self.open_row();
        self.open_cell(heading.left);
        match &heading.number {
            Some(number) => self.line("DHNumber", number),
            None => self.line("DHNumber", ""),
        }
        if let Some(subject) = &heading.letter_subject {
            self.line("DHLetterSubject", subject);
        }
        if let Some(urgency) = heading.urgency {
            self.line("DHUrgency", urgency);
        }
        self.xml.close("w:tc");
        self.open_cell(heading.right);
        self.paragraph("DHPlaceDate", &[], &Text::plain(&heading.place_date), date);
        self.xml.close("w:tc");
        self.xml.close("w:tr");
        self.xml.close("w:tbl");
        match parts::title(paper) {
            Some(title) => {
                self.line("DHTitle", &title);
                if let Some(subject) = parts::subject(paper) {
                    self.line("DHSubject", &subject);
                }
                if self.profile.dashes {
                    self.line("DHDashes", "-----");
                } else {
                    self.rule(self.room, 35.0);
                    self.line("DHSpace", "");
                }
            }
            None => self.line("DHSpace", ""),
        }
    }

    pub(super) fn addressed(&mut self, paper: &Paper) {
        let Some(to) = parts::to(paper) else { return };
        let italic = self.profile.parts.to.italic;
        let label = |words: String| if italic { Text::italic(words) } else { Text::plain(words) };
        match to.lines.as_slice() {
            [one] => {
                let text = label(format!("{} ", to.label)).and(one.as_str());
                self.paragraph("DHTo", &[], &text, None);
            }
            many => {
                self.paragraph("DHTo", &[], &label(to.label.clone()), None);
                for line in many {
                    self.line("DHToItem", line);
                }
            }
        }
        self.line("DHSpace", "");
    }
}
