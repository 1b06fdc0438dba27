//! Closed forms, samples and bad input.

use infoplane_spec::stream;

use super::cholesky::Matrix;
use super::conditioned::of_covariance;
use super::test_data::{mean_and_error, normals};
use super::*;
use crate::{Embedding, History, Information, Note, ais, cmi, cte, entropy, mi, te};

/// Lagged covariances of `x_t = A x_{t−1} + e` with errors of covariance S: Γ(0), Γ(1) = A Γ(0), Γ(2) = A Γ(1) …
struct Process {
    dim: usize,
    lagged: Vec<Vec<f64>>,
}

fn times(a: &[f64], b: &[f64], dim: usize) -> Vec<f64> {
    let at = |i: usize, j: usize| (0..dim).map(|k| a[i * dim + k] * b[k * dim + j]).sum();
    (0..dim * dim).map(|place| at(place / dim, place % dim)).collect()
}

fn turned(a: &[f64], dim: usize) -> Vec<f64> {
    (0..dim * dim).map(|place| a[place % dim * dim + place / dim]).collect()
}

impl Process {
    fn new(a: &[f64], errors: &[f64], dim: usize, lags: usize) -> Self {
        // Γ(0) = Σ Aⁱ S Aⁱᵀ, by doubling
        let (mut sum, mut power) = (errors.to_vec(), a.to_vec());
        for _ in 0..10 {
            let next = times(&times(&power, &sum, dim), &turned(&power, dim), dim);
            sum.iter_mut().zip(next).for_each(|(sum, next)| *sum += next);
            power = times(&power, &power, dim);
        }
        let mut lagged = vec![sum];
        for lag in 0..lags {
            lagged.push(times(a, &lagged[lag], dim));
        }
        Self { dim, lagged }
    }

    /// Cov(series i at time s, series j at time t).
    fn covariance(&self, (i, s): (usize, usize), (j, t): (usize, usize)) -> f64 {
        match s >= t {
            true => self.lagged[s - t][i * self.dim + j],
            false => self.lagged[t - s][j * self.dim + i],
        }
    }

    /// The covariance of the given values (series, time).
    fn of(&self, values: &[(usize, usize)]) -> Matrix {
        let entries = values.iter().flat_map(|&a| values.iter().map(move |&b| self.covariance(a, b)));
        Matrix { width: values.len(), values: entries.collect() }
    }

    fn te(&self, source: usize, target: usize, (k, l): (usize, usize), conditional: Option<usize>) -> f64 {
        let now = k.max(l);
        let mut values: Vec<(usize, usize)> = (1..=l).map(|lag| (source, now - lag)).collect();
        values.push((target, now));
        values.extend((1..=k).map(|lag| (target, now - lag)));
        values.extend(conditional.map(|series| (series, now - 1)));
        of_covariance(&self.of(&values), [l, 1, values.len() - l - 1])
    }
}

fn is(got: f64, truth: f64) {
    assert!((got - truth).abs() < 6e-11, "{got} instead of {truth}");
}

#[test]
fn transfer_of_autoregressive_processes_from_their_covariance() {
    let process = Process::new(&[0.5, 0.0, 0.4, 0.6], &[1.0, 0.0, 0.0, 1.0], 2, 5);
    for (histories, truth) in
        [((1, 1), 0.0922801637), ((2, 1), 0.0920485546), ((2, 2), 0.0920485546), ((5, 5), 0.0920003646)]
    {
        is(process.te(0, 1, histories, None), truth);
        is(process.te(1, 0, histories, None), 0.0);
    }
    let process = Process::new(&[0.9, -0.2, 0.3, 0.5], &[1.0, 0.3, 0.3, 0.7], 2, 1);
    is(process.te(0, 1, (1, 1), None), 0.1007686826);
    is(process.te(1, 0, (1, 1), None), 0.0219641071);
}

#[test]
fn a_chain_passes_on_what_its_middle_explains() {
    let identity = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    let process = Process::new(&[0.5, 0.0, 0.0, 0.6, 0.3, 0.0, 0.0, 0.7, 0.4], &identity, 3, 3);
    for (history, truth) in [(1, 0.0182965257), (2, 0.0804871746), (3, 0.0827375780)] {
        is(process.te(0, 2, (history, history), None), truth);
    }
    is(process.te(0, 2, (1, 1), Some(1)), 0.0);
}

#[test]
fn storage_and_white_sources_have_closed_forms() {
    // AIS of AR(1): −½ ln(1 − a²); variance 1/(1 − a²)
    let a: f64 = 0.6;
    let variance = 1.0 / (1.0 - a * a);
    let storage = Matrix { width: 2, values: vec![variance, a * variance, a * variance, variance] };
    is(of_covariance(&storage, [1, 1, 0]), -0.5 * (1.0 - a * a).ln());
    // y' = b x + σ e: ½ ln(1 + b²/σ²), whatever y⁻
    let (b, sigma): (f64, f64) = (0.7, 0.3);
    let y = b * b + sigma * sigma;
    let white = Matrix { width: 3, values: vec![1.0, b, 0.0, b, y, 0.0, 0.0, 0.0, y] };
    is(of_covariance(&white, [1, 1, 1]), 0.5 * (1.0 + b * b / (sigma * sigma)).ln());
}

#[test]
fn equally_correlated_blocks_have_known_information() {
    for (d, truth) in [(2, 0.293893), (3, 0.413339), (5, 0.592812), (25, 1.292184)] {
        let width = 2 * d;
        let values = (0..width * width).map(|place| if place % (width + 1) == 0 { 1.0 } else { 0.5 }).collect();
        let got = of_covariance(&Matrix { width, values }, [d, d, 0]);
        assert!((got - truth).abs() < 6e-7, "{d}: {got}");
    }
}

#[test]
fn linear_layers_with_noise_have_known_information() {
    let w = [[1.0, 0.5], [0.0, 2.0], [1.0, -1.0]];
    for (noise, bits) in [(1.0, 2.104727), (0.1, 5.050660), (0.01, 8.327723)] {
        let mut covariance = Matrix::zeros(5, 5);
        (0..2).for_each(|i| *covariance.at_mut(i, i) = 1.0);
        for (t, row) in w.iter().enumerate() {
            for (i, weight) in row.iter().enumerate() {
                *covariance.at_mut(2 + t, i) = *weight;
                *covariance.at_mut(i, 2 + t) = *weight;
            }
            for (u, other) in w.iter().enumerate() {
                let signal: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
                *covariance.at_mut(2 + t, 2 + u) = signal + if t == u { noise } else { 0.0 };
            }
        }
        let got = of_covariance(&covariance, [2, 3, 0]) / std::f64::consts::LN_2;
        assert!((got - bits).abs() < 6e-7, "{noise}: {got}");
    }
}

/// The two series of `x_t = A x_{t−1} + e`, errors independent, variance 1.
fn simulated(a: [f64; 4], rows: usize, seed: u64) -> [Vec<f64>; 2] {
    let errors = normals(&mut stream(seed, "test/gaussian", 0), 2 * (rows + 100));
    let mut now = [0.0; 2];
    let series: Vec<[f64; 2]> = errors
        .chunks_exact(2)
        .map(|e| {
            now = [a[0] * now[0] + a[1] * now[1] + e[0], a[2] * now[0] + a[3] * now[1] + e[1]];
            now
        })
        .collect();
    [0, 1].map(|i| series[100..].iter().map(|values| values[i]).collect())
}

#[test]
fn samples_of_processes_agree_with_their_covariance() {
    let truths = [(1, 1, 0.0922801637), (2, 2, 0.0920485546)];
    for (k, l, truth) in truths {
        let embedding = Embedding { k, l, ..Embedding::default() };
        let forth = |seed| {
            let [x, y] = simulated([0.5, 0.0, 0.4, 0.6], 3000, seed);
            let (x, y) = (Samples::real(&x, 1).unwrap(), Samples::real(&y, 1).unwrap());
            te(&Gaussian { corrected: true }, &x, &y, &embedding).unwrap().nats
        };
        let (mean, error) = mean_and_error(&(0..60).map(forth).collect::<Vec<_>>());
        assert!((mean - truth).abs() < 3.0 * error, "{mean} ± {error} for {truth}");
    }
}

#[test]
fn independent_series_show_the_floor_and_its_law() {
    let ask = |seed| {
        let [x, y] = simulated([0.5, 0.0, 0.0, 0.6], 400, seed);
        te(&Gaussian::default(), &Samples::real(&x, 1).unwrap(), &Samples::real(&y, 1).unwrap(), &Embedding::default())
            .unwrap()
    };
    let estimates: Vec<Estimate> = (0..300).map(ask).collect();
    let excess: Vec<f64> = estimates.iter().map(|e| e.nats - e.floor.unwrap()).collect();
    let (mean, error) = mean_and_error(&excess);
    assert!(mean.abs() < 3.0 * error, "{mean} ± {error}");
    let below = estimates.iter().filter(|e| e.p().unwrap() < 0.1).count();
    assert!((15..=45).contains(&below), "{below} of 300 below 0.1");
}

#[test]
fn gaussian_dropout_is_normal_given_its_input() {
    // T = D·f(x), f = 2x + ½, D ~ N(1, σ²): ln|T| is no help to a covariance, so h(T|X) = E ln(σ|f|√(2πe)) is the test
    // of the entropies alone: at fixed x the law of T is normal with standard deviation σ|f(x)|.
    let d = normals(&mut stream(3, "test/dropout", 0), 20_000);
    for (x, sigma) in [(0.3, 0.1), (-1.2, 0.4)] {
        let f: f64 = 2.0 * x + 0.5;
        let t: Vec<f64> = d.iter().map(|d| (1.0 + sigma * d) * f).collect();
        let got = entropy(&Gaussian::default(), &Samples::real(&t, 1).unwrap()).unwrap().nats;
        let truth = (sigma * f.abs()).ln() + 0.5 * (1.0 + std::f64::consts::TAU.ln());
        let error = (0.5 / t.len() as f64).sqrt();
        assert!((got - truth).abs() < 3.0 * error, "{got} for {truth}");
    }
}

#[test]
fn linear_maps_change_nothing_and_offsets_lose_no_digits() {
    let [x, y] = simulated([0.5, 0.1, 0.4, 0.6], 500, 1);
    let ask = |x: &[f64], y: &[f64]| {
        te(&Gaussian::default(), &Samples::real(x, 1).unwrap(), &Samples::real(y, 1).unwrap(), &Embedding::default())
            .unwrap()
            .nats
    };
    let plain = ask(&x, &y);
    for (factor, offset, digits) in [(-3.0, 0.0, 1e-14), (1e-160, 0.0, 1e-14), (1.0, 1e8, 1e-9), (1e300, 0.0, 1e-14)] {
        let moved: Vec<f64> = x.iter().map(|value| factor * value + offset).collect();
        assert!((ask(&moved, &y) - plain).abs() < digits, "{factor}, {offset}: {}", ask(&moved, &y) - plain);
    }
    // whole numbers keep every digit at 1e8, so the value keeps all of its own
    let steps = |series: &[f64], offset: f64| series.iter().map(|v| (v * 1000.0).round() + offset).collect::<Vec<_>>();
    assert_eq!(ask(&steps(&x, 0.0), &steps(&y, 0.0)), ask(&steps(&x, 1e8), &steps(&y, 1e8)));
}

#[test]
fn dependent_columns_are_dropped_and_named() {
    let [x, y] = simulated([0.5, 0.0, 0.4, 0.6], 300, 2);
    let row = |i: usize| [x[i], y[i], x[i] - 2.0 * y[i]];
    let z: Vec<f64> = (0..300).flat_map(row).collect();
    let noise = normals(&mut stream(2, "test/other", 0), 600);
    let other = noise[..300].to_vec();
    let w: Vec<f64> = (0..300).map(|i| x[i] + y[i] + other[i] + noise[300 + i]).collect();
    let [other, w] = [&other, &w].map(|column| Samples::real(column, 1).unwrap());
    let (three, two) = (Samples::real(&z, 3).unwrap(), {
        let columns: Vec<f64> = (0..300).flat_map(|i| [x[i], y[i]]).collect();
        columns
    });
    let two = Samples::real(&two, 2).unwrap();
    let gaussian = Gaussian::default();
    let (more, less) = (cmi(&gaussian, &other, &w, &three).unwrap(), cmi(&gaussian, &other, &w, &two).unwrap());
    assert_eq!((more.dropped, less.dropped), (vec!["z[2]".to_owned()], vec![]));
    assert!((more.nats - less.nats).abs() < 1e-12);
    // what z explains wholly tells nothing more
    let known = cmi(&gaussian, &other, &Samples::real(&x, 1).unwrap(), &three).unwrap();
    assert_eq!(
        (known.nats, known.dof, known.dropped.as_slice()),
        (0.0, Some(0.0), ["z[2]".to_owned(), "y[0]".to_owned()].as_slice())
    );
    let more = entropy(&gaussian, &three).unwrap();
    assert_eq!(more.dropped, ["x[2]"]);
}

#[test]
fn a_linear_function_has_infinite_information() {
    let [x, _] = simulated([0.5, 0.0, 0.4, 0.6], 100, 2);
    let y: Vec<f64> = x.iter().map(|value| 3.0 - 0.1 * value).collect();
    let estimate = mi(&Gaussian::default(), &Samples::real(&x, 1).unwrap(), &Samples::real(&y, 1).unwrap()).unwrap();
    assert_eq!((estimate.nats, estimate.notes.as_slice()), (f64::INFINITY, [Note::Infinite].as_slice()));
    assert_eq!((estimate.local, estimate.dof.map(|_| ())), (None, Some(())));
}

#[test]
fn local_terms_average_to_the_value_and_are_log_ratios() {
    let [x, y] = simulated([0.5, 0.2, 0.4, 0.6], 1300, 4);
    let (sx, sy) = (Samples::real(&x, 1).unwrap(), Samples::real(&y, 1).unwrap());
    for corrected in [false, true] {
        let gaussian = Gaussian { corrected };
        let embedding = Embedding { k: 2, l: 3, ..Embedding::default() };
        for estimate in [te(&gaussian, &sx, &sy, &embedding).unwrap(), entropy(&gaussian, &sx).unwrap()] {
            let local = estimate.local.unwrap();
            assert!((local.iter().sum::<f64>() / estimate.n as f64 - estimate.nats).abs() < 1e-13);
        }
    }
    // two variables: ln p(x,y)/p(x)p(y) by hand
    let estimate = mi(&Gaussian::default(), &sx, &sy).unwrap();
    let (a, b) = (Centred::new("x", &[x]).unwrap(), Centred::new("y", &[y]).unwrap());
    let r = a.correlations(&b).at(0, 0);
    let white = |c: &Centred, i: usize| c.columns[0][i] / c.norms[0] * (1299.0_f64).sqrt();
    for i in [0, 511, 512, 1299] {
        let (u, v) = (white(&a, i), white(&b, i));
        let quadratic = (u * u - 2.0 * r * u * v + v * v) / (1.0 - r * r) - u * u - v * v;
        let truth = -0.5 * (1.0 - r * r).ln() - 0.5 * quadratic;
        assert!((estimate.local.as_ref().unwrap()[i] - truth).abs() < 1e-12);
    }
}

#[test]
fn corrections_obey_the_chain_rule() {
    let data = normals(&mut stream(8, "test/chain", 0), 3 * 200);
    let column = |i: usize| data.chunks(3).map(|row| row[i] + 0.5 * row[0]).collect::<Vec<f64>>();
    let both: Vec<f64> = (0..200).flat_map(|t| [column(0)[t], column(2)[t]]).collect();
    let (x, y, z) = (column(0), column(1), column(2));
    let [x, y, z] = [&x, &y, &z].map(|column| Samples::real(column, 1).unwrap());
    let both = Samples::real(&both, 2).unwrap();
    let gaussian = Gaussian { corrected: true };
    let parts = mi(&gaussian, &z, &y).unwrap().nats + cmi(&gaussian, &x, &y, &z).unwrap().nats;
    assert!((mi(&gaussian, &both, &y).unwrap().nats - parts).abs() < 1e-13);
    let h = |samples: &Samples| entropy(&gaussian, samples).unwrap().nats;
    let xy = x.beside(&y).unwrap();
    assert!((h(&x) + h(&y) - h(&xy) - mi(&gaussian, &x, &y).unwrap().nats).abs() < 1e-13);
}

#[test]
fn surrogates_are_estimates_of_moved_rows() {
    let [x, y] = simulated([0.5, 0.2, 0.4, 0.6], 120, 5);
    let z: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x * y + x).collect();
    let [x, y, z] = [&x, &y, &z].map(|column| Samples::real(column, 1).unwrap());
    let gaussian = Gaussian::default();
    let prepared = gaussian.prepare(&y, &z).unwrap();
    let orders: Vec<Vec<u32>> = [7_u32, 31].iter().map(|shift| (0..120).map(|i| (i + shift) % 120).collect()).collect();
    for (order, got) in orders.iter().zip(prepared.reordered(&x, &orders).unwrap()) {
        let moved = x.select(order.iter().map(|&row| row as usize));
        let truth = cmi(&gaussian, &moved, &y, &z).unwrap();
        assert!((got - truth.nats).abs() < 1e-14);
        assert_eq!(prepared.several(&[moved]).unwrap()[0].nats, truth.nats);
    }
}

#[test]
fn bad_input_is_refused_by_name() {
    let column: Vec<f64> = (0..20).map(|i| f64::from(i * i % 7)).collect();
    let other: Vec<f64> = (0..20).map(|i| f64::from(i * i % 11)).collect();
    let (x, y, none) = (Samples::real(&column, 1).unwrap(), Samples::real(&other, 1).unwrap(), Samples::empty(20));
    let gaussian = Gaussian::default();
    let constant = [2.5; 20];
    let constant = Samples::real(&constant, 1).unwrap();
    for (x, y, z, argument) in [(&constant, &y, &none, "x"), (&x, &constant, &none, "y"), (&x, &y, &constant, "z")] {
        assert_eq!(gaussian.cmi(x, y, z).unwrap_err(), Error::Constant { argument, column: 0 });
    }
    let symbols = [0, 1].repeat(10);
    let symbols = Samples::symbols(&symbols, 1).unwrap();
    assert!(matches!(gaussian.cmi(&x, &symbols, &none), Err(Error::Kind { argument: "y", got: "symbols", .. })));
    assert!(matches!(gaussian.cmi(&none, &y, &none), Err(Error::NoColumns { argument: "x" })));
    let short = x.select(0..5);
    assert!(matches!(gaussian.cmi(&short, &y, &none), Err(Error::Lengths { argument: "x", got: 5, wanted: 20, .. })));
    let wide: Vec<f64> =
        (0..20).flat_map(|i| (0..19).map(move |j| f64::from((i * i * (j + 1) + j * j) % 101))).collect();
    let wide = Samples::real(&wide, 19).unwrap();
    assert!(matches!(gaussian.cmi(&x, &y, &wide), Err(Error::TooShort { got: 20, wanted: 23, .. })));
    assert!(crate::estimator("gaussian:bias=some").is_err());
}

#[test]
fn a_driver_explains_what_its_followers_share() {
    let drive = normals(&mut stream(1, "test/driver", 0), 2000);
    let noise = normals(&mut stream(1, "test/driver", 1), 4000);
    let follow = |lag: usize, own: usize| -> Vec<f64> {
        (0..2000).map(|t| drive[t.max(lag) - lag] + 0.5 * noise[own * 2000 + t]).collect()
    };
    let (x, y) = (follow(0, 0), follow(1, 1));
    let [x, y, d] = [&x, &y, &drive].map(|column| Samples::real(column, 1).unwrap());
    let plain = te(&Gaussian::default(), &x, &y, &Embedding::default()).unwrap();
    let left = cte(&Gaussian::default(), &x, &y, &[(&d, History::default())], &Embedding::default()).unwrap();
    assert!(plain.p().unwrap() < 1e-12 && left.p().unwrap() > 1e-3 && left.nats < 0.01 * plain.nats);
    let storage = ais(&Gaussian::default(), &d, History::default()).unwrap();
    assert!(storage.p().unwrap() > 1e-3);
}
