//! What processes cost (开销), as the kernel counts it below `/proc`.

use std::collections::HashMap;
use std::fs;
use std::ops::Sub;

/// Ticks of the kernel's CPU clock a second, the same on all of Linux's common machines.
const TICK_MS: u64 = 10;

/// What was used since a process began.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    /// CPU time of user and system, in milliseconds.
    pub cpu_ms: u64,
    /// Bytes of pages made dirty in files (`write_bytes` of `/proc/PID/io`).
    pub written: u64,
}

impl Sub for Used {
    type Output = Used;

    fn sub(self, earlier: Used) -> Used {
        Used {
            cpu_ms: self.cpu_ms.saturating_sub(earlier.cpu_ms),
            written: self.written.saturating_sub(earlier.written),
        }
    }
}

/// What one process has used.
pub(crate) fn used(pid: u32) -> Used {
    let [own, _] = cpu(pid).unwrap_or_default();
    Used { cpu_ms: own, written: written(pid) }
}

/// What a process, its children, and those it has outlived have used.
pub(crate) fn used_by_family(root: u32) -> Used {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        if let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok())
            && let Some(parent) = fields(pid).and_then(|fields| fields.get(1)?.parse().ok())
        {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut sum = Used::default();
    let mut family = vec![root];
    while let Some(pid) = family.pop() {
        let [own, of_ended] = cpu(pid).unwrap_or_default();
        sum.cpu_ms += own + of_ended;
        sum.written += written(pid);
        family.extend(children.remove(&pid).unwrap_or_default());
    }
    sum
}

/// The most memory that a process has had, in KiB (`VmHWM`).
pub(crate) fn peak_memory_kib(pid: u32) -> Option<u64> {
    number_after(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?, "VmHWM:")
}

fn written(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/io")).unwrap_or_default();
    number_after(&text, "\nwrite_bytes:").unwrap_or(0)
}

/// Own CPU time and that of ended children, in milliseconds.
fn cpu(pid: u32) -> Option<[u64; 2]> {
    let fields = fields(pid)?;
    let sum = |first: usize| {
        Some((fields.get(first)?.parse::<u64>().ok()? + fields.get(first + 1)?.parse::<u64>().ok()?) * TICK_MS)
    };
    Some([sum(11)?, sum(13)?])
}

/// The fields of `/proc/PID/stat` after the name, the state first.
fn fields(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit(')').next()?.split_whitespace().map(str::to_owned).collect())
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    text[text.find(name)? + name.len()..].split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_its_family_has_used_no_less_than_itself() {
        let own = std::process::id();
        assert!(peak_memory_kib(own).unwrap() > 1_000);
        let alone = used(own);
        assert!(used_by_family(own).cpu_ms >= alone.cpu_ms);
        assert_eq!(used(0), Used::default(), "nobody has number 0");
    }
}
