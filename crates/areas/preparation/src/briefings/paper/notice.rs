//! Thông báo kết luận: one page when the conclusions allow it.
// words: data — official documents are issued in Vietnamese, whatever the language of the page

use std::collections::BTreeSet;

use print::{Block, Kind, Number, Paper, Signature, Text};

use super::{
    facts::Notice,
    minutes::conclusions,
    words::{DRAFT, hour, lower, short, two},
};

/// The notice of the conclusions of a meeting (preparation reference 3.4 (2)).
pub fn notice(facts: &Notice) -> Paper {
    let Notice { meeting, .. } = facts;
    let place = if meeting.place.is_empty() { String::new() } else { format!(", tại {}", meeting.place) };
    let mut body = vec![Block::Paragraph(Text::plain(format!(
        "{} ngày {}{place}, {} chủ trì phiên {} lần thứ {}. Sau khi nghe báo cáo và ý kiến của các đơn vị dự họp, {} kết luận:",
        hour(meeting.begins),
        short(meeting.begins.date()),
        meeting.chair,
        lower(&meeting.series),
        two(meeting.number),
        meeting.chair
    )))];
    body.extend(conclusions(meeting));
    body.push(Block::Paragraph(Text::plain(
        "Đơn vị được giao nhiệm vụ xác nhận tiếp nhận trong 01 ngày làm việc kể từ khi nhận Thông báo này.",
    )));
    let units = meeting.conclusions.iter().map(|one| one.unit.as_str());
    let recipients = recipients(units.chain(facts.recipients.iter().map(String::as_str)));
    let issued = facts.number.is_some() && facts.issued.is_some();
    Paper {
        kind: Kind::Notice,
        title: (!issued).then(|| format!("THÔNG BÁO ({DRAFT})")),
        issuer: meeting.issuer.clone(),
        date: facts.issued,
        layout_on: facts.layout_on,
        number: Some(Number { number: facts.number, symbol: meeting.symbol.clone() }),
        subject: format!(
            "kết luận của {} tại phiên {} lần thứ {}",
            meeting.chair,
            lower(&meeting.series),
            two(meeting.number)
        ),
        urgency: None,
        to: Vec::new(),
        body,
        signatures: vec![Signature {
            authority: facts.signer.authority.as_ref().map(|(kind, whom)| (*kind, whom.to_uppercase())),
            office: facts.signer.office.to_uppercase(),
            name: String::new(),
        }],
        recipients,
        foot: match facts.hash.is_empty() {
            true => String::new(),
            false => format!("Theo biên bản đã ký có mã băm SHA-256: {}", facts.hash),
        },
        annexes: Vec::new(),
        duplex: true,
    }
}

/// Who receives a paper, each once, the archive last. What was typed with its punctuation is taken without it: the
/// layout sets its own.
pub(super) fn recipients<'a>(named: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut all: Vec<String> = named
        .map(|one| one.trim().trim_end_matches([';', '.', ',']).trim())
        .filter(|one| !one.is_empty() && seen.insert(one.to_lowercase()))
        .map(str::to_owned)
        .collect();
    let archive = all.iter().position(|one| one.starts_with("Lưu"));
    let last = archive.map_or_else(|| "Lưu Văn phòng".to_owned(), |at| all.remove(at));
    all.push(last);
    all
}
