//! Reads a received file once more, whole, and says what it is.

use std::{
    fs,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use zip::{ZipArchive, result::ZipError};

use super::{
    Fault, FileError, Found, Kind,
    kind::{HEAD, Magic, magic},
};

/// Parts of an archive at most.
const PARTS: usize = 1000;
/// Unpacked bytes per packed byte at most.
const RATIO: u64 = 100;
/// Unpacked bytes at most, whatever the ratio.
const UNPACKED: u64 = 512 << 20;
/// The most of `[Content_Types].xml` that is looked at.
const TYPES: u64 = 1 << 20;

fn storage(error: std::io::Error) -> FileError {
    FileError::Storage(error.to_string())
}

/// The kind of the file at `path`; `name` only tells a table from other text.
pub(super) fn inspect(path: &Path, name: &str) -> Result<Kind, FileError> {
    let mut file = fs::File::open(path).map_err(storage)?;
    let size = file.metadata().map_err(storage)?.len();
    let mut head = Vec::with_capacity(HEAD);
    (&mut file).take(HEAD as u64).read_to_end(&mut head).map_err(storage)?;
    match magic(&head) {
        Magic::Refused(found) => Err(FileError::KindNotAllowed { found }),
        Magic::Pdf => ends_with(&mut file, size, 4096, b"%%EOF").map(|()| Kind::Pdf),
        Magic::Png => ends_with(&mut file, size, 12, b"IEND").map(|()| Kind::Png),
        Magic::Jpeg => jpeg(&mut file).map(|()| Kind::Jpeg),
        Magic::Webp => riff(&head, size).map(|()| Kind::Webp),
        Magic::Zip => archive(file, size),
        Magic::Text => text(file, name),
    }
}

/// The mark must stand in the last bytes: a file that was cut off has lost it.
fn ends_with(file: &mut fs::File, size: u64, last: u64, mark: &[u8]) -> Result<(), FileError> {
    file.seek(SeekFrom::Start(size.saturating_sub(last))).map_err(storage)?;
    let mut tail = Vec::new();
    file.take(last).read_to_end(&mut tail).map_err(storage)?;
    if tail.windows(mark.len()).any(|window| window == mark) {
        Ok(())
    } else {
        Err(FileError::Broken(Fault::Damaged))
    }
}

/// The head says how many bytes follow.
fn riff(head: &[u8], size: u64) -> Result<(), FileError> {
    let claimed = head.get(4..8).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    match claimed {
        Some(claimed) if u64::from(claimed) + 8 <= size => Ok(()),
        _ => Err(FileError::Broken(Fault::Damaged)),
    }
}

/// Cameras write things behind the end of the image, so the mark may stand anywhere in the second half.
fn jpeg(file: &mut fs::File) -> Result<(), FileError> {
    file.seek(SeekFrom::Start(2)).map_err(storage)?;
    let (mut previous, mut reader, mut chunk) = (0_u8, BufReader::new(file), [0; 8192]);
    loop {
        let count = reader.read(&mut chunk).map_err(storage)?;
        if count == 0 {
            return Err(FileError::Broken(Fault::Damaged));
        }
        for byte in &chunk[..count] {
            if previous == 0xff && *byte == 0xd9 {
                return Ok(());
            }
            previous = *byte;
        }
    }
}

fn text(mut file: fs::File, name: &str) -> Result<Kind, FileError> {
    file.seek(SeekFrom::Start(0)).map_err(storage)?;
    let unknown = || FileError::KindNotAllowed { found: Found::Unknown };
    // At most three bytes of a letter are left for the next round.
    let (mut buffer, mut kept) = (vec![0; 64 * 1024 + 4], 0);
    loop {
        let count = file.read(&mut buffer[kept..]).map_err(storage)?;
        let filled = kept + count;
        let bytes = buffer.get(..filled).unwrap_or_default();
        if bytes.iter().any(|byte| *byte < 0x20 && !b"\t\n\r\x0c".contains(byte) || *byte == 0x7f) {
            return Err(unknown());
        }
        let valid = match std::str::from_utf8(bytes) {
            Ok(_) => filled,
            Err(error) if error.error_len().is_none() && count > 0 => error.valid_up_to(),
            Err(_) => return Err(unknown()),
        };
        if count == 0 {
            let csv = name.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
            return Ok(if csv { Kind::Csv } else { Kind::Txt });
        }
        buffer.copy_within(valid..filled, 0);
        kept = filled - valid;
    }
}

fn broken(error: ZipError) -> FileError {
    match error {
        ZipError::Io(error) if error.kind() == std::io::ErrorKind::Other => storage(error),
        ZipError::UnsupportedArchive(text) if text == ZipError::PASSWORD_REQUIRED => {
            FileError::Broken(Fault::Encrypted)
        }
        _ => FileError::Broken(Fault::Damaged),
    }
}

/// Unpacks every part into nothing, so that what the directory claims is known to be true.
fn archive(file: fs::File, size: u64) -> Result<Kind, FileError> {
    let limit = (size * RATIO).min(UNPACKED);
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    if archive.len() > PARTS {
        return Err(FileError::Broken(Fault::Parts));
    }
    let (mut unpacked, mut types, mut kind) = (0_u64, None, Kind::Zip);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(broken)?;
        let name = part.name().to_owned();
        if part.enclosed_name().is_none() || name.contains('\\') {
            return Err(FileError::Broken(Fault::Damaged));
        }
        if unpacked.saturating_add(part.size()) > limit {
            return Err(FileError::Broken(Fault::Bomb));
        }
        let lower = name.to_ascii_lowercase();
        if lower.ends_with("vbaproject.bin") || lower.contains("/activex/") || lower.contains("macrosheets/")
        {
            return Err(FileError::KindNotAllowed { found: Found::Macro });
        }
        match name.as_str() {
            "word/document.xml" => kind = Kind::Docx,
            "xl/workbook.xml" => kind = Kind::Xlsx,
            "ppt/presentation.xml" => kind = Kind::Pptx,
            _ => {}
        }
        if name == "[Content_Types].xml" {
            let mut text = Vec::new();
            (&mut part).take(TYPES).read_to_end(&mut text).map_err(|error| broken(ZipError::Io(error)))?;
            unpacked += text.len() as u64;
            types = Some(text);
        }
        unpacked += sink(&mut part, limit - unpacked)?;
    }
    let Some(types) = types else { return Ok(Kind::Zip) };
    let has = |word: &[u8]| types.windows(word.len()).any(|window| window == word);
    if has(b"macroEnabled") {
        return Err(FileError::KindNotAllowed { found: Found::Macro });
    }
    Ok(kind)
}

/// Reads to the end, at most `limit` bytes.
fn sink(part: &mut impl Read, limit: u64) -> Result<u64, FileError> {
    let read = std::io::copy(&mut part.take(limit + 1), &mut std::io::sink());
    match read {
        Ok(count) if count > limit => Err(FileError::Broken(Fault::Bomb)),
        Ok(count) => Ok(count),
        // A wrong checksum or a stream that ends early.
        Err(_) => Err(FileError::Broken(Fault::Damaged)),
    }
}
