//! The 12-bit data set of Shwartz-Ziv & Tishby (2017, arXiv:1703.00810), from its rule.
//!
//! Twelve unit vertices `r_1` … `r_12` of an icosahedron; x runs over all 4,096 on/off patterns, row r being the binary
//! digits of r with column 0 the top bit:
//!
//! ```text
//! f(x) = |x| + ‖Σ_i x_i r_i‖      y = 1 if f(x) > 7.63
//! ‖Σ‖² = |x| − 2A + (2/√5)(E − F)
//! ```
//!
//! with A antipodal, E neighbouring and F other pairs among the bits that are on. A pattern is thus described by the
//! integers (|x|, A, E − F), and patterns are compared without rounded numbers. The labels have
//! H(Y) = 0.99915712 bit. With `gamma` they are drawn instead: P(y = 1 | x) = 1/(1 + exp(−γ(f − 7.632))).

use infoplane_spec::{Arguments, Entry, Parameter, SpecError, stream};
use rand_core::Rng;

use super::{DataSource, Raw};
use crate::Result;

const CITATION: &str = "Shwartz-Ziv & Tishby (2017), Opening the black box of deep neural networks via information, \
                        arXiv:1703.00810";

pub(super) const ENTRY: Entry<Box<dyn DataSource>> = Entry {
    name: "ib12",
    summary: "all 4,096 patterns of 12 bits with a rotation-symmetric binary label",
    citation: CITATION,
    parameters: &[
        Parameter {
            key: "gamma",
            default: Some("inf"),
            summary: "steepness of the noisy label, above 0; inf: no noise",
        },
        Parameter { key: "seed", default: Some("0"), summary: "of the noise" },
    ],
    build: |arguments| Ok(Box::new(Ib12::new(arguments)?)),
};

/// The antipode of each vertex.
const ANTIPODE: [usize; 12] = [9, 7, 5, 6, 10, 2, 3, 1, 11, 0, 4, 8];

/// The five neighbours of each vertex.
const NEIGHBOURS: [[usize; 5]; 12] = [
    [1, 3, 5, 10, 11],
    [0, 2, 3, 4, 11],
    [1, 3, 4, 8, 9],
    [0, 1, 2, 8, 10],
    [1, 2, 6, 9, 11],
    [0, 6, 7, 10, 11],
    [4, 5, 7, 9, 11],
    [5, 6, 8, 9, 10],
    [2, 3, 7, 9, 10],
    [2, 4, 6, 7, 8],
    [0, 3, 5, 7, 8],
    [0, 1, 4, 5, 6],
];

struct Ib12 {
    /// Infinite for the rule without noise.
    gamma: f64,
    seed: u64,
}

/// What the label depends on: |x| and ‖Σ‖² = `rational` + `root`·2/√5, both whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Class {
    on: i32,
    rational: i32,
    root: i32,
}

impl Ib12 {
    fn new(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let gamma = arguments.check("gamma", "a number above 0, or inf", |gamma: &f64| *gamma > 0.0)?;
        Ok(Self { gamma, seed: arguments.parse("seed", "a whole number")? })
    }

    fn label(&self, pattern: u32) -> i64 {
        let f = class(pattern).f();
        if self.gamma.is_infinite() {
            return (f > 7.63).into();
        }
        let uniform = (stream(self.seed, "ib12", pattern.into()).next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        (uniform < chance(self.gamma, f)).into()
    }
}

impl DataSource for Ib12 {
    fn rows(&self, name: String) -> Result<Raw> {
        let x = (0..4096_u32).flat_map(|pattern| (0..12).map(move |column| is_on(pattern, column).into())).collect();
        let y = (0..4096).map(|pattern| self.label(pattern)).collect();
        Ok(Raw { name, x, features: 12, columns: None, y, largest: Some(1.0), citation: CITATION })
    }
}

impl Class {
    fn f(self) -> f64 {
        let square = f64::from(self.rational) + f64::from(self.root) * 2.0 / 5.0_f64.sqrt();
        // Opposite vectors that cancel leave 0, which must not come out as a tiny negative number.
        f64::from(self.on) + square.max(0.0).sqrt()
    }
}

fn is_on(pattern: u32, column: usize) -> bool {
    pattern >> (11 - column) & 1 == 1
}

fn class(pattern: u32) -> Class {
    let on: Vec<usize> = (0..12).filter(|&column| is_on(pattern, column)).collect();
    let (mut antipodal, mut root) = (0, 0);
    for (place, &i) in on.iter().enumerate() {
        for &j in &on[..place] {
            match ANTIPODE[i] == j {
                true => antipodal += 1,
                false if NEIGHBOURS[i].contains(&j) => root += 1,
                false => root -= 1,
            }
        }
    }
    let count = i32::try_from(on.len()).expect("at most 12 bits are on");
    Class { on: count, rational: count - 2 * antipodal, root }
}

fn chance(gamma: f64, f: f64) -> f64 {
    1.0 / (1.0 + (-gamma * (f - 7.632)).exp())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sha2::{Digest, Sha256};

    use super::*;

    fn labels() -> Vec<u8> {
        let set = Ib12 { gamma: f64::INFINITY, seed: 0 };
        (0..4096).map(|pattern| set.label(pattern) as u8).collect()
    }

    fn bits(p: f64) -> f64 {
        if p > 0.0 { -p * p.log2() } else { 0.0 }
    }

    #[test]
    fn labels_are_those_of_the_published_table() {
        let digest = crate::training::hex(&Sha256::digest(labels()));
        assert_eq!(digest, "77732f16f85e91b49d3997196b56163b3bd362d8cf631468a8de3f986e88359f");
    }

    #[test]
    fn label_entropy_is_the_known_one() {
        let ones: u32 = labels().into_iter().map(u32::from).sum();
        let p = f64::from(ones) / 4096.0;
        assert_eq!(ones, 2118);
        assert!((bits(p) + bits(1.0 - p) - 0.999_157_12).abs() < 5e-9);
    }

    #[test]
    fn there_are_64_classes_of_53_values() {
        let mut counts = BTreeMap::new();
        (0..4096).for_each(|pattern| *counts.entry(class(pattern)).or_insert(0) += 1);
        let entropy: f64 = counts.values().map(|&count: &i32| bits(f64::from(count) / 4096.0)).sum();
        assert_eq!(counts.len(), 64);
        assert!((entropy - 5.569_522_43).abs() < 5e-9, "{entropy}");
        let mut values: Vec<f64> = counts.keys().map(|class| class.f()).collect();
        values.sort_by(f64::total_cmp);
        values.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
        // Eleven classes share their f with another, as (1, 1, 0) and (2, 0, 0) do at f = 2.
        assert_eq!(values.len(), 53);
        let above = values.partition_point(|&f| f < 7.63);
        assert!((values[above - 1] - 7.5628).abs() < 5e-5 && (values[above] - 7.7013).abs() < 5e-5);
    }

    #[test]
    fn noisy_labels_have_the_known_information() {
        for (gamma, known) in [(54.5, 0.990_011), (21.5, 0.949_885), (10.36, 0.900_026)] {
            let p: Vec<f64> = (0..4096).map(|pattern| chance(gamma, class(pattern).f())).collect();
            let mean = p.iter().sum::<f64>() / 4096.0;
            let given: f64 = p.iter().map(|&p| bits(p) + bits(1.0 - p)).sum::<f64>() / 4096.0;
            let information = bits(mean) + bits(1.0 - mean) - given;
            assert!((information - known).abs() < 5e-7, "gamma {gamma}: {information}");
        }
    }

    #[test]
    fn noisy_labels_differ_from_the_rule_as_often_as_they_should() {
        let noisy = Ib12 { gamma: 10.36, seed: 3 };
        let flips = labels().iter().zip(0..4096).filter(|&(&label, row)| noisy.label(row) != i64::from(label)).count();
        let expected: f64 = (0..4096)
            .map(|row| chance(10.36, class(row).f()))
            .zip(labels())
            .map(|(p, y)| (f64::from(y) - p).abs())
            .sum();
        assert!((flips as f64 - expected).abs() < 4.0 * expected.sqrt(), "{flips} flips, {expected} expected");
        assert!((0..4096).any(|row| Ib12 { gamma: 10.36, seed: 4 }.label(row) != noisy.label(row)));
    }

    #[test]
    fn the_solid_is_an_icosahedron() {
        for (i, neighbours) in NEIGHBOURS.iter().enumerate() {
            assert_eq!(ANTIPODE[ANTIPODE[i]], i);
            assert!(neighbours.iter().all(|&j| NEIGHBOURS[j].contains(&i) && !NEIGHBOURS[ANTIPODE[i]].contains(&j)));
        }
    }
}
