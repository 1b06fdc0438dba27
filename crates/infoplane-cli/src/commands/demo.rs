//! `infoplane demo`: two small networks on real input, two seeds each, measured, tested and reported.

use crate::args::{DemoArgs, Global};
use crate::failure::Failure;

/// Name and config of each network of the demo.
#[cfg(feature = "train")]
const NETWORKS: &[(&str, &str)] = &[
    ("ib12-tanh", include_str!("../templates/demo-ib12.toml")),
    ("digits-relu", include_str!("../templates/demo-digits.toml")),
];

/// Trains, measures and reports; an earlier demo in the same folder is replaced, anything else is refused.
#[cfg(feature = "train")]
pub(crate) fn run(args: &DemoArgs, _global: &Global) -> Result<(), Failure> {
    use crate::config::Config;
    use crate::session::{self, Existing, Place};

    let seeds = [args.seed, args.seed + 1];
    let mut jobs = Vec::new();
    for (name, text) in NETWORKS {
        jobs.extend(session::jobs(&format!("{name}-"), &Config::built_in(name, text)?, &seeds));
    }
    let existing = if args.out.exists() { Existing::Replace } else { Existing::Refuse };
    let place = Place { folder: &args.out, name: "demo", existing, made_by: Some("demo") };
    session::run(&place, jobs, &args.pace)?;
    super::train::finish(&args.out, args.pace.quiet)
}

/// Without the networks there is no demo.
#[cfg(not(feature = "train"))]
pub(crate) fn run(_args: &DemoArgs, _global: &Global) -> Result<(), Failure> {
    Err(super::without_training())
}
