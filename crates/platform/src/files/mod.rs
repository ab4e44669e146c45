//! Bytes that people bring: evidence, annexes, photographs.
//!
//! Bytes are kept by their SHA-256 in a folder or an S3-compatible store and are never changed; the same
//! bytes are kept once. What they are is read from the bytes ([`Kind`]), never from a name or a declared
//! type, and only what the caller [allows](PutOptions::allowed) comes in. A name is for showing only.
//!
//! ```text
//! let stored = app.files.put(field, PutOptions::new(20 << 20, Kind::EVIDENCE).named(&name)).await?;
//! app.db.write(actor.author(), move |tx| files::store::add(tx, &stored)).await?;
//! …
//! app.files.download(&file).await
//! ```
//!
//! A photograph comes in by [`PutOptions::picture`] and is drawn anew ([`picture`]).
//!
//! Bytes come first, the row after: when the transaction fails, bytes without a row stay behind and harm nobody.

mod check;
mod kind;
mod name;
pub mod picture;
mod serve;
pub mod store;
#[cfg(test)]
mod tests;
mod vault;

pub use kind::{Found, Kind};
pub use name::display_name;
pub use picture::{PictureFault, PictureOptions};
pub use serve::Size;
pub use store::File;
pub use vault::{Files, Picture, PutOptions, Stored};

use crate::{audit::Hash, db::Migration, i18n::key, web::AppError};

crate::inventory::submit! {
    crate::i18n::Catalogue { area: "files", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The table of files.
pub const MIGRATIONS: &[Migration] = &[
    Migration { area: "files", version: 1, sql: include_str!("migrations/1.sql") },
    Migration { area: "files", version: 2, sql: include_str!("migrations/2.sql") },
];

crate::id! {
    /// A file that someone brought; two may have the same bytes.
    FileId
}

/// What is wrong inside a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It ends too early, or its parts cannot be read.
    #[error("damaged or incomplete")]
    Damaged,
    /// It opens only with a password.
    #[error("encrypted")]
    Encrypted,
    /// Unpacked, it is far larger than it looks.
    #[error("unpacks to too much")]
    Bomb,
    /// It has too many parts.
    #[error("too many parts")]
    Parts,
}

/// Why a file does not come in, or does not come out.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// More bytes than allowed.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The most bytes allowed.
        limit: u64,
    },
    /// Something else than what is asked for.
    #[error("{found} is not allowed here")]
    KindNotAllowed {
        /// What it is.
        found: Found,
    },
    /// No bytes at all.
    #[error("empty")]
    Empty,
    /// Of an allowed kind, but not readable.
    #[error("broken: {0}")]
    Broken(Fault),
    /// A picture that cannot be kept as one.
    #[error("picture: {0}")]
    Picture(PictureFault),
    /// The sender stopped in the middle.
    #[error("the upload ended early: {0}")]
    Interrupted(String),
    /// The storage failed: nothing was kept.
    #[error("the storage is not available: {0}")]
    Storage(String),
    /// There are no such bytes in the storage.
    #[error("file {} is missing in the storage", crate::hex(.0))]
    Missing(Hash),
    /// The bytes in the storage are not those that were put there.
    #[error("file {} was changed in the storage", crate::hex(.0))]
    Changed(Hash),
}

impl From<FileError> for AppError {
    fn from(error: FileError) -> Self {
        let refused = |words| AppError::invalid(Vec::new()).because(words);
        match error {
            FileError::TooLarge { limit } => {
                AppError::too_large().because(key("files-too-large")).with("limit", limit.div_ceil(1 << 20))
            }
            FileError::KindNotAllowed { found } => AppError::unsupported_type().because(found.sentence()),
            FileError::Empty => refused(key("files-empty")),
            FileError::Broken(Fault::Damaged) => refused(key("files-damaged")),
            FileError::Broken(Fault::Encrypted) => refused(key("files-encrypted")),
            FileError::Broken(Fault::Bomb | Fault::Parts) => refused(key("files-bomb")),
            FileError::Picture(fault @ (PictureFault::Heic | PictureFault::NotAPicture)) => {
                AppError::unsupported_type().because(fault.sentence())
            }
            FileError::Picture(fault) => {
                let refusal = refused(fault.sentence());
                match fault {
                    PictureFault::TooManyPixels { width, height }
                    | PictureFault::TooNarrow { width, height } => {
                        refusal.with("width", width).with("height", height)
                    }
                    _ => refusal,
                }
            }
            FileError::Interrupted(_) => {
                AppError::bad_request().because(key("files-interrupted")).caused_by(error)
            }
            FileError::Storage(_) => AppError::unavailable(10).because(key("files-storage")).caused_by(error),
            FileError::Missing(_) | FileError::Changed(_) => {
                AppError::internal(&error).because(key("files-changed"))
            }
        }
    }
}
