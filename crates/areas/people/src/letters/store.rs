//! What changes templates and codes, as functions over a transaction.

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, ToSpan as _, civil::Date};
use platform::{
    audit::Event,
    clock, congress,
    db::{DbError, Done, Receipt, Row, Tx, WriteTx},
    i18n::key,
    identity::secret,
    papers::{self, Reference},
    params, sql,
    web::FieldProblem,
};
use serde_json::json;

use super::{LetterError, TOPIC, model::Template, paper::abbr, usual};
use crate::delegates::{
    TOPIC as ROLL,
    answers::{self, NewAnswer, Way},
    clean,
    model::{Category, Participant, ParticipantId, Status},
    query,
};

/// Longest paragraph of a letter, in characters.
const LONGEST: usize = 2000;
/// Days for which an answer is taken while there is no congress to count from.
const DAYS: i64 = 30;

/// The template of a category: what the office wrote, or the usual words.
///
/// # Errors
/// Any [`DbError`].
pub fn template(tx: &mut Tx<'_>, category: Category) -> Result<Template, DbError> {
    let kept: Option<Template> =
        tx.query_opt(sql!("SELECT * FROM letter_template WHERE category = $1"), params![category])?;
    if let Some(kept) = kept {
        return Ok(kept);
    }
    Ok(usual::template(category, congress::store::find(tx)?.as_ref()))
}

/// A text of several lines in its stored form.
fn lines(field: &'static str, typed: &str, wrong: &mut Vec<FieldProblem>) -> String {
    let text: Vec<String> = typed
        .lines()
        .map(|line| clean::line(field, line, LONGEST, wrong))
        .filter(|line| !line.is_empty())
        .collect();
    let text = text.join("\n");
    if text.chars().count() > LONGEST {
        wrong.push(FieldProblem::new(field, key("delegates-error-long")));
    }
    text
}

/// Writes the template of a category.
///
/// # Errors
/// [`LetterError::Conflict`], [`LetterError::Fields`].
pub fn save(tx: &mut WriteTx<'_>, new: &Template) -> Result<Receipt, LetterError> {
    let before = template(tx, new.category)?;
    if before.version != new.version {
        return Err(LetterError::Conflict { version: before.version, by: before.updated_by });
    }
    let mut wrong = Vec::new();
    let line =
        |field: &'static str, text: &str, wrong: &mut Vec<FieldProblem>| clean::line(field, text, 200, wrong);
    let title = line("title", &new.title, &mut wrong);
    let opening = lines("opening", &new.opening, &mut wrong);
    for (field, text) in [("title", &title), ("opening", &opening)] {
        if text.is_empty() {
            wrong.push(FieldProblem::new(field, key("letters-error-empty")));
        }
    }
    if let Some(body) = new.body
        && papers::store::body(tx, body).is_err()
    {
        wrong.push(FieldProblem::new("body", key("letters-error-body")));
    }
    let authority_for = line("authority_for", &new.authority_for, &mut wrong);
    if new.authority.is_some() && authority_for.is_empty() {
        wrong.push(FieldProblem::new("authority_for", key("letters-error-authority")));
    }
    let salutation = line("salutation", &new.salutation, &mut wrong);
    let (points, closing) =
        (lines("points", &new.points, &mut wrong), lines("closing", &new.closing, &mut wrong));
    let dress = line("dress", &new.dress, &mut wrong);
    let bring = clean::line("bring", &new.bring, clean::LONGEST, &mut wrong);
    let contact = line("contact", &new.contact, &mut wrong);
    let recipients = lines("recipients", &new.recipients, &mut wrong);
    let office = line("office", &new.office, &mut wrong);
    let signer = line("signer", &new.signer, &mut wrong);
    if !wrong.is_empty() {
        return Err(LetterError::Fields(wrong));
    }
    // A number belongs to the body in whose register it stands.
    let number = before.number.filter(|_| before.body == new.body);
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO letter_template(category, title, salutation, opening, points, dress, bring, contact, closing,
               recipients, sheet, body, number, issued_on, authority, authority_for, office, signer, link,
               answer_until, version, updated_at, updated_by)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
               $22, $23)
             ON CONFLICT(category) DO UPDATE SET title = excluded.title, salutation = excluded.salutation,
               opening = excluded.opening, points = excluded.points, dress = excluded.dress,
               bring = excluded.bring, contact = excluded.contact, closing = excluded.closing,
               recipients = excluded.recipients, sheet = excluded.sheet, body = excluded.body,
               number = excluded.number, issued_on = excluded.issued_on, authority = excluded.authority,
               authority_for = excluded.authority_for, office = excluded.office, signer = excluded.signer,
               link = excluded.link, answer_until = excluded.answer_until, version = excluded.version,
               updated_at = excluded.updated_at, updated_by = excluded.updated_by"
        ),
        params![
            new.category,
            title,
            salutation,
            opening,
            points,
            dress,
            bring,
            contact,
            closing,
            recipients,
            new.sheet,
            new.body,
            number,
            new.issued_on,
            new.authority.map(|by| by.as_str()).unwrap_or_default(),
            authority_for,
            office,
            signer,
            i64::from(new.link),
            new.answer_until,
            before.version + 1,
            now,
            by,
        ],
    )?;
    let event = Event::new("letter.template_saved", "letter_template", new.category).topic(TOPIC);
    Ok(tx.record(event))
}

/// Takes the next number of the issuing body for a category's letters.
///
/// # Errors
/// [`LetterError::Number`] without an issuing body or a day of issue, or when there is a number already.
pub fn take_number(tx: &mut WriteTx<'_>, category: Category) -> Result<Done<u32>, LetterError> {
    let template = template(tx, category)?;
    let (Some(body), Some(on), None) = (template.body, template.issued_on, template.number) else {
        return Err(LetterError::Number);
    };
    let of = Reference::hand().at(format!("/thu-moi/{category}"));
    let number = *papers::store::take_number(tx, body, abbr(category), on, &template.title, &of)?.value();
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE letter_template SET number = $2, version = version + 1, updated_at = $3, updated_by = $4
             WHERE category = $1"
        ),
        params![category, number, now, by],
    )?;
    let event = Event::new("letter.numbered", "letter_template", category).topic(TOPIC);
    Ok(tx.record(event).with(number))
}

/// The last day on which an answer is taken: as the template says, or the day before the congress.
///
/// # Errors
/// Any [`DbError`].
pub fn until(tx: &mut Tx<'_>, template: &Template) -> Result<Date, DbError> {
    if let Some(day) = template.answer_until {
        return Ok(day);
    }
    let today = clock::local(tx.now()).date();
    let before = congress::store::find(tx)?.and_then(|it| it.preparatory_on.yesterday().ok());
    Ok(before.filter(|day| *day >= today).unwrap_or_else(|| today.saturating_add(DAYS.days())))
}

/// The end of a day here.
fn end_of(day: Date) -> Timestamp {
    clock::instant(day.tomorrow().unwrap_or(day).at(0, 0, 0, 0))
}

/// Makes a code for each of these people, in the order given; codes they had open nothing any more.
///
/// # Errors
/// Any [`DbError`].
pub fn issue(
    tx: &mut WriteTx<'_>,
    people: &[(ParticipantId, Date)],
) -> Result<Done<Vec<String>>, LetterError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    let mut out = Vec::with_capacity(people.len());
    for (id, until) in people {
        let code = secret::code();
        tx.execute(
            sql!("UPDATE letter_code SET revoked_at = $2 WHERE participant = $1 AND revoked_at IS NULL"),
            params![id, now],
        )?;
        tx.execute(
            sql!(
                "INSERT INTO letter_code(hash, participant, made_at, made_by, expires_at, revoked_at)
                 VALUES($1, $2, $3, $4, $5, NULL)"
            ),
            params![code.hash, id, now, by, end_of(*until)],
        )?;
        out.push(code.text);
    }
    if out.is_empty() {
        return Ok(tx.unchanged(out)?);
    }
    let event =
        Event::new("letter.issued", "letter", "many").topic(TOPIC).data(json!({ "count": out.len() }));
    Ok(tx.record(event).with(out))
}

/// Makes the codes of somebody worthless.
///
/// # Errors
/// Any [`DbError`].
pub fn revoke(tx: &mut WriteTx<'_>, one: &Participant) -> Result<Done<bool>, LetterError> {
    let now = tx.now();
    let changed = tx.execute(
        sql!("UPDATE letter_code SET revoked_at = $2 WHERE participant = $1 AND revoked_at IS NULL"),
        params![one.id, now],
    )?;
    if changed == 0 {
        return Ok(tx.unchanged(false)?);
    }
    let event = Event::new("letter.revoked", "letter", one.id).topic(TOPIC).data(json!({ "code": one.code }));
    Ok(tx.record(event).with(true))
}

/// Who may answer with a typed code, and until when.
///
/// # Errors
/// [`LetterError::Code`] for one that opens nothing.
pub fn holder(tx: &mut Tx<'_>, typed: &str) -> Result<(Participant, Timestamp), LetterError> {
    let hash = secret::typed_code(typed);
    let kept: Option<Row> = tx.query_opt(
        sql!("SELECT participant, expires_at FROM letter_code WHERE hash = $1 AND revoked_at IS NULL"),
        params![hash],
    )?;
    let kept = kept.ok_or(LetterError::Code)?;
    let expires: Timestamp = kept.get("expires_at")?;
    let one = query::participant(tx, kept.get("participant")?)?.ok_or(LetterError::Code)?;
    if expires <= tx.now() || !one.status.is_on_roll() {
        return Err(LetterError::Code);
    }
    Ok((one, expires))
}

/// Takes the answer of whoever has the code. It can be changed as long as the code holds.
///
/// # Errors
/// [`LetterError::Code`]; those of [`answers::answer`].
pub fn answer(tx: &mut WriteTx<'_>, typed: &str, new: &NewAnswer) -> Result<Done<Status>, LetterError> {
    let (one, _) = holder(tx, typed)?;
    Ok(answers::answer(tx, one.id, Way::Link, new)?)
}

/// Who has a code that still opens the page.
///
/// # Errors
/// Any [`DbError`].
pub fn with_code(tx: &mut Tx<'_>) -> Result<HashSet<ParticipantId>, DbError> {
    let now = tx.now();
    let rows: Vec<Row> = tx.query(
        sql!("SELECT DISTINCT participant FROM letter_code WHERE revoked_at IS NULL AND expires_at > $1"),
        params![now],
    )?;
    rows.iter().map(|row| row.get("participant")).collect()
}

/// How far the answers of some people are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// On the roll.
    pub all: usize,
    /// With a letter whose code still holds.
    pub letters: usize,
    /// Come.
    pub come: usize,
    /// Do not come.
    pub away: usize,
    /// Come and need something.
    pub needs: usize,
}

impl Tally {
    /// Who said nothing yet.
    pub const fn silent(&self) -> usize {
        self.all.saturating_sub(self.come + self.away)
    }
}

/// The people who get letters: on the roll, and no alternates, who are summoned only in somebody's place.
pub fn gets_letter(one: &Participant) -> bool {
    one.status.is_on_roll() && !one.profile.alternate
}

/// How far the answers are, over all and by category and by group of delegates.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// By category, those that have people.
    pub categories: Vec<(Category, Tally)>,
    /// By group; none for those without.
    pub groups: Vec<(Option<u16>, Tally)>,
}

/// Counts the answers.
///
/// # Errors
/// Any [`DbError`].
pub fn figures(tx: &mut Tx<'_>) -> Result<Figures, DbError> {
    let answers: HashMap<_, _> = answers::all(tx)?;
    let letters = with_code(tx)?;
    let mut out = Figures::default();
    for one in query::everybody(tx)?.iter().filter(|one| gets_letter(one)) {
        let needs = answers.get(&one.id).is_some_and(answers::Answer::has_needs);
        let add = |tally: &mut Tally| {
            tally.all += 1;
            tally.letters += usize::from(letters.contains(&one.id));
            tally.come += usize::from(one.status == Status::Confirmed);
            tally.away += usize::from(one.status == Status::Declined);
            tally.needs += usize::from(one.status == Status::Confirmed && needs);
        };
        let category = one.category();
        match out.categories.iter_mut().find(|(of, _)| *of == category) {
            Some((_, tally)) => add(tally),
            None => {
                let mut tally = Tally::default();
                add(&mut tally);
                out.categories.push((category, tally));
            }
        }
        if category == Category::Delegate {
            match out.groups.iter_mut().find(|(of, _)| *of == one.profile.group_no) {
                Some((_, tally)) => add(tally),
                None => {
                    let mut tally = Tally::default();
                    add(&mut tally);
                    out.groups.push((one.profile.group_no, tally));
                }
            }
        }
    }
    out.groups.sort_by_key(|(no, _)| (no.is_none(), *no));
    Ok(out)
}

/// The topics of a screen about letters.
pub const TOPICS: [&str; 2] = [TOPIC, ROLL];
