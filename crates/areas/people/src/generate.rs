//! A roll of people who do not exist: names as they are built in Vietnam, ages, units, standings, spread as a
//! [`Shape`] says. The same shape and seed give the same roll.
//!
//! Identity numbers begin with a province that is not, telephone numbers with a prefix that no network has, and
//! mail goes to a domain kept for examples, so that nothing here can belong to anybody.
// words: data — names, units and posts of people who do not exist

use std::collections::HashMap;

use jiff::{
    ToSpan as _,
    civil::{Date, date},
};
use platform::{
    audit::Event,
    db::{Done, WriteTx},
    identity::store::new_id,
    params, sql,
};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rules::text::fold;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::delegates::{
    DelegateError, TOPIC, clean,
    model::{
        Category, Delegation, DelegationId, Group, GroupRole, Organ, ParticipantId, Private, Profile, Sex,
        Standing,
    },
    query,
    store::{self, NewParticipant},
};

/// How a roll is spread. Shares are weights: only their relation counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Delegates, without alternates.
    pub delegates: u32,
    /// How many of them are ex officio.
    pub ex_officio: u32,
    /// How many of them are elected; the rest is appointed.
    pub elected: u32,
    /// Alternates beside them.
    pub alternates: u32,
    /// Guests, press, service, security, technical and medical staff together.
    pub others: u32,
    /// How the others divide.
    pub categories: Vec<(Category, u32)>,
    /// Groups of delegates.
    pub groups: u16,
    /// Members of organs.
    pub organs: Vec<(Organ, u32)>,
    /// Units that send delegates.
    pub delegations: u32,
    /// Women of a thousand.
    pub women: u32,
    /// Of other ethnicities than Kinh, of a thousand.
    pub minorities: u32,
    /// With a religion, of a thousand.
    pub religious: u32,
    /// With a name of two words, of a thousand.
    pub short_names: u32,
    /// With a name of six words or more, of a thousand.
    pub long_names: u32,
    /// Ages at the congress: from, to, weight.
    pub ages: Vec<(u8, u8, u32)>,
    /// Trình độ chuyên môn.
    pub qualifications: Vec<(&'static str, u32)>,
    /// Lý luận chính trị.
    pub theories: Vec<(&'static str, u32)>,
    /// Giáo dục phổ thông.
    pub schooling: Vec<(&'static str, u32)>,
    /// The last day of the congress, at which ages count.
    pub on: Date,
}

impl Default for Shape {
    /// 547 delegates, 106 of them ex officio, in 12 groups, and 450 others (domain reference 1); ages, degrees and
    /// theory as the published report of the congress of 2015 has them (domain reference 3.5).
    fn default() -> Self {
        Self::of(547, 450)
    }
}

impl Shape {
    /// The default shape for another number of people.
    pub fn of(delegates: u32, others: u32) -> Self {
        let part = |of: u64| u32::try_from((u64::from(delegates) * of + 273) / 547).unwrap_or(u32::MAX);
        let groups = u16::try_from(delegates.div_ceil(46)).unwrap_or(999).clamp(1, 999);
        Self {
            delegates,
            ex_officio: part(106),
            elected: 0,
            alternates: 0,
            others,
            categories: vec![
                (Category::Guest, 200),
                (Category::Press, 90),
                (Category::Service, 80),
                (Category::Security, 40),
                (Category::Technical, 25),
                (Category::Medical, 15),
            ],
            groups: if delegates == 0 { 0 } else { groups },
            organs: vec![(Organ::Presidium, 11), (Organ::Secretariat, 3), (Organ::Credentials, 5)],
            delegations: delegates.div_ceil(9).clamp(1, 400),
            women: 285,
            minorities: 40,
            religious: 60,
            short_names: 30,
            long_names: 12,
            ages: vec![(26, 29, 1), (30, 40, 52), (41, 50, 152), (51, 60, 235), (61, 70, 4), (71, 76, 1)],
            qualifications: vec![("Tiến sĩ", 36), ("Thạc sĩ", 151), ("Đại học", 257), ("Đang học", 1)],
            theories: vec![("Cử nhân", 120), ("Cao cấp", 303), ("Trung cấp", 22)],
            schooling: vec![("12/12", 410), ("10/10", 35)],
            on: date(2025, 10, 15),
        }
    }
}

/// A made roll.
#[derive(Debug, Clone)]
pub struct Roll {
    /// The units, with ids of their own.
    pub delegations: Vec<Delegation>,
    /// The groups.
    pub groups: Vec<Group>,
    /// Everybody, delegates first.
    pub people: Vec<NewParticipant>,
}

const FAMILIES: &[(&str, u32)] = &[
    ("Nguyễn", 315),
    ("Trần", 109),
    ("Lê", 85),
    ("Phạm", 59),
    ("Huỳnh", 45),
    ("Phan", 40),
    ("Võ", 38),
    ("Vũ", 20),
    ("Đặng", 28),
    ("Bùi", 25),
    ("Đỗ", 20),
    ("Hồ", 19),
    ("Ngô", 18),
    ("Dương", 15),
    ("Lý", 10),
    ("Trương", 22),
    ("Đinh", 12),
    ("Mai", 9),
    ("Lâm", 9),
    ("Tô", 5),
    ("Cao", 8),
    ("Đoàn", 9),
    ("Thái", 4),
    ("Quách", 3),
];
const MIDDLE_M: &[&str] = &[
    "Văn", "Minh", "Hữu", "Đức", "Quốc", "Thanh", "Hoàng", "Công", "Xuân", "Ngọc", "Anh", "Trọng", "Thành",
    "Đình", "Bá", "Gia", "Phước", "Tấn",
];
const MIDDLE_F: &[&str] = &[
    "Thị",
    "Thị",
    "Thị",
    "Ngọc",
    "Thanh",
    "Minh",
    "Thu",
    "Kim",
    "Phương",
    "Hoàng",
    "Bích",
    "Mỹ",
    "Thị Thu",
    "Thị Ngọc",
    "Thị Kim",
    "Thị Minh",
];
const GIVEN_M: &[&str] = &[
    "An", "Bảo", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hòa", "Hùng", "Huy", "Khoa", "Kiên", "Lâm",
    "Long", "Nam", "Nghĩa", "Phong", "Phúc", "Quang", "Quân", "Sơn", "Tài", "Tâm", "Thắng", "Thịnh", "Toàn",
    "Trí", "Trung", "Tuấn", "Tùng", "Việt", "Vinh", "Ân", "Ý",
];
const GIVEN_F: &[&str] = &[
    "Anh",
    "Ánh",
    "Chi",
    "Cúc",
    "Diệp",
    "Dung",
    "Duyên",
    "Giang",
    "Hà",
    "Hạnh",
    "Hiền",
    "Hoa",
    "Hồng",
    "Hương",
    "Lan",
    "Liên",
    "Linh",
    "Loan",
    "Mai",
    "Nga",
    "Ngân",
    "Nhung",
    "Oanh",
    "Phượng",
    "Quyên",
    "Tâm",
    "Thảo",
    "Thủy",
    "Trang",
    "Tuyết",
    "Uyên",
    "Vân",
    "Yến",
];
const LONG_F: &[&str] = &[
    "Công Tằng Tôn Nữ Hoàng Nguyên",
    "Công Huyền Tôn Nữ Thị Ngọc",
    "Nguyễn Phúc Tôn Nữ Bảo Quỳnh",
    "Hoàng Nguyễn Lê Thị Minh",
];
const LONG_M: &[&str] = &[
    "Nguyễn Phúc Bảo Vĩnh Thiên",
    "Lê Trần Hoàng Đình Quốc",
    "Đặng Nguyễn Gia Hữu Minh",
    "Võ Lê Trần Anh Đức",
];
/// Ethnicity, families, men's and women's given names; an empty list of families stands for names of one word.
type Folk = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);
const FOLK: &[Folk] = &[
    (
        "Hoa",
        &["Lý", "Trần", "Quách", "Huỳnh", "Lưu"],
        &["Chí Cường", "Vĩnh Phát", "Kiến Minh"],
        &["Mỹ Linh", "Tú Anh"],
    ),
    (
        "Khmer",
        &["Thạch", "Danh", "Sơn", "Kim", "Châu"],
        &["Sóc Kha", "Rươne", "Đa Ra"],
        &["Sa Rinh", "Thị Sô Phia"],
    ),
    ("Chăm", &["Từ", "Đàng", "Thành", "Báo"], &["Văn Phận", "Năng Thọ"], &["Thị Kiều Dung", "Nữ Hoàng"]),
    ("Tày", &["Nông", "Hoàng", "Bế", "Chu"], &["Văn Thuận", "Đức Lượng"], &["Thị Nhàn", "Thị Bích"]),
    ("Cơ Ho", &[], &["K'Brếu", "K'Tư", "K'Sơn"], &["Ka'Hương", "Ka'Thúy"]),
];
const WARD_A: &[&str] = &["An", "Bình", "Tân", "Phú", "Hòa", "Long", "Vĩnh", "Thạnh", "Xuân", "Hiệp"];
const WARD_B: &[&str] = &["Lợi", "Mỹ", "Thành", "Đông", "Phước", "Lộc", "Hưng", "Khánh", "Trung", "Thới"];
const BODIES: &[(&str, &str)] = &[
    ("Đảng bộ các cơ quan Đảng Thành phố", "Đảng, đoàn thể"),
    ("Đảng bộ Ủy ban nhân dân Thành phố", "Chính quyền"),
    ("Đảng bộ Công an Thành phố", "Công an"),
    ("Đảng bộ Quân sự Thành phố", "Quân đội"),
    ("Đảng bộ Đại học Thành phố", "Giáo dục, y tế"),
    ("Đảng bộ Tổng công ty Công nghiệp", "Doanh nghiệp"),
    ("Đảng bộ Tổng công ty Thương mại", "Doanh nghiệp"),
];
const POSTS: &[&str] = &[
    "Bí thư Đảng ủy",
    "Phó Bí thư Thường trực Đảng ủy",
    "Phó Bí thư Đảng ủy, Chủ tịch Ủy ban nhân dân",
    "Ủy viên Ban Thường vụ, Trưởng Ban Xây dựng Đảng",
    "Ủy viên Ban Thường vụ, Chủ nhiệm Ủy ban Kiểm tra",
    "Ủy viên Ban Chấp hành, Chủ tịch Ủy ban Mặt trận Tổ quốc",
    "Ủy viên Ban Chấp hành, Bí thư Đoàn Thanh niên",
    "Bí thư Chi bộ",
    "Trưởng phòng",
];
const OTHER_POSTS: &[(Category, &[&str])] = &[
    (
        Category::Guest,
        &[
            "Nguyên Ủy viên Ban Chấp hành",
            "Cán bộ lão thành",
            "Đại diện tổ chức tôn giáo",
            "Đại diện doanh nghiệp",
        ],
    ),
    (Category::Press, &["Phóng viên", "Biên tập viên", "Quay phim", "Phóng viên ảnh"]),
    (Category::Service, &["Cán bộ lễ tân", "Tài xế", "Cán bộ hậu cần", "Tình nguyện viên"]),
    (Category::Security, &["Cán bộ kiểm soát cổng", "Cán bộ tuần tra"]),
    (Category::Technical, &["Kỹ thuật viên âm thanh", "Kỹ thuật viên mạng", "Kỹ thuật viên màn hình"]),
    (Category::Medical, &["Bác sĩ", "Điều dưỡng"]),
];
const AGENCIES: &[&str] =
    &["Báo Thành phố Mẫu", "Đài Phát thanh và Truyền hình Mẫu", "Tạp chí Xây dựng Mẫu", "Thông tấn Mẫu"];
const RELIGIONS: &[&str] = &["Phật giáo", "Công giáo", "Cao Đài", "Tin Lành", "Phật giáo Hòa Hảo"];
const BADGES: &[u8] = &[90, 85, 80, 75, 70, 65, 60, 55, 50, 45, 40, 30];

struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0.random_range(0..most.max(1))
    }
    fn of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }
    fn word(&mut self, list: &[&'static str]) -> &'static str {
        self.of(list).copied().unwrap_or_default()
    }
    fn chance(&mut self, of_thousand: u32) -> bool {
        self.0.random_range(0..1000) < of_thousand
    }
    fn weighted<T: Copy>(&mut self, list: &[(T, u32)]) -> Option<T> {
        let sum: u32 = list.iter().map(|(_, weight)| *weight).sum();
        if sum == 0 {
            return None;
        }
        let mut at = self.0.random_range(0..sum);
        for (one, weight) in list {
            if at < *weight {
                return Some(*one);
            }
            at -= weight;
        }
        None
    }
    fn between(&mut self, from: i32, to: i32) -> i32 {
        self.0.random_range(from..=to.max(from))
    }
    fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }
}

/// The name of somebody, with their ethnicity.
fn name(dice: &mut Dice, shape: &Shape, sex: Sex) -> (String, &'static str) {
    let woman = sex == Sex::Female;
    if dice.chance(shape.minorities)
        && let Some((folk, families, men, women)) = dice.of(FOLK)
    {
        let given = dice.word(if woman { women } else { men });
        let family = dice.word(families);
        return (format!("{family} {given}").trim().to_owned(), folk);
    }
    let given = dice.word(if woman { GIVEN_F } else { GIVEN_M });
    if dice.chance(shape.long_names) {
        return (format!("{} {given}", dice.word(if woman { LONG_F } else { LONG_M })), "Kinh");
    }
    let family = dice.weighted(FAMILIES).unwrap_or("Nguyễn");
    if dice.chance(shape.short_names) {
        return (format!("{family} {given}"), "Kinh");
    }
    (format!("{family} {} {given}", dice.word(if woman { MIDDLE_F } else { MIDDLE_M })), "Kinh")
}

fn somebody(dice: &mut Dice, shape: &Shape) -> NewParticipant {
    let sex = if dice.chance(shape.women) { Sex::Female } else { Sex::Male };
    let (name, ethnicity) = name(dice, shape, sex);
    let bands: Vec<((u8, u8), u32)> =
        shape.ages.iter().map(|(from, to, weight)| ((*from, *to), *weight)).collect();
    let (from, to) = dice.weighted(&bands).unwrap_or((30, 60));
    let age = dice.between(i32::from(from), i32::from(to));
    let born = shape.on.saturating_sub(age.years()).saturating_sub(dice.between(0, 360).days());
    let religion = if dice.chance(shape.religious) { dice.word(RELIGIONS) } else { "Không" };
    let (women, late) = (i32::from(sex == Sex::Female), born.year() >= 2000);
    let citizen = format!(
        "999{}{:02}{:06}",
        women + if late { 2 } else { 0 },
        born.year().rem_euclid(100),
        dice.between(0, 999_999)
    );
    NewParticipant {
        profile: Profile { name, sex: Some(sex), born: Some(born), ..Profile::default() },
        private: Private {
            ethnicity: ethnicity.to_owned(),
            religion: religion.to_owned(),
            phone: format!("0100{:06}", dice.between(0, 999_999)),
            ..Private::default()
        },
        citizen,
        ..NewParticipant::default()
    }
}

/// Makes a roll.
pub fn roll(shape: &Shape, seed: u64) -> Roll {
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed));
    let delegations: Vec<(Delegation, &str)> = (0..usize::try_from(shape.delegations).unwrap_or(0))
        .map(|at| {
            let (name, block) = unit(at);
            (Delegation { id: DelegationId(dice.id()), name, quota: None, version: 1 }, block)
        })
        .collect();
    let groups: Vec<Group> = (1..=shape.groups)
        .map(|no| Group {
            no,
            name: String::new(),
            room: format!("Phòng {}", 200 + no),
            version: 1,
            updated_by: String::new(),
        })
        .collect();
    let mut people = Vec::new();
    let all = shape.delegates.saturating_add(shape.alternates);
    for at in 0..all {
        let mut new = somebody(&mut dice, shape);
        let alternate = at >= shape.delegates;
        // Spread evenly over units and groups, so that every group has its share of each standing.
        let standing = if alternate || shape.delegates == 0 {
            Standing::Elected
        } else {
            let turn = (u64::from(at) * 211) % u64::from(shape.delegates);
            if turn < u64::from(shape.ex_officio) {
                Standing::ExOfficio
            } else if turn < u64::from(shape.ex_officio) + u64::from(shape.elected) {
                Standing::Elected
            } else {
                Standing::Appointed
            }
        };
        let place = (u64::from(at) * delegations.len() as u64) / u64::from(all.max(1));
        let unit = usize::try_from(place).ok().and_then(|place| delegations.get(place));
        delegate(&mut dice, shape, &mut new, standing, unit);
        new.profile.alternate = alternate;
        if !alternate && shape.groups > 0 {
            let no = u64::from(at) * u64::from(shape.groups) / u64::from(shape.delegates.max(1)) + 1;
            new.profile.group_no = u16::try_from(no).ok();
            new.profile.group_role = Some(GroupRole::Member);
        }
        people.push(new);
    }
    standings(shape, &mut people);
    roles(shape, &mut people);
    for _ in 0..shape.others {
        let mut new = somebody(&mut dice, shape);
        let category = dice.weighted(&shape.categories).unwrap_or(Category::Guest);
        new.profile.category = Some(category);
        let posts = OTHER_POSTS.iter().find(|(of, _)| *of == category).map_or(&[][..], |(_, posts)| posts);
        new.profile.position = match category {
            Category::Press => format!("{}, {}", dice.word(posts), dice.word(AGENCIES)),
            _ => dice.word(posts).to_owned(),
        };
        people.push(new);
    }
    for (at, new) in people.iter_mut().enumerate() {
        new.private.email = format!("nguoi{:05}@dai-hoi.example", at + 1);
    }
    Roll { delegations: delegations.into_iter().map(|(one, _)| one).collect(), groups, people }
}

fn unit(at: usize) -> (String, &'static str) {
    if let Some((name, block)) = BODIES.get(at) {
        return ((*name).to_owned(), block);
    }
    let at = at - BODIES.len();
    let (a, b) = (at % WARD_A.len(), (at / WARD_A.len() + at) % WARD_B.len());
    let round = at / (WARD_A.len() * WARD_B.len());
    let name = format!(
        "{} {}",
        WARD_A.get(a).copied().unwrap_or_default(),
        WARD_B.get(b).copied().unwrap_or_default()
    );
    let kind = if at % 4 == 3 { "xã" } else { "phường" };
    let tail = if round > 0 { format!(" {}", round + 1) } else { String::new() };
    (format!("Đảng bộ {kind} {name}{tail}"), "Phường, xã, đặc khu")
}

fn delegate(
    dice: &mut Dice,
    shape: &Shape,
    new: &mut NewParticipant,
    standing: Standing,
    unit: Option<&(Delegation, &str)>,
) {
    let profile = &mut new.profile;
    profile.category = Some(Category::Delegate);
    profile.standing = Some(standing);
    let (name, block) = unit.map_or(("", ""), |(unit, block)| (unit.name.as_str(), *block));
    profile.delegation = unit.map(|(unit, _)| unit.id);
    profile.occupation = block.to_owned();
    profile.position = match standing {
        Standing::ExOfficio => {
            format!("Thành ủy viên, {}, {name}", dice.word(POSTS.get(..4).unwrap_or(POSTS)))
        }
        _ => format!("{}, {name}", dice.word(POSTS)),
    };
    if let Some(born) = profile.born {
        let age = i32::from(shape.on.year() - born.year()) - 1;
        // Admitted between 19 and 33, and long enough ago to be a full member by now.
        let at = dice.between(19, 33.min(age - 3).max(19));
        let joined = born.saturating_add(at.years()).saturating_add(dice.between(1, 300).days());
        profile.joined = Some(joined);
        profile.official = Some(joined.saturating_add(1.year()));
        let years = i32::from(shape.on.year() - joined.year()) - 1;
        profile.party_badge = BADGES.iter().copied().find(|badge| i32::from(*badge) <= years);
    }
    profile.schooling = dice.weighted(&shape.schooling).unwrap_or_default().to_owned();
    profile.qualification = dice.weighted(&shape.qualifications).unwrap_or_default().to_owned();
    profile.theory = dice.weighted(&shape.theories).unwrap_or_default().to_owned();
    if profile.qualification == "Tiến sĩ" && dice.chance(150) {
        profile.academic_title = "Phó giáo sư".to_owned();
    }
    if dice.chance(80) {
        profile.awards =
            dice.word(&["Huân chương Lao động hạng Ba", "Bằng khen Thủ tướng Chính phủ"]).to_owned();
    }
    if dice.chance(25) {
        profile.diet = dice.word(&["Ăn chay", "Ít đường", "Không hải sản"]).to_owned();
    }
    if dice.chance(12) {
        profile.mobility = dice.word(&["Xe lăn", "Ngồi gần lối đi"]).to_owned();
    }
    profile.large_text = dice.chance(20);
}

/// Makes the numbers of each standing exact where the spread missed them.
fn standings(shape: &Shape, people: &mut [NewParticipant]) {
    let wanted = [(Standing::ExOfficio, shape.ex_officio), (Standing::Elected, shape.elected)];
    for (standing, wanted) in wanted {
        let mut have: u32 = 0;
        for one in people.iter_mut().filter(|one| !one.profile.alternate) {
            if one.profile.standing == Some(standing) {
                have += 1;
                if have > wanted {
                    one.profile.standing = Some(Standing::Appointed);
                }
            }
        }
        for one in people.iter_mut().filter(|one| !one.profile.alternate).rev() {
            if have >= wanted {
                break;
            }
            if one.profile.standing == Some(Standing::Appointed) {
                one.profile.standing = Some(standing);
                have += 1;
            }
        }
    }
}

/// Gives groups their heads, deputies and secretaries, and organs their members.
fn roles(shape: &Shape, people: &mut [NewParticipant]) {
    let mut seats: HashMap<u16, usize> = HashMap::new();
    let mut order: Vec<usize> = (0..people.len()).collect();
    // Ex officio members lead.
    order.sort_by_key(|at| people.get(*at).map(|one| one.profile.standing != Some(Standing::ExOfficio)));
    for at in &order {
        let Some(one) = people.get_mut(*at) else { continue };
        let Some(no) = one.profile.group_no else { continue };
        let seat = seats.entry(no).or_default();
        one.profile.group_role = Some(match *seat {
            0 => GroupRole::Head,
            1 | 2 => GroupRole::Deputy,
            3 | 4 => GroupRole::Secretary,
            _ => GroupRole::Member,
        });
        *seat += 1;
    }
    let mut free = order.into_iter();
    for (organ, many) in &shape.organs {
        let mut left = *many;
        while left > 0 {
            let Some(at) = free.next() else { return };
            if let Some(one) = people.get_mut(at).filter(|one| !one.profile.alternate) {
                one.profile.organ = Some(*organ);
                left -= 1;
            }
        }
    }
}

/// Writes a made roll, in one transaction and under one event that says how many and from which seed.
///
/// # Errors
/// [`DelegateError::Fields`] for a shape that makes people who cannot be.
pub fn write(tx: &mut WriteTx<'_>, roll: &Roll, seed: u64) -> Result<Done<usize>, DelegateError> {
    let congress = store::congress_day(tx)?;
    let key = store::citizen_key(tx)?;
    let by = tx.author().office.clone();
    let mut known: HashMap<String, DelegationId> =
        query::delegations(tx)?.into_iter().map(|one| (fold(&one.name), one.id)).collect();
    let mut units: HashMap<DelegationId, DelegationId> = HashMap::new();
    for one in &roll.delegations {
        let folded = fold(&one.name);
        let id = match known.get(&folded) {
            Some(id) => *id,
            None => {
                let id = DelegationId(new_id(tx));
                tx.execute(
                    sql!(
                        "INSERT INTO delegation(id, name, folded, quota, version) VALUES($1, $2, $3, $4, 1)"
                    ),
                    params![id, one.name, folded, one.quota],
                )?;
                known.insert(folded, id);
                id
            }
        };
        units.insert(one.id, id);
    }
    for group in &roll.groups {
        tx.execute(
            sql!(
                "INSERT INTO delegate_group(no, name, room, version, updated_by) VALUES($1, $2, $3, 1, $4)
                 ON CONFLICT(no) DO NOTHING"
            ),
            params![group.no, group.name, group.room, by],
        )?;
    }
    let mut codes: HashMap<Category, u32> = HashMap::new();
    for one in query::everybody(tx)? {
        if let Ok(number) = one.number().parse::<u32>() {
            let last = codes.entry(one.category()).or_default();
            *last = number.max(*last);
        }
    }
    let mut hash = Sha256::new();
    for new in &roll.people {
        let (mut profile, mut wrong) = clean::profile(&new.profile, congress);
        let (mut private, more) = clean::private(&new.private);
        wrong.extend(more);
        match clean::citizen(&new.citizen) {
            Ok(digits) => private.citizen = digits.map(|digits| store::citizen_mac(&key, &digits)),
            Err(problem) => wrong.push(problem),
        }
        if !wrong.is_empty() {
            return Err(DelegateError::Fields(wrong));
        }
        profile.delegation = profile.delegation.and_then(|id| units.get(&id)).copied();
        let category = profile.category.unwrap_or(Category::Guest);
        let number = codes.entry(category).or_default();
        *number += 1;
        let code = format!("{}-{number:04}", category.prefix());
        hash.update(format!("{code}\n{}\n", profile.name));
        let id = ParticipantId(new_id(tx));
        store::insert(tx, id, &code, &profile, &private)?;
    }
    let event = Event::new("delegate.generated", "roll", seed).topic(TOPIC).data(json!({
        "people": roll.people.len(),
        "delegations": roll.delegations.len(),
        "groups": roll.groups.len(),
        "sha256": platform::hex(&hash.finalize()),
    }));
    Ok(tx.record(event).with(roll.people.len()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
mod tests {
    use super::*;
    use platform::{audit::Author, testing::on_both};

    #[test]
    fn a_seed_makes_one_roll_and_the_numbers_are_those_of_the_shape() {
        let (a, b) = (roll(&Shape::default(), 7), roll(&Shape::default(), 7));
        let names = |roll: &Roll| roll.people.iter().map(|one| one.profile.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&a), names(&b));
        assert_ne!(names(&a), names(&roll(&Shape::default(), 8)));
        let delegates: Vec<&NewParticipant> =
            a.people.iter().filter(|one| one.profile.category == Some(Category::Delegate)).collect();
        let of = |standing| delegates.iter().filter(|one| one.profile.standing == Some(standing)).count();
        assert_eq!((delegates.len(), a.people.len()), (547, 997));
        assert_eq!((of(Standing::ExOfficio), of(Standing::Elected), of(Standing::Appointed)), (106, 0, 441));
        for no in 1..=12 {
            let role = |role| {
                let of = |one: &&&NewParticipant| {
                    one.profile.group_no == Some(no) && one.profile.group_role == Some(role)
                };
                delegates.iter().filter(of).count()
            };
            assert_eq!(
                (role(GroupRole::Head), role(GroupRole::Deputy), role(GroupRole::Secretary)),
                (1, 2, 2)
            );
        }
        let organ = |organ| delegates.iter().filter(|one| one.profile.organ == Some(organ)).count();
        assert_eq!(
            (organ(Organ::Presidium), organ(Organ::Secretariat), organ(Organ::Credentials)),
            (11, 3, 5)
        );
        let words = |one: &NewParticipant| one.profile.name.split(' ').count();
        assert!(a.people.iter().any(|one| words(one) == 2) && a.people.iter().any(|one| words(one) >= 6));
    }

    #[test]
    fn the_same_units_have_one_name_each() {
        let made = roll(&Shape::of(5000, 0), 1);
        let mut names: Vec<&str> = made.delegations.iter().map(|one| one.name.as_str()).collect();
        let many = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), many);
    }

    #[test]
    fn a_made_roll_is_written_clean_and_goes_on_where_the_codes_end() {
        on_both(&crate::migrations(), async |house| {
            let write_once = async |seed: u64| {
                house
                    .write(&Author::cli(), move |tx| write(tx, &roll(&Shape::of(60, 20), seed), seed))
                    .await
                    .unwrap()
            };
            assert_eq!(write_once(1).await, 80);
            assert_eq!(write_once(2).await, 80);
            let people = house.read(|tx| Ok::<_, DelegateError>(query::everybody(tx)?)).await.unwrap();
            assert_eq!(people.len(), 160);
            assert!(people.iter().any(|one| one.code == "DB-0120"));
            assert!(
                people
                    .iter()
                    .all(|one| one.category() != Category::Delegate || one.profile.delegation.is_some())
            );
        });
    }
}
