//! Random numbers of the usual distributions, from named streams.
#![allow(dead_code)] // each test draws from some of them

use infoplane_spec::{Stream, below, stream};

pub(crate) struct Noise(Stream);

impl Noise {
    pub(crate) fn new(purpose: &str, seed: u64) -> Self {
        Self(stream(seed, purpose, 0))
    }

    /// Uniform in (0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        let wide = u64::from(below(&mut self.0, 1 << 26)) << 26 | u64::from(below(&mut self.0, 1 << 26));
        (wide as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// Standard normal (Box and Muller).
    pub(crate) fn gauss(&mut self) -> f64 {
        let (radius, angle) = ((-2.0 * self.uniform().ln()).sqrt(), std::f64::consts::TAU * self.uniform());
        radius * angle.cos()
    }

    /// Exponential with mean 1.
    pub(crate) fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// One of 0 to `alphabet` − 1, all equally likely.
    pub(crate) fn symbol(&mut self, alphabet: u32) -> u32 {
        below(&mut self.0, alphabet)
    }
}
