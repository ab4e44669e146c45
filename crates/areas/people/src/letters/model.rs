//! What the letters to a category say.

use jiff::civil::Date;
use platform::{
    db::{DbError, FromRow, Row},
    names,
    papers::BodyId,
};

use crate::delegates::model::Category;

names! {
    /// The sheet of a letter.
    Sheet {
        /// 210 × 297 mm.
        A4 = "a4",
        /// 148 × 210 mm.
        A5 = "a5",
    }
}

names! {
    /// By which authority a letter is signed.
    By {
        /// T/M.
        OnBehalf = "t_m",
        /// K/T.
        InPlace = "k_t",
        /// T/L.
        ByOrder = "t_l",
    }
}

/// The words and the form of a category's letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// To whom.
    pub category: Category,
    /// The title: Thư triệu tập, Giấy triệu tập, Giấy mời.
    pub title: String,
    /// How they are addressed, before the name; empty for the name alone.
    pub salutation: String,
    /// The first paragraph.
    pub opening: String,
    /// Time, place and the like: a line each.
    pub points: String,
    /// What to wear.
    pub dress: String,
    /// What to bring, and what not.
    pub bring: String,
    /// Whom to call.
    pub contact: String,
    /// The last paragraph.
    pub closing: String,
    /// Who receives it: a line each.
    pub recipients: String,
    /// The sheet.
    pub sheet: Sheet,
    /// The body that issues it; none for the congress as it is named.
    pub body: Option<BodyId>,
    /// Its number in the body's register.
    pub number: Option<u32>,
    /// The day of issue; none leaves it open.
    pub issued_on: Option<Date>,
    /// By which authority it is signed.
    pub authority: Option<By>,
    /// For whom.
    pub authority_for: String,
    /// The office that signs.
    pub office: String,
    /// Who signs.
    pub signer: String,
    /// Whether it carries a code to answer with.
    pub link: bool,
    /// The last day on which an answer is taken; none for the day before the congress.
    pub answer_until: Option<Date>,
    /// Grows with each change; 0 while the usual words are used.
    pub version: i64,
    /// By which office it was last changed.
    pub updated_by: String,
}

impl FromRow for Template {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let authority: String = row.get("authority")?;
        Ok(Self {
            category: row.get("category")?,
            title: row.get("title")?,
            salutation: row.get("salutation")?,
            opening: row.get("opening")?,
            points: row.get("points")?,
            dress: row.get("dress")?,
            bring: row.get("bring")?,
            contact: row.get("contact")?,
            closing: row.get("closing")?,
            recipients: row.get("recipients")?,
            sheet: row.get("sheet")?,
            body: row.get("body")?,
            number: row.get("number")?,
            issued_on: row.get("issued_on")?,
            authority: authority.parse().ok(),
            authority_for: row.get("authority_for")?,
            office: row.get("office")?,
            signer: row.get("signer")?,
            link: row.get::<i64>("link")? != 0,
            answer_until: row.get("answer_until")?,
            version: row.get("version")?,
            updated_by: row.get("updated_by")?,
        })
    }
}
