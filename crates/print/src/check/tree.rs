//! XML of a foreign part as a tree, and back: without entities of its own, with a bound on its depth and size.

use quick_xml::{Reader, escape::resolve_xml_entity, events::Event};

use super::Refused;
use crate::docx::xml::Xml;

/// Elements within elements; office documents stay far below.
const MOST_DEPTH: usize = 200;
/// Elements of a part.
const MOST_ELEMENTS: usize = 1_500_000;

/// An element with its whole name (prefix and all).
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) nodes: Vec<Node>,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

impl Element {
    /// Reads a part.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        let text = decode(bytes)?;
        let mut reader = Reader::from_str(&text);
        let mut open: Vec<Self> = vec![Self::default()];
        let mut count = 0usize;
        loop {
            let event = reader.read_event().map_err(|_| Refused::Damaged)?;
            match event {
                Event::Eof => break,
                // Entities of its own are how a small file becomes a large one, or reads what is not its own.
                Event::DocType(_) => return Err(Refused::Hostile),
                Event::Start(start) => {
                    count += 1;
                    if open.len() > MOST_DEPTH || count > MOST_ELEMENTS {
                        return Err(Refused::Hostile);
                    }
                    open.push(Self::start(&start)?);
                }
                Event::Empty(start) => {
                    count += 1;
                    if count > MOST_ELEMENTS {
                        return Err(Refused::Hostile);
                    }
                    let element = Self::start(&start)?;
                    open.last_mut().ok_or(Refused::Damaged)?.nodes.push(Node::Element(element));
                }
                Event::End(_) => {
                    let element = open.pop().ok_or(Refused::Damaged)?;
                    open.last_mut().ok_or(Refused::Damaged)?.nodes.push(Node::Element(element));
                }
                Event::Text(words) => {
                    let words = words.xml_content().map_err(|_| Refused::Damaged)?;
                    open.last_mut().ok_or(Refused::Damaged)?.push_text(&words);
                }
                Event::CData(words) => {
                    let words = words.decode().map_err(|_| Refused::Damaged)?;
                    open.last_mut().ok_or(Refused::Damaged)?.push_text(&words);
                }
                Event::GeneralRef(name) => {
                    let element = open.last_mut().ok_or(Refused::Damaged)?;
                    if let Some(letter) = name.resolve_char_ref().map_err(|_| Refused::Damaged)? {
                        element.push_text(letter.encode_utf8(&mut [0; 4]));
                    } else {
                        let name = name.decode().map_err(|_| Refused::Damaged)?;
                        element.push_text(resolve_xml_entity(&name).ok_or(Refused::Hostile)?);
                    }
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
        let mut root = open.pop().ok_or(Refused::Damaged)?;
        if !open.is_empty() {
            return Err(Refused::Damaged);
        }
        root.nodes
            .drain(..)
            .find_map(|node| match node {
                Node::Element(element) => Some(element),
                Node::Text(_) => None,
            })
            .ok_or(Refused::Damaged)
    }

    fn start(start: &quick_xml::events::BytesStart<'_>) -> Result<Self, Refused> {
        let name = std::str::from_utf8(start.name().as_ref()).map_err(|_| Refused::Damaged)?.to_owned();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| Refused::Damaged)?;
            let key = std::str::from_utf8(attribute.key.as_ref()).map_err(|_| Refused::Damaged)?;
            let value = attribute.unescape_value().map_err(|_| Refused::Hostile)?;
            attributes.push((key.to_owned(), value.into_owned()));
        }
        Ok(Self { name, attributes, nodes: Vec::new() })
    }

    fn push_text(&mut self, words: &str) {
        if let Some(Node::Text(text)) = self.nodes.last_mut() {
            text.push_str(words);
        } else if !words.is_empty() {
            self.nodes.push(Node::Text(words.to_owned()));
        }
    }

    /// Its name without the prefix.
    pub(crate) fn local(&self) -> &str {
        local(&self.name)
    }

    /// An attribute by its name without the prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| local(key) == name).map(|(_, value)| value.as_str())
    }

    /// Its elements.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Its first element of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children().find(|element| element.local() == name)
    }

    /// The value of its first element of a name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.attribute("val")
    }

    /// Whether a switch such as `w:b` is on; none where it is not said.
    pub(crate) fn switch(&self, name: &str) -> Option<bool> {
        let element = self.child(name)?;
        Some(!matches!(element.attribute("val"), Some("0" | "false" | "off" | "none")))
    }

    /// Its own text, without that of its elements.
    pub(crate) fn text(&self) -> String {
        self.nodes
            .iter()
            .filter_map(|node| match node {
                Node::Text(text) => Some(text.as_str()),
                Node::Element(_) => None,
            })
            .collect()
    }

    /// The prefix that names of its kind have, with the colon.
    pub(crate) fn prefix(&self) -> String {
        self.name.split_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"))
    }

    /// Its first element of a name, made where there is none (as the first of its elements, where properties stand).
    pub(crate) fn make(&mut self, name: &str) -> Option<&mut Self> {
        let known = self.nodes.iter().position(|node| matches!(node, Node::Element(e) if e.local() == name));
        let at = known.unwrap_or_else(|| {
            let name = format!("{}{name}", self.prefix());
            self.nodes.insert(0, Node::Element(Self { name, ..Self::default() }));
            0
        });
        match &mut self.nodes[at] {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        }
    }

    /// Sets an attribute, under the prefix of the element.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if let Some((_, old)) = self.attributes.iter_mut().find(|(key, _)| local(key) == name) {
            *old = value;
        } else {
            self.attributes.push((format!("{}{name}", self.prefix()), value));
        }
    }

    /// Visits this element and all in it, outer ones first.
    pub(crate) fn each(&mut self, visit: &mut impl FnMut(&mut Self)) {
        visit(self);
        for node in &mut self.nodes {
            if let Node::Element(element) = node {
                element.each(visit);
            }
        }
    }

    /// The part as text.
    pub(crate) fn print(&self) -> String {
        let mut xml = Xml::default();
        self.write(&mut xml);
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{}", xml.finish())
    }

    fn write(&self, xml: &mut Xml) {
        let attributes: Vec<(&str, &str)> =
            self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if self.nodes.is_empty() {
            xml.empty(&self.name, &attributes);
            return;
        }
        xml.open(&self.name, &attributes);
        for node in &self.nodes {
            match node {
                Node::Element(element) => element.write(xml),
                Node::Text(text) => xml.text(text),
            }
        }
        xml.close(&self.name);
    }
}

/// A part is UTF-8, or UTF-16 with its mark.
fn decode(bytes: &[u8]) -> Result<String, Refused> {
    let wide = |big: bool| {
        let units: Vec<u16> = bytes[2..]
            .chunks_exact(2)
            .map(|pair| {
                if big {
                    u16::from_be_bytes([pair[0], pair[1]])
                } else {
                    u16::from_le_bytes([pair[0], pair[1]])
                }
            })
            .collect();
        String::from_utf16(&units).map_err(|_| Refused::Damaged)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(false),
        [0xfe, 0xff, ..] => wide(true),
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            std::str::from_utf8(rest).map(str::to_owned).map_err(|_| Refused::Damaged)
        }
        _ => std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Refused::Damaged),
    }
}
