//! What the papers of a meeting say, apart from how they say it.

use jiff::civil::{Date, DateTime};
use print::{Authority, Issuer};
use rules::{
    count::{Ratio, TwoByTwo},
    timing::Timed,
};

/// Who signs a notice, and by which authority.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signer {
    /// The authority and for whom; none where the chair signs in its own name.
    pub authority: Option<(Authority, String)>,
    /// The office that signs.
    pub office: String,
}

/// An office that is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// The office.
    pub office: String,
    /// Why.
    pub reason: String,
}

/// An item of the agenda as it was dealt with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Its title.
    pub title: String,
    /// Who presented it.
    pub presenter: String,
    /// What was said, as the secretary wrote it.
    pub notes: String,
}

/// What a conclusion leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// New tasks, by code once they exist.
    Creates(Vec<String>),
    /// A task is changed.
    Amends(String),
    /// A deadline is moved.
    Extends {
        /// The task.
        code: String,
        /// The new deadline, as people write it.
        to: String,
    },
    /// Không phát sinh nhiệm vụ.
    Nothing,
}

/// A numbered conclusion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// Its number.
    pub number: u32,
    /// Its text.
    pub text: String,
    /// The lead unit.
    pub unit: String,
    /// The units that help, each with what it contributes.
    pub supports: Vec<String>,
    /// The deadline, as people write it; empty for none.
    pub deadline: String,
    /// Steps on the way, with their days.
    pub milestones: Vec<String>,
    /// What comes out.
    pub result: String,
    /// What it leads to.
    pub outcome: Outcome,
}

/// A meeting as its papers name it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meeting {
    /// The body that issues the papers.
    pub issuer: Issuer,
    /// Its symbol.
    pub symbol: String,
    /// The name of the series: "Giao ban tuần Tiểu ban …".
    pub series: String,
    /// Its number in the series.
    pub number: u32,
    /// When it began.
    pub begins: DateTime,
    /// When it ended.
    pub ends: Option<DateTime>,
    /// Where.
    pub place: String,
    /// The office in the chair.
    pub chair: String,
    /// The office that keeps the minutes.
    pub secretary: String,
    /// Who was present.
    pub present: Vec<String>,
    /// Who was not.
    pub absent: Vec<Absent>,
    /// The moment its figures stand for.
    pub cutoff: Option<DateTime>,
    /// The hash of those figures.
    pub snapshot: String,
    /// The agenda.
    pub items: Vec<Item>,
    /// The conclusions.
    pub conclusions: Vec<Conclusion>,
}

/// Minutes, or a supplementary record to them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Minutes {
    /// The meeting.
    pub meeting: Meeting,
    /// When they were signed; none while they are a draft.
    pub signed: Option<DateTime>,
    /// The hash of what was signed.
    pub hash: String,
    /// For a supplementary record: its number and what it corrects.
    pub supplement: Option<Supplement>,
}

/// A supplementary record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Supplement {
    /// Its number among those of the meeting.
    pub number: u32,
    /// What it corrects: the number of the conclusion, or none for anything else, and the new words.
    pub corrections: Vec<(Option<u32>, String)>,
    /// Why.
    pub reason: String,
    /// The hash of the minutes it stands beside.
    pub original: String,
}

/// A notice of conclusions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notice {
    /// The meeting.
    pub meeting: Meeting,
    /// Its number; none in a draft.
    pub number: Option<u32>,
    /// The day of issue; none in a draft.
    pub issued: Option<Date>,
    /// The day whose layout rules hold: of issue, or of the draft.
    pub layout_on: Date,
    /// Who signs.
    pub signer: Signer,
    /// Who receives it besides the units that the conclusions name.
    pub recipients: Vec<String>,
    /// The hash of the signed minutes it follows from.
    pub hash: String,
}

/// One task of the annex: the six rõ as they stood at the cut-off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskRow {
    /// The stream it stands under.
    pub stream: String,
    /// Its code.
    pub code: String,
    /// Rõ việc; empty for a task whose content is not for everybody.
    pub what: String,
    /// Rõ người: the lead unit.
    pub lead: String,
    /// The units that help.
    pub helps: String,
    /// Rõ tiến độ.
    pub when: String,
    /// Rõ thẩm quyền.
    pub authority: String,
    /// Rõ trách nhiệm.
    pub accountable: String,
    /// Rõ kết quả.
    pub result: String,
    /// Its state and timing in words.
    pub state: String,
}

/// One task in a list of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its code.
    pub code: String,
    /// What it is; empty for a task whose content is not for everybody.
    pub what: String,
    /// The lead unit.
    pub unit: String,
    /// The deadline as people write it.
    pub due: String,
    /// Its timing then.
    pub timed: Timed,
    /// What its last report says: the difficulty, or what is asked.
    pub said: String,
}

/// What changed in one stream since the last cut-off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The stream.
    pub stream: String,
    /// Finished since.
    pub done: u64,
    /// Overdue since.
    pub overdue: u64,
    /// Deadline moved since.
    pub moved: u64,
}

/// The weekly report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The body that issues it.
    pub issuer: Issuer,
    /// Its symbol.
    pub symbol: String,
    /// Its number; none in a draft.
    pub number: Option<u32>,
    /// The day of issue; none in a draft.
    pub issued: Option<Date>,
    /// The day whose layout rules hold.
    pub layout_on: Date,
    /// To which meeting it goes: the name of the series and the number.
    pub series: String,
    /// The number of the meeting.
    pub meeting: u32,
    /// The moment its figures stand for.
    pub as_of: DateTime,
    /// The official table.
    pub counts: TwoByTwo,
    /// All tasks.
    pub total: u64,
    /// Shares with their denominators: done of all, in time of done, done of due.
    pub shares: [Ratio; 3],
    /// The cut-off it is compared with; none for the first.
    pub since: Option<DateTime>,
    /// What changed, per stream.
    pub changes: Vec<Change>,
    /// Overdue.
    pub overdue: Vec<Line>,
    /// Returned for more.
    pub returned: Vec<Line>,
    /// Due until the next cut-off.
    pub next: Vec<Line>,
    /// What is asked of the level above.
    pub asks: Vec<Line>,
    /// All tasks in plan order, for the annex.
    pub rows: Vec<TaskRow>,
    /// Who signs.
    pub signer: Signer,
    /// Who receives it.
    pub recipients: Vec<String>,
    /// The hash of the frozen figures.
    pub hash: String,
}
