//! The root, the keys it lists, and the list as gates take it.

use jiff::civil::Date;
use pass::{Congress, Day, Key, KeyList, Signer};
use platform::{
    audit::Event,
    congress,
    db::{DbError, Done, Receipt, Tx, WriteTx},
    params, row, sql,
};
use rand::RngCore as _;
use serde_json::json;

use super::{BadgeError, REVOCATIONS, TOPIC, seal::Seal};

/// Keys that may be valid on one day: the old and the new one.
const AT_ONCE: usize = 2;

row! {
    /// A key that signs passes.
    #[derive(Debug, Clone)]
    pub struct BadgeKey {
        /// Its number, 0 to 15.
        pub id: u8,
        /// The public half.
        pub public: [u8; 32],
        /// The private half, sealed; none once it is withdrawn.
        pub sealed: Option<Vec<u8>>,
        /// The first day on which it counts.
        pub first_day: Date,
        /// The last.
        pub last_day: Date,
        /// When it was taken off the list.
        pub withdrawn_at: Option<jiff::Timestamp>,
        /// When it was made.
        pub made_at: jiff::Timestamp,
        /// By which office.
        pub made_by: String,
    }
}

row! {
    /// The root.
    #[derive(Debug, Clone)]
    pub struct Root {
        /// The public half.
        pub public: [u8; 32],
        /// The private half, sealed, until it is taken away.
        pub sealed: Option<Vec<u8>>,
        /// When it was made.
        pub made_at: jiff::Timestamp,
        /// By which office.
        pub made_by: String,
    }
}

/// A day as a pass counts it; `None` outside of what a pass can say.
pub fn day(date: Date) -> Option<Day> {
    Day::new(
        u16::try_from(date.year()).ok()?,
        u8::try_from(date.month()).ok()?,
        u8::try_from(date.day()).ok()?,
    )
}

/// A day of a pass as a date.
pub(crate) fn date(day: Day) -> Option<Date> {
    let (year, month, day) = day.date();
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Whether on any of the days from `first` to `last` as many keys count already as may.
pub(crate) fn crowded(days: &[(Date, Date)], first: Date, last: Date) -> bool {
    rules::parking::fullest(days, first, last) >= AT_ONCE
}

/// The mark of this congress in its passes.
///
/// # Errors
/// Any [`DbError`].
pub fn mark(tx: &mut Tx<'_>) -> Result<Congress, DbError> {
    let id = congress::store::find(tx)?.map(|congress| congress.id.to_string()).unwrap_or_default();
    Ok(Congress::of(id.as_bytes()))
}

/// The root, once there is one.
///
/// # Errors
/// Any [`DbError`].
pub fn root(tx: &mut Tx<'_>) -> Result<Option<Root>, DbError> {
    tx.query_opt(sql!("SELECT public, sealed, made_at, made_by FROM badge_root"), params![])
}

/// All keys that ever signed, by number.
///
/// # Errors
/// Any [`DbError`].
pub fn keys(tx: &mut Tx<'_>) -> Result<Vec<BadgeKey>, DbError> {
    tx.query(
        sql!(
            "SELECT id, public, sealed, first_day, last_day, withdrawn_at, made_at, made_by FROM badge_key ORDER BY id"
        ),
        params![],
    )
}

/// The list as the root has signed it, verified; an empty one before there is any.
///
/// # Errors
/// [`BadgeError::Seal`] when what is stored was not signed by the root.
pub fn list(tx: &mut Tx<'_>) -> Result<KeyList, BadgeError> {
    let congress = mark(tx)?;
    let (Some(root), Some(bytes)) = (root(tx)?, list_bytes(tx)?) else {
        return Ok(KeyList { congress, sequence: 0, keys: Vec::new() });
    };
    KeyList::open(&bytes, &root.public).map_err(|error| BadgeError::Seal(error.to_string()))
}

/// The newest list as it goes to gates.
///
/// # Errors
/// Any [`DbError`].
pub fn list_bytes(tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>, DbError> {
    tx.scalar(sql!("SELECT bytes FROM badge_key_list ORDER BY sequence DESC LIMIT 1"), params![])
}

fn fresh() -> [u8; 32] {
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    seed
}

/// Makes the root, once. Its seed is returned to be printed.
///
/// # Errors
/// [`BadgeError::RootMade`], [`BadgeError::Seal`].
pub fn make_root(tx: &mut WriteTx<'_>, seal: &Seal) -> Result<Done<[u8; 32]>, BadgeError> {
    if root(tx)?.is_some() {
        return Err(BadgeError::RootMade);
    }
    let seed = fresh();
    let sealed = seal.seal("root", &seed)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("INSERT INTO badge_root(one, public, sealed, made_at, made_by) VALUES(1, $1, $2, $3, $4)"),
        params![Signer::new(0, &seed).public(), sealed, now, by],
    )?;
    Ok(tx.record(Event::new("badge.root_made", "badge_root", 1).topic(TOPIC)).with(seed))
}

/// The root's seed, to be printed, while it is here.
///
/// # Errors
/// [`BadgeError::NoRoot`], [`BadgeError::Seal`].
pub fn root_seed(tx: &mut Tx<'_>, seal: &Seal) -> Result<[u8; 32], BadgeError> {
    let sealed = root(tx)?.and_then(|root| root.sealed).ok_or(BadgeError::NoRoot)?;
    seal.open("root", &sealed)
}

/// Takes the root's private half away: from now on a new key needs the paper.
///
/// # Errors
/// [`BadgeError::NoRoot`].
pub fn remove_root(tx: &mut WriteTx<'_>) -> Result<Receipt, BadgeError> {
    let gone = tx.execute(sql!("UPDATE badge_root SET sealed = NULL WHERE sealed IS NOT NULL"), params![])?;
    if gone == 0 {
        return Err(BadgeError::NoRoot);
    }
    Ok(tx.record(Event::new("badge.root_removed", "badge_root", 1).topic(TOPIC)))
}

/// The root that signs: the one given from paper, or the one that is here.
fn signing_root(tx: &mut Tx<'_>, seal: &Seal, given: Option<[u8; 32]>) -> Result<Signer, BadgeError> {
    let known = root(tx)?.ok_or(BadgeError::NoRoot)?;
    let seed = match given {
        Some(seed) => seed,
        None => root_seed(tx, seal)?,
    };
    let signer = Signer::new(0, &seed);
    if signer.public() == known.public { Ok(signer) } else { Err(BadgeError::NoRoot) }
}

/// Adds a key for some days and signs the list anew.
///
/// # Errors
/// [`BadgeError::Days`], [`BadgeError::KeyRoom`], [`BadgeError::NoRoot`], [`BadgeError::Seal`].
pub fn add(
    tx: &mut WriteTx<'_>,
    seal: &Seal,
    root: Option<[u8; 32]>,
    first: Date,
    last: Date,
) -> Result<Done<u8>, BadgeError> {
    if first > last || day(first).is_none() || day(last).is_none() {
        return Err(BadgeError::Days);
    }
    let root = signing_root(tx, seal, root)?;
    let all = keys(tx)?;
    let valid = all.iter().filter(|key| key.withdrawn_at.is_none());
    let days: Vec<(Date, Date)> = valid.map(|key| (key.first_day, key.last_day)).collect();
    if crowded(&days, first, last) {
        return Err(BadgeError::KeyRoom);
    }
    // A number is never used twice: an old pass must not name a new key.
    let id = (0..=15_u8).find(|id| all.iter().all(|key| key.id != *id)).ok_or(BadgeError::KeyRoom)?;
    let seed = fresh();
    let sealed = seal.seal(&format!("key {id}"), &seed)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO badge_key(id, public, sealed, first_day, last_day, withdrawn_at, made_at, made_by)
             VALUES($1, $2, $3, $4, $5, NULL, $6, $7)"
        ),
        params![i64::from(id), Signer::new(id, &seed).public(), sealed, first, last, now, by],
    )?;
    publish(tx, &root)?;
    let event = Event::new("badge.key_added", "badge_key", id).topic(TOPIC).topic(REVOCATIONS);
    Ok(tx.record(event.data(json!({ "first": first, "last": last }))).with(id))
}

/// Takes a key off the list: no pass that it signed opens anything any more.
///
/// # Errors
/// [`BadgeError::NotFound`], [`BadgeError::NoRoot`], [`BadgeError::Seal`].
pub fn withdraw(
    tx: &mut WriteTx<'_>,
    seal: &Seal,
    root: Option<[u8; 32]>,
    id: u8,
) -> Result<Receipt, BadgeError> {
    let root = signing_root(tx, seal, root)?;
    let now = tx.now();
    let gone = tx.execute(
        sql!("UPDATE badge_key SET withdrawn_at = $2, sealed = NULL WHERE id = $1 AND withdrawn_at IS NULL"),
        params![i64::from(id), now],
    )?;
    if gone == 0 {
        return Err(BadgeError::NotFound);
    }
    publish(tx, &root)?;
    Ok(tx.record(Event::new("badge.key_withdrawn", "badge_key", id).topic(TOPIC).topic(REVOCATIONS)))
}

/// Signs the list of all keys that count and keeps it as the newest.
fn publish(tx: &mut WriteTx<'_>, root: &Signer) -> Result<(), BadgeError> {
    let last: Option<i64> =
        tx.scalar(sql!("SELECT COALESCE(MAX(sequence), 0) FROM badge_key_list"), params![])?;
    let sequence = last.unwrap_or(0) + 1;
    let listed = keys(tx)?.into_iter().filter(|key| key.withdrawn_at.is_none());
    let listed = listed.filter_map(|key| {
        Some(Key { id: key.id, public: key.public, from: day(key.first_day)?, to: day(key.last_day)? })
    });
    let list = KeyList {
        congress: mark(tx)?,
        sequence: u32::try_from(sequence).unwrap_or(u32::MAX),
        keys: listed.collect(),
    };
    let bytes = list.sign(root).map_err(|error| BadgeError::Seal(error.to_string()))?;
    let now = tx.now();
    tx.execute(
        sql!("INSERT INTO badge_key_list(sequence, bytes, at) VALUES($1, $2, $3)"),
        params![sequence, bytes, now],
    )?;
    Ok(())
}

/// The newest key that can sign here and counts on all these days.
///
/// # Errors
/// [`BadgeError::NoKey`], [`BadgeError::Seal`].
pub fn signer(tx: &mut Tx<'_>, seal: &Seal, first: Date, last: Date) -> Result<Signer, BadgeError> {
    let found = keys(tx)?.into_iter().rev().find(|key| {
        key.withdrawn_at.is_none() && key.sealed.is_some() && key.first_day <= first && last <= key.last_day
    });
    let key = found.ok_or(BadgeError::NoKey)?;
    let seed = seal.open(&format!("key {}", key.id), &key.sealed.unwrap_or_default())?;
    Ok(Signer::new(key.id, &seed))
}

/// A seed as it stands on paper: hexadecimal in groups of four.
pub fn on_paper(seed: &[u8; 32]) -> String {
    let hex = platform::hex(seed);
    hex.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

/// Reads a seed from paper; `None` for anything else.
pub fn from_paper(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect::<Option<_>>()?;
    bytes.try_into().ok()
}
