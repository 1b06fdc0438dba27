//! What the counts of x, y and z say: the formulas of every plug-in measure here.
//!
//! ```text
//! TE  = Σ n/N ln[ n · n_z / (n_xz n_yz) ]                 nats; n = n_xyz, sums over cells that occur
//! TIE = Σ n/N [ n/n_xz − n_yz/n_z ]                       no unit
//! dof = Σ_z (r_x(z) − 1)(r_y(z) − 1)                      r = states of x (y) that occur with this z
//! floor of TE = dof/(2N),  of TIE = Σ_z (r_x(z) − 1) Σ_y q(1 − q)/N,  q = n_yz/n_z
//! ceiling of TE = H(y|z) = −Σ n_yz/N ln q,  of TIE = Σ n_yz/N (1 − q)
//! ```
//! In transfer entropy y is the target's next value, z its past, x the source's past. Cells are sorted by (z, y), then x.
//! A constant x or y gives ratios of exactly 1, hence exactly 0.

use crate::states::{Cell, States};

/// The target's side of all its pairs: y and z, without any x.
#[derive(Debug, Clone)]
pub(crate) struct Margins {
    /// Observations N.
    pub(crate) n: u32,
    /// The z of each (z, y) state; ascending.
    pub(crate) z_of: Vec<u32>,
    /// Rows of each (z, y) state.
    pub(crate) n_yz: Vec<u32>,
    /// Rows of each z.
    pub(crate) n_z: Vec<u32>,
}

impl Margins {
    /// From the joint states of z (first) and y, as [`States::join`] gives them.
    pub(crate) fn new(z: &States, zy: &[Cell]) -> Self {
        Self {
            n: z.ids.len() as u32,
            z_of: zy.iter().map(|cell| cell.a).collect(),
            n_yz: zy.iter().map(|cell| cell.n).collect(),
            n_z: z.counts(),
        }
    }

    /// `n_yz` and its share `q` of `n_z`, for the (z, y) states that occur.
    fn shares(&self) -> impl Iterator<Item = (f64, f64)> {
        let shares = self.n_yz.iter().zip(&self.z_of).filter(|(n, _)| **n > 0);
        shares.map(|(&n, &z)| (n as f64, n as f64 / self.n_z[z as usize] as f64))
    }

    /// H(y|z), nats.
    pub(crate) fn entropy(&self) -> f64 {
        // from 0, so that a constant gives 0 and not −0
        0.0 - self.shares().map(|(n, q)| n * q.ln()).sum::<f64>() / self.n as f64
    }

    /// The largest TIE: the share of y that z alone does not tell, in the sense of Gini.
    pub(crate) fn spread(&self) -> f64 {
        self.shares().map(|(n, q)| n * (1.0 - q)).sum::<f64>() / self.n as f64
    }
}

/// The counts of x with (z, y): `a` of a cell is the (z, y) state, `b` the state of x. Reused from pair to pair.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) cells: Vec<Cell>,
    /// `n_xz` of each cell.
    n_xz: Vec<u32>,
    of_x: Vec<u32>,
}

impl Table {
    /// Takes over the cells and sums them over y.
    pub(crate) fn fill(&mut self, cells: impl IntoIterator<Item = Cell>, x_kinds: usize, margins: &Margins) {
        self.cells.clear();
        self.cells.extend(cells);
        self.n_xz.clear();
        self.of_x.clear();
        self.of_x.resize(x_kinds, 0);
        let z = |cell: &Cell| margins.z_of[cell.a as usize];
        for slice in self.cells.chunk_by(|p, q| z(p) == z(q)) {
            for cell in slice {
                self.of_x[cell.b as usize] += cell.n;
            }
            self.n_xz.extend(slice.iter().map(|cell| self.of_x[cell.b as usize]));
            for cell in slice {
                self.of_x[cell.b as usize] = 0;
            }
        }
    }

    /// `ln[ n · n_z / (n_xz n_yz) ]` of each cell.
    pub(crate) fn log_ratios(&self, margins: &Margins) -> impl Iterator<Item = f64> {
        self.cells.iter().zip(&self.n_xz).map(|(cell, &n_xz)| {
            let (n_yz, n_z) = margins.of(cell);
            (cell.n as f64 * n_z / (n_xz as f64 * n_yz)).ln()
        })
    }

    /// I(x; y | z), nats.
    pub(crate) fn information(&self, margins: &Margins) -> f64 {
        let terms = self.log_ratios(margins).zip(&self.cells).map(|(ratio, cell)| cell.n as f64 * ratio);
        terms.sum::<f64>() / margins.n as f64
    }

    /// `n/n_xz − n_yz/n_z` of each cell.
    pub(crate) fn gains(&self, margins: &Margins) -> impl Iterator<Item = f64> {
        self.cells.iter().zip(&self.n_xz).map(|(cell, &n_xz)| {
            let (n_yz, n_z) = margins.of(cell);
            cell.n as f64 / n_xz as f64 - n_yz / n_z
        })
    }

    /// TIE, without a unit.
    pub(crate) fn tie(&self, margins: &Margins) -> f64 {
        let terms = self.gains(margins).zip(&self.cells).map(|(gain, cell)| cell.n as f64 * gain);
        terms.sum::<f64>() / margins.n as f64
    }

    /// Joint states of x and z that occur.
    pub(crate) fn xz_kinds(&self, margins: &Margins) -> usize {
        self.slices(margins).map(|slice| slice.x_kinds).sum()
    }

    /// Degrees of freedom, floors and the least expected count.
    pub(crate) fn law(&self, margins: &Margins) -> Law {
        let mut law = Law { dof: 0.0, tie_floor: 0.0, least_expected: f64::INFINITY };
        for slice in self.slices(margins) {
            let free = (slice.x_kinds - 1) as f64;
            law.dof += free * (slice.y_kinds - 1) as f64;
            law.tie_floor += free * slice.spread / margins.n as f64;
            if slice.x_kinds > 1 && slice.y_kinds > 1 {
                law.least_expected = law.least_expected.min(slice.least_x * slice.least_y / slice.n_z);
            }
        }
        law
    }

    fn slices(&self, margins: &Margins) -> impl Iterator<Item = Slice> {
        let z = |cell: &Cell| margins.z_of[cell.a as usize];
        let mut first = 0;
        self.cells.chunk_by(move |p, q| z(p) == z(q)).map(move |cells| {
            let n_xz = &self.n_xz[first..first + cells.len()];
            first += cells.len();
            Slice::new(cells, n_xz, margins)
        })
    }
}

impl Margins {
    /// `n_yz` and `n_z` of a cell.
    fn of(&self, cell: &Cell) -> (f64, f64) {
        let yz = cell.a as usize;
        (self.n_yz[yz] as f64, self.n_z[self.z_of[yz] as usize] as f64)
    }
}

/// What independence of x and y given z would give.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Law {
    pub(crate) dof: f64,
    pub(crate) tie_floor: f64,
    /// The smallest expected count where something can vary; infinite where nothing can.
    pub(crate) least_expected: f64,
}

/// The cells of one z.
struct Slice {
    x_kinds: usize,
    y_kinds: usize,
    n_z: f64,
    least_x: f64,
    least_y: f64,
    /// Σ q(1 − q) over y.
    spread: f64,
}

impl Slice {
    fn new(cells: &[Cell], n_xz: &[u32], margins: &Margins) -> Self {
        let (_, n_z) = margins.of(&cells[0]);
        let mut slice =
            Self { x_kinds: 0, y_kinds: 0, n_z, least_x: f64::INFINITY, least_y: f64::INFINITY, spread: 0.0 };
        // each x weighs 1 in all: its cells carry the shares n/n_xz
        let mut kinds = 0.0;
        for (cell, &n) in cells.iter().zip(n_xz) {
            kinds += cell.n as f64 / n as f64;
            slice.least_x = slice.least_x.min(n as f64);
        }
        slice.x_kinds = kinds.round() as usize;
        for y in cells.chunk_by(|p, q| p.a == q.a) {
            let (n_yz, _) = margins.of(&y[0]);
            slice.y_kinds += 1;
            slice.least_y = slice.least_y.min(n_yz);
            slice.spread += n_yz / n_z * (1.0 - n_yz / n_z);
        }
        slice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts n[z][y][x] of a 2 × 2 × 2 table.
    fn table(n: [[[u32; 2]; 2]; 2]) -> (Table, Margins) {
        let flat = |z: usize, y: usize| n[z][y].iter().sum::<u32>();
        let n_yz = vec![flat(0, 0), flat(0, 1), flat(1, 0), flat(1, 1)];
        let n_z = vec![n_yz[0] + n_yz[1], n_yz[2] + n_yz[3]];
        let margins = Margins { n: n_z.iter().sum(), z_of: vec![0, 0, 1, 1], n_yz, n_z };
        let cells =
            (0..8).map(|i: u32| Cell { a: i / 2, b: i % 2, n: n[i as usize / 4][i as usize / 2 % 2][i as usize % 2] });
        let mut table = Table::default();
        table.fill(cells.filter(|cell| cell.n > 0), 2, &margins);
        (table, margins)
    }

    #[test]
    fn a_noiseless_copy_of_a_fair_coin() {
        let (table, margins) = table([[[10, 0], [0, 10]], [[10, 0], [0, 10]]]);
        assert!((table.information(&margins) - std::f64::consts::LN_2).abs() < 1e-15);
        assert!((table.tie(&margins) - 0.5).abs() < 1e-15);
        assert!((margins.entropy() - std::f64::consts::LN_2).abs() < 1e-15 && margins.spread() == 0.5);
        let law = table.law(&margins);
        assert_eq!((law.dof, law.least_expected), (2.0, 5.0));
        assert!((law.tie_floor - 1.0 / 40.0).abs() < 1e-15);
    }

    #[test]
    fn only_states_that_occur_have_freedom() {
        // x is constant where z = 1
        let (sparse, margins) = table([[[7, 3], [2, 8]], [[5, 0], [6, 0]]]);
        assert_eq!(sparse.law(&margins).dof, 1.0);
        let (constant, margins) = table([[[9, 0], [4, 0]], [[5, 0], [6, 0]]]);
        assert_eq!(constant.information(&margins), 0.0);
        assert_eq!(constant.tie(&margins), 0.0);
        let law = constant.law(&margins);
        assert_eq!((law.dof, law.tie_floor, law.least_expected), (0.0, 0.0, f64::INFINITY));
    }
}
