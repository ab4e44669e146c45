//! Who may stand on a roll twice: by the number of the identity card, by name and birthday, by name and unit.
//!
//! It says why two lines are alike, never that they are one person: that, a person says. Names are compared without
//! diacritics and case, because the same name comes in three spellings from three offices.

use std::{collections::HashMap, hash::Hash};

use jiff::civil::Date;

use crate::text::fold;

/// What two lines of a roll are compared by.
#[derive(Debug, Clone, Default)]
pub struct Traits<'a> {
    /// Họ và tên as written.
    pub name: &'a str,
    /// Day of birth.
    pub born: Option<Date>,
    /// The number of the identity card under the congress's key.
    pub card: Option<[u8; 32]>,
    /// The unit that elects or sends; empty to leave it out of the comparison.
    pub unit: &'a str,
}

/// In what two lines are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Alike {
    /// The same number of the identity card.
    pub card: bool,
    /// The same name, but for diacritics and case, and the same birthday.
    pub birth: bool,
    /// The same name, but for diacritics and case, in the same unit.
    pub unit: bool,
    /// The name is written the same, but for case.
    pub spelled: bool,
}

/// Lines that were seen, found again by what they share with another.
#[derive(Debug, Clone)]
pub struct Twins<T> {
    birth: HashMap<(String, Date), Vec<T>>,
    card: HashMap<[u8; 32], Vec<T>>,
    unit: HashMap<(String, String), Vec<T>>,
    /// The name of each as written, in small letters.
    names: HashMap<T, String>,
}

impl<T> Default for Twins<T> {
    fn default() -> Self {
        Self { birth: HashMap::new(), card: HashMap::new(), unit: HashMap::new(), names: HashMap::new() }
    }
}

impl<T: Copy + Eq + Hash> Twins<T> {
    /// Remembers a line.
    pub fn insert(&mut self, who: T, traits: &Traits<'_>) {
        let name = fold(traits.name);
        if let Some(card) = traits.card {
            self.card.entry(card).or_default().push(who);
        }
        if !name.is_empty() {
            if let Some(born) = traits.born {
                self.birth.entry((name.clone(), born)).or_default().push(who);
            }
            let unit = fold(traits.unit);
            if !unit.is_empty() {
                self.unit.entry((name, unit)).or_default().push(who);
            }
        }
        self.names.insert(who, traits.name.to_lowercase());
    }

    /// Who of those seen may be this one, in the order in which they were seen: by name and birthday first, then by
    /// the card, then by name and unit.
    pub fn like(&self, traits: &Traits<'_>) -> Vec<(T, Alike)> {
        let mut out: Vec<(T, Alike)> = Vec::new();
        let name = fold(traits.name);
        let mut add = |found: Option<&Vec<T>>, mark: fn(&mut Alike)| {
            for who in found.into_iter().flatten() {
                let at = out.iter().position(|(one, _)| one == who).unwrap_or_else(|| {
                    out.push((*who, Alike::default()));
                    out.len() - 1
                });
                if let Some((_, alike)) = out.get_mut(at) {
                    mark(alike);
                }
            }
        };
        if !name.is_empty()
            && let Some(born) = traits.born
        {
            add(self.birth.get(&(name.clone(), born)), |alike| alike.birth = true);
        }
        if let Some(card) = traits.card {
            add(self.card.get(&card), |alike| alike.card = true);
        }
        let unit = fold(traits.unit);
        if !name.is_empty() && !unit.is_empty() {
            add(self.unit.get(&(name, unit)), |alike| alike.unit = true);
        }
        let small = traits.name.to_lowercase();
        for (who, alike) in &mut out {
            alike.spelled = self.names.get(who) == Some(&small);
        }
        out
    }
}

/// All pairs of a roll, each once, the earlier line first.
pub fn pairs<'a, T: Copy + Eq + Hash>(roll: impl IntoIterator<Item = (T, Traits<'a>)>) -> Vec<(T, T, Alike)> {
    let mut seen = Twins::default();
    let mut out = Vec::new();
    for (who, traits) in roll {
        out.extend(seen.like(&traits).into_iter().map(|(other, alike)| (other, who, alike)));
        seen.insert(who, &traits);
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn of(name: &'static str, born: i16, card: u8, unit: &'static str) -> Traits<'static> {
        Traits {
            name,
            born: (born > 0).then(|| date(born, 3, 2)),
            card: (card > 0).then_some([card; 32]),
            unit,
        }
    }

    /// Domain reference 6 B 15: duplicates by the hash of the card, and by names that differ in their marks.
    #[test]
    fn each_way_of_being_alike_is_named() {
        let first = of("Nguyễn Văn Ánh", 1975, 1, "Phường Bến Thành");
        let table = [
            (of("nguyễn văn ánh", 1975, 0, ""), Some((false, true, false, true))),
            (of("Nguyen Van Anh", 1975, 0, ""), Some((false, true, false, false))),
            (of("Trần Thị Bình", 1980, 1, ""), Some((true, false, false, false))),
            (of("Nguyễn Văn Anh", 1976, 0, "phuong ben thanh"), Some((false, false, true, false))),
            (of("Nguyễn Văn Ánh", 1975, 1, "Phường Bến Thành"), Some((true, true, true, true))),
            (of("Nguyễn Văn Ánh", 1976, 2, "Phường Tân Định"), None),
            (of("Nguyễn Văn Ánh", 0, 0, ""), None),
            (of("", 1975, 0, "Phường Bến Thành"), None),
        ];
        let mut seen = Twins::default();
        seen.insert(1, &first);
        for (other, wanted) in table {
            let found = seen.like(&other);
            let said = found.first().map(|(_, one)| (one.card, one.birth, one.unit, one.spelled));
            assert_eq!(said, wanted, "{other:?}");
            assert!(found.len() <= 1);
        }
    }

    #[test]
    fn each_pair_stands_once_and_nobody_is_their_own_twin() {
        let roll = [
            (1, of("An", 1975, 0, "A")),
            (2, of("Ân", 1975, 0, "A")),
            (3, of("Bình", 1975, 0, "A")),
            (4, of("An", 1975, 0, "B")),
        ];
        let found: Vec<(i32, i32)> = pairs(roll).into_iter().map(|(a, b, _)| (a, b)).collect();
        assert_eq!(found, [(1, 2), (1, 4), (2, 4)]);
    }
}
