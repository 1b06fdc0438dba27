//! What is asked of every tool, on the same data.

use std::time::Instant;

/// Real columns, each as long as the others.
pub type Columns = Vec<Vec<f64>>;

/// A quantity to compute, in nats, with the data it is computed from. K = 4 and k = l = 1 throughout.
#[derive(Debug, Clone)]
pub enum Question {
    /// Transfer entropy by nearest neighbours.
    KsgTe {
        /// x
        source: Vec<f64>,
        /// y
        target: Vec<f64>,
    },
    /// The same with permutation surrogates: the mean of their values.
    KsgNull {
        /// x
        source: Vec<f64>,
        /// y
        target: Vec<f64>,
        /// Number of surrogates.
        draws: usize,
    },
    /// Mutual information by nearest neighbours.
    KsgMi {
        /// Columns of x.
        x: Columns,
        /// Columns of y.
        y: Columns,
    },
    /// Transfer entropy by covariances.
    GaussianTe {
        /// x
        source: Vec<f64>,
        /// y
        target: Vec<f64>,
    },
    /// Mean transfer entropy over all pairs of binary units.
    BinaryTe {
        /// `[time][unit]`
        sources: Vec<Vec<bool>>,
        /// `[time][unit]`
        targets: Vec<Vec<bool>>,
        /// Whether our time includes packing the bits.
        unpacked: bool,
    },
    /// Both kernel bounds on I(X;T) and I(T;Y) at each variance: the upper bound on I(X;T) at the last.
    Kde {
        /// The layer.
        layer: Labelled,
        /// Noise variances.
        variances: Vec<f64>,
    },
    /// Matrix-based Rényi information, α = 1.01, kernel exp(−d²/2).
    Renyi {
        /// Columns of x.
        x: Columns,
        /// Columns of y.
        y: Columns,
    },
    /// H(T) and I(T;Y) in joint cells, either 30 of them on [−1, 1] or of nested widths 2, 1 … 2⁻⁷: H(T), at the sixth
    /// width where they are nested.
    Cells {
        /// The layer.
        layer: Labelled,
        /// Whether widths are nested.
        nested: bool,
    },
    /// Mean transfer entropy by nearest neighbours over all ordered pairs.
    Network {
        /// `[series][time]`
        series: Columns,
        /// Number of threads.
        threads: usize,
        /// Whether each pair is estimated by itself.
        separate: bool,
    },
}

/// Outputs of a layer with tanh units, and the classes of their inputs.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// [rows, units], row-major.
    pub values: Vec<f32>,
    /// Number of units.
    pub units: usize,
    /// The class of each row.
    pub labels: Vec<u32>,
    /// Number of classes.
    pub classes: usize,
}

/// What one computation gave and took.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// How long it took.
    pub seconds: f64,
    /// Nats.
    pub nats: f64,
    /// Standard error, where the tool knows one.
    pub se: Option<f64>,
}

impl Answer {
    /// Times a computation of a value.
    pub fn timed(compute: impl FnOnce() -> f64) -> Self {
        let (seconds, nats) = clocked(compute);
        Self { seconds, nats, se: None }
    }
}

/// Seconds of a computation, and what it gave.
pub(super) fn clocked<T>(compute: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let found = std::hint::black_box(compute());
    (start.elapsed().as_secs_f64(), found)
}

/// A question made ready: each call answers it anew.
pub type Asked<'a> = Box<dyn FnMut() -> Answer + 'a>;

/// Something that answers questions.
pub trait Tool {
    /// Its name in tables.
    fn name(&self) -> &'static str;

    /// Brings the data into the tool's own form, outside the time; none where it has no answer.
    fn ask<'a>(&'a self, question: &'a Question) -> Option<Asked<'a>>;
}
