//! What changes agencies, batches, exceptions and nominations, as functions over a transaction.

use jiff::Timestamp;
use platform::{
    audit::Event,
    db::{DbError, Done, Receipt, WriteTx},
    i18n::key,
    identity::store::new_id,
    params, sql,
    web::FieldProblem,
};
use rules::{
    accreditation::{self as rule, Act, State, after},
    roll::sort_key,
    text::fold,
};
use serde_json::json;

use super::{
    PressError, TOPIC,
    model::{Agency, AgencyId, AgencyKind, Batch, Exception, ExceptionId, Nominee, NomineeId, PressRole},
    query,
};
use crate::delegates::clean;

/// The longest name of an agency.
const LONGEST_AGENCY: usize = 200;
/// The most that may be nominated at once.
pub const MOST: usize = 200;
/// The most places of one batch.
const MOST_PLACES: u32 = 999;

/// An event about a nomination, with its topics.
pub(super) fn event(act: &'static str, no: u32) -> Event {
    Event::new(act, "press_nominee", no).topic(TOPIC).topic(format!("{TOPIC}/{no}"))
}

/// An agency to be entered, with its first batch.
#[derive(Debug, Clone)]
pub struct NewAgency {
    /// Its name.
    pub name: String,
    /// Where it is at home.
    pub kind: AgencyKind,
    /// How many it may nominate.
    pub quota: u32,
    /// Until when.
    pub deadline: Timestamp,
}

/// Enters an agency with its first batch.
///
/// # Errors
/// [`PressError::Fields`].
pub fn enter(tx: &mut WriteTx<'_>, new: &NewAgency) -> Result<Done<u32>, PressError> {
    let mut wrong = Vec::new();
    let name = clean::line("name", &new.name, LONGEST_AGENCY, &mut wrong);
    if name.is_empty() {
        wrong.push(FieldProblem::new("name", key("accreditation-error-agency")));
    }
    if new.quota > MOST_PLACES {
        wrong.push(FieldProblem::new("quota", key("accreditation-error-quota")));
    }
    let folded = fold(&name);
    let taken: Option<i64> =
        tx.scalar(sql!("SELECT no FROM press_agency WHERE folded = $1"), params![folded])?;
    if taken.is_some() {
        wrong.push(FieldProblem::new("name", key("accreditation-error-agency-taken")));
    }
    if !wrong.is_empty() {
        return Err(PressError::Fields(wrong));
    }
    let last: Option<u32> = tx.scalar(sql!("SELECT COALESCE(MAX(no), 0) FROM press_agency"), params![])?;
    let (no, id) = (last.unwrap_or(0) + 1, AgencyId(new_id(tx)));
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO press_agency(id, no, name, folded, kind, created_at, created_by)
             VALUES($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, no, name, folded, new.kind, now, by],
    )?;
    write_batch(tx, id, 1, new.quota, new.deadline)?;
    let event = Event::new("accreditation.agency_entered", "press_agency", no).topic(TOPIC);
    Ok(tx.record(event).with(no))
}

fn write_batch(
    tx: &mut WriteTx<'_>,
    agency: AgencyId,
    no: u32,
    quota: u32,
    deadline: Timestamp,
) -> Result<(), DbError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO press_batch(agency, no, quota, deadline, version, changed_at, changed_by)
             VALUES($1, $2, $3, $4, 1, $5, $6)
             ON CONFLICT(agency, no) DO UPDATE SET quota = excluded.quota, deadline = excluded.deadline,
               version = press_batch.version + 1, changed_at = excluded.changed_at,
               changed_by = excluded.changed_by"
        ),
        params![agency, no, quota, deadline, now, by],
    )?;
    Ok(())
}

/// A batch as it shall be.
#[derive(Debug, Clone, Copy)]
pub struct NewBatch {
    /// Its number and the version that the office saw; none for a new one.
    pub known: Option<(u32, i64)>,
    /// How many.
    pub quota: u32,
    /// Until when.
    pub deadline: Timestamp,
}

/// Opens a further batch, or changes one. A quota below those who stand there already stays a fact on record: it
/// shuts the batch, and nobody is thrown out by it.
///
/// # Errors
/// [`PressError::NotFound`], [`PressError::Conflict`], [`PressError::Fields`].
pub fn put_batch(tx: &mut WriteTx<'_>, agency: u32, new: NewBatch) -> Result<Done<u32>, PressError> {
    let agency = query::agency(tx, agency)?;
    if new.quota > MOST_PLACES {
        let wrong = FieldProblem::new("quota", key("accreditation-error-quota"));
        return Err(PressError::Fields(vec![wrong]));
    }
    let no = match new.known {
        Some((no, version)) => {
            if query::batch(tx, agency.id, no)?.version != version {
                return Err(PressError::Conflict);
            }
            no
        }
        None => {
            let last: Option<u32> = tx.scalar(
                sql!("SELECT COALESCE(MAX(no), 0) FROM press_batch WHERE agency = $1"),
                params![agency.id],
            )?;
            last.unwrap_or(0) + 1
        }
    };
    write_batch(tx, agency.id, no, new.quota, new.deadline)?;
    let event = Event::new("accreditation.batch_saved", "press_agency", agency.no)
        .topic(TOPIC)
        .data(json!({ "batch": no, "quota": new.quota }));
    Ok(tx.record(event).with(no))
}

/// What another office lets through.
#[derive(Debug, Clone)]
pub struct NewException {
    /// For which batch.
    pub batch: u32,
    /// Places beyond the quota.
    pub places: u32,
    /// A later deadline.
    pub until: Option<Timestamp>,
    /// The paper or order that it stands on.
    pub basis: String,
}

/// Puts on record that a batch is open beyond its quota or deadline. The office that does so cannot nominate by it.
///
/// # Errors
/// [`PressError::NotFound`], [`PressError::Fields`].
pub fn except(
    tx: &mut WriteTx<'_>,
    agency: u32,
    new: &NewException,
) -> Result<Done<ExceptionId>, PressError> {
    let agency = query::agency(tx, agency)?;
    let batch = query::batch(tx, agency.id, new.batch)?;
    let mut wrong = Vec::new();
    let basis = clean::line("basis", &new.basis, clean::LONGEST, &mut wrong);
    if basis.is_empty() {
        wrong.push(FieldProblem::new("basis", key("accreditation-error-basis")));
    }
    if new.places > MOST_PLACES {
        wrong.push(FieldProblem::new("places", key("accreditation-error-quota")));
    }
    if new.places == 0 && new.until.is_none() {
        wrong.push(FieldProblem::new("places", key("accreditation-error-exception-empty")));
    }
    if new.until.is_some_and(|until| until <= batch.deadline) {
        wrong.push(FieldProblem::new("until", key("accreditation-error-until")));
    }
    if !wrong.is_empty() {
        return Err(PressError::Fields(wrong));
    }
    let id = ExceptionId(new_id(tx));
    let (now, author) = (tx.now(), tx.author().clone());
    tx.execute(
        sql!(
            "INSERT INTO press_exception(id, agency, batch, places, until, basis, granted_at, granted_by,
               granted_subject) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![id, agency.id, batch.no, new.places, new.until, basis, now, author.office, author.subject],
    )?;
    let event = Event::new("accreditation.excepted", "press_agency", agency.no)
        .topic(TOPIC)
        .data(json!({ "batch": batch.no, "places": new.places, "until": new.until }));
    Ok(tx.record(event).with(id))
}

/// Somebody to be nominated, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewNominee {
    /// Họ và tên.
    pub name: String,
    /// What they do; none when what was typed is no role.
    pub role: Option<PressRole>,
    /// The number of the card.
    pub card: String,
    /// What they bring.
    pub equipment: String,
}

impl From<rule::Line> for NewNominee {
    fn from(line: rule::Line) -> Self {
        Self {
            name: line.name,
            role: line.role.map(PressRole::from),
            card: line.card,
            equipment: line.equipment,
        }
    }
}

/// In its stored form, with what is wrong in it.
fn cleaned(new: &NewNominee) -> (NewNominee, PressRole, Vec<FieldProblem>) {
    let mut wrong = Vec::new();
    let name = clean::line("name", &new.name, clean::LONGEST_NAME, &mut wrong);
    if name.is_empty() {
        wrong.push(FieldProblem::new("name", key("delegates-error-name")));
    } else if !name.chars().any(char::is_alphabetic) || name.chars().any(|c| c.is_ascii_digit()) {
        wrong.push(FieldProblem::new("name", key("delegates-error-name-letters")));
    }
    if new.role.is_none() {
        wrong.push(FieldProblem::new("role", key("accreditation-error-role")));
    }
    let card = clean::line("card", &new.card, 60, &mut wrong).to_uppercase();
    let equipment = clean::line("equipment", &new.equipment, clean::LONGEST, &mut wrong);
    let role = new.role.unwrap_or(PressRole::Reporter);
    (NewNominee { name, role: Some(role), card, equipment }, role, wrong)
}

/// Who stands already under the same card, or under the same name without one of the two having another card.
fn twin<'a>(known: &'a [Nominee], new: &NewNominee) -> Option<&'a Nominee> {
    let name = fold(&new.name);
    known.iter().filter(|one| one.state.takes_place()).find(|one| {
        let same_card = !new.card.is_empty() && one.card == new.card;
        let either_without = new.card.is_empty() || one.card.is_empty();
        same_card || (either_without && fold(&one.name) == name)
    })
}

/// What lets nominations of this author in: exceptions of other offices and other people.
fn foreign(tx: &mut WriteTx<'_>, agency: AgencyId, batch: u32) -> Result<(Vec<Exception>, bool), DbError> {
    let author = tx.author().clone();
    let all: Vec<Exception> =
        query::exceptions(tx)?.into_iter().filter(|one| one.agency == agency && one.batch == batch).collect();
    let total = all.len();
    let other: Vec<Exception> = all
        .into_iter()
        .filter(|one| {
            one.granted_by != author.office
                && (author.subject.is_none() || one.granted_subject != author.subject)
        })
        .collect();
    let own = other.len() < total;
    Ok((other, own))
}

/// Nominates people of an agency: all of them, or nobody. Problems of the n-th stand under `name-n` and so on.
///
/// # Errors
/// [`PressError::NotFound`], [`PressError::Fields`], [`PressError::Shut`] when quota or deadline forbid it and no
/// exception of another office lets it through, [`PressError::OwnException`] when only an exception of the same
/// office would.
pub fn nominate(
    tx: &mut WriteTx<'_>,
    agency: u32,
    batch: u32,
    people: &[NewNominee],
) -> Result<Done<Vec<u32>>, PressError> {
    let agency = query::agency(tx, agency)?;
    let batch = query::batch(tx, agency.id, batch)?;
    if people.is_empty() || people.len() > MOST {
        let wrong = FieldProblem::new("lines", key("accreditation-error-lines"));
        return Err(PressError::Fields(vec![wrong]));
    }
    let mut known = query::nominees_of(tx, agency.id)?;
    let taken = known.iter().filter(|one| one.batch == batch.no && one.state.takes_place()).count();
    let excepted = room(tx, &agency, &batch, taken, people.len())?;
    let (mut wrong, mut out) = (Vec::new(), Vec::new());
    let last: Option<u32> = tx.scalar(sql!("SELECT COALESCE(MAX(no), 0) FROM press_nominee"), params![])?;
    let mut no = last.unwrap_or(0);
    for (at, new) in people.iter().enumerate() {
        let (new, role, mut problems) = cleaned(new);
        if let Some(twin) = twin(&known, &new) {
            problems.push(
                FieldProblem::new("name", key("accreditation-error-twin")).with("name", twin.name.as_str()),
            );
        }
        if !problems.is_empty() {
            let placed =
                |one: FieldProblem| FieldProblem { name: format!("{}-{at}", one.name).into(), ..one };
            wrong.extend(problems.into_iter().map(placed));
            continue;
        }
        no += 1;
        let nominee = insert(tx, &agency, &batch, no, &new, role, excepted)?;
        known.push(nominee);
        out.push(no);
    }
    if !wrong.is_empty() {
        return Err(PressError::Fields(wrong));
    }
    let event = Event::new("accreditation.nominated", "press_agency", agency.no)
        .topic(TOPIC)
        .data(json!({ "batch": batch.no, "nominees": out, "excepted": excepted }));
    Ok(tx.record(event).with(out))
}

/// Whether so many more find room; whether only an exception gives it.
fn room(
    tx: &mut WriteTx<'_>,
    agency: &Agency,
    batch: &Batch,
    taken: usize,
    adding: usize,
) -> Result<bool, PressError> {
    let now = tx.now();
    let (exceptions, own) = foreign(tx, agency.id, batch.no)?;
    let exceptions: Vec<rule::Exception> =
        exceptions.iter().map(|one| rule::Exception { places: one.places, until: one.until }).collect();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let asked = (count(taken), count(adding));
    match rule::opening((batch.quota, batch.deadline), &exceptions, asked, now) {
        Ok(excepted) => Ok(excepted),
        Err(_) if own => Err(PressError::OwnException),
        Err(shut) => Err(PressError::Shut(shut)),
    }
}

fn insert(
    tx: &mut WriteTx<'_>,
    agency: &Agency,
    batch: &Batch,
    no: u32,
    new: &NewNominee,
    role: PressRole,
    excepted: bool,
) -> Result<Nominee, PressError> {
    let id = NomineeId(new_id(tx));
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO press_nominee(id, no, agency, batch, name, folded, sort, role, card, equipment, state,
               excepted, first_by, first_subject, participant, version, nominated_at, nominated_by, changed_at,
               changed_by)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, NULL, NULL, 1, $13, $14, $13, $14)"
        ),
        params![
            id,
            no,
            agency.id,
            batch.no,
            new.name,
            fold(&new.name),
            sort_key(&new.name),
            role,
            new.card,
            new.equipment,
            State::Nominated.as_str(),
            i64::from(excepted),
            now,
            by
        ],
    )?;
    note(tx, id, State::Nominated, "")?;
    query::nominee(tx, no)
}

/// Writes down what was done. `basis` is the paper of an override, never a reason of a vetting.
pub(super) fn note(tx: &mut WriteTx<'_>, id: NomineeId, state: State, basis: &str) -> Result<(), DbError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    let last: Option<i64> =
        tx.scalar(sql!("SELECT COALESCE(MAX(seq), 0) FROM press_event WHERE nominee = $1"), params![id])?;
    tx.execute(
        sql!(
            "INSERT INTO press_event(nominee, seq, state, basis, at, office) VALUES($1, $2, $3, $4, $5, $6)"
        ),
        params![id, last.unwrap_or(0) + 1, state.as_str(), basis, now, by],
    )?;
    Ok(())
}

/// Changes a nomination. Another name, role or card is vetted from the beginning.
///
/// # Errors
/// [`PressError::NotFound`], [`PressError::Conflict`], [`PressError::State`], [`PressError::Fields`].
pub fn change(tx: &mut WriteTx<'_>, no: u32, version: i64, new: &NewNominee) -> Result<Receipt, PressError> {
    let before = query::nominee(tx, no)?;
    if before.version != version {
        return Err(PressError::Conflict);
    }
    let next = after(before.state, Act::Change).ok_or(PressError::State)?;
    let (new, role, mut wrong) = cleaned(new);
    let others: Vec<Nominee> =
        query::nominees_of(tx, before.agency)?.into_iter().filter(|one| one.id != before.id).collect();
    if let Some(twin) = twin(&others, &new) {
        wrong.push(
            FieldProblem::new("name", key("accreditation-error-twin")).with("name", twin.name.as_str()),
        );
    }
    if !wrong.is_empty() {
        return Err(PressError::Fields(wrong));
    }
    let mut fields = Vec::new();
    for (name, differs) in [
        ("name", before.name != new.name),
        ("role", before.role != role),
        ("card", before.card != new.card),
        ("equipment", before.equipment != new.equipment),
    ] {
        if differs {
            fields.push(name);
        }
    }
    // What they bring is checked at the gate and says nothing about who they are.
    let next = if fields.iter().all(|field| *field == "equipment") { before.state } else { next };
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE press_nominee SET name = $2, folded = $3, sort = $4, role = $5, card = $6, equipment = $7,
               state = $8, version = version + 1, changed_at = $9, changed_by = $10 WHERE id = $1"
        ),
        params![
            before.id,
            new.name,
            fold(&new.name),
            sort_key(&new.name),
            role,
            new.card,
            new.equipment,
            next.as_str(),
            now,
            by
        ],
    )?;
    if next != before.state {
        note(tx, before.id, next, "")?;
    }
    Ok(tx.record(event("accreditation.changed", no).data(json!({ "fields": fields }))))
}
