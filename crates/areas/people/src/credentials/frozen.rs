//! The lines of a freeze: one of canonical JSON for each person, a hash over them, and what differs between two.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use platform::{
    db::{DbError, Tx},
    params, sql,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::CredentialError;
use crate::delegates::{
    model::{Category, Participant, ParticipantId, Private, Sex, Standing, Status},
    query as roll,
};

/// Restricted facts: read with the right to them, or counted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restricted {
    /// Dân tộc.
    pub ethnicity: String,
    /// Tôn giáo.
    pub religion: String,
}

impl std::fmt::Debug for Restricted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Restricted(…)")
    }
}

/// What a freeze keeps of a delegate. The order of the fields is the order in the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Sex.
    pub sex: Option<Sex>,
    /// Day of birth.
    pub born: Option<Date>,
    /// Chức vụ, đơn vị.
    pub position: String,
    /// The unit that elected or sent them.
    pub delegation: String,
    /// How they became a delegate.
    pub standing: Option<Standing>,
    /// Dự khuyết.
    pub alternate: bool,
    /// Their group.
    pub group_no: Option<u16>,
    /// Day of admission to the Party.
    pub joined: Option<Date>,
    /// Day of full membership.
    pub official: Option<Date>,
    /// Giáo dục phổ thông.
    pub schooling: String,
    /// Trình độ chuyên môn.
    pub qualification: String,
    /// Học hàm.
    pub academic_title: String,
    /// Lý luận chính trị.
    pub theory: String,
    /// Khối công tác.
    pub occupation: String,
    /// Huy hiệu Đảng.
    pub party_badge: Option<u8>,
    /// Khen thưởng.
    pub awards: String,
    /// What not everybody may read.
    pub restricted: Restricted,
}

/// Somebody as frozen. Others than delegates have no facts: the report does not count them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Who.
    pub participant: ParticipantId,
    /// Their code.
    pub code: String,
    /// Họ và tên.
    pub name: String,
    /// Why they are there.
    pub category: Category,
    /// How they stand to the summons.
    pub status: Status,
    /// Facts of a delegate.
    pub facts: Option<Facts>,
}

impl Line {
    fn of(one: Participant, private: Option<&Private>, units: &HashMap<String, String>) -> Self {
        let category = one.category();
        let profile = one.profile;
        let facts = (category == Category::Delegate).then(|| Facts {
            sex: profile.sex,
            born: profile.born,
            position: profile.position,
            delegation: profile
                .delegation
                .and_then(|id| units.get(&id.to_string()).cloned())
                .unwrap_or_default(),
            standing: profile.standing,
            alternate: profile.alternate,
            group_no: profile.group_no,
            joined: profile.joined,
            official: profile.official,
            schooling: profile.schooling,
            qualification: profile.qualification,
            academic_title: profile.academic_title,
            theory: profile.theory,
            occupation: profile.occupation,
            party_badge: profile.party_badge,
            awards: profile.awards,
            restricted: private.map_or_else(Restricted::default, |private| Restricted {
                ethnicity: private.ethnicity.clone(),
                religion: private.religion.clone(),
            }),
        });
        Self { participant: one.id, code: one.code, name: profile.name, category, status: one.status, facts }
    }

    /// The facts of a delegate who is summoned; none for alternates and all others.
    pub fn summoned(&self) -> Option<&Facts> {
        self.facts.as_ref().filter(|facts| !facts.alternate)
    }

    /// The line as it is kept and hashed.
    ///
    /// # Errors
    /// [`DbError::Other`] when it cannot be written as JSON, which no line can.
    pub fn json(&self) -> Result<String, DbError> {
        serde_json::to_string(self).map_err(|error| DbError::Other(error.to_string()))
    }

    /// Without what this reader may not see.
    #[must_use]
    pub fn seen(mut self, restricted: bool) -> Self {
        if let Some(facts) = self.facts.as_mut().filter(|_| !restricted) {
            facts.restricted = Restricted::default();
        }
        self
    }
}

/// The roll as it stands now, by code.
///
/// # Errors
/// Any [`DbError`].
pub fn present(tx: &mut Tx<'_>) -> Result<Vec<Line>, DbError> {
    let privates = roll::privates(tx)?;
    let units: HashMap<String, String> =
        roll::delegations(tx)?.into_iter().map(|unit| (unit.id.to_string(), unit.name)).collect();
    let mut lines: Vec<Line> = roll::everybody(tx)?
        .into_iter()
        .filter(|one| one.status.is_on_roll())
        .map(|one| {
            let private = privates.get(&one.id);
            Line::of(one, private, &units)
        })
        .collect();
    lines.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(lines)
}

/// SHA-256 over the sorted lines, each ended by a line feed.
pub fn hash(lines: &[String]) -> String {
    let mut sorted: Vec<&String> = lines.iter().collect();
    sorted.sort_unstable();
    let mut hash = Sha256::new();
    for line in sorted {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    platform::hex(&hash.finalize())
}

/// The lines of a freeze by code, checked against its hash.
///
/// # Errors
/// [`CredentialError::Broken`] when they are not what was frozen.
pub fn lines(tx: &mut Tx<'_>, no: u32, kept: &str) -> Result<Vec<Line>, CredentialError> {
    let rows: Vec<platform::db::Row> =
        tx.query(sql!("SELECT line FROM roll_freeze_row WHERE freeze_no = $1"), params![no])?;
    let texts: Vec<String> = rows.iter().map(|row| row.get("line")).collect::<Result<_, _>>()?;
    if hash(&texts) != kept {
        return Err(CredentialError::Broken);
    }
    let mut lines: Vec<Line> = texts
        .iter()
        .map(|text| serde_json::from_str(text).map_err(|_| CredentialError::Broken))
        .collect::<Result<_, _>>()?;
    lines.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(lines)
}

/// What became of somebody after the freeze.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// Came onto the roll.
    Added,
    /// Left it: withdrawn or replaced.
    Removed,
    /// These fields are others.
    Changed,
}

/// Somebody who stands otherwise now than frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Their code.
    pub code: String,
    /// Their name, as it is now where there is one.
    pub name: String,
    /// What became of them.
    pub became: Became,
    /// The names of the fields; never what stands in them.
    pub fields: Vec<&'static str>,
}

/// Who stands otherwise now than frozen, by code.
pub fn differences(frozen: &[Line], now: &[Line]) -> Vec<Difference> {
    let before: BTreeMap<ParticipantId, &Line> = frozen.iter().map(|line| (line.participant, line)).collect();
    let after: BTreeMap<ParticipantId, &Line> = now.iter().map(|line| (line.participant, line)).collect();
    let mut out = Vec::new();
    let said = |line: &Line, became, fields| Difference {
        code: line.code.clone(),
        name: line.name.clone(),
        became,
        fields,
    };
    for (id, line) in &before {
        match after.get(id) {
            None => out.push(said(line, Became::Removed, Vec::new())),
            Some(other) if other != line => out.push(said(other, Became::Changed, fields(line, other))),
            Some(_) => {}
        }
    }
    out.extend(
        after
            .iter()
            .filter(|(id, _)| !before.contains_key(id))
            .map(|(_, line)| said(line, Became::Added, Vec::new())),
    );
    out.sort_by(|a, b| a.code.cmp(&b.code));
    out
}

fn fields(a: &Line, b: &Line) -> Vec<&'static str> {
    let mut out = Vec::new();
    macro_rules! differ {
        ($x:expr, $y:expr; $($field:ident),*) => { $(if $x.$field != $y.$field { out.push(stringify!($field)); })* };
    }
    differ!(a, b; code, name, category, status);
    if let (Some(x), Some(y)) = (&a.facts, &b.facts) {
        differ!(x, y; sex, born, position, delegation, standing, alternate, group_no, joined, official, schooling,
            qualification, academic_title, theory, occupation, party_badge, awards);
        differ!(x.restricted, y.restricted; ethnicity, religion);
    }
    out
}
