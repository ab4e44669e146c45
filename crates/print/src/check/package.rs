//! The package of a foreign DOCX, opened with limits: what it claims about its sizes is not believed.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

use super::{MOST_BYTES, Refused, tree::Element};

/// Most entries of a package.
const MOST_ENTRIES: usize = 2_000;
/// Most bytes that all parts we read unpack to.
const MOST_UNPACKED: u64 = 64 << 20;
/// Most times that a part may be larger than it is packed; text of office documents stays under 50.
const MOST_RATIO: u64 = 200;
/// Parts smaller than this are never a bomb.
const SMALL: u64 = 1 << 20;

/// The parts that the check reads.
pub(super) struct Package {
    /// The document.
    pub(super) document: Element,
    /// The name of the document's part.
    pub(super) main: String,
    /// The parts of XML beside it, by name: styles, settings, theme, headers, footers.
    pub(super) parts: BTreeMap<String, Element>,
    /// Target of each relation of the document, by its id.
    pub(super) relations: BTreeMap<String, String>,
}

impl Package {
    /// Opens a file.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > MOST_BYTES {
            return Err(Refused::TooLarge);
        }
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(Refused::OldOrLocked);
        }
        if !bytes.starts_with(b"PK") {
            return Err(Refused::NotDocx);
        }
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refused::Damaged)?;
        if archive.len() > MOST_ENTRIES {
            return Err(Refused::TooLarge);
        }
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        if names.iter().any(|name| name.to_ascii_lowercase().ends_with("vbaproject.bin")) {
            return Err(Refused::Macros);
        }
        let mut left = MOST_UNPACKED;
        let mut part = |name: &str| -> Result<Option<Element>, Refused> {
            if !names.iter().any(|known| known == name) {
                return Ok(None);
            }
            let file = archive.by_name(name).map_err(|_| Refused::Damaged)?;
            if file.encrypted() {
                return Err(Refused::OldOrLocked);
            }
            let packed = file.compressed_size().max(1);
            let limit = left.min(SMALL.max(packed.saturating_mul(MOST_RATIO)));
            let mut data = Vec::new();
            file.take(limit + 1).read_to_end(&mut data).map_err(|_| Refused::Damaged)?;
            let size = data.len() as u64;
            if size > limit {
                return Err(Refused::TooLarge);
            }
            left -= size;
            Element::parse(&data).map(Some)
        };
        let types = part("[Content_Types].xml")?.ok_or(Refused::NotDocx)?;
        if types.children().any(|kind| {
            kind.attribute("ContentType")
                .is_some_and(|kind| kind.to_ascii_lowercase().contains("macroenabled"))
        }) {
            return Err(Refused::Macros);
        }
        let relations = |element: &Element, folder: &str| -> BTreeMap<String, (String, String)> {
            element
                .children()
                .filter(|relation| relation.attribute("TargetMode") != Some("External"))
                .filter_map(|relation| {
                    let target = relation.attribute("Target")?;
                    let target = match target.strip_prefix('/') {
                        Some(whole) => whole.to_owned(),
                        None => format!("{folder}{target}"),
                    };
                    let kind = relation.attribute("Type")?.rsplit('/').next()?.to_owned();
                    Some((relation.attribute("Id")?.to_owned(), (kind, target)))
                })
                .collect()
        };
        let package = part("_rels/.rels")?.ok_or(Refused::NotDocx)?;
        let main = relations(&package, "")
            .into_values()
            .find(|(kind, _)| kind == "officeDocument")
            .map(|(_, target)| target)
            .ok_or(Refused::NotDocx)?;
        let (folder, file) = main.rsplit_once('/').map_or(("", main.as_str()), |(a, b)| (a, b));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let document = part(&main)?.ok_or(Refused::NotDocx)?;
        if document.local() != "document" {
            return Err(Refused::NotDocx);
        }
        let related = match part(&format!("{folder}_rels/{file}.rels"))? {
            Some(element) => relations(&element, &folder),
            None => BTreeMap::new(),
        };
        let mut parts = BTreeMap::new();
        for (kind, target) in related.values() {
            if matches!(kind.as_str(), "styles" | "settings" | "theme" | "header" | "footer")
                && !parts.contains_key(target)
                && let Some(element) = part(target)?
            {
                parts.insert(target.clone(), element);
            }
        }
        let relations = related.into_iter().map(|(id, (_, target))| (id, target)).collect();
        Ok(Self { document, main, parts, relations })
    }

    /// The part whose root is of this name.
    pub(super) fn part(&self, root: &str) -> Option<&Element> {
        self.parts.values().find(|element| element.local() == root)
    }
}
