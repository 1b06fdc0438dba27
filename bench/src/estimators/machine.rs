//! What a table is read with: the machine, its instructions.

use infoplane_measures::packed::Level;

/// Cores, processor and instruction level.
pub(super) fn description() -> String {
    let processors = processors().unwrap_or_default();
    let cores = processors.len().max(std::thread::available_parallelism().map_or(1, usize::from));
    let model = processors.first().map_or(std::env::consts::ARCH, String::as_str);
    format!("{cores} cores, {model}, {}", Level::detect().name())
}

/// The model of each, where the system tells: pinned processes see fewer cores than there are.
fn processors() -> Option<Vec<String>> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let models = text.lines().filter(|line| line.starts_with("model name"));
    Some(models.filter_map(|line| line.split(':').nth(1)).map(|model| model.trim().to_owned()).collect())
}

/// Peak resident memory of this process, where the system tells.
pub(crate) fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}
