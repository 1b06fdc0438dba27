//! Whether the process that writes a run is still alive.
//!
//! A process id alone says little: ids are used again, in containers at once. So the manifest also notes when the
//! process started and a digest of where ids count (this boot, this id namespace). Where that is not known, on another
//! system or another machine, the heartbeat decides.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A heartbeat older than this is a dead one's.
const STALE_SECS: i64 = 120;

/// Which process of its id it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Process {
    /// Digest of the boot and the namespace in which the process id counts.
    pub place: String,
    /// Clock ticks from boot to the process's start.
    pub start: u64,
}

impl Process {
    /// This process, where the system tells.
    pub(super) fn this() -> Option<Self> {
        Some(Self { place: place()?, start: start(std::process::id())? })
    }
}

/// Whether process `pid` is alive, if that can be known from here.
pub(super) fn alive(pid: u32, process: Option<&Process>) -> Option<bool> {
    let process = process.filter(|process| Some(&process.place) == place().as_ref())?;
    Some(start(pid) == Some(process.start))
}

/// Now, to the second: no reader wants more, and a run tells no more than it must.
pub(super) fn now() -> String {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// Whether a time lies within the last two minutes, give or take a clock that is off.
pub(super) fn is_fresh(time: &str) -> bool {
    let age = |then: Timestamp| Timestamp::now().as_second().saturating_sub(then.as_second());
    time.parse().is_ok_and(|then| age(then).saturating_abs() < STALE_SECS)
}

#[cfg(target_os = "linux")]
fn place() -> Option<String> {
    let boot = std::fs::read("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(crate::digest(&[&boot, namespace.as_os_str().as_encoded_bytes()]))
}

/// Field 22 of `/proc/<pid>/stat`; a process that has ended and only waits to be reaped has none.
#[cfg(target_os = "linux")]
fn start(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, the program's name in brackets, may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ended = matches!(fields.first(), Some(&("Z" | "X")));
    fields.get(19).filter(|_| !ended)?.parse().ok()
}

#[cfg(not(target_os = "linux"))]
fn place() -> Option<String> {
    None
}

#[cfg(not(target_os = "linux"))]
fn start(_pid: u32) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_fresh_for_two_minutes() {
        let ago = |secs: i64| Timestamp::from_second(Timestamp::now().as_second() - secs).unwrap().to_string();
        assert!(is_fresh(&now()) && is_fresh(&ago(60)) && is_fresh(&ago(-60)));
        assert!(!is_fresh(&ago(180)) && !is_fresh(&ago(-3600)) && !is_fresh("yesterday"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_is_known_by_its_start() {
        let this = Process::this().unwrap();
        assert_eq!(alive(std::process::id(), Some(&this)), Some(true));
        let other = Process { start: this.start + 1, ..this.clone() };
        assert_eq!(alive(std::process::id(), Some(&other)), Some(false));
        let elsewhere = Process { place: "elsewhere".into(), ..this };
        assert_eq!(alive(std::process::id(), Some(&elsewhere)), None);
        assert_eq!(alive(std::process::id(), None), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_ended_process_is_dead_before_it_is_reaped() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let process = Process { start: start(child.id()).unwrap(), ..Process::this().unwrap() };
        assert_eq!(alive(child.id(), Some(&process)), Some(true));
        child.kill().unwrap();
        while alive(child.id(), Some(&process)) == Some(true) {
            std::thread::yield_now();
        }
        child.wait().unwrap();
        assert_eq!(alive(child.id(), Some(&process)), Some(false));
    }
}
