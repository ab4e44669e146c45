//! Whether somebody may take a delegate's place. Alternates do so only by a recorded decision (domain reference 3.4);
//! the number of delegates never grows by it.

/// How somebody stands on the roll, as far as a replacement asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// A delegate, alternate or not.
    pub delegate: bool,
    /// Dự khuyết.
    pub alternate: bool,
    /// Summoned or confirmed: neither excused, withdrawn nor replaced.
    pub comes: bool,
    /// Was replaced by an earlier decision.
    pub replaced: bool,
}

/// Why it may not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplaceFault {
    /// The place is no delegate's.
    NoPlace,
    /// An alternate has no place yet that another could take.
    AlternatePlace,
    /// Somebody was put in this place before.
    Taken,
    /// A delegate who has a place already.
    HasPlace,
    /// Excused or withdrawn.
    Away,
}

impl ReplaceFault {
    /// The key of the sentence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NoPlace => "roll-replace-no-place",
            Self::AlternatePlace => "roll-replace-alternate-place",
            Self::Taken => "roll-replace-taken",
            Self::HasPlace => "roll-replace-has-place",
            Self::Away => "roll-replace-away",
        }
    }

    /// Whether it is about who comes, not about the place.
    pub const fn is_about_comer(self) -> bool {
        matches!(self, Self::HasPlace | Self::Away)
    }
}

/// What is wrong with a place that somebody shall take: one whose holder is excused or withdrawn can be taken too.
///
/// # Errors
/// [`ReplaceFault::NoPlace`], [`ReplaceFault::AlternatePlace`], [`ReplaceFault::Taken`].
pub const fn may_be_taken(leaver: Standing) -> Result<(), ReplaceFault> {
    if !leaver.delegate {
        return Err(ReplaceFault::NoPlace);
    }
    if leaver.alternate {
        return Err(ReplaceFault::AlternatePlace);
    }
    if leaver.replaced {
        return Err(ReplaceFault::Taken);
    }
    Ok(())
}

/// What is wrong with who shall take it. Who was replaced may come back by a later decision.
///
/// # Errors
/// [`ReplaceFault::HasPlace`], [`ReplaceFault::Away`].
pub const fn may_take(comer: Standing) -> Result<(), ReplaceFault> {
    if comer.replaced {
        return Ok(());
    }
    if !comer.comes {
        return Err(ReplaceFault::Away);
    }
    if comer.delegate && !comer.alternate {
        return Err(ReplaceFault::HasPlace);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn one(delegate: bool, alternate: bool, comes: bool, replaced: bool) -> Standing {
        Standing { delegate, alternate, comes, replaced }
    }

    /// Domain reference 3.4 (alternates) and 6 B 23: a decision, and one place for one person.
    #[test]
    fn who_may_take_whose_place() {
        let delegate = one(true, false, true, false);
        let excused = one(true, false, false, false);
        let alternate = one(true, true, true, false);
        let replaced = one(true, false, false, true);
        let guest = one(false, false, true, false);
        let away = one(true, true, false, false);
        for (leaver, wanted) in [
            (delegate, Ok(())),
            (excused, Ok(())),
            (alternate, Err(ReplaceFault::AlternatePlace)),
            (replaced, Err(ReplaceFault::Taken)),
            (guest, Err(ReplaceFault::NoPlace)),
        ] {
            assert_eq!(may_be_taken(leaver), wanted, "{leaver:?}");
        }
        for (comer, wanted) in [
            (alternate, Ok(())),
            (guest, Ok(())),
            (replaced, Ok(())),
            (delegate, Err(ReplaceFault::HasPlace)),
            (excused, Err(ReplaceFault::Away)),
            (away, Err(ReplaceFault::Away)),
        ] {
            assert_eq!(may_take(comer), wanted, "{comer:?}");
        }
    }
}
