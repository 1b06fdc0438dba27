//! The ratio of volumes that even density falls below in 5 of 1,000 rows.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use infoplane_spec::stream;
use rand_core::Rng;

use super::axes::Neighbourhood;

/// Neighbourhoods drawn.
const DRAWS: usize = 20_000;
/// How many of them pass for slabs.
const PASSING: usize = DRAWS * 5 / 1000;

/// What has been simulated: a function of K and d alone, only slow.
static KNOWN: LazyLock<Mutex<HashMap<(usize, usize), f64>>> = LazyLock::new(Mutex::default);

/// ln α for K neighbours in d columns: the quantile of `ln_slab` for K places drawn evenly from a box around the row.
pub(super) fn ln_alpha(k: usize, dim: usize) -> f64 {
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(&alpha) = known().get(&(k, dim)) {
        return alpha;
    }
    let mut rng = stream(0, "lnc/alpha", (k as u64) << 32 | dim as u64);
    let mut uniform = || (rng.next_u64() >> 11) as f64 * 2.0_f64.powi(-52) - 1.0;
    let mut ratio = || {
        let places = (0..k * dim).map(|_| uniform()).collect();
        Neighbourhood::of(dim, places).ln_slab().unwrap_or(f64::NEG_INFINITY)
    };
    let mut ratios: Vec<f64> = (0..DRAWS).map(|_| ratio()).collect();
    let (_, alpha, _) = ratios.select_nth_unstable_by(PASSING, f64::total_cmp);
    known().insert((k, dim), *alpha);
    *alpha
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_neighbours_and_fewer_columns_leave_less_to_chance() {
        let alpha = |k, dim| ln_alpha(k, dim).exp();
        // by an independent simulation of the same size (numpy 2.4): 0.340, 0.132, 0.521
        for (k, dim, truth) in [(5, 2, 0.340), (5, 3, 0.132), (8, 2, 0.521)] {
            assert!((alpha(k, dim) / truth - 1.0).abs() < 0.1, "{k}, {dim}: {}", alpha(k, dim));
        }
        assert_eq!(ln_alpha(5, 2), ln_alpha(5, 2));
    }
}
