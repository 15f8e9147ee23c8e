//! What the tests need and no Debian package brings: one file of a package of npm, of one version, with the digest that it must have.
//!
//! It is kept below `target` and never committed: axe-core is under the MPL 2.0.

use crate::command::run;
use anyhow::{Context, bail};
use sha2::{Digest, Sha512};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A file of a package.
pub(crate) struct Fetched {
    package: &'static str,
    version: &'static str,
    /// SHA-512 of the package as npm has it.
    digest: &'static str,
    file: &'static str,
}

/// Finds on a page what keeps people from reading or using it.
pub(crate) const AXE: Fetched = Fetched {
    package: "axe-core",
    version: "4.14.1",
    digest: "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5",
    file: "axe.min.js",
};

impl Fetched {
    /// Where the tests look for it, by version.
    fn place(&self) -> PathBuf {
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
        target.join("tools").join(format!("{}-{}", self.package, self.version)).join(self.file)
    }

    /// Fetches it where it is not there yet. What has another digest is not taken.
    pub(crate) fn install(&self) -> anyhow::Result<()> {
        let place = self.place();
        if place.is_file() {
            return Ok(());
        }
        let named = format!("{}@{}", self.package, self.version);
        println!("xtask: fetching {named}");
        let folder = place.parent().unwrap_or(Path::new(".")).to_owned();
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        run("npm", Command::new("npm").args(["pack", "--silent", "--pack-destination"]).arg(&folder).arg(&named))?;
        let packed = folder.join(format!("{}-{}.tgz", self.package, self.version));
        let bytes = fs::read(&packed).with_context(|| format!("reading {}", packed.display()))?;
        let digest: String = Sha512::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if digest != self.digest {
            bail!("{named} has the digest {digest}, which is not the one that is known");
        }
        let member = format!("package/{}", self.file);
        let mut tar = Command::new("tar");
        tar.args(["-xzf"]).arg(&packed).arg("-C").arg(&folder).args(["--strip-components=1", &member]);
        run("unpacking", &mut tar)?;
        fs::remove_file(&packed).with_context(|| format!("removing {}", packed.display()))
    }
}
