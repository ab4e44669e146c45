//! Our own documents keep their rule; each broken rule is found, at its place, with its clause.

use std::io::{Cursor, Read as _, Write as _};

use jiff::civil::date;
use proptest::prelude::*;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::{
    docx,
    paper::{Authority, Block, Number, Paper, Signature},
    specimen,
};

const TODAY: Date = date(2026, 9, 5);

fn found(docx: &[u8]) -> Vec<Fault> {
    check(docx, Against::default(), TODAY)
        .unwrap()
        .departures
        .iter()
        .map(|departure| departure.fault)
        .collect()
}

fn notice(body: BodyKind) -> Paper {
    specimen::paper(Kind::Notice, body, TODAY)
}

/// The same package with some parts changed.
fn with(docx: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().to_owned();
        let mut data = Vec::new();
        file.read_to_end(&mut data).unwrap();
        if name == part {
            let before = String::from_utf8(data).unwrap();
            let after = change(before.clone());
            assert_ne!(before, after, "nothing changed in {part}");
            data = after.into_bytes();
        }
        copy.start_file(name, SimpleFileOptions::default()).unwrap();
        copy.write_all(&data).unwrap();
    }
    copy.finish().unwrap().into_inner()
}

#[test]
fn our_own_documents_keep_every_rule() {
    for (name, paper) in specimen::all() {
        let findings = check(&docx::write(&paper).unwrap(), Against::default(), TODAY).unwrap();
        assert_eq!(findings.departures, [], "{name}");
        assert_eq!(findings.unsure, [], "{name}");
        assert_eq!(findings.kind, Some(paper.kind), "{name}");
        assert_eq!(findings.dated, paper.date, "{name}");
        assert!(name.starts_with(&findings.profile.id), "{name}: {}", findings.profile.id);
        // And the day of issue chooses the same rule when it is named.
        let named = check(
            &docx::write(&paper).unwrap(),
            Against { on: paper.date, family: Some(paper.issuer.kind.into()) },
            TODAY,
        );
        assert_eq!(named.unwrap().departures, [], "{name}");
    }
}

/// Slips in the words: the document is ours, the words are the office's.
#[test]
fn each_slip_in_the_words_is_found() {
    use Fault as F;
    let says = |from: &'static str, to: &'static str| move |xml: String| xml.replacen(from, to, 1);
    type Change = Box<dyn Fn(String) -> String>;
    let party: Vec<(Fault, Change)> = vec![
        (F::NumberColon, Box::new(says("Số 07-TB", "Số: 07-TB"))),
        (F::NumberZero, Box::new(says("Số 07-TB", "Số 7-TB"))),
        (F::NumberForm, Box::new(says("Số 07-TB/TBPV", "Số 07/TB-TBPV"))),
        (F::AbbreviationOther, Box::new(says("07-TB/", "07-KL/"))),
        (F::AbbreviationUnknown, Box::new(says("07-TB/", "07-TBAO/"))),
        (F::NumberMissing, Box::new(says("Số 07-TB/TBPV", ""))),
        (F::DatePadding, Box::new(says("ngày 05 tháng 9", "ngày 5 tháng 9"))),
        (F::DatePadding, Box::new(says("ngày 05 tháng 9", "ngày 05 tháng 09"))),
        (F::DateImpossible, Box::new(says("ngày 05 tháng 9", "ngày 31 tháng 9"))),
        (F::DateMissing, Box::new(says("ngày 05 tháng 9 năm 2026", "05/9/2026"))),
        (F::MottoMissing, Box::new(says("ĐẢNG CỘNG SẢN VIỆT NAM", "ĐẢNG CỘNG SẢN VN"))),
        (F::StarMissing, Box::new(says(">*<", "><"))),
        (F::DashesMissing, Box::new(says(">-----<", "><"))),
        (F::DashesMissing, Box::new(says(">-----<", ">---<"))),
        (F::EndMark, Box::new(says("phiên giao ban sau.", "phiên giao ban sau./."))),
        (F::EndMissing, Box::new(says("phiên giao ban sau.", "phiên giao ban sau"))),
        (F::AuthorityForm, Box::new(says("T/L TRƯỞNG", "TL. TRƯỞNG"))),
        (F::AuthorityChoice, Box::new(says("T/L TRƯỞNG", "K/T TRƯỞNG"))),
        (F::AuthorityChoice, Box::new(says("TỔ TRƯỞNG TỔ THƯ KÝ", "PHÓ TRƯỞNG TIỂU BAN"))),
        (F::SignerTitle, Box::new(says("Họ và tên", "PGS.TS. Họ và tên"))),
        (F::SignerTitle, Box::new(says("Họ và tên", "Tiến sĩ Họ và tên"))),
        (F::RecipientsMissing, Box::new(says("Nơi nhận:", "Gửi các nơi:"))),
        (F::RecipientsMarks, Box::new(says("Các thành viên Tiểu ban;", "Các thành viên Tiểu ban,"))),
        (F::RecipientsMarks, Box::new(says("Lưu Văn phòng.", "Lưu Văn phòng;"))),
        (F::RecipientsKeep, Box::new(says("- Lưu Văn phòng.", "- Văn phòng."))),
    ];
    let state: Vec<(Fault, Change)> = vec![
        (F::NumberColon, Box::new(says("Số: 07/TB", "Số 07/TB"))),
        (F::NumberForm, Box::new(says("Số: 07/TB-SNV", "Số: 07-TB/SNV"))),
        (
            F::StarUnneeded,
            Box::new(says(
                "SỞ NỘI VỤ</w:t></w:r></w:p>",
                "SỞ NỘI VỤ</w:t></w:r></w:p><w:p><w:r><w:t>*</w:t></w:r></w:p>",
            )),
        ),
        (F::AuthorityForm, Box::new(says("TL. TRƯỞNG", "T/L TRƯỞNG"))),
        (F::RecipientsKeep, Box::new(says("- Lưu: Văn phòng.", "- Lưu Văn phòng."))),
        (F::MottoMissing, Box::new(says("Độc lập - Tự do - Hạnh phúc", "Độc lập"))),
    ];
    for (body, changes) in [(BodyKind::Party, party), (BodyKind::State, state)] {
        let docx = docx::write(&notice(body)).unwrap();
        for (fault, change) in changes {
            let broken = with(&docx, "word/document.xml", change);
            assert_eq!(found(&broken), [fault], "{body:?} {fault:?}");
        }
    }
    // The Decree does not say how a text ends: its samples do.
    let docx = docx::write(&notice(BodyKind::State)).unwrap();
    let broken = with(&docx, "word/document.xml", says("sau./.", "sau."));
    let findings = check(&broken, Against::default(), TODAY).unwrap();
    assert_eq!((findings.departures.len(), findings.unsure.len()), (0, 1));
    assert_eq!(findings.unsure[0].fault, F::EndMark);
}

/// Wrong measures: a style or a section changed by hand.
#[test]
fn each_wrong_measure_is_found() {
    use Fault as F;
    let docx = docx::write(&notice(BodyKind::Party)).unwrap();
    for (fault, from, to) in [
        (F::PaperSize, r#"w:w="11906" w:h="16838""#, r#"w:w="12240" w:h="15840""#),
        (F::MarginTop, r#"w:top="1134""#, r#"w:top="1440""#),
        (F::MarginBottom, r#"w:bottom="1134""#, r#"w:bottom="1440""#),
        (F::MarginLeft, r#"w:left="1701""#, r#"w:left="1440""#),
        (F::MarginRight, r#"w:right="850""#, r#"w:right="1134""#),
        (F::PageNumberFirst, "<w:titlePg/>", ""),
        (F::PageNumberFirst, "<w:titlePg/>", "<w:titlePg w:val=\"0\"/>"),
    ] {
        let broken = with(&docx, "word/document.xml", |xml| xml.replace(from, to));
        assert_eq!(found(&broken), [fault], "{from}");
    }
    for (fault, style, from, to) in [
        (F::MottoSize, "DHMotto", r#"w:val="30""#, r#"w:val="26""#),
        (F::MottoBold, "DHMotto", "<w:b/>", ""),
        (F::ParentSize, "DHParent", r#"w:val="28""#, r#"w:val="22""#),
        (F::NameSize, "DHName", r#"w:val="28""#, r#"w:val="32""#),
        (F::NameMissing, "DHName", "<w:b/>", ""),
        (F::NumberSize, "DHNumber", r#"w:val="28""#, r#"w:val="26""#),
        (F::DateItalic, "DHPlaceDate", "<w:i/>", ""),
        (F::DateSize, "DHPlaceDate", r#"w:val="28""#, r#"w:val="22""#),
        (F::TitleSize, "DHTitle", r#"w:val="32""#, r#"w:val="28""#),
        (F::TitleBold, "DHTitle", "<w:b/>", ""),
        (F::SubjectSize, "DHSubject", r#"w:val="28""#, r#"w:val="24""#),
        (F::SubjectBold, "DHSubject", "<w:b/>", ""),
        (F::AuthorityBold, "DHAuthority", "<w:b/>", ""),
        (F::OfficeWeight, "DHOffice", "<w:rPr>", "<w:rPr><w:b/>"),
        (F::SignerBold, "DHSigner", "<w:b/>", ""),
        (F::RecipientsHead, "DHRecipientsHead", r#"<w:u w:val="single"/>"#, ""),
        (F::RecipientsSize, "DHRecipient", r#"w:val="24""#, r#"w:val="28""#),
        (F::BodyAlign, "Normal", r#"<w:jc w:val="both"/>"#, ""),
        (F::BodyIndent, "Normal", r#"w:firstLine="567""#, r#"w:firstLine="0""#),
        (F::BodyStep, "Normal", r#"w:line="380""#, r#"w:line="300""#),
        (F::BodyStep, "Normal", r#"w:line="380" w:lineRule="exact""#, r#"w:line="276" w:lineRule="auto""#),
        (F::BodyGap, "Normal", r#"w:after="120""#, r#"w:after="0""#),
        (F::PageNumberSize, "DHPageNumber", r#"w:val="28""#, r#"w:val="22""#),
    ] {
        let broken = with(&docx, "word/styles.xml", |xml| {
            let at = xml.find(&format!("w:styleId=\"{style}\"")).unwrap();
            let end = at + xml[at..].find("</w:style>").unwrap();
            format!("{}{}{}", &xml[..at], xml[at..end].replacen(from, to, 1), &xml[end..])
        });
        assert_eq!(found(&broken), [fault], "{style}: {from} → {to}");
    }
    // The body at 13 pt: the measure is in the defaults and in the style.
    let broken = with(&docx, "word/styles.xml", |xml| {
        let at = xml.find("w:styleId=\"Normal\"").unwrap();
        format!("{}{}", &xml[..at], xml[at..].replacen(r#"<w:sz w:val="28"/>"#, r#"<w:sz w:val="26"/>"#, 1))
    });
    assert!(found(&broken).contains(&F::BodySize));
    let other = with(&docx, "word/styles.xml", |xml| xml.replace("Times New Roman", "Arial"));
    assert_eq!(found(&other), [F::FontFamily]);
    let old = with(&docx, "word/styles.xml", |xml| xml.replace("Times New Roman", ".VnTime"));
    assert_eq!(found(&old), [F::FontEncoding]);
    // The theme names the font where a word processor's own template does.
    let rule = with(&docx, "word/document.xml", |xml| xml.replacen("<w:top ", "<w:none ", 1));
    assert_eq!(found(&rule), [F::MottoRule]);
    let header =
        with(&docx, "word/header1.xml", |xml| xml.replace("</w:pPr>", "<w:jc w:val=\"right\"/></w:pPr>"));
    assert_eq!(found(&header), [F::PageNumberPlace]);
}

/// A long paper without page numbers; a letter and a submission in the wrong words.
#[test]
fn slips_of_other_types_are_found() {
    use Fault as F;
    let mut long = notice(BodyKind::Party);
    long.body = vec![Block::Paragraph("Nội dung kết luận của phiên họp. ".repeat(30).into()); 6];
    let docx = docx::write(&long).unwrap();
    assert_eq!(found(&docx), []);
    let bare = with(&docx, "word/header1.xml", |xml| xml.replace(" PAGE ", " DATE "));
    assert_eq!(found(&bare), [F::PageNumberMissing]);

    let letter = docx::write(&specimen::paper(Kind::Letter, BodyKind::Party, TODAY)).unwrap();
    let wrong = with(&letter, "word/document.xml", |xml| xml.replace("về việc phân luồng", "V/v phân luồng"));
    assert_eq!(found(&wrong), [F::LetterSubjectForm]);

    // "Kính trình" is new in HD 05, in force from 27/05/2026.
    let submission = |on| docx::write(&specimen::paper(Kind::Submission, BodyKind::Party, on)).unwrap();
    let wrong = with(&submission(TODAY), "word/document.xml", |xml| xml.replace("Kính trình:", "Kính gửi:"));
    assert_eq!(found(&wrong), [F::ToLabel]);
    let early = with(&submission(date(2026, 5, 26)), "word/document.xml", |xml| {
        xml.replace("Kính gửi:", "Kính trình:")
    });
    assert_eq!(found(&early), [F::ToLabel]);

    // Held to a rule that was not in force on its day.
    let old = docx::write(&specimen::paper(Kind::Notice, BodyKind::Party, date(2025, 9, 26))).unwrap();
    let findings = check(&old, Against { on: Some(TODAY), family: None }, TODAY).unwrap();
    assert_eq!(findings.departures.iter().map(|d| d.fault).collect::<Vec<_>>(), [F::DateOther]);
    assert_eq!(findings.departures[0].right, "HD 05-HD/VPTW");
}

/// A heading typed with tabs instead of a table, letters sized by hand, no styles: how offices type.
#[test]
fn a_document_typed_by_hand_is_read() {
    let run = |text: &str, size: u32, look: &str| {
        format!(
            "<w:r><w:rPr>{look}<w:sz w:val=\"{size}\"/></w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>"
        )
    };
    let tab = "<w:r><w:tab/></w:r>";
    let line = |runs: String, jc: &str| format!("<w:p><w:pPr><w:jc w:val=\"{jc}\"/></w:pPr>{runs}</w:p>");
    let body = [
        line(
            run("THÀNH ỦY", 26, "")
                + tab
                + &run("ĐẢNG CỘNG SẢN VIỆT NAM", 30, "<w:b/><w:u w:val=\"single\"/>"),
            "left",
        ),
        line(run("VĂN PHÒNG", 28, "<w:b/>"), "left"),
        line(run("*", 28, ""), "left"),
        line(
            run("Số: 5-BC/VPTU", 28, "") + tab + &run("Hà Nội, ngày 5 tháng 09 năm 2026", 28, "<w:i/>"),
            "left",
        ),
        line(run("BÁO CÁO", 32, "<w:b/>"), "center"),
        line(run("tình hình tháng 8", 28, "<w:b/>"), "center"),
        line(run("-----", 28, ""), "center"),
        line(
            run(
                "Trong tháng, Văn phòng đã tham mưu và phục vụ tốt các hội nghị của cấp ủy, bảo đảm an toàn.",
                26,
                "",
            ),
            "left",
        ),
        line(run("Xin báo cáo./.", 26, ""), "left"),
        line(
            run("Nơi nhận:", 28, "<w:u w:val=\"single\"/>") + tab + &run("CHÁNH VĂN PHÒNG", 28, "<w:b/>"),
            "left",
        ),
        line(run("- Thường trực Thành ủy", 24, ""), "left"),
        line(run("- Lưu.", 24, ""), "left"),
    ]
    .concat();
    let docx = with(&docx::write(&notice(BodyKind::Party)).unwrap(), "word/document.xml", |xml| {
        let (from, to) = (xml.find("<w:body>").unwrap() + 8, xml.rfind("<w:sectPr>").unwrap());
        format!("{}{body}{}", &xml[..from], &xml[to..])
    });
    let found = found(&docx);
    for fault in [
        Fault::NumberColon,
        Fault::NumberZero,
        Fault::DatePadding,
        Fault::BodySize,
        Fault::BodyAlign,
        Fault::EndMark,
        Fault::RecipientsMarks,
    ] {
        assert!(found.contains(&fault), "{fault:?} not in {found:?}");
    }
    assert!(!found.contains(&Fault::MottoMissing) && !found.contains(&Fault::StarMissing), "{found:?}");
}

/// Everything mechanical at once: the copy has none of it left, and says the same.
#[test]
fn a_corrected_copy_puts_the_mechanical_right() {
    let docx = docx::write(&notice(BodyKind::Party)).unwrap();
    let broken = with(&docx, "word/document.xml", |xml| {
        xml.replace(r#"w:left="1701""#, r#"w:left="1440""#)
            .replace(r#"w:w="11906" w:h="16838""#, r#"w:w="12240" w:h="15840""#)
            .replace("<w:titlePg/>", "")
            .replace("Số 07-TB", "Số: 7-TB")
            .replace("ngày 05 tháng 9", "ngày 5 tháng 09")
            .replace("phiên giao ban sau.", "phiên giao ban sau./.")
            .replace("Các thành viên Tiểu ban;", "Các thành viên Tiểu ban,")
            .replace("T/L TRƯỞNG", "TL. TRƯỞNG")
    });
    let broken = with(&broken, "word/styles.xml", |xml| {
        xml.replace("Times New Roman", "Arial")
            .replace(r#"w:line="380" w:lineRule="exact""#, r#"w:line="240" w:lineRule="auto""#)
            .replace(r#"w:val="28""#, r#"w:val="22""#)
            .replace(r#"w:firstLine="567""#, r#"w:firstLine="0""#)
            .replace(r#"w:after="120""#, r#"w:after="0""#)
            .replace(r#"<w:jc w:val="both"/>"#, "")
            .replace("<w:i/>", "")
    });
    let kept = broken.clone();
    let corrected = correct(&broken, Against::default(), TODAY).unwrap();
    assert_eq!(broken, kept);
    assert!(corrected.before.correctable() >= 15, "{:?}", corrected.before.departures);
    let left: Vec<Fault> = corrected.after.departures.iter().map(|departure| departure.fault).collect();
    // Which word stands for an authority is for a person.
    assert_eq!(left, [Fault::AuthorityForm], "{:#?}", corrected.after.departures);
    let again = correct(&corrected.docx, Against::default(), TODAY).unwrap();
    assert_eq!(again.after.departures, corrected.after.departures);
    let text = |docx: &[u8]| {
        let package = package::Package::open(docx).unwrap();
        let document = read::document(&package).unwrap();
        document.paragraphs.iter().map(read::Paragraph::text).collect::<Vec<_>>().join("\n")
    };
    let wanted = text(&docx).replace("T/L TRƯỞNG", "TL. TRƯỞNG");
    assert_eq!(text(&corrected.docx), wanted);
}

/// A corrected copy of a clean document is that document.
#[test]
fn nothing_to_correct_changes_nothing() {
    for (name, paper) in specimen::all().into_iter().step_by(7) {
        let docx = docx::write(&paper).unwrap();
        let corrected = correct(&docx, Against::default(), TODAY).unwrap();
        assert_eq!(corrected.after.departures, [], "{name}");
        let document = |docx: &[u8]| {
            let mut text = String::new();
            ZipArchive::new(Cursor::new(docx))
                .unwrap()
                .by_name("word/document.xml")
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            tree::Element::parse(text.as_bytes()).unwrap()
        };
        assert_eq!(document(&docx), document(&corrected.docx), "{name}");
    }
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, data) in parts {
        copy.start_file(*name, SimpleFileOptions::default()).unwrap();
        copy.write_all(data).unwrap();
    }
    copy.finish().unwrap().into_inner()
}

#[test]
fn hostile_files_are_refused_by_name() {
    let docx = docx::write(&notice(BodyKind::Party)).unwrap();
    let refused = |bytes: &[u8]| check(bytes, Against::default(), TODAY).unwrap_err();
    assert_eq!(refused(b""), Refused::NotDocx);
    assert_eq!(refused(b"%PDF-1.7"), Refused::NotDocx);
    assert_eq!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Refused::OldOrLocked);
    assert_eq!(refused(&docx[..docx.len() / 2]), Refused::Damaged);
    assert_eq!(refused(&package(&[("xl/workbook.xml", b"<a/>")])), Refused::NotDocx);
    assert_eq!(refused(&vec![b'P'; MOST_BYTES + 1]), Refused::TooLarge);

    let entity = with(&docx, "word/document.xml", |xml| {
        xml.replacen("<w:document", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><w:document", 1)
    });
    assert_eq!(refused(&entity), Refused::Hostile);
    let unknown = with(&docx, "word/document.xml", |xml| xml.replace("THÔNG BÁO", "&xxe;"));
    assert_eq!(refused(&unknown), Refused::Hostile);
    let deep = with(&docx, "word/document.xml", |xml| {
        xml.replacen("<w:body>", &format!("<w:body>{}{}", "<w:sdt>".repeat(5000), "</w:sdt>".repeat(5000)), 1)
    });
    assert_eq!(refused(&deep), Refused::Hostile);
    let bomb = with(&docx, "word/document.xml", |xml| xml.replacen("THÔNG BÁO", &"A".repeat(20 << 20), 1));
    assert_eq!(refused(&bomb), Refused::TooLarge);
    let many: Vec<(String, &[u8])> = (0..2_100).map(|n| (format!("a{n}"), b"".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, data)| (name.as_str(), *data)).collect();
    assert_eq!(refused(&package(&many)), Refused::TooLarge);

    let mut macros = ZipWriter::new_append(Cursor::new(docx.clone())).unwrap();
    macros.start_file("word/vbaProject.bin", SimpleFileOptions::default()).unwrap();
    assert_eq!(refused(&macros.finish().unwrap().into_inner()), Refused::Macros);
    let kind = with(&docx, "[Content_Types].xml", |xml| {
        xml.replace(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "application/vnd.ms-word.document.macroEnabled.main+xml",
        )
    });
    assert_eq!(refused(&kind), Refused::Macros);
    for mark in ["MẬT", "TỐI MẬT", "TUYỆT MẬT"] {
        let secret = with(&docx, "word/document.xml", |xml| {
            xml.replacen(
                "Số 07-TB/TBPV</w:t></w:r></w:p>",
                &format!("Số 07-TB/TBPV</w:t></w:r></w:p><w:p><w:r><w:t>{mark}</w:t></w:r></w:p>"),
                1,
            )
        });
        assert_eq!(refused(&secret), Refused::Secret);
        assert_eq!(correct(&secret, Against::default(), TODAY).unwrap_err(), Refused::Secret);
    }
    // A style based on itself ends.
    let circle = with(&docx, "word/styles.xml", |xml| {
        xml.replace(r#"<w:name w:val="Nội dung"/>"#, r#"<w:name w:val="a"/><w:basedOn w:val="Normal"/>"#)
    });
    assert_eq!(found(&circle), []);
}

#[test]
fn numbers_are_read_in_every_form() {
    use seen::NumberSeen;
    let party = &crate::profile::all()[1];
    for (typed, right) in [
        ("Số 07-TB/TBPV", "Số 07-TB/TBPV"),
        ("Số: 7-TB/TBPV", "Số 07-TB/TBPV"),
        ("Số : 7 - TB/TBPV", "Số 07-TB/TBPV"),
        ("Số 127/QĐ-TW", "Số 127-QĐ/TW"),
        ("Số:      -BC/TU", "Số -BC/TU"),
    ] {
        assert_eq!(NumberSeen::parse(typed).unwrap().right(party), right, "{typed}");
    }
    for other in ["Số lượng đại biểu: 550", "Số liệu đến 16 giờ", "Sổ tay", "Số"] {
        assert_eq!(NumberSeen::parse(other), None, "{other}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever the office writes into a paper of ours, number and date and body and names: it keeps the rule.
    #[test]
    fn any_paper_of_ours_keeps_the_rule(
        kind in prop::sample::select(crate::parts::KINDS.to_vec()),
        body in prop::sample::select(vec![BodyKind::Party, BodyKind::Congress, BodyKind::State]),
        days in 0i32..3_000,
        number in proptest::option::of(1u32..3_000),
        symbol in "[A-ZĐ]{2,6}",
        words in "[a-zà-ỹ][a-zà-ỹ ,]{10,200}[a-zà-ỹ]",
        authority in prop::sample::select(vec![Authority::OnBehalf, Authority::ByOrder, Authority::Acting]),
    ) {
        let day = date(2020, 3, 5).saturating_add(jiff::Span::new().days(days));
        let mut paper = specimen::paper(kind, body, day);
        if kind != Kind::Minutes {
            paper.number = Some(Number { number, symbol });
            paper.signatures = vec![Signature {
                authority: Some((authority, "BAN THƯỜNG VỤ".into())),
                office: "CHÁNH VĂN PHÒNG".into(),
                name: "Họ và tên".into(),
            }];
        }
        paper.body.insert(0, Block::Paragraph(words.clone().into()));
        paper.body.push(Block::Paragraph(words.into()));
        let findings = check(&docx::write(&paper).unwrap(), Against::default(), TODAY).unwrap();
        prop_assert_eq!(&findings.departures, &vec![]);
        prop_assert_eq!(findings.unsure, vec![]);
    }

    /// Whatever bytes come: an answer, never a fall.
    #[test]
    fn any_bytes_get_an_answer(at in 0usize..20_000, byte in any::<u8>()) {
        static DOCX: std::sync::LazyLock<Vec<u8>> =
            std::sync::LazyLock::new(|| docx::write(&notice(BodyKind::Party)).unwrap());
        let mut docx = DOCX.clone();
        let at = at % docx.len();
        docx[at] = byte;
        let _ = correct(&docx, Against::default(), TODAY);
    }
}
