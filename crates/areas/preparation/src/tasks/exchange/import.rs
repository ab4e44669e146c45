//! What an annex would change, shown before anything is written; the upload that waits; and the yes that
//! applies exactly what was shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{Timestamp, ToSpan};
use platform::{
    audit::Event,
    db::{DbError, Done, Tx, WriteTx},
    i18n::{self, IntoArg as _, Lang},
    identity::{self, OfficeId, UnitId, store as people_store},
    params, row, sql,
    web::AppError,
};
use rules::{dates::Deadline, diff::Change, state::TaskState, text::fold};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

use super::{
    annex::{self, Names, Resolved, WRITABLE},
    sentence,
};
use crate::tasks::{
    clarity,
    error::TaskError,
    model::{PlanId, Task, TaskFields, TaskId},
    reach::Audience,
    register::Register,
    sheets::{self, AnnexError, AnnexReading, AnnexRow, Caps, CellErrorKind, Field, ReadOptions, RowChange},
    store::{self, LONGEST, Who},
};

platform::id! {
    /// An upload that waits for a yes.
    DraftId
}

/// The most bytes an annex may have: 10 MB.
pub const MOST_BYTES: usize = 10 << 20;

/// Rows from which applying is a job with progress.
pub const LONG: usize = 500;

/// Uploads an office may leave waiting.
const KEPT: usize = 5;

/// What the person has chosen about the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Choices {
    /// The plan the file belongs to; without one the plan of the file's own tasks, or the only plan.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub plan: Option<PlanId>,
    /// A plan to be made, where there is none yet.
    pub new_plan: Option<NewPlan>,
    /// For each name that nobody carries, by its `key`: the id of whom it means, `new`, or `none` to leave it out.
    pub names: BTreeMap<String, String>,
}

/// A plan to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
}

/// Something wrong at one place of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Place {
    /// The sheet.
    pub sheet: String,
    /// The row, counted from 1; 0 when the whole file is meant.
    pub row: u32,
    /// The column's letters.
    pub column: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Whether a name stands for a unit or for an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A unit.
    Unit,
    /// An office.
    Office,
}

impl NameKind {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Office => "office",
        }
    }
}

/// A name in the file that no unit or office carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnknownName {
    /// How it is named in [`Choices::names`].
    pub key: String,
    /// What it stands for.
    pub kind: NameKind,
    /// As the file writes it.
    pub name: String,
    /// Rows that use it.
    pub rows: Vec<u32>,
    /// The unit a new office would belong to, as the file names it; empty for units.
    pub unit: String,
    /// Who could be meant: id and name, the nearest first.
    pub suggestions: Vec<Suggestion>,
    /// What was chosen; empty when nothing yet.
    pub chosen: String,
}

/// Who could be meant by a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Suggestion {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// One field before and after, as the table shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldShown {
    /// The stable name of the field.
    pub field: String,
    /// The field's caption.
    pub label: String,
    /// Before; empty for a new task.
    pub before: String,
    /// After.
    pub after: String,
}

/// A row that adds or changes a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RowShown {
    /// The row in the file.
    pub row: u32,
    /// The code.
    pub code: String,
    /// What it is about.
    pub what: String,
    /// The fields.
    pub fields: Vec<FieldShown>,
}

/// Part of a row that is not applied, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Held {
    /// The row in the file.
    pub row: u32,
    /// The code.
    pub code: String,
    /// `deadline` (ask for an extension), `settled`, `unclear`.
    pub kind: String,
    /// Why and what to do.
    pub message: String,
    /// The deadline the file wants, where it is one, to ask for it in one tap.
    #[schema(value_type = Option<String>)]
    pub due: Option<Deadline>,
}

/// A task by code and text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Brief {
    /// The code.
    pub code: String,
    /// What it is about.
    pub what: String,
}

/// What is done at the yes.
#[derive(Debug, Clone, Serialize)]
enum Action {
    Create { fields: Box<TaskFields> },
    Edit { id: TaskId, version: i64, fields: Box<TaskFields> },
}

/// What a file would do; nothing is written until somebody says yes to its `hash`.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Preview {
    /// The code of the plan, empty while none is chosen.
    pub plan: String,
    /// Rows with tasks in the file.
    pub rows: usize,
    /// Everything that stands in the way, all at once.
    pub errors: Vec<Place>,
    /// What the reader decided and a person should know.
    pub warnings: Vec<String>,
    /// Names to choose.
    pub unknown: Vec<UnknownName>,
    /// New tasks.
    pub added: Vec<RowShown>,
    /// Changed tasks.
    pub changed: Vec<RowShown>,
    /// What will not be applied.
    pub held: Vec<Held>,
    /// Tasks that the file leaves as they are.
    pub unchanged: usize,
    /// Tasks of the plan that are not in the file; an import never deletes them.
    pub missing: Vec<Brief>,
    /// Stands for everything above and for the versions of the tasks concerned; the yes names it.
    pub hash: String,
    #[serde(skip)]
    actions: Vec<Action>,
}

impl Preview {
    /// Whether a yes can be given.
    pub fn ready(&self) -> bool {
        self.errors.is_empty()
            && self.unknown.iter().all(|name| !name.chosen.is_empty())
            && !self.actions.is_empty()
    }

    /// Whether the file changes nothing at all.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty() && self.held.is_empty() && self.errors.is_empty() && self.unknown.is_empty()
    }
}

/// Reads an annex within the limits of an upload.
///
/// # Errors
/// [`AnnexError`].
pub fn read(bytes: &[u8], year: i16) -> Result<AnnexReading, AnnexError> {
    let caps = Caps { bytes: MOST_BYTES, ..Caps::default() };
    sheets::read_annex(bytes, &ReadOptions { default_year: Some(year), caps })
}

/// Which of the tasks of a plan a name in the file means.
enum Ref<K> {
    Known(K),
    New,
    LeftOut,
    Open,
}

struct Reader<'a> {
    register: &'a Register,
    audience: Audience,
    lang: Lang,
    choices: &'a Choices,
    names: Names,
    sheet: String,
    columns: HashMap<Field, String>,
    unknown: BTreeMap<String, UnknownName>,
    errors: Vec<Place>,
}

impl Reader<'_> {
    fn place(&self, row: u32, field: Field, message: String) -> Place {
        let fallback = match field {
            Field::Lead | Field::Supports => Field::Who,
            Field::Start | Field::Due => Field::When,
            other => other,
        };
        let column =
            self.columns.get(&field).or_else(|| self.columns.get(&fallback)).cloned().unwrap_or_default();
        Place { sheet: self.sheet.clone(), row, column, message }
    }

    fn wrong(&mut self, row: u32, field: Field, key: &str, args: &[(&str, i18n::Arg)]) {
        let place = self.place(row, field, i18n::tr(self.lang, key, args));
        self.errors.push(place);
    }

    fn note(
        &mut self,
        kind: NameKind,
        text: &str,
        line: u32,
        unit: &str,
        suggestions: Vec<Suggestion>,
    ) -> String {
        let name = format!("{}:{}", kind.as_str(), annex::key(text));
        let chosen = self.choices.names.get(&name).cloned().unwrap_or_default();
        let entry = self.unknown.entry(name.clone()).or_insert_with(|| UnknownName {
            key: name.clone(),
            kind,
            name: text.to_owned(),
            rows: Vec::new(),
            unit: unit.to_owned(),
            suggestions,
            chosen: chosen.clone(),
        });
        if entry.rows.last() != Some(&line) {
            entry.rows.push(line);
        }
        if entry.unit.is_empty() {
            unit.clone_into(&mut entry.unit);
        }
        chosen
    }

    fn unit(&mut self, text: &str, line: u32) -> Ref<UnitId> {
        if let Some(id) = self.names.find_unit(text) {
            return Ref::Known(id);
        }
        let people = &self.register.people;
        let suggestions = self
            .names
            .units_like(text)
            .into_iter()
            .map(|id| Suggestion { id: id.to_string(), name: people.unit_name(id).to_owned() })
            .collect();
        match self.note(NameKind::Unit, text, line, "", suggestions).as_str() {
            "new" => Ref::New,
            "none" => Ref::LeftOut,
            chosen => match chosen.parse().ok().filter(|id| self.register.people.units.contains_key(id)) {
                Some(id) => Ref::Known(id),
                None => Ref::Open,
            },
        }
    }

    fn office(&mut self, text: &str, lead: Option<UnitId>, lead_text: &str, line: u32) -> Ref<OfficeId> {
        if let Some(id) = self.names.find_office(text, lead) {
            return Ref::Known(id);
        }
        let suggestions = self
            .names
            .offices_like(text)
            .into_iter()
            .map(|id| Suggestion { id: id.to_string(), name: self.names.office(id) })
            .collect();
        match self.note(NameKind::Office, text, line, lead_text, suggestions).as_str() {
            "new" => Ref::New,
            "none" => Ref::LeftOut,
            chosen => match chosen.parse().ok().filter(|id| self.register.people.offices.contains_key(id)) {
                Some(id) => Ref::Known(id),
                None => Ref::Open,
            },
        }
    }

    /// Puts the register's own names into a row, so that only differences of meaning are differences.
    fn canonical(&mut self, row: &mut AnnexRow) -> (Resolved, bool) {
        let line = row.line;
        let mut ids = Resolved::default();
        let mut whole = true;
        let lead_text = row.lead.clone().unwrap_or_default();
        if let Some(text) = row.lead.take() {
            match self.unit(&text, line) {
                Ref::Known(id) => {
                    ids.lead = Some(id);
                    row.lead = Some(self.names.unit(id));
                }
                Ref::LeftOut => {}
                Ref::New | Ref::Open => {
                    whole = false;
                    row.lead = Some(text);
                }
            }
        }
        let mut supports = Vec::new();
        let mut seen = BTreeSet::new();
        for mut support in std::mem::take(&mut row.supports) {
            match self.unit(&support.unit, line) {
                Ref::Known(id) => {
                    if !seen.insert(id) {
                        self.wrong(
                            line,
                            Field::Supports,
                            "exchange-error-unit-twice",
                            &[("unit", support.unit.arg())],
                        );
                    }
                    ids.supports.push(Some(id));
                    support.unit = self.names.unit(id);
                    supports.push(support);
                }
                Ref::LeftOut => {}
                Ref::New | Ref::Open => {
                    whole = false;
                    ids.supports.push(None);
                    supports.push(support);
                }
            }
        }
        row.supports = supports;
        let lead = ids.lead;
        for field in [Field::Focal, Field::Accountable, Field::Approver, Field::Acceptor] {
            let slot = match field {
                Field::Focal => &mut row.focal,
                Field::Accountable => &mut row.accountable,
                Field::Approver => &mut row.approver,
                _ => &mut row.acceptor,
            };
            let Some(text) = slot.take() else { continue };
            let (id, shown) = match self.office(&text, lead, &lead_text, line) {
                Ref::Known(id) => (Some(id), Some(self.names.office(id))),
                Ref::LeftOut => (None, None),
                Ref::New | Ref::Open => {
                    whole = false;
                    (None, Some(text))
                }
            };
            *slot = shown;
            match field {
                Field::Focal => ids.focal = id,
                Field::Accountable => ids.accountable = id,
                Field::Approver => ids.approver = id,
                _ => ids.acceptor = id,
            }
        }
        if let Some(text) = row.phase.take() {
            match annex::phase_of(&text) {
                Some(phase) => row.phase = Some(annex::phase_words(self.lang, phase)),
                None => self.wrong(line, Field::Phase, "exchange-error-phase", &[("text", text.arg())]),
            }
        }
        for text in &mut row.evidence {
            *text = annex::evidence_words(self.lang, annex::evidence_of(text));
        }
        (ids, whole)
    }

    fn lengths(&mut self, row: &AnnexRow) {
        let too_long = |text: Option<&String>| text.map(|text| text.chars().count()).filter(|n| *n > LONGEST);
        let texts = [
            (Field::Stream, row.stream.as_ref()),
            (Field::What, Some(&row.what)),
            (Field::Authority, row.authority.as_ref()),
            (Field::Result, row.result.as_ref()),
            (Field::Criteria, row.criteria.as_ref()),
            (Field::Note, row.note.as_ref()),
        ];
        for (field, text) in texts {
            if let Some(length) = too_long(text) {
                self.wrong(
                    row.line,
                    field,
                    "exchange-error-long",
                    &[("length", length.arg()), ("limit", LONGEST.arg())],
                );
            }
        }
        if let Some(code) = row.code.as_ref().filter(|code| code.chars().count() > 32) {
            self.wrong(row.line, Field::Code, "exchange-error-code-long", &[("code", code.arg())]);
        }
    }
}

/// What the file would do to the register as this audience sees it.
#[allow(
    clippy::too_many_lines,
    reason = "one pass over the rows, in the order in which a person reads the result"
)]
pub fn preview(
    register: &Register,
    audience: Audience,
    lang: Lang,
    reading: &AnnexReading,
    choices: &Choices,
) -> Preview {
    let plan = plan_of(register, reading, choices);
    let names = Names::of(&register.people);
    let tasks: Vec<&Task> = register.tasks.iter().filter(|task| Some(task.plan) == plan).collect();
    let current: Vec<AnnexRow> = tasks.iter().map(|task| annex::row(&names, task, audience, lang)).collect();
    let mut reader = Reader {
        register,
        audience,
        lang,
        choices,
        names,
        sheet: reading.header.first().map(|cell| cell.sheet.clone()).unwrap_or_default(),
        columns: reading.header.iter().rev().map(|cell| (cell.field, cell.column.clone())).collect(),
        unknown: BTreeMap::new(),
        errors: Vec::new(),
    };
    let by_id: HashMap<Uuid, &Task> = tasks.iter().map(|task| (task.id.0, *task)).collect();
    for error in &reading.errors {
        // What the register itself holds is no fault of the file.
        let known = reading
            .rows
            .iter()
            .find(|row| row.line == error.row)
            .and_then(|row| Some((row, by_id.get(&row.id?)?)));
        let own = known.is_some_and(|(row, task)| match &error.kind {
            CellErrorKind::MissingWhat => task.fields.what.is_empty(),
            CellErrorKind::StartAfterDue { .. } => {
                row.start == task.fields.start && row.due == task.fields.due
            }
            _ => false,
        });
        if !own {
            reader.errors.push(Place {
                sheet: error.sheet.clone(),
                row: error.row,
                column: error.column.clone(),
                message: sentence(lang, error.kind.key(), &error.kind.args()),
            });
        }
    }
    let mut warnings: Vec<String> =
        reading.warnings.iter().map(|warning| sentence(lang, warning.key(), &warning.args())).collect();

    let mut incoming: Vec<AnnexRow> = reading.rows.iter().map(|row| row.clone().normalised()).collect();
    if incoming.iter().any(|row| row.domain.is_some()) {
        warnings.push(i18n::t(lang, "exchange-warning-domain").into_owned());
    }
    let mut resolved = Vec::with_capacity(incoming.len());
    for row in &mut incoming {
        row.stated = WRITABLE.into_iter().filter(|field| row.stated.has(*field)).collect();
        if row.stub {
            resolved.push((Resolved::default(), true));
            continue;
        }
        reader.lengths(row);
        resolved.push(reader.canonical(row));
    }
    if let Some(other) = reading.rows.iter().find(|row| {
        row.id.is_some_and(|id| register.tasks.iter().any(|task| task.id.0 == id && Some(task.plan) != plan))
    }) {
        reader.wrong(
            other.line,
            Field::Id,
            "exchange-error-other-plan",
            &[("code", other.code.clone().unwrap_or_default().arg())],
        );
    }
    codes(&mut incoming, &tasks);

    let mut out = Preview {
        plan: plan
            .and_then(|plan| register.plans.iter().find(|one| one.id == plan))
            .map(|plan| plan.code.clone())
            .or_else(|| choices.new_plan.as_ref().map(|plan| plan.code.clone()))
            .unwrap_or_default(),
        rows: incoming.len(),
        errors: Vec::new(),
        warnings,
        unknown: Vec::new(),
        added: Vec::new(),
        changed: Vec::new(),
        held: Vec::new(),
        unchanged: 0,
        missing: Vec::new(),
        hash: String::new(),
        actions: Vec::new(),
    };
    if out.plan.is_empty() {
        reader.errors.push(Place {
            sheet: String::new(),
            row: 0,
            column: String::new(),
            message: i18n::t(lang, "exchange-error-no-plan").into_owned(),
        });
    }
    let mut moved = 0_usize;
    let mut versions = Vec::new();
    for change in sheets::changes(&current, &incoming) {
        match change {
            RowChange::Added { incoming: at } => {
                let (Some(row), Some((ids, whole))) = (incoming.get(at), resolved.get(at)) else { continue };
                if row.stub {
                    out.warnings.push(i18n::tr(lang, "exchange-warning-stub", &[("row", row.line.arg())]));
                    continue;
                }
                added(&mut out, row, ids, *whole, lang);
            }
            RowChange::Changed { current: known, incoming: at, fields } => {
                let (Some(task), Some(row), Some((ids, whole))) =
                    (tasks.get(known), incoming.get(at), resolved.get(at))
                else {
                    continue;
                };
                versions.push((task.id, task.version));
                if !reader.audience.sees(task) {
                    reader.wrong(
                        row.line,
                        Field::Code,
                        "exchange-error-hidden",
                        &[("code", task.fields.code.arg())],
                    );
                    continue;
                }
                changed(&mut out, register, task, row, ids, *whole, &fields, lang);
            }
            RowChange::Unchanged { current: known, .. } => {
                if let Some(task) = tasks.get(known) {
                    versions.push((task.id, task.version));
                }
                out.unchanged += 1;
            }
            RowChange::Missing { current: known } => {
                if let Some(row) = current.get(known) {
                    let brief = Brief { code: row.code.clone().unwrap_or_default(), what: row.what.clone() };
                    out.missing.push(brief);
                }
            }
        }
    }
    for row in &reading.rows {
        let task = row.id.and_then(|id| by_id.get(&id));
        let differs = task.is_some_and(|task| {
            !row.stub
                && reader.audience.sees(task)
                && (row.stated.has(Field::State) && row.state.is_some_and(|state| state != task.state)
                    || row.stated.has(Field::Percent)
                        && row.percent.is_some_and(|percent| percent != task.percent))
        });
        moved += usize::from(differs);
    }
    if moved > 0 {
        out.warnings.push(i18n::tr(lang, "exchange-warning-state", &[("count", moved.arg())]));
    }
    duplicate_codes(&mut reader, &out, &tasks);
    out.errors = std::mem::take(&mut reader.errors);
    out.errors.sort_by_key(|place| place.row);
    out.unknown = reader.unknown.into_values().collect();
    let seen = json!([&out, &out.actions, versions, choices]);
    out.hash = platform::hex(&Sha256::digest(seen.to_string()));
    out
}

fn plan_of(register: &Register, reading: &AnnexReading, choices: &Choices) -> Option<PlanId> {
    if choices.new_plan.is_some() {
        return None;
    }
    if let Some(plan) = choices.plan {
        return register.plans.iter().any(|one| one.id == plan).then_some(plan);
    }
    let own = reading
        .rows
        .iter()
        .filter_map(|row| row.id)
        .find_map(|id| register.tasks.iter().find(|task| task.id.0 == id))
        .map(|task| task.plan);
    own.or(match register.plans.as_slice() {
        [only] => Some(only.id),
        _ => None,
    })
}

/// Gives every row a code: of the task whose text it repeats, else the next of its stream.
fn codes(incoming: &mut [AnnexRow], tasks: &[&Task]) {
    let mut taken: BTreeSet<String> = tasks.iter().map(|task| fold(&task.fields.code)).collect();
    taken.extend(incoming.iter().filter_map(|row| row.code.as_deref()).map(fold));
    let mut by_text: HashMap<(String, String), &Task> = HashMap::new();
    for task in tasks {
        by_text.entry((fold(&task.fields.what), fold(&task.fields.stream))).or_insert(task);
    }
    let mut used = BTreeSet::new();
    for row in incoming.iter_mut().filter(|row| row.code.is_none() && row.id.is_none() && !row.stub) {
        let stream = row.stream.clone().unwrap_or_default();
        let same = by_text.get(&(fold(&row.what), fold(&stream))).filter(|task| used.insert(task.id));
        if let Some(task) = same {
            row.code = Some(task.fields.code.clone());
            continue;
        }
        let prefix = prefix(&stream, tasks);
        let code = (1..=9_999_u32)
            .map(|number| format!("{prefix}-{number:02}"))
            .find(|code| taken.insert(fold(code)))
            .unwrap_or_default();
        row.code = Some(code);
    }
}

/// The letters that codes of this stream begin with, else the first letters of its words.
fn prefix(stream: &str, tasks: &[&Task]) -> String {
    let own = tasks
        .iter()
        .find(|task| fold(&task.fields.stream) == fold(stream))
        .and_then(|task| task.fields.code.split_once('-'))
        .map(|(letters, _)| letters.to_owned());
    own.filter(|letters| !letters.is_empty()).unwrap_or_else(|| {
        let letters: String = fold(stream)
            .split(|c: char| !c.is_alphanumeric())
            .filter_map(|word| word.chars().next())
            .filter(|c| c.is_ascii_alphabetic())
            .take(3)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if letters.len() < 2 { "NV".to_owned() } else { letters }
    })
}

fn caption(lang: Lang, field: Field) -> String {
    i18n::t(lang, field.key()).into_owned()
}

fn added(out: &mut Preview, row: &AnnexRow, ids: &Resolved, whole: bool, lang: Lang) {
    let mut fields = TaskFields::default();
    for field in WRITABLE.into_iter().filter(|field| row.stated.has(*field) || *field == Field::Code) {
        annex::put(&mut fields, row, ids, field);
    }
    let blank = AnnexRow { stated: row.stated, id: Some(Uuid::nil()), ..AnnexRow::default() };
    let after = AnnexRow { id: Some(Uuid::nil()), ..row.clone() };
    let shown = match sheets::changes(&[blank], &[after]).into_iter().next() {
        Some(RowChange::Changed { fields, .. }) => fields,
        _ => Vec::new(),
    };
    out.added.push(RowShown {
        row: row.line,
        code: row.code.clone().unwrap_or_default(),
        what: row.what.clone(),
        fields: shown
            .into_iter()
            .filter(|change| !matches!(change.field, Field::Code | Field::What))
            .map(|change| FieldShown {
                field: change.field.as_str().to_owned(),
                label: caption(lang, change.field),
                before: String::new(),
                after: change.after,
            })
            .collect(),
    });
    let _ = whole;
    out.actions.push(Action::Create { fields: Box::new(fields.normalised()) });
}

#[allow(clippy::too_many_arguments, reason = "one row with everything that decides about it")]
fn changed(
    out: &mut Preview,
    register: &Register,
    task: &Task,
    row: &AnnexRow,
    ids: &Resolved,
    whole: bool,
    fields: &[sheets::FieldChange],
    lang: Lang,
) {
    let code = task.fields.code.clone();
    let held = |kind: &str, message: String, due| Held {
        row: row.line,
        code: code.clone(),
        kind: kind.to_owned(),
        message,
        due,
    };
    let drafting = matches!(task.state, TaskState::Draft | TaskState::Proposed);
    if task.state.is_settled() {
        let message = i18n::tr(
            lang,
            "exchange-held-settled",
            &[
                ("code", code.arg()),
                (
                    "fields",
                    fields.iter().map(|one| caption(lang, one.field)).collect::<Vec<_>>().join(", ").arg(),
                ),
            ],
        );
        out.held.push(held("settled", message, None));
        return;
    }
    let mut next = task.fields.clone();
    let mut shown = Vec::new();
    for change in fields {
        if change.field == Field::Due && !drafting {
            let message = i18n::tr(
                lang,
                "exchange-held-deadline",
                &[("code", code.arg()), ("from", change.before.arg()), ("to", change.after.arg())],
            );
            out.held.push(held("deadline", message, row.due));
            continue;
        }
        annex::put(&mut next, row, ids, change.field);
        shown.push(FieldShown {
            field: change.field.as_str().to_owned(),
            label: caption(lang, change.field),
            before: change.before.clone(),
            after: change.after.clone(),
        });
    }
    if shown.is_empty() {
        return;
    }
    let next = next.normalised();
    if !drafting && whole {
        let clarity = clarity::check(&next, &register.people, &register.calendar, jiff::civil::Date::MIN);
        if !clarity.assignable() {
            let message = i18n::tr(lang, "exchange-held-unclear", &[("code", code.arg())]);
            out.held.push(held("unclear", message, None));
            return;
        }
    }
    if next == task.fields {
        out.unchanged += 1;
        return;
    }
    out.changed.push(RowShown { row: row.line, code, what: task.fields.what.clone(), fields: shown });
    out.actions.push(Action::Edit { id: task.id, version: task.version, fields: Box::new(next) });
}

/// Codes that two tasks of the plan would carry after the yes.
fn duplicate_codes(reader: &mut Reader<'_>, out: &Preview, tasks: &[&Task]) {
    let mut after: BTreeMap<TaskId, String> =
        tasks.iter().map(|task| (task.id, task.fields.code.clone())).collect();
    let mut new = Vec::new();
    for action in &out.actions {
        match action {
            Action::Edit { id, fields, .. } => {
                after.insert(*id, fields.code.clone());
            }
            Action::Create { fields } => new.push(fields.code.clone()),
        }
    }
    let mut seen = BTreeSet::new();
    for code in after.into_values().chain(new) {
        if !seen.insert(code.clone()) {
            // A changed row goes by the code it had; the one it is to have stands among its fields.
            let takes =
                |row: &&RowShown| row.code == code || row.fields.iter().any(|field| field.after == code);
            let row = out.added.iter().chain(&out.changed).find(takes).map_or(0, |row| row.row);
            reader.wrong(row, Field::Code, "exchange-error-code-taken", &[("code", code.arg())]);
        }
    }
}

// ---------------------------------------------------------------- the upload that waits

row! {
    /// An upload that waits for a yes.
    #[derive(Debug, Clone)]
    pub struct Draft {
        /// Its id.
        pub id: DraftId,
        /// The office that uploaded it.
        pub office: OfficeId,
        /// The file's name as shown.
        pub name: String,
        /// Its hash.
        pub sha256: String,
        /// What was chosen so far, as JSON.
        pub choices: String,
        /// When it came.
        pub created_at: Timestamp,
        /// Until when it waits.
        pub expires_at: Timestamp,
        /// The job that applies it.
        pub job: Option<String>,
        /// When it was applied.
        pub applied_at: Option<Timestamp>,
        /// What was done, as JSON.
        pub applied: Option<String>,
    }
}

impl Draft {
    /// What was chosen.
    pub fn choices(&self) -> Choices {
        serde_json::from_str(&self.choices).unwrap_or_default()
    }
    /// What was done.
    pub fn applied(&self) -> Option<Applied> {
        serde_json::from_str(self.applied.as_deref()?).ok()
    }
}

/// What a yes did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Applied {
    /// New tasks.
    pub added: usize,
    /// Changed tasks.
    pub changed: usize,
    /// Rows of which something was not applied.
    pub held: usize,
    /// New units.
    pub units: usize,
    /// New offices.
    pub offices: usize,
}

/// Why an import stops.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A task refused.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// A unit or an office refused.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// The file as a whole cannot be read.
    #[error(transparent)]
    File(#[from] AnnexError),
    /// No such upload of this office.
    #[error("no such upload")]
    NotFound,
    /// It waited too long.
    #[error("the upload is too old")]
    Expired,
    /// It was applied already.
    #[error("applied already")]
    Applied,
    /// What was shown is no longer what would happen.
    #[error("the register changed meanwhile")]
    Changed,
    /// Errors or open names remain.
    #[error("not ready")]
    NotReady,
    /// New units and offices are made by who administers them.
    #[error("may not make units or offices")]
    MayNotMake,
}

impl From<ImportError> for AppError {
    fn from(error: ImportError) -> Self {
        use platform::i18n::key;
        match error {
            ImportError::Db(error) => error.into(),
            ImportError::Task(error) => error.into(),
            ImportError::Identity(error) => error.into(),
            ImportError::File(error) => {
                let mut out = Self::invalid(Vec::new()).because(error.key()).slug("annex");
                for (name, value) in error.args() {
                    out = match value {
                        rules::message::Arg::Number(number) => out.with(name, number),
                        rules::message::Arg::Date(date) => out.with(name, i18n::fmt::date(date)),
                        rules::message::Arg::Text(text) => out.with(name, text),
                    };
                }
                out
            }
            ImportError::NotFound => {
                Self::not_found().because(key("exchange-import-gone")).slug("import-gone")
            }
            ImportError::Expired => {
                Self::not_found().because(key("exchange-import-expired")).slug("import-expired")
            }
            ImportError::Applied => {
                Self::conflict().because(key("exchange-import-applied")).slug("import-applied")
            }
            ImportError::Changed => {
                Self::conflict().because(key("exchange-import-changed")).slug("import-changed")
            }
            ImportError::NotReady => {
                Self::invalid(Vec::new()).because(key("exchange-import-not-ready")).slug("import-not-ready")
            }
            ImportError::MayNotMake => {
                Self::forbidden().because(key("exchange-import-may-not-make")).slug("import-may-not-make")
            }
        }
    }
}

/// Keeps an upload for a day; the office's oldest ones make room.
///
/// # Errors
/// Any [`DbError`].
pub fn keep(
    tx: &mut WriteTx<'_>,
    office: OfficeId,
    name: &str,
    bytes: &[u8],
    choices: &Choices,
) -> Result<Done<DraftId>, ImportError> {
    let now = tx.now();
    tx.execute(sql!("DELETE FROM import_draft WHERE expires_at < $1"), params![now])?;
    let mine: Vec<Draft> = drafts(tx, office)?;
    for old in mine.iter().skip(KEPT - 1) {
        tx.execute(sql!("DELETE FROM import_draft WHERE id = $1"), params![old.id])?;
    }
    let id = DraftId(Uuid::now_v7());
    let sha256 = platform::hex(&Sha256::digest(bytes));
    let name: String = sheets::clean(name).chars().take(200).collect();
    let expires = now.saturating_add(24.hours()).unwrap_or(Timestamp::MAX);
    let choices = serde_json::to_string(choices).unwrap_or_default();
    tx.execute(
        sql!(
            "INSERT INTO import_draft(id, office, name, sha256, bytes, choices, created_at, expires_at)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![id, office, name, sha256, bytes, choices, now, expires],
    )?;
    let event = Event::new("task.import_uploaded", "import", id)
        .data(json!({"sha256": sha256, "bytes": bytes.len()}));
    Ok(tx.record(event).with(id))
}

/// Uploads of an office, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn drafts(tx: &mut Tx<'_>, office: OfficeId) -> Result<Vec<Draft>, DbError> {
    tx.query(
        sql!(
            "SELECT id, office, name, sha256, choices, created_at, expires_at, job, applied_at, applied
              FROM import_draft WHERE office = $1 ORDER BY created_at DESC, id DESC"
        ),
        params![office],
    )
}

/// One upload of an office with its bytes.
///
/// # Errors
/// [`ImportError::NotFound`], [`ImportError::Expired`].
pub fn draft(tx: &mut Tx<'_>, office: OfficeId, id: DraftId) -> Result<(Draft, Vec<u8>), ImportError> {
    let draft: Draft = tx
        .query_opt(
            sql!(
                "SELECT id, office, name, sha256, choices, created_at, expires_at, job, applied_at, applied
                  FROM import_draft WHERE id = $1 AND office = $2"
            ),
            params![id, office],
        )?
        .ok_or(ImportError::NotFound)?;
    if draft.expires_at < tx.now() {
        return Err(ImportError::Expired);
    }
    let bytes = tx
        .scalar(sql!("SELECT bytes FROM import_draft WHERE id = $1"), params![id])?
        .ok_or(ImportError::NotFound)?;
    Ok((draft, bytes))
}

/// Keeps what was chosen about the names.
///
/// # Errors
/// [`ImportError::NotFound`].
pub fn choose(
    tx: &mut WriteTx<'_>,
    office: OfficeId,
    id: DraftId,
    choices: &Choices,
) -> Result<Done<()>, ImportError> {
    let text = serde_json::to_string(choices).unwrap_or_default();
    let changed = tx.execute(
        sql!("UPDATE import_draft SET choices = $3 WHERE id = $1 AND office = $2 AND applied_at IS NULL"),
        params![id, office, text],
    )?;
    if changed == 0 {
        return Err(ImportError::NotFound);
    }
    Ok(tx.record(Event::new("task.import_chosen", "import", id)).with(()))
}

/// Throws an upload away; false when it was not there.
///
/// # Errors
/// Any [`DbError`].
pub fn discard(tx: &mut WriteTx<'_>, office: OfficeId, id: DraftId) -> Result<Done<bool>, ImportError> {
    let gone = tx.execute(
        sql!("DELETE FROM import_draft WHERE id = $1 AND office = $2 AND applied_at IS NULL"),
        params![id, office],
    )?;
    if gone == 0 {
        return Ok(tx.unchanged(false)?);
    }
    Ok(tx.record(Event::new("task.import_discarded", "import", id)).with(true))
}

/// Notes which job applies the upload.
///
/// # Errors
/// Any [`DbError`].
pub fn follow(tx: &mut WriteTx<'_>, id: DraftId, job: &str) -> Result<Done<()>, ImportError> {
    tx.execute(sql!("UPDATE import_draft SET job = $2 WHERE id = $1"), params![id, job])?;
    Ok(tx.record(Event::new("task.import_queued", "import", id)).with(()))
}

/// Who says yes, and to what.
#[derive(Debug, Clone)]
pub struct Yes {
    /// What the office is to tasks.
    pub who: Who,
    /// The office.
    pub office: OfficeId,
    /// Its unit, to which a new plan belongs.
    pub unit: UnitId,
    /// What it may see.
    pub audience: Audience,
    /// Whether it may make units and offices.
    pub may_make: bool,
    /// The language in which the preview was shown; part of what the hash stands for.
    pub lang: Lang,
    /// The hash of what was shown.
    pub hash: String,
    /// Why, for tasks that are running.
    pub reason: String,
}

/// Applies exactly what was shown, all of it in this transaction or nothing.
///
/// # Errors
/// Any [`ImportError`]; [`ImportError::Changed`] when what would happen is no longer what was shown.
pub fn apply(
    tx: &mut WriteTx<'_>,
    id: DraftId,
    reading: &AnnexReading,
    yes: &Yes,
) -> Result<Done<Applied>, ImportError> {
    if !yes.who.keeps_register() {
        return Err(TaskError::NotPermitted.into());
    }
    let (draft, _) = draft(tx, yes.office, id)?;
    if draft.applied_at.is_some() {
        return Err(ImportError::Applied);
    }
    let mut choices = draft.choices();
    let register = Register::load(tx)?;
    let shown = preview(&register, yes.audience, yes.lang, reading, &choices);
    if shown.hash != yes.hash {
        return Err(ImportError::Changed);
    }
    if !shown.ready() {
        return Err(ImportError::NotReady);
    }
    let mut done = Applied { held: shown.held.len(), ..Applied::default() };
    make_people(tx, &register, &shown, yes, &mut choices, &mut done)?;
    if let Some(new) = choices.new_plan.take() {
        choices.plan = Some(*store::create_plan(tx, &new.code, &new.title, yes.unit)?.value());
    }
    // Once more, now that every name has somebody.
    let register = Register::load(tx)?;
    let whole = preview(&register, yes.audience, yes.lang, reading, &choices);
    let plan = plan_of(&register, reading, &choices).ok_or(ImportError::NotReady)?;
    if whole.errors.iter().chain(&shown.errors).next().is_some()
        || whole.unknown.iter().any(|one| one.chosen == "new")
    {
        return Err(ImportError::NotReady);
    }
    for action in whole.actions {
        match action {
            Action::Create { fields } => {
                let _ = store::create(tx, plan, *fields)?;
                done.added += 1;
            }
            Action::Edit { id, version, fields } => {
                let _ = store::edit(tx, &yes.who, id, version, *fields, &yes.reason)?;
                done.changed += 1;
            }
        }
    }
    let now = tx.now();
    let text = serde_json::to_string(&done).unwrap_or_default();
    tx.execute(
        sql!("UPDATE import_draft SET applied_at = $2, applied = $3 WHERE id = $1"),
        params![id, now, text],
    )?;
    let event = Event::new("task.imported", "import", id)
        .topic(store::TOPIC)
        .data(json!({"sha256": draft.sha256, "done": done}))
        .why(yes.reason.clone());
    Ok(tx.record(event).with(done))
}

fn make_people(
    tx: &mut WriteTx<'_>,
    register: &Register,
    shown: &Preview,
    yes: &Yes,
    choices: &mut Choices,
    done: &mut Applied,
) -> Result<(), ImportError> {
    let new =
        |kind: NameKind| shown.unknown.iter().filter(move |one| one.kind == kind && one.chosen == "new");
    if !yes.may_make && (new(NameKind::Unit).next().is_some() || new(NameKind::Office).next().is_some()) {
        return Err(ImportError::MayNotMake);
    }
    let names = Names::of(&register.people);
    let mut made: HashMap<String, UnitId> = HashMap::new();
    for one in new(NameKind::Unit) {
        let short: String = one.name.chars().take(80).collect();
        let unit =
            people_store::NewUnit { name: one.name.clone(), short, ..people_store::NewUnit::default() };
        let id = *people_store::create_unit(tx, &unit)?.value();
        made.insert(annex::key(&one.name), id);
        choices.names.insert(one.key.clone(), id.to_string());
        done.units += 1;
    }
    for one in new(NameKind::Office) {
        let unit = names
            .find_unit(&one.unit)
            .or_else(|| made.get(&annex::key(&one.unit)).copied())
            .or_else(|| choices.names.get(&format!("unit:{}", annex::key(&one.unit)))?.parse().ok())
            .unwrap_or(yes.unit);
        let id = *people_store::create_office(tx, unit, &one.name, 0)?.value();
        choices.names.insert(one.key.clone(), id.to_string());
        done.offices += 1;
    }
    Ok(())
}

/// The changes of one baseline task or import row as people read them.
pub fn changes_of(before: &TaskFields, after: &TaskFields) -> Vec<Change> {
    rules::diff::diff(&before.texts(), &after.texts())
}
