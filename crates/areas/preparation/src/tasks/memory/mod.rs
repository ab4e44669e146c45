//! The register kept in memory, true to the last commit, and the parts of pages drawn from it.
//!
//! Reading a plan takes milliseconds and drawing it takes more; both give the same for everybody until somebody
//! commits a change, or time passes over a deadline. So the register is kept until an event that concerns it
//! ([`Latest`]), and a part of a page is kept as long as the register and until the instant at which time alone
//! changes it. A part is kept under everything its bytes depend on (address, language and audience): the key under
//! which live screens share it.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use platform::{
    app::App,
    clock,
    db::{DbError, Tx},
    kept::Latest,
    web::Part,
};

use super::register::{Facts, Register};

/// Acts whose events leave everything that a register shows as it is. Any other act makes it be read again, so
/// an area that is added later is safe without being named here.
const ELSEWHERE: &[&str] = &[
    "api.",
    "approval.",
    "audit.",
    "feed.",
    "file.",
    "filter.",
    "identity.link_",
    "identity.passkey_",
    "identity.password_",
    "identity.office_chosen",
    "identity.session",
    "identity.sign_in_",
    "identity.signed_in",
    "identity.token_",
    "job.",
    "task.urge_seen",
];

/// The most bytes of parts that are kept.
const MOST: usize = 16 << 20;

/// What is kept of the tasks of one application.
#[derive(Default)]
pub struct Memory {
    latest: Latest<Facts>,
    parts: Mutex<Parts>,
}

#[derive(Default)]
struct Parts {
    /// What they were drawn from.
    facts: Option<Arc<Facts>>,
    by_key: HashMap<String, Kept>,
    bytes: usize,
}

struct Kept {
    part: Arc<Part>,
    from: Timestamp,
    until: Timestamp,
}

impl Memory {
    /// The memory of an application.
    pub fn of(app: &App) -> Arc<Self> {
        app.kept.of()
    }

    /// The register of the transaction's snapshot. Only for transactions that read: one that writes sees what
    /// nobody has committed, and takes [`Register::load`].
    ///
    /// # Errors
    /// Any [`DbError`]; [`DbError::Missing`] before a congress has been set up.
    pub fn register(&self, tx: &mut Tx<'_>) -> Result<Register, DbError> {
        let facts = self.latest.get(tx, concerns, Facts::load)?;
        Ok(Register::new(facts, clock::local(tx.now())))
    }

    /// How often the register was read from the database.
    pub fn loads(&self) -> u64 {
        self.latest.loads()
    }

    /// The part kept under `key`, or the one that `draw` makes, which is then kept until the instant it names.
    ///
    /// # Errors
    /// Any error of `draw`.
    pub fn part<E>(
        &self,
        register: &Register,
        key: &str,
        draw: impl FnOnce() -> Result<(String, Timestamp), E>,
    ) -> Result<Arc<Part>, E> {
        let now = clock::instant(register.as_of);
        if let Some(part) = self.kept(register, key, now) {
            return Ok(part);
        }
        let (html, until) = draw()?;
        let part = Arc::new(Part::new(html));
        let mut parts = self.parts();
        let same = parts.facts.as_ref().is_some_and(|facts| Arc::ptr_eq(facts, register.facts()));
        if !same || parts.bytes + part.html.len() > MOST {
            *parts = Parts { facts: Some(register.facts().clone()), ..Parts::default() };
        }
        let kept = Kept { part: part.clone(), from: now, until };
        let before = parts.by_key.insert(key.to_owned(), kept);
        parts.bytes += part.html.len();
        parts.bytes -= before.map_or(0, |before| before.part.html.len());
        Ok(part)
    }

    fn kept(&self, register: &Register, key: &str, now: Timestamp) -> Option<Arc<Part>> {
        let parts = self.parts();
        parts.facts.as_ref().filter(|facts| Arc::ptr_eq(facts, register.facts()))?;
        // A clock that was put back finds nothing: the part was drawn in its future.
        let kept = parts.by_key.get(key).filter(|kept| kept.from <= now && now < kept.until)?;
        Some(kept.part.clone())
    }

    fn parts(&self) -> std::sync::MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn concerns(act: &str) -> bool {
    !ELSEWHERE.iter().any(|beginning| act.starts_with(beginning))
}

/// The register as it stands now.
///
/// # Errors
/// Any [`DbError`].
pub async fn register(app: &App) -> Result<Register, DbError> {
    read(app, |_| Ok(())).await.map(|(register, ())| register)
}

/// The register, and what `more` reads in the same snapshot.
///
/// # Errors
/// Any error of the database or of `more`.
pub async fn read<T, E>(
    app: &App,
    more: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
) -> Result<(Register, T), E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let memory = Memory::of(app);
    app.db.read(move |tx| Ok((memory.register(tx)?, more(tx)?))).await
}
