//! `infoplane train`: train a built-in network, observe it, and write the report.

use std::path::{Path, PathBuf};

use crate::args::{Global, TrainArgs};
use crate::config::Config;
use crate::failure::Failure;

/// Trains every seed of a config into one folder.
#[cfg(feature = "train")]
pub(crate) fn run(args: &TrainArgs, _global: &Global) -> Result<(), Failure> {
    use crate::session::{self, Existing, Place};

    let loaded = Config::load(&args.config, &args.set)?;
    let folder = folder(args, &loaded.config);
    let existing = match (args.resume, args.force) {
        (true, _) => Existing::Resume,
        (_, true) => Existing::Replace,
        _ => Existing::Refuse,
    };
    let name = folder.file_name().map_or_else(|| "run".to_owned(), |name| name.to_string_lossy().into_owned());
    let place = Place { folder: &folder, name: &name, existing, made_by: None };
    let seeds = args.seed.map_or_else(|| loaded.config.run.seeds.list(), |seed| Ok(vec![seed]))?;
    let jobs = session::jobs("", &loaded, &seeds);
    session::run(&place, jobs, &args.pace).map_err(|failure| loaded.locate(failure))?;
    if args.report_later { Ok(()) } else { finish(&folder, args.pace.quiet) }
}

/// Without the networks there is nothing to train.
#[cfg(not(feature = "train"))]
pub(crate) fn run(args: &TrainArgs, _global: &Global) -> Result<(), Failure> {
    let loaded = Config::load(&args.config, &args.set)?;
    let _ = folder(args, &loaded.config);
    Err(super::without_training())
}

fn folder(args: &TrainArgs, config: &Config) -> PathBuf {
    args.out.clone().unwrap_or_else(|| Path::new(&config.run.out).join(&config.run.name))
}

/// Writes the report of a finished folder, prints what was found, and says where it is.
#[cfg(feature = "train")]
pub(crate) fn finish(folder: &Path, quiet: bool) -> Result<(), Failure> {
    let report = super::report::write(folder)?;
    super::report::print_summary(folder)?;
    if !quiet {
        crate::output::tell(&super::report::told(&report));
    }
    Ok(())
}
