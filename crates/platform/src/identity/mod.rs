//! Who someone is and what they may do.
//!
//! *People act by office.* A person signs in, chooses one of the offices they are assigned to, and everything
//! they do is recorded for that office. The audit log knows the person only by a random subject.
//!
//! *Permission by construction.* A handler that changes or shows something takes [`Actor<C>`], where `C` is a
//! [`Capability`]: an area and the least [`Right`] needed there. The extractor reads session, person, office
//! and grants from the database on every request; without it there is no actor, and without an actor no
//! [`Author`](crate::audit::Author) to write with.
//!
//! ```text
//! pub struct ReadTasks;
//! impl Capability for ReadTasks { const AREA: &str = "tasks"; const RIGHT: Right = Right::Read; }
//!
//! async fn list(actor: Actor<ReadTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> { … }
//! ```
//!
//! Take [`Actor`] *before* [`Cx`](crate::web::Cx), so that the page knows who looks.
//!
//! A grant is a row: office or person × unit (and all below it) or everywhere × area × right ×
//! confidentiality × time. Source: security reference 4.2, preparation reference (b).
//!
//! Events: `identity.*` on topic `identity`; `approval.*` on topic `approvals`.

pub mod actor;
mod api;
pub mod approval;
pub mod limits;
mod pages;
pub mod passkey;
pub mod password;
mod seal;
pub mod secret;
pub mod session;
pub mod store;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

pub use actor::{Actor, AtBrowser, Identity, Scope, SignedIn, scope_of_office};
pub use api::{api, openapi};
pub use pages::{Client, routes};
pub use session::{SessionWatch, is_live};

use crate::{
    db::{DbError, Migration},
    id, text_value,
    web::AppError,
};

/// The tables of this area.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "identity", version: 1, sql: include_str!("migrations/1.sql") }];

inventory::submit! {
    crate::i18n::Catalogue { area: "identity", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The area's name in grants.
pub const AREA: &str = "identity";

id! {
    /// A unit: a subcommittee, a department, an agency.
    UnitId,
    /// An office: what someone acts as.
    OfficeId,
    /// A person.
    PersonId,
    /// The public id of a session; never its secret.
    SessionId,
    /// The public id of an API token; never its secret.
    TokenId,
    /// A request for a second person's approval.
    ApprovalId,
    /// A grant.
    GrantId,
    /// A person's assignment to an office.
    AssignmentId,
    /// A registered passkey.
    PasskeyId,
}

/// How much an office may do in an area; each includes those before it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// See.
    Read,
    /// Add what one is asked for: a report, a contribution, a confirmation.
    Contribute,
    /// Change, assign, follow up.
    Manage,
    /// Approve, accept, close.
    Decide,
    /// Set up the area and its rights.
    Admin,
}

impl Right {
    /// All rights, the least first.
    pub const ALL: [Self; 5] = [Self::Read, Self::Contribute, Self::Manage, Self::Decide, Self::Admin];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Contribute => "contribute",
            Self::Manage => "manage",
            Self::Decide => "decide",
            Self::Admin => "admin",
        }
    }
}

/// How far a thing may be known; each includes those before it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
pub enum Confidentiality {
    /// Everyone with the right in the area.
    #[default]
    #[serde(rename = "thuong")]
    Normal,
    /// Internal to the organs of the congress.
    #[serde(rename = "noi_bo")]
    Internal,
    /// Secret: the product keeps only a stub of such things.
    #[serde(rename = "mat")]
    Secret,
}

impl Confidentiality {
    /// All levels, the most open first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Internal, Self::Secret];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "thuong",
            Self::Internal => "noi_bo",
            Self::Secret => "mat",
        }
    }
}

/// A word that is none of those stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the known words")]
pub struct UnknownWord;

macro_rules! words {
    ($($type:ty),*) => { $(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl FromStr for $type {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.into_iter().find(|word| word.as_str() == text).ok_or(UnknownWord)
            }
        }
        text_value!($type);
    )* };
}
words!(Right, Confidentiality);

/// What a route needs: declared by the area as a marker type.
pub trait Capability: Send + Sync + 'static {
    /// The area, such as `tasks`; empty when being signed in is enough.
    const AREA: &'static str;
    /// The least right in it.
    const RIGHT: Right;
    /// True when a grant that is limited to some units is not enough.
    const EVERYWHERE: bool = false;
    /// True when a token is not enough: only the person at a browser can do it.
    const BROWSER: bool = false;
}

/// See units, offices and people.
pub struct SeeIdentity;
impl Capability for SeeIdentity {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Read;
    const EVERYWHERE: bool = true;
}

/// Change units, offices, people, assignments and grants; issue links.
pub struct AdminIdentity;
impl Capability for AdminIdentity {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Admin;
    const EVERYWHERE: bool = true;
}

/// Read the audit log.
pub struct ReadAudit;
impl Capability for ReadAudit {
    const AREA: &'static str = "audit";
    const RIGHT: Right = Right::Read;
    const EVERYWHERE: bool = true;
}

/// How long things last. Every figure has the default of the quality page.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A session that was not used so long is over.
    pub idle: Duration,
    /// A session is over after so long in any case.
    pub absolute: Duration,
    /// A code shown at a desk; at most 120 s.
    pub desk_link: Duration,
    /// A link printed by the command line.
    pub printed_link: Duration,
    /// How long a second person has to approve.
    pub approval: Duration,
    /// Attempts to sign in per account and minute.
    pub per_account: u32,
    /// Attempts to sign in per address and minute; a hall shares one address.
    pub per_address: u32,
    /// Sign-ins that may wait for the password check before others are told to come back.
    pub password_queue: usize,
    /// The header in which a trusted proxy names the client's address; none when reached directly.
    pub client_header: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(30 * 60),
            absolute: Duration::from_secs(16 * 3600),
            desk_link: Duration::from_secs(120),
            printed_link: Duration::from_secs(24 * 3600),
            approval: Duration::from_secs(5 * 60),
            per_account: 5,
            per_address: 60,
            password_queue: 32,
            client_header: None,
        }
    }
}

/// Why something about identity was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The database's own error.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A field does not hold what it must; the key of the sentence.
    #[error("{field}: {key}")]
    Field {
        /// The field's name as sent.
        field: &'static str,
        /// The key of the sentence that says what is wrong.
        key: &'static str,
    },
    /// What was asked for is not there.
    #[error("not found")]
    Missing,
    /// Not allowed in the present state; the key of the sentence.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// The one-time code, the password or the passkey does not sign in. Never says which part was wrong.
    #[error("the sign-in was refused")]
    SignIn,
    /// Too many attempts; come back after so many seconds.
    #[error("too many attempts")]
    TooMany(u32),
    /// The queue for password checks is full.
    #[error("the password check is busy")]
    Busy,
}

impl Error {
    fn field(field: &'static str, key: &'static str) -> Self {
        Self::Field { field, key }
    }
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        use crate::i18n::key;
        match error {
            Error::Db(DbError::Missing(_)) | Error::Missing => Self::not_found(),
            Error::Db(error) => error.into(),
            Error::Field { field, key } => Self::invalid(Vec::new()).field(field, key),
            Error::Refused(key) => Self::conflict().because(key),
            Error::SignIn => {
                Self::unauthenticated().because(key("identity-sign-in-refused")).slug("sign-in-refused")
            }
            Error::TooMany(seconds) => Self::too_many(seconds),
            Error::Busy => Self::unavailable(2),
        }
    }
}

/// Who acted, as people read it: the office's title, or what the program's own part is called.
pub fn doer_words(cx: &crate::web::Cx, office: &str) -> String {
    let part = format!("identity-program-{office}");
    if crate::i18n::has(cx.lang, &part) { cx.t(&part).into_owned() } else { office.to_owned() }
}

/// What identity keeps in memory for the whole process.
pub struct State {
    /// The figures in force.
    pub settings: Settings,
    /// At most two password checks run at a time (19 MiB and about 20 ms each).
    pub(crate) hashing: tokio::sync::Semaphore,
    /// How many wait for one.
    pub(crate) hashing_waiting: std::sync::atomic::AtomicUsize,
    /// Sessions and tokens used since they were last written down.
    pub(crate) seen: std::sync::Mutex<std::collections::HashMap<uuid::Uuid, jiff::Timestamp>>,
    /// The installation's key for [`seal`], once it was read.
    pub(crate) seal: tokio::sync::OnceCell<[u8; 32]>,
}

impl State {
    /// The state with the figures given.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            hashing: tokio::sync::Semaphore::new(2),
            hashing_waiting: std::sync::atomic::AtomicUsize::new(0),
            seen: std::sync::Mutex::default(),
            seal: tokio::sync::OnceCell::new(),
        }
    }

    pub(crate) fn saw(&self, id: uuid::Uuid, at: jiff::Timestamp) {
        self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(id, at);
    }

    pub(crate) fn last_seen(&self, id: uuid::Uuid) -> Option<jiff::Timestamp> {
        self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&id).copied()
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}
