//! XML as it is written: elements by hand, text through one door.

/// A part being written.
#[derive(Default)]
pub(crate) struct Xml(String);

/// What a text may hold in XML 1.0; everything else is dropped.
fn allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
        && !matches!(letter, '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}')
        // Marks that turn the direction of what follows: a name must read as it is.
        && !matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        && (letter as u32) & 0xfffe != 0xfffe
}

impl Xml {
    /// Escaped text.
    pub(crate) fn text(&mut self, text: &str) {
        for letter in text.chars().filter(|letter| allowed(*letter)) {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                letter => self.0.push(letter),
            }
        }
    }

    /// The content of a run: text as typed, with tabs and line ends as the format has them.
    pub(crate) fn words(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.empty("w:br", &[]);
            }
            for (at, piece) in line.trim_end_matches('\r').split('\t').enumerate() {
                if at > 0 {
                    self.empty("w:tab", &[]);
                }
                if !piece.is_empty() {
                    self.open("w:t", &[("xml:space", "preserve")]);
                    self.text(piece);
                    self.close("w:t");
                }
            }
        }
    }

    fn start(&mut self, element: &str, attributes: &[(&str, &str)]) {
        self.0.push('<');
        self.0.push_str(element);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, element: &str, attributes: &[(&str, &str)]) {
        self.start(element, attributes);
        self.0.push('>');
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, element: &str, attributes: &[(&str, &str)]) {
        self.start(element, attributes);
        self.0.push_str("/>");
    }

    /// Closes an element.
    pub(crate) fn close(&mut self, element: &str) {
        self.0.push_str("</");
        self.0.push_str(element);
        self.0.push('>');
    }

    /// What was written.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}
