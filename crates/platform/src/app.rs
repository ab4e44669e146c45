//! What every handler is given: the handles to everything that outlives a request.

use std::{path::PathBuf, sync::Arc};

use url::Url;

use crate::{
    db::{Db, Migration},
    files::Files,
    identity,
    jobs::Jobs,
    kept::Kept,
    live::Hub,
};

/// The configuration that areas may read.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where people reach the product; decides cookie flags, passkey names and absolute links.
    pub public_url: Url,
    /// The folder of this installation.
    pub data: PathBuf,
    /// Shown to people who need help; empty when there is none.
    pub hotline: String,
    /// True for the demo, whose sign-in page says so.
    pub demo: bool,
}

impl Config {
    /// True when people reach the product over TLS, so that cookies can be `Secure`.
    pub fn secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// The application; clones are cheap and share everything.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The configuration.
    pub config: Config,
    /// Carries changes to the screens.
    pub live: Hub,
    /// Does long work.
    pub jobs: Jobs,
    /// Keeps bytes.
    pub files: Files,
    /// Sign-in figures, and who was seen since it was last written down.
    pub identity: identity::State,
    /// Pictures of the database that areas keep in memory.
    pub kept: Kept,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The tables of the platform, in the order in which they stand on each other.
pub fn migrations() -> Vec<Migration> {
    [
        crate::audit::MIGRATIONS,
        crate::api::MIGRATIONS,
        crate::identity::MIGRATIONS,
        crate::congress::MIGRATIONS,
        crate::files::MIGRATIONS,
        crate::jobs::MIGRATIONS,
        crate::papers::MIGRATIONS,
    ]
    .concat()
}
