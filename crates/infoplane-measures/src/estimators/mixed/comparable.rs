//! Symbols placed so far apart that only rows with equal symbols are near, and how far each row's neighbours reach.

use crate::neighbours::{Border, Exclusion, Space, best};
use crate::{Result, Samples};

/// The columns of the variables, and the largest distance between comparable rows: symbols are put on multiples of
/// more than twice the span of the real columns.
pub(super) fn comparable<const V: usize>(
    variables: [(&'static str, &Samples); V],
) -> Result<([Vec<Vec<f64>>; V], f64)> {
    let mut columns = std::array::from_fn(|_| Vec::new());
    for (place, (argument, samples)) in variables.into_iter().enumerate() {
        columns[place] = match samples.is_symbols() {
            false => samples.as_real(argument)?,
            true => by_symbol(samples.as_symbols(argument)?, samples.dim()),
        };
    }
    let of_kind = |symbols| {
        let kind = move |place: &usize| variables[*place].1.is_symbols() == symbols;
        (0..V).filter(kind).collect::<Vec<_>>()
    };
    let span =
        of_kind(false).iter().flat_map(|&place| &columns[place]).map(|column| spread(column)).fold(0.0, f64::max);
    let gap = 2.0 * span + 1.0;
    for place in of_kind(true) {
        columns[place].iter_mut().flatten().for_each(|symbol| *symbol *= gap);
    }
    Ok((columns, span))
}

/// The symbols of each column, numbered from 0.
fn by_symbol(symbols: &[u32], dim: usize) -> Vec<Vec<f64>> {
    let numbered = |column: usize| {
        let values: Vec<u32> = symbols.iter().skip(column).step_by(dim).copied().collect();
        let mut kinds = values.clone();
        kinds.sort_unstable();
        kinds.dedup();
        values.iter().map(|value| kinds.partition_point(|kind| kind < value) as f64).collect()
    };
    (0..dim).map(numbered).collect()
}

fn spread(column: &[f64]) -> f64 {
    let (least, most) = column.iter().fold((f64::MAX, f64::MIN), |(least, most), &x| (least.min(x), most.max(x)));
    most - least
}

/// How far the neighbours of each row reach.
pub(super) struct Reach {
    /// Distance to the last neighbour.
    pub(super) radii: Vec<f64>,
    /// Whether the row is comparable to none, so that whatever is comparable in one variable counts there.
    pub(super) whole: Vec<bool>,
}

impl Reach {
    /// To the K-th neighbour, or to the last of fewer that are comparable.
    pub(super) fn new(joint: &Space, k: usize, span: f64, exclusion: &Exclusion) -> Self {
        let mut radii = best(joint).kth(joint, k, exclusion);
        let mut whole = vec![false; radii.len()];
        let few: Vec<usize> = (0..radii.len()).filter(|&row| radii[row] > span).collect();
        if !few.is_empty() {
            let nearest = best(joint).nearest(joint, k, exclusion);
            let others = best(joint).counts(joint, &vec![span; radii.len()], Border::Inclusive, exclusion);
            for row in few {
                match others[row] as usize {
                    0 => (radii[row], whole[row]) = (span, true),
                    all => radii[row] = joint.distance(row, nearest[row * k + all - 1] as usize),
                }
            }
        }
        Self { radii, whole }
    }
}
