//! All SQL of issuing bodies and numbers, as functions over a transaction.

use jiff::civil::Date;
use rules::{
    papers::{self as rule, BodyKind},
    text::{fold, nfc},
};
use serde_json::json;

use super::{Body, BodyId, NewBody, NewNumber, NumberId, PaperNumber, PapersError, Reference, TOPIC, Taken};
use crate::{
    audit::Event,
    congress,
    db::{DbError, Done, Row, Tx, WriteTx},
    i18n::key,
    identity::{Confidentiality, UnitId, store::new_id},
    params, sql,
};

/// Longest subject, in characters.
pub const LONGEST: usize = 500;

// ---------------------------------------------------------------- bodies

/// All issuing bodies, by name.
///
/// # Errors
/// Any [`DbError`].
pub fn bodies(tx: &mut Tx<'_>) -> Result<Vec<Body>, DbError> {
    tx.query(
        sql!(
            "SELECT id, unit, kind, name, parent_lines, name_lines, place, place_short, symbol, term, version
              FROM issuing_body ORDER BY name, id"
        ),
        &[],
    )
}

/// One body.
///
/// # Errors
/// [`PapersError::NotFound`].
pub fn body(tx: &mut Tx<'_>, id: BodyId) -> Result<Body, PapersError> {
    tx.query_opt(
        sql!(
            "SELECT id, unit, kind, name, parent_lines, name_lines, place, place_short, symbol, term, version
              FROM issuing_body WHERE id = $1"
        ),
        params![id],
    )?
    .ok_or(PapersError::NotFound)
}

/// The body in whose name a unit issues papers: its own, or that of the nearest unit above it that has one.
///
/// # Errors
/// Any [`DbError`].
pub fn body_of_unit(tx: &mut Tx<'_>, unit: UnitId) -> Result<Option<Body>, DbError> {
    let mut at = Some(unit);
    // Units are a tree of a few levels; the bound ends a circle that should not be there.
    for _ in 0..32 {
        let Some(unit) = at else { break };
        let found: Option<Body> = tx.query_opt(
            sql!("SELECT id, unit, kind, name, parent_lines, name_lines, place, place_short, symbol, term, version
                  FROM issuing_body WHERE unit = $1"),
            params![unit],
        )?;
        if found.is_some() {
            return Ok(found);
        }
        at = tx
            .scalar::<Option<UnitId>>(sql!("SELECT parent_id FROM unit WHERE id = $1"), params![unit])?
            .flatten();
    }
    Ok(None)
}

fn text(field: &'static str, typed: &str, most: usize, needed: bool) -> Result<String, PapersError> {
    let text = nfc(typed).replace('\n', " ");
    if needed && text.is_empty() {
        return Err(PapersError::Field { field, key: key("papers-error-empty") });
    }
    if text.chars().count() > most {
        return Err(PapersError::Field { field, key: key("papers-error-long") });
    }
    if text.chars().any(char::is_control) {
        return Err(PapersError::Field { field, key: key("papers-error-control") });
    }
    Ok(text)
}

fn heading(field: &'static str, lines: &[String], needed: bool) -> Result<String, PapersError> {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| text(field, line, 80, false))
        .filter(|line| line.as_ref().map_or(true, |line| !line.is_empty()))
        .collect::<Result<_, _>>()?;
    if needed && lines.is_empty() {
        return Err(PapersError::Field { field, key: key("papers-error-empty") });
    }
    if lines.len() > 4 {
        return Err(PapersError::Field { field, key: key("papers-error-lines") });
    }
    Ok(lines.join("\n"))
}

/// Writes an issuing body down, or changes one; `version` is the version the writer saw (0 for a new one).
///
/// # Errors
/// [`PapersError::Field`], [`PapersError::SymbolTaken`], [`PapersError::Conflict`], [`PapersError::NotFound`].
pub fn save_body(
    tx: &mut WriteTx<'_>,
    id: Option<BodyId>,
    version: i64,
    new: &NewBody,
) -> Result<Done<BodyId>, PapersError> {
    let name = text("name", &new.name, 200, true)?;
    let parent = heading("parent_lines", &new.parent_lines, false)?;
    let lines = heading("name_lines", &new.name_lines, true)?;
    let place = text("place", &new.place, 80, true)?;
    let place_short = text("place_short", &new.place_short, 80, false)?;
    let symbol = text("symbol", &new.symbol, 24, true)?;
    // What is printed must read back as a number of this body.
    if rule::key(&rule::written(new.kind, 1, "TB", &symbol)).is_none() {
        return Err(PapersError::Field { field: "symbol", key: key("papers-error-symbol") });
    }
    let term = match text("term", &new.term, 40, false)? {
        term if !term.is_empty() || new.kind == BodyKind::State => term,
        _ => congress::store::find(tx)?.map(|congress| congress.term).unwrap_or_default(),
    };
    let known = bodies(tx)?;
    if let Some(other) = known.iter().find(|other| {
        Some(other.id) != id && other.kind == new.kind && other.symbol.to_lowercase() == symbol.to_lowercase()
    }) {
        return Err(PapersError::SymbolTaken { symbol, by: other.name.clone() });
    }
    if let Some(unit) = new.unit {
        let known_unit = tx.scalar::<i64>(sql!("SELECT COUNT(*) FROM unit WHERE id = $1"), params![unit])?;
        if known_unit != Some(1) || known.iter().any(|other| Some(other.id) != id && other.unit == Some(unit))
        {
            return Err(PapersError::Field { field: "unit", key: key("papers-error-unit") });
        }
    }
    let fresh = BodyId(new_id(tx));
    let (id, changed) = match id {
        None => {
            let changed = tx.execute(
                sql!("INSERT INTO issuing_body(id, unit, kind, name, parent_lines, name_lines, place, place_short, symbol, term, version)
                      VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)"),
                params![fresh, new.unit, new.kind, name, parent, lines, place, place_short, symbol, term],
            )?;
            (fresh, changed)
        }
        Some(id) => {
            let changed = tx.execute(
                sql!("UPDATE issuing_body SET unit = $2, kind = $3, name = $4, parent_lines = $5, name_lines = $6,
                        place = $7, place_short = $8, symbol = $9, term = $10, version = version + 1
                      WHERE id = $1 AND version = $11"),
                params![id, new.unit, new.kind, name, parent, lines, place, place_short, symbol, term, version],
            )?;
            (id, changed)
        }
    };
    if changed == 0 {
        let now = body(tx, id)?;
        return Err(PapersError::Conflict { version: now.version });
    }
    let event = Event::new("body.saved", "issuing_body", id)
        .topic(TOPIC)
        .data(json!({"symbol": symbol, "kind": new.kind, "term": term}));
    Ok(tx.record(event).with(id))
}

// ---------------------------------------------------------------- numbers

fn last(tx: &mut Tx<'_>, body: BodyId, abbr: &str, series: &str) -> Result<u32, DbError> {
    let last: Option<Option<u32>> = tx.scalar(
        sql!("SELECT MAX(number) FROM paper_number WHERE body = $1 AND type = $2 AND series = $3"),
        params![body, abbr, series],
    )?;
    Ok(last.flatten().unwrap_or(0))
}

fn abbr(typed: &str) -> Result<&'static str, PapersError> {
    rule::known_type(typed).ok_or(PapersError::Field { field: "type", key: key("papers-error-type") })
}

/// The number that would be taken next.
///
/// # Errors
/// [`PapersError::NotFound`], [`PapersError::Field`] for an unknown type.
pub fn next_number(tx: &mut Tx<'_>, body: BodyId, abbr: &str, on: Date) -> Result<u32, PapersError> {
    let abbr = self::abbr(abbr)?;
    let body = self::body(tx, body)?;
    Ok(last(tx, body.id, abbr, &body.series(on))? + 1)
}

/// Takes the next number of a body's series, inside whatever transaction signs the paper.
///
/// # Errors
/// [`PapersError::NotFound`], [`PapersError::Field`].
pub fn take_number(
    tx: &mut WriteTx<'_>,
    body: BodyId,
    abbr: &str,
    on: Date,
    subject: &str,
    of: &Reference,
) -> Result<Done<u32>, PapersError> {
    let new = NewNumber {
        body,
        abbr: abbr.to_owned(),
        number: None,
        on,
        subject: subject.to_owned(),
        class: Confidentiality::Normal,
        of: of.clone(),
        gap_reason: String::new(),
    };
    Ok(enter(tx, &new)?.map(|taken| taken.number))
}

/// Uses a chosen number of a body's series. `gap_reason` says why numbers before it are left out, where any are.
///
/// # Errors
/// [`PapersError::Used`] with who and what uses it, [`PapersError::Cancelled`], [`PapersError::Gap`] without a
/// reason, [`PapersError::NotFound`], [`PapersError::Field`].
#[allow(
    clippy::too_many_arguments,
    reason = "what a line of the register holds, flat for callers that have it apart"
)]
pub fn use_number(
    tx: &mut WriteTx<'_>,
    body: BodyId,
    abbr: &str,
    number: u32,
    on: Date,
    subject: &str,
    of: &Reference,
    gap_reason: &str,
) -> Result<Done<u32>, PapersError> {
    let new = NewNumber {
        body,
        abbr: abbr.to_owned(),
        number: Some(number),
        on,
        subject: subject.to_owned(),
        class: Confidentiality::Normal,
        of: of.clone(),
        gap_reason: gap_reason.to_owned(),
    };
    Ok(enter(tx, &new)?.map(|taken| taken.number))
}

/// Puts a number into the register: the next, or a chosen one.
///
/// # Errors
/// Those of [`use_number`]; [`PapersError::SecretContent`] when a secret paper comes with a subject.
pub fn enter(tx: &mut WriteTx<'_>, new: &NewNumber) -> Result<Done<Taken>, PapersError> {
    let abbr = self::abbr(&new.abbr)?;
    let body = self::body(tx, new.body)?;
    let secret = new.class == Confidentiality::Secret;
    let subject = text("subject", &new.subject, LONGEST, !secret)?;
    if secret && !subject.is_empty() {
        return Err(PapersError::SecretContent);
    }
    let gap_reason = text("gap_reason", &new.gap_reason, LONGEST, false)?;
    let series = body.series(new.on);
    let last = last(tx, body.id, abbr, &series)?;
    let number = new.number.unwrap_or(last.saturating_add(1));
    if number == 0 || number > 999_999 {
        return Err(PapersError::Field { field: "number", key: key("papers-error-number") });
    }
    let written = body.written(number, abbr);
    if let Some(holder) = holder(tx, body.id, abbr, &series, number)? {
        return Err(match holder.cancelled_by {
            Some(by) => PapersError::Cancelled {
                written: holder.written,
                by,
                reason: holder.cancel_reason.unwrap_or_default(),
            },
            None => PapersError::Used {
                written: holder.written,
                on: holder.issued_on,
                // What only some may know is not told in a refusal.
                subject: if holder.class == Confidentiality::Normal { holder.subject } else { String::new() },
                by: holder.taken_by,
                what: holder.of.kind,
                href: holder.of.href,
            },
        });
    }
    let gap = rule::gap(last, number);
    if let Some(gap) = &gap
        && gap_reason.is_empty()
    {
        return Err(PapersError::Gap { from: *gap.start(), to: *gap.end() });
    }
    let gap_reason = if gap.is_some() { gap_reason } else { String::new() };
    let number_key = rule::key(&written).unwrap_or_default();
    // Found as printed, as spoken ("7-TB/TBPV"), by subject, by body.
    let spoken = body.written(number, abbr).trim_start_matches('0').to_owned();
    let folded = fold(&format!("{written} {spoken} {subject} {}", body.name));
    let id = NumberId(new_id(tx));
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("INSERT INTO paper_number(id, body, type, series, number, written, number_key, issued_on, subject, class,
                use_kind, use_id, use_href, gap_reason, taken_at, taken_by, folded)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"),
        params![
            id, body.id, abbr, series, number, written, number_key, new.on, subject, new.class, new.of.kind,
            new.of.id, new.of.href, gap_reason, now, by, folded
        ],
    )?;
    let event = Event::new("number.taken", "paper_number", id).topic(TOPIC).data(
        json!({"number": written, "series": series, "chosen": new.number.is_some(), "gap": gap.is_some()}),
    );
    Ok(tx.record(event).with(Taken { id, number, written }))
}

/// Cancels a number: it stays in the register and is never used again.
///
/// # Errors
/// [`PapersError::AlreadyCancelled`], [`PapersError::Bound`] when a paper of this installation has it,
/// [`PapersError::Field`] without a reason, [`PapersError::NotFound`].
pub fn cancel_number(tx: &mut WriteTx<'_>, id: NumberId, reason: &str) -> Result<Done<()>, PapersError> {
    let reason = text("reason", reason, LONGEST, true)?;
    let before = number(tx, id)?;
    if before.cancelled_at.is_some() {
        return Err(PapersError::AlreadyCancelled);
    }
    // What was signed under a number keeps it: the paper itself is superseded, never its number taken away.
    if !before.of.is_hand() {
        return Err(PapersError::Bound { written: before.written, href: before.of.href });
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE paper_number SET cancelled_at = $2, cancelled_by = $3, cancel_reason = $4 WHERE id = $1"
        ),
        params![id, now, by, reason],
    )?;
    let event = Event::new("number.cancelled", "paper_number", id)
        .topic(TOPIC)
        .why(reason)
        .data(json!({"number": before.written, "series": before.series}));
    Ok(tx.record(event).with(()))
}

/// Says which thing uses a number that was taken by hand before the thing existed, such as an entry of the register
/// of decisions for it.
///
/// # Errors
/// [`PapersError::NotFound`]; [`PapersError::Used`] when something else than a hand uses it.
pub fn claim_number(tx: &mut WriteTx<'_>, id: NumberId, of: &Reference) -> Result<Done<()>, PapersError> {
    let before = number(tx, id)?;
    if before.of == *of {
        return Ok(tx.unchanged(())?);
    }
    if !before.of.is_hand() {
        return Err(PapersError::Used {
            written: before.written,
            on: before.issued_on,
            subject: String::new(),
            by: before.taken_by,
            what: before.of.kind,
            href: before.of.href,
        });
    }
    tx.execute(
        sql!("UPDATE paper_number SET use_kind = $2, use_id = $3, use_href = $4 WHERE id = $1"),
        params![id, of.kind, of.id, of.href],
    )?;
    let event = Event::new("number.claimed", "paper_number", id)
        .topic(TOPIC)
        .data(json!({"number": before.written, "by": of.kind}));
    Ok(tx.record(event).with(()))
}

/// One line of the register.
///
/// # Errors
/// [`PapersError::NotFound`].
pub fn number(tx: &mut Tx<'_>, id: NumberId) -> Result<PaperNumber, PapersError> {
    tx.query_opt(sql!("SELECT * FROM paper_number WHERE id = $1"), params![id])?.ok_or(PapersError::NotFound)
}

fn holder(
    tx: &mut Tx<'_>,
    body: BodyId,
    abbr: &str,
    series: &str,
    number: u32,
) -> Result<Option<PaperNumber>, DbError> {
    tx.query_opt(
        sql!("SELECT * FROM paper_number WHERE body = $1 AND type = $2 AND series = $3 AND number = $4"),
        params![body, abbr, series, number],
    )
}

/// The lines whose number reads like this one, the newest first; empty when the text is no number.
///
/// # Errors
/// Any [`DbError`].
pub fn like_written(tx: &mut Tx<'_>, typed: &str) -> Result<Vec<PaperNumber>, DbError> {
    let Some(key) = rule::key(typed) else { return Ok(Vec::new()) };
    tx.query(
        sql!("SELECT * FROM paper_number WHERE number_key = $1 ORDER BY issued_on DESC, id DESC"),
        params![key],
    )
}

/// The number that a thing uses.
///
/// # Errors
/// Any [`DbError`].
pub fn number_of(tx: &mut Tx<'_>, of: &Reference) -> Result<Option<PaperNumber>, DbError> {
    tx.query_opt(
        sql!(
            "SELECT * FROM paper_number WHERE use_kind = $1 AND use_id = $2 AND cancelled_at IS NULL
              ORDER BY taken_at DESC, id DESC LIMIT 1"
        ),
        params![of.kind, of.id],
    )
}

/// The neighbour in the series whose date contradicts this number's: a warning for whoever enters it.
///
/// # Errors
/// [`PapersError::NotFound`], [`PapersError::Field`].
pub fn order_warning(
    tx: &mut Tx<'_>,
    body: BodyId,
    abbr: &str,
    number: u32,
    on: Date,
) -> Result<Option<(u32, Date)>, PapersError> {
    let abbr = self::abbr(abbr)?;
    let series = self::body(tx, body)?.series(on);
    let below: Option<Row> = tx.query_opt(
        sql!(
            "SELECT number, issued_on FROM paper_number
              WHERE body = $1 AND type = $2 AND series = $3 AND number < $4 ORDER BY number DESC LIMIT 1"
        ),
        params![body, abbr, series, number],
    )?;
    let above: Option<Row> = tx.query_opt(
        sql!(
            "SELECT number, issued_on FROM paper_number
              WHERE body = $1 AND type = $2 AND series = $3 AND number > $4 ORDER BY number LIMIT 1"
        ),
        params![body, abbr, series, number],
    )?;
    let near = [below, above]
        .into_iter()
        .flatten()
        .map(|row| Ok((row.get("number")?, row.get("issued_on")?)))
        .collect::<Result<Vec<(u32, Date)>, DbError>>()?;
    Ok(rule::out_of_order(number, on, &near))
}

/// Which lines of the register to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one body.
    pub body: Option<BodyId>,
    /// Of one type.
    pub abbr: Option<String>,
    /// Of one series: a term, a year.
    pub series: Option<String>,
    /// Words to find in number, subject and body, with or without diacritics.
    pub words: String,
    /// `Some(true)` only cancelled ones, `Some(false)` only valid ones.
    pub cancelled: Option<bool>,
    /// The most confidential class whose subjects the reader may search.
    pub upto: Confidentiality,
}

/// The search words as four patterns; what is left of them matches everything.
fn patterns(words: &str) -> [String; 4] {
    let folded = fold(words);
    let mut given = folded.split_whitespace().map(|word| {
        let escaped: String = word
            .chars()
            .flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c]))
            .collect();
        format!("%{escaped}%")
    });
    std::array::from_fn(|_| given.next().unwrap_or_else(|| "%".to_owned()))
}

/// Lines of the register, the newest issued first; `offset` and `limit` cut a page.
///
/// # Errors
/// Any [`DbError`].
pub fn list(tx: &mut Tx<'_>, filter: &Filter, offset: u32, limit: u32) -> Result<Vec<PaperNumber>, DbError> {
    let [a, b, c, d] = patterns(&filter.words);
    tx.query(
        sql!("SELECT * FROM paper_number
              WHERE (CAST($1 AS TEXT) IS NULL OR body = $1) AND (CAST($2 AS TEXT) IS NULL OR type = $2)
                AND (CAST($3 AS TEXT) IS NULL OR series = $3)
                AND (CAST($4 AS TEXT) IS NULL OR (cancelled_at IS NOT NULL AND $4 = 'yes') OR (cancelled_at IS NULL AND $4 = 'no'))
                AND (class = 'thuong' OR $5 = 'all' OR $6 = '%')
                AND folded LIKE $6 ESCAPE '!' AND folded LIKE $7 ESCAPE '!' AND folded LIKE $8 ESCAPE '!'
                AND folded LIKE $9 ESCAPE '!'
              ORDER BY issued_on DESC, number DESC, id LIMIT $10 OFFSET $11"),
        params![
            filter.body, filter.abbr, filter.series,
            filter.cancelled.map(|only| if only { "yes" } else { "no" }),
            if filter.upto == Confidentiality::Normal { "open" } else { "all" },
            a, b, c, d, i64::from(limit), i64::from(offset)
        ],
    )
}

/// How many lines there are, and how many of them are cancelled.
///
/// # Errors
/// Any [`DbError`].
pub fn count(tx: &mut Tx<'_>, filter: &Filter) -> Result<(u32, u32), DbError> {
    let [a, b, c, d] = patterns(&filter.words);
    let row: Row = tx.query_one(
        sql!("SELECT COUNT(*) AS lines, COUNT(cancelled_at) AS cancelled FROM paper_number
              WHERE (CAST($1 AS TEXT) IS NULL OR body = $1) AND (CAST($2 AS TEXT) IS NULL OR type = $2)
                AND (CAST($3 AS TEXT) IS NULL OR series = $3)
                AND (CAST($4 AS TEXT) IS NULL OR (cancelled_at IS NOT NULL AND $4 = 'yes') OR (cancelled_at IS NULL AND $4 = 'no'))
                AND (class = 'thuong' OR $5 = 'all' OR $6 = '%')
                AND folded LIKE $6 ESCAPE '!' AND folded LIKE $7 ESCAPE '!' AND folded LIKE $8 ESCAPE '!'
                AND folded LIKE $9 ESCAPE '!'"),
        params![
            filter.body, filter.abbr, filter.series,
            filter.cancelled.map(|only| if only { "yes" } else { "no" }),
            if filter.upto == Confidentiality::Normal { "open" } else { "all" },
            a, b, c, d
        ],
    )?;
    Ok((row.get("lines")?, row.get("cancelled")?))
}

/// One series as it stands: where the next number would be, and which were never used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Series {
    /// The body.
    pub body: BodyId,
    /// The type's abbreviation.
    pub abbr: String,
    /// The term or year.
    pub series: String,
    /// The highest number.
    pub last: u32,
    /// How many lines, cancelled ones included.
    pub lines: u32,
    /// How many of them are cancelled.
    pub cancelled: u32,
}

impl Series {
    /// How many numbers below the highest have no line.
    pub fn missing(&self) -> u32 {
        self.last.saturating_sub(self.lines)
    }
}

/// All series that have a line, by body and type.
///
/// # Errors
/// Any [`DbError`].
pub fn all_series(tx: &mut Tx<'_>) -> Result<Vec<Series>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!("SELECT body, type, series, MAX(number) AS last, COUNT(*) AS lines, COUNT(cancelled_at) AS cancelled
              FROM paper_number GROUP BY body, type, series ORDER BY body, type, series"),
        &[],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Series {
                body: row.get("body")?,
                abbr: row.get("type")?,
                series: row.get("series")?,
                last: row.get("last")?,
                lines: row.get("lines")?,
                cancelled: row.get("cancelled")?,
            })
        })
        .collect()
}
