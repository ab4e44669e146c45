//! Signing on a machine without a network: what the server gives out, what it takes in.
//!
//! The server lists the approved copies that nobody has signed; `dienhong badge sign` signs them where the keys are;
//! the server takes each code in after it has read it with the list of keys, and only when it says exactly what roll
//! and matrix say at that moment. A code that was taken in is printed as it is.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::civil::Date;
use pass::{Congress, KeyList, Malformed, Revocations, read};
use platform::{
    audit::Event,
    db::{Done, Tx, WriteTx},
    i18n::key,
    params, sql,
    web::FieldProblem,
};
use rules::badge::BadgeState;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    BadgeError, REVOCATIONS, TOPIC, keys,
    model::{Badge, BadgeCategory, BadgeId},
    query,
    store::Unsigned,
    vault::{SignedList, Vault, mark, public_half},
};
use crate::{
    delegates::{model::Participant, query as roll},
    vehicles,
};

/// The most of one batch.
pub const MOST: usize = 5_000;

/// A pass to be signed elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassToSign {
    /// The copy of the badge, or of the vehicle's pass.
    pub copy: String,
    /// The random id of the pass, hexadecimal.
    pub pass: String,
    /// The number of the category.
    pub category: u8,
    /// The zones it opens, as bits.
    pub zones: u16,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub first: Date,
    /// The last.
    #[schema(value_type = String, format = Date)]
    pub last: Date,
}

/// What is to be signed elsewhere. No name stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassBatch {
    /// The mark of the congress, hexadecimal.
    pub congress: String,
    /// The passes.
    pub passes: Vec<PassToSign>,
}

/// A pass that was signed elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedPass {
    /// The copy.
    pub copy: String,
    /// Its digits.
    pub code: String,
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedPasses {
    /// The passes.
    pub passes: Vec<SignedPass>,
}

impl PassToSign {
    pub(crate) fn of(copy: impl std::fmt::Display, what: &Unsigned) -> Self {
        Self {
            copy: copy.to_string(),
            pass: platform::hex(&what.pass),
            category: what.category.number(),
            zones: what.zones,
            first: what.first_day,
            last: what.last_day,
        }
    }
}

/// What a badge would say if it were printed now.
pub(crate) fn current(tx: &mut Tx<'_>, badge: &Badge, one: &Participant) -> Result<Unsigned, BadgeError> {
    let category = BadgeCategory::of(one);
    let (first_day, last_day) = query::days(tx, category)?;
    Ok(Unsigned { pass: badge.pass, category, zones: query::access(tx)?.bits(category), first_day, last_day })
}

/// Whether a code was signed by a key of the list and says exactly this.
pub(crate) fn says(list: &KeyList, code: &str, what: &Unsigned) -> Result<bool, BadgeError> {
    let grant = what.grant()?;
    let read = read(code, grant.first, list, &Revocations::default());
    // The key must count on the last day as well: else the pass dies before it ends.
    let lasts = |id: u8| list.keys.iter().any(|key| key.id == id && key.to >= grant.last);
    Ok(read.is_ok_and(|pass| pass.grant == grant && lasts(pass.key)))
}

/// Approved copies, of badges and of vehicles' passes, that no code of the list says.
///
/// # Errors
/// [`BadgeError::Seal`] when the list is not sound.
pub fn unsigned(tx: &mut Tx<'_>) -> Result<PassBatch, BadgeError> {
    let list = keys::list(tx)?;
    let waiting: Vec<Badge> =
        tx.query(sql!("SELECT * FROM badge WHERE state = 'da_duyet' ORDER BY id"), params![])?;
    let mut passes = Vec::with_capacity(waiting.len());
    for badge in waiting {
        let Some(one) = roll::participant(tx, badge.participant)? else { continue };
        if !one.status.is_on_roll() {
            continue;
        }
        let what = current(tx, &badge, &one)?;
        let has = match &badge.code {
            Some(code) => says(&list, code, &what)?,
            None => false,
        };
        if !has {
            passes.push(PassToSign::of(badge.id, &what));
        }
    }
    for (id, what) in vehicles::passes::unsigned(tx, &list)? {
        passes.push(PassToSign::of(id, &what));
    }
    passes.truncate(MOST);
    Ok(PassBatch { congress: platform::hex(&keys::mark(tx)?.0), passes })
}

/// Why a batch is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The batch is of another congress than the keys.
    #[error("the batch is of another congress")]
    Foreign,
    /// No key counts on the days of a pass.
    #[error("no key counts from {0} to {1}")]
    NoKey(Date, Date),
    /// A pass that cannot be.
    #[error("the pass of the copy {0} cannot be")]
    Pass(String),
}

/// Signs a batch with the keys of a file.
///
/// # Errors
/// [`SignError`]; then nothing is signed.
pub fn sign(batch: &PassBatch, vault: &Vault) -> Result<SignedPasses, SignError> {
    if batch.congress != vault.public.congress {
        return Err(SignError::Foreign);
    }
    let congress: Congress = mark(&batch.congress).ok_or(SignError::Foreign)?;
    let sign_one = |one: &PassToSign| {
        let wrong = || SignError::Pass(one.copy.clone());
        let pass = one_pass(&one.pass).ok_or_else(wrong)?;
        let category = BadgeCategory::numbered(one.category).ok_or_else(wrong)?;
        let what = Unsigned { pass, category, zones: one.zones, first_day: one.first, last_day: one.last };
        let signer = vault.signer(one.first, one.last).ok_or(SignError::NoKey(one.first, one.last))?;
        let grant = what.grant().map_err(|_| wrong())?;
        let code = signer.issue(congress, &grant).map_err(|_: Malformed| wrong())?;
        Ok(SignedPass { copy: one.copy.clone(), code })
    };
    Ok(SignedPasses { passes: batch.passes.iter().map(sign_one).collect::<Result<_, SignError>>()? })
}

fn one_pass(hex: &str) -> Option<[u8; 6]> {
    let value = u64::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 12)?;
    value.to_be_bytes().get(2..)?.try_into().ok()
}

/// Takes codes in: all of them, or none. Each must be signed by a key of the list and say what roll and matrix say
/// now, of a copy that is approved and not printed.
///
/// # Errors
/// [`BadgeError::Fields`] naming the first copy that does not.
pub fn take_in(tx: &mut WriteTx<'_>, batch: &SignedPasses) -> Result<Done<usize>, BadgeError> {
    if batch.passes.is_empty() || batch.passes.len() > MOST {
        return Err(BadgeError::Fields(vec![FieldProblem::new("passes", key("badges-error-batch"))]));
    }
    let list = keys::list(tx)?;
    let (mut badges, mut others) = (Vec::new(), Vec::new());
    for one in &batch.passes {
        let refused = || {
            let problem = FieldProblem::new("passes", key("badges-error-signed"));
            BadgeError::Fields(vec![problem.with("copy", one.copy.as_str())])
        };
        let id: BadgeId = one.copy.parse().map_err(|_| refused())?;
        let Some(badge) = query::badge(tx, id)? else {
            match vehicles::passes::take_in(tx, &list, &one.copy, &one.code)? {
                true => others.push(one.copy.clone()),
                false => return Err(refused()),
            }
            continue;
        };
        let person = roll::participant(tx, badge.participant)?.filter(|one| one.status.is_on_roll());
        let person = person.filter(|_| badge.state == BadgeState::Approved).ok_or_else(refused)?;
        let what = current(tx, &badge, &person)?;
        if !says(&list, &one.code, &what)? {
            return Err(refused());
        }
        // What is printed is what was signed, in digits alone: no space, no address around them.
        let code = pass::found(&one.code).ok_or_else(refused)?.to_owned();
        tx.execute(
            sql!(
                "UPDATE badge SET code = $2, category = $3, zones = $4, first_day = $5, last_day = $6
                 WHERE id = $1 AND state = 'da_duyet'"
            ),
            params![badge.id, code, what.category, i64::from(what.zones), what.first_day, what.last_day],
        )?;
        badges.push(badge.id);
    }
    let count = badges.len() + others.len();
    let event = Event::new("badge.signed_elsewhere", "badge", "many")
        .topic(TOPIC)
        .topic(vehicles::TOPIC)
        .data(json!({ "badges": badges, "vehicle_passes": others }));
    Ok(tx.record(event).with(count))
}

/// Takes in a list of keys that was signed elsewhere. The first one brings the root; every other must be by the same
/// root and newer. A key that it lists no more signs nothing any more.
///
/// # Errors
/// [`BadgeError::KeyList`] with what is wrong, [`BadgeError::NoRoot`] for another root.
pub fn adopt(tx: &mut WriteTx<'_>, given: &SignedList) -> Result<Done<u32>, BadgeError> {
    let root = public_half(&given.root).ok_or(BadgeError::NoRoot)?;
    let known = keys::root(tx)?;
    if known.as_ref().is_some_and(|known| known.public != root) {
        return Err(BadgeError::NoRoot);
    }
    let unreadable = pass::KeyListError::Unreadable;
    let bytes = STANDARD.decode(&given.signed).map_err(|_| BadgeError::KeyList(unreadable.key()))?;
    let before = keys::list(tx)?;
    let list = before.replace(&bytes, &root).map_err(|error| BadgeError::KeyList(error.key()))?;
    if list.sequence <= before.sequence {
        return Err(BadgeError::KeyList(pass::KeyListError::Older.key()));
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    if known.is_none() {
        tx.execute(
            sql!("INSERT INTO badge_root(one, public, sealed, made_at, made_by) VALUES(1, $1, NULL, $2, $3)"),
            params![root, now, by],
        )?;
    }
    let all = keys::keys(tx)?;
    for old in all.iter().filter(|old| old.withdrawn_at.is_none()) {
        if !list.keys.iter().any(|key| key.id == old.id) {
            tx.execute(
                sql!("UPDATE badge_key SET withdrawn_at = $2, sealed = NULL WHERE id = $1"),
                params![i64::from(old.id), now],
            )?;
        }
    }
    for key in &list.keys {
        let wrong = || BadgeError::KeyList(pass::KeyListError::Keys.key());
        match all.iter().find(|old| old.id == key.id) {
            // A number is never used twice.
            Some(old) if old.public != key.public || old.withdrawn_at.is_some() => return Err(wrong()),
            Some(_) => {
                let (from, to) = keys::date(key.from).zip(keys::date(key.to)).ok_or_else(wrong)?;
                tx.execute(
                    sql!("UPDATE badge_key SET first_day = $2, last_day = $3 WHERE id = $1"),
                    params![i64::from(key.id), from, to],
                )?;
            }
            None => {
                let (from, to) = keys::date(key.from).zip(keys::date(key.to)).ok_or_else(wrong)?;
                tx.execute(
                    sql!(
                        "INSERT INTO badge_key(id, public, sealed, first_day, last_day, withdrawn_at, made_at, made_by)
                         VALUES($1, $2, NULL, $3, $4, NULL, $5, $6)"
                    ),
                    params![i64::from(key.id), key.public, from, to, now, by],
                )?;
            }
        }
    }
    tx.execute(
        sql!("INSERT INTO badge_key_list(sequence, bytes, at) VALUES($1, $2, $3)"),
        params![i64::from(list.sequence), bytes, now],
    )?;
    let event = Event::new("badge.key_list_taken", "badge_key_list", list.sequence)
        .topic(TOPIC)
        .topic(REVOCATIONS)
        .data(json!({ "keys": list.keys.len() }));
    Ok(tx.record(event).with(list.sequence))
}
