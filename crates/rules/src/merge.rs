//! What two people wrote on one form while apart: who wrote last decides nothing.
//!
//! A record says what somebody wrote under one subject of a form, on which device, as which of that device's
//! records, and up to which place of the form's record it had *seen* the others when it was written. A record
//! that had seen what stands replaces it; so does a later one of the same device. One that had not, and says
//! something else, makes a [`Case`]: both stay, and a person chooses by a record that has seen both.
//!
//! Nothing is stored of this but the records: the standing answers and the open cases follow from them.

use std::collections::BTreeMap;

use serde::Serialize;

/// One record of a form, as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<V> {
    /// Its place in the form's record, 1, 2, 3 … in the order of arrival.
    pub place: u64,
    /// What it is about: `rating/T6`, `gate/K2`, `note`.
    pub subject: String,
    /// The device that wrote it.
    pub device: String,
    /// The highest place that this device had seen when it was written; 0 for none.
    pub seen: u64,
    /// What it says.
    pub value: V,
}

/// Records of one subject that disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// What they are about.
    pub subject: String,
    /// The record that stands meanwhile, and those that say something else, by their places.
    pub places: Vec<u64>,
}

/// What a form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged<V> {
    /// By subject, the place of the record that stands and what it says. While a case is open the record that
    /// came first stands, and nobody may rely on it.
    pub standing: BTreeMap<String, (u64, V)>,
    /// What a person must choose.
    pub cases: Vec<Case>,
}

struct Subject<V> {
    place: u64,
    device: String,
    value: V,
    against: Vec<(u64, String)>,
}

/// Puts the records of one form together; they must be in the order of their places.
pub fn merge<V: Clone + PartialEq>(records: &[Record<V>]) -> Merged<V> {
    let mut subjects: BTreeMap<&str, Subject<V>> = BTreeMap::new();
    for record in records {
        let Some(subject) = subjects.get_mut(record.subject.as_str()) else {
            subjects.insert(
                &record.subject,
                Subject {
                    place: record.place,
                    device: record.device.clone(),
                    value: record.value.clone(),
                    against: Vec::new(),
                },
            );
            continue;
        };
        let saw_standing = record.seen >= subject.place || record.device == subject.device;
        let saw_all = saw_standing
            && subject
                .against
                .iter()
                .all(|(place, device)| record.seen >= *place || record.device == *device);
        if saw_all {
            // While two disagree, a device that goes on writing has not chosen between them.
            let chooses = subject.against.is_empty()
                || record.seen >= subject.place
                    && subject.against.iter().all(|(place, _)| record.seen >= *place);
            if chooses {
                subject.place = record.place;
                subject.device.clone_from(&record.device);
                subject.value = record.value.clone();
                subject.against.clear();
                continue;
            }
        }
        if record.device == subject.device {
            // What it says replaces what the same device said; the other side still disagrees, or now agrees.
            subject.place = record.place;
            subject.value = record.value.clone();
        } else if subject.against.iter().any(|(_, device)| *device == record.device) {
            subject.against.retain(|(_, device)| *device != record.device);
            if record.value != subject.value {
                subject.against.push((record.place, record.device.clone()));
            }
        } else if record.value != subject.value {
            subject.against.push((record.place, record.device.clone()));
        }
    }
    let mut merged = Merged { standing: BTreeMap::new(), cases: Vec::new() };
    for (name, subject) in subjects {
        let values: Vec<u64> = subject
            .against
            .iter()
            .filter(|(place, _)| {
                records.iter().any(|record| record.place == *place && record.value != subject.value)
            })
            .map(|(place, _)| *place)
            .collect();
        if !values.is_empty() {
            let places = std::iter::once(subject.place).chain(values).collect();
            merged.cases.push(Case { subject: name.to_owned(), places });
        }
        merged.standing.insert(name.to_owned(), (subject.place, subject.value));
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(place: u64, device: &str, seen: u64, value: i32) -> Record<i32> {
        Record { place, subject: "rating/T1".to_owned(), device: device.to_owned(), seen, value }
    }

    fn stands(records: &[Record<i32>]) -> (i32, Vec<Vec<u64>>) {
        let merged = merge(records);
        (merged.standing["rating/T1"].1, merged.cases.into_iter().map(|case| case.places).collect())
    }

    #[test]
    fn one_device_replaces_what_it_wrote() {
        assert_eq!(stands(&[record(1, "a", 0, 7), record(2, "a", 0, 8)]), (8, vec![]));
    }

    #[test]
    fn who_had_seen_the_other_replaces_it() {
        assert_eq!(stands(&[record(1, "a", 0, 7), record(2, "b", 1, 8)]), (8, vec![]));
    }

    #[test]
    fn two_who_had_not_seen_each_other_disagree_until_a_person_chooses() {
        let mut records = vec![record(1, "a", 0, 7), record(2, "b", 0, 9)];
        assert_eq!(stands(&records), (7, vec![vec![1, 2]]));
        // Whoever goes on writing without having seen the other has not chosen.
        records.push(record(3, "a", 1, 6));
        assert_eq!(stands(&records), (6, vec![vec![3, 2]]));
        records.push(record(4, "desk", 3, 9));
        assert_eq!(stands(&records), (9, vec![]));
    }

    #[test]
    fn agreeing_is_no_case_and_coming_to_agree_ends_one() {
        assert_eq!(stands(&[record(1, "a", 0, 7), record(2, "b", 0, 7)]), (7, vec![]));
        let records = [record(1, "a", 0, 7), record(2, "b", 0, 9), record(3, "b", 0, 7)];
        assert_eq!(stands(&records), (7, vec![]));
        let records = [record(1, "a", 0, 7), record(2, "b", 0, 9), record(3, "a", 0, 9)];
        assert_eq!(stands(&records), (9, vec![]));
    }

    #[test]
    fn three_may_disagree() {
        let records = [record(1, "a", 0, 7), record(2, "b", 0, 9), record(3, "c", 0, 5)];
        assert_eq!(stands(&records), (7, vec![vec![1, 2, 3]]));
        // A choice between two of them leaves the third that came meanwhile.
        let records =
            [record(1, "a", 0, 7), record(2, "b", 0, 9), record(3, "c", 0, 5), record(4, "desk", 2, 9)];
        assert_eq!(stands(&records).1, vec![vec![1, 2, 3, 4]]);
    }

    proptest! {
        /// Whoever sees everything is never in a case, and nothing anybody wrote is lost without being seen.
        #[test]
        fn a_choice_that_saw_everything_ends_every_case(
            rows in proptest::collection::vec((0_u8..4, 0_u64..6, 0_i32..3), 1..20)
        ) {
            let mut records: Vec<Record<i32>> = (1..)
                .zip(&rows)
                .map(|(place, (device, seen, value))| record(place, &device.to_string(), (*seen).min(place - 1), *value))
                .collect();
            let last = records.len() as u64;
            records.push(record(last + 1, "desk", last, 1));
            prop_assert_eq!(stands(&records), (1, vec![]));
        }
    }
}
