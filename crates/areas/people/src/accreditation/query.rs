//! What reads agencies and nominations.

use std::collections::HashMap;

use platform::{
    db::{DbError, Tx},
    identity::approval::{self, Approval},
    params, sql,
};
use rules::text::matches_folded;

use super::{
    PressError,
    model::{Agency, AgencyId, AgencyKind, Batch, Entry, Exception, Happened, Nominee, PressRole, Progress},
};
use crate::{badges::query as badges, delegates::query as roll};

/// All agencies by name.
///
/// # Errors
/// Any [`DbError`].
pub fn agencies(tx: &mut Tx<'_>) -> Result<Vec<Agency>, DbError> {
    tx.query(
        sql!("SELECT id, no, name, kind, created_at, created_by FROM press_agency ORDER BY folded"),
        params![],
    )
}

/// The agency of this number.
///
/// # Errors
/// [`PressError::NotFound`].
pub fn agency(tx: &mut Tx<'_>, no: u32) -> Result<Agency, PressError> {
    tx.query_opt(
        sql!("SELECT id, no, name, kind, created_at, created_by FROM press_agency WHERE no = $1"),
        params![no],
    )?
    .ok_or(PressError::NotFound)
}

/// The agency of this id.
///
/// # Errors
/// [`PressError::NotFound`].
pub fn agency_by_id(tx: &mut Tx<'_>, id: AgencyId) -> Result<Agency, PressError> {
    tx.query_opt(
        sql!("SELECT id, no, name, kind, created_at, created_by FROM press_agency WHERE id = $1"),
        params![id],
    )?
    .ok_or(PressError::NotFound)
}

/// All batches, by agency and number.
///
/// # Errors
/// Any [`DbError`].
pub fn batches(tx: &mut Tx<'_>) -> Result<Vec<Batch>, DbError> {
    tx.query(
        sql!("SELECT agency, no, quota, deadline, version FROM press_batch ORDER BY agency, no"),
        params![],
    )
}

/// One batch.
///
/// # Errors
/// [`PressError::NotFound`].
pub fn batch(tx: &mut Tx<'_>, agency: AgencyId, no: u32) -> Result<Batch, PressError> {
    tx.query_opt(
        sql!("SELECT agency, no, quota, deadline, version FROM press_batch WHERE agency = $1 AND no = $2"),
        params![agency, no],
    )?
    .ok_or(PressError::NotFound)
}

/// All exceptions, the oldest first.
///
/// # Errors
/// Any [`DbError`].
pub fn exceptions(tx: &mut Tx<'_>) -> Result<Vec<Exception>, DbError> {
    tx.query(
        sql!(
            "SELECT id, agency, batch, places, until, basis, granted_at, granted_by, granted_subject
             FROM press_exception ORDER BY granted_at, id"
        ),
        params![],
    )
}

/// The nomination of this number.
///
/// # Errors
/// [`PressError::NotFound`].
pub fn nominee(tx: &mut Tx<'_>, no: u32) -> Result<Nominee, PressError> {
    tx.query_opt(sql!("SELECT * FROM press_nominee WHERE no = $1"), params![no])?.ok_or(PressError::NotFound)
}

/// All of one agency, by name.
///
/// # Errors
/// Any [`DbError`].
pub fn nominees_of(tx: &mut Tx<'_>, agency: AgencyId) -> Result<Vec<Nominee>, DbError> {
    tx.query(sql!("SELECT * FROM press_nominee WHERE agency = $1 ORDER BY sort, no"), params![agency])
}

/// What was done to a nomination, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn history(tx: &mut Tx<'_>, of: &Nominee) -> Result<Vec<Happened>, DbError> {
    tx.query(
        sql!("SELECT state, basis, at, office FROM press_event WHERE nominee = $1 ORDER BY seq DESC"),
        params![of.id],
    )
}

/// Everybody nominated, by name, with agency, code on the roll and badge.
///
/// # Errors
/// Any [`DbError`].
pub fn entries(tx: &mut Tx<'_>) -> Result<Vec<Entry>, DbError> {
    let agencies: HashMap<AgencyId, Agency> = agencies(tx)?.into_iter().map(|one| (one.id, one)).collect();
    let nominees: Vec<Nominee> =
        tx.query(sql!("SELECT * FROM press_nominee ORDER BY sort, no"), params![])?;
    let mut copies = badges::newest(tx)?;
    let mut out = Vec::with_capacity(nominees.len());
    for nominee in nominees {
        // The database itself holds the reference.
        let Some(agency) = agencies.get(&nominee.agency).cloned() else { continue };
        let (code, badge) = match nominee.participant {
            Some(id) => (
                roll::participant(tx, id)?.map(|one| one.code).unwrap_or_default(),
                copies.remove(&id).map(|badge| badge.state),
            ),
            None => (String::new(), None),
        };
        out.push(Entry { nominee, agency, code, badge });
    }
    Ok(out)
}

/// One nomination with what stands beside it.
///
/// # Errors
/// [`PressError::NotFound`].
pub fn entry(tx: &mut Tx<'_>, no: u32) -> Result<Entry, PressError> {
    let nominee = nominee(tx, no)?;
    let agency = agency_by_id(tx, nominee.agency)?;
    let (code, badge) = match nominee.participant {
        Some(id) => (
            roll::participant(tx, id)?.map(|one| one.code).unwrap_or_default(),
            badges::copies(tx, id)?.first().map(|badge| badge.state),
        ),
        None => (String::new(), None),
    };
    Ok(Entry { nominee, agency, code, badge })
}

/// What was asked of a second person for this nomination and is neither used nor over.
///
/// # Errors
/// Any [`DbError`].
pub fn asked(tx: &mut Tx<'_>, no: u32) -> Result<Option<Approval>, DbError> {
    let now = tx.now();
    let row: Option<platform::db::Row> = tx.query_opt(
        sql!(
            "SELECT id FROM approval WHERE act = 'accreditation.overridden' AND object_id = $1 AND used_at IS NULL
               AND expires > $2 ORDER BY requested_at DESC, id DESC LIMIT 1"
        ),
        params![no.to_string(), now],
    )?;
    match row {
        Some(row) => approval::find(tx, row.get("id")?),
        None => Ok(None),
    }
}

/// What a list asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of name, agency or code.
    pub words: String,
    /// Only this agency.
    pub agency: Option<u32>,
    /// Only agencies of this kind.
    pub kind: Option<AgencyKind>,
    /// Only this role.
    pub role: Option<PressRole>,
    /// Only this standing.
    pub standing: Option<Progress>,
}

impl Filter {
    /// Whether it picks an entry.
    pub fn picks(&self, one: &Entry) -> bool {
        self.agency.is_none_or(|wanted| one.agency.no == wanted)
            && self.kind.is_none_or(|wanted| one.agency.kind == wanted)
            && self.role.is_none_or(|wanted| one.nominee.role == wanted)
            && self.standing.is_none_or(|wanted| one.nominee.standing() == wanted)
            && (self.words.trim().is_empty()
                || matches_folded(
                    &format!("{} {} {}", one.nominee.name, one.agency.name, one.code),
                    &self.words,
                ))
    }
}
