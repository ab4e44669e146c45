//! Supplementary records: what corrects signed minutes.

use platform::{
    db::{DbError, Done, Tx, WriteTx},
    params, sql,
};
use serde_json::json;

use super::{
    super::{BriefingError, Hand, model::*, store},
    content, keep, minutes, record,
};

/// The supplementary records of a meeting in their order, drafts included; a signed one is read from what was
/// signed, its hash checked.
///
/// # Errors
/// [`BriefingError::Tampered`].
pub fn supplements(tx: &mut Tx<'_>, id: BriefingId) -> Result<Vec<Supplement>, BriefingError> {
    let rows: Vec<platform::db::Row> =
        tx.query(sql!("SELECT * FROM briefing_supplement WHERE briefing = $1 ORDER BY no"), params![id])?;
    let mut all = Vec::new();
    for row in &rows {
        let corrections: String = row.get("corrections")?;
        let mut one = Supplement {
            briefing: id,
            no: row.get("no")?,
            reason: row.get("reason")?,
            corrections: serde_json::from_str(&corrections).map_err(|error| DbError::Value {
                column: "corrections".to_owned(),
                reason: error.to_string(),
            })?,
            version: row.get("version")?,
            updated_at: row.get("updated_at")?,
            updated_by: row.get("updated_by")?,
            signed: None,
        };
        if let Some(signed) = record(tx, id, one.no)? {
            let kept: SupplementContent = content(tx, &signed)?;
            (one.reason, one.corrections) = (kept.reason, kept.corrections);
            one.signed = Some(signed);
        }
        all.push(one);
    }
    Ok(all)
}

fn supplement(tx: &mut Tx<'_>, id: BriefingId, no: u32) -> Result<Supplement, BriefingError> {
    supplements(tx, id)?.into_iter().find(|one| one.no == no).ok_or(BriefingError::NotFound)
}

fn corrected(
    minutes: &Minutes,
    reason: &str,
    corrections: &[Correction],
) -> Result<(String, String), BriefingError> {
    let reason = store::text("reason", reason, store::LONGEST)?;
    if reason.is_empty() {
        return Err(BriefingError::ReasonNeeded);
    }
    let mut clean = Vec::new();
    for one in corrections {
        let text = store::text("text", &one.text, store::LONGEST)?;
        if text.is_empty() {
            continue;
        }
        if let Some(number) = one.conclusion
            && !minutes.conclusions.iter().any(|had| had.number == number)
        {
            return Err(BriefingError::NotFound);
        }
        clean.push(Correction { conclusion: one.conclusion, text });
    }
    if clean.is_empty() {
        return Err(BriefingError::Empty { field: "text" });
    }
    let clean = serde_json::to_string(&clean).map_err(|error| DbError::Other(error.to_string()))?;
    Ok((reason, clean))
}

/// Begins a supplementary record to signed minutes; its number follows the last one of the meeting.
///
/// # Errors
/// [`BriefingError::NotSigned`], [`BriefingError::ReasonNeeded`], [`BriefingError::Empty`],
/// [`BriefingError::NotFound`] for a conclusion that the minutes do not have, [`BriefingError::NotPermitted`].
pub fn begin_supplement(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    reason: &str,
    corrections: &[Correction],
) -> Result<Done<u32>, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_contribute(series.unit)?;
    let (_, minutes) = minutes(tx, hand, id)?;
    let (reason, corrections) = corrected(&minutes, reason, corrections)?;
    let last: Option<u32> = tx
        .scalar(sql!("SELECT MAX(no) FROM briefing_supplement WHERE briefing = $1"), params![id])?
        .flatten();
    let no = last.unwrap_or(0) + 1;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("INSERT INTO briefing_supplement(briefing, no, reason, corrections, version, updated_at, updated_by)
              VALUES($1, $2, $3, $4, 1, $5, $6)"),
        params![id, no, reason, corrections, now, by],
    )?;
    let data = json!({"no": briefing.no, "supplement": no});
    Ok(store::noted(tx, id, "briefing.supplement_begun", data, None).with(no))
}

/// Rewrites a supplementary record that is not signed yet.
///
/// # Errors
/// [`BriefingError::SignedAlready`], [`BriefingError::Conflict`] and those of [`begin_supplement`].
pub fn edit_supplement(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    no: u32,
    version: i64,
    reason: &str,
    corrections: &[Correction],
) -> Result<Done<()>, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_contribute(series.unit)?;
    let (_, minutes) = minutes(tx, hand, id)?;
    unsigned(&supplement(tx, id, no)?, version)?;
    let (reason, corrections) = corrected(&minutes, reason, corrections)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE briefing_supplement SET reason = $3, corrections = $4, version = version + 1, updated_at = $5,
                updated_by = $6 WHERE briefing = $1 AND no = $2"),
        params![id, no, reason, corrections, now, by],
    )?;
    let data = json!({"no": briefing.no, "supplement": no});
    Ok(store::noted(tx, id, "briefing.supplement_edited", data, None).with(()))
}

fn unsigned(supplement: &Supplement, version: i64) -> Result<(), BriefingError> {
    if let Some(signed) = &supplement.signed {
        return Err(BriefingError::SignedAlready { by: signed.signed_by.clone(), at: signed.signed_at });
    }
    if supplement.version != version {
        return Err(BriefingError::Conflict {
            version: supplement.version,
            by: supplement.updated_by.clone(),
            at: supplement.updated_at,
        });
    }
    Ok(())
}

/// Signs a supplementary record, once. It stands beside the minutes; the minutes stay as they are.
///
/// # Errors
/// [`BriefingError::SignedAlready`], [`BriefingError::NotChair`], [`BriefingError::Conflict`] when it was changed
/// since it was shown, [`BriefingError::NotPermitted`].
pub fn sign_supplement(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    no: u32,
    version: i64,
) -> Result<Done<Signed>, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_decide(series.unit)?;
    let (of, minutes) = minutes(tx, hand, id)?;
    let draft = supplement(tx, id, no)?;
    unsigned(&draft, version)?;
    if hand.office != Some(briefing.chair_office) {
        return Err(BriefingError::NotChair { chair: minutes.chair });
    }
    let kept = SupplementContent {
        series: series.title,
        briefing_no: briefing.no,
        no,
        minutes: of.sha256,
        reason: draft.reason,
        corrections: draft.corrections,
    };
    let signed = keep(tx, hand, id, no, &kept)?;
    let data = json!({"no": briefing.no, "supplement": no, "sha256": signed.sha256});
    Ok(store::noted(tx, id, "briefing.supplement_signed", data, None).with(signed))
}
