//! What bytes are, by their first ones.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::i18n::key;

/// A kind of file that may come in where the caller allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// PDF.
    Pdf,
    /// A PNG image.
    Png,
    /// A JPEG image.
    Jpeg,
    /// A WebP image.
    Webp,
    /// A Word document without macros.
    Docx,
    /// An Excel workbook without macros.
    Xlsx,
    /// A PowerPoint presentation without macros.
    Pptx,
    /// UTF-8 text.
    Txt,
    /// UTF-8 text whose name says that it is a table.
    Csv,
    /// Any other ZIP archive; in none of the lists below.
    Zip,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Webp,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Txt,
        Self::Csv,
        Self::Zip,
    ];
    /// What may prove that work was done.
    pub const EVIDENCE: &'static [Self] =
        &[Self::Pdf, Self::Png, Self::Jpeg, Self::Docx, Self::Xlsx, Self::Pptx, Self::Txt, Self::Csv];
    /// Documents to be read or printed.
    pub const DOCUMENTS: &'static [Self] = &[Self::Pdf, Self::Docx, Self::Xlsx, Self::Pptx];
    /// Images.
    pub const IMAGES: &'static [Self] = &[Self::Png, Self::Jpeg];
    /// What a photograph may come as; it is kept as JPEG.
    pub const PHOTOS: &'static [Self] = &[Self::Jpeg, Self::Png, Self::Webp];
    /// Tables to be imported.
    pub const TABLES: &'static [Self] = &[Self::Xlsx, Self::Csv];

    /// The stored word, which is also the ending of a name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Txt => "txt",
            Self::Csv => "csv",
            Self::Zip => "zip",
        }
    }

    /// The type under which it is sent.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Txt => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Zip => "application/zip",
        }
    }

    /// True when a name with this ending (lower case) tells the truth.
    pub(super) fn has_ending(self, ending: &str) -> bool {
        ending == self.as_str() || (self == Self::Jpeg && ending == "jpeg")
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

crate::text_value!(Kind);

/// What was found instead of an allowed kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A known kind that is not allowed here.
    Kind(Kind),
    /// A program or script.
    Program,
    /// HTML.
    Html,
    /// SVG, which can hold scripts.
    Svg,
    /// Other XML.
    Xml,
    /// An Office file with macros or controls.
    Macro,
    /// An Office file of before 2007, which may hold macros.
    OldOffice,
    /// A photograph in the format of a telephone's maker (HEIC, AVIF).
    Heic,
    /// Anything else.
    Unknown,
}

impl Found {
    /// The key of the sentence that says what to do.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Kind(Kind::Zip) => key("files-found-zip"),
            Self::Kind(_) => key("files-found-kind"),
            Self::Program => key("files-found-program"),
            Self::Html | Self::Svg | Self::Xml => key("files-found-markup"),
            Self::Macro => key("files-found-macro"),
            Self::OldOffice => key("files-found-old-office"),
            Self::Heic => key("files-picture-heic"),
            Self::Unknown => key("files-found-unknown"),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kind(kind) => kind.as_str(),
            Self::Program => "a program",
            Self::Html => "HTML",
            Self::Svg => "SVG",
            Self::Xml => "XML",
            Self::Macro => "an Office file with macros",
            Self::OldOffice => "an old Office file",
            Self::Heic => "a HEIC picture",
            Self::Unknown => "an unknown kind",
        })
    }
}

/// What the first bytes say; the rest is for [`super::check`] to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Magic {
    Pdf,
    Png,
    Jpeg,
    Webp,
    Zip,
    /// Perhaps text: nothing speaks against it yet.
    Text,
    Refused(Found),
}

/// How many first bytes [`magic`] wants to see.
pub(super) const HEAD: usize = 4096;

const PROGRAMS: &[&[u8]] = &[
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\0asm",
    b"dex\n",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02\0",
    b"!<arch>",
];

/// Brands of the container that telephones put photographs into.
const HEIC: &[&[u8]] =
    &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"];

pub(super) fn magic(head: &[u8]) -> Magic {
    if PROGRAMS.iter().any(|program| head.starts_with(program)) {
        return Magic::Refused(Found::Program);
    }
    if head.starts_with(b"%PDF-") {
        return Magic::Pdf;
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Magic::Png;
    }
    if head.starts_with(b"\xff\xd8\xff") {
        return Magic::Jpeg;
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Magic::Webp;
    }
    if head.get(4..8) == Some(b"ftyp") && head.get(8..12).is_some_and(|brand| HEIC.contains(&brand)) {
        return Magic::Refused(Found::Heic);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Magic::Zip;
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Magic::Refused(Found::OldOffice);
    }
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if PROGRAMS.iter().any(|program| start.starts_with(program)) {
        return Magic::Refused(Found::Program);
    }
    if start.starts_with(b"{\\rtf") {
        return Magic::Refused(Found::Unknown);
    }
    // A browser that guesses looks for a tag at the start.
    if start.first() == Some(&b'<')
        && start.get(1).is_some_and(|next| next.is_ascii_alphabetic() || b"!?/".contains(next))
    {
        let text = start.to_ascii_lowercase();
        let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
        return Magic::Refused(if has(b"<svg") {
            Found::Svg
        } else if text.starts_with(b"<?xml") && !has(b"<html") {
            Found::Xml
        } else {
            Found::Html
        });
    }
    Magic::Text
}
