//! What the code on a citizen's card says.
//!
//! The front of the card of 2021 carries text between bars: number, former number, name, birth, sex, residence, date
//! of issue. Some cards have six fields (no former number), some eight (a date of expiry), so fields are told by their
//! shape and not by their place. The first three digits of the number name the province of birth registration, the
//! fourth the century and the sex, the next two the year of birth (Decree 137/2015, article 7; access reference 5.3).
//!
//! *It proves nothing.* The code is not signed and anybody can print one: it finds a person on the roll, and somebody
//! compares the face.

use jiff::civil::Date;

use crate::credentials::Sex;

/// The longest text that is looked at, in bytes; a card has some 160 letters.
const LONGEST: usize = 600;

/// What a card says.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// Twelve digits.
    pub number: String,
    /// The former number of nine digits.
    pub former: Option<String>,
    /// The name.
    pub name: String,
    /// The birth.
    pub born: Date,
    /// The sex.
    pub sex: Option<Sex>,
    /// The residence.
    pub residence: String,
    /// When the card was issued.
    pub issued: Option<Date>,
    /// When it expires.
    pub expires: Option<Date>,
}

/// A card is a person: it does not show itself in a log.
impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Card(…)")
    }
}

/// Why a text is no card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCard {
    /// Something else altogether.
    Shape,
    /// Longer than any card, or with characters that no card has.
    Hostile,
    /// The number and what stands beside it do not belong together.
    Number,
}

/// Whether a text may be a card at all: twelve digits, then a bar.
pub fn looks_like(text: &str) -> bool {
    let text = text.trim();
    text.get(..12).is_some_and(|head| head.bytes().all(|byte| byte.is_ascii_digit()))
        && text.get(12..13) == Some("|")
}

/// Reads the text of a card.
///
/// # Errors
/// [`NoCard`].
pub fn read(text: &str) -> Result<Card, NoCard> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    if text.len() > LONGEST || text.chars().any(hides) {
        return Err(NoCard::Hostile);
    }
    let fields: Vec<&str> = text.split('|').map(str::trim).collect();
    let Some((number, rest)) = fields.split_first().filter(|_| (6..=8).contains(&fields.len())) else {
        return Err(NoCard::Shape);
    };
    if !digits(number, 12) {
        return Err(NoCard::Shape);
    }
    let (mut former, mut sex, mut dates, mut words) = (None, None, Vec::new(), Vec::new());
    for field in rest {
        match field {
            &"" => {}
            field if digits(field, 9) && former.is_none() => former = Some((*field).to_owned()),
            field if digits(field, 8) => dates.push(day(field).ok_or(NoCard::Shape)?),
            &("Nam" | "nam" | "NAM") if sex.is_none() => sex = Some(Sex::Male),
            &("Nữ" | "nữ" | "NỮ") if sex.is_none() => sex = Some(Sex::Female),
            field if field.chars().any(char::is_alphabetic) => words.push((*field).to_owned()),
            _ => return Err(NoCard::Shape),
        }
    }
    let mut dates = dates.into_iter();
    let Some(born) = dates.next() else { return Err(NoCard::Shape) };
    let (issued, expires) = (dates.next(), dates.next());
    let mut words = words.into_iter();
    let name = words.next().filter(|name| !name.chars().any(|c| c.is_ascii_digit())).ok_or(NoCard::Shape)?;
    let residence = words.next().unwrap_or_default();
    if dates.next().is_some() || words.next().is_some() {
        return Err(NoCard::Shape);
    }
    if issued.is_some_and(|issued| issued < born) || expires.is_some_and(|expires| Some(expires) < issued) {
        return Err(NoCard::Shape);
    }
    if !belongs(number, born, sex) {
        return Err(NoCard::Number);
    }
    Ok(Card { number: (*number).to_owned(), former, name, born, sex, residence, issued, expires })
}

/// Whether the fourth to sixth digit say the century, the sex and the year of birth that the card says.
fn belongs(number: &str, born: Date, sex: Option<Sex>) -> bool {
    let digit = |at: usize| number.as_bytes().get(at).map_or(0, |byte| i16::from(byte - b'0'));
    let (mark, year) = (digit(3), digit(4) * 10 + digit(5));
    let century = 1900 + mark / 2 * 100;
    let marked = if mark % 2 == 0 { Sex::Male } else { Sex::Female };
    born.year() == century + year && sex.is_none_or(|sex| sex == marked)
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// ddmmyyyy.
fn day(text: &str) -> Option<Date> {
    Date::new(text.get(4..)?.parse().ok()?, text.get(2..4)?.parse().ok()?, text.get(..2)?.parse().ok()?).ok()
}

/// Characters that hide text or turn it around.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// Access reference 5.3: seven fields; six and eight occur in the wild. All persons are made up.
    #[test]
    fn a_card_is_read_by_shape() {
        let seven = "079075001234|024123456|Nguyễn Văn Thử|02031975|Nam|Số 1 Đường Mẫu, Phường Mẫu|15062021";
        let card = read(seven).unwrap();
        assert_eq!(card.number, "079075001234");
        assert_eq!(card.former.as_deref(), Some("024123456"));
        assert_eq!(card.name, "Nguyễn Văn Thử");
        assert_eq!((card.born, card.sex), (date(1975, 3, 2), Some(Sex::Male)));
        assert_eq!(card.residence, "Số 1 Đường Mẫu, Phường Mẫu");
        assert_eq!((card.issued, card.expires), (Some(date(2021, 6, 15)), None));
        for (name, text) in [
            ("six fields", "079075001234|Nguyễn Văn Thử|02031975|Nam|Số 1 Đường Mẫu|15062021"),
            ("the former number empty", "079075001234||Nguyễn Văn Thử|02031975|Nam|Số 1 Đường Mẫu|15062021"),
            ("eight fields", "079075001234||Nguyễn Văn Thử|02031975|Nam|Số 1 Đường Mẫu|15062021|02032035"),
            (
                "a line end of the scanner",
                "079075001234||Nguyễn Văn Thử|02031975|Nam|Số 1 Đường Mẫu|15062021\r\n",
            ),
            ("no residence", "079075001234||Nguyễn Văn Thử|02031975|Nam||15062021"),
        ] {
            let card = read(text).unwrap_or_else(|why| panic!("{name}: {why:?}"));
            assert_eq!(
                (card.number.as_str(), card.name.as_str()),
                ("079075001234", "Nguyễn Văn Thử"),
                "{name}"
            );
        }
        let girl = read("001301000001||Trần Thị Mẫu|29022001|Nữ|Xã Mẫu|01072024");
        assert_eq!(girl, Err(NoCard::Shape), "29/02/2001 is no day");
        let girl = read("001301000001||Trần Thị Mẫu|28022001|Nữ|Xã Mẫu|01072024").unwrap();
        assert_eq!((girl.born, girl.sex), (date(2001, 2, 28), Some(Sex::Female)));
        assert!(looks_like(seven) && !looks_like("0790750012345678"));
        assert_eq!(format!("{girl:?}"), "Card(…)");
    }

    #[test]
    fn what_is_no_card_is_refused() {
        for (text, why) in [
            ("", NoCard::Shape),
            ("079075001234", NoCard::Shape),
            ("79075001234||Nguyễn Văn Thử|02031975|Nam|Phường Mẫu|15062021", NoCard::Shape),
            ("079075001234||Nguyễn Văn Thử|Nam|Phường Mẫu|", NoCard::Shape),
            ("079075001234||Nguyễn Văn 7hử|02031975|Nam|Phường Mẫu|15062021", NoCard::Shape),
            ("079075001234||Nguyễn|02031975|Nam|Phường|Mẫu|15062021", NoCard::Shape),
            ("079075001234|1|2|3|4|5|6|7|8", NoCard::Shape),
            ("079075001234||Nguyễn Văn Thử|15062021|Nam|Phường Mẫu|02031975", NoCard::Shape),
            ("079075001234||Nguyễn Văn Thử|02031975|Nữ|Phường Mẫu|15062021", NoCard::Number),
            ("079076001234||Nguyễn Văn Thử|02031975|Nam|Phường Mẫu|15062021", NoCard::Number),
            ("079275001234||Nguyễn Văn Thử|02031975|Nam|Phường Mẫu|15062021", NoCard::Number),
            ("079075001234||Nguyễn\u{202e} Văn Thử|02031975|Nam|Phường Mẫu|15062021", NoCard::Hostile),
            ("079075001234||Nguyễn\u{0} Văn Thử|02031975|Nam|Phường Mẫu|15062021", NoCard::Hostile),
        ] {
            assert_eq!(read(text), Err(why), "{text:?}");
        }
        assert_eq!(
            read(&format!("079075001234||{}|02031975|Nam|x|15062021", "A".repeat(700))),
            Err(NoCard::Hostile)
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_an_answer(text in "\\PC{0,200}|[0-9|ANamữ ]{0,200}") {
            let _ = read(&text);
            let _ = looks_like(&text);
        }
    }
}
