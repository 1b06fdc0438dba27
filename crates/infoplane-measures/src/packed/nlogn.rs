//! n·ln n of whole numbers, from one table that the whole process shares and that grows on demand.
//!
//! Every level reads the same table, which is what makes their results the same bits; beyond the table (at a million
//! rows, where logarithms no longer weigh) all of them take the same logarithm instead.

use std::sync::{Arc, Mutex, PoisonError};

/// Numbers the table may hold: 8 MiB.
const LIMIT: usize = 1 << 20;

static SHARED: Mutex<Option<Arc<Vec<f64>>>> = Mutex::new(None);

/// A view of the shared table that covers what was asked for, up to [`LIMIT`].
#[derive(Debug, Clone)]
pub(super) struct NLogN(Arc<Vec<f64>>);

impl NLogN {
    /// The table for numbers up to `largest`.
    pub(super) fn up_to(largest: u32) -> Self {
        let wanted = (largest as usize + 1).min(LIMIT);
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let known = shared.get_or_insert_default();
        if known.len() < wanted {
            let mut longer = known.as_ref().clone();
            longer.extend((known.len()..wanted.next_power_of_two()).map(|n| n_log_n(n as u32)));
            *known = Arc::new(longer);
        }
        Self(Arc::clone(known))
    }

    /// n·ln n; 0 for n = 0.
    #[inline]
    pub(super) fn at(&self, n: u32) -> f64 {
        self.0.get(n as usize).copied().unwrap_or_else(|| n_log_n(n))
    }

    /// a·ln a + b·ln b − (a+b)·ln(a+b): minus a + b times the entropy of two counts. Exactly 0 if one of them is 0.
    #[inline]
    pub(super) fn split(&self, a: u32, b: u32) -> f64 {
        (self.at(a) + self.at(b)) - self.at(a + b)
    }

    /// The table itself if every number up to `largest` is in it.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn covering(&self, largest: u32) -> Option<&[f64]> {
        self.0.get(..=largest as usize)
    }
}

#[cold]
fn n_log_n(n: u32) -> f64 {
    if n == 0 { 0.0 } else { f64::from(n) * f64::from(n).ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_what_lies_beyond_it_agree() {
        let table = NLogN::up_to(u32::MAX);
        assert_eq!((table.at(0), table.at(1)), (0.0, 0.0));
        for n in [2, 1000, LIMIT as u32 - 1, LIMIT as u32, 4_000_000_000] {
            assert_eq!(table.at(n), f64::from(n) * f64::from(n).ln());
        }
        assert_eq!(table.split(12_345, 0), 0.0);
    }
}
