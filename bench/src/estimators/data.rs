//! Data of the questions, the same on every machine but for the last bits of logarithms and cosines.

use std::f64::consts::TAU;

use infoplane_spec::{Stream, stream};
use rand_core::Rng;

use super::question::{Columns, Labelled};

/// Standard normal numbers, two from each two draws (Box–Muller).
struct Normals {
    rng: Stream,
    spare: Option<f64>,
}

impl Normals {
    fn new(index: u64) -> Self {
        Self { rng: stream(1, "bench/normal", index), spare: None }
    }

    fn uniform(&mut self) -> f64 {
        ((self.rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn draw(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let (radius, (sine, cosine)) = ((-2.0 * self.uniform().ln()).sqrt(), (TAU * self.uniform()).sin_cos());
        self.spare = Some(radius * sine);
        radius * cosine
    }

    fn column(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.draw()).collect()
    }
}

/// Transfer entropy of [`coupled`] series, nats.
pub(super) const COUPLED_TE: f64 = 0.1020745;

/// x' = 0.6 x + e, y' = 0.5 y + 0.4 x + e: `n` events, source and target, which take one more row.
pub(super) fn coupled(n: usize) -> (Vec<f64>, Vec<f64>) {
    const SETTLE: usize = 100;
    let (mut normals, mut x, mut y) = (Normals::new(n as u64), 0.0, 0.0);
    let mut step = || {
        let before = x;
        x = 0.6 * x + normals.draw();
        y = 0.5 * y + 0.4 * before + normals.draw();
        (x, y)
    };
    (0..SETTLE).for_each(|_| _ = step());
    (0..=n).map(|_| step()).unzip()
}

/// Mutual information of one dimension of [`correlated`] columns, nats: −½ ln(1 − 0.6²).
pub(super) const CORRELATED_MI: f64 = 0.22314355131420976;

/// Standard normal columns, each of x correlated by 0.6 with its own of y.
pub(super) fn correlated(n: usize, dims: usize) -> (Columns, Columns) {
    let mut normals = Normals::new((n + dims) as u64);
    let x: Columns = (0..dims).map(|_| normals.column(n)).collect();
    let y = x.iter().map(|x| x.iter().map(|x| 0.6 * x + 0.8 * normals.draw()).collect()).collect();
    (x, y)
}

/// Fair coins, `n` + 1 rows of [time][unit].
pub(super) fn coins(units: usize, n: usize, index: u64) -> Vec<Vec<bool>> {
    let mut rng = stream(1, "bench/coins", index);
    let mut row = || (0..units).map(|_| rng.next_u32() >> 31 == 1).collect();
    (0..=n).map(|_| row()).collect()
}

/// tanh of sums of inputs, one direction of input for each class, so that classes are apart but overlap.
pub(super) fn layer(rows: usize, units: usize, classes: usize) -> Labelled {
    let mut normals = Normals::new((rows * units) as u64);
    let centres: Columns = (0..classes).map(|_| normals.column(units)).collect();
    let labels: Vec<u32> = (0..rows).map(|row| (row * 7 % classes) as u32).collect();
    let unit = |centre: f64, noise: f64| (0.7 * centre + 0.5 * noise).tanh() as f32;
    let row = |label: &u32| centres[*label as usize].iter().map(|centre| unit(*centre, normals.draw())).collect();
    let values: Vec<Vec<f32>> = labels.iter().map(row).collect();
    Labelled { values: values.concat(), units, labels, classes }
}

/// A ring: each series follows its own past and that of the one before it.
pub(super) fn ring(series: usize, rows: usize) -> Columns {
    let mut normals = Normals::new(3);
    let mut state = vec![0.0; series];
    let mut columns = vec![Vec::with_capacity(rows); series];
    for _ in 0..rows {
        let before = state.clone();
        for (place, state) in state.iter_mut().enumerate() {
            *state = 0.5 * *state + 0.4 * before[(place + series - 1) % series] + normals.draw();
            columns[place].push(*state);
        }
    }
    columns
}
