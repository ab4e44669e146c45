//! The summary report of the register: everything in it is computed from one register, every total is checked
//! before an office puts its name under it, and what was signed never changes.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use platform::{
    audit::Event,
    clock,
    db::{DbError, Done, Tx, WriteTx},
    i18n::{self, IntoArg as _, Lang},
    params, row, sql,
    web::AppError,
};
use rules::{
    calendar::NonWorking,
    count::{Mismatch, Tally, reconcile},
    state::TaskState,
    timing::Timing,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

use super::sentence;
use crate::tasks::{
    error::TaskError,
    model::Task,
    reach::Audience,
    register::Register,
    schedule,
    store::{self, Who},
};

platform::id! {
    /// A signed report.
    SignedId
}

/// Counts of one stream or one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name; empty for tasks without one.
    pub name: String,
    /// For a unit, its id, to open its list.
    #[serde(default)]
    pub id: String,
    /// Its counts.
    pub tally: Tally,
}

/// One task in a list of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The code.
    pub code: String,
    /// What it is about; empty when it is not for everybody.
    pub what: String,
    /// The lead unit.
    pub unit: String,
    /// The deadline.
    pub due: Option<Date>,
    /// The timing.
    pub timing: Timing,
    /// Its distance in days.
    pub days: i32,
    /// A sentence from the last report: what is asked; for a weekend deadline, nothing.
    #[serde(default)]
    pub text: String,
}

/// What waits for a task that is overdue or came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The task.
    pub code: String,
    /// What it is about; empty when it is not for everybody.
    pub what: String,
    /// Whether its result came back rather than being overdue.
    pub returned: bool,
    /// Codes that wait for it directly.
    pub direct: Vec<String>,
    /// Codes further on.
    pub indirect: Vec<String>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The moment its figures stand for.
    pub as_of: DateTime,
    /// The congress.
    pub congress: String,
    /// All tasks, counted on their own.
    pub total: u64,
    /// Counts of all.
    pub tally: Tally,
    /// Counts per stream, in plan order.
    pub streams: Vec<Part>,
    /// Counts per lead unit, by name.
    pub units: Vec<Part>,
    /// Overdue, the longest first.
    pub red: Vec<Item>,
    /// What the last reports ask of the level above.
    pub asks: Vec<Item>,
    /// What waits for overdue and returned tasks.
    pub chains: Vec<Chain>,
    /// Open deadlines on days that are not worked.
    pub weekend: Vec<Item>,
}

/// Parts that do not sum, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{at}: {mismatch}")]
pub struct Broken {
    /// `all`, `two_by_two`, `streams`, `units`, `red`, or one part by name.
    pub at: String,
    /// Both sums.
    pub mismatch: Mismatch,
}

impl Broken {
    /// The sentence.
    pub fn message(&self, lang: Lang) -> String {
        let place = match self.at.as_str() {
            "all" | "two_by_two" | "streams" | "units" | "red" => {
                i18n::t(lang, &format!("exchange-report-sum-{}", self.at)).into_owned()
            }
            part => part.to_owned(),
        };
        let numbers = sentence(lang, "exchange-report-mismatch", &self.mismatch.args());
        i18n::tr(lang, "exchange-report-refused", &[("place", place.arg()), ("numbers", numbers.arg())])
    }
}

/// Computes the report. It is read by everybody who may read the register, so that content above the lowest
/// class stands in it by code alone.
pub fn compute(register: &Register) -> Summary {
    let item = |task: &Task, text: String| {
        let timed = register.timed(task);
        let open = Audience::OPEN.sees(task);
        Item {
            code: task.fields.code.clone(),
            what: if open { task.fields.what.clone() } else { String::new() },
            unit: task
                .fields
                .lead_unit
                .map(|unit| register.people.unit_name(unit).to_owned())
                .unwrap_or_default(),
            due: task.fields.due.map(|due| due.date),
            timing: timed.timing,
            days: timed.days,
            text: if open { text } else { String::new() },
        }
    };
    let streams = register
        .streams()
        .into_iter()
        .map(|stream| Part {
            name: stream.to_owned(),
            id: String::new(),
            tally: register.tally(register.tasks.iter().filter(|task| task.fields.stream == stream)),
        })
        .collect();
    let mut units: Vec<Part> = register
        .lead_units()
        .into_iter()
        .map(|unit| Part {
            name: register.people.unit_name(unit).to_owned(),
            id: unit.to_string(),
            tally: register.tally(register.tasks.iter().filter(|task| task.fields.lead_unit == Some(unit))),
        })
        .collect();
    let nobody = register.tally(register.tasks.iter().filter(|task| task.fields.lead_unit.is_none()));
    if nobody.total > 0 {
        units.push(Part { name: String::new(), id: String::new(), tally: nobody });
    }
    let mut red: Vec<Item> = register
        .tasks
        .iter()
        .filter(|task| register.timed(task).timing == Timing::Overdue)
        .map(|task| item(task, String::new()))
        .collect();
    red.sort_by(|a, b| (a.days, &a.code).cmp(&(b.days, &b.code)));
    let asks = register
        .tasks
        .iter()
        .filter(|task| register.asks(task))
        .map(|task| {
            item(
                task,
                register.last_reports.get(&task.id).map(|last| last.request.clone()).unwrap_or_default(),
            )
        })
        .collect();
    let code = |id| register.by_id(id).map(|task| task.fields.code.clone());
    let chains = register
        .tasks
        .iter()
        .filter_map(|task| {
            let returned = task.state == TaskState::Returned;
            if !returned && register.timed(task).timing != Timing::Overdue {
                return None;
            }
            let knock = schedule::knock_on(&register.tasks, &register.deps, task.id);
            (!knock.direct.is_empty()).then(|| Chain {
                code: task.fields.code.clone(),
                what: if Audience::OPEN.sees(task) { task.fields.what.clone() } else { String::new() },
                returned,
                direct: knock.direct.into_iter().filter_map(code).collect(),
                indirect: knock.indirect.into_iter().filter_map(code).collect(),
            })
        })
        .collect();
    let weekend = register
        .tasks
        .iter()
        .filter(|task| !task.state.is_settled())
        .filter(|task| task.fields.due.is_some_and(|due| !register.calendar.is_working(due.date)))
        .map(|task| item(task, String::new()))
        .collect();
    Summary {
        as_of: register.as_of,
        congress: register.congress.name.clone(),
        total: u64::try_from(register.tasks.len()).unwrap_or(u64::MAX),
        tally: register.tally(&register.tasks),
        streams,
        units,
        red,
        asks,
        chains,
        weekend,
    }
}

impl Summary {
    /// Checks that every total is the sum of its parts: overall, two by two, and for each timing over streams
    /// and over units.
    ///
    /// # Errors
    /// The first place where it is not.
    pub fn reconciles(&self) -> Result<(), Broken> {
        let at = |at: &str| {
            let at = at.to_owned();
            move |mismatch| Broken { at, mismatch }
        };
        reconcile(self.total, &[self.tally.total]).map_err(at("all"))?;
        self.tally.reconciles().map_err(at("all"))?;
        self.tally.two_by_two().reconciles(self.total).map_err(at("two_by_two"))?;
        for (name, parts) in [("streams", &self.streams), ("units", &self.units)] {
            for part in parts {
                part.tally.reconciles().map_err(at(if part.name.is_empty() { name } else { &part.name }))?;
            }
            let totals: Vec<u64> = parts.iter().map(|part| part.tally.total).collect();
            reconcile(self.total, &totals).map_err(at(name))?;
            for timing in Timing::ALL {
                let cells: Vec<u64> = parts.iter().map(|part| part.tally.of(timing)).collect();
                reconcile(self.tally.of(timing), &cells).map_err(at(name))?;
            }
        }
        let red = u64::try_from(self.red.len()).unwrap_or(u64::MAX);
        reconcile(self.tally.open.overdue, &[red]).map_err(at("red"))
    }

    /// Stands for the figures, whatever the moment: two reports with one mark say the same.
    pub fn mark(&self) -> String {
        let mut same = self.clone();
        same.as_of = DateTime::MIN;
        platform::hex(&Sha256::digest(serde_json::to_string(&same).unwrap_or_default()))
    }
}

/// Whether a day is a weekend day, a holiday, or worked.
pub fn day_off(register: &Register, day: Date) -> Option<NonWorking> {
    register.calendar.why_not_working(day)
}

// ---------------------------------------------------------------- signed

row! {
    /// A signed report without its content.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Signed {
        /// Its id.
        pub id: SignedId,
        /// The moment its figures stand for.
        pub as_of: Timestamp,
        /// SHA-256 of the content, hexadecimal.
        pub sha256: String,
        /// By which office.
        pub signed_by: String,
        /// When.
        pub signed_at: Timestamp,
    }
}

/// Why a report is not signed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ReportError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Tasks.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// Parts do not sum to their whole.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The figures are no longer those that were shown.
    #[error("the figures changed meanwhile")]
    Changed,
    /// The content no longer has its hash.
    #[error("the signed report was changed")]
    Tampered,
}

impl From<ReportError> for AppError {
    fn from(error: ReportError) -> Self {
        use platform::i18n::key;
        match error {
            ReportError::Db(error) => error.into(),
            ReportError::Task(error) => error.into(),
            ReportError::Broken(broken) => Self::conflict()
                .because(key("exchange-report-refused-place"))
                .with("place", broken.at.clone())
                .with("total", broken.mismatch.total)
                .with("sum", broken.mismatch.sum)
                .with("diff", broken.mismatch.diff)
                .slug("does-not-sum"),
            ReportError::Changed => {
                Self::conflict().because(key("exchange-report-changed")).slug("report-changed")
            }
            ReportError::Tampered => {
                Self::conflict().because(key("exchange-report-tampered")).slug("report-tampered")
            }
        }
    }
}

/// Signs the report of this instant, if its figures are still those that were shown (`mark`) and every total is
/// the sum of its parts.
///
/// # Errors
/// [`ReportError::Broken`] names the first sum that does not hold; [`ReportError::Changed`];
/// [`TaskError::NotPermitted`].
pub fn sign(tx: &mut WriteTx<'_>, who: &Who, mark: &str) -> Result<Done<SignedId>, ReportError> {
    if !who.decides_all() {
        return Err(TaskError::NotPermitted.into());
    }
    let summary = compute(&Register::load(tx)?);
    if summary.mark() != mark {
        return Err(ReportError::Changed);
    }
    sign_summary(tx, &summary)
}

/// Keeps a report under the author's office; the one place where a signed report comes from.
///
/// # Errors
/// [`ReportError::Broken`] names the first sum that does not hold.
pub fn sign_summary(tx: &mut WriteTx<'_>, summary: &Summary) -> Result<Done<SignedId>, ReportError> {
    summary.reconciles()?;
    let content = serde_json::to_string(summary).map_err(|error| DbError::Other(error.to_string()))?;
    let sha256 = platform::hex(&Sha256::digest(&content));
    let id = SignedId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    let as_of = clock::instant(summary.as_of);
    tx.execute(
        sql!(
            "INSERT INTO signed_report(id, as_of, content, sha256, signed_by, signed_at)
              VALUES($1, $2, $3, $4, $5, $6)"
        ),
        params![id, as_of, content, sha256, by, now],
    )?;
    let event = Event::new("report.signed", "report", id)
        .topic(store::TOPIC)
        .data(json!({"sha256": sha256, "total": summary.total}));
    Ok(tx.record(event).with(id))
}

/// Signed reports, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn signed(tx: &mut Tx<'_>) -> Result<Vec<Signed>, DbError> {
    tx.query(
        sql!("SELECT id, as_of, sha256, signed_by, signed_at FROM signed_report ORDER BY signed_at DESC, id DESC"),
        &[],
    )
}

/// One signed report with its content, its hash checked.
///
/// # Errors
/// [`TaskError::NotFound`]; [`ReportError::Tampered`].
pub fn signed_content(tx: &mut Tx<'_>, id: SignedId) -> Result<(Signed, Summary), ReportError> {
    let signed: Signed = tx
        .query_opt(
            sql!("SELECT id, as_of, sha256, signed_by, signed_at FROM signed_report WHERE id = $1"),
            params![id],
        )?
        .ok_or(TaskError::NotFound)?;
    let content: String = tx
        .scalar(sql!("SELECT content FROM signed_report WHERE id = $1"), params![id])?
        .ok_or(TaskError::NotFound)?;
    if platform::hex(&Sha256::digest(&content)) != signed.sha256 {
        return Err(ReportError::Tampered);
    }
    let summary = serde_json::from_str(&content).map_err(|_| ReportError::Tampered)?;
    Ok((signed, summary))
}
