#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures::stream;
use http_body_util::BodyExt;
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    Fault, FileError, FileId, Files, Found, Kind, MIGRATIONS, PutOptions, display_name, serve, store,
};
use crate::{
    audit::{self, Author},
    clock::SystemClock,
    db::{DatabaseUrl, Db, DbError},
};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0IEND\xae\x42\x60\x82";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9 after the image";

fn files() -> (TempDir, Files) {
    let dir = tempfile::tempdir().unwrap();
    let files = Files::local(dir.path()).unwrap();
    (dir, files)
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn office(part: &str) -> Vec<u8> {
    archive(&[("[Content_Types].xml", b"<Types/>"), (part, b"<x/>")])
}

fn everything() -> PutOptions {
    PutOptions::new(1 << 20, Kind::EVIDENCE)
}

async fn put(files: &Files, bytes: &[u8]) -> Result<super::Stored, FileError> {
    files.put_bytes(Bytes::copy_from_slice(bytes), everything().named("tệp")).await
}

/// All files under a folder.
fn found(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(found(&path)) } else { out.push(path) }
    }
    out
}

#[tokio::test]
async fn a_kind_is_read_from_the_bytes() {
    let (_dir, files) = files();
    let docx = office("word/document.xml");
    let xlsx = office("xl/workbook.xml");
    let pptx = office("ppt/presentation.xml");
    for (bytes, kind) in [
        (PDF, Kind::Pdf),
        (PNG, Kind::Png),
        (JPEG, Kind::Jpeg),
        (&docx, Kind::Docx),
        (&xlsx, Kind::Xlsx),
        (&pptx, Kind::Pptx),
        ("\u{feff}Đại hội, 5 < 6\r\n".as_bytes(), Kind::Txt),
    ] {
        let stored = put(&files, bytes).await.unwrap();
        assert_eq!((stored.kind, stored.size), (kind, bytes.len() as u64));
        assert_eq!(files.get(&stored.sha256).await.unwrap(), bytes);
    }
    // A letter of three bytes on the edge of what is read at once.
    let long = format!("{}ế;1\n", "a".repeat(64 * 1024 + 2));
    let csv = files.put_bytes(long.into(), everything().named("danh sách.CSV")).await.unwrap();
    assert_eq!((csv.kind, csv.name.as_str()), (Kind::Csv, "danh sách.CSV"));
}

#[tokio::test]
async fn what_may_not_come_in_leaves_nothing() {
    let (dir, files) = files();
    let macros = archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<x/>"),
        ("xl/vbaProject.bin", b"x"),
    ]);
    let marked = archive(&[
        ("[Content_Types].xml", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        ("xl/workbook.xml", b"<x/>"),
    ]);
    let zip = archive(&[("a.txt", b"x")]);
    for (bytes, expected) in [
        (&b"MZ\x90\0"[..], Found::Program),
        (b"\x7fELF\x02", Found::Program),
        (b"#!/bin/sh\nrm -rf /\n", Found::Program),
        (b"<!DOCTYPE html><p>", Found::Html),
        (b"\xef\xbb\xbf \n<ScRiPt>alert(1)</script>", Found::Html),
        (b"<a href=x>", Found::Html),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", Found::Svg),
        (b"<svg onload=alert(1)>", Found::Svg),
        (b"<?xml version='1.0'?><Project/>", Found::Xml),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", Found::OldOffice),
        (&macros, Found::Macro),
        (&marked, Found::Macro),
        (&zip, Found::Kind(Kind::Zip)),
        (b"GIF89a\x01\0", Found::Unknown),
        (b"text with \0 inside", Found::Unknown),
        (b"latin \xe9\xe8 text", Found::Unknown),
        (b"cut off \xe1\xba", Found::Unknown),
    ] {
        match put(&files, bytes).await {
            Err(FileError::KindNotAllowed { found }) => assert_eq!(found, expected, "{bytes:?}"),
            other => panic!("{bytes:?} gave {other:?}"),
        }
    }
    for (bytes, fault) in [
        (&PDF[..30], Fault::Damaged),
        (&PNG[..20], Fault::Damaged),
        (&JPEG[..12], Fault::Damaged),
        (&zip[..zip.len() - 8], Fault::Damaged),
    ] {
        let result = put(&files, bytes).await;
        assert!(matches!(result, Err(FileError::Broken(found)) if found == fault), "{result:?}");
    }
    assert!(matches!(put(&files, b"").await, Err(FileError::Empty)));
    let small = PutOptions::new(10, Kind::EVIDENCE);
    let result = files.put_bytes(Bytes::from_static(PDF), small).await;
    assert!(matches!(result, Err(FileError::TooLarge { limit: 10 })));
    let images = PutOptions::new(1 << 20, Kind::IMAGES);
    let result = files.put_bytes(Bytes::from_static(PDF), images).await;
    assert!(matches!(result, Err(FileError::KindNotAllowed { found: Found::Kind(Kind::Pdf) })));
    assert_eq!(found(dir.path()), Vec::<PathBuf>::new());
    const ZIP: &[Kind] = &[Kind::Zip];
    assert!(files.put_bytes(zip.into(), PutOptions::new(1000, ZIP)).await.is_ok());
}

#[tokio::test]
async fn archives_are_unpacked_within_limits() {
    let (_dir, files) = files();
    let zeros = vec![0; 600_000];
    let bomb = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", &zeros)]);
    assert!(bomb.len() < 6_000);
    assert!(matches!(put(&files, &bomb).await, Err(FileError::Broken(Fault::Bomb))));
    // The directory says that the part is small.
    let mut lying = bomb.clone();
    let size = 600_000_u32.to_le_bytes();
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == size {
            lying[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
        }
    }
    assert!(matches!(put(&files, &lying).await, Err(FileError::Broken(_))));
    let names: Vec<String> = (0..1001).map(|n| format!("{n}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    assert!(matches!(put(&files, &archive(&parts)).await, Err(FileError::Broken(Fault::Parts))));
    let outside = archive(&[("../../etc/passwd", b"x")]);
    assert!(matches!(put(&files, &outside).await, Err(FileError::Broken(Fault::Damaged))));
    // One bit of the packed bytes turned: the checksum tells.
    let mut turned = office("xl/workbook.xml");
    let at = turned.windows(4).position(|window| window == b"<x/>").unwrap_or(60);
    turned[at] ^= 1;
    assert!(matches!(put(&files, &turned).await, Err(FileError::Broken(Fault::Damaged))));
}

#[tokio::test]
async fn the_same_bytes_are_kept_once() {
    let (dir, files) = files();
    let (a, b) = (put(&files, PDF).await.unwrap(), put(&files, PDF).await.unwrap());
    assert_eq!(a, b);
    let hex = crate::hex(&a.sha256);
    let path = dir.path().join("kept").join(&hex[..2]).join(&hex[2..]);
    assert_eq!(found(dir.path()), vec![path.clone()]);
    let before = std::fs::metadata(&path).unwrap().modified().unwrap();
    put(&files, PDF).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), before);
}

#[tokio::test]
async fn a_large_file_goes_in_pieces() {
    let (dir, files) = files();
    let text = "Đại hội đại biểu lần thứ XIX\n".repeat(700_000);
    let options = PutOptions::new(64 << 20, Kind::EVIDENCE).named("biên bản.txt");
    let chunks: Vec<_> =
        text.as_bytes().chunks(100_000).map(|chunk| Ok::<_, String>(Bytes::copy_from_slice(chunk))).collect();
    let stored = files.put(stream::iter(chunks), options).await.unwrap();
    assert_eq!((stored.size, found(dir.path()).len()), (text.len() as u64, 1));
    assert_eq!(files.get(&stored.sha256).await.unwrap(), text);
    let (size, read) = files.read(&stored.sha256).await.unwrap();
    let read: Vec<Bytes> = futures::TryStreamExt::try_collect(read).await.unwrap();
    assert_eq!((size, read.concat().len()), (stored.size, text.len()));
}

#[tokio::test]
async fn a_half_written_upload_leaves_nothing() {
    let (dir, files) = files();
    let cut = stream::iter([Ok(Bytes::from_static(PDF)), Err("the connection was reset")]);
    let result = files.put(cut, everything()).await;
    assert!(matches!(result, Err(FileError::Interrupted(_))), "{result:?}");
    assert_eq!(found(dir.path()), Vec::<PathBuf>::new());
    // The handler is dropped because the client has gone.
    let endless = futures::StreamExt::chain(
        stream::iter([Ok::<_, String>(Bytes::from_static(PDF))]),
        stream::pending(),
    );
    let waiting = tokio::time::timeout(Duration::from_millis(100), files.put(endless, everything())).await;
    assert!(waiting.is_err());
    assert_eq!(found(dir.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn what_a_killed_server_was_receiving_is_removed_later() {
    let dir = tempfile::tempdir().unwrap();
    Files::local(dir.path()).unwrap();
    let (old, new) = (dir.path().join("received/old"), dir.path().join("received/new"));
    std::fs::write(&old, b"x").unwrap();
    std::fs::write(&new, b"x").unwrap();
    let yesterday = std::time::SystemTime::now() - Duration::from_secs(25 * 3600);
    std::fs::File::options().write(true).open(&old).unwrap().set_modified(yesterday).unwrap();
    Files::local(dir.path()).unwrap();
    assert_eq!(found(dir.path()), vec![new]);
}

#[tokio::test]
async fn a_storage_that_fails_says_so_and_gives_no_receipt() {
    let (dir, files) = files();
    let hex = crate::hex(&<sha2::Sha256 as sha2::Digest>::digest(PDF));
    // Where its folder should be, a file stands (rights do not stop root, who runs tests in containers).
    std::fs::write(dir.path().join("kept").join(&hex[..2]), b"in the way").unwrap();
    let result = put(&files, PDF).await;
    assert!(matches!(result, Err(FileError::Storage(_))), "{result:?}");
    std::fs::remove_dir_all(dir.path().join("received")).unwrap();
    let result = put(&files, PDF).await;
    assert!(matches!(result, Err(FileError::Storage(_))), "{result:?}");
    assert_eq!(crate::web::AppError::from(result.unwrap_err()).status(), 503);
    assert!(Files::local(Path::new("/proc/nowhere")).is_err());
    let other = "ftp://example/x".parse().unwrap();
    assert!(matches!(Files::open(&other, dir.path()), Err(FileError::Storage(_))));
}

#[tokio::test]
async fn bytes_changed_on_disk_are_refused_and_named() {
    let (dir, files) = files();
    let stored = put(&files, PDF).await.unwrap();
    let _ = files.read(&stored.sha256).await.unwrap();
    let path = found(dir.path()).remove(0);
    let mut bytes = PDF.to_vec();
    bytes[12] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let name = crate::hex(&stored.sha256);
    let Err(error) = files.read(&stored.sha256).await else { panic!("changed bytes were given out") };
    assert!(matches!(error, FileError::Changed(_)) && error.to_string().contains(&name), "{error}");
    let error = files.get(&stored.sha256).await.unwrap_err();
    assert!(matches!(error, FileError::Changed(_)) && error.to_string().contains(&name), "{error}");
    // Whoever brings the good bytes again heals it.
    put(&files, PDF).await.unwrap();
    assert_eq!(files.get(&stored.sha256).await.unwrap(), PDF);
    std::fs::remove_file(&path).unwrap();
    assert!(
        matches!(files.get(&stored.sha256).await, Err(FileError::Missing(hash)) if hash == stored.sha256)
    );
}

#[test]
fn names_are_for_showing() {
    for (raw, kind, shown) in [
        ("Báo cáo.pdf", Kind::Pdf, "Báo cáo.pdf"),
        // Decomposed, as some systems send it.
        ("Ba\u{301}o ca\u{301}o.pdf", Kind::Pdf, "Báo cáo.pdf"),
        ("/etc/passwd", Kind::Txt, "passwd.txt"),
        ("..\\..\\x.exe", Kind::Png, "x.exe.png"),
        ("a\u{202e}fdp.exe", Kind::Pdf, "afdp.exe.pdf"),
        ("a\r\nSet-Cookie: b.pdf", Kind::Pdf, "aSet-Cookie_ b.pdf"),
        ("ảnh.JPEG", Kind::Jpeg, "ảnh.JPEG"),
        ("  . ", Kind::Csv, "tep.csv"),
        ("", Kind::Pdf, "tep.pdf"),
        (".pdf", Kind::Pdf, "pdf.pdf"),
    ] {
        assert_eq!(display_name(raw, kind), shown);
    }
    let long = display_name(&format!("{}.pdf", "ế".repeat(300)), Kind::Pdf);
    assert_eq!(long.chars().count(), 120);
    assert!(long.ends_with("ế.pdf"));
}

proptest::proptest! {
    #[test]
    fn any_name_becomes_a_safe_one(raw in ".{0,200}") {
        let name = display_name(&raw, Kind::Pdf);
        proptest::prop_assert!(name.chars().count() <= 120);
        proptest::prop_assert!(!name.contains(|c: char| c.is_control() || "/\\\u{202e}".contains(c)), "{}", name);
        proptest::prop_assert!(name.to_ascii_lowercase().ends_with(".pdf") && !name.starts_with('.'));
        proptest::prop_assert_eq!(display_name(&name, Kind::Pdf), name.clone());
        let header = serve::disposition(&name);
        proptest::prop_assert!(header.to_str().is_ok_and(|text| text.starts_with("attachment; filename*=UTF-8''")));
    }

    #[test]
    fn no_bytes_make_the_check_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), start in 0_usize..6) {
        let zip = office("xl/workbook.xml");
        let heads: [&[u8]; 6] = [b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", &zip];
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        let mut all = heads[start].to_vec();
        if start == 5 && !bytes.is_empty() {
            for (index, byte) in bytes.iter().enumerate().filter(|(_, byte)| **byte < 20) {
                let at = (index * 37) % all.len();
                all[at] ^= byte;
            }
        } else {
            all.extend(&bytes);
        }
        std::fs::write(&path, &all).unwrap();
        let _ = super::check::inspect(&path, "x.csv");
    }
}

#[tokio::test]
async fn a_file_goes_out_as_something_to_save() {
    let (dir, files) = files();
    let migrations = [audit::MIGRATIONS, MIGRATIONS].concat();
    let url = DatabaseUrl::Sqlite(dir.path().join("db.sqlite"));
    let db =
        Db::open(&url, &migrations, Arc::new(SystemClock), crate::db::Options::default(), |_| {}).unwrap();
    let bytes = Bytes::from_static(PDF);
    let stored = files.put_bytes(bytes, everything().named("Báo cáo \"số 1\".pdf")).await.unwrap();
    let kept = stored.clone();
    let id: FileId =
        db.write::<_, DbError, _>(&Author::system("test"), move |tx| store::add(tx, &kept)).await.unwrap();
    let file = db.read::<_, DbError, _>(move |tx| store::get(tx, id)).await.unwrap().unwrap();
    assert_eq!((file.sha256, file.size, file.kind), (stored.sha256, stored.size, Kind::Pdf));
    assert_eq!(db.read::<_, DbError, _>(store::hashes).await.unwrap(), vec![stored.sha256]);
    let response = files.download(&file).await.unwrap();
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", "attachment; filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20_s%E1%BB%91%201_.pdf"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
        ("content-length", &PDF.len().to_string()),
    ] {
        assert_eq!(response.headers()[name], value, "{name}");
    }
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), PDF);
}
