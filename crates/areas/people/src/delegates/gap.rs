//! What the credential report needs of a delegate and somebody may lack.

use platform::names;

use super::model::{Participant, Private};

names! {
    /// A field without which a delegate is missing from a figure, a badge or a letter.
    Gap {
        /// Giới tính.
        Sex = "sex",
        /// Ngày sinh.
        Born = "born",
        /// Dân tộc: seen only by those who may see the restricted columns.
        Ethnicity = "ethnicity",
        /// Chức vụ.
        Position = "position",
        /// Đơn vị.
        Delegation = "delegation",
        /// Loại đại biểu.
        Standing = "standing",
        /// Tổ.
        Group = "group_no",
        /// Ngày vào Đảng.
        Joined = "joined",
        /// Giáo dục phổ thông.
        Schooling = "schooling",
        /// Trình độ chuyên môn.
        Qualification = "qualification",
        /// Lý luận chính trị.
        Theory = "theory",
        /// Ảnh.
        Photo = "photo",
    }
}

impl Gap {
    /// Whether only those who may see the restricted columns may ask for it.
    pub const fn is_restricted(self) -> bool {
        matches!(self, Self::Ethnicity)
    }

    /// Whether somebody lacks it. Only delegates have the fields of the report; everybody has a portrait and a unit.
    pub fn is_in(self, one: &Participant, private: Option<&Private>) -> bool {
        let profile = &one.profile;
        match self {
            Self::Sex => profile.sex.is_none(),
            Self::Born => profile.born.is_none(),
            Self::Ethnicity => private.is_none_or(|private| private.ethnicity.is_empty()),
            Self::Position => profile.position.is_empty(),
            Self::Delegation => profile.delegation.is_none(),
            Self::Standing => profile.standing.is_none(),
            Self::Group => profile.group_no.is_none(),
            Self::Joined => profile.joined.is_none(),
            Self::Schooling => profile.schooling.is_empty(),
            Self::Qualification => profile.qualification.is_empty(),
            Self::Theory => profile.theory.is_empty(),
            Self::Photo => one.photo.is_none(),
        }
    }
}
