//! The rows in an order in which near rows stand together, and the sources' values in that order.

use super::super::sorted::Axis;
use super::Source;

/// Rows of a strip of z, within which rows are visited in order of y, over the square root of all rows.
const STRIP: f64 = 2.0;
/// Sixteen values may be read past the last.
const PADDING: usize = 16;

/// One value of each of sixteen sources.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub(super) struct Lanes(pub(super) [f32; 16]);

/// The rows of (y, z): every number is less the middle of its column.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The row at each place.
    pub(super) row: Vec<u32>,
    /// Rank along z of each place.
    pub(super) rank: Vec<u16>,
    /// y and z at each place.
    pub(super) own: Vec<[f64; 2]>,
    /// In order of z, then padding that is infinitely far away: y, z and place.
    pub(super) by_z: ByZ,
    /// y and z of each row, and its rank along z.
    pub(super) rows: Vec<([f64; 2], u16)>,
}

#[derive(Debug, Default)]
pub(super) struct ByZ {
    pub(super) y: Vec<f32>,
    pub(super) z: Vec<f32>,
    pub(super) place: Vec<u32>,
}

impl Places {
    /// Puts the rows in order: strips of z, up and down in y by turns.
    pub(super) fn fill(&mut self, y: &Axis, z: &Axis) {
        let n = y.rows.len();
        self.rows.clear();
        self.rows.resize(n, ([0.0; 2], 0));
        let [middle_y, middle_z] = [y, z].map(Axis::middle);
        for (rank, (&row, &value)) in z.rows.iter().zip(&z.values).enumerate() {
            self.rows[row as usize] = ([0.0, value - middle_z], rank as u16);
        }
        // dealt into strips in order of y
        let strip = (STRIP * (n as f64).sqrt()).ceil() as usize;
        self.row.clear();
        self.row.resize(n, 0);
        let mut next: Vec<usize> = (0..n).step_by(strip).collect();
        for (&row, &value) in y.rows.iter().zip(&y.values) {
            let (own, rank) = &mut self.rows[row as usize];
            own[0] = value - middle_y;
            let place = &mut next[*rank as usize / strip];
            self.row[*place] = row;
            *place += 1;
        }
        self.row.chunks_mut(strip).skip(1).step_by(2).for_each(<[u32]>::reverse);
        self.rank.clear();
        self.rank.extend(self.row.iter().map(|&row| self.rows[row as usize].1));
        self.own.clear();
        self.own.extend(self.row.iter().map(|&row| self.rows[row as usize].0));
        let ByZ { y, z, place } = &mut self.by_z;
        for (column, axis) in [(&mut *y, 0), (&mut *z, 1)] {
            column.clear();
            column.resize(n + PADDING, f32::INFINITY);
            self.rows.iter().for_each(|(own, rank)| column[*rank as usize] = own[axis] as f32);
        }
        place.clear();
        place.resize(n + PADDING, 0);
        (0..).zip(&self.rank).for_each(|(at, &rank)| place[rank as usize] = at);
    }
}

/// The values of all sources at each place, each less the middle of its column: `[places, groups of sixteen]`.
pub(super) fn spread(sources: &[Source], places: &Places, rows: &mut Vec<Lanes>, to: &mut Vec<Lanes>) {
    /// Rows and columns turned at a time.
    const BLOCK: usize = 16;
    let (n, groups) = (places.row.len(), sources.len().div_ceil(BLOCK));
    rows.resize(n * groups, Lanes::default());
    for (group, some) in sources.chunks(BLOCK).enumerate() {
        for first in (0..n).step_by(BLOCK) {
            let last = (first + BLOCK).min(n);
            let mut block = [Lanes::default(); BLOCK];
            for (lane, source) in some.iter().enumerate() {
                let middle = source.axis.middle();
                for (row, value) in block.iter_mut().zip(&source.column[first..last]) {
                    row.0[lane] = (value - middle) as f32;
                }
            }
            (first..last).zip(block).for_each(|(row, lanes)| rows[row * groups + group] = lanes);
        }
    }
    to.clear();
    to.extend(places.row.iter().flat_map(|&row| &rows[row as usize * groups..][..groups]));
}
