//! The words of a roll in a table: headings of columns and what stands below them, in Vietnamese and English, with
//! the other ways in which offices write them. What an export writes, the import reads.
// words: data — headings and values of tables that offices send each other

use platform::{i18n::Lang, names};
use rules::text::fold;

use crate::delegates::model::{Category, GroupRole, Organ, Sex, Standing, Status};

names! {
    /// A column of the roll in a table.
    Column {
        /// Mã.
        Code = "code",
        /// Họ và tên.
        Name = "name",
        /// Họ và chữ đệm, where the name stands in two columns.
        Family = "family",
        /// Tên, where the name stands in two columns.
        Given = "given",
        /// Diện tham dự.
        Category = "category",
        /// Giới tính.
        Sex = "sex",
        /// Ngày sinh.
        Born = "born",
        /// Chức vụ, đơn vị công tác.
        Position = "position",
        /// Đơn vị cử.
        Delegation = "delegation",
        /// Loại đại biểu.
        Standing = "standing",
        /// Dự khuyết.
        Alternate = "alternate",
        /// Tổ.
        Group = "group_no",
        /// Vai trò trong tổ.
        GroupRole = "group_role",
        /// Cơ quan của Đại hội.
        Organ = "organ",
        /// Ngày vào Đảng.
        Joined = "joined",
        /// Ngày chính thức.
        Official = "official",
        /// Giáo dục phổ thông.
        Schooling = "schooling",
        /// Trình độ chuyên môn.
        Qualification = "qualification",
        /// Học hàm.
        AcademicTitle = "academic_title",
        /// Lý luận chính trị.
        Theory = "theory",
        /// Khối công tác.
        Occupation = "occupation",
        /// Huy hiệu Đảng.
        PartyBadge = "party_badge",
        /// Khen thưởng.
        Awards = "awards",
        /// Ăn uống.
        Diet = "diet",
        /// Đi lại.
        Mobility = "mobility",
        /// Chữ lớn.
        LargeText = "large_text",
        /// Tình trạng tham dự: goes out, never comes in.
        Status = "status",
        /// Dân tộc.
        Ethnicity = "ethnicity",
        /// Tôn giáo.
        Religion = "religion",
        /// Sức khỏe.
        Health = "health",
        /// Kỷ luật, khiếu nại, tố cáo.
        Discipline = "discipline",
        /// Điện thoại.
        Phone = "phone",
        /// Thư điện tử.
        Email = "email",
        /// Số định danh cá nhân: comes in, never goes out.
        Citizen = "citizen",
    }
}

impl Column {
    /// What goes out, in the order of the official list.
    pub const OUT: &'static [Self] = &[
        Self::Code,
        Self::Name,
        Self::Category,
        Self::Sex,
        Self::Born,
        Self::Ethnicity,
        Self::Religion,
        Self::Position,
        Self::Delegation,
        Self::Standing,
        Self::Alternate,
        Self::Group,
        Self::GroupRole,
        Self::Organ,
        Self::Joined,
        Self::Official,
        Self::Schooling,
        Self::Qualification,
        Self::AcademicTitle,
        Self::Theory,
        Self::Occupation,
        Self::PartyBadge,
        Self::Awards,
        Self::Discipline,
        Self::Health,
        Self::Phone,
        Self::Email,
        Self::Diet,
        Self::Mobility,
        Self::LargeText,
        Self::Status,
    ];

    /// Whether it stands behind the right to restricted columns.
    pub const fn is_restricted(self) -> bool {
        matches!(self, Self::Ethnicity | Self::Religion | Self::Health | Self::Discipline)
    }

    /// Whether it stands behind the right to contacts.
    pub const fn is_contact(self) -> bool {
        matches!(self, Self::Phone | Self::Email)
    }

    /// Whether what stands below is a day.
    pub const fn is_day(self) -> bool {
        matches!(self, Self::Born | Self::Joined | Self::Official)
    }

    /// Its heading.
    pub fn heading(self, lang: Lang) -> &'static str {
        let (vi, en, _) = heading(self);
        if lang == Lang::Vi { vi } else { en }
    }
}

/// Vietnamese, English, other ways folded.
type Words = (&'static str, &'static str, &'static [&'static str]);

#[rustfmt::skip]
fn heading(column: Column) -> Words {
    match column {
        Column::Code => ("Mã", "Code", &["ma so", "ma dai bieu", "ma db", "ma nguoi", "participant code", "delegate code"]),
        Column::Name => ("Họ và tên", "Full name", &["ho ten", "ho va ten dai bieu", "ho ten dai bieu", "ten dai bieu",
            "ho va ten khai sinh", "ho, ten", "hoten", "name", "fullname", "participant", "attendee name", "delegate"]),
        Column::Family => ("Họ và chữ đệm", "Family name", &["ho", "ho dem", "ho va dem", "ho va ten dem", "ho lot",
            "surname", "last name", "attendee name family name"]),
        Column::Given => ("Tên", "Given name", &["ten goi", "first name", "attendee name given name"]),
        Column::Category => ("Diện tham dự", "Attends as", &["dien", "doi tuong", "thanh phan", "nhom doi tuong",
            "category", "product", "item", "ticket", "attendance"]),
        Column::Sex => ("Giới tính", "Sex", &["gioi", "nam nu", "nam, nu", "phai", "gender"]),
        Column::Born => ("Ngày sinh", "Date of birth", &["ngay thang nam sinh", "ngay, thang, nam sinh", "sinh ngay",
            "nam sinh", "ngay thang sinh", "ntns", "birth date", "birthdate", "birthday", "born", "dob"]),
        Column::Position => ("Chức vụ, đơn vị công tác", "Position", &["chuc vu", "chuc danh", "chuc vu don vi cong tac",
            "chuc vu hien nay", "chuc vu, don vi", "don vi cong tac", "noi cong tac", "chuc vu cong tac", "job title",
            "title", "position", "affiliation", "company", "organisation", "organization"]),
        Column::Delegation => ("Đơn vị cử", "Delegation", &["don vi", "doan", "doan dai bieu", "dang bo", "dang bo bau",
            "dang bo truc thuoc", "to chuc dang", "don vi cu di", "don vi bau", "co quan cu", "party organisation", "sent by"]),
        Column::Standing => ("Loại đại biểu", "Type of delegate", &["loai", "hinh thuc", "dai bieu", "tu cach",
            "hinh thuc dai bieu", "loai hinh", "type", "standing"]),
        Column::Alternate => ("Dự khuyết", "Alternate", &["dai bieu du khuyet", "chinh thuc du khuyet", "reserve"]),
        Column::Group => ("Tổ", "Group", &["to dai bieu", "to thao luan", "so to", "to so", "group no", "group number"]),
        Column::GroupRole => ("Vai trò trong tổ", "Role in the group", &["nhiem vu trong to", "chuc trach trong to",
            "vai tro to", "phan cong to", "group role"]),
        Column::Organ => ("Cơ quan của Đại hội", "Organ of the congress", &["co quan dai hoi", "co quan dieu hanh", "organ"]),
        Column::Joined => ("Ngày vào Đảng", "Joined the Party", &["ngay vao dang csvn", "ngay ket nap", "ngay ket nap dang",
            "vao dang", "ngay vao dang du bi", "date joined", "party join date"]),
        Column::Official => ("Ngày chính thức", "Full member since", &["ngay cong nhan chinh thuc", "chinh thuc",
            "ngay vao dang chinh thuc", "ngay chinh thuc vao dang", "party official date"]),
        Column::Schooling => ("Giáo dục phổ thông", "General education", &["trinh do van hoa", "van hoa", "hoc van",
            "trinh do giao duc pho thong", "pho thong", "gdpt", "trinh do hoc van", "schooling"]),
        Column::Qualification => ("Trình độ chuyên môn", "Qualification", &["chuyen mon", "chuyen mon nghiep vu", "hoc vi",
            "trinh do chuyen mon, nghiep vu", "trinh do", "trinh do chuyen mon ky thuat", "degree"]),
        Column::AcademicTitle => ("Học hàm", "Academic title", &["chuc danh khoa hoc"]),
        Column::Theory => ("Lý luận chính trị", "Political theory", &["ly luan", "trinh do ly luan chinh tri", "llct",
            "trinh do ly luan", "chinh tri"]),
        Column::Occupation => ("Khối công tác", "Field of work", &["nghe nghiep", "linh vuc", "linh vuc cong tac", "khoi",
            "nganh nghe", "occupation"]),
        Column::PartyBadge => ("Huy hiệu Đảng", "Party badge", &["huy hieu", "nam huy hieu dang", "so nam huy hieu dang"]),
        Column::Awards => ("Danh hiệu, khen thưởng", "Awards", &["khen thuong", "danh hieu", "thi dua khen thuong"]),
        Column::Diet => ("Chế độ ăn", "Diet", &["an uong", "che do an uong", "suat an", "dietary requirements", "dietary"]),
        Column::Mobility => ("Hỗ trợ đi lại", "Mobility", &["di lai", "ho tro", "accessibility", "special needs"]),
        Column::LargeText => ("Chữ lớn", "Large text", &["tai lieu chu lon", "co chu lon", "large print"]),
        Column::Status => ("Tình trạng", "Status", &["tinh trang tham du", "trang thai"]),
        Column::Ethnicity => ("Dân tộc", "Ethnicity", &["ethnic group"]),
        Column::Religion => ("Tôn giáo", "Religion", &["tin nguong", "ton giao, tin nguong"]),
        Column::Health => ("Sức khỏe", "Health", &["suc khoe", "tinh trang suc khoe", "y te"]),
        Column::Discipline => ("Kỷ luật, khiếu nại", "Discipline", &["ky luat", "khieu nai, to cao",
            "ky luat, khieu nai, to cao", "khieu nai to cao"]),
        Column::Phone => ("Điện thoại", "Telephone", &["so dien thoai", "dien thoai di dong", "di dong", "sdt", "phone",
            "phone number", "mobile", "tel"]),
        Column::Email => ("Thư điện tử", "E-mail", &["email", "dia chi thu dien tu", "e mail", "email address", "mail",
            "attendee email", "dia chi email"]),
        Column::Citizen => ("Số định danh cá nhân", "Identity number", &["so dinh danh", "cccd", "so cccd", "so can cuoc",
            "can cuoc cong dan", "so cmnd", "cmnd", "so can cuoc cong dan", "can cuoc", "citizen id", "id card", "cmnd cccd",
            "so cccd cmnd", "so the can cuoc"]),
    }
}

/// Folded, without what stands in brackets and without signs: `Ngày sinh (ngày/tháng/năm)` is `ngay sinh`.
pub fn plain(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ',' | ';' | ':' | '.' | '*' | '_' | '-' | '–' | '/' | '\'' | '"' => out.push(' '),
            c => out.push(c),
        }
    }
    fold(&out)
}

fn says(words: Words, key: &str) -> bool {
    let (vi, en, also) = words;
    plain(vi) == key || plain(en) == key || also.iter().any(|word| plain(word) == key)
}

/// The column that a heading names.
pub fn column(text: &str) -> Option<Column> {
    let key = plain(text);
    if key.is_empty() {
        return None;
    }
    Column::ALL.iter().copied().find(|column| says(heading(*column), &key) || plain(column.as_str()) == key)
}

/// A value with its words.
pub trait Worded: Copy + 'static {
    /// All values.
    const ALL: &'static [Self];
    /// Its stable name.
    fn name(self) -> &'static str;
    /// Its words.
    fn words(self) -> Words;

    /// The word that goes out.
    fn word(self, lang: Lang) -> &'static str {
        let (vi, en, _) = self.words();
        if lang == Lang::Vi { vi } else { en }
    }

    /// The value that a cell names.
    fn read(text: &str) -> Option<Self> {
        let key = plain(text);
        (!key.is_empty())
            .then(|| {
                Self::ALL.iter().copied().find(|one| says(one.words(), &key) || plain(one.name()) == key)
            })
            .flatten()
    }
}

macro_rules! worded {
    ($type:ty { $($variant:ident => $words:expr),* $(,)? }) => {
        impl Worded for $type {
            const ALL: &'static [Self] = <$type>::ALL;
            fn name(self) -> &'static str { self.as_str() }
            fn words(self) -> Words { match self { $(Self::$variant => $words),* } }
        }
    };
}

worded!(Category {
    Delegate => ("Đại biểu", "Delegate", &["dai bieu dai hoi", "db", "dai bieu chinh thuc", "delegates"]),
    Guest => ("Khách mời", "Guest", &["khach", "khach moi dai hoi", "km", "guests", "invited guest", "dai bieu khach moi"]),
    Press => ("Báo chí", "Press", &["phong vien", "nha bao", "bc", "media", "journalist", "phong vien bao chi"]),
    Service => ("Phục vụ", "Service", &["pv", "can bo phuc vu", "nguoi phuc vu", "to phuc vu", "staff", "service staff"]),
    Security => ("An ninh", "Security", &["an", "bao ve", "cong an", "an ninh bao ve"]),
    Technical => ("Kỹ thuật", "Technical", &["kt", "ky thuat vien", "technician", "to ky thuat"]),
    Medical => ("Y tế", "Medical", &["yt", "bac si", "to y te", "health service"]),
});

worded!(Sex {
    Female => ("Nữ", "Female", &["f", "w", "woman", "ba", "x nu"]),
    Male => ("Nam", "Male", &["m", "man", "ong"]),
});

worded!(Standing {
    ExOfficio => ("Đương nhiên", "Ex officio", &["dai bieu duong nhien", "dn"]),
    Elected => ("Được bầu", "Elected", &["dai bieu duoc bau", "bau", "bau cu", "dai bieu bau"]),
    Appointed => ("Chỉ định", "Appointed", &["dai bieu chi dinh", "duoc chi dinh", "cd"]),
});

worded!(GroupRole {
    Head => ("Tổ trưởng", "Head", &["truong", "truong to", "truong doan"]),
    Deputy => ("Tổ phó", "Deputy", &["pho", "pho to", "pho to truong", "pho truong doan"]),
    Secretary => ("Thư ký", "Secretary", &["thu ky to"]),
    Member => ("Thành viên", "Member", &["to vien", "dai bieu"]),
});

worded!(Organ {
    Presidium => ("Đoàn Chủ tịch", "Presidium", &["chu tich doan", "dct"]),
    Secretariat => ("Đoàn Thư ký", "Secretariat", &["dtk"]),
    Credentials => ("Ban Thẩm tra tư cách đại biểu", "Credentials committee", &["ban tham tra", "tham tra"]),
    Counting => ("Ban Kiểm phiếu", "Counting board", &["kiem phieu"]),
});

worded!(Status {
    Summoned => ("Triệu tập", "Summoned", &[]),
    Confirmed => ("Xác nhận dự", "Confirmed", &[]),
    Declined => ("Vắng có lý do", "Absent with leave", &[]),
    Withdrawn => ("Rút khỏi danh sách", "Withdrawn", &[]),
    Replaced => ("Đã thay thế", "Replaced", &[]),
});

/// Yes or no: empty is neither.
pub fn yes_no(text: &str) -> Option<bool> {
    match plain(text).as_str() {
        "co" | "x" | "yes" | "true" | "1" | "du khuyet" | "dai bieu du khuyet" | "v" | "y" => Some(true),
        "khong" | "no" | "false" | "0" | "chinh thuc" | "n" => Some(false),
        _ => (text.trim() == "✓" || text.trim() == "✔").then_some(true),
    }
}

/// The word for yes, or nothing.
pub fn yes(flag: bool, lang: Lang) -> &'static str {
    match (flag, lang) {
        (false, _) => "",
        (true, Lang::Vi) => "Có",
        (true, _) => "Yes",
    }
}

/// Words that the credential report counts as they stand: one way of writing each.
#[rustfmt::skip]
const COUNTED: &[(Column, &str, &[&str])] = &[
    (Column::Qualification, "Tiến sĩ", &["tien sy", "ts", "doctor", "phd"]),
    (Column::Qualification, "Thạc sĩ", &["thac sy", "ths", "master", "cao hoc"]),
    (Column::Qualification, "Đại học", &["dh", "cu nhan", "ky su", "bac si", "bachelor"]),
    (Column::Qualification, "Cao đẳng", &["cd"]),
    (Column::Qualification, "Trung cấp", &["tc"]),
    (Column::AcademicTitle, "Giáo sư", &["gs", "professor"]),
    (Column::AcademicTitle, "Phó giáo sư", &["pgs", "associate professor"]),
    (Column::Theory, "Cử nhân", &["cn", "dai hoc"]),
    (Column::Theory, "Cao cấp", &["cc", "cao cap ly luan chinh tri"]),
    (Column::Theory, "Trung cấp", &["tc", "trung cap ly luan chinh tri"]),
    (Column::Theory, "Sơ cấp", &["sc"]),
    (Column::Religion, "Không", &["khong co", "ko", "none", "no"]),
];

/// The one way of writing a word that is counted; the text itself when it is no such word.
pub fn counted(column: Column, text: &str) -> String {
    let key = plain(text);
    COUNTED
        .iter()
        .find(|(of, word, also)| *of == column && (plain(word) == key || also.contains(&key.as_str())))
        .map_or_else(|| text.to_owned(), |(_, word, _)| (*word).to_owned())
}
