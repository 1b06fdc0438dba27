//! A session: several trainings, each observed, into one folder.
//!
//! Everything that can be refused is refused in [`Prepared::new`], before the first file is written.

mod conduct;
mod facts;
mod prepare;
mod show;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use infoplane_record::{Run, Status, Sweep, replace};
use serde_json::{Map, Value};

use crate::args::Pace;
use crate::config::Config;
use crate::failure::{Failure, INTERRUPTED};
use conduct::{Conducted, conduct};
pub(crate) use prepare::Prepared;
use show::Show;

/// One training to observe.
pub(crate) struct Job {
    /// Folder inside the sweep's.
    pub(crate) path: String,
    /// Settings that vary over the sweep, beside the seed.
    pub(crate) settings: Map<String, Value>,
    pub(crate) seed: u64,
    pub(crate) config: Config,
    /// What the user gave.
    pub(crate) input: String,
}

/// What becomes of a folder that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It is refused.
    Refuse,
    /// It is replaced, if it is a sweep.
    Replace,
    /// Its runs go on.
    Resume,
}

/// The folder of a sweep and how it is entered.
pub(crate) struct Place<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) name: &'a str,
    pub(crate) existing: Existing,
    /// Who makes it, where only that one may replace it.
    pub(crate) made_by: Option<&'a str>,
}

/// Prepares and runs all jobs; leaves a finished sweep, or says why not.
pub(crate) fn run(place: &Place<'_>, jobs: Vec<Job>, pace: &Pace) -> Result<(), Failure> {
    let prepared = jobs.into_iter().map(Prepared::new).collect::<Result<Vec<_>, _>>()?;
    enter(place, &prepared)?;
    let stop = Arc::new(AtomicBool::new(false));
    listen(&stop);
    let show = Show::new(pace);
    let done = all(place, &prepared, pace, &stop, &show);
    show.finish();
    outcome(place, done)
}

/// Makes the folder, or finds it.
fn enter(place: &Place<'_>, prepared: &[Prepared]) -> Result<(), Failure> {
    if place.existing == Existing::Resume {
        Sweep::open(place.folder)?;
        return Ok(());
    }
    match place.existing {
        Existing::Replace => replace(place.folder, place.made_by, |beside| begin(beside, place, prepared)),
        _ => begin(place.folder, place, prepared),
    }
}

/// An empty sweep that names its runs.
fn begin(folder: &Path, place: &Place<'_>, prepared: &[Prepared]) -> Result<(), Failure> {
    let mut sweep = Sweep::create(folder, place.name, &varying(prepared), place.made_by)?;
    for one in prepared {
        sweep.add(&one.job.path, one.job.seed, one.job.settings.clone())?;
    }
    Ok(())
}

/// Names of the settings that vary beside the seed.
fn varying(prepared: &[Prepared]) -> Vec<String> {
    let mut names: Vec<String> = prepared.iter().flat_map(|one| one.job.settings.keys().cloned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The first Ctrl-C asks every training to stop at its next batch; the second ends the program.
fn listen(stop: &Arc<AtomicBool>) {
    let stop = Arc::clone(stop);
    let heard = ctrlc::set_handler(move || {
        if stop.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    });
    // a second handler in one process (as in tests) is refused; the first one still listens
    drop(heard);
}

/// Runs the jobs, as many at once as there are threads; the order of the answers is that of the jobs.
fn all(
    place: &Place<'_>,
    prepared: &[Prepared],
    pace: &Pace,
    stop: &AtomicBool,
    show: &Show,
) -> Vec<Result<Conducted, Failure>> {
    let threads = pace.threads();
    let workers = threads.min(prepared.len()).max(1);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Result<Conducted, Failure>>>> = prepared.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(one) = prepared.get(index) else { break };
                    let answer = conduct(place, one, threads / workers, stop, show);
                    *done[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
                }
            });
        }
    });
    done.into_iter().filter_map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// One failure fails the session; an interruption is told as such.
fn outcome(place: &Place<'_>, done: Vec<Result<Conducted, Failure>>) -> Result<(), Failure> {
    let (total, mut interrupted, mut failures) = (done.len(), 0, Vec::new());
    for one in done {
        match one {
            Ok(Conducted::Interrupted) => interrupted += 1,
            Ok(_) => {}
            Err(failure) => failures.push(failure),
        }
    }
    if interrupted > 0 {
        let folder = place.folder.display();
        return Err(Failure::new(
            "IP0603",
            format!("interrupted: {interrupted} of {total} runs in {folder} are not finished"),
        )
        .hint("what was recorded is readable; the same command with --resume goes on")
        .exit(INTERRUPTED));
    }
    let failed = failures.len();
    match failures.into_iter().next() {
        None => Ok(()),
        Some(first) if failed < total => Err(first.exit(5)),
        Some(first) => Err(first),
    }
}

/// The state a run was left in, if it was begun.
fn left(folder: &Path) -> Result<Option<Status>, Failure> {
    if !folder.exists() {
        return Ok(None);
    }
    Ok(Some(Run::open(folder)?.manifest().status))
}

/// The folder of a job.
fn folder_of(place: &Place<'_>, one: &Prepared) -> PathBuf {
    place.folder.join(&one.job.path)
}

/// One job a seed, in folders `PREFIXseed-N`.
pub(crate) fn jobs(prefix: &str, loaded: &crate::config::Loaded, seeds: &[u64]) -> Vec<Job> {
    let job = |&seed: &u64| Job {
        path: format!("{prefix}seed-{seed}"),
        settings: Map::new(),
        seed,
        config: loaded.config.clone(),
        input: loaded.input.clone(),
    };
    seeds.iter().map(job).collect()
}
