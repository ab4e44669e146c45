//! What a foreign document says and how each paragraph looks, after styles, defaults and the theme.

use std::collections::BTreeMap;

use super::{Refused, package::Package, tree::Element};
use crate::docx::TWIPS;

/// A piece of text as it looks.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Run {
    pub(super) text: String,
    /// Points.
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
    pub(super) font: String,
}

/// A paragraph as it looks.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Paragraph {
    /// Its place among all paragraphs of the document.
    pub(super) ordinal: usize,
    pub(super) runs: Vec<Run>,
    /// `left`, `center`, `right`, `both`.
    pub(super) align: String,
    /// First line indent in millimetres.
    pub(super) first: f32,
    /// Line step: points where exact or at least, lines otherwise.
    pub(super) step: Step,
    /// Points before and after together.
    pub(super) gap: f32,
    /// A border over or under it.
    pub(super) border: bool,
    /// Something drawn stands in it.
    pub(super) drawn: bool,
    /// A field that shows the page number.
    pub(super) page_field: bool,
    /// Numbered by the word processor.
    pub(super) numbered: bool,
    /// The cell it stands in, counted through the document; none outside tables.
    pub(super) cell: Option<usize>,
}

/// A line step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Lines(f32),
    Exact(f32),
    AtLeast(f32),
}

impl Default for Step {
    fn default() -> Self {
        Self::Lines(1.0)
    }
}

impl Paragraph {
    pub(super) fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect::<String>().trim().to_owned()
    }

    /// Whether its words have a look, those of any run that says something.
    pub(super) fn all(&self, look: impl Fn(&Run) -> bool) -> bool {
        self.runs.iter().filter(|run| !run.text.trim().is_empty()).all(look)
    }
}

/// A section, in millimetres.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Section {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) top: f32,
    pub(super) bottom: f32,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) first_page_apart: bool,
    /// Paragraphs of its ordinary header.
    pub(super) header: Vec<Paragraph>,
    /// Paragraphs of its first page's header.
    pub(super) first_header: Vec<Paragraph>,
    /// Paragraphs of its footers.
    pub(super) footer: Vec<Paragraph>,
}

/// A document.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Document {
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) sections: Vec<Section>,
}

/// Properties of letters and paragraphs, where they are said.
#[derive(Debug, Clone, Default)]
struct Look {
    size: Option<f32>,
    bold: Option<bool>,
    italic: Option<bool>,
    underline: Option<bool>,
    caps: Option<bool>,
    hidden: Option<bool>,
    font: Option<String>,
    align: Option<String>,
    first: Option<f32>,
    line: Option<f32>,
    line_rule: Option<String>,
    before: Option<f32>,
    after: Option<f32>,
    border: Option<bool>,
    numbered: Option<bool>,
}

impl Look {
    fn over(&mut self, other: &Self) {
        macro_rules! take {
            ($($field:ident),*) => { $(if other.$field.is_some() { self.$field.clone_from(&other.$field); })* };
        }
        take!(size, bold, italic, underline, caps, hidden, font, align, first, line, line_rule);
        take!(before, after, border, numbered);
    }

    fn letters(properties: &Element, theme: &Theme) -> Self {
        let font = properties.child("rFonts").and_then(|fonts| {
            fonts
                .attribute("asciiTheme")
                .or_else(|| fonts.attribute("hAnsiTheme"))
                .and_then(|name| theme.font(name))
                .or_else(|| fonts.attribute("hAnsi").or_else(|| fonts.attribute("ascii")).map(str::to_owned))
        });
        Self {
            size: properties.value("sz").and_then(|size| size.parse::<f32>().ok()).map(|half| half / 2.0),
            bold: properties.switch("b"),
            italic: properties.switch("i"),
            underline: properties.switch("u"),
            caps: properties.switch("caps"),
            hidden: properties.switch("vanish"),
            font,
            ..Self::default()
        }
    }

    fn paragraph(properties: &Element) -> Self {
        let number = |element: Option<&Element>, name: &str| {
            element.and_then(|e| e.attribute(name)).and_then(|value| value.parse::<f32>().ok())
        };
        let (spacing, indent) = (properties.child("spacing"), properties.child("ind"));
        let first = number(indent, "firstLine").or_else(|| number(indent, "hanging").map(|hang| -hang));
        Self {
            align: properties.value("jc").map(|align| match align {
                "start" => "left".to_owned(),
                "end" => "right".to_owned(),
                "distribute" => "both".to_owned(),
                other => other.to_owned(),
            }),
            first: first.map(|twips| twips / TWIPS),
            line: number(spacing, "line"),
            line_rule: spacing.and_then(|spacing| spacing.attribute("lineRule")).map(str::to_owned),
            before: number(spacing, "before").map(|twips| twips / 20.0),
            after: number(spacing, "after").map(|twips| twips / 20.0),
            border: properties.child("pBdr").map(|border| {
                border.children().any(|side| {
                    matches!(side.local(), "top" | "bottom") && side.attribute("val") != Some("none")
                })
            }),
            numbered: properties.child("numPr").map(|number| number.value("numId") != Some("0")),
            ..Self::default()
        }
    }
}

/// The fonts of the theme.
#[derive(Default)]
struct Theme {
    major: Option<String>,
    minor: Option<String>,
}

impl Theme {
    fn font(&self, name: &str) -> Option<String> {
        if name.starts_with("major") { self.major.clone() } else { self.minor.clone() }
    }
}

/// Styles by their id, each with all it is based on.
struct Styles {
    defaults: Look,
    normal: Option<String>,
    styles: BTreeMap<String, (Option<String>, Look)>,
    theme: Theme,
}

impl Styles {
    fn read(package: &Package) -> Self {
        let mut theme = Theme::default();
        if let Some(fonts) = package
            .part("theme")
            .and_then(|theme| theme.child("themeElements"))
            .and_then(|elements| elements.child("fontScheme"))
        {
            let latin = |name: &str| {
                fonts
                    .child(name)
                    .and_then(|f| f.child("latin"))
                    .and_then(|f| f.attribute("typeface"))
                    .map(str::to_owned)
            };
            theme = Theme { major: latin("majorFont"), minor: latin("minorFont") };
        }
        let mut read = Self { defaults: Look::default(), normal: None, styles: BTreeMap::new(), theme };
        // Word's own size where nothing says one.
        read.defaults.size = Some(10.0);
        let Some(part) = package.part("styles") else { return read };
        if let Some(defaults) = part.child("docDefaults") {
            if let Some(letters) = defaults.child("rPrDefault").and_then(|d| d.child("rPr")) {
                read.defaults.over(&Look::letters(letters, &read.theme));
            }
            if let Some(paragraph) = defaults.child("pPrDefault").and_then(|d| d.child("pPr")) {
                read.defaults.over(&Look::paragraph(paragraph));
            }
        }
        for style in part.children().filter(|element| element.local() == "style") {
            let Some(id) = style.attribute("styleId") else { continue };
            let mut look = Look::default();
            if let Some(paragraph) = style.child("pPr") {
                look.over(&Look::paragraph(paragraph));
            }
            if let Some(letters) = style.child("rPr") {
                look.over(&Look::letters(letters, &read.theme));
            }
            if style.attribute("type") == Some("paragraph")
                && matches!(style.attribute("default"), Some("1" | "true" | "on"))
            {
                read.normal = Some(id.to_owned());
            }
            read.styles.insert(id.to_owned(), (style.value("basedOn").map(str::to_owned), look));
        }
        read
    }

    fn over(&self, look: &mut Look, id: Option<&str>) {
        let mut chain = Vec::new();
        let mut at = id;
        // A style based on itself, by whatever way, ends the chain.
        while let Some(id) = at
            && chain.len() < 20
            && let Some((base, style)) = self.styles.get(id)
        {
            chain.push(style);
            at = base.as_deref();
        }
        for style in chain.iter().rev() {
            look.over(style);
        }
    }
}

/// Walks the paragraphs of a part.
struct Walk<'a> {
    styles: &'a Styles,
    paragraphs: Vec<Paragraph>,
    sections: Vec<Element>,
    cells: usize,
}

impl Walk<'_> {
    fn blocks(&mut self, parent: &Element, cell: Option<usize>) {
        for element in parent.children() {
            match element.local() {
                "p" => self.paragraph(element, cell),
                "tc" => {
                    self.cells += 1;
                    let cell = self.cells;
                    self.blocks(element, Some(cell));
                }
                "tbl" | "tr" | "sdt" | "sdtContent" | "ins" | "smartTag" | "customXml" | "body" => {
                    self.blocks(element, cell);
                }
                "sectPr" => self.sections.push(element.clone()),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, element: &Element, cell: Option<usize>) {
        let properties = element.child("pPr");
        let style = properties.and_then(|p| p.value("pStyle")).or(self.styles.normal.as_deref());
        let mut look = self.styles.defaults.clone();
        self.styles.over(&mut look, style);
        if let Some(properties) = properties {
            look.over(&Look::paragraph(properties));
            if let Some(section) = properties.child("sectPr") {
                self.sections.push(section.clone());
            }
        }
        let line = look.line;
        let mut paragraph = Paragraph {
            ordinal: self.paragraphs.len(),
            align: look.align.clone().unwrap_or_else(|| "left".to_owned()),
            first: look.first.unwrap_or(0.0),
            step: match (look.line_rule.as_deref(), line) {
                (Some("exact"), Some(line)) => Step::Exact(line / 20.0),
                (Some("atLeast"), Some(line)) => Step::AtLeast(line / 20.0),
                (_, Some(line)) => Step::Lines(line / 240.0),
                (_, None) => Step::Lines(1.0),
            },
            gap: look.before.unwrap_or(0.0) + look.after.unwrap_or(0.0),
            border: look.border.unwrap_or(false),
            numbered: look.numbered.unwrap_or(false),
            cell,
            ..Paragraph::default()
        };
        self.inline(element, &look, &mut paragraph);
        self.paragraphs.push(paragraph);
    }

    fn inline(&self, parent: &Element, look: &Look, paragraph: &mut Paragraph) {
        for element in parent.children() {
            match element.local() {
                "r" => self.run(element, look, paragraph),
                "fldSimple" => {
                    paragraph.page_field |= element.attribute("instr").is_some_and(page_field);
                    self.inline(element, look, paragraph);
                }
                "hyperlink" | "ins" | "smartTag" | "sdt" | "sdtContent" | "customXml" => {
                    self.inline(element, look, paragraph);
                }
                "AlternateContent" | "drawing" | "pict" => paragraph.drawn = true,
                _ => {}
            }
        }
    }

    fn run(&self, element: &Element, look: &Look, paragraph: &mut Paragraph) {
        let mut look = look.clone();
        if let Some(properties) = element.child("rPr") {
            self.styles.over(&mut look, properties.value("rStyle"));
            look.over(&Look::letters(properties, &self.styles.theme));
        }
        let mut text = String::new();
        for piece in element.children() {
            match piece.local() {
                "t" => text.push_str(&piece.text()),
                "tab" | "ptab" => text.push('\t'),
                "br" | "cr" => text.push('\n'),
                "noBreakHyphen" => text.push('-'),
                "instrText" => paragraph.page_field |= page_field(&piece.text()),
                "AlternateContent" | "drawing" | "pict" | "object" => paragraph.drawn = true,
                _ => {}
            }
        }
        if text.is_empty() || look.hidden == Some(true) {
            return;
        }
        if look.caps == Some(true) {
            text = text.to_uppercase();
        }
        paragraph.runs.push(Run {
            text,
            size: look.size.unwrap_or(10.0),
            bold: look.bold.unwrap_or(false),
            italic: look.italic.unwrap_or(false),
            underline: look.underline.unwrap_or(false),
            font: look.font.unwrap_or_default(),
        });
    }
}

fn page_field(instruction: &str) -> bool {
    instruction.split_whitespace().next() == Some("PAGE")
}

/// Reads a document.
///
/// # Errors
/// [`Refused::NotDocx`] without a body.
pub(super) fn document(package: &Package) -> Result<Document, Refused> {
    let styles = Styles::read(package);
    let body = package.document.child("body").ok_or(Refused::NotDocx)?;
    let walk = |element: &Element| {
        let mut walk = Walk { styles: &styles, paragraphs: Vec::new(), sections: Vec::new(), cells: 0 };
        walk.blocks(element, None);
        (walk.paragraphs, walk.sections)
    };
    let (paragraphs, found) = walk(body);
    let mut sections: Vec<Section> = Vec::new();
    for element in &found {
        let number = |name: &str, attribute: &str, other: f32| {
            element
                .child(name)
                .and_then(|e| e.attribute(attribute))
                .and_then(|value| value.parse::<f32>().ok())
                .unwrap_or(other)
                / TWIPS
        };
        let mut section = Section {
            width: number("pgSz", "w", 12_240.0),
            height: number("pgSz", "h", 15_840.0),
            top: number("pgMar", "top", 1_440.0).abs(),
            bottom: number("pgMar", "bottom", 1_440.0).abs(),
            left: number("pgMar", "left", 1_440.0) + number("pgMar", "gutter", 0.0),
            right: number("pgMar", "right", 1_440.0),
            first_page_apart: element.switch("titlePg") == Some(true),
            ..Section::default()
        };
        // A section without headers of its own has those of the one before.
        if let Some(before) = sections.last() {
            section.header.clone_from(&before.header);
            section.footer.clone_from(&before.footer);
        }
        for reference in element.children() {
            let part = reference
                .attribute("id")
                .and_then(|id| package.relations.get(id))
                .and_then(|target| package.parts.get(target));
            let Some(part) = part else { continue };
            match (reference.local(), reference.attribute("type").unwrap_or("default")) {
                ("headerReference", "default") => section.header = walk(part).0,
                ("headerReference", "first") => section.first_header = walk(part).0,
                ("footerReference", "default") => section.footer = walk(part).0,
                _ => {}
            }
        }
        sections.push(section);
    }
    Ok(Document { paragraphs, sections })
}
