//! Initial weights.
//!
//! `fan-in`: w ~ N(0, 1/fan-in), drawn again while |w| > 2/√(fan-in); biases 0. One stream per layer, so that a
//! layer's weights depend on the seed, its place and its shape alone.

use infoplane_spec::{Stream, stream};
use rand_core::Rng;

use crate::Init;

/// The weights \[fan-in, units\] of the layer `name`, row-major.
pub(crate) fn weights(init: Init, seed: u64, name: &str, fan_in: usize, units: usize) -> Vec<f32> {
    let Init::FanIn = init;
    let mut rng = stream(seed, &format!("init/{name}"), 0);
    let sd = 1.0 / (fan_in as f64).sqrt();
    (0..fan_in * units).map(|_| (sd * cut_normal(&mut rng)) as f32).collect()
}

/// A standard normal number, drawn again while it lies beyond 2.
fn cut_normal(rng: &mut Stream) -> f64 {
    loop {
        let z = normal(rng);
        if z.abs() <= 2.0 {
            return z;
        }
    }
}

/// Box & Muller (1958), doi:10.1214/aoms/1177706645.
fn normal(rng: &mut Stream) -> f64 {
    // Above 0, so that the logarithm is finite.
    let u = ((rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let v = (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_cut_and_have_the_variance_of_a_cut_normal() {
        let w = weights(Init::FanIn, 1, "fc1", 100, 1000);
        let variance = w.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>() / w.len() as f64;
        assert!(w.iter().all(|w| w.abs() <= 0.2));
        // Var of N(0,1) cut at ±2: 1 − 4·φ(2)/(2Φ(2) − 1) = 0.774
        assert!((variance * 100.0 - 0.7737).abs() < 0.01, "{variance}");
        assert!((w.iter().sum::<f32>() / w.len() as f32).abs() < 0.001);
    }

    #[test]
    fn layers_and_seeds_differ() {
        let first = |seed, name| weights(Init::FanIn, seed, name, 3, 2);
        assert_ne!(first(0, "fc1"), first(0, "fc2"));
        assert_ne!(first(0, "fc1"), first(1, "fc1"));
    }
}
