//! IPP/1.1 (RFC 8010 encoding, RFC 8011 meaning): the requests that print one document, and what is answered.

use super::Trouble;

/// What is asked of the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Print the document that follows.
    PrintJob,
    /// Say how the printer is and which formats it takes.
    GetPrinterAttributes,
}

impl Operation {
    const fn code(self) -> u16 {
        match self {
            Self::PrintJob => 0x0002,
            Self::GetPrinterAttributes => 0x000b,
        }
    }
}

const OPERATION_ATTRIBUTES: u8 = 1;
const JOB_ATTRIBUTES: u8 = 2;
const END: u8 = 3;
const INTEGER: u8 = 0x21;
const KEYWORD: u8 = 0x44;
const NAME: u8 = 0x42;
const URI: u8 = 0x45;
const CHARSET: u8 = 0x47;
const LANGUAGE: u8 = 0x48;
const MIME: u8 = 0x49;

fn attribute(out: &mut Vec<u8>, tag: u8, name: &str, value: &[u8]) {
    // Names and values of ours are short; a longer one would be cut rather than break the encoding.
    let fitting = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.push(tag);
    for bytes in [name.as_bytes(), value] {
        let length = fitting(bytes);
        out.extend(length.to_be_bytes());
        out.extend(bytes.iter().take(usize::from(length)));
    }
}

fn start(operation: Operation, request: u32, printer: &str) -> Vec<u8> {
    let mut out = vec![1, 1];
    out.extend(operation.code().to_be_bytes());
    out.extend(request.to_be_bytes());
    out.push(OPERATION_ATTRIBUTES);
    attribute(&mut out, CHARSET, "attributes-charset", b"utf-8");
    attribute(&mut out, LANGUAGE, "attributes-natural-language", b"vi");
    attribute(&mut out, URI, "printer-uri", printer.as_bytes());
    out
}

/// A request to print; the document follows it in the same body.
pub fn print_job(request: u32, printer: &str, job: &str, format: &str, copies: u16) -> Vec<u8> {
    let mut out = start(Operation::PrintJob, request, printer);
    attribute(&mut out, NAME, "requesting-user-name", b"dienhong");
    attribute(&mut out, NAME, "job-name", job.as_bytes());
    attribute(&mut out, MIME, "document-format", format.as_bytes());
    out.push(JOB_ATTRIBUTES);
    attribute(&mut out, INTEGER, "copies", &u32::from(copies.max(1)).to_be_bytes());
    out.push(END);
    out
}

/// A request that asks how the printer is.
pub fn get_printer(request: u32, printer: &str) -> Vec<u8> {
    let mut out = start(Operation::GetPrinterAttributes, request, printer);
    let asked = ["printer-state-reasons", "document-format-supported"];
    for (at, value) in asked.iter().enumerate() {
        // Further values of one attribute have no name (RFC 8010, 3.1.5).
        attribute(&mut out, KEYWORD, if at == 0 { "requested-attributes" } else { "" }, value.as_bytes());
    }
    out.push(END);
    out
}

/// What a printer answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code (RFC 8011, appendix B); below 0x0100 it was done.
    pub status: u16,
    /// Attributes by name, each with its values as bytes, of all groups.
    pub attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Answer {
    /// Whether the request was carried out.
    pub fn is_done(&self) -> bool {
        self.status < 0x0100
    }

    /// The values of an attribute that are text.
    pub fn texts<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let found = self.attributes.iter().find(|(other, _)| other == name);
        found.into_iter().flat_map(|(_, values)| values).filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// What the printer says is wrong with it (`printer-state-reasons`, RFC 8011, 5.4.12); a report or a warning
    /// stops nothing.
    pub fn trouble(&self) -> Option<Trouble> {
        self.texts("printer-state-reasons").find_map(|reason| {
            if reason.ends_with("-report") || reason.ends_with("-warning") {
                return None;
            }
            match reason.trim_end_matches("-error") {
                "media-empty" | "media-needed" | "marker-supply-empty" | "toner-empty" => {
                    Some(Trouble::PaperOut)
                }
                "cover-open" | "door-open" | "interlock-open" => Some(Trouble::Open),
                "paused" | "moving-to-paused" | "shutdown" => Some(Trouble::Paused),
                "media-jam" | "other" | "spool-area-full" | "fuser-over-temp" => Some(Trouble::Fault),
                _ => None,
            }
        })
    }
}

/// Reads an answer. Any bytes give one or none; nothing is believed about lengths.
pub fn answer(bytes: &[u8]) -> Option<Answer> {
    let (&[_, _, high, low, _, _, _, _], mut rest) = bytes.split_first_chunk::<8>()?;
    let mut attributes: Vec<(String, Vec<Vec<u8>>)> = Vec::new();
    loop {
        let (&tag, after) = rest.split_first()?;
        rest = after;
        if tag == END {
            break;
        }
        // Tags below 0x10 begin a group.
        if tag < 0x10 {
            continue;
        }
        let mut field = || {
            let (length, after) = rest.split_first_chunk::<2>()?;
            let (value, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            rest = after;
            Some(value)
        };
        let (name, value) = (field()?, field()?);
        match attributes.last_mut() {
            Some((_, values)) if name.is_empty() => values.push(value.to_vec()),
            _ => attributes.push((String::from_utf8_lossy(name).into_owned(), vec![value.to_vec()])),
        }
    }
    Some(Answer { status: u16::from_be_bytes([high, low]), attributes })
}
