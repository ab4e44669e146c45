//! Writes a specimen of each type of document in each layout as DOCX: `cargo run -p print --example specimens DIR`.

use std::{error::Error, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("name the folder to write into")?);
    std::fs::create_dir_all(&folder)?;
    for (name, paper) in print::specimen::all() {
        std::fs::write(folder.join(format!("{name}.docx")), print::docx::write(&paper)?)?;
    }
    Ok(())
}
