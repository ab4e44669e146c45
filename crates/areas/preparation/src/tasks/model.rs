//! What a task is: the six rõ as fields, and what happens to it.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use platform::{
    files::FileId,
    id,
    identity::{Confidentiality, OfficeId, UnitId},
    row,
};
pub use rules::clarity::Dong;
use rules::{dates::Deadline, schedule::DepKind, state::TaskState, urge::Level};
use serde::{Deserialize, Serialize};

use platform::names;

id! {
    /// A plan: the annex that a body issues.
    PlanId,
    /// A task.
    TaskId,
    /// A progress report.
    ReportId,
    /// A piece of evidence.
    EvidenceId,
    /// A request to move a deadline.
    ExtensionId,
    /// An urge.
    UrgeId,
    /// A baseline.
    BaselineId,
    /// A calendar feed.
    FeedId,
    /// A saved filter.
    FilterId,
}

names! {
    /// When in the life of the congress the task belongs (preparation reference 0: trước, trong, sau).
    Phase {
        /// Before.
        Before = "truoc",
        /// During.
        During = "trong",
        /// After.
        After = "sau",
    }
}

names! {
    /// What may be handed in to show that the result exists.
    EvidenceKind {
        /// Văn bản đã ban hành.
        Document = "van_ban",
        /// Quyết định.
        Decision = "quyet_dinh",
        /// Biên bản.
        Minutes = "bien_ban",
        /// Danh sách, bảng, sổ.
        List = "danh_sach",
        /// Ảnh.
        Photo = "anh",
        /// Khác.
        Other = "khac",
    }
}

names! {
    /// Where a request to move a deadline stands.
    ExtensionState {
        /// Waits for a decision.
        Waiting = "cho",
        /// Granted: the deadline has moved.
        Granted = "dong_y",
        /// Refused.
        Refused = "khong_dong_y",
        /// Withdrawn by who asked.
        Withdrawn = "rut",
    }
}

names! {
    /// Why a result came back (Thanh Hóa rule, preparation reference (a) 11).
    ReturnReason {
        /// Thiếu so với yêu cầu.
        Incomplete = "thieu",
        /// Sai nội dung.
        Wrong = "sai",
        /// Sai thể thức.
        Format = "the_thuc",
        /// Thiếu minh chứng.
        NoEvidence = "minh_chung",
        /// Lý do khác.
        Other = "khac",
    }
}

/// A unit that helps, and with what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Support {
    /// The coordinating unit.
    #[schema(value_type = String, format = Uuid)]
    pub unit: UnitId,
    /// What it contributes.
    #[serde(default)]
    pub contribution: String,
    /// Its own deadline, where it has one.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "2025-10-05")]
    pub due: Option<Deadline>,
}

/// The document a task follows from, to the clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Number and symbol: 127-KH/TU.
    pub symbol: String,
    /// When it was issued.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// Which clause: "khoản 2 mục III".
    #[serde(default)]
    pub clause: String,
    /// What it is about.
    #[serde(default)]
    pub subject: String,
}

/// A step on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// What is reached.
    pub title: String,
    /// By when.
    #[schema(value_type = String, format = Date)]
    pub due: Date,
}

/// Everything about a task that people write down before it is assigned: the six rõ.
/// Create, edit, import, template, baseline and API all speak this one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TaskFields {
    /// Human code, unique in its plan: PV-07.
    pub code: String,
    /// The stream whose Roman heading it stands under.
    pub stream: String,
    /// Before, during or after.
    pub phase: Phase,
    /// How open it is; a secret task is a stub without content.
    #[schema(value_type = String, example = "thuong")]
    pub confidentiality: Confidentiality,
    /// Rõ việc: verb, object, scope.
    pub what: String,
    /// Further scope.
    pub scope: String,
    /// What it follows from.
    pub basis: Vec<Basis>,
    /// Rõ người: the one lead unit.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub lead_unit: Option<UnitId>,
    /// The one focal officer, by office.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub focal_office: Option<OfficeId>,
    /// Coordinating units.
    pub supports: Vec<Support>,
    /// Rõ tiến độ: the first day.
    #[schema(value_type = Option<String>, format = Date)]
    pub start: Option<Date>,
    /// The deadline, a day or an hour.
    #[schema(value_type = Option<String>, example = "2025-10-05")]
    pub due: Option<Deadline>,
    /// What was written instead of a date; kept so that nothing is lost, and refused by the lint.
    pub due_text: String,
    /// The event that needs the result.
    #[schema(value_type = Option<String>, format = Date)]
    pub event_on: Option<Date>,
    /// Steps on the way.
    pub milestones: Vec<Milestone>,
    /// Rõ thẩm quyền: who decides what.
    pub authority: String,
    /// Who approves, by office.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub approver_office: Option<OfficeId>,
    /// Where it goes when it exceeds that.
    pub escalation: String,
    /// Whether money is planned for it.
    pub has_budget: bool,
    /// Up to how much the lead may decide alone.
    #[schema(value_type = Option<u64>)]
    pub money_limit: Option<Dong>,
    /// Rõ trách nhiệm: the leader who answers for it, by office.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub accountable_office: Option<OfficeId>,
    /// Who stands in.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub deputy_office: Option<OfficeId>,
    /// Rõ kết quả: the deliverable.
    pub result: String,
    /// How many.
    pub result_quantity: String,
    /// In which form.
    pub result_form: String,
    /// When it is good enough.
    pub acceptance: String,
    /// Who accepts it, by office.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub acceptor_office: Option<OfficeId>,
    /// What must be handed in.
    pub evidence_kinds: Vec<EvidenceKind>,
}

impl Default for TaskFields {
    fn default() -> Self {
        Self {
            code: String::new(),
            stream: String::new(),
            phase: Phase::Before,
            confidentiality: Confidentiality::Normal,
            what: String::new(),
            scope: String::new(),
            basis: Vec::new(),
            lead_unit: None,
            focal_office: None,
            supports: Vec::new(),
            start: None,
            due: None,
            due_text: String::new(),
            event_on: None,
            milestones: Vec::new(),
            authority: String::new(),
            approver_office: None,
            escalation: String::new(),
            has_budget: false,
            money_limit: None,
            accountable_office: None,
            deputy_office: None,
            result: String::new(),
            result_quantity: String::new(),
            result_form: String::new(),
            acceptance: String::new(),
            acceptor_office: None,
            evidence_kinds: Vec::new(),
        }
    }
}

impl TaskFields {
    /// The same fields in their one normal form: NFC, trimmed.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        use rules::text::nfc;
        for text in [
            &mut self.code,
            &mut self.stream,
            &mut self.what,
            &mut self.scope,
            &mut self.due_text,
            &mut self.authority,
            &mut self.escalation,
            &mut self.result,
            &mut self.result_quantity,
            &mut self.result_form,
            &mut self.acceptance,
        ] {
            *text = nfc(text);
        }
        for support in &mut self.supports {
            support.contribution = nfc(&support.contribution);
        }
        for basis in &mut self.basis {
            (basis.symbol, basis.clause, basis.subject) =
                (nfc(&basis.symbol), nfc(&basis.clause), nfc(&basis.subject));
        }
        for milestone in &mut self.milestones {
            milestone.title = nfc(&milestone.title);
        }
        self
    }

    /// The fields as named texts, for comparing two versions; names are stable and are keys of words
    /// (`tasks-field-…`).
    pub fn texts(&self) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        if let Ok(serde_json::Value::Object(map)) = serde_json::to_value(self) {
            for (name, value) in map {
                let text = match value {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => text,
                    serde_json::Value::Array(items) if items.is_empty() => String::new(),
                    other => other.to_string(),
                };
                if !text.is_empty() {
                    texts.insert(name, text);
                }
            }
        }
        texts
    }
}

/// A task as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Its plan.
    pub plan: PlanId,
    /// Its place in the plan.
    pub position: i64,
    /// The six rõ. `fields.due` is the deadline in force.
    pub fields: TaskFields,
    /// The deadline it was assigned with; differs from `fields.due` after an extension.
    pub due_original: Option<Deadline>,
    /// Percent reported last.
    pub percent: u8,
    /// The stored state; timing is derived.
    pub state: TaskState,
    /// The state to which a paused task returns.
    pub state_before_pause: Option<TaskState>,
    /// When the assignment was approved.
    pub assigned_at: Option<Timestamp>,
    /// When the lead confirmed receipt.
    pub acknowledged_at: Option<Timestamp>,
    /// When the result was handed in last.
    pub submitted_at: Option<Timestamp>,
    /// When the result was accepted.
    pub accepted_at: Option<Timestamp>,
    /// Grows with each change; an edit names the version it saw.
    pub version: i64,
    /// Which coordinating units have confirmed, and when.
    pub confirmed: BTreeMap<UnitId, Timestamp>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By which office.
    pub updated_by: String,
}

row! {
    /// A plan.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Plan {
        /// Its id.
        pub id: PlanId,
        /// Its code.
        pub code: String,
        /// Its title.
        pub title: String,
        /// The body that issues it.
        pub unit: UnitId,
    }
}

row! {
    /// One task must come before another.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Dependency {
        /// The one that goes first.
        pub pred: TaskId,
        /// The one that waits.
        pub succ: TaskId,
        /// Which ends are tied.
        pub kind: DepKind,
        /// Days between.
        pub lag_days: i32,
    }
}

/// What a focal officer says in half a minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// How far, 0–100.
    pub percent: u8,
    /// What was done.
    #[serde(default)]
    pub done: String,
    /// What is difficult.
    #[serde(default)]
    pub difficulty: String,
    /// What is asked of the level above.
    #[serde(default)]
    pub request: String,
    /// What comes next.
    #[serde(default)]
    pub next: String,
}

row! {
    /// A report that was made.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Report {
        /// Its id.
        pub id: ReportId,
        /// The task.
        pub task: TaskId,
        /// When.
        pub at: Timestamp,
        /// By which office.
        pub office: String,
        /// How far.
        pub percent: u8,
        /// What was done.
        pub done: String,
        /// What is difficult.
        pub difficulty: String,
        /// What is asked.
        pub request: String,
        /// What comes next.
        pub next: String,
    }
}

/// Evidence that was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
    /// The task.
    pub task: TaskId,
    /// The file.
    pub file: FileId,
    /// The file's name as shown.
    pub name: String,
    /// The file's hash, hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is.
    pub kind: EvidenceKind,
    /// 1, 2, 3 … among those of this kind.
    pub version: i64,
    /// A remark.
    pub note: String,
    /// When.
    pub submitted_at: Timestamp,
    /// By which office.
    pub submitted_by: String,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// By which office.
    pub accepted_by: Option<String>,
}

impl platform::db::FromRow for Evidence {
    fn from_row(row: &platform::db::Row) -> Result<Self, platform::db::DbError> {
        Ok(Self {
            id: row.get("id")?,
            task: row.get("task")?,
            file: row.get("file")?,
            name: row.get("name")?,
            // The files keep the hash as bytes.
            sha256: platform::hex(&row.get::<platform::audit::Hash>("sha256")?),
            size: row.get("size")?,
            kind: row.get("kind")?,
            version: row.get("version")?,
            note: row.get("note")?,
            submitted_at: row.get("submitted_at")?,
            submitted_by: row.get("submitted_by")?,
            accepted_at: row.get("accepted_at")?,
            accepted_by: row.get("accepted_by")?,
        })
    }
}

row! {
    /// A result accepted or sent back.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Review {
        /// The task.
        pub task: TaskId,
        /// When.
        pub at: Timestamp,
        /// By which office.
        pub office: String,
        /// `accepted` or `returned`.
        pub verdict: String,
        /// Why, as a code; empty when accepted.
        pub reason_code: String,
        /// Why, in words.
        pub reason: String,
    }
}

row! {
    /// A request to move a deadline and what became of it.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Extension {
        /// Its id.
        pub id: ExtensionId,
        /// The task.
        pub task: TaskId,
        /// From when.
        pub from_due: Deadline,
        /// To when.
        pub to_due: Deadline,
        /// Why.
        pub reason: String,
        /// Codes of the tasks it would push, as they stood when it was asked, as JSON.
        pub impact: String,
        /// Where it stands.
        pub state: ExtensionState,
        /// When it was asked.
        pub requested_at: Timestamp,
        /// By which office.
        pub requested_by: String,
        /// When it was decided.
        pub decided_at: Option<Timestamp>,
        /// By which office.
        pub decided_by: Option<String>,
        /// What the decision says.
        pub decision_note: String,
    }
}

row! {
    /// An urge and its receipt.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Urge {
        /// Its id.
        pub id: UrgeId,
        /// The task.
        pub task: TaskId,
        /// How high on the ladder, 1–4.
        pub level: u8,
        /// What it says.
        pub text: String,
        /// When.
        pub sent_at: Timestamp,
        /// By which office.
        pub sent_by: String,
        /// To which office.
        pub to_office: OfficeId,
        /// When somebody in that office saw it.
        pub seen_at: Option<Timestamp>,
    }
}

impl Urge {
    /// The level as a step of the ladder.
    pub fn step(&self) -> Level {
        Level::ALL.iter().copied().find(|level| level.number() == self.level).unwrap_or(Level::Approver)
    }
}

row! {
    /// A named picture of the plan that never changes.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Baseline {
        /// Its id.
        pub id: BaselineId,
        /// The plan.
        pub plan: PlanId,
        /// Its name, unique in the plan.
        pub name: String,
        /// When it was taken.
        pub taken_at: Timestamp,
        /// By which office.
        pub taken_by: String,
        /// SHA-256 of the content, hexadecimal.
        pub sha256: String,
        /// How many tasks.
        pub tasks: u32,
        /// When it was approved.
        pub approved_at: Option<Timestamp>,
        /// By which office.
        pub approved_by: Option<String>,
        /// The number of the notice that approves it.
        pub notice: Option<String>,
    }
}

row! {
    /// A filter with a name.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct SavedFilter {
        /// Its id.
        pub id: FilterId,
        /// Its name.
        pub name: String,
        /// The query string of the list.
        pub query: String,
    }
}

row! {
    /// A calendar feed; its secret is known only to who subscribed.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Feed {
        /// Its id.
        pub id: FeedId,
        /// `unit` or `office`.
        pub kind: String,
        /// The unit's or office's id.
        pub target: String,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it was revoked.
        pub revoked_at: Option<Timestamp>,
    }
}
