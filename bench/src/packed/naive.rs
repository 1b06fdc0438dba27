//! The simple form: one byte a bit, one table a pair, a logarithm a cell.

use infoplane_measures::packed::PackedRows;

use crate::record::Baseline;
use crate::timing::time;

/// Pairs counted; the time of all pairs is scaled up from them.
const PAIRS: usize = 64;

/// The simple form's time for all pairs of two layers.
pub(crate) fn baseline(sources: &PackedRows, targets: &PackedRows) -> Baseline {
    let columns = |rows: &PackedRows, unit: usize| -> Vec<u8> {
        (0..rows.rows()).map(|row| u8::from(rows.bit(row, unit))).collect()
    };
    let unit = |pair: usize, units: usize| pair * 7 % units;
    let pairs: Vec<_> = (0..PAIRS)
        .map(|pair| (columns(sources, unit(pair, sources.units())), columns(targets, unit(pair, targets.units()))))
        .collect();
    let all = || pairs.iter().map(|(x, y)| te(x, y)).sum::<f64>();
    let scale = (sources.units() * targets.units()) as f64 / PAIRS as f64;
    Baseline { name: "a byte table a pair", seconds: time(5, all).median * scale }
}

/// Σ p ln [p(y'|y,x) / p(y'|y)], nats.
fn te(x: &[u8], y: &[u8]) -> f64 {
    let mut joint = [0_u32; 8];
    for (x, y) in x.iter().zip(y.windows(2)) {
        joint[usize::from(4 * y[1] + 2 * y[0] + x)] += 1;
    }
    let n = f64::from(joint.iter().sum::<u32>());
    let term = |cell: usize| {
        let sum = |same: usize| (0..8).filter(|i| i & same == cell & same).map(|i| joint[i]).sum::<u32>();
        let [with_x, own, past] = [3, 6, 2].map(|same| f64::from(sum(same)));
        let count = f64::from(joint[cell]);
        count / n * (count * past / (with_x * own)).ln()
    };
    (0..8).filter(|&cell| joint[cell] > 0).map(term).sum()
}
