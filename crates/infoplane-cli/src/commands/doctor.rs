//! `infoplane doctor`: what this machine and this build offer.

use std::path::Path;

use serde_json::{Map, Value};

use crate::args::DoctorArgs;
use crate::failure::Failure;
use crate::output::Table;

pub(crate) fn run(args: &DoctorArgs) -> Result<(), Failure> {
    let facts = [
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("system", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("cpu", cpu_model()),
        ("threads", threads().to_string()),
        ("simd", infoplane::measures::packed::simd_level().to_owned()),
        ("training", if cfg!(feature = "train") { "compiled in" } else { "not compiled in" }.to_owned()),
        ("figures", figures()),
        ("output", write_access(&args.out)),
    ];
    let row = |(what, found): (&str, String)| -> Map<String, Value> {
        [("what".to_owned(), what.into()), ("found".to_owned(), found.into())].into_iter().collect()
    };
    let table = Table { columns: vec!["what", "found"], rows: facts.into_iter().map(row).collect() };
    table.print(args.format, &["what", "found"])
}

/// Cores this process may use.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The processor's own name, where the system tells.
pub(crate) fn cpu_model() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = info.lines().find(|line| line.starts_with("model name") || line.starts_with("Model"));
    let name = line.and_then(|line| line.split_once(':')).map(|(_, name)| name.trim().to_owned());
    name.unwrap_or_else(|| "unknown".to_owned())
}

fn figures() -> String {
    infoplane::figures::FIGURES.iter().map(|figure| figure.id).collect::<Vec<_>>().join(" ")
}

/// Writes and removes an empty file in the folder, or in the nearest that exists above it.
fn write_access(folder: &Path) -> String {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let Some(existing) = absolute.ancestors().find(|above| above.is_dir()) else {
        return format!("{}: no such folder", folder.display());
    };
    let probe = existing.join(format!(".infoplane-doctor-{}", std::process::id()));
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(&probe);
    match made.and_then(|_| std::fs::remove_file(&probe)) {
        Ok(()) if existing == absolute => format!("{} can be written", folder.display()),
        Ok(()) => format!("{} can be made", folder.display()),
        Err(error) => format!("{} cannot be written: {error}", existing.display()),
    }
}
