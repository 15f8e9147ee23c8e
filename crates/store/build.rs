//! Lists the steps of the schemas: each file of `migrations/<engine>/<book or reference>` is one, in the order of names.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=migrations");
    let migrations = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    let mut steps = String::new();
    for engine in ["sqlite", "postgres"] {
        for part in ["book", "reference"] {
            let files = fs::read_dir(migrations.join(engine).join(part))?;
            let mut files = files.map(|file| Ok(file?.path())).collect::<Result<Vec<PathBuf>, std::io::Error>>()?;
            files.sort();
            let (engine, part) = (engine.to_uppercase(), part.to_uppercase());
            writeln!(steps, "pub(crate) const {engine}_{part}: Steps = &[")?;
            for file in files {
                let name = file.file_stem().and_then(|name| name.to_str()).ok_or("a file without a name")?;
                writeln!(steps, "    ({name:?}, include_str!({file:?})),")?;
            }
            writeln!(steps, "];")?;
        }
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("steps.rs"), steps)?;
    Ok(())
}
