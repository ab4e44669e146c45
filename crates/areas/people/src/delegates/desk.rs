//! What the desk does beside the form: seats in groups, portraits, consent to face data.

use jiff::Timestamp;
use platform::{
    audit::Event,
    db::{DbError, Done, Receipt, Row, Tx, WriteTx},
    files::FileId,
    i18n::key,
    params, row, sql,
    web::FieldProblem,
};
use serde_json::json;

use super::{
    TOPIC,
    error::DelegateError,
    model::{GroupRole, Participant, ParticipantId, Status},
    query, store,
};

/// The version of the notice on face data that is read before consenting.
pub const NOTICE: &str = "1";

/// Puts somebody into a group, as a member; who is in it already keeps their role.
///
/// # Errors
/// [`DelegateError::NotFound`], [`DelegateError::Fields`] for a group that is not there.
pub fn put_in_group(tx: &mut WriteTx<'_>, id: ParticipantId, no: u16) -> Result<Done<bool>, DelegateError> {
    let one = store::participant(tx, id)?;
    if query::group(tx, no)?.is_none() {
        return Err(DelegateError::Fields(vec![FieldProblem::new("group_no", key("delegates-error-group"))]));
    }
    if one.profile.group_no == Some(no) {
        return Ok(tx.unchanged(false)?);
    }
    seat(tx, &one, Some(no), Some(GroupRole::Member)).map(|done| done.with(true))
}

/// Writes the seat of somebody.
pub(super) fn seat(
    tx: &mut WriteTx<'_>,
    one: &Participant,
    no: Option<u16>,
    role: Option<GroupRole>,
) -> Result<Receipt, DelegateError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE participant SET group_no = $2, group_role = $3, version = version + 1, updated_at = $4,
               updated_by = $5 WHERE id = $1"
        ),
        params![one.id, no, role, now, by],
    )?;
    let mut fields = Vec::new();
    if one.profile.group_no != no {
        fields.push("group_no");
    }
    if one.profile.group_role != role {
        fields.push("group_role");
    }
    let event = store::event("delegate.changed", one.id).data(json!({ "code": one.code, "fields": fields }));
    Ok(tx.record(event))
}

/// Sets by hand how somebody stands to the summons. Who is replaced became so by a decision, and only another
/// decision ends it.
///
/// # Errors
/// As [`store::set_status`]; [`DelegateError::Fields`] for a replacement.
pub fn set_status(
    tx: &mut WriteTx<'_>,
    id: ParticipantId,
    status: Status,
    note: &str,
) -> Result<Receipt, DelegateError> {
    if status == Status::Replaced || store::participant(tx, id)?.status == Status::Replaced {
        let refused = FieldProblem::new("status", key("delegates-error-replaced"));
        return Err(DelegateError::Fields(vec![refused]));
    }
    store::set_status(tx, id, status, note)
}

/// A group as it shall be, with who holds a role in it; all others become members.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    /// The version that the office saw.
    pub version: i64,
    /// Its name, where it has one.
    pub name: String,
    /// Where it meets.
    pub room: String,
    /// Who holds which role.
    pub holders: Vec<(ParticipantId, GroupRole)>,
}

/// Changes a group and its roles.
///
/// # Errors
/// [`DelegateError::NotFound`], [`DelegateError::Conflict`], [`DelegateError::Fields`] when somebody is named twice
/// or is not in the group, or a role has more holders than it may.
pub fn set_roles(tx: &mut WriteTx<'_>, no: u16, roles: &Roles) -> Result<Receipt, DelegateError> {
    let group = store::group(tx, no)?;
    if group.version != roles.version {
        return Err(DelegateError::Conflict { version: group.version, by: group.updated_by });
    }
    let members = members(tx, no)?;
    let mut wrong = Vec::new();
    for (at, (id, role)) in roles.holders.iter().enumerate() {
        let field = role.as_str();
        if !members.iter().any(|one| one.id == *id && one.status.is_on_roll()) {
            wrong.push(FieldProblem::new(field, key("delegates-error-not-member")));
        }
        if roles.holders.iter().take(at).any(|(other, _)| other == id) {
            wrong.push(FieldProblem::new(field, key("delegates-error-twice")));
        }
        let same = roles.holders.iter().filter(|(_, other)| other == role).count();
        if role.most().is_some_and(|most| same > most) {
            wrong.push(FieldProblem::new(field, key("delegates-error-too-many")));
        }
    }
    if !wrong.is_empty() {
        return Err(DelegateError::Fields(wrong));
    }
    for one in &members {
        let role =
            roles.holders.iter().find(|(id, _)| *id == one.id).map_or(GroupRole::Member, |(_, role)| *role);
        if one.profile.group_role != Some(role) {
            let _ = seat(tx, one, Some(no), Some(role))?;
        }
    }
    store::put_group(tx, no, &roles.name, &roles.room)
}

/// Everybody of a group, by name.
///
/// # Errors
/// Any [`DbError`].
pub fn members(tx: &mut Tx<'_>, no: u16) -> Result<Vec<Participant>, DbError> {
    tx.query(sql!("SELECT * FROM participant WHERE group_no = $1 ORDER BY sort, code"), params![no])
}

/// Gives somebody a portrait, in the place of one they may have.
///
/// # Errors
/// [`DelegateError::NotFound`].
pub fn set_photo(tx: &mut WriteTx<'_>, id: ParticipantId, file: FileId) -> Result<Receipt, DelegateError> {
    photo(tx, id, Some(file), "delegate.photo_set")
}

/// Takes somebody's portrait off the roll.
///
/// # Errors
/// [`DelegateError::NotFound`].
pub fn remove_photo(tx: &mut WriteTx<'_>, id: ParticipantId) -> Result<Receipt, DelegateError> {
    photo(tx, id, None, "delegate.photo_removed")
}

fn photo(
    tx: &mut WriteTx<'_>,
    id: ParticipantId,
    file: Option<FileId>,
    act: &'static str,
) -> Result<Receipt, DelegateError> {
    let one = store::participant(tx, id)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE participant SET photo = $2, version = version + 1, updated_at = $3, updated_by = $4
             WHERE id = $1"
        ),
        params![id, file, now, by],
    )?;
    Ok(tx.record(store::event(act, id).data(json!({ "code": one.code }))))
}

row! {
    /// A line of somebody's consent to the use of face data.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Consent {
        /// 1 when given, 0 when withdrawn.
        pub given: i64,
        /// The version of the notice that was read.
        pub notice: String,
        /// When.
        pub at: Timestamp,
        /// Recorded by which office.
        pub office: String,
    }
}

/// The lines of somebody's consent, the newest first. Nobody consents who has none.
///
/// # Errors
/// Any [`DbError`].
pub fn consents(tx: &mut Tx<'_>, id: ParticipantId) -> Result<Vec<Consent>, DbError> {
    tx.query(
        sql!(
            "SELECT given, notice, at, office FROM participant_consent WHERE participant = $1 ORDER BY seq DESC"
        ),
        params![id],
    )
}

/// Whether somebody consents now.
///
/// # Errors
/// Any [`DbError`].
pub fn consents_now(tx: &mut Tx<'_>, id: ParticipantId) -> Result<bool, DbError> {
    Ok(consents(tx, id)?.first().is_some_and(|last| last.given == 1))
}

/// Records that somebody consented to the use of face data, or withdrew it; done already is done.
///
/// # Errors
/// [`DelegateError::NotFound`].
pub fn consent(tx: &mut WriteTx<'_>, id: ParticipantId, given: bool) -> Result<Done<bool>, DelegateError> {
    let one = store::participant(tx, id)?;
    let before = consents(tx, id)?;
    if before.first().is_some_and(|last| last.given == 1) == given {
        return Ok(tx.unchanged(false)?);
    }
    let seq = i64::try_from(before.len()).unwrap_or(i64::MAX).saturating_add(1);
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO participant_consent(participant, seq, given, notice, at, office)
             VALUES($1, $2, $3, $4, $5, $6)"
        ),
        params![id, seq, i64::from(given), NOTICE, now, by],
    )?;
    let act = if given { "delegate.consent_given" } else { "delegate.consent_withdrawn" };
    let event: Event = store::event(act, id).data(json!({ "code": one.code, "notice": NOTICE }));
    Ok(tx.record(event).with(true))
}

/// How many there are in each group, on the roll: number and count.
///
/// # Errors
/// Any [`DbError`].
pub fn group_sizes(tx: &mut Tx<'_>) -> Result<Vec<(u16, i64)>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT group_no, COUNT(*) AS size FROM participant WHERE group_no IS NOT NULL
               AND status IN ('trieu_tap', 'xac_nhan', 'vang_ly_do') GROUP BY group_no ORDER BY group_no"
        ),
        params![],
    )?;
    rows.iter().map(|row| Ok((row.get("group_no")?, row.get("size")?))).collect()
}

/// Topic of a person.
pub fn topic(id: ParticipantId) -> String {
    format!("{TOPIC}/{id}")
}
