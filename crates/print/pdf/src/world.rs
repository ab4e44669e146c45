//! The world that Typst sees: our templates, our fonts, one document's data. No disk, no network, no clock.

use std::{collections::HashMap, sync::LazyLock};

use print::{PressError, fonts};
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

/// Liberation Serif: the widths of Times New Roman and every Vietnamese letter.
fn fonts() -> [&'static [u8]; 4] {
    [fonts::REGULAR, fonts::BOLD, fonts::ITALIC, fonts::BOLD_ITALIC]
}

/// What every document shares, made once.
struct House {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: HashMap<FileId, Source>,
}

static HOUSE: LazyLock<Result<House, PressError>> = LazyLock::new(House::new);

impl House {
    fn new() -> Result<Self, PressError> {
        let files = fonts();
        let fonts: Vec<Font> = files.iter().filter_map(|font| Font::new(Bytes::new(*font), 0)).collect();
        if fonts.len() != files.len() {
            return Err(PressError::Press("a font cannot be read".to_owned()));
        }
        let mut sources = HashMap::new();
        for (path, text) in Template::FILES {
            let id = file_id(path)?;
            sources.insert(id, Source::new(id, text.to_owned()));
        }
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources,
        })
    }
}

/// The template that sets a kind of printable.
#[derive(Debug, Clone, Copy)]
pub enum Template {
    /// An official document.
    Paper,
    /// A list.
    Listing,
    /// A drawing.
    Drawing,
    /// Badges.
    Badges,
}

impl Template {
    const FILES: [(&'static str, &'static str); 5] = [
        ("/common.typ", include_str!("../templates/common.typ")),
        ("/paper.typ", include_str!("../templates/paper.typ")),
        ("/listing.typ", include_str!("../templates/listing.typ")),
        ("/drawing.typ", include_str!("../templates/drawing.typ")),
        ("/badges.typ", include_str!("../templates/badges.typ")),
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Paper => "/paper.typ",
            Self::Listing => "/listing.typ",
            Self::Drawing => "/drawing.typ",
            Self::Badges => "/badges.typ",
        }
    }
}

/// Typst keeps the name of every file it ever heard of: only these few are ever named.
fn file_id(path: &str) -> Result<FileId, PressError> {
    let path = VirtualPath::new(path).map_err(|error| PressError::Press(format!("{path}: {error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// One document on the desk.
pub struct Desk {
    house: &'static House,
    main: FileId,
    files: HashMap<FileId, Bytes>,
}

impl Desk {
    /// A desk with a template, its data and its pictures, the latter named `/picture/0` and so on.
    ///
    /// # Errors
    /// [`PressError::Press`] when the fonts or templates of the program are broken.
    pub fn new(template: Template, data: Vec<u8>, pictures: Vec<Vec<u8>>) -> Result<Self, PressError> {
        let house = HOUSE.as_ref().map_err(Clone::clone)?;
        let mut files = HashMap::from([(file_id("/data.json")?, Bytes::new(data))]);
        for (index, picture) in pictures.into_iter().enumerate() {
            files.insert(file_id(&format!("/picture/{index}"))?, Bytes::new(picture));
        }
        Ok(Self { house, main: file_id(template.path())?, files })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.house.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.house.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.house.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.house.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
