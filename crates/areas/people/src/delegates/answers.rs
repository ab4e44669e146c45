//! What people answered to their letter: whether they come, and what they need. Each answer is a line; the last one
//! counts and says how they stand to the summons.

use std::collections::HashMap;

use jiff::Timestamp;
use platform::{
    db::{DbError, Done, Tx, WriteTx},
    i18n::key,
    names, params, row, sql,
    web::FieldProblem,
};
use serde_json::json;

use super::{
    DelegateError, clean,
    model::{ParticipantId, Status},
    store,
};

names! {
    /// How an answer came.
    Way {
        /// By the link of the letter.
        Link = "duong_dan",
        /// By telephone or on paper, written down by an office.
        Phone = "dien_thoai",
    }
}

row! {
    /// An answer.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Answer {
        /// Whose.
        pub participant: ParticipantId,
        /// The how-manieth of theirs, from 1.
        pub seq: i64,
        /// 1 when they come.
        pub comes: i64,
        /// Why not.
        pub reason: String,
        /// 1 when they need a way for a wheelchair.
        pub wheelchair: i64,
        /// What they cannot eat.
        pub diet: String,
        /// When and how they arrive.
        pub arrival: String,
        /// How the answer came.
        pub way: Way,
        /// When.
        pub at: Timestamp,
        /// Taken down by which office; of an answer by link, the name of that way in.
        pub office: String,
    }
}

impl Answer {
    /// Whether something has to be prepared for them.
    pub fn has_needs(&self) -> bool {
        self.comes == 1 && (self.wheelchair == 1 || !self.diet.is_empty() || !self.arrival.is_empty())
    }
}

/// An answer as it is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewAnswer {
    /// Whether they come.
    pub comes: bool,
    /// Why not.
    pub reason: String,
    /// A way for a wheelchair.
    pub wheelchair: bool,
    /// What they cannot eat.
    pub diet: String,
    /// When and how they arrive.
    pub arrival: String,
}

/// Takes an answer down. The same answer again changes nothing.
///
/// # Errors
/// [`DelegateError::NotFound`] also of those who left the roll; [`DelegateError::Fields`] when who does not come
/// says no reason.
pub fn answer(
    tx: &mut WriteTx<'_>,
    id: ParticipantId,
    way: Way,
    new: &NewAnswer,
) -> Result<Done<Status>, DelegateError> {
    let one = store::participant(tx, id)?;
    if !one.status.is_on_roll() {
        return Err(DelegateError::NotFound);
    }
    let mut wrong = Vec::new();
    let mut line = |field: &'static str, text: &str, used: bool| {
        if used { clean::line(field, text, clean::LONGEST, &mut wrong) } else { String::new() }
    };
    let reason = line("reason", &new.reason, !new.comes);
    let diet = line("diet", &new.diet, new.comes);
    let arrival = line("arrival", &new.arrival, new.comes);
    let wheelchair = new.comes && new.wheelchair;
    if !new.comes && reason.is_empty() {
        wrong.push(FieldProblem::new("reason", key("delegates-error-reason")));
    }
    if !wrong.is_empty() {
        return Err(DelegateError::Fields(wrong));
    }
    let status = if new.comes { Status::Confirmed } else { Status::Declined };
    let before = last(tx, id)?;
    let same = before.as_ref().is_some_and(|before| {
        (before.comes == 1) == new.comes
            && before.reason == reason
            && (before.wheelchair == 1) == wheelchair
            && before.diet == diet
            && before.arrival == arrival
            && before.way == way
    });
    if same && one.status == status {
        return Ok(tx.unchanged(status)?);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO participant_answer(participant, seq, comes, reason, wheelchair, diet, arrival, way, at, office)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            id,
            before.map_or(1, |before| before.seq + 1),
            i64::from(new.comes),
            reason,
            i64::from(wheelchair),
            diet,
            arrival,
            way,
            now,
            by,
        ],
    )?;
    store::write_status(tx, id, status, &reason)?;
    let event = store::event("delegate.answered", id)
        .data(json!({ "code": one.code, "from": one.status, "to": status, "way": way }));
    Ok(tx.record(event).with(status))
}

/// The answer of somebody that counts.
///
/// # Errors
/// Any [`DbError`].
pub fn last(tx: &mut Tx<'_>, id: ParticipantId) -> Result<Option<Answer>, DbError> {
    tx.query_opt(
        sql!("SELECT * FROM participant_answer WHERE participant = $1 ORDER BY seq DESC LIMIT 1"),
        params![id],
    )
}

/// All answers of somebody, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn of(tx: &mut Tx<'_>, id: ParticipantId) -> Result<Vec<Answer>, DbError> {
    tx.query(sql!("SELECT * FROM participant_answer WHERE participant = $1 ORDER BY seq DESC"), params![id])
}

/// The answers that count, by person.
///
/// # Errors
/// Any [`DbError`].
pub fn all(tx: &mut Tx<'_>) -> Result<HashMap<ParticipantId, Answer>, DbError> {
    let all: Vec<Answer> =
        tx.query(sql!("SELECT * FROM participant_answer ORDER BY participant, seq"), params![])?;
    // The last line of a person is written over those before.
    Ok(all.into_iter().map(|answer| (answer.participant, answer)).collect())
}
