//! The package around the document: content types, relations, settings, properties, in a fixed order.
// words: data — the name of the program in the properties of a file

use std::io::{Cursor, Write as _};

use jiff::civil::Date;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{picture::Media, style, xml::Xml};
use crate::{PressError, profile::Profile};

/// The namespace of the document's own elements.
pub(crate) const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// The font that documents name; a machine without it takes one with the same widths.
pub(crate) const FONT: &str = "Times New Roman";

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// What a package says about itself.
pub(super) struct Package {
    pub(super) title: String,
    pub(super) author: String,
    pub(super) date: Date,
    pub(super) mirrored: bool,
}

impl Package {
    /// The file.
    pub(super) fn pack(
        &self,
        profile: &Profile,
        body: &str,
        pictures: &[Media],
    ) -> Result<Vec<u8>, PressError> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let failed = |error: &dyn std::fmt::Display| PressError::Press(error.to_string());
        // No time of day and one order: the same paper gives the same bytes.
        let packed = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let stored = packed.compression_method(CompressionMethod::Stored);
        let parts = [
            ("[Content_Types].xml", types(pictures)),
            ("_rels/.rels", package_relations()),
            ("docProps/core.xml", self.core()),
            ("docProps/app.xml", app()),
            ("word/document.xml", document(body)),
            ("word/_rels/document.xml.rels", document_relations(pictures)),
            ("word/styles.xml", format!("{HEAD}{}", style::styles(profile))),
            ("word/settings.xml", self.settings()),
            ("word/header1.xml", header()),
        ];
        for (name, text) in &parts {
            zip.start_file(*name, packed).map_err(|error| failed(&error))?;
            zip.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
        }
        for (number, media) in (1..).zip(pictures) {
            zip.start_file(format!("word/media/picture{number}.{}", media.extension), stored)
                .map_err(|error| failed(&error))?;
            zip.write_all(&media.data).map_err(|error| failed(&error))?;
        }
        Ok(zip.finish().map_err(|error| failed(&error))?.into_inner())
    }

    fn core(&self) -> String {
        let mut xml = Xml::default();
        xml.open(
            "cp:coreProperties",
            &[
                ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
                ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
                ("xmlns:dcterms", "http://purl.org/dc/terms/"),
                ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ],
        );
        for (element, words) in [("dc:title", &self.title), ("dc:creator", &self.author)] {
            xml.open(element, &[]);
            xml.text(words);
            xml.close(element);
        }
        xml.open("dc:language", &[]);
        xml.text("vi-VN");
        xml.close("dc:language");
        for element in ["dcterms:created", "dcterms:modified"] {
            xml.open(element, &[("xsi:type", "dcterms:W3CDTF")]);
            xml.text(&format!("{}T00:00:00Z", self.date));
            xml.close(element);
        }
        xml.close("cp:coreProperties");
        format!("{HEAD}{}", xml.finish())
    }

    fn settings(&self) -> String {
        let mut xml = Xml::default();
        xml.open("w:settings", &[("xmlns:w", WORD)]);
        if self.mirrored {
            xml.empty("w:mirrorMargins", &[]);
        }
        xml.empty("w:defaultTabStop", &[("w:val", "567")]);
        xml.open("w:compat", &[]);
        xml.empty(
            "w:compatSetting",
            &[
                ("w:name", "compatibilityMode"),
                ("w:uri", "http://schemas.microsoft.com/office/word"),
                ("w:val", "15"),
            ],
        );
        xml.close("w:compat");
        xml.close("w:settings");
        format!("{HEAD}{}", xml.finish())
    }
}

fn types(pictures: &[Media]) -> String {
    let mut xml = Xml::default();
    xml.open("Types", &[("xmlns", "http://schemas.openxmlformats.org/package/2006/content-types")]);
    let rels = "application/vnd.openxmlformats-package.relationships+xml";
    xml.empty("Default", &[("Extension", "rels"), ("ContentType", rels)]);
    xml.empty("Default", &[("Extension", "xml"), ("ContentType", "application/xml")]);
    for (extension, mime) in [("png", "image/png"), ("jpeg", "image/jpeg")] {
        if pictures.iter().any(|media| media.extension == extension) {
            xml.empty("Default", &[("Extension", extension), ("ContentType", mime)]);
        }
    }
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    for (part, kind) in [
        ("/word/document.xml", format!("{word}.document.main+xml")),
        ("/word/styles.xml", format!("{word}.styles+xml")),
        ("/word/settings.xml", format!("{word}.settings+xml")),
        ("/word/header1.xml", format!("{word}.header+xml")),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml".to_owned()),
        (
            "/docProps/app.xml",
            "application/vnd.openxmlformats-officedocument.extended-properties+xml".to_owned(),
        ),
    ] {
        xml.empty("Override", &[("PartName", part), ("ContentType", &kind)]);
    }
    xml.close("Types");
    format!("{HEAD}{}", xml.finish())
}

fn relations(list: &[(String, String, String)]) -> String {
    let mut xml = Xml::default();
    xml.open("Relationships", &[("xmlns", RELATIONS)]);
    for (id, kind, target) in list {
        xml.empty("Relationship", &[("Id", id), ("Type", kind), ("Target", target)]);
    }
    xml.close("Relationships");
    format!("{HEAD}{}", xml.finish())
}

fn package_relations() -> String {
    let core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    relations(&[
        ("rId1".into(), format!("{OFFICE}/officeDocument"), "word/document.xml".into()),
        ("rId2".into(), core.into(), "docProps/core.xml".into()),
        ("rId3".into(), format!("{OFFICE}/extended-properties"), "docProps/app.xml".into()),
    ])
}

fn document_relations(pictures: &[Media]) -> String {
    let mut list = vec![
        ("rIdStyles".to_owned(), format!("{OFFICE}/styles"), "styles.xml".to_owned()),
        ("rIdSettings".to_owned(), format!("{OFFICE}/settings"), "settings.xml".to_owned()),
        ("rIdHeader".to_owned(), format!("{OFFICE}/header"), "header1.xml".to_owned()),
    ];
    for (number, media) in (1..).zip(pictures) {
        let target = format!("media/picture{number}.{}", media.extension);
        list.push((format!("rIdPicture{number}"), format!("{OFFICE}/image"), target));
    }
    relations(&list)
}

fn app() -> String {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    format!("{HEAD}<Properties xmlns=\"{kind}\"><Application>Diên Hồng</Application></Properties>")
}

fn document(body: &str) -> String {
    let mut xml = Xml::default();
    xml.open(
        "w:document",
        &[
            ("xmlns:w", WORD),
            ("xmlns:r", OFFICE),
            ("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
            ("xmlns:a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
            ("xmlns:pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"),
        ],
    );
    xml.open("w:body", &[]);
    format!("{HEAD}{}{body}</w:body></w:document>", xml.finish())
}

/// The page number in the top margin; the first page has none (`w:titlePg` without a first header).
fn header() -> String {
    let mut xml = Xml::default();
    xml.open("w:hdr", &[("xmlns:w", WORD), ("xmlns:r", OFFICE)]);
    xml.open("w:p", &[]);
    xml.open("w:pPr", &[]);
    xml.empty("w:pStyle", &[("w:val", "DHPageNumber")]);
    xml.close("w:pPr");
    for field in ["begin", "PAGE", "separate", "2", "end"] {
        xml.open("w:r", &[]);
        match field {
            "PAGE" => {
                xml.open("w:instrText", &[("xml:space", "preserve")]);
                xml.text(" PAGE ");
                xml.close("w:instrText");
            }
            "2" => xml.words(field),
            kind => xml.empty("w:fldChar", &[("w:fldCharType", kind)]),
        }
        xml.close("w:r");
    }
    xml.close("w:p");
    xml.close("w:hdr");
    format!("{HEAD}{}", xml.finish())
}
