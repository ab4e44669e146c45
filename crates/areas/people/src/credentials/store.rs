//! Freezes, cases, reports and votes.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use platform::{
    audit::Event,
    clock, congress,
    db::{DbError, Done, Tx, WriteTx},
    i18n::key,
    identity::{
        ApprovalId,
        approval::{self, Approval, Ask, Refusal},
    },
    papers::{self, BodyId, Reference, Use},
    params, sql,
    web::FieldProblem,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    AREA, CredentialError, TOPIC,
    figures::{self, Figures},
    frozen::{self, Line},
    model::{Case, CaseLine, Content, Freeze, Issued, Outcome, Vote},
    paper,
};
use crate::{
    attendance::query as attendance,
    delegates::{
        clean,
        model::{Category, ParticipantId},
        query as roll,
    },
};

/// The act for which a second person is asked.
pub const ACT: &str = "credentials.freeze";
/// The kind of the object of that act.
const KIND: &str = "roll_freeze";
/// How long the second person has to read what shall be frozen.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// The longest conclusion.
const LONGEST: usize = 4000;

// ---------------------------------------------------------------- freezes

/// All freezes, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn freezes(tx: &mut Tx<'_>) -> Result<Vec<Freeze>, DbError> {
    tx.query(sql!("SELECT * FROM roll_freeze ORDER BY no DESC"), params![])
}

/// One freeze.
///
/// # Errors
/// [`CredentialError::NotFound`].
pub fn freeze(tx: &mut Tx<'_>, no: u32) -> Result<Freeze, CredentialError> {
    tx.query_opt(sql!("SELECT * FROM roll_freeze WHERE no = $1"), params![no])?
        .ok_or(CredentialError::NotFound)
}

/// How many of each category, and of each type of delegates.
pub fn counts(lines: &[Line]) -> Value {
    let mut out = serde_json::Map::new();
    for category in Category::ALL {
        let count = lines.iter().filter(|line| line.category == *category).count();
        if count > 0 {
            out.insert(category.to_string(), count.into());
        }
    }
    let mut types = std::collections::BTreeMap::new();
    for facts in lines.iter().filter_map(Line::summoned) {
        let name = facts.standing.map(|standing| standing.to_string()).unwrap_or_default();
        *types.entry(name).or_insert(0_u64) += 1;
    }
    for (name, count) in types {
        out.insert(name, count.into());
    }
    let alternates = lines.iter().filter(|line| line.facts.as_ref().is_some_and(|one| one.alternate)).count();
    if alternates > 0 {
        out.insert("du_khuyet".to_owned(), alternates.into());
    }
    out.into()
}

/// What would be frozen now.
struct Roll {
    no: u32,
    lines: Vec<Line>,
    texts: Vec<String>,
    hash: String,
    last: Option<Freeze>,
}

impl Roll {
    fn load(tx: &mut Tx<'_>) -> Result<Self, CredentialError> {
        let last = freezes(tx)?.into_iter().next();
        let lines = frozen::present(tx)?;
        let texts: Vec<String> = lines.iter().map(Line::json).collect::<Result<_, _>>()?;
        let hash = frozen::hash(&texts);
        Ok(Self { no: last.as_ref().map_or(1, |last| last.no + 1), lines, texts, hash, last })
    }

    fn summoned(&self) -> usize {
        self.lines.iter().filter(|line| line.summoned().is_some()).count()
    }

    /// What the second person sees. It does not name the instant: that is when both have agreed.
    fn payload(&self, reason: &str, decision: &str) -> Value {
        json!({
            "lan": self.no,
            "so_nguoi": self.lines.len(),
            "dai_bieu_trieu_tap": self.summoned(),
            "co_cau": counts(&self.lines),
            "sha256": self.hash,
            "ly_do": reason,
            "so_quyet_dinh": decision,
        })
    }
}

/// Asks for a freeze of the roll as it stands.
///
/// # Errors
/// [`CredentialError::Nobody`], [`CredentialError::Same`], [`CredentialError::Fields`] when a supplementary freeze
/// has no reason or decision.
pub fn ask(tx: &mut WriteTx<'_>, reason: &str, decision: &str) -> Result<Done<ApprovalId>, CredentialError> {
    let roll = Roll::load(tx)?;
    if roll.summoned() == 0 {
        return Err(CredentialError::Nobody);
    }
    if roll.last.as_ref().is_some_and(|last| last.hash == roll.hash) {
        return Err(CredentialError::Same);
    }
    let mut wrong = Vec::new();
    let reason = clean::line("reason", reason, 500, &mut wrong);
    let decision = clean::line("decision", decision, 120, &mut wrong);
    if roll.no > 1 {
        for (field, text) in [("reason", &reason), ("decision", &decision)] {
            if text.is_empty() {
                wrong.push(FieldProblem::new(field, key("credentials-error-supplement")));
            }
        }
    }
    if !wrong.is_empty() {
        return Err(CredentialError::Fields(wrong));
    }
    let payload = roll.payload(&reason, &decision);
    let asked = Ask {
        act: ACT,
        area: AREA,
        kind: KIND,
        object: &roll.no.to_string(),
        payload: &payload,
        lifetime: LIFETIME,
    };
    let done = approval::request(tx, &asked)?;
    let event = Event::new("credentials.asked", KIND, roll.no)
        .topic(TOPIC)
        .data(json!({ "hash": roll.hash, "people": roll.lines.len() }));
    let _ = tx.record(event);
    Ok(done)
}

/// What was asked and is neither used nor over, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn asked(tx: &mut Tx<'_>) -> Result<Vec<Approval>, DbError> {
    let now = tx.now();
    let rows: Vec<platform::db::Row> = tx.query(
        sql!(
            "SELECT id FROM approval WHERE act = 'credentials.freeze' AND used_at IS NULL AND expires > $1
             ORDER BY requested_at DESC, id DESC"
        ),
        params![now],
    )?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.extend(approval::find(tx, row.get("id")?)?);
    }
    Ok(out)
}

/// Freezes what the second person approved. The roll must still be what was shown.
///
/// # Errors
/// [`CredentialError::Overtaken`] when another freeze came first; the [`Refusal`]s of an approval, of them
/// [`Refusal::Changed`] when the roll changed meanwhile.
pub fn complete(tx: &mut WriteTx<'_>, id: ApprovalId) -> Result<Done<u32>, CredentialError> {
    let approval = approval::find(tx, id)?.filter(|one| one.act == ACT).ok_or(Refusal::Missing)?;
    let roll = Roll::load(tx)?;
    let no = roll.no.to_string();
    if approval.used_at.is_some() {
        return Err(Refusal::Used.into());
    }
    if approval.object_id != no {
        return Err(CredentialError::Overtaken);
    }
    let said = |name: &str| approval.payload.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (reason, decision) = (said("ly_do"), said("so_quyet_dinh"));
    let shown = approval::payload_hash(&roll.payload(&reason, &decision));
    let by = approval::consume(tx, id, ACT, (KIND, &no), &shown)?;
    let now = tx.now();
    tx.execute(
        sql!(
            "INSERT INTO roll_freeze(no, frozen_at, hash, people, delegates, reason, decision, asked_by, approved_by,
               approved_at)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            roll.no,
            now,
            roll.hash,
            u64::try_from(roll.lines.len()).unwrap_or(u64::MAX),
            u64::try_from(roll.summoned()).unwrap_or(u64::MAX),
            reason,
            decision,
            approval.requested_office,
            by.office,
            by.at,
        ],
    )?;
    for (line, text) in roll.lines.iter().zip(&roll.texts) {
        tx.execute(
            sql!("INSERT INTO roll_freeze_row(freeze_no, participant, line) VALUES($1, $2, $3)"),
            params![roll.no, line.participant, text],
        )?;
    }
    let event = Event::new("credentials.frozen", KIND, roll.no)
        .topic(TOPIC)
        .data(json!({ "hash": roll.hash, "people": roll.lines.len(), "delegates": roll.summoned() }));
    Ok(tx.record(event).with(roll.no))
}

// ---------------------------------------------------------------- cases

/// All cases by number.
///
/// # Errors
/// Any [`DbError`].
pub fn cases(tx: &mut Tx<'_>) -> Result<Vec<Case>, DbError> {
    tx.query(
        sql!(
            "SELECT no, participant, subject, conclusion, outcome, version FROM credential_case ORDER BY no"
        ),
        params![],
    )
}

/// A case as typed.
#[derive(Debug, Clone, Default)]
pub struct NewCase {
    /// Its number; none for a new one.
    pub no: Option<u32>,
    /// The version that was seen.
    pub version: i64,
    /// The code of the delegate it is about; may be empty.
    pub code: String,
    /// What it is about.
    pub subject: String,
    /// What was concluded.
    pub conclusion: String,
    /// The outcome.
    pub outcome: Option<Outcome>,
}

/// Enters a case, or changes one.
///
/// # Errors
/// [`CredentialError::Fields`], [`CredentialError::Conflict`], [`CredentialError::NotFound`].
pub fn put_case(tx: &mut WriteTx<'_>, new: &NewCase) -> Result<Done<u32>, CredentialError> {
    let mut wrong = Vec::new();
    let subject = clean::line("subject", &new.subject, 500, &mut wrong);
    let conclusion = clean::line("conclusion", &new.conclusion, 1000, &mut wrong);
    let outcome = new.outcome.unwrap_or(Outcome::Open);
    if subject.is_empty() {
        wrong.push(FieldProblem::new("subject", key("credentials-error-subject")));
    }
    if conclusion.is_empty() && outcome != Outcome::Open {
        wrong.push(FieldProblem::new("conclusion", key("credentials-error-conclusion")));
    }
    let who: Option<ParticipantId> = match new.code.trim() {
        "" => None,
        code => {
            let found = roll::by_code_any(tx, code)?.map(|one| one.id);
            if found.is_none() {
                wrong.push(FieldProblem::new("code", key("credentials-error-code")));
            }
            found
        }
    };
    if who.is_none() && outcome == Outcome::NotQualified && wrong.is_empty() {
        wrong.push(FieldProblem::new("code", key("credentials-error-who")));
    }
    if !wrong.is_empty() {
        return Err(CredentialError::Fields(wrong));
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    let no = match new.no {
        None => {
            let last: Option<Option<u32>> =
                tx.scalar(sql!("SELECT MAX(no) FROM credential_case"), params![])?;
            let no = last.flatten().unwrap_or(0) + 1;
            tx.execute(
                sql!(
                    "INSERT INTO credential_case(no, participant, subject, conclusion, outcome, version, updated_at,
                       updated_by) VALUES($1, $2, $3, $4, $5, 1, $6, $7)"
                ),
                params![no, who, subject, conclusion, outcome, now, by],
            )?;
            no
        }
        Some(no) => {
            let changed = tx.execute(
                sql!(
                    "UPDATE credential_case SET participant = $2, subject = $3, conclusion = $4, outcome = $5,
                       version = version + 1, updated_at = $6, updated_by = $7 WHERE no = $1 AND version = $8"
                ),
                params![no, who, subject, conclusion, outcome, now, by, new.version],
            )?;
            if changed == 0 {
                let there = cases(tx)?.iter().any(|case| case.no == no);
                return Err(if there { CredentialError::Conflict } else { CredentialError::NotFound });
            }
            no
        }
    };
    let event = Event::new("credentials.case_saved", "credential_case", no)
        .topic(TOPIC)
        .data(json!({ "outcome": outcome }));
    Ok(tx.record(event).with(no))
}

// ---------------------------------------------------------------- reports

/// What a report is asked about.
#[derive(Debug, Clone)]
pub struct Question {
    /// The freeze.
    pub freeze: u32,
    /// The session.
    pub session: String,
    /// The instant.
    pub as_of: Timestamp,
}

/// What a report would say.
pub struct Counted {
    /// What it says.
    pub content: Content,
    /// Whether anybody of the freeze was marked in the session up to the instant.
    pub attended: bool,
}

/// Counts. The conclusion is the committee's words, or the usual ones.
///
/// # Errors
/// [`CredentialError`].
pub fn counted(tx: &mut Tx<'_>, asked: &Question, conclusion: &str) -> Result<Counted, CredentialError> {
    let freeze = freeze(tx, asked.freeze)?;
    let session = attendance::session(tx, &asked.session)?;
    let lines = frozen::lines(tx, freeze.no, &freeze.hash)?;
    let events = attendance::events(tx, &session.slug)?;
    let people = figures::people(&lines, &session, &events, asked.as_of);
    let figures = figures::count(&people, figures::day(asked.as_of))?;
    let attended = people.iter().any(|one| {
        events.get(&one.line.participant).is_some_and(|own| own.iter().any(|event| event.at <= asked.as_of))
    });
    let cases = cases(tx)?;
    let rejected: BTreeSet<ParticipantId> = cases
        .iter()
        .filter(|case| case.outcome == Outcome::NotQualified)
        .filter_map(|case| case.participant)
        .filter(|id| people.iter().any(|one| one.line.participant == *id))
        .collect();
    let not_qualified = u64::try_from(rejected.len()).unwrap_or(u64::MAX);
    let conclusion = match conclusion.trim() {
        "" => paper::usual_conclusion(figures.summoned, not_qualified),
        typed => typed.to_owned(),
    };
    let content = Content {
        congress: congress::store::find(tx)?.map(|congress| congress.name).unwrap_or_default(),
        freeze: freeze.no,
        frozen_at: freeze.frozen_at,
        freeze_hash: freeze.hash,
        session_title: session.title.clone(),
        session: session.slug,
        as_of: asked.as_of,
        figures,
        cases: cases
            .into_iter()
            .map(|case| CaseLine {
                no: case.no,
                subject: case.subject,
                conclusion: case.conclusion,
                outcome: case.outcome,
            })
            .collect(),
        not_qualified,
        conclusion,
    };
    Ok(Counted { content, attended })
}

/// How a report is issued.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// What it is about.
    pub asked: Question,
    /// The committee's words.
    pub conclusion: String,
    /// The registered body that issues it; the committee itself when none.
    pub body: Option<BodyId>,
    /// Whether it takes a number of that body.
    pub numbered: bool,
}

fn json_of(value: &impl serde::Serialize) -> Result<(String, String), DbError> {
    let text = serde_json::to_string(value).map_err(|error| DbError::Other(error.to_string()))?;
    let hash = platform::hex(&Sha256::digest(&text));
    Ok((text, hash))
}

/// Issues a report: it is kept as it was counted and as it was set, with both hashes.
///
/// # Errors
/// [`CredentialError::NoAttendance`], [`CredentialError::Mismatch`], [`CredentialError::Broken`],
/// [`CredentialError::Fields`].
pub fn issue(tx: &mut WriteTx<'_>, new: &NewReport) -> Result<Done<u32>, CredentialError> {
    let mut wrong = Vec::new();
    let now = tx.now();
    if new.asked.as_of > now {
        wrong.push(FieldProblem::new("luc", key("credentials-error-future")));
    }
    let conclusion = rules::text::nfc(&new.conclusion);
    if conclusion.chars().count() > LONGEST {
        wrong.push(FieldProblem::new("conclusion", key("delegates-error-long")));
    }
    if !wrong.is_empty() {
        return Err(CredentialError::Fields(wrong));
    }
    let counted = counted(tx, &new.asked, &conclusion)?;
    if !counted.attended {
        return Err(CredentialError::NoAttendance);
    }
    let content = counted.content;
    content.figures.reconciles()?;
    let last: Option<Option<u32>> = tx.scalar(sql!("SELECT MAX(no) FROM credential_report"), params![])?;
    let no = last.flatten().unwrap_or(0) + 1;
    let on = clock::local(now).date();
    let body = match new.body {
        Some(id) => Some(papers::store::body(tx, id)?),
        None => None,
    };
    let mut number = None;
    let mut written = String::new();
    if let Some(body) = body.as_ref().filter(|_| new.numbered) {
        let of = Reference::new(Use::Report, no).at(format!("/tham-tra/bao-cao/{no}"));
        let taken = *papers::store::take_number(tx, body.id, "BC", on, paper::SUBJECT, &of)?.value();
        written = body.written(taken, "BC");
        number = Some(taken);
    }
    let (text, hash) = json_of(&content)?;
    let set = paper::report(&content, &paper::Head { body: body.as_ref(), number, on, hash: &hash });
    let (paper, paper_hash) = json_of(&set)?;
    let by = tx.author().office.clone();
    let Figures { summoned, tally, .. } = &content.figures;
    tx.execute(
        sql!(
            "INSERT INTO credential_report(no, freeze_no, session, as_of, summoned, present, content, hash, paper,
               paper_hash, written, issued_at, issued_by)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        params![
            no,
            content.freeze,
            content.session,
            content.as_of,
            *summoned,
            tally.present,
            text,
            hash,
            paper,
            paper_hash,
            written,
            now,
            by,
        ],
    )?;
    let event = Event::new("credentials.issued", "credential_report", no)
        .topic(TOPIC)
        .data(json!({ "hash": hash, "freeze": content.freeze, "number": written }));
    Ok(tx.record(event).with(no))
}

/// Reports, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn reports(tx: &mut Tx<'_>) -> Result<Vec<Issued>, DbError> {
    tx.query(sql!("SELECT * FROM credential_report ORDER BY no DESC"), params![])
}

/// A report as it was issued: its bytes still have their hashes.
///
/// # Errors
/// [`CredentialError::NotFound`], [`CredentialError::Broken`].
pub fn report(tx: &mut Tx<'_>, no: u32) -> Result<(Issued, Content, print::Paper), CredentialError> {
    let issued: Issued = tx
        .query_opt(sql!("SELECT * FROM credential_report WHERE no = $1"), params![no])?
        .ok_or(CredentialError::NotFound)?;
    let same = |text: &str, hash: &str| platform::hex(&Sha256::digest(text)) == hash;
    if !same(&issued.content, &issued.hash) || !same(&issued.paper, &issued.paper_hash) {
        return Err(CredentialError::Broken);
    }
    let content = serde_json::from_str(&issued.content).map_err(|_| CredentialError::Broken)?;
    let paper = serde_json::from_str(&issued.paper).map_err(|_| CredentialError::Broken)?;
    Ok((issued, content, paper))
}

/// What the congress decided about a report.
///
/// # Errors
/// Any [`DbError`].
pub fn vote_of(tx: &mut Tx<'_>, no: u32) -> Result<Option<Vote>, DbError> {
    tx.query_opt(
        sql!("SELECT base, agree, disagree, other FROM credential_vote WHERE report = $1"),
        params![no],
    )
}

/// Records what the congress decided about a report, once.
///
/// # Errors
/// [`CredentialError::Fields`] when the votes do not make up their base, [`CredentialError::Decided`].
pub fn vote(tx: &mut WriteTx<'_>, no: u32, votes: Vote) -> Result<Done<()>, CredentialError> {
    let (issued, _, _) = report(tx, no)?;
    if vote_of(tx, no)?.is_some() {
        return Err(CredentialError::Decided);
    }
    let parts = [votes.agree, votes.disagree, votes.other];
    if votes.base == 0 || votes.base > issued.summoned {
        return Err(CredentialError::Fields(vec![FieldProblem::new("base", key("credentials-error-base"))]));
    }
    if let Err(mismatch) = rules::count::reconcile(votes.base, &parts) {
        let problem = FieldProblem::new("agree", key("credentials-error-votes"))
            .with("base", i64::try_from(mismatch.total).unwrap_or(i64::MAX))
            .with("sum", i64::try_from(mismatch.sum).unwrap_or(i64::MAX));
        return Err(CredentialError::Fields(vec![problem]));
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO credential_vote(report, base, agree, disagree, other, at, by_office)
             VALUES($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![no, votes.base, votes.agree, votes.disagree, votes.other, now, by],
    )?;
    let event = Event::new("credentials.decided", "credential_report", no).topic(TOPIC).data(json!({
        "base": votes.base, "agree": votes.agree, "disagree": votes.disagree, "other": votes.other,
    }));
    Ok(tx.record(event).with(()))
}
