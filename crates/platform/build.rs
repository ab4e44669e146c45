//! Puts everything under `web/` that a browser gets into the binary, with its compressed forms.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// What the browser gets, as (ending, type). Anything else under `web/` is for those who build it.
const TYPES: &[(&str, &str)] = &[
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("woff2", "font/woff2"),
    ("png", "image/png"),
    ("webp", "image/webp"),
    ("wasm", "application/wasm"),
    ("webmanifest", "application/manifest+json"),
    ("txt", "text/plain; charset=utf-8"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let web = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../web").canonicalize()?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    // A folder changes when a file comes or goes.
    println!("cargo::rerun-if-changed={}", web.display());
    let mut files = Vec::new();
    walk(&web, &web, &mut files)?;
    files.sort();

    let mut contents = Vec::new();
    let mut all = Sha256::new();
    for (name, path) in &files {
        let bytes = fs::read(path)?;
        all.update(name.as_bytes());
        all.update([0]);
        all.update(Sha256::digest(&bytes));
        contents.push(bytes);
    }
    let hash: String = all.finalize().iter().take(6).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });

    let mut table = String::new();
    writeln!(
        table,
        "/// The hash of all assets together; part of every address, so that it may be kept for ever."
    )?;
    writeln!(table, "pub const HASH: &str = {hash:?};")?;
    writeln!(table, "static FILES: &[File] = &[")?;
    for (i, ((name, path), bytes)) in files.iter().zip(&contents).enumerate() {
        println!("cargo::rerun-if-changed={}", path.display());
        let (ending, kind) =
            TYPES.iter().find(|(ending, _)| ends_with(name, ending)).ok_or("a type is missing")?;
        let packed = !matches!(*ending, "woff2" | "png" | "webp") && bytes.len() > 256;
        fs::write(out.join(format!("asset-{i}")), bytes)?;
        if packed {
            let mut br = Vec::new();
            let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
            brotli::BrotliCompress(&mut bytes.as_slice(), &mut br, &params)?;
            fs::write(out.join(format!("asset-{i}.br")), &br)?;
            let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            gz.write_all(bytes)?;
            fs::write(out.join(format!("asset-{i}.gz")), gz.finish()?)?;
        }
        let include =
            |suffix: &str| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/asset-{i}{suffix}\"))");
        let form =
            |suffix: &str| if packed { format!("Some({})", include(suffix)) } else { "None".to_owned() };
        writeln!(
            table,
            "    File {{ name: {name:?}, url: \"/assets/{hash}/{name}\", kind: {kind:?}, plain: {}, br: {}, gz: {} }},",
            include(""),
            form(".br"),
            form(".gz"),
        )?;
    }
    writeln!(table, "];")?;
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

fn ends_with(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, e)| e == ending)
}

fn walk(root: &Path, dir: &Path, files: &mut Vec<(String, PathBuf)>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
            if name != "node_modules" && name != "build" && !hidden {
                walk(root, &path, files)?;
                println!("cargo::rerun-if-changed={}", path.display());
            }
        } else if TYPES.iter().any(|(ending, _)| ends_with(&name, ending)) && name != "icons.txt" {
            files.push((name, path));
        }
    }
    Ok(())
}
