//! What reads the roll. Restricted columns are read by [`private`] and [`privates`] alone.

use std::collections::HashMap;

use platform::{
    db::{DbError, FromRow as _, Row, Tx},
    params, sql,
};
use rules::text::matches_folded;

use super::model::{
    Category, CitizenMac, Delegation, DelegationId, Group, GroupRole, Organ, Participant, ParticipantId,
    Private, Standing, Status,
};

/// Somebody.
///
/// # Errors
/// Any [`DbError`].
pub fn participant(tx: &mut Tx<'_>, id: ParticipantId) -> Result<Option<Participant>, DbError> {
    tx.query_opt(sql!("SELECT * FROM participant WHERE id = $1"), params![id])
}

/// Who has this code, in any case of its letters.
///
/// # Errors
/// Any [`DbError`].
pub fn by_code_any(tx: &mut Tx<'_>, code: &str) -> Result<Option<Participant>, DbError> {
    tx.query_opt(sql!("SELECT * FROM participant WHERE code = $1"), params![code.trim().to_uppercase()])
}

/// Restricted columns of somebody, all of them: the caller passes them through [`super::model::Sight::of`].
///
/// # Errors
/// Any [`DbError`].
pub fn private(tx: &mut Tx<'_>, id: ParticipantId) -> Result<Private, DbError> {
    let kept = tx.query_opt(sql!("SELECT * FROM participant_private WHERE participant = $1"), params![id])?;
    Ok(kept.unwrap_or_default())
}

/// Restricted columns of all, by person: for the report, the importer and exports by those who may.
///
/// # Errors
/// Any [`DbError`].
pub fn privates(tx: &mut Tx<'_>) -> Result<HashMap<ParticipantId, Private>, DbError> {
    let rows: Vec<Row> = tx.query(sql!("SELECT * FROM participant_private"), params![])?;
    rows.iter().map(|row| Ok((row.get("participant")?, Private::from_row(row)?))).collect()
}

/// Who has the card of this number under the congress's key.
///
/// # Errors
/// Any [`DbError`].
pub fn by_citizen(tx: &mut Tx<'_>, mac: &CitizenMac) -> Result<Vec<ParticipantId>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!("SELECT participant FROM participant_private WHERE citizen_mac = $1 ORDER BY participant"),
        params![mac],
    )?;
    rows.iter().map(|row| row.get("participant")).collect()
}

/// The key of numbers of identity cards, once there is one.
///
/// # Errors
/// Any [`DbError`].
pub fn citizen_key(tx: &mut Tx<'_>) -> Result<Option<[u8; 32]>, DbError> {
    tx.scalar(sql!("SELECT bytes FROM people_key WHERE name = 'citizen'"), params![])
}

/// Everybody: delegates first, then the other categories in their order; inside each by name.
///
/// # Errors
/// Any [`DbError`].
pub fn everybody(tx: &mut Tx<'_>) -> Result<Vec<Participant>, DbError> {
    let mut all: Vec<Participant> =
        tx.query(sql!("SELECT * FROM participant ORDER BY sort, code"), params![])?;
    all.sort_by_key(Participant::category);
    Ok(all)
}

/// What a list asks for. An empty filter picks everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of name, code or position, with or without diacritics.
    pub words: String,
    /// Only this category.
    pub category: Option<Category>,
    /// Only this group; 0 for those without one.
    pub group: Option<u16>,
    /// Only this delegation.
    pub delegation: Option<DelegationId>,
    /// Only this type.
    pub standing: Option<Standing>,
    /// Only alternates, or only others.
    pub alternate: Option<bool>,
    /// Only this organ.
    pub organ: Option<Organ>,
    /// Only this status.
    pub status: Option<Status>,
    /// Only those with, or without, a portrait.
    pub photo: Option<bool>,
    /// Only those who answered their letter, or those on the roll who did not yet.
    pub answered: Option<bool>,
}

impl Filter {
    /// Whether it picks somebody. `haystack` is the stored search text.
    pub fn picks(&self, one: &Participant) -> bool {
        let profile = &one.profile;
        self.category.is_none_or(|wanted| one.category() == wanted)
            && self.group.is_none_or(|wanted| profile.group_no.unwrap_or(0) == wanted)
            && self.delegation.is_none_or(|wanted| profile.delegation == Some(wanted))
            && self.standing.is_none_or(|wanted| profile.standing == Some(wanted))
            && self.alternate.is_none_or(|wanted| profile.alternate == wanted)
            && self.organ.is_none_or(|wanted| profile.organ == Some(wanted))
            && self.status.is_none_or(|wanted| one.status == wanted)
            && self.photo.is_none_or(|wanted| one.photo.is_some() == wanted)
            && self.answered.is_none_or(|wanted| {
                let answered = matches!(one.status, Status::Confirmed | Status::Declined);
                one.status.is_on_roll() && answered == wanted
            })
            && (self.words.trim().is_empty()
                || matches_folded(
                    &format!("{} {} {}", profile.name, one.code, profile.position),
                    &self.words,
                ))
    }
}

/// A delegation.
///
/// # Errors
/// Any [`DbError`].
pub fn delegation(tx: &mut Tx<'_>, id: DelegationId) -> Result<Option<Delegation>, DbError> {
    tx.query_opt(sql!("SELECT * FROM delegation WHERE id = $1"), params![id])
}

/// All delegations by name.
///
/// # Errors
/// Any [`DbError`].
pub fn delegations(tx: &mut Tx<'_>) -> Result<Vec<Delegation>, DbError> {
    tx.query(sql!("SELECT * FROM delegation ORDER BY folded"), params![])
}

/// A group.
///
/// # Errors
/// Any [`DbError`].
pub fn group(tx: &mut Tx<'_>, no: u16) -> Result<Option<Group>, DbError> {
    tx.query_opt(sql!("SELECT * FROM delegate_group WHERE no = $1"), params![no])
}

/// All groups by number.
///
/// # Errors
/// Any [`DbError`].
pub fn groups(tx: &mut Tx<'_>) -> Result<Vec<Group>, DbError> {
    tx.query(sql!("SELECT * FROM delegate_group ORDER BY no"), params![])
}

/// Who holds a role in a group, of those on the roll.
///
/// # Errors
/// Any [`DbError`].
pub fn holders(tx: &mut Tx<'_>, no: u16, role: GroupRole) -> Result<Vec<Participant>, DbError> {
    tx.query(
        sql!(
            "SELECT * FROM participant WHERE group_no = $1 AND group_role = $2
               AND status IN ('trieu_tap', 'xac_nhan', 'vang_ly_do') ORDER BY sort"
        ),
        params![no, role],
    )
}
