//! The container of an `.xlsx`, checked before anything parses it: what it is, how much it holds,
//! and that no part of it declares entities.

use std::io::{Cursor, Read};

use super::{AnnexError, Caps};

/// What the check found besides errors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Container {
    /// The workbook refers to other files.
    pub external_links: bool,
}

/// Small parts may compress well; a bomb is large.
const RATIO_FROM: u64 = 256 << 10;

pub(super) fn check(bytes: &[u8], caps: &Caps) -> Result<Container, AnnexError> {
    if bytes.is_empty() {
        return Err(AnnexError::Empty);
    }
    if bytes.len() > caps.bytes {
        return Err(AnnexError::TooLarge { bytes: bytes.len(), limit: caps.bytes });
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        // A protected .xlsx sits inside the old container under this stream name.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(name.len()).any(|window| window == name);
        return Err(if encrypted { AnnexError::Encrypted } else { AnnexError::LegacyXls });
    }
    if !bytes.starts_with(b"PK") {
        return Err(AnnexError::NotXlsx);
    }
    let damaged = |detail: String| AnnexError::Damaged { detail };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(error.to_string()))?;
    if archive.len() > caps.entries {
        return Err(AnnexError::Bomb { limit: "entries" });
    }
    let mut found = Container::default();
    let mut workbook = false;
    let mut total = 0u64;
    for index in 0..archive.len() {
        let mut part = archive.by_index_raw(index).map_err(|error| damaged(error.to_string()))?;
        if part.encrypted() {
            return Err(AnnexError::Encrypted);
        }
        // Sizes in the directory may lie; they are checked first because that costs nothing.
        let packed = part.compressed_size().max(1);
        too_large(part.size(), packed, total.saturating_add(part.size()), caps)?;
        let _ = &mut part;
        drop(part);
        let mut part = archive.by_index(index).map_err(|error| damaged(error.to_string()))?;
        let name = part.name().to_ascii_lowercase().replace('\\', "/");
        workbook |= name.ends_with("xl/workbook.xml");
        found.external_links |= name.contains("externallinks/");
        if name.ends_with("vbaproject.bin") || name.contains("macrosheets/") {
            return Err(AnnexError::Macros);
        }
        let xml = [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end));
        let mut scan = Scan::default();
        let mut size = 0u64;
        let mut buffer = [0u8; 16 * 1024];
        loop {
            let read = part.read(&mut buffer).map_err(|error| damaged(error.to_string()))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            too_large(size, packed, total + size, caps)?;
            if xml && scan.feed(buffer.get(..read).unwrap_or_default()) {
                return Err(AnnexError::Entities { part: name });
            }
        }
        total += size;
    }
    if !workbook {
        return Err(AnnexError::NotXlsx);
    }
    Ok(found)
}

fn too_large(size: u64, packed: u64, total: u64, caps: &Caps) -> Result<(), AnnexError> {
    if total > caps.unpacked {
        return Err(AnnexError::Bomb { limit: "unpacked" });
    }
    if size > RATIO_FROM && size / packed.max(1) > caps.ratio {
        return Err(AnnexError::Bomb { limit: "ratio" });
    }
    Ok(())
}

/// Looks for a document type or an entity across buffer ends, also in UTF-16: zero bytes are
/// skipped, case is ignored.
#[derive(Default)]
struct Scan {
    tail: Vec<u8>,
}

impl Scan {
    fn feed(&mut self, bytes: &[u8]) -> bool {
        self.tail.extend(bytes.iter().filter(|b| **b != 0).map(u8::to_ascii_uppercase));
        let hit = ["<!DOCTYPE", "<!ENTITY"]
            .iter()
            .any(|word| self.tail.windows(word.len()).any(|window| window == word.as_bytes()));
        let keep = self.tail.len().saturating_sub(16);
        self.tail.drain(..keep);
        hit
    }
}
