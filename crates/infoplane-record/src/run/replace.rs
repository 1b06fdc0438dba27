//! Replacing a sweep or run: the new one is made beside the old, then they change places.

use std::fs;
use std::path::Path;

use super::files::{beside, remove_if_there};
use super::sweep::Sweep;
use crate::{RecordError, Result};

/// Makes something at `dir`, in place of the run or sweep that may stand there. `build` is given a free path beside it;
/// once it has succeeded, the old folder gives way. If it fails, the old folder stays as it was.
///
/// Only what infoplane wrote is replaced, and nothing that is still written to; with `made_by`, only what was marked so.
/// A folder that is marked is whole at any moment but one: a kill between two renames leaves the old one beside, and the
/// next call puts it back.
///
/// # Errors
/// [`RecordError::NotOurs`], [`RecordError::LiveWriter`], [`RecordError::Io`], or what `build` gives.
pub fn replace<T, E: From<RecordError>>(
    dir: &Path,
    made_by: Option<&str>,
    build: impl FnOnce(&Path) -> Result<T, E>,
) -> Result<T, E> {
    let (new, old) = (beside(dir, "replacing"), beside(dir, "replaced"));
    restore(dir, &old)?;
    may_replace(dir, made_by)?;
    remove_if_there(&new)?;
    if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(RecordError::io("create", parent))?;
    }
    let built = build(&new).inspect_err(|_| {
        // The error that is on its way says more than one of tidying up.
        let _ = remove_if_there(&new);
    })?;
    if stands(dir) {
        fs::rename(dir, &old).map_err(RecordError::io("move away", dir))?;
    }
    fs::rename(&new, dir).map_err(RecordError::io("create", dir))?;
    remove_if_there(&old)?;
    Ok(built)
}

/// Undoes half an exchange.
fn restore(dir: &Path, old: &Path) -> Result<()> {
    match (stands(dir), stands(old)) {
        (false, true) => fs::rename(old, dir).map_err(RecordError::io("restore", dir)),
        _ => remove_if_there(old),
    }
}

fn may_replace(dir: &Path, made_by: Option<&str>) -> Result<()> {
    let refuse = |why: String| RecordError::NotOurs { path: dir.to_owned(), why };
    if !stands(dir) {
        return Ok(());
    }
    if fs::symlink_metadata(dir).is_ok_and(|info| !info.is_dir()) {
        return Err(refuse("it is no folder".into()));
    }
    let sweep = Sweep::open(dir).map_err(|error| refuse(error.to_string()))?;
    if let Some(wanted) = made_by.filter(|wanted| sweep.made_by() != Some(wanted)) {
        return Err(refuse(format!("it was not made by `{wanted}`")));
    }
    let runs = sweep.open_runs().map_err(|error| refuse(error.to_string()))?;
    runs.iter().try_for_each(|run| run.manifest().refuse_live_writer(run.dir()))
}

fn stands(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
