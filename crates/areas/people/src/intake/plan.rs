//! What a file would do to the roll, row by row, before anything is written.
//!
//! A row means somebody by its code, or by what the other system called them before. Without either it is compared
//! by name and birthday and by the number of the identity card; whether it is the same person, a person says. An
//! empty cell leaves what stands, a hyphen takes it away.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use platform::{
    db::{DbError, Row as DbRow, Tx},
    i18n::{self, Arg, IntoArg as _, Lang, key},
    params, sql,
    web::FieldProblem,
};
use rules::{
    roll::twins::{Alike, Traits, Twins},
    text::{fold, nfc},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    out::{self, Line},
    read::{Cell, Head, Reading, Row, Source, day_of_serial},
    vocabulary::{Column, Worded, counted, plain, yes_no},
};
use crate::delegates::{
    clean,
    model::{
        Category, CitizenMac, DelegationId, GroupRole, Organ, Participant, ParticipantId, Private, Profile,
        Sex, Standing,
    },
    query,
    store::{self, code_of, differing, differing_private, role_full},
};

/// What a person has said about the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Choices {
    /// The category of rows that name none.
    pub category: Option<Category>,
    /// Leave out rows that are wrong.
    pub leave_wrong: bool,
    /// For rows that could be somebody known, by row: `new`, `skip`, or the code of whom it is.
    pub same: BTreeMap<u32, String>,
}

/// The choice of a new person.
pub const NEW: &str = "new";
/// The choice to leave a row out.
pub const SKIP: &str = "skip";

/// Something wrong at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Fault {
    /// The row in the file.
    pub row: u32,
    /// The column's letters; empty when the row as a whole is meant.
    pub letters: String,
    /// The heading as the file has it.
    pub heading: String,
    /// What stands there.
    pub value: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// One field before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldShown {
    /// The stable name of the column.
    pub field: String,
    /// Its caption.
    pub label: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// A row that enters or changes somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RowShown {
    /// The row in the file.
    pub row: u32,
    /// The code; empty for the next free one.
    pub code: String,
    /// The name.
    pub name: String,
    /// Category and place in words.
    pub what: String,
    /// The fields that change; empty for new people.
    pub fields: Vec<FieldShown>,
}

/// Somebody whom a row could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Like {
    /// Their code; empty for another row of the file.
    pub code: String,
    /// Their name.
    pub name: String,
    /// The other row of the file; 0 for somebody on the roll.
    pub row: u32,
    /// Why: a sentence.
    pub why: String,
}

/// A row that could be somebody known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Twin {
    /// The row in the file.
    pub row: u32,
    /// The name in it.
    pub name: String,
    /// Who it could be.
    pub like: Vec<Like>,
    /// What was chosen; empty when nothing yet.
    pub chosen: String,
}

/// A line between blocks, a cancelled registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Passed {
    /// The row in the file.
    pub row: u32,
    /// What stands there.
    pub words: String,
}

/// What is done at the yes.
#[derive(Debug, Clone)]
pub(super) enum Action {
    Enter {
        code: Option<String>,
        outer: String,
        profile: Box<Profile>,
        private: Box<Private>,
        delegation: String,
    },
    Change {
        id: ParticipantId,
        code: String,
        outer: String,
        profile: Box<Profile>,
        private: Option<Box<Private>>,
        delegation: String,
        fields: Vec<&'static str>,
    },
}

/// What a file would do.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Preview {
    /// `danh_sach`, `pretix` or `indico`.
    pub source: String,
    /// The sheet that was read.
    pub sheet: String,
    /// People in the file.
    pub rows: usize,
    /// New people.
    pub added: Vec<RowShown>,
    /// People who change.
    pub changed: Vec<RowShown>,
    /// People who stay as they are.
    pub unchanged: usize,
    /// Rows left out by choice.
    pub left_out: usize,
    /// Everything that is wrong, all at once.
    pub faults: Vec<Fault>,
    /// How many rows are wrong.
    pub wrong_rows: usize,
    /// Rows that could be somebody known.
    pub twins: Vec<Twin>,
    /// Units that will be made.
    pub new_delegations: Vec<String>,
    /// Groups that will be made.
    pub new_groups: Vec<u16>,
    /// Headings that mean nothing here.
    pub unknown: Vec<String>,
    /// Headings of columns that this office may not write; they are not read.
    pub withheld: Vec<String>,
    /// Rows that are no people.
    pub passed: Vec<Passed>,
    /// Stands for everything above and for the people concerned; the yes names it.
    pub hash: String,
    #[serde(skip)]
    pub(super) actions: Vec<Action>,
    #[serde(skip)]
    pub(super) leave_wrong: bool,
}

impl Preview {
    /// Rows that could be somebody known, and nobody has said who.
    pub fn open(&self) -> usize {
        self.twins.iter().filter(|twin| twin.chosen.is_empty()).count()
    }

    /// Whether a yes can be given.
    pub fn ready(&self) -> bool {
        (self.wrong_rows == 0 || self.leave_wrong) && self.open() == 0 && !self.actions.is_empty()
    }
}

/// The roll as the plan needs it.
pub struct Known {
    people: Vec<Participant>,
    by_code: HashMap<String, usize>,
    by_id: HashMap<ParticipantId, usize>,
    twins: Twins<usize>,
    privates: HashMap<ParticipantId, Private>,
    units: HashMap<DelegationId, String>,
    by_unit: HashMap<String, DelegationId>,
    groups: BTreeSet<u16>,
    outer: HashMap<String, ParticipantId>,
    congress: Date,
}

impl Known {
    /// Reads the roll.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn load(tx: &mut Tx<'_>, source: Source) -> Result<Self, DbError> {
        let people = query::everybody(tx)?;
        let privates = query::privates(tx)?;
        let delegations = query::delegations(tx)?;
        let rows: Vec<DbRow> = tx.query(
            sql!("SELECT outer_ref, participant FROM intake_origin WHERE source = $1"),
            params![source],
        )?;
        let mut known = Self {
            by_code: HashMap::new(),
            by_id: HashMap::new(),
            twins: Twins::default(),
            units: delegations.iter().map(|one| (one.id, one.name.clone())).collect(),
            by_unit: delegations.iter().map(|one| (fold(&one.name), one.id)).collect(),
            groups: query::groups(tx)?.into_iter().map(|group| group.no).collect(),
            outer: rows
                .iter()
                .map(|row| Ok((row.get("outer_ref")?, row.get("participant")?)))
                .collect::<Result<_, DbError>>()?,
            congress: store::congress_day(tx)?,
            people: Vec::new(),
            privates,
        };
        for (at, one) in people.iter().enumerate() {
            known.by_code.insert(one.code.clone(), at);
            known.by_id.insert(one.id, at);
            if !one.status.is_on_roll() {
                continue;
            }
            let card = known.privates.get(&one.id).and_then(|private| private.citizen);
            known.twins.insert(at, &traits(&one.profile, card));
        }
        known.people = people;
        Ok(known)
    }

    fn unit(&self, id: Option<DelegationId>) -> &str {
        id.and_then(|id| self.units.get(&id)).map(String::as_str).unwrap_or_default()
    }
}

/// What a line is compared by here: a unit alone stops no import, its namesakes are on the page of duplicates.
fn traits(profile: &Profile, card: Option<CitizenMac>) -> Traits<'_> {
    Traits { name: &profile.name, born: profile.born, card, unit: "" }
}

/// A problem of a cell: the sentence and its values.
type Wrong = (&'static str, Vec<(&'static str, Arg)>);

fn wrong(key: &'static str) -> Wrong {
    (key, Vec::new())
}

/// A day as people write it, guarded.
fn day(text: &str) -> Result<Date, Wrong> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) {
        return Err((key("intake-day-year"), vec![("year", text.arg())]));
    }
    if digits && (3..=5).contains(&text.len()) {
        return text.parse().ok().and_then(day_of_serial).ok_or_else(|| wrong(key("intake-day")));
    }
    if digits && text.len() == 8 {
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        return day(&format!("{}/{}/{}", part(0..2), part(2..4), part(4..8)));
    }
    let parts: Vec<&str> =
        text.split(['/', '-', '.', ' ']).map(str::trim).filter(|part| !part.is_empty()).take(4).collect();
    let number = |text: &str| -> Option<i16> {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
    };
    let [a, b, c] = parts.as_slice() else {
        if let [a, b] = parts.as_slice()
            && number(a).is_some()
            && b.len() == 4
            && number(b).is_some()
        {
            return Err((key("intake-day-month"), vec![("text", text.arg())]));
        }
        return Err(wrong(key("intake-day")));
    };
    let (Some(a_number), Some(b_number), Some(c_number)) = (number(a), number(b), number(c)) else {
        return Err(wrong(key("intake-day")));
    };
    let (d, m, y) = if a.len() == 4 {
        (c_number, b_number, a_number)
    } else if c.len() == 4 {
        (a_number, b_number, c_number)
    } else {
        return Err(wrong(key("intake-day-short")));
    };
    if !(1900..=2100).contains(&y) {
        return Err((key("intake-day-century"), vec![("year", y.to_string().as_str().arg())]));
    }
    let made = |d: i16, m: i16| Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok();
    made(d, m).ok_or_else(|| {
        if m > 12 && made(m, d).is_some() {
            (key("intake-day-month-first"), vec![("text", text.arg())])
        } else {
            let args = vec![
                ("day", i64::from(d).arg()),
                ("month", i64::from(m).arg()),
                ("year", y.to_string().as_str().arg()),
            ];
            (key("intake-day-none"), args)
        }
    })
}

fn one_of<T: Worded>(text: &str, lang: Lang) -> Result<T, Wrong> {
    T::read(text).ok_or_else(|| {
        let all: Vec<&str> = T::ALL.iter().map(|one| one.word(lang)).collect();
        (key("intake-word"), vec![("words", all.join(", ").as_str().arg())])
    })
}

/// A product or a badge of another system: the category that its name speaks of.
fn spoken(text: &str) -> Option<Category> {
    Category::read(text).or_else(|| {
        let key = format!(" {} ", plain(text));
        <Category as Worded>::ALL.iter().copied().find(|one| {
            let (vi, en, _) = one.words();
            [vi, en].iter().any(|word| key.contains(&format!(" {} ", plain(word))))
        })
    })
}

struct Planner<'a> {
    known: &'a Known,
    reading: &'a Reading,
    choices: &'a Choices,
    lang: Lang,
    preview: Preview,
    wrong: BTreeSet<u32>,
    /// Who was already meant by a row.
    taken: HashMap<usize, u32>,
    codes: HashMap<String, u32>,
    /// The rows before, and the name in each.
    seen: Twins<u32>,
    names: HashMap<u32, String>,
    units: BTreeMap<String, String>,
    groups: BTreeSet<u16>,
    outer: HashMap<String, u32>,
    touched: Sha256,
    /// Rows with a role in a group, to be counted at the end.
    roles: Vec<(u32, u16, GroupRole)>,
    /// The row of each action.
    owner: Vec<u32>,
}

/// What a row says of somebody.
struct Said {
    profile: Profile,
    private: Private,
    delegation: String,
    problems: Vec<(Option<Column>, Wrong)>,
}

impl Planner<'_> {
    fn head(&self, column: Column) -> Option<&Head> {
        let parts: &[Column] =
            if column == Column::Name { &[Column::Name, Column::Given, Column::Family] } else { &[] };
        self.reading
            .heads
            .iter()
            .find(|head| head.column == column || (!parts.is_empty() && parts.contains(&head.column)))
    }

    fn cell<'r>(&self, row: &'r Row, column: Column) -> Option<&'r Cell> {
        let at = self.reading.heads.iter().position(|head| head.column == column)?;
        row.cells.get(at)
    }

    fn fault(&mut self, row: &Row, column: Option<Column>, (key, args): &Wrong) {
        let head = column.and_then(|column| self.head(column)).cloned();
        let value =
            head.as_ref().and_then(|head| self.cell(row, head.column)).map(Cell::shown).unwrap_or_default();
        let heading = match (&head, column) {
            (Some(head), _) => head.words.clone(),
            (None, Some(column)) => column.heading(self.lang).to_owned(),
            (None, None) => String::new(),
        };
        self.wrong.insert(row.row);
        self.preview.faults.push(Fault {
            row: row.row,
            letters: head.map(|head| head.letters).unwrap_or_default(),
            heading,
            value: value.chars().take(80).collect(),
            message: i18n::tr(self.lang, key, args),
        });
    }

    /// Reads the cells of a row over what stands.
    #[allow(clippy::too_many_lines, reason = "one arm for each column")]
    fn say(&self, row: &Row, before: Option<&Participant>) -> Said {
        let mut profile = before.map(|one| one.profile.clone()).unwrap_or_default();
        let mut private =
            before.and_then(|one| self.known.privates.get(&one.id)).cloned().unwrap_or_default();
        let mut delegation = self.known.unit(profile.delegation).to_owned();
        let mut problems: Vec<(Option<Column>, Wrong)> = Vec::new();
        let (mut family, mut given) = (String::new(), String::new());
        for (head, cell) in self.reading.heads.iter().zip(&row.cells) {
            let column = head.column;
            let text = match cell {
                Cell::Text(text) => nfc(text).replace('\n', " "),
                Cell::Long { long } => {
                    let long = i64::try_from(*long).unwrap_or(i64::MAX);
                    problems.push((Some(column), (key("intake-long"), vec![("long", long.arg())])));
                    continue;
                }
                Cell::Fault { fault } => {
                    problems
                        .push((Some(column), (key("intake-formula"), vec![("fault", fault.as_str().arg())])));
                    continue;
                }
                Cell::Card { card } => {
                    private.citizen = unhex(card).or(private.citizen);
                    continue;
                }
                Cell::BadCard { .. } => {
                    problems.push((Some(column), wrong(key("delegates-error-citizen"))));
                    continue;
                }
            };
            if text.is_empty() {
                continue;
            }
            let clear = matches!(text.as_str(), "-" | "–" | "—");
            let text = if clear { String::new() } else { text };
            let mut bad = |problem: Wrong| problems.push((Some(column), problem));
            macro_rules! set {
                ($place:expr, $read:expr) => {
                    if clear {
                        $place = None;
                    } else {
                        match $read {
                            Ok(value) => $place = Some(value),
                            Err(problem) => bad(problem),
                        }
                    }
                };
            }
            match column {
                Column::Name => profile.name = text,
                Column::Family => family = text,
                Column::Given => given = text,
                Column::Category => match (spoken(&text), self.reading.source) {
                    (Some(category), _) => profile.category = Some(category),
                    (None, Source::Roll) => {
                        if let Err(problem) = one_of::<Category>(&text, self.lang) {
                            bad(problem);
                        }
                    }
                    // Products of another system are its own words.
                    (None, _) => {}
                },
                Column::Sex => set!(profile.sex, one_of::<Sex>(&text, self.lang)),
                Column::Born => set!(profile.born, day(&text)),
                Column::Joined => set!(profile.joined, day(&text)),
                Column::Official => set!(profile.official, day(&text)),
                Column::Position => profile.position = text,
                Column::Delegation => delegation = text,
                Column::Standing => set!(profile.standing, one_of::<Standing>(&text, self.lang)),
                Column::Alternate => match yes_no(&text) {
                    Some(flag) => profile.alternate = flag,
                    None if clear => profile.alternate = false,
                    None => bad(wrong(key("intake-yes-no"))),
                },
                Column::LargeText => match yes_no(&text) {
                    Some(flag) => profile.large_text = flag,
                    None if clear => profile.large_text = false,
                    None => bad(wrong(key("intake-yes-no"))),
                },
                Column::Group => {
                    let key_text = plain(&text);
                    let number = key_text
                        .strip_prefix("to ")
                        .or_else(|| key_text.strip_prefix("group "))
                        .unwrap_or(&key_text);
                    let number: Result<u16, Wrong> = number
                        .trim_start_matches("so ")
                        .trim()
                        .parse()
                        .ok()
                        .filter(|no| (1..=999).contains(no))
                        .ok_or_else(|| wrong(key("intake-group")));
                    set!(profile.group_no, number);
                }
                Column::GroupRole => set!(profile.group_role, one_of::<GroupRole>(&text, self.lang)),
                Column::Organ => set!(profile.organ, one_of::<Organ>(&text, self.lang)),
                Column::PartyBadge => {
                    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                    let years: Result<u8, Wrong> =
                        digits.parse().map_err(|_| wrong(key("delegates-error-badge")));
                    set!(profile.party_badge, years);
                }
                Column::Schooling => profile.schooling = text.replace(' ', ""),
                Column::Qualification => profile.qualification = counted(column, &text),
                Column::AcademicTitle => profile.academic_title = counted(column, &text),
                Column::Theory => profile.theory = counted(column, &text),
                Column::Occupation => profile.occupation = text,
                Column::Awards => profile.awards = text,
                Column::Diet => profile.diet = text,
                Column::Mobility => profile.mobility = text,
                Column::Ethnicity => private.ethnicity = text,
                Column::Religion => private.religion = counted(column, &text),
                Column::Health => private.health = text,
                Column::Discipline => private.discipline = text,
                Column::Phone => {
                    // A spreadsheet takes the zero away from a number.
                    private.phone = if text.len() == 9
                        && !text.starts_with('0')
                        && text.bytes().all(|b| b.is_ascii_digit())
                    {
                        format!("0{text}")
                    } else {
                        text
                    };
                }
                Column::Email => private.email = text,
                Column::Code | Column::Status | Column::Citizen => {}
            }
        }
        if !family.is_empty() || !given.is_empty() {
            profile.name = format!("{family} {given}").trim().to_owned();
        }
        if profile.category.is_none() {
            let guessed = profile.standing.map(|_| Category::Delegate);
            let foreign = (self.reading.source != Source::Roll).then_some(Category::Guest);
            profile.category = guessed.or(self.choices.category).or(foreign);
        }
        Said { profile, private, delegation, problems }
    }

    fn row(&mut self, row: &Row) {
        let mut typed = Vec::new();
        let code = self
            .cell(row, Column::Code)
            .map(|cell| cell.text().trim().to_owned())
            .filter(|code| !code.is_empty() && code != "-")
            .map(|code| code_of(&code, &mut typed));
        if !typed.is_empty() {
            self.fault(row, Some(Column::Code), &wrong(key("delegates-error-code")));
            return;
        }
        if let Some(code) = &code {
            if let Some(first) = self.codes.get(code) {
                let args = vec![("code", code.as_str().arg()), ("row", i64::from(*first).arg())];
                self.fault(row, Some(Column::Code), &(key("intake-code-twice"), args));
                return;
            }
            self.codes.insert(code.clone(), row.row);
        }
        if !row.outer.is_empty()
            && let Some(first) = self.outer.insert(row.outer.clone(), row.row)
        {
            let args = vec![("code", row.outer.as_str().arg()), ("row", i64::from(first).arg())];
            self.fault(row, None, &(key("intake-code-twice"), args));
            return;
        }
        let mut target = code.as_ref().and_then(|code| self.known.by_code.get(code)).copied().or_else(|| {
            let id = self.known.outer.get(&row.outer).filter(|_| !row.outer.is_empty())?;
            self.known.by_id.get(id).copied()
        });
        let mut keeps_code = code;
        if target.is_none() {
            match self.choose(row) {
                Choice::New => {}
                Choice::Is(at) => {
                    target = Some(at);
                    keeps_code = None;
                }
                Choice::Skip => {
                    self.preview.left_out += 1;
                    return;
                }
                Choice::Open => return,
            }
        }
        if let Some(at) = target
            && let Some(first) = self.taken.insert(at, row.row)
        {
            let code = self.known.people.get(at).map(|one| one.code.clone()).unwrap_or_default();
            let args = vec![("code", code.as_str().arg()), ("row", i64::from(first).arg())];
            self.fault(row, Some(Column::Code), &(key("intake-code-twice"), args));
            return;
        }
        let before = target.and_then(|at| self.known.people.get(at));
        self.settle(row, keeps_code, before);
    }

    /// Whether a row without a known code is somebody known.
    fn choose(&mut self, row: &Row) -> Choice {
        let mut said = self.say(row, None);
        said.profile.name = nfc(&said.profile.name);
        let traits = traits(&said.profile, said.private.citizen);
        let name = said.profile.name.clone();
        let why = |key: &'static str| i18n::t(self.lang, key).into_owned();
        let words = |alike: Alike, others: &'static str| match alike {
            Alike { card: true, .. } => why(key("intake-twin-card")),
            _ => why(others),
        };
        let mut like: Vec<Like> = Vec::new();
        let mut sure = None;
        for (at, alike) in self.known.twins.like(&traits) {
            let Some(one) = self.known.people.get(at) else { continue };
            if alike.birth && alike.spelled {
                sure = Some(one.code.clone());
            }
            let others = if alike.spelled { key("intake-twin-same") } else { key("intake-twin-spelling") };
            like.push(Like {
                code: one.code.clone(),
                name: one.profile.name.clone(),
                row: 0,
                why: words(alike, others),
            });
        }
        for (first, alike) in self.seen.like(&traits) {
            like.push(Like {
                code: String::new(),
                name: self.names.get(&first).cloned().unwrap_or_default(),
                row: first,
                why: words(alike, key("intake-twin-file")),
            });
        }
        self.seen.insert(row.row, &traits);
        self.names.insert(row.row, name.clone());
        if like.is_empty() {
            return Choice::New;
        }
        // One person of the very same name and birthday is the same unless somebody says otherwise.
        let sure = sure.filter(|_| like.len() == 1).unwrap_or_default();
        let chosen = self.choices.same.get(&row.row).cloned().unwrap_or(sure);
        let valid = chosen == NEW
            || chosen == SKIP
            || like.iter().any(|one| !one.code.is_empty() && one.code == chosen);
        let chosen = if valid { chosen } else { String::new() };
        let choice = match chosen.as_str() {
            "" => Choice::Open,
            NEW => Choice::New,
            SKIP => Choice::Skip,
            code => self.known.by_code.get(code).map_or(Choice::Open, |at| Choice::Is(*at)),
        };
        self.preview.twins.push(Twin { row: row.row, name, like, chosen });
        choice
    }

    /// Compares what a row says with what stands.
    fn settle(&mut self, row: &Row, code: Option<String>, before: Option<&Participant>) {
        let Said { profile, private, delegation, mut problems } = self.say(row, before);
        let (mut profile, more) = clean::profile(&profile, self.known.congress);
        let (private, others) = clean::private(&private);
        for FieldProblem { name, message_key, args } in more.into_iter().chain(others) {
            let column = name.parse::<Column>().ok();
            // A cell that could not be read is not missing.
            if problems.iter().any(|(of, _)| *of == column && column.is_some()) {
                continue;
            }
            problems.push((column, (message_key, args)));
        }
        let mut long = Vec::new();
        let delegation = clean::line("delegation", &delegation, 200, &mut long);
        problems.extend(long.into_iter().map(|one| (Some(Column::Delegation), (one.message_key, one.args))));
        if !problems.is_empty() {
            for (column, problem) in &problems {
                self.fault(row, *column, problem);
            }
            return;
        }
        let folded = fold(&delegation);
        profile.delegation = self.known.by_unit.get(&folded).copied();
        let new_unit = profile.delegation.is_none() && !folded.is_empty();
        if new_unit {
            self.units.entry(folded).or_insert_with(|| delegation.clone());
        }
        if let Some(no) = profile.group_no.filter(|no| !self.known.groups.contains(no)) {
            self.groups.insert(no);
        }
        if let (Some(no), Some(role)) = (profile.group_no, profile.group_role) {
            self.roles.push((row.row, no, role));
        }
        let Some(one) = before else {
            let what = [
                profile.category.map(|one| one.word(self.lang).to_owned()).unwrap_or_default(),
                delegation.clone(),
                profile.position.clone(),
            ];
            let what: Vec<String> = what.into_iter().filter(|part| !part.is_empty()).collect();
            self.preview.added.push(RowShown {
                row: row.row,
                code: code.clone().unwrap_or_default(),
                name: profile.name.clone(),
                what: what.join(" · "),
                fields: Vec::new(),
            });
            self.preview.actions.push(Action::Enter {
                code,
                outer: row.outer.clone(),
                profile: Box::new(profile),
                private: Box::new(private),
                delegation,
            });
            return;
        };
        self.touched.update(format!("{}:{}\n", one.code, one.version));
        let had = self.known.privates.get(&one.id).cloned().unwrap_or_default();
        let mut fields = differing(&one.profile, &profile);
        if new_unit && !fields.contains(&"delegation") {
            fields.push("delegation");
        }
        let restricted = differing_private(&had, &private);
        fields.extend(&restricted);
        let ties = !row.outer.is_empty() && !self.known.outer.contains_key(&row.outer);
        if fields.is_empty() {
            self.preview.unchanged += 1;
            if !ties {
                return;
            }
        } else {
            let shown = self.shown(one, &had, &profile, &private, &delegation, &fields);
            self.preview.changed.push(RowShown {
                row: row.row,
                code: one.code.clone(),
                name: profile.name.clone(),
                what: one.category().word(self.lang).to_owned(),
                fields: shown,
            });
        }
        self.preview.actions.push(Action::Change {
            id: one.id,
            code: one.code.clone(),
            outer: row.outer.clone(),
            profile: Box::new(profile),
            private: (!restricted.is_empty()).then(|| Box::new(private)),
            delegation,
            fields,
        });
    }

    fn shown(
        &self,
        one: &Participant,
        had: &Private,
        profile: &Profile,
        private: &Private,
        delegation: &str,
        fields: &[&str],
    ) -> Vec<FieldShown> {
        let old = Line {
            code: &one.code,
            profile: &one.profile,
            private: had,
            delegation: self.known.unit(one.profile.delegation),
            status: None,
        };
        let new = Line { code: &one.code, profile, private, delegation, status: None };
        fields
            .iter()
            .filter_map(|field| {
                let column: Column = field.parse().ok()?;
                let text = |line: &Line<'_>| match column {
                    // The number is known to nobody: only that it is another one.
                    Column::Citizen => line
                        .private
                        .citizen
                        .map_or(String::new(), |_| i18n::t(self.lang, key("intake-card")).into_owned()),
                    _ => out::cell(column, line, self.lang).text(),
                };
                Some(FieldShown {
                    field: (*field).to_owned(),
                    label: column.heading(self.lang).to_owned(),
                    before: text(&old),
                    after: text(&new),
                })
            })
            .collect()
    }

    /// One head, two deputies, two secretaries: counted over the file and those it does not touch.
    fn count_roles(&mut self) {
        let mut held: HashMap<(u16, GroupRole), usize> = HashMap::new();
        for (at, one) in self.known.people.iter().enumerate() {
            if self.taken.contains_key(&at) || !one.status.is_on_roll() {
                continue;
            }
            if let (Some(no), Some(role)) = (one.profile.group_no, one.profile.group_role) {
                *held.entry((no, role)).or_default() += 1;
            }
        }
        for (number, no, role) in std::mem::take(&mut self.roles) {
            let Some(most) = role.most() else { continue };
            let held = held.entry((no, role)).or_default();
            *held += 1;
            if *held > most
                && let Some(row) = self.reading.rows.iter().find(|row| row.row == number)
            {
                let args = vec![("group", i64::from(no).arg())];
                self.fault(row, Some(Column::GroupRole), &(role_full(role), args));
            }
        }
    }
}

enum Choice {
    New,
    Is(usize),
    Skip,
    Open,
}

fn unhex(text: &str) -> Option<CitizenMac> {
    let mut out = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (at, place) in out.iter_mut().enumerate() {
        *place = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(out)
}

/// What a file would do to the roll as it stands.
pub fn preview(known: &Known, reading: &Reading, choices: &Choices, lang: Lang) -> Preview {
    let preview = Preview {
        source: reading.source.to_string(),
        sheet: reading.sheet.clone(),
        rows: reading.rows.len(),
        added: Vec::new(),
        changed: Vec::new(),
        unchanged: 0,
        left_out: 0,
        faults: Vec::new(),
        wrong_rows: 0,
        twins: Vec::new(),
        new_delegations: Vec::new(),
        new_groups: Vec::new(),
        unknown: reading.unknown.clone(),
        withheld: reading.withheld.clone(),
        passed: reading
            .passed
            .iter()
            .map(|(row, words)| Passed { row: *row, words: words.clone() })
            .collect(),
        hash: String::new(),
        actions: Vec::new(),
        leave_wrong: choices.leave_wrong,
    };
    let mut planner = Planner {
        known,
        reading,
        choices,
        lang,
        preview,
        wrong: BTreeSet::new(),
        taken: HashMap::new(),
        codes: HashMap::new(),
        seen: Twins::default(),
        names: HashMap::new(),
        units: BTreeMap::new(),
        groups: BTreeSet::new(),
        outer: HashMap::new(),
        touched: Sha256::new(),
        roles: Vec::new(),
        owner: Vec::new(),
    };
    for row in &reading.rows {
        planner.row(row);
        if planner.owner.len() < planner.preview.actions.len() {
            planner.owner.push(row.row);
        }
    }
    planner.count_roles();
    let Planner { mut preview, wrong, units, groups, touched, owner, .. } = planner;
    preview.wrong_rows = wrong.len();
    // A row whose role is full was read well and is wrong all the same.
    let mut at = 0;
    preview.actions.retain(|_| {
        at += 1;
        owner.get(at - 1).is_none_or(|row| !wrong.contains(row))
    });
    preview.added.retain(|row| !wrong.contains(&row.row));
    preview.changed.retain(|row| !wrong.contains(&row.row));
    preview.faults.sort_by_key(|fault| fault.row);
    preview.new_delegations = units.into_values().collect();
    preview.new_groups = groups.into_iter().collect();
    let mut hash = touched;
    hash.update(serde_json::to_vec(&preview).unwrap_or_default());
    preview.hash = platform::hex(&hash.finalize());
    preview
}
