//! The benchmarks of infoplane with infomeasure in the same process.

use std::process::ExitCode;

use infomeasure::estimators::mutual_information::MutualInformation;
use infomeasure::estimators::stats::{StatisticalTest, StatisticalTestConfig};
use infomeasure::estimators::traits::GlobalValue;
use infomeasure::estimators::transfer_entropy::TransferEntropy;
use infoplane_bench::{Answer, Asked, Columns, Question, Tool};
use ndarray::{Array1, Array2};

fn main() -> ExitCode {
    infoplane_bench::run(&[&Infomeasure])
}

/// K of every question, and no noise.
const NEIGHBOURS: usize = 4;
const NOISE: f64 = 0.0;

/// infomeasure 0.6, without its GPU and without its threads.
struct Infomeasure;

impl Tool for Infomeasure {
    fn name(&self) -> &'static str {
        "infomeasure"
    }

    fn ask<'a>(&'a self, question: &'a Question) -> Option<Asked<'a>> {
        match question {
            Question::KsgTe { source, target } => {
                let (x, y) = (Array1::from(source.clone()), Array1::from(target.clone()));
                let te = move || TransferEntropy::new_ksg(&x, &y, 1, 1, 1, NEIGHBOURS, NOISE).global_value();
                Some(Box::new(move || Answer::timed(&te)))
            }
            Question::KsgNull { source, target, draws } => {
                let (x, y) = (Array1::from(source.clone()), Array1::from(target.clone()));
                let permutations = StatisticalTestConfig::permutation(*draws).seed(1);
                let test = move || {
                    let te = TransferEntropy::new_ksg(&x, &y, 1, 1, 1, NEIGHBOURS, NOISE);
                    te.statistical_test(&permutations).expect("long enough").null_mean
                };
                Some(Box::new(move || Answer::timed(&test)))
            }
            Question::KsgMi { x, y } => match x.len() {
                1 => Some(mi::<2, 1>(x, y)),
                5 => Some(mi::<10, 5>(x, y)),
                10 => Some(mi::<20, 10>(x, y)),
                _ => None,
            },
            Question::BinaryTe { sources, targets, .. } => {
                let (x, y) = (units(sources), units(targets));
                Some(Box::new(move || Answer::timed(|| mean_of_pairs(&x, &y))))
            }
            _ => None,
        }
    }
}

fn mi<'a, const JOINT: usize, const EACH: usize>(x: &Columns, y: &Columns) -> Asked<'a> {
    let series = [x, y].map(|columns| Array2::from_shape_fn((columns[0].len(), EACH), |(row, c)| columns[c][row]));
    let mi = move || MutualInformation::nd_ksg::<JOINT, EACH, EACH>(&series, NEIGHBOURS, NOISE).global_value();
    Box::new(move || Answer::timed(&mi))
}

/// [unit][time]
fn units(rows: &[Vec<bool>]) -> Vec<Vec<i32>> {
    (0..rows[0].len()).map(|unit| rows.iter().map(|row| i32::from(row[unit])).collect()).collect()
}

fn mean_of_pairs(sources: &[Vec<i32>], targets: &[Vec<i32>]) -> f64 {
    let te = |x: &[i32], y: &[i32]| {
        TransferEntropy::te_discrete_mle(x, y, 1, 1, 1).with_alphabet(2).global_only().global_value()
    };
    let sum: f64 = sources.iter().flat_map(|x| targets.iter().map(move |y| te(x, y))).sum();
    sum / (sources.len() * targets.len()) as f64
}
