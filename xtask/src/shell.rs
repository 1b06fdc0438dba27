//! Running other programs, one after the other, and saying which failed.

use std::process::Command;

/// Nothing, or why a task failed.
pub(crate) type Outcome = Result<(), String>;

/// The cargo that runs this.
pub(crate) fn cargo(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(words);
    command
}

/// A program with arguments.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>, words: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(words);
    command
}

/// Prints what is run, and runs it.
pub(crate) fn run(title: &str, command: Command) -> Outcome {
    println!("\n== {title}");
    quietly(command)
}

/// Runs it.
pub(crate) fn quietly(mut command: Command) -> Outcome {
    let status = command.status().map_err(|error| format!("cannot start {command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}")) }
}

/// Whether a program can be started.
pub(crate) fn starts(name: &str) -> bool {
    Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
}
