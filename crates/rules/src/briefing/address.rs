//! What a meeting is called in an address: `tuan-05`, the fifth of the weekly ones.

use crate::text::fold;

/// Longest name of a series in an address, in characters, unless its first word alone is longer.
const LONGEST: usize = 48;

/// What every title of such a series begins with; in an address it says nothing, as all stand under `/giao-ban/`.
const COMMON: &str = "giao ban ";

/// The name of a series in addresses, from its title: its first word, or all of them when another series has that
/// name, then with a number. It stays when the title changes, so that links stay.
pub fn slug(title: &str, taken: impl Fn(&str) -> bool) -> String {
    let folded = fold(title);
    let said = folded.strip_prefix(COMMON).unwrap_or(&folded);
    let plain: String = said.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let mut words = plain.split_whitespace();
    // A title of signs alone has no word.
    let first = words.next().unwrap_or("phien").to_owned();
    if !taken(&first) {
        return first;
    }
    let mut whole = first;
    for word in words {
        if whole.chars().count() + 1 + word.chars().count() > LONGEST {
            break;
        }
        whole.push('-');
        whole.push_str(word);
    }
    if !taken(&whole) {
        return whole;
    }
    let mut more = 2_u32;
    loop {
        let other = format!("{whole}-{more}");
        if !taken(&other) {
            return other;
        }
        more = more.saturating_add(1);
    }
}

/// The name of a meeting in addresses: `tuan-05`.
pub fn address(slug: &str, no: u32) -> String {
    format!("{slug}-{no:02}")
}

/// The one form of what somebody typed: `Tuan-5` is `tuan-05`. None for what names no meeting.
pub fn canonical(typed: &str) -> Option<String> {
    let (slug, no) = typed.rsplit_once('-')?;
    let no: u32 = no.parse().ok().filter(|no| *no > 0)?;
    if slug.is_empty() { None } else { Some(address(&slug.to_ascii_lowercase(), no)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_while_it_is_free_and_never_twice() {
        let title = "Giao ban tuần Tiểu ban Tổ chức phục vụ";
        for (title, taken, name) in [
            (title, &[][..], "tuan"),
            (title, &["tuan"][..], "tuan-tieu-ban-to-chuc-phuc-vu"),
            (title, &["tuan", "tuan-tieu-ban-to-chuc-phuc-vu"][..], "tuan-tieu-ban-to-chuc-phuc-vu-2"),
            ("Họp Tổ thư ký (sáng thứ Hai)", &["hop"][..], "hop-to-thu-ky-sang-thu-hai"),
            ("Đảng ủy", &[][..], "dang"),
            ("— ※ —", &[][..], "phien"),
            ("— ※ —", &["phien"][..], "phien-2"),
            ("Giao ban", &[][..], "giao"),
        ] {
            assert_eq!(slug(title, |name| taken.contains(&name)), name, "{title}");
        }
        let long = "Hội ý ".repeat(40);
        assert!(slug(&long, |name| name == "hoi").len() <= LONGEST);
    }

    #[test]
    fn one_form_for_what_is_typed() {
        for (typed, one) in [
            ("tuan-05", Some("tuan-05")),
            ("tuan-5", Some("tuan-05")),
            ("TUAN-005", Some("tuan-05")),
            ("tuan-tieu-ban-2-112", Some("tuan-tieu-ban-2-112")),
            ("tuan-0", None),
            ("tuan-x", None),
            ("-5", None),
            ("tuan", None),
            ("", None),
        ] {
            assert_eq!(canonical(typed).as_deref(), one, "{typed}");
        }
        assert_eq!(address("tuan", 5), "tuan-05");
    }
}
