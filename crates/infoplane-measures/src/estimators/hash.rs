//! `hash`: rows in cells of randomly shifted grids, counted by their hashes, over several widths whose biases cancel.
//!
//! ```text
//! cell of row i in a column = ⌊(x_i − mean)/(sd·ε) + b⌋,   ε = width · t · N^(−1/2d),   0 ≤ b < 1
//! I_t(X; Y|Z) = (1/N) Σ_i ln [ n_xyz n_z / (n_xz n_yz) ] + (k_xz + k_yz − k_xyz − k_z)/(2N)
//! I = Σ_t w_t I_t       with Σ w_t = 1,  Σ w_t t² = 0,  Σ w_t t^(−d) = 0,  Σ w_t² smallest
//! ```
//! n are rows in the row's joint cells, k occupied cells, d the columns of x, y and z together; t takes 6 values from 1
//! to 2, each with several shifts b, the same in all columns. Unit: nats. Local terms are weighted likewise.
//!
//! A cell smooths the density, by ε² where it is smooth, and few rows in a cell add a bias that grows as ε^(−d); the
//! second sum (Miller–Madow) takes most of the latter, the weights cancel what is left of both. Time and memory are
//! linear in N. A hash table compares whole keys, so cells never collide; the counts are exact.
//!
//! **Fails** with many columns: cells then hold a row each or all rows. Weights of both signs make it noisier than
//! neighbours, and values below 0 do occur. Edges of a density cost terms in ε that the weights do not cancel (−0.09
//! nats for uniform noise at N = 40,000).
//!
//! Parameters: `width` of the narrowest cell; `shifts` for each width; `seed` of the shifts.
//!
//! Reference: M. Noshad, Y. Zeng, A. O. Hero, arXiv:1801.09125, doi:10.1109/ICASSP.2019.8683351.
//!
//! ```
//! use infoplane_measures::{Hash, Samples, mi};
//!
//! // y is x and as much again that has nothing to do with it.
//! let x: Vec<f64> = (0..3000).map(|t| f64::from(t * 1009 % 3001)).collect();
//! let y: Vec<f64> = (0..3000).map(|t| x[t] + f64::from((t as i32 * 1223) % 3001)).collect();
//! let found = mi(&Hash::default(), &Samples::real(&x, 1)?, &Samples::real(&y, 1)?)?;
//! assert!((found.nats - 0.5).abs() < 0.1); // ε − ln 2ε at ε = ½
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use std::sync::OnceLock;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError, stream};
use rand_core::Rng;

use super::ties::refuse_constant;
use super::{Laws, Method, Registered, Takes};
use crate::measures::observed;
use crate::special::n_ln_n;
use crate::{Error, Estimate, Information, Prepared, Result, Samples};

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "hash",
        summary: "counts in randomly shifted cells of several widths, weighted so that their biases cancel; linear time",
        citation: "Noshad et al. 2019, arXiv:1801.09125",
        parameters: &[
            Parameter {
                key: "width",
                default: Some("2"),
                summary: "narrowest cell in sd·N^(−1/2d), d columns in all; 0.05 to 1000",
            },
            Parameter { key: "shifts", default: Some("4"), summary: "shifted grids for each width, 1 to 1000" },
            Parameter { key: "seed", default: Some("0"), summary: "seed of the shifts" },
        ],
        build: |arguments| Ok(Method::Information(Box::new(Hash::from_arguments(arguments)?))),
    },
    takes: Takes::Real,
    scaled: false,
    validity: "smooth densities, thousands of rows, three or four columns in all at most; noisier than neighbours",
    laws: Laws {
        independence: Some(8.0),
        gaussian: Some(15.0),
        chain: Some(12.0),
        why: "widths follow from the number of columns, so that biases of some hundredths of a nat do not cancel",
        ..Laws::SHANNON
    },
};

/// t of the widths.
const WIDTHS: [f64; 6] = [1.0, 1.148_698, 1.319_508, 1.515_717, 1.741_101, 2.0];

/// Counts in shifted cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hash {
    /// Width of the narrowest cells, in standard deviations of the column times N^(−1/2d).
    pub width: f64,
    /// Shifted grids for each width.
    pub shifts: u32,
    /// Seed of the shifts.
    pub seed: u64,
}

impl Default for Hash {
    fn default() -> Self {
        Self { width: 2.0, shifts: 4, seed: 0 }
    }
}

impl Hash {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        Ok(Self {
            width: arguments.check("width", "a number from 0.05 to 1000", |width| (0.05..=1000.0).contains(width))?,
            shifts: arguments.check("shifts", "a whole number from 1 to 1000", |shifts| (1..=1000).contains(shifts))?,
            seed: arguments.parse("seed", "a whole number from 0")?,
        })
    }

    /// Every grid for so many rows and columns, with its weight. Shifts divide a cell evenly but for a random part.
    fn grids(&self, rows: usize, columns: usize) -> Vec<Grid> {
        let finest = self.width * (rows as f64).powf(-0.5 / columns as f64);
        let weights = weights(columns as f64);
        let shifts = f64::from(self.shifts);
        let grid = |place: usize, shift: u32| {
            let index = place as u64 * u64::from(self.shifts) + u64::from(shift);
            let random = stream(self.seed, "hash", index).next_u64() as f64 * (-64.0_f64).exp2();
            Grid {
                cells: 1.0 / (finest * WIDTHS[place]),
                shift: (f64::from(shift) + random) / shifts,
                weight: weights[place] / shifts,
            }
        };
        (0..WIDTHS.len()).flat_map(|place| (0..self.shifts).map(move |shift| grid(place, shift))).collect()
    }
}

/// Weights of the widths for d columns: of those that fulfil the three conditions the shortest vector.
fn weights(columns: f64) -> [f64; WIDTHS.len()] {
    let conditions = [0.0, 2.0, -columns].map(|power| WIDTHS.map(|t| t.powf(power)));
    let product = |a: &[f64; WIDTHS.len()], b: &[f64; WIDTHS.len()]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    // Gram–Schmidt from the last condition to the first: what is orthogonal to the others, scaled to sum 1
    let [ones, squares, inverse] = conditions;
    let less = |a: [f64; WIDTHS.len()], b: &[f64; WIDTHS.len()]| {
        let share = product(&a, b) / product(b, b);
        std::array::from_fn::<f64, { WIDTHS.len() }, _>(|place| a[place] - share * b[place])
    };
    let squares = less(squares, &inverse);
    let direction = less(less(ones, &inverse), &squares);
    let sum: f64 = direction.iter().sum();
    direction.map(|value| value / sum)
}

/// One grid.
#[derive(Debug, Clone, Copy)]
struct Grid {
    /// Cells in a standard deviation.
    cells: f64,
    shift: f64,
    weight: f64,
}

/// Columns with mean 0 and standard deviation 1.
struct Standard(Vec<Vec<f64>>);

impl Standard {
    fn new(argument: &'static str, samples: &Samples) -> Result<Self> {
        let mut columns = samples.as_real(argument)?;
        for (place, column) in columns.iter_mut().enumerate() {
            refuse_constant(argument, place, column)?;
            standardise(column);
        }
        Ok(Self(columns))
    }

    /// Joins the cells of these columns to states that are there already.
    fn joined(&self, grid: Grid, states: &States) -> States {
        self.0.iter().fold(states.clone(), |states, column| states.join(column, grid))
    }
}

fn standardise(column: &mut [f64]) {
    let (n, first) = (column.len() as f64, column[0]);
    let mean = column.iter().map(|value| value - first).sum::<f64>() / n;
    for value in column.iter_mut() {
        *value = *value - first - mean;
    }
    let sd = (column.iter().map(|value| value * value).sum::<f64>() / (n - 1.0)).sqrt();
    for value in column.iter_mut() {
        *value /= sd;
    }
}

/// The joint cell of every row as a number, in order of arrival, and how many rows each has.
#[derive(Debug, Clone)]
struct States {
    ids: Vec<u32>,
    counts: Vec<u32>,
}

impl States {
    fn one(rows: usize) -> Self {
        Self { ids: vec![0; rows], counts: vec![rows as u32] }
    }

    fn join(&self, column: &[f64], grid: Grid) -> Self {
        let mut table = Table::default();
        let number = |(&id, &value): (&u32, &f64)| {
            // |value| < √N, so that cells are far fewer than 2³²
            let cell = (value * grid.cells + grid.shift).floor() as i32;
            table.number(u64::from(id) << 32 | u64::from(cell as u32))
        };
        let ids = self.ids.iter().zip(column).map(number).collect();
        Self { ids, counts: table.counts }
    }

    /// Σ n ln n, in an order that depends on no row.
    fn sum_n_ln_n(&self) -> f64 {
        let mut counts = self.counts.clone();
        counts.sort_unstable();
        counts.chunk_by(u32::eq).map(|equal| equal.len() as f64 * n_ln_n(f64::from(equal[0]))).sum()
    }
}

/// Numbers for keys in order of arrival, by open addressing; whole keys are compared. It grows with what it holds, as
/// cells are mostly far fewer than rows.
struct Table {
    /// Key and number + 1; 0 is an empty place. A power of 2 of them, at most half taken.
    places: Vec<(u64, u32)>,
    /// How often each number was asked for.
    counts: Vec<u32>,
}

impl Default for Table {
    fn default() -> Self {
        Self { places: vec![(0, 0); 256], counts: Vec::new() }
    }
}

impl Table {
    fn number(&mut self, key: u64) -> u32 {
        let mut place = self.place(key);
        if self.places[place].1 == 0 {
            if 2 * self.counts.len() >= self.places.len() {
                self.grow();
                place = self.place(key);
            }
            self.counts.push(0);
            self.places[place] = (key, self.counts.len() as u32);
        }
        let id = self.places[place].1 - 1;
        self.counts[id as usize] += 1;
        id
    }

    /// Where the key stands, or would.
    fn place(&self, key: u64) -> usize {
        let last = self.places.len() - 1;
        let shift = 64 - self.places.len().trailing_zeros();
        let mut place = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift) as usize;
        while self.places[place].1 != 0 && self.places[place].0 != key {
            place = (place + 1) & last;
        }
        place
    }

    fn grow(&mut self) {
        let larger = vec![(0, 0); 2 * self.places.len()];
        for (key, number) in std::mem::replace(&mut self.places, larger) {
            if number > 0 {
                let place = self.place(key);
                self.places[place] = (key, number);
            }
        }
    }
}

/// (y, z) in one grid.
struct Given {
    grid: Grid,
    z: States,
    yz: States,
}

impl Given {
    fn new(grid: Grid, y: &Standard, z: &Standard, rows: usize) -> Self {
        let z = z.joined(grid, &States::one(rows));
        let yz = y.joined(grid, &z);
        Self { grid, z, yz }
    }

    /// `I_t`, and the local terms if asked for, weighted and added up.
    fn add(&self, x: &Standard, total: &mut f64, local: Option<&mut Vec<f64>>) {
        let (xz, xyz) = (x.joined(self.grid, &self.z), x.joined(self.grid, &self.yz));
        let n = self.z.ids.len() as f64;
        let kinds = |states: &States| states.counts.len() as f64;
        let added = (kinds(&xz) + kinds(&self.yz) - kinds(&xyz) - kinds(&self.z)) / (2.0 * n);
        let sums = xyz.sum_n_ln_n() + self.z.sum_n_ln_n() - xz.sum_n_ln_n() - self.yz.sum_n_ln_n();
        *total += self.grid.weight * (sums / n + added);
        let Some(local) = local else { return };
        let of = |states: &States, row: usize| f64::from(states.counts[states.ids[row] as usize]);
        for (row, term) in local.iter_mut().enumerate() {
            let ratio = of(&xyz, row) * of(&self.z, row) / (of(&xz, row) * of(&self.yz, row));
            *term += self.grid.weight * (ratio.ln() + added);
        }
    }
}

/// Everything of (y, z), ready for any x.
struct Counted {
    hash: Hash,
    rows: usize,
    y: Standard,
    z: Standard,
    /// The grids for the number of columns that x has, which is the same for every x that is asked for.
    given: OnceLock<(usize, Vec<Given>)>,
}

impl Counted {
    fn new(hash: Hash, y: &Samples, z: &Samples) -> Result<Self> {
        observed("y", y)?;
        z.same_rows("z", y, "y")?;
        let (y_columns, z_columns) = (Standard::new("y", y)?, Standard::new("z", z)?);
        Ok(Self { hash, rows: y.rows(), y: y_columns, z: z_columns, given: OnceLock::new() })
    }

    fn standard(&self, x: &Samples) -> Result<Standard> {
        observed("x", x)?;
        match x.rows() == self.rows {
            true => Standard::new("x", x),
            false => Err(Error::Lengths { argument: "x", got: x.rows(), other: "y", wanted: self.rows }),
        }
    }

    /// The grids for x with so many columns, one at a time.
    fn grids(&self, dim: usize) -> impl Iterator<Item = Given> {
        let columns = dim + self.y.0.len() + self.z.0.len();
        self.hash.grids(self.rows, columns).into_iter().map(|grid| Given::new(grid, &self.y, &self.z, self.rows))
    }

    fn value(&self, x: &Standard) -> f64 {
        let (dim, given) = self.given.get_or_init(|| (x.0.len(), self.grids(x.0.len()).collect()));
        let mut total = 0.0;
        match *dim == x.0.len() {
            true => given.iter().for_each(|given| given.add(x, &mut total, None)),
            false => self.grids(x.0.len()).for_each(|given| given.add(x, &mut total, None)),
        }
        total
    }
}

impl Information for Hash {
    fn cmi(&self, x: &Samples, y: &Samples, z: &Samples) -> Result<Estimate> {
        Counted::new(*self, y, z)?.cmi(x)
    }

    fn prepare<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        Ok(Box::new(Counted::new(*self, y, z)?))
    }
}

impl Prepared for Counted {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        let x = self.standard(x)?;
        let (mut nats, mut local) = (0.0, vec![0.0; self.rows]);
        self.grids(x.0.len()).for_each(|given| given.add(&x, &mut nats, Some(&mut local)));
        Ok(Estimate { nats, n: self.rows, local: Some(local), ..Estimate::default() })
    }

    fn several(&self, xs: &[Samples]) -> Result<Vec<Estimate>> {
        let one =
            |x: &Samples| Ok(Estimate { nats: self.value(&self.standard(x)?), n: self.rows, ..Estimate::default() });
        xs.iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimators::gaussian::test_data::{mean_and_error, normals};
    use crate::{Embedding, cmi, mi, te};

    fn pair(rho: f64, rows: usize, seed: u64) -> [Samples<'static>; 2] {
        let numbers = normals(&mut stream(seed, "test/hash", 0), 2 * rows);
        let (x, e) = numbers.split_at(rows);
        let y: Vec<f64> = x.iter().zip(e).map(|(x, e)| rho * x + (1.0 - rho * rho).sqrt() * e).collect();
        [x, &y].map(|column| Samples::real(column, 1).unwrap().into_owned())
    }

    #[test]
    fn weights_fulfil_their_conditions() {
        for columns in [2.0, 3.0, 7.0, 30.0] {
            let weights = weights(columns);
            let sum = |power: f64| weights.iter().zip(WIDTHS).map(|(w, t)| w * t.powf(power)).sum::<f64>();
            assert!((sum(0.0) - 1.0).abs() < 1e-12 && sum(2.0).abs() < 1e-10 && sum(-columns).abs() < 1e-10);
            assert!(weights.iter().map(|w| w * w).sum::<f64>() < 60.0, "{weights:?}");
        }
    }

    #[test]
    fn joint_cells_are_those_of_the_columns() {
        let column = |step: usize| (0..500).map(|i| ((i * step) % 97) as f64 / 10.0).collect::<Vec<f64>>();
        let (a, b) = (column(13), column(31));
        let grid = Grid { cells: 1.7, shift: 0.3, weight: 1.0 };
        let states = States::one(500).join(&a, grid).join(&b, grid);
        let cell = |value: f64| (value * 1.7 + 0.3).floor();
        for (i, j) in (0..500).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let same = cell(a[i]) == cell(a[j]) && cell(b[i]) == cell(b[j]);
            assert_eq!(states.ids[i] == states.ids[j], same);
        }
        assert_eq!(states.counts.iter().sum::<u32>(), 500);
    }

    #[test]
    fn normal_pairs_have_the_information_of_their_correlation() {
        for (rho, rows, slack) in [(0.0, 2000, 0.004), (0.6, 2000, 0.008), (0.9, 2000, 0.02)] {
            let truth = -0.5 * (1.0_f64 - rho * rho).ln();
            let ask = |seed| {
                let [x, y] = pair(rho, rows, seed);
                mi(&Hash::default(), &x, &y).unwrap().nats
            };
            let (mean, error) = mean_and_error(&(0..40).map(ask).collect::<Vec<_>>());
            // the remaining bias shrinks with N; at 2,000 rows it stays below `slack`
            assert!((mean - truth).abs() < 3.0 * error + slack, "{rho}: {mean} ± {error} for {truth}");
        }
    }

    #[test]
    fn conditions_are_taken_into_account() {
        let ask = |seed| {
            let numbers = normals(&mut stream(seed, "test/hash/given", 0), 3 * 3000);
            let column = |f: fn(&[f64]) -> f64| numbers.chunks(3).map(f).collect::<Vec<f64>>();
            let (x, y, z) = (column(|r| r[0] + r[2]), column(|r| r[1] + r[2]), column(|r| r[2]));
            let [x, y, z] = [&x, &y, &z].map(|column| Samples::real(column, 1).unwrap());
            [mi(&Hash::default(), &x, &y).unwrap().nats, cmi(&Hash::default(), &x, &y, &z).unwrap().nats]
        };
        let answers: Vec<[f64; 2]> = (0..20).map(ask).collect();
        let [alone, given] = [0, 1].map(|i| mean_and_error(&answers.iter().map(|a| a[i]).collect::<Vec<_>>()).0);
        let truth = -0.5 * (1.0_f64 - 0.25).ln();
        assert!((alone - truth).abs() < 0.02 && given.abs() < 0.02, "{alone} for {truth}, {given} for 0");
    }

    #[test]
    fn sharp_edges_cost_less_the_more_rows_there_are() {
        // Y = X + U(−ε, ε), X ~ U(0, 1), ε = 0.2: ε − ln 2ε
        let truth = 0.2 - 0.4_f64.ln();
        let error = |rows: usize| {
            let mut rng = stream(3, "test/hash", rows as u64);
            let mut uniform = || rng.next_u64() as f64 * (-64.0_f64).exp2();
            let x: Vec<f64> = (0..rows).map(|_| uniform()).collect();
            let y: Vec<f64> = x.iter().map(|x| x + 0.4 * uniform() - 0.2).collect();
            mi(&Hash::default(), &Samples::real(&x, 1).unwrap(), &Samples::real(&y, 1).unwrap()).unwrap().nats - truth
        };
        // the error is proportional to ε, which falls as N^(−1/4): 8 times the rows leave 8^(−1/4) = 0.59 of it
        let (few, many) = (error(5000), error(40_000));
        assert!(few < 0.0 && (many / few - 0.59).abs() < 0.15, "{few} and {many}");
    }

    #[test]
    fn shifts_follow_from_the_seed_and_scale_from_the_data() {
        let [x, y] = pair(0.6, 400, 1);
        let ask = |seed, x: &Samples| mi(&Hash { seed, ..Hash::default() }, x, &y).unwrap().nats;
        assert_eq!(ask(0, &x), ask(0, &x));
        assert_ne!(ask(0, &x), ask(1, &x));
        let stretched: Vec<f64> = x.columns()[0].iter().map(|value| 8.0 * value).collect();
        assert_eq!(ask(0, &x), ask(0, &Samples::real(&stretched, 1).unwrap()));
        assert_eq!(mi(&Hash::default(), &x, &y).unwrap().nats, mi(&Hash::default(), &y, &x).unwrap().nats);
    }

    #[test]
    fn local_terms_average_and_prepared_answers_agree() {
        let [x, y] = pair(0.6, 700, 2);
        let estimate = te(&Hash::default(), &x, &y, &Embedding::default()).unwrap();
        let mean = estimate.local.unwrap().iter().sum::<f64>() / 699.0;
        assert!((mean - estimate.nats).abs() < 1e-12);
        let (hash, none) = (Hash::default(), Samples::empty(700));
        let prepared = hash.prepare(&y, &none).unwrap();
        let wide = x.beside(&y).unwrap();
        for x in [&x, &wide, &x] {
            assert_eq!(
                prepared.several(std::slice::from_ref(x)).unwrap()[0].nats,
                hash.cmi(x, &y, &none).unwrap().nats
            );
        }
    }

    #[test]
    fn bad_input_is_refused_by_name() {
        let [x, y] = pair(0.5, 30, 6);
        let (hash, none) = (Hash::default(), Samples::empty(30));
        let constant = [1.0; 30];
        let constant = Samples::real(&constant, 1).unwrap();
        assert_eq!(hash.cmi(&x, &constant, &none).unwrap_err(), Error::Constant { argument: "y", column: 0 });
        assert_eq!(hash.cmi(&constant, &y, &none).unwrap_err(), Error::Constant { argument: "x", column: 0 });
        assert!(matches!(hash.cmi(&x.select(0..9), &y, &none), Err(Error::Lengths { argument: "x", .. })));
        let symbols = Samples::symbols(&[1; 30], 1).unwrap();
        assert!(matches!(hash.cmi(&symbols, &y, &none), Err(Error::Kind { argument: "x", .. })));
        for spec in ["hash:0", "hash:shifts=0", "hash:seed=-1", "hash:width=nan"] {
            assert!(crate::estimator(spec).is_err(), "{spec}");
        }
    }
}
