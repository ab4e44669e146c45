#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{io::Cursor, sync::Arc};

use bytes::Bytes;
use http_body_util::BodyExt;
use image::{GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use tempfile::TempDir;

use super::{super::MIGRATIONS, MEMORY, PictureOptions, jpeg, look, redraw};
use crate::{
    audit::{self, Author},
    clock::SystemClock,
    db::{DatabaseUrl, Db, DbError},
    files::{FileError, FileId, Files, Found, Kind, PictureFault, PutOptions, Size, Stored, store},
    i18n::Lang,
    web::AppError,
};

const RED: Rgb<u8> = Rgb([220, 30, 30]);
const BLUE: Rgb<u8> = Rgb([30, 30, 220]);

fn files() -> (TempDir, Files) {
    let dir = tempfile::tempdir().unwrap();
    let files = Files::local(dir.path()).unwrap();
    (dir, files)
}

/// Left half red, right half blue.
fn flag(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

fn as_bytes(image: impl Into<image::DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.into().write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn photo(width: u32, height: u32) -> Vec<u8> {
    as_bytes(flag(width, height), ImageFormat::Jpeg)
}

/// Puts a segment behind the first mark of a JPEG.
fn with_segment(jpeg: &[u8], mark: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, mark], &length, content, &jpeg[2..]].concat()
}

/// What a telephone held upright writes: orientation 6 and where it was.
fn exif(orientation: u8) -> Vec<u8> {
    let tiff = [
        &b"II*\0\x08\0\0\0\x02\0"[..],
        &[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
        // 0x010f is the maker.
        &[0x0f, 0x01, 2, 0, 20, 0, 0, 0, 38, 0, 0, 0],
        &[0, 0, 0, 0],
        b"GPS 10.77 N 106.70 E\0",
    ]
    .concat();
    [&b"Exif\0\0"[..], &tiff].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

fn png_chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let body = [name, content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], &body, &crc32(&body).to_be_bytes()].concat()
}

fn riff_chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    [name, &length, content, &[0][..content.len() % 2]].concat()
}

fn animated_webp() -> Vec<u8> {
    let still = as_bytes(RgbaImage::from_pixel(4, 4, Rgba([1, 2, 3, 255])), ImageFormat::WebP);
    let frame = [&[0; 6][..], &[3, 0, 0, 3, 0, 0], &[50, 0, 0, 0], &still[12..]].concat();
    let body = [
        &b"WEBP"[..],
        &riff_chunk(b"VP8X", &[2, 0, 0, 0, 3, 0, 0, 3, 0, 0]),
        &riff_chunk(b"ANIM", &[0; 6]),
        &riff_chunk(b"ANMF", &frame),
        &riff_chunk(b"ANMF", &frame),
    ]
    .concat();
    riff_chunk(b"RIFF", &body)
}

/// A JPEG's head over hardly any data.
fn claims(width: u16, height: u16, components: u8, coded: &[u8]) -> Vec<u8> {
    let [w1, w0] = width.to_be_bytes();
    let [h1, h0] = height.to_be_bytes();
    let table: Vec<u8> = (1..=components).flat_map(|id| [id, 0x11, 0]).collect();
    let frame = [&[8, h1, h0, w1, w0, components][..], &table].concat();
    let scan: Vec<u8> = (1..=components).flat_map(|id| [id, 0]).collect();
    let scan = [&[components][..], &scan, &[0, 63, 0]].concat();
    let bare = with_segment(&with_segment(b"\xff\xd8", 0xda, &scan), 0xc0, &frame);
    [&bare, coded, b"\xff\xd9"].concat()
}

async fn put(files: &Files, bytes: &[u8]) -> Result<Stored, FileError> {
    let options = PutOptions::picture(48 << 20).named("Cửa thoát số 2.HEIC.png");
    files.put_bytes(Bytes::copy_from_slice(bytes), options).await
}

async fn kept(files: &Files, sha256: &audit::Hash) -> (Vec<u8>, image::DynamicImage) {
    let bytes = files.get(sha256).await.unwrap().to_vec();
    let image = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap();
    (bytes, image)
}

fn near(image: &image::DynamicImage, x: u32, y: u32, wanted: Rgb<u8>) -> bool {
    let found = image.get_pixel(x, y).0;
    found.iter().zip(wanted.0).all(|(a, b)| a.abs_diff(b) < 24)
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[tokio::test]
async fn a_photograph_is_kept_upright_small_and_without_its_story() {
    let (_dir, files) = files();
    let told = with_segment(&photo(2400, 1200), 0xe1, &exif(6));
    let told = with_segment(&told, 0xfe, b"<script>alert(1)</script>");
    let told = [&told[..], b"<html><script>alert(2)</script></html>"].concat();
    let stored = put(&files, &told).await.unwrap();
    let picture = stored.picture.unwrap();
    assert_eq!((stored.kind, stored.name.as_str()), (Kind::Jpeg, "Cửa thoát số 2.HEIC.jpg"));
    assert_eq!((picture.width, picture.height), (800, 1600));
    let (whole, image) = kept(&files, &stored.sha256).await;
    assert_eq!((image.dimensions(), whole.len() as u64), ((800, 1600), stored.size));
    // Turned to the right: what was left is now above.
    assert!(near(&image, 400, 100, RED) && near(&image, 400, 1500, BLUE));
    let (small, image) = kept(&files, &picture.small).await;
    assert_eq!(image.dimensions(), (160, 320));
    assert!(near(&image, 80, 20, RED) && near(&image, 80, 300, BLUE));
    for bytes in [&whole, &small] {
        for word in [&b"Exif"[..], b"GPS", b"script", b"html"] {
            assert!(!has(bytes, word), "{}", String::from_utf8_lossy(word));
        }
    }
}

#[tokio::test]
async fn every_turn_of_a_camera_is_undone() {
    let (_dir, files) = files();
    // Corners of the kept picture: which one is red, for the eight turns of the standard.
    for (turn, (width, height), (x, y)) in [
        (1, (96, 48), (8, 24)),
        (2, (96, 48), (88, 24)),
        (3, (96, 48), (88, 24)),
        (4, (96, 48), (8, 24)),
        (5, (48, 96), (24, 8)),
        (6, (48, 96), (24, 8)),
        (7, (48, 96), (24, 88)),
        (8, (48, 96), (24, 88)),
    ] {
        let stored = put(&files, &with_segment(&photo(96, 48), 0xe1, &exif(turn))).await.unwrap();
        let (_, image) = kept(&files, &stored.sha256).await;
        assert_eq!(image.dimensions(), (width, height), "turn {turn}");
        assert!(near(&image, x, y, RED), "turn {turn}");
    }
    // A turn that does not exist, and an Exif cut off.
    for strange in [exif(77), b"Exif\0\0II*\0\xff\xff\xff\xff".to_vec()] {
        assert!(put(&files, &with_segment(&photo(16, 16), 0xe1, &strange)).await.is_ok());
    }
}

#[tokio::test]
async fn png_and_webp_become_jpeg_on_white() {
    let (_dir, files) = files();
    // Where nothing is drawn, green hides.
    let clear =
        RgbaImage::from_fn(
            64,
            32,
            |x, _| {
                if x < 32 { Rgba([0, 255, 0, 0]) } else { Rgba([30, 30, 220, 255]) }
            },
        );
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let stored = put(&files, &as_bytes(clear.clone(), format)).await.unwrap();
        assert_eq!(stored.kind, Kind::Jpeg);
        let (_, image) = kept(&files, &stored.sha256).await;
        assert!(near(&image, 8, 16, Rgb([255, 255, 255])) && near(&image, 56, 16, BLUE));
    }
    let deep = image::ImageBuffer::from_pixel(40, 40, image::Rgba([u16::MAX, 0, 0, u16::MAX]));
    let deep = as_bytes(image::DynamicImage::ImageRgba16(deep), ImageFormat::Png);
    let stored = put(&files, &deep).await.unwrap();
    assert!(near(&kept(&files, &stored.sha256).await.1, 20, 20, Rgb([255, 0, 0])));
    let grey = as_bytes(image::GrayImage::from_pixel(40, 40, image::Luma([90])), ImageFormat::Jpeg);
    assert!(put(&files, &grey).await.is_ok());
}

#[tokio::test]
async fn what_is_no_good_picture_is_refused_and_leaves_nothing() {
    let (dir, files) = files();
    let good = photo(64, 48);
    let png = as_bytes(flag(64, 48), ImageFormat::Png);
    let webp = as_bytes(image::DynamicImage::from(flag(64, 48)).to_rgba8(), ImageFormat::WebP);
    let header = |width: u32, height: u32| {
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        let head = png_chunk(b"IHDR", &[&sides[..], &[8, 2, 0, 0, 0]].concat());
        let data = png_chunk(b"IDAT", b"\x78\x9c\x03\0\0\0\0\x01");
        [&b"\x89PNG\r\n\x1a\n"[..], &head, &data, &png_chunk(b"IEND", b"")].concat()
    };
    let moving = [&png[..33], &png_chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), &png[33..]].concat();
    let mut broken = png.clone();
    broken[60] ^= 0x55;
    let huge = |side: u32| PictureFault::TooManyPixels { width: side, height: side };
    for (bytes, fault) in [
        (header(60_000, 60_000), huge(60_000)),
        (claims(60_000, 60_000, 3, &[0; 64]), PictureFault::TooManyPixels { width: 60_000, height: 60_000 }),
        (header(40_000, 100), PictureFault::TooNarrow { width: 40_000, height: 100 }),
        (header(0, 100), PictureFault::Damaged),
        (claims(0, 0, 3, &[0; 64]), PictureFault::Damaged),
        // Claims far more than it brings.
        (header(5_000, 5_000), PictureFault::Damaged),
        (claims(5_000, 5_000, 3, &[0; 64]), PictureFault::Damaged),
        (claims(16, 16, 4, &[0; 64]), PictureFault::Cmyk),
        (moving, PictureFault::Animated),
        (animated_webp(), PictureFault::Animated),
        (good[..good.len() - 20].to_vec(), PictureFault::Damaged),
        (png[..png.len() - 20].to_vec(), PictureFault::Damaged),
        (webp[..webp.len() - 20].to_vec(), PictureFault::Damaged),
        (broken, PictureFault::Damaged),
        // One kind dressed as another.
        ([b"\xff\xd8\xff", &png[..], b"\xff\xd9"].concat(), PictureFault::Damaged),
        ([&b"<html><body>"[..], &good].concat(), PictureFault::NotAPicture),
        (b"%PDF-1.7\n%%EOF\n".to_vec(), PictureFault::NotAPicture),
        (b"GIF89a\x01\0\x01\0".to_vec(), PictureFault::NotAPicture),
        (b"<svg onload=alert(1)>".to_vec(), PictureFault::NotAPicture),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), PictureFault::Heic),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif".to_vec(), PictureFault::Heic),
    ] {
        match put(&files, &bytes).await {
            Err(FileError::Picture(found)) => assert_eq!(found, fault),
            other => panic!("{fault} gave {other:?}"),
        }
    }
    assert!(matches!(put(&files, b"").await, Err(FileError::Empty)));
    let left = std::fs::read_dir(dir.path().join("kept")).unwrap().count()
        + std::fs::read_dir(dir.path().join("received")).unwrap().count();
    assert_eq!(left, 0);
    // Elsewhere such a telephone's picture is named too.
    let evidence = PutOptions::new(1 << 20, Kind::EVIDENCE);
    let result = files.put_bytes(Bytes::from_static(b"\0\0\0\x18ftypheic\0\0\0\0mif1"), evidence).await;
    assert!(matches!(result, Err(FileError::KindNotAllowed { found: Found::Heic })));
}

#[tokio::test]
async fn a_photograph_of_forty_megabytes_comes_in_where_it_may() {
    let (_dir, files) = files();
    // Telephones put a short film behind the picture.
    let mut large = photo(400, 300);
    large.resize(40 << 20, 0x5a);
    let stored = put(&files, &large).await.unwrap();
    assert!(stored.size < 40_000, "{}", stored.size);
    let options = PutOptions::picture(20 << 20);
    let result = files.put_bytes(large.into(), options).await;
    assert!(matches!(result, Err(FileError::TooLarge { .. })), "{result:?}");
}

#[test]
fn each_refusal_says_what_to_do_in_both_languages() {
    for (fault, status, vi, en) in [
        (PictureFault::Heic, 415, "HEIC", "HEIC"),
        (PictureFault::NotAPicture, 415, "JPEG, PNG", "JPEG, PNG"),
        (
            PictureFault::TooManyPixels { width: 60_000, height: 60_000 },
            422,
            "60.000 × 60.000",
            "60,000 × 60,000",
        ),
        (PictureFault::TooNarrow { width: 40_000, height: 100 }, 422, "40.000 × 100", "40,000 × 100"),
        (PictureFault::Animated, 422, "Ảnh động", "move"),
        (PictureFault::Cmyk, 422, "CMYK", "CMYK"),
        (PictureFault::Damaged, 422, "hỏng", "damaged"),
    ] {
        let error = AppError::from(FileError::Picture(fault));
        assert_eq!(error.status(), status);
        let (first, second) = (error.detail(Lang::Vi), error.detail(Lang::En));
        assert!(first.contains(vi) && second.contains(en), "{first} / {second}");
    }
}

#[tokio::test]
async fn a_picture_is_shown_under_the_headers_of_one() {
    let (dir, files) = files();
    let migrations = [audit::MIGRATIONS, MIGRATIONS].concat();
    let url = DatabaseUrl::Sqlite(dir.path().join("db.sqlite"));
    let db =
        Db::open(&url, &migrations, Arc::new(SystemClock), crate::db::Options::default(), |_| {}).unwrap();
    let stored = put(&files, &photo(900, 600)).await.unwrap();
    let text = files
        .put_bytes(Bytes::from_static(b"no picture"), PutOptions::new(100, Kind::EVIDENCE))
        .await
        .unwrap();
    let (one, other) = (stored.clone(), text.clone());
    let author = Author::system("test");
    let id: FileId = db.write::<_, DbError, _>(&author, move |tx| store::add(tx, &one)).await.unwrap();
    let plain: FileId = db.write::<_, DbError, _>(&author, move |tx| store::add(tx, &other)).await.unwrap();
    let get = async |id| db.read::<_, DbError, _>(move |tx| store::get(tx, id)).await.unwrap().unwrap();
    let file = get(id).await;
    assert_eq!((file.width, file.height), (Some(900), Some(600)));
    // A backup takes the small one too.
    let small = stored.picture.unwrap().small;
    let mut wanted = vec![stored.sha256, small, text.sha256];
    wanted.sort_unstable();
    assert_eq!(db.read::<_, DbError, _>(store::hashes).await.unwrap(), wanted);
    for (size, hash) in [(Size::Whole, stored.sha256), (Size::Small, small)] {
        let response = files.picture(&file, size).await.unwrap();
        for (name, value) in [
            ("content-type", "image/jpeg"),
            ("content-disposition", "inline"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
        ] {
            assert_eq!(response.headers()[name], value, "{name}");
        }
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(bytes, files.get(&hash).await.unwrap());
    }
    let plain = get(plain).await;
    assert!(matches!(files.picture(&plain, Size::Whole).await, Err(FileError::KindNotAllowed { .. })));
}

#[tokio::test]
async fn many_at_once_wait_for_memory_and_all_come_in() {
    let (_dir, files) = files();
    let large = photo(3000, 2000);
    let look = look(&large, Kind::Jpeg).unwrap();
    assert!((17..=20).contains(&look.memory), "{look:?}");
    // Together more than there is: memory that were not given back would leave the last ones waiting for ever.
    let all = (0..MEMORY / look.memory + 2).map(|_| put(&files, &large));
    let all = futures::future::try_join_all(all).await.unwrap();
    assert!(all.iter().all(|one| *one == all[0]));
}

#[test]
fn the_largest_picture_of_a_telephone_fits_into_the_memory_for_pictures() {
    let progressive = claims(8000, 6000, 3, &vec![0; 100_000]);
    let at = progressive.windows(2).position(|mark| mark == [0xff, 0xc0]).unwrap();
    let progressive = [&progressive[..=at], &[0xc2], &progressive[at + 2..]].concat();
    assert!(jpeg::frame(&progressive).unwrap().progressive);
    assert!(look(&progressive, Kind::Jpeg).unwrap().memory > 400);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(150))]
    #[test]
    fn no_bytes_make_it_panic(
        start in 0_usize..4,
        changes in proptest::collection::vec((proptest::num::usize::ANY, proptest::num::u8::ANY), 0..12),
        cut in proptest::num::usize::ANY,
    ) {
        let (kind, mut bytes) = match start {
            0 => (Kind::Jpeg, with_segment(&photo(40, 24), 0xe1, &exif(8))),
            1 => (Kind::Png, as_bytes(flag(40, 24), ImageFormat::Png)),
            2 => (Kind::Webp, as_bytes(flag(40, 24), ImageFormat::WebP)),
            _ => (Kind::Webp, animated_webp()),
        };
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if cut % 3 == 0 {
            bytes.truncate(cut / 3 % bytes.len());
        }
        if let Ok(seen) = look(&bytes, kind) {
            // A head that claims much is not unpacked by this test.
            if seen.memory < 32 {
                let drawn = redraw(&bytes, seen, PictureOptions::PHOTO);
                if let Ok((whole, _)) = drawn {
                    proptest::prop_assert!(whole.width <= 1600 && whole.height <= 1600);
                }
            }
        }
    }
}
