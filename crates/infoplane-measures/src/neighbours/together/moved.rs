//! One x with its rows in several orders: its values and their table are those of all.

use super::super::sorted::Axis;
use super::Source;
use super::lookup::Lookup;

/// Orders that are answered together, in groups of as many as there are lanes: the more, the less weighs what is done once for
/// all of them, until what is found for them leaves the second level of the cache.
pub(super) const GROUPS: usize = 4;

/// Memory for some orders.
#[derive(Debug, Default)]
pub(super) struct Moved {
    /// `[orders, ranks]`
    rows: Vec<u32>,
    /// `[orders, rows]`
    units: Vec<i32>,
    /// Where each row is in one order.
    now: Vec<u32>,
}

impl Moved {
    /// Takes some orders of `x`.
    pub(super) fn fill(&mut self, x: &Axis, lookup: &Lookup, orders: &[&[u32]]) {
        let n = x.rows.len();
        self.rows.clear();
        self.units.clear();
        self.now.resize(n, 0);
        for order in orders {
            self.units.extend(order.iter().map(|&was| lookup.rows[was as usize]));
            (0..).zip(*order).for_each(|(row, &was)| self.now[was as usize] = row);
            self.rows.extend(x.rows.iter().map(|&was| self.now[was as usize]));
        }
    }

    /// One column for each of them.
    pub(super) fn sources<'a>(&'a self, x: &'a Axis, lookup: &'a Lookup) -> Vec<Option<Source<'a>>> {
        let n = x.rows.len();
        let each = self.rows.chunks_exact(n).zip(self.units.chunks_exact(n));
        each.map(|(rows, units)| Some(Source { values: &x.values, rows, units, lookup })).collect()
    }
}
