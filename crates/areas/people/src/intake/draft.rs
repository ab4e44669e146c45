//! The file that waits for a yes, and the yes that does exactly what was shown.
//!
//! What waits is what was understood of the file, without columns that the office may not write and with numbers
//! of identity cards already under the congress's key; the file itself is kept nowhere.

use std::collections::HashMap;

use jiff::{Timestamp, ToSpan as _};
use platform::{
    audit::Event,
    db::{DbError, Done, Tx, WriteTx},
    i18n::{Lang, key},
    identity::{OfficeId, store::new_id},
    params, row, sql,
    web::AppError,
};
use rules::text::{fold, nfc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::{
    plan::{self, Action, Choices, Known, Preview},
    read::{ReadError, Reading},
};
use crate::delegates::{
    DelegateError, TOPIC,
    model::{Category, DelegationId, ParticipantId, Sight},
    query, store,
};

platform::id! {
    /// A file that waits for a yes.
    DraftId
}

/// Hours that a file waits.
const HOURS: i64 = 4;
/// Files an office may leave waiting.
const KEPT: usize = 5;

/// A refusal.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The file.
    #[error("the file: {0}")]
    File(#[from] ReadError),
    /// The roll.
    #[error(transparent)]
    Roll(#[from] DelegateError),
    /// No file of this office waits under this name.
    #[error("no such file")]
    NotFound,
    /// Somebody changed the roll since it was shown, or the file would do something else now.
    #[error("it would do something else now")]
    Changed,
    /// Rows are wrong, or nobody has said who is who, or nothing would change.
    #[error("not ready: {wrong} rows wrong, {open} to choose")]
    NotReady {
        /// Rows that are wrong.
        wrong: usize,
        /// Rows that could be somebody known.
        open: usize,
    },
}

impl From<IntakeError> for AppError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Db(error) => error.into(),
            IntakeError::File(error) => error.into(),
            IntakeError::Roll(error) => error.into(),
            IntakeError::NotFound => Self::not_found().because(key("intake-gone")),
            IntakeError::Changed => Self::conflict().because(key("intake-changed-meanwhile")).slug("changed"),
            IntakeError::NotReady { wrong, open } => Self::invalid(Vec::new())
                .because(key("intake-not-ready"))
                .with("wrong", wrong)
                .with("open", open)
                .slug("not-ready"),
        }
    }
}

row! {
    /// A file that waits, or was applied.
    #[derive(Debug, Clone)]
    pub struct Draft {
        /// The id.
        pub id: DraftId,
        /// The file's name.
        pub name: String,
        /// The hash of its bytes.
        pub sha256: String,
        /// What was chosen about it, as JSON.
        pub choices: String,
        /// When it came.
        pub created_at: Timestamp,
        /// Until when it waits.
        pub expires_at: Timestamp,
        /// What it did, as JSON; empty until applied.
        pub applied: String,
    }
}

impl Draft {
    /// What was chosen.
    pub fn choices(&self) -> Choices {
        serde_json::from_str(&self.choices).unwrap_or_default()
    }

    /// What it did.
    pub fn applied(&self) -> Option<Applied> {
        serde_json::from_str(&self.applied).ok()
    }
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Applied {
    /// New people.
    pub added: usize,
    /// People who changed.
    pub changed: usize,
    /// People who stayed as they were.
    pub unchanged: usize,
    /// Rows left out, wrong or by choice.
    pub left_out: usize,
}

/// What is left of a file once it is read: nothing that the office may not write, no number of a card.
///
/// # Errors
/// Any [`DbError`].
pub fn prepare(tx: &mut WriteTx<'_>, mut reading: Reading, may: Sight) -> Result<Reading, DbError> {
    reading.withhold(may);
    if reading.has_cards() {
        let key = store::citizen_key(tx)?;
        reading.seal(&key);
    }
    Ok(reading)
}

/// Keeps what was read until somebody says yes.
///
/// # Errors
/// Any [`DbError`].
pub fn keep(
    tx: &mut WriteTx<'_>,
    office: OfficeId,
    name: &str,
    sha256: &str,
    reading: Reading,
    choices: &Choices,
    may: Sight,
) -> Result<Done<DraftId>, IntakeError> {
    let now = tx.now();
    tx.execute(sql!("DELETE FROM intake_draft WHERE expires_at < $1"), params![now])?;
    for old in drafts(tx, office)?.iter().skip(KEPT - 1) {
        tx.execute(sql!("DELETE FROM intake_draft WHERE id = $1"), params![old.id])?;
    }
    let reading = prepare(tx, reading, may)?;
    let id = DraftId(new_id(tx));
    let name: String = nfc(name).chars().filter(|c| !c.is_control()).take(200).collect();
    let expires = now.saturating_add(HOURS.hours()).unwrap_or(Timestamp::MAX);
    let body = serde_json::to_vec(&reading).map_err(|error| DbError::Other(error.to_string()))?;
    let choices = serde_json::to_string(choices).unwrap_or_default();
    tx.execute(
        sql!(
            "INSERT INTO intake_draft(id, office, name, sha256, body, choices, created_at, expires_at, applied)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, '')"
        ),
        params![id, office, name, sha256, body, choices, now, expires],
    )?;
    let event = Event::new("delegate.import_uploaded", "import", id)
        .data(json!({ "sha256": sha256, "rows": reading.rows.len(), "source": reading.source }));
    Ok(tx.record(event).with(id))
}

/// Files of an office, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn drafts(tx: &mut Tx<'_>, office: OfficeId) -> Result<Vec<Draft>, DbError> {
    tx.query(
        sql!(
            "SELECT id, name, sha256, choices, created_at, expires_at, applied FROM intake_draft
             WHERE office = $1 ORDER BY created_at DESC, id DESC"
        ),
        params![office],
    )
}

/// A file of an office with what was read of it; an applied one has nothing left.
///
/// # Errors
/// [`IntakeError::NotFound`].
pub fn draft(
    tx: &mut Tx<'_>,
    office: OfficeId,
    id: DraftId,
) -> Result<(Draft, Option<Reading>), IntakeError> {
    let draft: Draft = tx
        .query_opt(
            sql!(
                "SELECT id, name, sha256, choices, created_at, expires_at, applied FROM intake_draft
                 WHERE id = $1 AND office = $2"
            ),
            params![id, office],
        )?
        .filter(|draft: &Draft| draft.expires_at >= tx.now())
        .ok_or(IntakeError::NotFound)?;
    let body: Option<Vec<u8>> =
        tx.scalar(sql!("SELECT body FROM intake_draft WHERE id = $1"), params![id])?;
    let reading = body.and_then(|body| serde_json::from_slice(&body).ok());
    Ok((draft, reading))
}

/// Keeps what was chosen.
///
/// # Errors
/// [`IntakeError::NotFound`].
pub fn choose(
    tx: &mut WriteTx<'_>,
    office: OfficeId,
    id: DraftId,
    choices: &Choices,
) -> Result<Done<()>, IntakeError> {
    draft(tx, office, id)?;
    let choices = serde_json::to_string(choices).unwrap_or_default();
    tx.execute(sql!("UPDATE intake_draft SET choices = $2 WHERE id = $1"), params![id, choices])?;
    Ok(tx.record(Event::new("delegate.import_chosen", "import", id)).with(()))
}

/// Throws a file away.
///
/// # Errors
/// [`IntakeError::NotFound`].
pub fn discard(tx: &mut WriteTx<'_>, office: OfficeId, id: DraftId) -> Result<Done<()>, IntakeError> {
    draft(tx, office, id)?;
    tx.execute(sql!("DELETE FROM intake_draft WHERE id = $1"), params![id])?;
    Ok(tx.record(Event::new("delegate.import_discarded", "import", id)).with(()))
}

/// The yes of somebody who may, to what was shown.
#[derive(Debug, Clone)]
pub struct Yes {
    /// The hash of what was shown; none where showing and doing are one call.
    pub hash: Option<String>,
    /// What may be written.
    pub may: Sight,
    /// The hash of the file.
    pub sha256: String,
    /// The language in which it was shown.
    pub lang: Lang,
}

/// Does a plan of a prepared reading.
///
/// # Errors
/// [`IntakeError::NotReady`], [`IntakeError::Changed`].
pub fn apply(
    tx: &mut WriteTx<'_>,
    reading: &Reading,
    choices: &Choices,
    yes: &Yes,
) -> Result<Done<Applied>, IntakeError> {
    let mut reading = reading.clone();
    // A right may have ended since the file came.
    reading.withhold(yes.may);
    let known = Known::load(tx, reading.source)?;
    let preview = plan::preview(&known, &reading, choices, yes.lang);
    let left_out = preview.left_out + preview.wrong_rows;
    let done = Applied {
        added: preview.added.len(),
        changed: preview.changed.len(),
        unchanged: preview.unchanged,
        left_out,
    };
    if preview.wrong_rows > 0 && !choices.leave_wrong || preview.open() > 0 {
        return Err(IntakeError::NotReady { wrong: preview.wrong_rows, open: preview.open() });
    }
    if yes.hash.as_ref().is_some_and(|hash| *hash != preview.hash) {
        return Err(IntakeError::Changed);
    }
    if preview.actions.is_empty() && !reading.has_cards() {
        return Ok(tx.unchanged(done)?);
    }
    write(tx, &reading, &preview)?;
    let restricted: Vec<&str> = reading
        .heads
        .iter()
        .filter(|head| head.column.is_restricted() || head.column.is_contact())
        .map(|head| head.column.as_str())
        .collect();
    let event = Event::new("delegate.imported", "roll", &yes.sha256).topic(TOPIC).data(json!({
        "sha256": yes.sha256,
        "source": reading.source,
        "added": done.added,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "left_out": done.left_out,
        "restricted_columns": restricted,
    }));
    Ok(tx.record(event).with(done))
}

fn write(tx: &mut WriteTx<'_>, reading: &Reading, preview: &Preview) -> Result<(), IntakeError> {
    let mut units: HashMap<String, DelegationId> =
        query::delegations(tx)?.into_iter().map(|one| (fold(&one.name), one.id)).collect();
    let by = tx.author().office.clone();
    for no in &preview.new_groups {
        tx.execute(
            sql!(
                "INSERT INTO delegate_group(no, name, room, version, updated_by) VALUES($1, '', '', 1, $2)
                 ON CONFLICT(no) DO NOTHING"
            ),
            params![no, by],
        )?;
    }
    let mut unit = |tx: &mut WriteTx<'_>, name: &str| -> Result<Option<DelegationId>, DbError> {
        let folded = fold(name);
        if folded.is_empty() {
            return Ok(None);
        }
        if let Some(id) = units.get(&folded) {
            return Ok(Some(*id));
        }
        let id = DelegationId(new_id(tx));
        tx.execute(
            sql!("INSERT INTO delegation(id, name, folded, quota, version) VALUES($1, $2, $3, NULL, 1)"),
            params![id, name, folded],
        )?;
        units.insert(folded, id);
        Ok(Some(id))
    };
    let mut last: HashMap<Category, u32> = HashMap::new();
    let everybody = query::everybody(tx)?;
    let mine = preview.actions.iter().filter_map(|action| match action {
        Action::Enter { code: Some(code), .. } => Some(code.as_str()),
        _ => None,
    });
    for code in everybody.iter().map(|one| one.code.as_str()).chain(mine) {
        for category in Category::ALL {
            let number = code.strip_prefix(category.prefix()).and_then(|rest| rest.strip_prefix('-'));
            if let Some(number) = number.and_then(|number| number.parse::<u32>().ok()) {
                let greatest = last.entry(*category).or_default();
                *greatest = number.max(*greatest);
            }
        }
    }
    let origin = |tx: &mut WriteTx<'_>, outer: &str, id: ParticipantId| -> Result<(), DbError> {
        if !outer.is_empty() {
            tx.execute(
                sql!(
                    "INSERT INTO intake_origin(source, outer_ref, participant) VALUES($1, $2, $3)
                     ON CONFLICT(source, outer_ref) DO NOTHING"
                ),
                params![reading.source, outer, id],
            )?;
        }
        Ok(())
    };
    for action in &preview.actions {
        match action {
            Action::Enter { code, outer, profile, private, delegation } => {
                let mut profile = profile.as_ref().clone();
                profile.delegation = unit(tx, delegation)?;
                let code = code.clone().unwrap_or_else(|| {
                    let category = profile.category.unwrap_or(Category::Guest);
                    let number = last.entry(category).or_default();
                    *number += 1;
                    format!("{}-{number:04}", category.prefix())
                });
                let id = ParticipantId(new_id(tx));
                store::insert(tx, id, &code, &profile, private)?;
                origin(tx, outer, id)?;
            }
            Action::Change { id, code, outer, profile, private, delegation, fields } => {
                let mut profile = profile.as_ref().clone();
                profile.delegation = unit(tx, delegation)?;
                if !fields.is_empty() {
                    store::put(tx, *id, code, &profile)?;
                    if let Some(private) = private {
                        store::write_private(tx, *id, private)?;
                    }
                    let _ = tx.record(
                        store::event("delegate.changed", *id).data(json!({ "code": code, "fields": fields })),
                    );
                }
                origin(tx, outer, *id)?;
            }
        }
    }
    Ok(())
}

/// Does what waits; what was read of the file is gone afterwards.
///
/// # Errors
/// Those of [`apply`], [`IntakeError::NotFound`].
pub fn confirm(
    tx: &mut WriteTx<'_>,
    office: OfficeId,
    id: DraftId,
    hash: &str,
    lang: Lang,
    may: Sight,
) -> Result<Done<Applied>, IntakeError> {
    let (draft, reading) = draft(tx, office, id)?;
    if let Some(done) = draft.applied() {
        // Asked twice: the same answer.
        return Ok(tx.unchanged(done)?);
    }
    let reading = reading.ok_or(IntakeError::NotFound)?;
    let yes = Yes { hash: Some(hash.to_owned()), may, sha256: draft.sha256.clone(), lang };
    let done = apply(tx, &reading, &draft.choices(), &yes)?;
    let applied = serde_json::to_string(done.value()).unwrap_or_default();
    let choices = serde_json::to_string(&Choices::default()).unwrap_or_default();
    tx.execute(
        sql!("UPDATE intake_draft SET applied = $2, body = $3, choices = $4 WHERE id = $1"),
        params![id, applied, Vec::<u8>::new(), choices],
    )?;
    let applied = *done.value();
    Ok(tx.record(Event::new("delegate.import_applied", "import", id)).with(applied))
}

/// The hash of a file.
pub fn hash(bytes: &[u8]) -> String {
    platform::hex(&Sha256::digest(bytes))
}
