//! What changes the roll, as functions over a transaction.

use hmac::{Hmac, Mac as _};
use platform::{
    audit::Event,
    congress,
    db::{DbError, Done, Receipt, Tx, WriteTx},
    i18n::key,
    identity::store::new_id,
    params, sql,
    web::FieldProblem,
};
use rand::RngCore as _;
use rules::{roll::sort_key, text::fold};
use serde_json::json;
use sha2::Sha256;

use super::{
    TOPIC, clean,
    error::DelegateError,
    model::{
        Category, CitizenMac, Delegation, DelegationId, Group, GroupRole, Participant, ParticipantId,
        Private, Profile, Status,
    },
    query,
};

/// Somebody to be entered.
#[derive(Debug, Clone, Default)]
pub struct NewParticipant {
    /// The code; none for the next one of the category.
    pub code: Option<String>,
    /// What the office keeps.
    pub profile: Profile,
    /// Restricted columns.
    pub private: Private,
    /// The number of the identity card as typed; kept only under the congress's key.
    pub citizen: String,
}

/// An event about somebody, with its topics.
pub fn event(act: &'static str, id: ParticipantId) -> Event {
    Event::new(act, "participant", id).topic(TOPIC).topic(format!("{TOPIC}/{id}"))
}

/// The day at which ages are judged: the last day of the congress, or today while it has none.
///
/// # Errors
/// Any [`DbError`].
pub fn congress_day(tx: &mut Tx<'_>) -> Result<jiff::civil::Date, DbError> {
    let last = congress::store::find(tx)?.map(|congress| congress.closing_on);
    Ok(last.unwrap_or_else(|| platform::clock::local(tx.now()).date()))
}

/// The key of this congress under which numbers of identity cards are compared; made when first needed.
///
/// # Errors
/// Any [`DbError`].
pub fn citizen_key(tx: &mut WriteTx<'_>) -> Result<[u8; 32], DbError> {
    if let Some(kept) = query::citizen_key(tx)? {
        return Ok(kept);
    }
    let mut fresh = [0; 32];
    rand::rng().fill_bytes(&mut fresh);
    tx.execute(sql!("INSERT INTO people_key(name, bytes) VALUES('citizen', $1)"), params![fresh])?;
    Ok(fresh)
}

/// The digits of an identity card under a key.
pub fn citizen_mac(key: &[u8; 32], digits: &str) -> CitizenMac {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(digits.as_bytes());
    mac.finalize().into_bytes().into()
}

/// What is found by a search: name, code, position; never a restricted column.
fn folded(code: &str, profile: &Profile) -> String {
    fold(&format!("{} {code} {}", profile.name, profile.position))
}

/// Enters somebody.
///
/// # Errors
/// [`DelegateError::Fields`] with everything that is wrong, [`DelegateError::CodeTaken`].
pub fn create(tx: &mut WriteTx<'_>, new: &NewParticipant) -> Result<Done<ParticipantId>, DelegateError> {
    let congress = congress_day(tx)?;
    let (profile, mut wrong) = clean::profile(&new.profile, congress);
    let (mut private, more) = clean::private(&new.private);
    wrong.extend(more);
    match clean::citizen(&new.citizen) {
        Ok(Some(digits)) => private.citizen = Some(citizen_mac(&citizen_key(tx)?, &digits)),
        Ok(None) => {}
        Err(problem) => wrong.push(problem),
    }
    wrong.extend(place(tx, None, &profile)?);
    let code = match &new.code {
        Some(code) if !code.trim().is_empty() => code_of(code, &mut wrong),
        _ => next_code(tx, profile.category.unwrap_or(Category::Guest))?,
    };
    if !wrong.is_empty() {
        return Err(DelegateError::Fields(wrong));
    }
    if let Some(other) = query::by_code_any(tx, &code)? {
        return Err(DelegateError::CodeTaken { code, name: other.profile.name });
    }
    let id = ParticipantId(new_id(tx));
    insert(tx, id, &code, &profile, &private)?;
    let event = event("delegate.entered", id).data(json!({ "code": code }));
    Ok(tx.record(event).with(id))
}

/// Enters a line that is clean, with a code that is free. The caller records it.
///
/// # Errors
/// Any [`DbError`].
pub(crate) fn insert(
    tx: &mut WriteTx<'_>,
    id: ParticipantId,
    code: &str,
    profile: &Profile,
    private: &Private,
) -> Result<(), DbError> {
    put(tx, id, code, profile)?;
    write_private(tx, id, private)
}

/// Writes a line that is clean: a new one, or over the one that stands, of which code, portrait and status stay. The
/// caller records it.
///
/// # Errors
/// Any [`DbError`].
pub(crate) fn put(
    tx: &mut WriteTx<'_>,
    id: ParticipantId,
    code: &str,
    profile: &Profile,
) -> Result<(), DbError> {
    let now = tx.now();
    let by = tx.author().office.clone();
    tx.execute(
        sql!(
            "INSERT INTO participant(id, code, category, name, folded, sort, sex, born, position, delegation, standing,
               alternate, group_no, group_role, organ, joined, official, schooling, qualification, academic_title,
               theory, occupation, party_badge, awards, diet, mobility, large_text, photo, status, status_note,
               version, created_at, created_by, updated_at, updated_by)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
               $22, $23, $24, $25, $26, $27, NULL, 'trieu_tap', '', 1, $28, $29, $28, $29)
             ON CONFLICT(id) DO UPDATE SET category = excluded.category, name = excluded.name,
               folded = excluded.folded, sort = excluded.sort, sex = excluded.sex, born = excluded.born,
               position = excluded.position, delegation = excluded.delegation, standing = excluded.standing,
               alternate = excluded.alternate, group_no = excluded.group_no, group_role = excluded.group_role,
               organ = excluded.organ, joined = excluded.joined, official = excluded.official,
               schooling = excluded.schooling, qualification = excluded.qualification,
               academic_title = excluded.academic_title, theory = excluded.theory,
               occupation = excluded.occupation, party_badge = excluded.party_badge, awards = excluded.awards,
               diet = excluded.diet, mobility = excluded.mobility, large_text = excluded.large_text,
               version = participant.version + 1, updated_at = excluded.updated_at,
               updated_by = excluded.updated_by"
        ),
        params![
            id,
            code,
            profile.category,
            profile.name,
            folded(code, profile),
            sort_key(&profile.name),
            profile.sex,
            profile.born,
            profile.position,
            profile.delegation,
            profile.standing,
            i64::from(profile.alternate),
            profile.group_no,
            profile.group_role,
            profile.organ,
            profile.joined,
            profile.official,
            profile.schooling,
            profile.qualification,
            profile.academic_title,
            profile.theory,
            profile.occupation,
            profile.party_badge,
            profile.awards,
            profile.diet,
            profile.mobility,
            i64::from(profile.large_text),
            now,
            by,
        ],
    )?;
    Ok(())
}

pub(crate) fn code_of(typed: &str, wrong: &mut Vec<FieldProblem>) -> String {
    let code = typed.trim().to_uppercase();
    let fits = (1..=24).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && code.bytes().any(|byte| byte.is_ascii_digit());
    if !fits {
        wrong.push(FieldProblem::new("code", key("delegates-error-code")));
    }
    code
}

/// The next free code of a category: four digits behind its letters.
fn next_code(tx: &mut Tx<'_>, category: Category) -> Result<String, DbError> {
    let prefix = category.prefix();
    let greatest: Option<String> = tx.scalar(
        sql!("SELECT code FROM participant WHERE code LIKE $1 ORDER BY LENGTH(code) DESC, code DESC LIMIT 1"),
        params![format!("{prefix}-%")],
    )?;
    let last: u32 =
        greatest.and_then(|code| code.strip_prefix(prefix)?.strip_prefix('-')?.parse().ok()).unwrap_or(0);
    Ok(format!("{prefix}-{:04}", last + 1))
}

/// What is wrong with the place of somebody: a group or a delegation that is not there, a role that is full.
fn place(
    tx: &mut Tx<'_>,
    own: Option<ParticipantId>,
    profile: &Profile,
) -> Result<Vec<FieldProblem>, DbError> {
    let mut wrong = Vec::new();
    if let Some(id) = profile.delegation
        && query::delegation(tx, id)?.is_none()
    {
        wrong.push(FieldProblem::new("delegation", key("delegates-error-delegation")));
    }
    if let Some(no) = profile.group_no {
        if query::group(tx, no)?.is_none() {
            wrong.push(FieldProblem::new("group_no", key("delegates-error-group")));
        }
        if let Some(role) = profile.group_role
            && let Some(most) = role.most()
        {
            let held = query::holders(tx, no, role)?;
            if held.iter().filter(|one| Some(one.id) != own).count() >= most {
                let mut problem = FieldProblem::new("group_role", role_full(role));
                problem.args = vec![("group", platform::i18n::IntoArg::arg(&i64::from(no)))];
                wrong.push(problem);
            }
        }
    }
    Ok(wrong)
}

pub(crate) fn role_full(role: GroupRole) -> &'static str {
    match role {
        GroupRole::Head => key("delegates-error-head"),
        GroupRole::Deputy => key("delegates-error-deputy"),
        GroupRole::Secretary | GroupRole::Member => key("delegates-error-secretary"),
    }
}

pub(crate) fn write_private(
    tx: &mut WriteTx<'_>,
    id: ParticipantId,
    private: &Private,
) -> Result<(), DbError> {
    tx.execute(
        sql!(
            "INSERT INTO participant_private(participant, ethnicity, religion, health, discipline, phone, email, citizen_mac)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT(participant) DO UPDATE SET ethnicity = excluded.ethnicity, religion = excluded.religion,
               health = excluded.health, discipline = excluded.discipline, phone = excluded.phone,
               email = excluded.email, citizen_mac = excluded.citizen_mac"
        ),
        params![
            id,
            private.ethnicity,
            private.religion,
            private.health,
            private.discipline,
            private.phone,
            private.email,
            private.citizen,
        ],
    )?;
    Ok(())
}

/// What a change of somebody says.
#[derive(Debug, Clone)]
pub struct Change {
    /// The version that the office saw.
    pub version: i64,
    /// The profile as it shall be.
    pub profile: Profile,
    /// Restricted columns as they shall be; `None` leaves them.
    pub private: Option<Private>,
    /// The number of the identity card as typed; `None` leaves it, empty text takes it away.
    pub citizen: Option<String>,
}

/// Changes somebody. The event names the fields that changed, never what stands in them.
///
/// # Errors
/// [`DelegateError::NotFound`], [`DelegateError::Conflict`], [`DelegateError::Fields`].
pub fn change(
    tx: &mut WriteTx<'_>,
    id: ParticipantId,
    change: &Change,
) -> Result<Done<Vec<&'static str>>, DelegateError> {
    let before = query::participant(tx, id)?.ok_or(DelegateError::NotFound)?;
    if before.version != change.version {
        return Err(DelegateError::Conflict { version: before.version, by: before.updated_by });
    }
    let congress = congress_day(tx)?;
    let (profile, mut wrong) = clean::profile(&change.profile, congress);
    let had = query::private(tx, id)?;
    let mut private = had.clone();
    if let Some(given) = &change.private {
        let (clean, more) = clean::private(given);
        wrong.extend(more);
        private = Private { citizen: had.citizen, ..clean };
    }
    match change.citizen.as_deref().map(clean::citizen) {
        Some(Ok(Some(digits))) => private.citizen = Some(citizen_mac(&citizen_key(tx)?, &digits)),
        Some(Ok(None)) => private.citizen = None,
        Some(Err(problem)) => wrong.push(problem),
        None => {}
    }
    wrong.extend(place(tx, Some(id), &profile)?);
    if !wrong.is_empty() {
        return Err(DelegateError::Fields(wrong));
    }
    let mut fields = differing(&before.profile, &profile);
    fields.extend(differing_private(&had, &private));
    if fields.is_empty() {
        return Ok(tx.unchanged(fields)?);
    }
    put(tx, id, &before.code, &profile)?;
    if private != had {
        write_private(tx, id, &private)?;
    }
    let event = event("delegate.changed", id).data(json!({ "code": before.code, "fields": fields }));
    Ok(tx.record(event).with(fields))
}

/// Sets how somebody stands to the summons.
///
/// # Errors
/// [`DelegateError::NotFound`], [`DelegateError::Fields`] when who does not come has no reason.
pub fn set_status(
    tx: &mut WriteTx<'_>,
    id: ParticipantId,
    status: Status,
    note: &str,
) -> Result<Receipt, DelegateError> {
    let before = query::participant(tx, id)?.ok_or(DelegateError::NotFound)?;
    let mut wrong = Vec::new();
    let note = clean::line("status_note", note, clean::LONGEST, &mut wrong);
    if note.is_empty() && matches!(status, Status::Declined | Status::Withdrawn) {
        wrong.push(FieldProblem::new("status_note", key("delegates-error-reason")));
    }
    if status.is_on_roll() && !before.status.is_on_roll() {
        // Who comes back may find their role in the group taken.
        let taken = place(tx, Some(id), &before.profile)?;
        wrong.extend(taken.into_iter().map(|problem| FieldProblem { name: "status".into(), ..problem }));
    }
    if !wrong.is_empty() {
        return Err(DelegateError::Fields(wrong));
    }
    write_status(tx, id, status, &note)?;
    let event = event("delegate.status", id)
        .data(json!({ "code": before.code, "from": before.status, "to": status }));
    Ok(tx.record(event))
}

/// Writes how somebody stands to the summons. The caller records it.
///
/// # Errors
/// Any [`DbError`].
pub(crate) fn write_status(
    tx: &mut WriteTx<'_>,
    id: ParticipantId,
    status: Status,
    note: &str,
) -> Result<(), DbError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE participant SET status = $2, status_note = $3, version = version + 1, updated_at = $4,
               updated_by = $5 WHERE id = $1"
        ),
        params![id, status, note, now, by],
    )?;
    Ok(())
}

/// The names of the columns in which two profiles differ.
pub fn differing(a: &Profile, b: &Profile) -> Vec<&'static str> {
    macro_rules! fields {
        ($($field:ident),*) => { [$((stringify!($field), a.$field != b.$field)),*] };
    }
    let all = fields!(
        category,
        name,
        sex,
        born,
        position,
        delegation,
        standing,
        alternate,
        group_no,
        group_role,
        organ,
        joined,
        official,
        schooling,
        qualification,
        academic_title,
        theory,
        occupation,
        party_badge,
        awards,
        diet,
        mobility,
        large_text
    );
    all.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// The names of the restricted columns in which two differ.
pub fn differing_private(a: &Private, b: &Private) -> Vec<&'static str> {
    macro_rules! fields {
        ($($field:ident),*) => { [$((stringify!($field), a.$field != b.$field)),*] };
    }
    let all = fields!(ethnicity, religion, health, discipline, phone, email, citizen);
    all.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// The delegation of this name; entered when it is new.
///
/// # Errors
/// [`DelegateError::Fields`] for a name that cannot be one.
pub fn delegation_named(tx: &mut WriteTx<'_>, name: &str) -> Result<Done<DelegationId>, DelegateError> {
    let mut wrong = Vec::new();
    let name = clean::line("delegation", name, 200, &mut wrong);
    if name.is_empty() {
        wrong.push(FieldProblem::new("delegation", key("delegates-error-delegation")));
    }
    if !wrong.is_empty() {
        return Err(DelegateError::Fields(wrong));
    }
    let folded = fold(&name);
    let kept: Option<Delegation> =
        tx.query_opt(sql!("SELECT * FROM delegation WHERE folded = $1"), params![folded])?;
    if let Some(kept) = kept {
        return Ok(tx.unchanged(kept.id)?);
    }
    let id = DelegationId(new_id(tx));
    tx.execute(
        sql!("INSERT INTO delegation(id, name, folded, quota, version) VALUES($1, $2, $3, NULL, 1)"),
        params![id, name, folded],
    )?;
    Ok(tx.record(Event::new("delegate.delegation_entered", "delegation", id).topic(TOPIC)).with(id))
}

/// Enters or changes a group.
///
/// # Errors
/// [`DelegateError::Fields`].
pub fn put_group(tx: &mut WriteTx<'_>, no: u16, name: &str, room: &str) -> Result<Receipt, DelegateError> {
    let mut wrong = Vec::new();
    let name = clean::line("name", name, 200, &mut wrong);
    let room = clean::line("room", room, 200, &mut wrong);
    if !(1..=999).contains(&no) {
        wrong.push(FieldProblem::new("no", key("delegates-error-group")));
    }
    if !wrong.is_empty() {
        return Err(DelegateError::Fields(wrong));
    }
    let by = tx.author().office.clone();
    tx.execute(
        sql!(
            "INSERT INTO delegate_group(no, name, room, version, updated_by) VALUES($1, $2, $3, 1, $4)
             ON CONFLICT(no) DO UPDATE SET name = excluded.name, room = excluded.room,
               version = delegate_group.version + 1, updated_by = excluded.updated_by"
        ),
        params![no, name, room, by],
    )?;
    let event = Event::new("delegate.group_saved", "group", no).topic(TOPIC);
    Ok(tx.record(event))
}

/// A group as it stands, for the caller that just changed it.
///
/// # Errors
/// [`DelegateError::NotFound`].
pub fn group(tx: &mut Tx<'_>, no: u16) -> Result<Group, DelegateError> {
    query::group(tx, no)?.ok_or(DelegateError::NotFound)
}

/// Somebody as they stand.
///
/// # Errors
/// [`DelegateError::NotFound`].
pub fn participant(tx: &mut Tx<'_>, id: ParticipantId) -> Result<Participant, DelegateError> {
    query::participant(tx, id)?.ok_or(DelegateError::NotFound)
}
