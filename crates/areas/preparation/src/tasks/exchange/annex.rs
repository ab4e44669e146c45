//! A task as a row of the annex and back: names for ids, ids for names, and only what a file states.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use platform::{
    i18n::{self, Lang},
    identity::{OfficeId, UnitId},
};
use rules::text::fold;

use crate::tasks::{
    clarity::People,
    model::{Basis, EvidenceKind, Phase, Support, Task, TaskFields},
    reach::Audience,
    register::Register,
    sheets::{self, AnnexEntry, AnnexPlan, AnnexRow, Field, FieldSet, clean, one_line},
};

/// How names are compared: stored form, without case and diacritics.
pub fn key(text: &str) -> String {
    fold(&clean(text))
}

/// Names of units and offices that lead back to exactly one of them.
#[derive(Debug, Clone, Default)]
pub struct Names {
    units: BTreeMap<UnitId, String>,
    offices: BTreeMap<OfficeId, String>,
    unit_by: HashMap<String, UnitId>,
    office_by: HashMap<String, OfficeId>,
    /// Offices that share a title; the unit decides.
    office_claims: HashMap<String, BTreeSet<OfficeId>>,
    office_unit: BTreeMap<OfficeId, UnitId>,
}

impl Names {
    /// The names of these people. A name that two carry is written with what tells them apart.
    pub fn of(people: &People) -> Self {
        let mut unit_claims: HashMap<String, BTreeSet<UnitId>> = HashMap::new();
        for unit in people.units.values() {
            for name in [&unit.name, &unit.short] {
                unit_claims.entry(key(name)).or_default().insert(unit.id);
            }
        }
        let mut office_claims: HashMap<String, BTreeSet<OfficeId>> = HashMap::new();
        for office in people.offices.values() {
            office_claims.entry(key(&office.title)).or_default().insert(office.id);
        }
        let (units, unit_by) = labels(
            people.units.values().map(|unit| (unit.id, unit.name.as_str(), unit.short.as_str())),
            &unit_claims,
        );
        let (offices, office_by) = labels(
            people
                .offices
                .values()
                .map(|office| (office.id, office.title.as_str(), people.unit_name(office.unit_id))),
            &office_claims,
        );
        let office_unit = people.offices.values().map(|office| (office.id, office.unit_id)).collect();
        Self { units, offices, unit_by, office_by, office_claims, office_unit }
    }

    /// The name of a unit.
    pub fn unit(&self, id: UnitId) -> String {
        self.units.get(&id).cloned().unwrap_or_default()
    }

    /// The title of an office.
    pub fn office(&self, id: OfficeId) -> String {
        self.offices.get(&id).cloned().unwrap_or_default()
    }

    /// The unit that a table names.
    pub fn find_unit(&self, text: &str) -> Option<UnitId> {
        self.unit_by.get(&key(text)).copied()
    }

    /// The office that a table names; of several with one title, the only one in `unit`.
    pub fn find_office(&self, text: &str, unit: Option<UnitId>) -> Option<OfficeId> {
        let wanted = key(text);
        if let Some(id) = self.office_by.get(&wanted) {
            return Some(*id);
        }
        let mut inside = self
            .office_claims
            .get(&wanted)?
            .iter()
            .filter(|id| unit.is_some() && self.office_unit.get(id).copied() == unit);
        match (inside.next(), inside.next()) {
            (Some(id), None) => Some(*id),
            _ => None,
        }
    }

    /// The units whose names are most like `text`, the nearest first.
    pub fn units_like(&self, text: &str) -> Vec<UnitId> {
        nearest(text, &self.units)
    }

    /// The offices whose titles are most like `text`, the nearest first.
    pub fn offices_like(&self, text: &str) -> Vec<OfficeId> {
        nearest(text, &self.offices)
    }
}

/// A label for each that no other name or label reads like, and the way back.
fn labels<'a, K: Copy + Ord + std::fmt::Display>(
    all: impl Iterator<Item = (K, &'a str, &'a str)>,
    claims: &HashMap<String, BTreeSet<K>>,
) -> (BTreeMap<K, String>, HashMap<String, K>) {
    let mut by: HashMap<String, K> = claims
        .iter()
        .filter(|(name, _)| !name.is_empty())
        .filter_map(|(name, ids)| Some((name.clone(), *ids.iter().next().filter(|_| ids.len() == 1)?)))
        .collect();
    let mut out = BTreeMap::new();
    for (id, name, more) in all {
        let candidates =
            [clean(name), format!("{} ({})", clean(name), clean(more)), format!("{} [{id}]", clean(name))];
        for (at, label) in candidates.into_iter().enumerate() {
            let folded = key(&label);
            let free = !claims.contains_key(&folded) && !by.contains_key(&folded);
            let own = by.get(&folded) == Some(&id);
            if !folded.is_empty() && (own || (at > 0 && free)) {
                by.insert(folded, id);
                out.insert(id, one_line(&label));
                break;
            }
        }
    }
    (out, by)
}

fn nearest<K: Copy + Ord>(text: &str, all: &BTreeMap<K, String>) -> Vec<K> {
    let wanted = key(text);
    let mut scored: Vec<(u32, String, K)> = all
        .iter()
        .filter_map(|(id, label)| {
            let name = key(label);
            let score = likeness(&wanted, &name);
            (score >= 340).then_some((1000 - score, name, *id))
        })
        .collect();
    scored.sort();
    scored.into_iter().take(5).map(|(_, _, id)| id).collect()
}

/// How alike two folded names are, 0 to 1000: pairs of letters that both have (Dice).
pub fn likeness(a: &str, b: &str) -> u32 {
    let pairs = |text: &str| -> BTreeMap<(char, char), u32> {
        let padded: Vec<char> = format!(" {text} ").chars().collect();
        let mut out = BTreeMap::new();
        for pair in padded.windows(2) {
            if let [x, y] = pair {
                *out.entry((*x, *y)).or_default() += 1;
            }
        }
        out
    };
    let (a, b) = (pairs(a), pairs(b));
    let both: u32 = a.iter().filter_map(|(pair, n)| Some((*n).min(*b.get(pair)?))).sum();
    let all: u32 = a.values().sum::<u32>() + b.values().sum::<u32>();
    (both * 2000).checked_div(all).unwrap_or(0)
}

/// The words of a phase in the annex.
pub fn phase_words(lang: Lang, phase: Phase) -> String {
    i18n::t(lang, &format!("exchange-phase-{phase}")).into_owned()
}

/// The phase that a table means.
pub fn phase_of(text: &str) -> Option<Phase> {
    let text = key(text);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    Phase::ALL.iter().copied().find(|phase| phase.as_str() == text).or_else(|| {
        if has(&["truoc", "before", "chuan bi"]) {
            Some(Phase::Before)
        } else if has(&["trong", "during", "dien ra"]) {
            Some(Phase::During)
        } else if has(&["sau", "after", "ket thuc"]) {
            Some(Phase::After)
        } else {
            None
        }
    })
}

/// The words of a kind of evidence in the annex.
pub fn evidence_words(lang: Lang, kind: EvidenceKind) -> String {
    i18n::t(lang, &format!("exchange-evidence-{kind}")).into_owned()
}

/// The kind of evidence that a table means; [`EvidenceKind::Other`] when it is none of the known.
pub fn evidence_of(text: &str) -> EvidenceKind {
    let text = key(text);
    let exact = EvidenceKind::ALL.iter().copied().find(|kind| {
        kind.as_str() == text
            || [Lang::Vi, Lang::En].iter().any(|lang| key(&evidence_words(*lang, *kind)) == text)
    });
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    exact.unwrap_or_else(|| {
        if has(&["quyet dinh", "decision"]) {
            EvidenceKind::Decision
        } else if has(&["bien ban", "minutes"]) {
            EvidenceKind::Minutes
        } else if has(&["danh sach", "bang ", "list", "so theo doi"]) {
            EvidenceKind::List
        } else if has(&["hinh anh", "anh chup", "photo"]) {
            EvidenceKind::Photo
        } else if has(&["van ban", "bao cao", "ke hoach", "cong van", "document"]) {
            EvidenceKind::Document
        } else {
            EvidenceKind::Other
        }
    })
}

/// What the looker sees instead of content.
pub fn redacted(lang: Lang) -> String {
    i18n::t(lang, "annex-redacted").into_owned()
}

/// The task as the annex shows it to this audience; content that may not be seen is a stub.
pub fn row(names: &Names, task: &Task, audience: Audience, lang: Lang) -> AnnexRow {
    let fields = &task.fields;
    if !audience.sees(task) {
        return AnnexRow {
            stated: FieldSet::whole(),
            id: Some(task.id.0),
            code: Some(one_line(&fields.code)),
            stream: Some(fields.stream.clone()),
            what: redacted(lang),
            stub: true,
            ..AnnexRow::default()
        }
        .normalised();
    }
    let some = |text: &String| Some(text.clone());
    let office = |id: Option<OfficeId>| id.map(|id| names.office(id));
    AnnexRow {
        line: 0,
        stated: FieldSet::whole(),
        id: Some(task.id.0),
        code: Some(one_line(&fields.code)),
        stream: some(&fields.stream),
        domain: None,
        what: fields.what.clone(),
        lead: fields.lead_unit.map(|unit| names.unit(unit)),
        supports: fields
            .supports
            .iter()
            .map(|support| sheets::Support {
                unit: names.unit(support.unit),
                contribution: some(&support.contribution),
            })
            .collect(),
        focal: office(fields.focal_office),
        accountable: office(fields.accountable_office),
        authority: some(&fields.authority),
        approver: office(fields.approver_office),
        acceptor: office(fields.acceptor_office),
        start: fields.start,
        due: fields.due,
        result: some(&fields.result),
        criteria: some(&fields.acceptance),
        evidence: fields.evidence_kinds.iter().map(|kind| evidence_words(lang, *kind)).collect(),
        basis: fields
            .basis
            .iter()
            .map(|basis| sheets::Basis { document: basis.symbol.clone(), clause: some(&basis.clause) })
            .collect(),
        note: some(&fields.scope),
        state: Some(task.state),
        percent: Some(task.percent),
        phase: Some(phase_words(lang, fields.phase)),
        stub: false,
    }
    .normalised()
}

/// The picked tasks as the annex that is printed and can be read back.
pub fn plan(register: &Register, tasks: &[&Task], audience: Audience, lang: Lang) -> AnnexPlan {
    let names = Names::of(&register.people);
    let plan = tasks
        .first()
        .and_then(|task| register.plans.iter().find(|plan| plan.id == task.plan))
        .or_else(|| register.plans.first());
    AnnexPlan {
        parent_body: String::new(),
        body: plan.map(|plan| register.people.unit_name(plan.unit).to_uppercase()).unwrap_or_default(),
        title: plan.map(|plan| plan.title.clone()).unwrap_or_default(),
        attached_to: String::new(),
        entries: grouped(register, tasks)
            .into_iter()
            .map(|task| {
                let timed = register.timed(task);
                AnnexEntry {
                    row: row(&names, task, audience, lang),
                    timing: timed.timing,
                    timing_text: super::timing_words(lang, timed),
                }
            })
            .collect(),
    }
}

/// Tasks of one stream together, streams in the order of the register: the annex has one heading per stream.
pub fn grouped<'a>(register: &Register, tasks: &[&'a Task]) -> Vec<&'a Task> {
    let order: HashMap<&str, usize> =
        register.streams().into_iter().enumerate().map(|(at, stream)| (stream, at)).collect();
    let mut tasks = tasks.to_vec();
    tasks.sort_by_key(|task| order.get(task.fields.stream.as_str()).copied().unwrap_or(usize::MAX));
    tasks
}

/// Ids of the names in a row, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The lead unit.
    pub lead: Option<UnitId>,
    /// Coordinating units, in the order of the row.
    pub supports: Vec<Option<UnitId>>,
    /// The focal officer.
    pub focal: Option<OfficeId>,
    /// Who answers.
    pub accountable: Option<OfficeId>,
    /// Who approves.
    pub approver: Option<OfficeId>,
    /// Who accepts.
    pub acceptor: Option<OfficeId>,
}

/// Writes one field of a row into a task. What the annex has no column for (a contribution's own deadline, the
/// date of a document) stays as it was.
pub fn put(fields: &mut TaskFields, row: &AnnexRow, ids: &Resolved, field: Field) {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    match field {
        Field::Code => {
            if let Some(code) = &row.code {
                fields.code.clone_from(code);
            }
        }
        Field::Stream => fields.stream = text(&row.stream),
        Field::What => {
            if !row.what.is_empty() {
                fields.what.clone_from(&row.what);
            }
        }
        Field::Lead => fields.lead_unit = ids.lead,
        Field::Supports => {
            let old = std::mem::take(&mut fields.supports);
            fields.supports = row
                .supports
                .iter()
                .zip(&ids.supports)
                .filter_map(|(support, unit)| {
                    let unit = (*unit)?;
                    let due = old.iter().find(|one| one.unit == unit).and_then(|one| one.due);
                    Some(Support { unit, contribution: text(&support.contribution), due })
                })
                .collect();
        }
        Field::Focal => fields.focal_office = ids.focal,
        Field::Accountable => fields.accountable_office = ids.accountable,
        Field::Authority => fields.authority = text(&row.authority),
        Field::Approver => fields.approver_office = ids.approver,
        Field::Acceptor => fields.acceptor_office = ids.acceptor,
        Field::Start => fields.start = row.start,
        Field::Due => {
            fields.due = row.due;
            if row.due.is_some() {
                fields.due_text.clear();
            }
        }
        Field::Result => fields.result = text(&row.result),
        Field::Criteria => fields.acceptance = text(&row.criteria),
        Field::Evidence => {
            fields.evidence_kinds = row.evidence.iter().map(|text| evidence_of(text)).collect()
        }
        Field::Basis => {
            let old = std::mem::take(&mut fields.basis);
            fields.basis = row
                .basis
                .iter()
                .map(|basis| {
                    let clause = text(&basis.clause);
                    let kept = old.iter().find(|one| one.symbol == basis.document && one.clause == clause);
                    kept.cloned().unwrap_or_else(|| Basis {
                        symbol: basis.document.clone(),
                        issued_on: None,
                        clause,
                        subject: String::new(),
                    })
                })
                .collect();
        }
        Field::Note => fields.scope = text(&row.note),
        Field::Phase => {
            if let Some(phase) = row.phase.as_deref().and_then(phase_of) {
                fields.phase = phase;
            }
        }
        Field::Domain
        | Field::State
        | Field::Percent
        | Field::Number
        | Field::Who
        | Field::When
        | Field::Id
        | Field::Exact
        | Field::Derived => {}
    }
}

/// The fields that an import may write, in table order. State and percent move by decisions and reports.
pub const WRITABLE: [Field; 18] = [
    Field::Code,
    Field::Stream,
    Field::What,
    Field::Lead,
    Field::Supports,
    Field::Focal,
    Field::Accountable,
    Field::Authority,
    Field::Approver,
    Field::Acceptor,
    Field::Start,
    Field::Due,
    Field::Result,
    Field::Criteria,
    Field::Evidence,
    Field::Basis,
    Field::Note,
    Field::Phase,
];

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tasks::clarity::{OfficeBrief, UnitBrief};

    /// Names that collide on purpose: with and without diacritics, the short of one the name of another.
    fn name() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("Văn phòng Thành ủy".to_owned()),
            Just("van phong  thanh uy".to_owned()),
            Just("VPTU".to_owned()),
            Just("Văn phòng Thành ủy (VPTU)".to_owned()),
            Just("Trưởng phòng".to_owned()),
            "[a-c ]{0,4}",
            "\\PC{0,12}",
        ]
    }

    proptest! {
        #[test]
        fn every_label_leads_back_to_its_own_unit_and_office(
            units in prop::collection::vec((name(), name()), 1..8),
            offices in prop::collection::vec((name(), 0_usize..8), 0..12),
        ) {
            let id = |n: usize| uuid::Uuid::from_u128(n as u128 + 1);
            let mut people = People::default();
            for (at, (name, short)) in units.iter().enumerate() {
                let unit = UnitId(id(at));
                people.units.insert(unit, UnitBrief { id: unit, name: name.clone(), short: short.clone() });
            }
            for (at, (title, unit)) in offices.iter().enumerate() {
                let office = OfficeId(id(at));
                let unit_id = UnitId(id(unit % units.len()));
                people.offices.insert(office, OfficeBrief { id: office, title: title.clone(), unit_id });
            }
            let names = Names::of(&people);
            for unit in people.units.keys() {
                let label = names.unit(*unit);
                prop_assert_eq!(names.find_unit(&label), Some(*unit), "{:?}", label);
                // As a file keeps it.
                prop_assert_eq!(names.find_unit(&rules::text::nfc(&label)), Some(*unit));
            }
            for office in people.offices.keys() {
                let label = names.office(*office);
                prop_assert_eq!(names.find_office(&label, None), Some(*office), "{:?}", label);
            }
        }
    }

    #[test]
    fn words_of_phases_and_evidence_are_read_back_in_both_languages() {
        for lang in [Lang::Vi, Lang::En] {
            for phase in Phase::ALL {
                assert_eq!(phase_of(&phase_words(lang, *phase)), Some(*phase));
            }
            for kind in EvidenceKind::ALL {
                assert_eq!(evidence_of(&evidence_words(lang, *kind)), *kind);
            }
        }
        assert_eq!(evidence_of("Biên bản nghiệm thu"), EvidenceKind::Minutes);
        assert_eq!(phase_of("giai đoạn lạ"), None);
    }

    #[test]
    fn the_nearest_name_is_the_one_misspelt() {
        assert!(
            likeness("van phong thanh uy", "van phong thnh uy") > likeness("van phong thanh uy", "so y te")
        );
        assert_eq!(likeness("", ""), 1000);
    }
}
