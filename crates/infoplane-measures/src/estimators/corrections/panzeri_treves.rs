//! Panzeri–Treves: the first term of the bias, with the states that could have occurred for those that did.
//!
//! ```text
//! H(Y|V) = plug-in + Σ_v (R_v − 1)/(2N)
//! R_v = occupied + r: the r whose expected number of occupied states comes nearest to what occurred with this v, if
//!       occupied states have probabilities (1 − γ)(n + 1)/(N_v + occupied), each of the r unseen ones γ/r, and
//!       γ = r·[1 − (N_v/(N_v + occupied))^(1/N_v)]
//! ```
//! n and occupied: rows and states of Y that occur with this v; occupied + r is at most K. Unit: nats. With K as occurs
//! (and no V) it is Miller–Madow.
//!
//! Reference: S. Panzeri, A. Treves, doi:10.1088/0954-898X/7/1/006.

use super::{Counts, Joint};

pub(super) fn entropy(counts: &Counts) -> f64 {
    counts.plain() + (relevant(counts) - 1.0) / (2.0 * counts.rows)
}

pub(super) fn conditional(joint: &Joint) -> f64 {
    let given = joint.each().map(|counts| counts.rows * entropy(&counts));
    given.sum::<f64>() / joint.rows()
}

/// R.
fn relevant(counts: &Counts) -> f64 {
    let occupied = counts.occupied();
    let missed = |unseen: f64| (occupied - expected(counts, unseen)).abs();
    let (mut unseen, mut least) = (0.0, f64::INFINITY);
    while occupied + unseen < counts.possible {
        let now = missed(unseen);
        if now >= least {
            return occupied + unseen - 1.0;
        }
        (unseen, least) = (unseen + 1.0, now);
    }
    let better = unseen == 0.0 || missed(unseen) < least;
    occupied + if better { unseen } else { unseen - 1.0 }
}

/// Occupied states to be expected in as many rows, with so many unseen states beside the occupied ones.
fn expected(counts: &Counts, unseen: f64) -> f64 {
    let (rows, occupied) = (counts.rows, counts.occupied());
    let seen = |p: f64| 1.0 - (1.0 - p).powf(rows);
    if unseen == 0.0 {
        return counts.sum(|n| seen(n / rows));
    }
    let each = 1.0 - (rows / (rows + occupied)).powf(1.0 / rows);
    let rest = (1.0 - unseen * each).max(0.0);
    counts.sum(|n| seen(rest * (n + 1.0) / (rows + occupied))) + unseen * seen(each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_added_only_where_rows_are_few() {
        let relevant = |counts: &[u32], possible| relevant(&Counts::new(counts.iter().copied(), possible));
        assert_eq!(relevant(&[3, 2, 1], 3.0), 3.0);
        assert_eq!(relevant(&[500, 400, 300], 10.0), 3.0);
        // five rows, all different: more states than occurred, and no more than there are
        let many = relevant(&[1, 1, 1, 1, 1], 100.0);
        assert!(many > 5.0 && many < 100.0, "{many}");
        assert_eq!(relevant(&[1, 1, 1, 1, 1], 6.0), 6.0);
    }
}
