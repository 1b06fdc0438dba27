//! The honest simple form: every row against every other, in the order of the formula.

use infoplane_measures::special::digamma;

use super::question::{Answer, Asked, Columns, Question, Tool};

/// K of every nearest-neighbour question.
const NEIGHBOURS: usize = 4;

/// All pairs of rows, one after the other.
pub(super) struct Naive;

impl Tool for Naive {
    fn name(&self) -> &'static str {
        "naive scan"
    }

    fn ask<'a>(&'a self, question: &'a Question) -> Option<Asked<'a>> {
        match question {
            Question::KsgTe { source, target } => {
                let [x, y, z] = embedded(source, target);
                Some(Box::new(move || Answer::timed(|| ksg(&x, &y, &z))))
            }
            Question::KsgMi { x, y } => Some(Box::new(move || Answer::timed(|| ksg(x, y, &[])))),
            _ => None,
        }
    }
}

/// x⁻, y' and y⁻ at lag 1.
fn embedded(source: &[f64], target: &[f64]) -> [Columns; 3] {
    let n = target.len() - 1;
    [&source[..n], &target[1..], &target[..n]].map(|column| vec![column.to_vec()])
}

/// I(X; Y | Z), Frenzel and Pompe's first algorithm; Kraskov's where Z is empty.
fn ksg(x: &[Vec<f64>], y: &[Vec<f64>], z: &[Vec<f64>]) -> f64 {
    let n = y[0].len();
    let mut nearest = Vec::with_capacity(n);
    let local = |row: usize| {
        let apart = |columns: &[Vec<f64>], other: usize| {
            columns.iter().map(|column| (column[row] - column[other]).abs()).fold(0.0, f64::max)
        };
        let others = || (0..n).filter(move |&other| other != row);
        nearest.clear();
        nearest.extend(others().map(|other| apart(x, other).max(apart(y, other)).max(apart(z, other))));
        let radius = *nearest.select_nth_unstable_by(NEIGHBOURS - 1, f64::total_cmp).1;
        let (mut xz, mut yz, mut of_z) = (1, 1, 1);
        for other in others().filter(|&other| apart(z, other) < radius) {
            of_z += 1;
            xz += i32::from(apart(x, other) < radius);
            yz += i32::from(apart(y, other) < radius);
        }
        digamma(f64::from(of_z)) - digamma(f64::from(xz)) - digamma(f64::from(yz))
    };
    digamma(NEIGHBOURS as f64) + (0..n).map(local).sum::<f64>() / n as f64
}
