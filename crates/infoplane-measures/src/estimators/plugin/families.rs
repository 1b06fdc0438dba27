//! Rényi and Tsallis entropies of counted states.
//!
//! ```text
//! H_α = ln(Σ p^α)/(1 − α)      α = 0: ln of the states that occur, 1: Shannon, ∞: −ln of the largest p
//! S_α = (1 − Σ p^α)/(α − 1)    α = 0: those states less 1,         1: Shannon
//! ```
//! p = n/N; nats, and without a unit. Orders below 1 weigh rare states most, which counts know least about; from
//! 2 on the bias is small. No correction of the bias is known here for orders other than 1, so none is taken.

use super::PlugIn;
use crate::estimators::Correction;
use crate::estimators::corrections::Counts;
use crate::families::{Renyi, Tsallis};
use crate::measures::observed;
use crate::states::{States, undersampled};
use crate::{Error, Estimate, Result, Samples};

impl Renyi for PlugIn {
    fn renyi(&self, x: &Samples, order: f64) -> Result<Estimate> {
        check(order >= 0.0, order, "a number from 0, or inf")?;
        let (_, counts, blank) = self.plain(x)?;
        Ok(Estimate { nats: renyi(&counts, order), ..blank })
    }
}

impl Tsallis for PlugIn {
    fn tsallis(&self, x: &Samples, order: f64) -> Result<Estimate> {
        check(order >= 0.0 && order.is_finite(), order, "a number from 0")?;
        let (states, counts, blank) = self.plain(x)?;
        let of_states = states.counts();
        let term = |&id: &u32| deformed(f64::from(of_states[id as usize]) / counts.rows, order);
        let local: Vec<f64> = states.ids.iter().map(term).collect();
        let nats = counts.mean(|n| deformed(n / counts.rows, order));
        Ok(Estimate { nats, local: Some(local), ..blank })
    }
}

impl PlugIn {
    /// States, counts, and an estimate without a value yet.
    fn plain(&self, x: &Samples) -> Result<(States, Counts, Estimate)> {
        if self.correction != Correction::None {
            let option = format!("correction={}", self.correction.name());
            return Err(Error::NoEffect { option, estimator: "Rényi and Tsallis entropies".to_owned() });
        }
        observed("x", x)?;
        let states = self.states(x, "x")?;
        let counts = Counts::new(states.counts().into_iter(), 0.0);
        let blank = Estimate { n: x.rows(), notes: undersampled(states.kinds, x.rows()), ..Estimate::default() };
        Ok((states, counts, blank))
    }
}

fn check(holds: bool, order: f64, allowed: &'static str) -> Result<()> {
    let error = || Error::Parameter { parameter: "order", got: order.to_string(), allowed };
    holds.then_some(()).ok_or_else(error)
}

/// Rényi's entropy.
fn renyi(counts: &Counts, order: f64) -> f64 {
    let largest = counts.sizes.last().map_or(1.0, |(n, _)| n / counts.rows);
    if order == 1.0 {
        counts.plain()
    } else if order.is_infinite() {
        -largest.ln()
    } else if order < 2.0 {
        // Σ p^α − 1, so that nothing cancels near order 1
        counts.mean(|n| ((order - 1.0) * (n / counts.rows).ln()).exp_m1()).ln_1p() / (1.0 - order)
    } else {
        // beside the largest, so that nothing underflows at high orders
        let sum = counts.sum(|n| (n / counts.rows / largest).powf(order));
        (order * largest.ln() + sum.ln()) / (1.0 - order)
    }
}

/// The deformed logarithm of 1/p: (1 − p^(α−1))/(α − 1), ln(1/p) at order 1.
fn deformed(p: f64, order: f64) -> f64 {
    match order == 1.0 {
        true => -p.ln(),
        false => ((order - 1.0) * p.ln()).exp_m1() / (1.0 - order),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Entropy;

    fn sample() -> Samples<'static> {
        Samples::symbols(&[0, 0, 0, 0, 1, 1, 2, 3], 1).unwrap().into_owned() // ½, ¼, ⅛, ⅛
    }

    #[test]
    fn known_orders() {
        let (x, plugin) = (sample(), PlugIn::default());
        let squares: f64 = 1.0 / 4.0 + 1.0 / 16.0 + 2.0 / 64.0;
        let roots: f64 = [0.5, 0.25, 0.125, 0.125].map(f64::sqrt).iter().sum();
        for (order, renyi, tsallis) in [
            (0.0, 4.0_f64.ln(), Some(3.0)),
            (0.5, 2.0 * roots.ln(), Some(2.0 * (roots - 1.0))),
            (1.0, 1.75 * 2.0_f64.ln(), Some(1.75 * 2.0_f64.ln())),
            (2.0, -squares.ln(), Some(1.0 - squares)),
            (f64::INFINITY, 2.0_f64.ln(), None),
        ] {
            assert!((plugin.renyi(&x, order).unwrap().nats - renyi).abs() < 1e-14, "order {order}");
            match tsallis {
                Some(value) => assert!((plugin.tsallis(&x, order).unwrap().nats - value).abs() < 1e-14, "{order}"),
                None => assert!(matches!(plugin.tsallis(&x, order), Err(Error::Parameter { .. }))),
            }
        }
    }

    #[test]
    fn orders_are_continuous_and_fall() {
        let (x, plugin) = (sample(), PlugIn::default());
        let shannon = plugin.entropy(&x).unwrap().nats;
        let renyi = |order| plugin.renyi(&x, order).unwrap().nats;
        for near in [1.0 - 1e-9, 1.0 + 1e-9] {
            assert!((renyi(near) - shannon).abs() < 1e-8);
            assert!((plugin.tsallis(&x, near).unwrap().nats - shannon).abs() < 1e-8);
        }
        assert!((renyi(2.0 - 1e-12) - renyi(2.0)).abs() < 1e-11);
        let orders = [0.0, 0.3, 0.9, 1.0, 1.1, 2.0, 5.0, 1e3, 1e6, f64::INFINITY];
        assert!(orders.windows(2).all(|pair| renyi(pair[0]) > renyi(pair[1])));
        let tsallis = plugin.tsallis(&x, 3.0).unwrap();
        assert!((tsallis.local.unwrap().iter().sum::<f64>() / 8.0 - tsallis.nats).abs() < 1e-15);
    }

    #[test]
    fn orders_and_corrections_that_do_not_exist_are_refused() {
        let x = sample();
        for order in [-0.5, f64::NAN] {
            assert!(matches!(PlugIn::default().renyi(&x, order), Err(Error::Parameter { parameter: "order", .. })));
        }
        let corrected = PlugIn { correction: Correction::Grassberger, ..PlugIn::default() };
        assert!(matches!(corrected.renyi(&x, 2.0), Err(Error::NoEffect { .. })));
        assert!(matches!(corrected.tsallis(&x, 2.0), Err(Error::NoEffect { .. })));
    }
}
