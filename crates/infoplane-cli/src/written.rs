//! Files this program writes: whole or not at all, and never over what stands there unasked.

use std::path::Path;

use crate::failure::Failure;

/// Writes `bytes` to `path`, which must not exist unless `force`.
pub(crate) fn write_new(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    if path.exists() && !force {
        let message = format!("{} exists", path.display());
        return Err(Failure::new("IP0106", message).hint("give another place with `-o`, or `--force` to replace it"));
    }
    write(path, bytes)
}

/// Writes `bytes` to a temporary name beside `path` and renames it, so that a reader never sees half a file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    std::fs::write(&temporary, bytes).and_then(|()| std::fs::rename(&temporary, path)).map_err(|error| {
        let _ = std::fs::remove_file(&temporary);
        Failure::new("IP0120", format!("cannot write {}: {error}", path.display()))
    })
}
