//! The columns an annex can have.

/// A column of the annex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Running number inside the group; never stored.
    Number,
    /// Code.
    Code,
    /// Stream.
    Stream,
    /// *Lĩnh vực*.
    Domain,
    /// *Việc*.
    What,
    /// Lead unit.
    Lead,
    /// Coordinating units.
    Supports,
    /// Lead and coordinating units in one column (*rõ người*).
    Who,
    /// Focal officer.
    Focal,
    /// Accountable office.
    Accountable,
    /// Authority.
    Authority,
    /// Approver.
    Approver,
    /// Who accepts.
    Acceptor,
    /// Start.
    Start,
    /// Deadline.
    Due,
    /// Start and deadline in one column (*rõ tiến độ*).
    When,
    /// Result.
    Result,
    /// Acceptance criteria.
    Criteria,
    /// Evidence kinds.
    Evidence,
    /// Legal basis.
    Basis,
    /// Note.
    Note,
    /// State.
    State,
    /// Percent.
    Percent,
    /// Phase.
    Phase,
    /// Hidden identifier.
    Id,
    /// Hidden exact form of the list columns.
    Exact,
    /// A known column that is derived, such as *quá hạn*; not read.
    Derived,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 27] = [
        Self::Number,
        Self::Code,
        Self::Stream,
        Self::Domain,
        Self::What,
        Self::Lead,
        Self::Supports,
        Self::Who,
        Self::Focal,
        Self::Accountable,
        Self::Authority,
        Self::Approver,
        Self::Acceptor,
        Self::Start,
        Self::Due,
        Self::When,
        Self::Result,
        Self::Criteria,
        Self::Evidence,
        Self::Basis,
        Self::Note,
        Self::State,
        Self::Percent,
        Self::Phase,
        Self::Id,
        Self::Exact,
        Self::Derived,
    ];

    /// Stable name, as kept in the hidden sheet.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Code => "code",
            Self::Stream => "stream",
            Self::Domain => "domain",
            Self::What => "what",
            Self::Lead => "lead",
            Self::Supports => "supports",
            Self::Who => "who",
            Self::Focal => "focal",
            Self::Accountable => "accountable",
            Self::Authority => "authority",
            Self::Approver => "approver",
            Self::Acceptor => "acceptor",
            Self::Start => "start",
            Self::Due => "due",
            Self::When => "when",
            Self::Result => "result",
            Self::Criteria => "criteria",
            Self::Evidence => "evidence",
            Self::Basis => "basis",
            Self::Note => "note",
            Self::State => "state",
            Self::Percent => "percent",
            Self::Phase => "phase",
            Self::Id => "id",
            Self::Exact => "exact",
            Self::Derived => "derived",
        }
    }

    /// Word key of the caption.
    pub fn key(self) -> &'static str {
        match self {
            Self::Number => "annex-field-number",
            Self::Code => "annex-field-code",
            Self::Stream => "annex-field-stream",
            Self::Domain => "annex-field-domain",
            Self::What => "annex-field-what",
            Self::Lead => "annex-field-lead",
            Self::Supports => "annex-field-supports",
            Self::Who => "annex-field-who",
            Self::Focal => "annex-field-focal",
            Self::Accountable => "annex-field-accountable",
            Self::Authority => "annex-field-authority",
            Self::Approver => "annex-field-approver",
            Self::Acceptor => "annex-field-acceptor",
            Self::Start => "annex-field-start",
            Self::Due => "annex-field-due",
            Self::When => "annex-field-when",
            Self::Result => "annex-field-result",
            Self::Criteria => "annex-field-criteria",
            Self::Evidence => "annex-field-evidence",
            Self::Basis => "annex-field-basis",
            Self::Note => "annex-field-note",
            Self::State => "annex-field-state",
            Self::Percent => "annex-field-percent",
            Self::Phase => "annex-field-phase",
            Self::Id => "annex-field-id",
            Self::Exact => "annex-field-exact",
            Self::Derived => "annex-field-derived",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    fn bit(self) -> u32 {
        Self::ALL
            .iter()
            .position(|field| *field == self)
            .and_then(|at| u32::try_from(at).ok())
            .map_or(0, |at| 1 << at)
    }
}

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct FieldSet(u32);

impl FieldSet {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// What a whole export states: every field of a task.
    pub fn whole() -> Self {
        DATA.into_iter().collect()
    }

    /// Whether the field is in the set.
    pub fn has(self, field: Field) -> bool {
        self.0 & field.bit() != 0
    }

    /// Adds a field.
    pub fn add(&mut self, field: Field) {
        self.0 |= field.bit();
    }

    /// The fields, in table order.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.has(*field))
    }
}

impl FromIterator<Field> for FieldSet {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let mut set = Self::NONE;
        for field in fields {
            set.add(field);
        }
        set
    }
}

/// The fields that carry content of a task.
pub(super) const DATA: [Field; 21] = [
    Field::Code,
    Field::Stream,
    Field::Domain,
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
    Field::State,
    Field::Percent,
    Field::Phase,
];
