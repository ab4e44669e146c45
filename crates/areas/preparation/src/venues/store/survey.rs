//! Forms: who surveys what, the records that devices send, choosing between those that disagree, handing in.

use platform::{
    audit::Event,
    db::{DbError, Done, Row, Tx, WriteTx},
    identity::OfficeId,
    params, sql,
};
use rules::merge;
use serde_json::json;
use uuid::Uuid;

use super::{LONGEST, TOPIC, Who, newest_criteria, reason, round, text, venue};
use crate::venues::{error::VenueError, model::*};

/// The most records that are taken in one call.
pub const MOST_RECORDS: usize = 500;

/// The most records of one form.
const MOST_OF_FORM: u64 = 20_000;

/// Surveys, by round and venue.
///
/// # Errors
/// Any [`DbError`].
pub fn surveys(tx: &mut Tx<'_>) -> Result<Vec<Survey>, DbError> {
    tx.query(
        sql!(
            "SELECT id, round, venue, office, assigned_at, handed_in_at FROM venue_survey
              ORDER BY round DESC, assigned_at, id"
        ),
        &[],
    )
}

/// The surveys of one round.
///
/// # Errors
/// Any [`DbError`].
pub fn surveys_of(tx: &mut Tx<'_>, round: RoundId) -> Result<Vec<Survey>, DbError> {
    tx.query(
        sql!(
            "SELECT id, round, venue, office, assigned_at, handed_in_at FROM venue_survey
              WHERE round = $1 ORDER BY assigned_at, id"
        ),
        params![round],
    )
}

/// One survey.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn survey(tx: &mut Tx<'_>, id: SurveyId) -> Result<Survey, VenueError> {
    let found: Option<Survey> = tx.query_opt(
        sql!("SELECT id, round, venue, office, assigned_at, handed_in_at FROM venue_survey WHERE id = $1"),
        params![id],
    )?;
    found.ok_or(VenueError::NotFound)
}

/// Whether an office sees what was rated about a venue in a round: one that rates it itself only after handing
/// in; one that only surveys, not what it did not survey.
///
/// # Errors
/// Any [`DbError`].
pub fn sees_ratings(tx: &mut Tx<'_>, who: &Who, round: RoundId, venue: VenueId) -> Result<bool, DbError> {
    let rows: Vec<Survey> = tx.query(
        sql!(
            "SELECT id, round, venue, office, assigned_at, handed_in_at FROM venue_survey
              WHERE round = $1 AND venue = $2"
        ),
        params![round, venue],
    )?;
    let own = rows.iter().find(|survey| Some(survey.office) == who.office);
    Ok(match own {
        Some(own) => own.handed_in_at.is_some(),
        None => who.manages || who.decides || !who.surveys,
    })
}

/// Asks an office to survey a venue in a round.
///
/// # Errors
/// [`VenueError::RoundClosed`], [`VenueError::AssignedAlready`], [`VenueError::NotOpen`].
pub fn assign(
    tx: &mut WriteTx<'_>,
    who: &Who,
    in_round: RoundId,
    of: VenueId,
    office: OfficeId,
) -> Result<Done<SurveyId>, VenueError> {
    who.must_manage()?;
    if round(tx, in_round)?.closed_at.is_some() {
        return Err(VenueError::RoundClosed);
    }
    super::open(tx, of)?;
    let known: Option<i64> = tx.scalar(sql!("SELECT COUNT(*) FROM office WHERE id = $1"), params![office])?;
    if known.unwrap_or(0) == 0 {
        return Err(VenueError::NotFound);
    }
    let others = surveys_of(tx, in_round)?.iter().filter(|survey| survey.venue == of).count();
    if others >= rules::scoring::MOST_ASSESSORS {
        return Err(VenueError::Range { field: "office" });
    }
    let id = SurveyId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO venue_survey(id, round, venue, office, assigned_at, assigned_by)
              VALUES($1, $2, $3, $4, $5, $6)"
        ),
        params![id, in_round, of, office, now, by],
    )
    .map_err(|error| match error {
        DbError::Unique { .. } => VenueError::AssignedAlready,
        other => other.into(),
    })?;
    let event = Event::new("venue.survey_assigned", "survey", id)
        .topic(TOPIC)
        .topic(format!("{TOPIC}/{of}"))
        .data(json!({"venue": of.to_string(), "office": office.to_string()}));
    Ok(tx.record(event).with(id))
}

// ---------------------------------------------------------------- records

fn record_from(row: &Row) -> Result<Record, DbError> {
    let content: serde_json::Value = row.get("content")?;
    Ok(Record {
        place: row.get("place")?,
        device: row.get("device")?,
        sequence: row.get("sequence")?,
        seen: row.get("seen")?,
        subject: row.get("subject")?,
        content: serde_json::from_value(content)
            .map_err(|error| DbError::Value { column: "content".to_owned(), reason: error.to_string() })?,
        reason: row.get("reason")?,
        person: row.get("person")?,
        office: row.get("office")?,
        written_at: row.get("written_at")?,
        received_at: row.get("received_at")?,
    })
}

/// Everything on a form, put together.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn form(tx: &mut Tx<'_>, id: SurveyId) -> Result<Form, VenueError> {
    let survey = survey(tx, id)?;
    let rows: Vec<Row> =
        tx.query(sql!("SELECT * FROM venue_record WHERE survey = $1 ORDER BY place"), params![id])?;
    let records: Vec<Record> = rows.iter().map(record_from).collect::<Result<_, _>>()?;
    Ok(put_together(survey, records))
}

fn put_together(survey: Survey, records: Vec<Record>) -> Form {
    let merged = merge::merge(&records.iter().map(as_merged).collect::<Vec<_>>());
    Form {
        survey,
        standing: merged.standing.values().map(|(place, _)| *place).collect(),
        cases: merged.cases,
        seen: records.last().map_or(0, |record| record.place),
        records,
    }
}

fn as_merged(record: &Record) -> merge::Record<Content> {
    merge::Record {
        place: record.place,
        subject: record.subject.clone(),
        device: record.device.clone(),
        seen: record.seen,
        value: record.content.clone(),
    }
}

/// The form as this office may see it: its own, or, for who keeps the venues, one that was handed in or has
/// records to choose between. All other forms answer as if they were not there.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn form_for(tx: &mut Tx<'_>, who: &Who, id: SurveyId) -> Result<Form, VenueError> {
    let form = form(tx, id)?;
    let own = who.office.is_some() && who.office == Some(form.survey.office);
    let desk = (who.manages || who.decides)
        && (form.survey.handed_in_at.is_some() || !form.cases.is_empty())
        && sees_ratings(tx, who, form.survey.round, form.survey.venue)?;
    if own || desk || *who == Who::PROGRAM { Ok(form) } else { Err(VenueError::NotFound) }
}

fn must_write(tx: &mut Tx<'_>, who: &Who, survey: &Survey) -> Result<(), VenueError> {
    if who.office != Some(survey.office) {
        return Err(VenueError::NotFound);
    }
    if !who.surveys {
        return Err(VenueError::NotPermitted);
    }
    if round(tx, survey.round)?.closed_at.is_some() {
        return Err(VenueError::RoundClosed);
    }
    Ok(())
}

/// A record in its one normal form, or why it is refused.
fn checked(
    content: &Content,
    criteria: &Criteria,
    spaces: &[Space],
) -> Result<Content, (&'static str, &'static str)> {
    use platform::i18n::key;
    let too_long = |_: VenueError| ("too-long", key("venue-refused-too-long"));
    let unknown = ("unknown-criterion", key("venue-refused-criterion"));
    Ok(match content {
        Content::Rating { code, value, note } => {
            let known = criteria.get(code).is_some_and(|criterion| criterion.kind == CriterionKind::Score);
            if !known {
                return Err(unknown);
            }
            if *value > rules::scoring::HIGHEST {
                return Err(("rating", key("venue-refused-rating")));
            }
            let note = text("note", note, LONGEST).map_err(too_long)?;
            Content::Rating { code: code.clone(), value: *value, note }
        }
        Content::Gate { code, result, condition, note } => {
            let known = criteria.get(code).is_some_and(|criterion| criterion.kind == CriterionKind::Gate);
            if !known {
                return Err(unknown);
            }
            Content::Gate {
                code: code.clone(),
                result: *result,
                condition: text("condition", condition, LONGEST).map_err(too_long)?,
                note: text("note", note, LONGEST).map_err(too_long)?,
            }
        }
        Content::Exit { id, space, exit, removed } => {
            if id.is_empty() || id.len() > 64 || id.contains('/') {
                return Err(("exit", key("venue-refused-exit")));
            }
            if space.is_some_and(|id| !spaces.iter().any(|space| space.id == id)) {
                return Err(("space", key("venue-refused-space")));
            }
            let exit = super::checked_exit(exit).map_err(|_| ("exit", key("venue-refused-exit")))?;
            Content::Exit { id: id.clone(), space: *space, exit, removed: *removed }
        }
        Content::Note { text: note } => {
            Content::Note { text: text("note", note, LONGEST).map_err(too_long)? }
        }
    })
}

/// Takes in what a device wrote, in its order, with a verdict for each record. A record that came before is a
/// duplicate; one that contradicts another device's is kept beside it for a person to choose. After the form was
/// handed in, what another device brings late is still kept, and stands beside what was handed in.
///
/// # Errors
/// [`VenueError::NotFound`] for a form of another office, [`VenueError::RoundClosed`],
/// [`VenueError::BatchTooLarge`]. What is wrong with one record refuses that record only.
pub fn take_in(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: SurveyId,
    device: &str,
    new: &[NewRecord],
) -> Result<Done<Vec<Verdict>>, VenueError> {
    let before = form(tx, id)?;
    let survey = before.survey.clone();
    must_write(tx, who, &survey)?;
    // The desk's own choices stand under a name with a colon.
    if device.is_empty() || device.len() > 64 || device.contains(':') {
        return Err(VenueError::Code { code: device.chars().take(64).collect() });
    }
    if new.len() > MOST_RECORDS {
        return Err(VenueError::BatchTooLarge);
    }
    let criteria = newest_criteria(tx)?.ok_or(VenueError::NoCriteria)?;
    let spaces = super::spaces(tx, survey.venue)?;
    let title: Option<String> =
        tx.scalar(sql!("SELECT title FROM office WHERE id = $1"), params![survey.office])?;
    let title = title.unwrap_or_default();
    let mut records = before.records;
    let mut verdicts = Vec::with_capacity(new.len());
    let mut places = Vec::new();
    for one in new {
        let refused = |(slug, key)| Verdict::Refused { slug, key };
        let content = match checked(&one.content, &criteria, &spaces) {
            Ok(content) => content,
            Err(why) => {
                verdicts.push(refused(why));
                continue;
            }
        };
        let known = records.iter().find(|record| record.device == device && record.sequence == one.sequence);
        if let Some(known) = known {
            verdicts.push(if known.content == content {
                Verdict::Duplicate { place: known.place }
            } else {
                refused(("sequence-reused", platform::i18n::key("venue-refused-sequence")))
            });
            continue;
        }
        let last = records.last().map_or(0, |record| record.place);
        let handed_in = survey.handed_in_at.is_some();
        // What was handed in stays; a criterion that came with a later version may still be rated.
        let said = |record: &Record| record.device == device && record.subject == content.subject();
        if last >= MOST_OF_FORM || handed_in && records.iter().any(said) {
            verdicts.push(refused(("handed-in", platform::i18n::key("venue-error-handed-in"))));
            continue;
        }
        let record = Record {
            place: last + 1,
            device: device.to_owned(),
            sequence: one.sequence,
            // What was handed in is not replaced by what comes late, whatever the device believes to have seen.
            seen: if handed_in { 0 } else { one.seen.min(last) },
            subject: content.subject(),
            content,
            reason: String::new(),
            person: who.person,
            office: title.clone(),
            written_at: one.written_at,
            received_at: tx.now(),
        };
        insert(tx, id, &record)?;
        places.push(record.place);
        verdicts.push(Verdict::Accepted { place: record.place });
        records.push(record);
    }
    if places.is_empty() {
        return Ok(tx.unchanged(verdicts)?);
    }
    let after = put_together(survey.clone(), records);
    for verdict in &mut verdicts {
        if let Verdict::Accepted { place } = *verdict
            && after.cases.iter().any(|case| case.places.contains(&place))
        {
            *verdict = Verdict::Conflict { place };
        }
    }
    // The log says how much came and how much disagrees, never what was rated.
    let event = Event::new("venue.survey_written", "survey", id)
        .topic(TOPIC)
        .topic(format!("{TOPIC}/{}", survey.venue))
        .data(json!({"records": places.len(), "last": places.last(), "cases": after.cases.len()}));
    Ok(tx.record(event).with(verdicts))
}

fn insert(tx: &mut WriteTx<'_>, survey: SurveyId, record: &Record) -> Result<(), VenueError> {
    let content = serde_json::to_value(&record.content)
        .map_err(|error| DbError::Value { column: "content".to_owned(), reason: error.to_string() })?;
    tx.execute(
        sql!(
            "INSERT INTO venue_record(survey, place, device, sequence, seen, subject, content, reason, person,
                office, written_at, received_at)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        params![
            survey,
            record.place,
            record.device,
            record.sequence,
            record.seen,
            record.subject,
            content,
            record.reason,
            record.person,
            record.office,
            record.written_at,
            record.received_at
        ],
    )?;
    Ok(())
}

/// Chooses one of the records that disagree about a subject, with a reason. `seen` is the highest place that was
/// shown: when another record of that subject came since, the choice is asked again. The office of the form
/// chooses until it hands in; who keeps the venues may choose at any time.
///
/// # Errors
/// [`VenueError::NoCase`], [`VenueError::CaseChanged`], [`VenueError::ReasonNeeded`].
pub fn settle(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: SurveyId,
    subject: &str,
    chosen: u64,
    seen: u64,
    why: &str,
) -> Result<Done<u64>, VenueError> {
    let form = form_for(tx, who, id)?;
    let own = who.office == Some(form.survey.office) && form.survey.handed_in_at.is_none();
    if !(own && who.surveys || who.manages) {
        return Err(VenueError::NotPermitted);
    }
    if round(tx, form.survey.round)?.closed_at.is_some() {
        return Err(VenueError::RoundClosed);
    }
    let why = reason(why)?;
    let case = form.cases.iter().find(|case| case.subject == subject).ok_or(VenueError::NoCase)?;
    if case.places.iter().any(|place| *place > seen) {
        return Err(VenueError::CaseChanged);
    }
    let record =
        form.record(chosen).filter(|record| case.places.contains(&record.place)).ok_or(VenueError::NoCase)?;
    let place = form.seen + 1;
    let (now, by) = (tx.now(), tx.author().office.clone());
    let choice = Record {
        place,
        device: format!("desk:{}", who.office.map(|office| office.to_string()).unwrap_or_default()),
        sequence: place,
        seen: form.seen,
        subject: subject.to_owned(),
        content: record.content.clone(),
        reason: why.clone(),
        person: who.person,
        office: by,
        written_at: now,
        received_at: now,
    };
    insert(tx, id, &choice)?;
    let event = Event::new("venue.case_settled", "survey", id)
        .topic(TOPIC)
        .topic(format!("{TOPIC}/{}", form.survey.venue))
        .data(json!({"subject": subject, "chosen": chosen, "of": case.places}))
        .why(why);
    Ok(tx.record(event).with(place))
}

/// Hands a form in: every criterion is rated and nothing disagrees. From then on it counts, and its office sees
/// what others rated.
///
/// # Errors
/// [`VenueError::Unfinished`], [`VenueError::OpenCases`], [`VenueError::HandedIn`].
pub fn hand_in(tx: &mut WriteTx<'_>, who: &Who, id: SurveyId) -> Result<Done<()>, VenueError> {
    let form = form(tx, id)?;
    must_write(tx, who, &form.survey)?;
    if form.survey.handed_in_at.is_some() {
        return Err(VenueError::HandedIn);
    }
    super::open(tx, form.survey.venue)?;
    let criteria = newest_criteria(tx)?.ok_or(VenueError::NoCriteria)?;
    let missing: Vec<String> = criteria
        .scored()
        .filter(|criterion| form.rating(&criterion.code).is_none())
        .map(|criterion| criterion.code.clone())
        .collect();
    let need = criteria.scored().count();
    if !missing.is_empty() {
        return Err(VenueError::Unfinished { have: need - missing.len(), need, missing });
    }
    if !form.cases.is_empty() {
        return Err(VenueError::OpenCases { count: form.cases.len() });
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE venue_survey SET handed_in_at = $2, handed_in_by = $3 WHERE id = $1"),
        params![id, now, by],
    )?;
    let code = venue(tx, form.survey.venue)?.code;
    let event = Event::new("venue.survey_handed_in", "survey", id)
        .topic(TOPIC)
        .topic(format!("{TOPIC}/{}", form.survey.venue))
        .data(json!({"venue": code, "criteria": criteria.no}));
    Ok(tx.record(event).with(()))
}
