//! What a venue is, and what people write down about it.
//!
//! Lengths are millimetres, areas hundredths of a square metre, volumes cubic metres, weights hundredths of a
//! percent: whole numbers, so that nothing drifts.

use jiff::{Timestamp, civil::Date};
use platform::{files::FileId, id, identity::OfficeId, identity::PersonId, row};
use rules::{
    ahp,
    egress::{FireGrade, Use},
    scoring::Gate,
    venue::VenueState,
};
use serde::{Deserialize, Serialize};

use crate::{decisions::model::DecisionId, tasks::model::TaskId};
use platform::names;

id! {
    /// A venue.
    VenueId,
    /// A space of a venue.
    SpaceId,
    /// A round of surveys.
    RoundId,
    /// One office's form about one venue.
    SurveyId,
    /// A photograph or a drawing.
    PhotoId,
    /// A recommendation, and the decision that follows it.
    RecommendationId,
    /// A hand-over or a hand-back.
    HandoverId,
}

names! {
    /// What a criterion asks for.
    CriterionKind {
        /// Chấm điểm 0–10.
        Score = "diem",
        /// Điều kiện bắt buộc, judged with evidence.
        Gate = "dieu_kien",
        /// Điều kiện bắt buộc that is computed: capacity and egress of the main space.
        Egress = "thoat_nan",
    }
}

names! {
    /// Where weights come from.
    Method {
        /// Points that add up to 100.
        Points = "diem",
        /// Comparing groups two at a time.
        Ahp = "ahp",
    }
}

names! {
    /// What a picture is for.
    PhotoKind {
        /// Ảnh khảo sát.
        Survey = "khao_sat",
        /// Hiện trạng trước khi nhận.
        Before = "truoc",
        /// Hiện trạng khi trả.
        After = "sau",
        /// Bản vẽ.
        Drawing = "ban_ve",
        /// Phối cảnh.
        Perspective = "phoi_canh",
        /// Minh chứng của một điều kiện.
        Evidence = "minh_chung",
    }
}

names! {
    /// Taking over or giving back.
    HandoverKind {
        /// Bàn giao.
        Over = "ban_giao",
        /// Hoàn trả.
        Back = "hoan_tra",
    }
}

/// What people write down about a venue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VenueFields {
    /// A short code, unique: A, B, C.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// What it is: hội trường, trung tâm hội nghị, nhà hát.
    pub kind: String,
    /// Whose it is.
    pub owner: String,
    /// Latitude and longitude as typed: "10.7769, 106.7009".
    pub geo: String,
    /// A remark.
    pub note: String,
}

row! {
    /// A venue as it stands.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Venue {
        /// Its id.
        pub id: VenueId,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: String,
        /// Where it is.
        pub address: String,
        /// What it is.
        pub kind: String,
        /// Whose it is.
        pub owner: String,
        /// Latitude and longitude.
        pub geo: String,
        /// A remark.
        pub note: String,
        /// Where it stands.
        pub state: VenueState,
        /// Grows with each change; an edit names the version it saw.
        pub version: i64,
        /// When it was last changed.
        pub updated_at: Timestamp,
        /// By which office.
        pub updated_by: String,
    }
}

impl Venue {
    /// What people wrote down.
    pub fn fields(&self) -> VenueFields {
        VenueFields {
            code: self.code.clone(),
            name: self.name.clone(),
            address: self.address.clone(),
            kind: self.kind.clone(),
            owner: self.owner.clone(),
            geo: self.geo.clone(),
            note: self.note.clone(),
        }
    }
}

/// One way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exit {
    /// How it is called: "Cửa 1".
    pub name: String,
    /// Bề rộng thông thủy, millimetres.
    pub clear_width_mm: u32,
    /// Clear height, millimetres.
    #[serde(default)]
    pub clear_height_mm: Option<u32>,
    /// Where it leads: hành lang, sân, buồng thang.
    #[serde(default)]
    pub leads_to: String,
}

/// What people write down about a space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpaceFields {
    /// Its name.
    pub name: String,
    /// What it is used for: `hoi_truong`, `phong_hop`, `trien_lam`, `sanh`, `van_phong`, `bep`, `khac`.
    #[schema(value_type = String, example = "hoi_truong")]
    pub used_as: Use,
    /// Whether it is the hall where the congress sits; one of a venue.
    #[serde(default)]
    pub main: bool,
    /// Floor area, hundredths of a square metre.
    #[serde(default)]
    pub area: Option<u32>,
    /// Seats by design.
    #[serde(default)]
    pub seats: Option<u32>,
    /// Volume, m³.
    #[serde(default)]
    pub volume_m3: Option<u32>,
    /// Bậc chịu lửa: I to V.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "II")]
    pub grade: Option<FireGrade>,
    /// Whether sprinklers cover it.
    #[serde(default)]
    pub sprinkler: bool,
    /// Its largest diagonal, millimetres.
    #[serde(default)]
    pub diagonal_mm: Option<u32>,
    /// Between the two exits farthest from each other, millimetres.
    #[serde(default)]
    pub apart_mm: Option<u32>,
    /// The longest way to an exit, millimetres.
    #[serde(default)]
    pub travel_mm: Option<u32>,
    /// The longest way out of a dead end, millimetres.
    #[serde(default)]
    pub dead_end_mm: Option<u32>,
    /// People for each square metre on the way out, tenths.
    #[serde(default)]
    pub density_tenths: Option<u32>,
    /// A remark.
    #[serde(default)]
    pub note: String,
    /// Its ways out.
    #[serde(default)]
    pub exits: Vec<Exit>,
}

/// A space as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Space {
    /// Its id.
    pub id: SpaceId,
    /// Its venue.
    pub venue: VenueId,
    /// What people wrote down.
    #[serde(flatten)]
    pub fields: SpaceFields,
    /// Grows with each change.
    pub version: i64,
}

impl SpaceFields {
    /// As the screening reads it.
    pub fn measured(&self) -> rules::egress::Space {
        rules::egress::Space {
            used_as: self.used_as,
            area: self.area,
            seats: self.seats,
            volume_m3: self.volume_m3,
            grade: self.grade,
            sprinkler: self.sprinkler,
            diagonal_mm: self.diagonal_mm,
            apart_mm: self.apart_mm,
            travel_mm: self.travel_mm,
            dead_end_mm: self.dead_end_mm,
            density_tenths: self.density_tenths,
            exits: self
                .exits
                .iter()
                .map(|exit| rules::egress::Exit {
                    name: exit.name.clone(),
                    clear_width_mm: exit.clear_width_mm,
                    clear_height_mm: exit.clear_height_mm,
                })
                .collect(),
        }
    }
}

/// One criterion of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its code, the same through all versions: T6, K2. Ratings stand under it.
    pub code: String,
    /// What it asks for.
    pub kind: CriterionKind,
    /// Its name.
    pub name: String,
    /// The group it belongs to when groups are compared.
    #[serde(default)]
    pub cluster: String,
    /// Its weight, hundredths of a percent; when groups are compared and this comes in, its share of its group.
    #[serde(default)]
    pub weight: u32,
    /// What 10 means.
    #[serde(default)]
    pub high: String,
    /// What 5 means.
    #[serde(default)]
    pub middle: String,
    /// What 0 means.
    #[serde(default)]
    pub low: String,
    /// What must be shown.
    #[serde(default)]
    pub evidence: String,
}

/// Groups compared two at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The groups.
    pub groups: Vec<String>,
    /// One answer for each pair in the order of the wizard: 3 means the first matters three times as much,
    /// −3 the second.
    #[schema(value_type = Vec<i8>)]
    pub answers: Vec<ahp::Answer>,
}

/// A new version of the criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCriteria {
    /// The version that was on the screen; 0 for the first.
    pub after: u32,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The criteria in their order.
    pub criteria: Vec<Criterion>,
    /// When weights come from comparing groups.
    #[serde(default)]
    pub comparison: Option<Comparison>,
}

/// A version of the criteria; it never changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Criteria {
    /// 1, 2, 3 …
    pub no: u32,
    /// Where the weights come from.
    pub method: Method,
    /// The comparison behind them.
    pub comparison: Option<Comparison>,
    /// Why it was made.
    pub reason: String,
    /// When.
    pub made_at: Timestamp,
    /// By which office.
    pub made_by: String,
    /// The criteria in their order.
    pub criteria: Vec<Criterion>,
}

impl Criteria {
    /// Criteria that are rated, in order.
    pub fn scored(&self) -> impl Iterator<Item = &Criterion> {
        self.criteria.iter().filter(|criterion| criterion.kind == CriterionKind::Score)
    }

    /// Gates, in order.
    pub fn gates(&self) -> impl Iterator<Item = &Criterion> {
        self.criteria.iter().filter(|criterion| criterion.kind != CriterionKind::Score)
    }

    /// The criterion of a code.
    pub fn get(&self, code: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.code == code)
    }
}

row! {
    /// A round of surveys.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Round {
        /// Its id.
        pub id: RoundId,
        /// 1, 2, 3 …
        pub no: u32,
        /// Its name.
        pub name: String,
        /// People expected in the hall.
        pub people: u32,
        /// Reserve, percent.
        pub reserve: u32,
        /// When it was opened.
        pub opened_at: Timestamp,
        /// When it was closed.
        pub closed_at: Option<Timestamp>,
    }
}

row! {
    /// One office's form about one venue.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Survey {
        /// Its id.
        pub id: SurveyId,
        /// The round.
        pub round: RoundId,
        /// The venue.
        pub venue: VenueId,
        /// The office that surveys.
        pub office: OfficeId,
        /// When it was asked to.
        pub assigned_at: Timestamp,
        /// When it handed in.
        pub handed_in_at: Option<Timestamp>,
    }
}

/// What a record of a form says. The subject follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Content {
    /// A rating.
    Rating {
        /// The criterion.
        code: String,
        /// 0–10.
        value: u8,
        /// A remark.
        #[serde(default)]
        note: String,
    },
    /// What was found about a gate; the gate is judged at the desk.
    Gate {
        /// The gate.
        code: String,
        /// What was found.
        #[schema(value_type = String, example = "dat")]
        result: Gate,
        /// On which condition.
        #[serde(default)]
        condition: String,
        /// What was seen.
        #[serde(default)]
        note: String,
    },
    /// A way out that was measured.
    Exit {
        /// Which, named by the device: any short text without a slash.
        id: String,
        /// The space, where the surveyor knows it.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = Uuid)]
        space: Option<SpaceId>,
        /// What was measured.
        exit: Exit,
        /// Struck out again.
        #[serde(default)]
        removed: bool,
    },
    /// A remark about the whole venue.
    Note {
        /// The text.
        text: String,
    },
}

impl Content {
    /// What the record is about.
    pub fn subject(&self) -> String {
        match self {
            Self::Rating { code, .. } => format!("rating/{code}"),
            Self::Gate { code, .. } => format!("gate/{code}"),
            Self::Exit { id, .. } => format!("exit/{id}"),
            Self::Note { .. } => "note".to_owned(),
        }
    }
}

/// A record as a device sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// 1, 2, 3 … of this device; with the device it names the record for good.
    pub sequence: u64,
    /// The highest place of the form's record that the device had seen when this was written; 0 for none.
    #[serde(default)]
    pub seen: u64,
    /// When it was written, by the device's clock.
    #[schema(value_type = String, format = DateTime)]
    pub written_at: Timestamp,
    /// What it says.
    pub content: Content,
}

/// A record as it was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Its place in the form's record.
    pub place: u64,
    /// The device.
    pub device: String,
    /// Its sequence on that device.
    pub sequence: u64,
    /// What the device had seen.
    pub seen: u64,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub content: Content,
    /// Why it was chosen, for a choice between records that disagree.
    pub reason: String,
    /// Who wrote it; shown to those who may choose.
    #[serde(skip)]
    pub person: Option<PersonId>,
    /// By which office.
    pub office: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it arrived.
    pub received_at: Timestamp,
}

/// What became of a record that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Taken in.
    Accepted {
        /// Its place.
        place: u64,
    },
    /// Was here already; the device may forget it.
    Duplicate {
        /// Its place.
        place: u64,
    },
    /// Taken in and kept beside another that says something else; a person chooses.
    Conflict {
        /// Its place.
        place: u64,
    },
    /// Not taken in.
    Refused {
        /// Why, as a stable name.
        slug: &'static str,
        /// Why, as a message key.
        #[serde(skip)]
        key: &'static str,
    },
}

impl Verdict {
    /// Why it was not taken in, as a message key.
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Refused { key, .. } => Some(key),
            Self::Accepted { .. } | Self::Duplicate { .. } | Self::Conflict { .. } => None,
        }
    }
}

/// A form with everything on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Form {
    /// The form.
    pub survey: Survey,
    /// All records in the order of arrival.
    pub records: Vec<Record>,
    /// The record that stands for each subject, by place.
    pub standing: Vec<u64>,
    /// Records that disagree.
    pub cases: Vec<rules::merge::Case>,
    /// The highest place; what a device that reads this has seen.
    pub seen: u64,
}

impl Form {
    /// The records that stand.
    pub fn answers(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| self.standing.contains(&record.place))
    }

    /// The rating that stands for a criterion, and its remark.
    pub fn rating(&self, code: &str) -> Option<(u8, &str)> {
        self.answers().find_map(|record| match &record.content {
            Content::Rating { code: of, value, note } if of == code => Some((*value, note.as_str())),
            _ => None,
        })
    }

    /// A record by its place.
    pub fn record(&self, place: u64) -> Option<&Record> {
        self.records.iter().find(|record| record.place == place)
    }
}

/// A picture with what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Photo {
    /// Its id.
    pub id: PhotoId,
    /// The venue.
    pub venue: VenueId,
    /// The form it came with.
    pub survey: Option<SurveyId>,
    /// The space it shows.
    pub space: Option<SpaceId>,
    /// What it is about: `rating/T6`, `gate/K2`, or empty.
    pub subject: String,
    /// What it is for.
    pub kind: PhotoKind,
    /// The file.
    pub file: FileId,
    /// The file's hash, hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// What it shows.
    pub caption: String,
    /// When it came.
    pub added_at: Timestamp,
    /// By which office.
    pub added_by: String,
}

row! {
    /// A gate as it was judged.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Judgement {
        /// The venue.
        pub venue: VenueId,
        /// The gate.
        pub code: String,
        /// How it came out.
        pub result: Gate,
        /// On which condition.
        pub condition: String,
        /// What was shown.
        pub evidence: String,
        /// When.
        pub at: Timestamp,
        /// By which office.
        pub judged_by: String,
    }
}

row! {
    /// What was said about ratings that lie far apart.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Discussion {
        /// The venue.
        pub venue: VenueId,
        /// The criterion.
        pub code: String,
        /// The lowest rating that was talked about.
        pub low: u8,
        /// The highest.
        pub high: u8,
        /// What was said.
        pub note: String,
        /// When.
        pub at: Timestamp,
        /// By which office.
        pub written_by: String,
    }
}

/// A recommendation, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// Its id.
    pub id: RecommendationId,
    /// The round.
    pub round: RoundId,
    /// Which venue is recommended.
    pub venue: VenueId,
    /// The version of the criteria it stands on.
    pub criteria: u32,
    /// Why.
    pub reason: String,
    /// SHA-256 of the frozen content, hexadecimal.
    pub sha256: String,
    /// When.
    pub made_at: Timestamp,
    /// By which office.
    pub made_by: String,
    /// When and why it came back, and from which office.
    pub returned: Option<(Timestamp, String, String)>,
    /// The signed decision.
    pub decision: Option<Decision>,
}

/// A signed decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Which venue was chosen; not always the recommended one.
    pub venue: VenueId,
    /// Why.
    pub reason: String,
    /// SHA-256 of the content that was signed.
    pub sha256: String,
    /// Its entry in the register of decisions.
    pub register: DecisionId,
    /// When.
    pub signed_at: Timestamp,
    /// By which office.
    pub signed_by: String,
    /// Tasks that came from it.
    pub tasks: Vec<TaskId>,
}

/// Taking a venue over or giving it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHandover {
    /// Which.
    pub kind: HandoverKind,
    /// On which day.
    #[schema(value_type = String, format = Date)]
    pub on_day: Date,
    /// With whom, by office.
    pub other_party: String,
    /// The state of the place, and what is to be repaired.
    pub condition: String,
}

row! {
    /// A hand-over as it was written down.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Handover {
        /// Its id.
        pub id: HandoverId,
        /// The venue.
        pub venue: VenueId,
        /// Which.
        pub kind: HandoverKind,
        /// On which day.
        pub on_day: Date,
        /// With whom.
        pub other_party: String,
        /// The state of the place.
        pub condition: String,
        /// The photographs with their hashes, as JSON.
        pub content: String,
        /// SHA-256 of that, hexadecimal.
        pub sha256: String,
        /// When it was written down.
        pub made_at: Timestamp,
        /// By which office.
        pub made_by: String,
    }
}
