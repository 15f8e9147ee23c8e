//! Runs the program's commands to their end.

use std::process::{Command, Output, Stdio};

/// Where the repository lies: plans and rules are read from there.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What a command did.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Both outputs together.
    pub fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Fails with everything that was said, unless the command ended well.
    #[track_caller]
    pub fn succeeded(self) -> Ran {
        assert_eq!(self.code, 0, "exit status {}\n{}", self.code, self.text());
        self
    }
}

/// Runs `yibao` with these arguments.
pub fn yibao(arguments: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_yibao"))
        .args(arguments)
        .current_dir(ROOT)
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs");
    Ran {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// A plan of the repository.
pub fn plan(name: &str) -> String {
    format!("{ROOT}/plans/{name}.toml")
}
