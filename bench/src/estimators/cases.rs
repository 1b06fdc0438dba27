//! The cases, as a table.

use super::data::{self, CORRELATED_MI, COUPLED_TE};
use super::question::Question;

/// One question, who else is asked, and what is known about the answer.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) ask: fn() -> Question,
    /// Nats; where there is none, a tool that computes the same sum stands in.
    pub(super) truth: Option<f64>,
    pub(super) rivals: &'static [Rival],
    /// Another question of our own, measured in turn with this one.
    pub(super) beside: Option<Beside>,
}

/// A tool, and how many times as fast we are due to be.
pub(super) struct Rival {
    pub(super) tool: &'static str,
    pub(super) due: Option<f64>,
}

/// A question of our own to compare with.
pub(super) struct Beside {
    pub(super) name: &'static str,
    pub(super) ask: fn() -> Question,
    pub(super) due: f64,
}

impl Case {
    const fn new(name: &'static str, ask: fn() -> Question) -> Self {
        Self { name, ask, truth: None, rivals: &[], beside: None }
    }

    const fn truth(self, nats: f64) -> Self {
        Self { truth: Some(nats), ..self }
    }

    const fn rivals(self, rivals: &'static [Rival]) -> Self {
        Self { rivals, ..self }
    }

    const fn beside(self, name: &'static str, ask: fn() -> Question, due: f64) -> Self {
        Self { beside: Some(Beside { name, ask, due }), ..self }
    }
}

const fn rival(tool: &'static str, due: f64) -> Rival {
    Rival { tool, due: Some(due) }
}

/// Compared with, nothing promised.
const fn also(tool: &'static str) -> Rival {
    Rival { tool, due: None }
}

const INFOMEASURE: &str = "infomeasure";
const NAIVE: Rival = also("naive scan");
const DISTORTED: [Rival; 1] = [also(INFOMEASURE)];

pub(super) const CASES: &[Case] = &[
    Case::new("ksg-te N=1e4", || ksg_te(10_000, plain)).truth(COUPLED_TE).rivals(&[rival(INFOMEASURE, 5.0), NAIVE]),
    Case::new("ksg-te N=1e5", || ksg_te(100_000, plain)).truth(COUPLED_TE).rivals(&[rival(INFOMEASURE, 12.0)]),
    Case::new("ksg-te N=1e6", || ksg_te(1_000_000, plain)).truth(COUPLED_TE),
    distorted("ksg-te N=1e4 cubed", || ksg_te(10_000, cubed), || ksg_te(10_000, plain)),
    distorted("ksg-te N=1e4 sinh³", || ksg_te(10_000, sinh_cubed), || ksg_te(10_000, plain)),
    distorted("ksg-te N=1e4 tanh", || ksg_te(10_000, saturated), || ksg_te(10_000, plain)),
    distorted("ksg-te N=1e5 cubed", || ksg_te(100_000, cubed), || ksg_te(100_000, plain)),
    distorted("ksg-te N=1e5 sinh³", || ksg_te(100_000, sinh_cubed), || ksg_te(100_000, plain)),
    distorted("ksg-te N=1e5 tanh", || ksg_te(100_000, saturated), || ksg_te(100_000, plain)),
    Case::new("ksg-te N=1e4 200 surrogates", ksg_null).truth(0.0).rivals(&[rival(INFOMEASURE, 10.0)]),
    Case::new("ksg-mi 1+1 N=1e5", || ksg_mi(100_000, 1)).truth(CORRELATED_MI).rivals(&[rival(INFOMEASURE, 3.0)]),
    Case::new("ksg-mi 5+5 N=1e4", || ksg_mi(10_000, 5))
        .truth(5.0 * CORRELATED_MI)
        .rivals(&[rival(INFOMEASURE, 3.5), NAIVE]),
    Case::new("ksg-mi 5+5 N=1e5", || ksg_mi(100_000, 5)).truth(5.0 * CORRELATED_MI).rivals(&[rival(INFOMEASURE, 5.5)]),
    Case::new("ksg-mi 10+10 N=1e4", || ksg_mi(10_000, 10))
        .truth(10.0 * CORRELATED_MI)
        .rivals(&[rival(INFOMEASURE, 6.0), NAIVE]),
    Case::new("binary-te 512x256 N=1e4", || binary_te(false))
        .truth(BINARY_FLOOR)
        .rivals(&[rival(INFOMEASURE, 1000.0), rival("numpy", 23.0)]),
    Case::new("binary-te 512x256 N=1e4, packing included", || binary_te(true))
        .truth(BINARY_FLOOR)
        .rivals(&[also(INFOMEASURE), also("numpy")]),
    Case::new("gaussian-te N=1e5", gaussian_te).truth(COUPLED_TE).rivals(&[rival("numpy", 1.0)]),
    Case::new("kde 10000x100 one variance", || kde(1)).rivals(&[also("numpy"), also("numpy f32")]),
    Case::new("kde 10000x100 eight variances", || kde(8)).rivals(&[rival("numpy", 5.0), also("numpy f32")]),
    Case::new("renyi-mi N=1000", renyi).rivals(&[rival("numpy", 1.5)]),
    Case::new("cells 4096x10", || cells(false)).rivals(&[rival("numpy", 80.0)]),
    Case::new("cells 4096x10 nested widths", || cells(true)).rivals(&[also("numpy")]),
    Case::new("te-net 50x2000", || network(1, false)).beside("2,450 separate estimates", || network(1, true), 5.0),
    Case::new("te-net 50x2000 two threads", || network(2, false)).beside("one thread", || network(1, false), 1.7),
];

/// Distorted marginals change neither the truth nor, much, the time.
const fn distorted(name: &'static str, ask: fn() -> Question, plain: fn() -> Question) -> Case {
    Case::new(name, ask).truth(COUPLED_TE).rivals(&DISTORTED).beside("the plain series", plain, 0.25)
}

fn plain(value: f64) -> f64 {
    value
}

fn cubed(value: f64) -> f64 {
    value.powi(3)
}

/// Very heavy tails.
fn sinh_cubed(value: f64) -> f64 {
    value.sinh().powi(3)
}

/// Most values crowd at −1 and 1, still without ties.
fn saturated(value: f64) -> f64 {
    (3.0 * value).tanh()
}

/// Coupled series seen through a monotone function.
fn ksg_te(n: usize, seen: fn(f64) -> f64) -> Question {
    let (source, target) = data::coupled(n);
    let [source, target] = [source, target].map(|values| values.into_iter().map(seen).collect());
    Question::KsgTe { source, target }
}

fn ksg_null() -> Question {
    let (source, target) = data::coupled(10_000);
    Question::KsgNull { source, target, draws: 200 }
}

fn ksg_mi(n: usize, dims: usize) -> Question {
    let (x, y) = data::correlated(n, dims);
    Question::KsgMi { x, y }
}

/// What independent coins show on average: χ² with two degrees of freedom over 2N.
const BINARY_FLOOR: f64 = 1e-4;

fn binary_te(unpacked: bool) -> Question {
    Question::BinaryTe { sources: data::coins(512, 10_000, 0), targets: data::coins(256, 10_000, 1), unpacked }
}

fn gaussian_te() -> Question {
    let (source, target) = data::coupled(100_000);
    Question::GaussianTe { source, target }
}

/// Doubled variances up to 12.8, where classes are told apart but rows are not.
fn kde(variances: i32) -> Question {
    let variances = (0..variances).rev().map(|step| 12.8 / 2_f64.powi(step)).collect();
    Question::Kde { layer: data::layer(10_000, 100, 10), variances }
}

fn renyi() -> Question {
    let (x, y) = data::correlated(1000, 2);
    Question::Renyi { x, y }
}

fn cells(nested: bool) -> Question {
    Question::Cells { layer: data::layer(4096, 10, 2), nested }
}

fn network(threads: usize, separate: bool) -> Question {
    Question::Network { series: data::ring(50, 2000), threads, separate }
}
