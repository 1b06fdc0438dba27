//! Bias and calibration of plug-in transfer entropy under every correction, where the truth is known.
//!
//! Every cell of the table is a mean over series of their own seeds; within a seed all corrections see the same data.

mod markdown;
mod model;
mod summary;
mod trial;

use std::num::NonZero;

use serde_json::json;

use model::Model;
use summary::Summary;
use trial::{Method, Outcome};

/// Embedded rows.
const ROWS: [usize; 8] = [50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const ALPHABETS: [u32; 3] = [2, 4, 8];

/// What was asked for.
pub(crate) struct Options {
    pub(crate) json: bool,
    pub(crate) quick: bool,
}

/// One alphabet, one model, one length: a summary for each method.
struct Case {
    model: Model,
    rows: usize,
    truth: f64,
    methods: Vec<(String, Summary)>,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let seeds = if options.quick { 40 } else { 200 };
    let mut cases = Vec::new();
    for (alphabet, coupled) in ALPHABETS.into_iter().flat_map(|alphabet| [(alphabet, false), (alphabet, true)]) {
        let model = Model { alphabet, coupled };
        for rows in ROWS {
            let case = measure(model, rows, seeds).map_err(|error| error.to_string())?;
            tell(&case, options.json);
            cases.push(case);
        }
    }
    match options.json || options.quick {
        true => Ok(()),
        false => markdown::write(&cases, seeds),
    }
}

fn measure(model: Model, rows: usize, seeds: u64) -> infoplane_measures::Result<Case> {
    let methods = Method::all(model.alphabet);
    let outcomes = outcomes(model, rows, seeds, &methods)?;
    let truth = model.transfer_entropy();
    let summary = |place: usize| Summary::new(outcomes.iter().map(|outcomes| &outcomes[place]), truth);
    let methods = methods.iter().enumerate().map(|(place, method)| (method.name.clone(), summary(place))).collect();
    Ok(Case { model, rows, truth, methods })
}

/// What each seed gave, in the order of the seeds whatever the number of threads.
fn outcomes(
    model: Model,
    rows: usize,
    seeds: u64,
    methods: &[Method],
) -> infoplane_measures::Result<Vec<Vec<Outcome>>> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let of_thread = |thread: u64| -> infoplane_measures::Result<Vec<Vec<Outcome>>> {
        let own = seeds * thread / threads..seeds * (thread + 1) / threads;
        own.map(|seed| trial::outcomes(model, rows, seed, methods)).collect()
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || of_thread(thread))).collect();
        let done = running.into_iter().map(|thread| thread.join().expect("a thread that does not panic"));
        Ok(done.collect::<Result<Vec<_>, _>>()?.concat())
    })
}

fn tell(case: &Case, as_json: bool) {
    let (model, rows, truth) = (case.model, case.rows, case.truth);
    for (name, summary) in &case.methods {
        let Summary { bias, sd, rejected, chi_square, .. } = *summary;
        match as_json {
            true => println!(
                "{}",
                json!({
                    "case": format!("bias/{}/{}", model.name(), name), "alphabet": model.alphabet, "coupled": model.coupled,
                    "n": rows, "correction": name, "truth": truth, "bias": bias, "sd": sd,
                    "rejected_by_permutation": rejected, "rejected_by_chi_square": chi_square,
                })
            ),
            false => println!(
                "{:<22} N {rows:>5}  {name:<28} bias {:>9.2} ± {:>7.2} millinats{}",
                model.name(),
                1e3 * bias,
                1e3 * sd,
                rejected.map_or(String::new(), |share| format!("  rejects {share:.3}"))
            ),
        }
    }
}
