//! Files that the program makes, as downloads.

use axum::{
    body::Bytes,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};

/// What a made file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// PDF.
    Pdf,
    /// A text document for Word.
    Docx,
    /// A workbook.
    Xlsx,
    /// A table as text.
    Csv,
    /// A drawing.
    Svg,
    /// XML.
    Xml,
}

impl Made {
    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Xml => "application/xml",
        }
    }

    /// The end of its name.
    pub const fn end(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Svg => "svg",
            Self::Xml => "xml",
        }
    }
}

/// The answer that saves `bytes` as `name` with the end of its kind. The name may come from people: what no
/// file system takes becomes a hyphen, and diacritics go along in the form that browsers read.
pub fn download(bytes: impl Into<Bytes>, made: Made, name: &str) -> Response {
    let mut response = bytes.into().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(made.media()));
    if let Ok(value) = HeaderValue::from_str(&disposition(name, made.end())) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    // Computed for this person at this moment.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn disposition(name: &str, end: &str) -> String {
    use std::fmt::Write as _;
    let plain = |text: &str| -> String {
        let mut out = String::new();
        for letter in text.chars() {
            let letter = if letter.is_alphanumeric() || matches!(letter, '.' | '_') { letter } else { '-' };
            if letter != '-' || !out.ends_with('-') {
                out.push(letter);
            }
        }
        out.trim_matches(['-', '.']).chars().take(120).collect()
    };
    let full = plain(&rules::text::nfc(name));
    let ascii: String = plain(&rules::text::fold(name)).chars().filter(char::is_ascii).collect();
    let ascii = if ascii.is_empty() { "tai-ve".to_owned() } else { ascii };
    if full.is_ascii() {
        return format!("attachment; filename=\"{}.{end}\"", if full.is_empty() { &ascii } else { &full });
    }
    let mut encoded = String::new();
    for byte in full.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{ascii}.{end}\"; filename*=UTF-8''{encoded}.{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_keep_their_diacritics() {
        for (name, want) in [
            ("nhiem-vu-2025-09-26", "attachment; filename=\"nhiem-vu-2025-09-26.pdf\""),
            (
                "Số 07-TB/TBPV",
                "attachment; filename=\"so-07-tb-tbpv.pdf\"; filename*=UTF-8''S%E1%BB%91-07-TB-TBPV.pdf",
            ),
            ("../../etc/passwd\"\r\n", "attachment; filename=\"etc-passwd.pdf\""),
            ("", "attachment; filename=\"tai-ve.pdf\""),
            ("会", "attachment; filename=\"tai-ve.pdf\"; filename*=UTF-8''%E4%BC%9A.pdf"),
        ] {
            assert_eq!(disposition(name, "pdf"), want, "{name}");
        }
    }
}
