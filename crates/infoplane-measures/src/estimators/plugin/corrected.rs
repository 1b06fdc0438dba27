//! Information from corrected entropies: I(X; Y|Z) = H(Y|Z) − H(Y|XZ).

use super::{PlugIn, moved, states_of_x};
use crate::estimators::corrections::Joint;
use crate::states::{Cell, States, cells, undersampled};
use crate::{Estimate, Note, Prepared, Result, Samples};

/// Everything of (y, z), ready for any x.
pub(super) struct Corrected<'a> {
    plugin: &'a PlugIn,
    y: States,
    z: States,
    dims: Dims,
    /// H(Y|Z).
    own: f64,
    own_local: Option<Vec<f64>>,
}

/// Columns of y and z.
#[derive(Clone, Copy)]
struct Dims {
    y: usize,
    z: usize,
}

/// H(Y|V) with the states it came from.
struct Told {
    value: f64,
    local: Option<Vec<f64>>,
    notes: Vec<Note>,
}

impl<'a> Corrected<'a> {
    pub(super) fn new(plugin: &'a PlugIn, y: &Samples, z: &Samples) -> Result<Self> {
        let (y_states, z_states) = (plugin.states(y, "y")?, plugin.states(z, "z")?);
        let dims = Dims { y: y.dim(), z: z.dim() };
        let mut prepared = Self { plugin, y: y_states, z: z_states, dims, own: 0.0, own_local: None };
        let told = prepared.told(&prepared.z, dims.z)?;
        (prepared.own, prepared.own_local) = (told.value, told.local);
        Ok(prepared)
    }

    /// H(Y|V) for V of so many columns.
    fn told(&self, v: &States, columns: usize) -> Result<Told> {
        let (both, cells) = v.join(&self.y);
        let joint = self.joint(&cells, columns)?;
        let value = self.plugin.correction.conditional(&joint);
        Ok(Told { value, local: self.local(&joint, &both), notes: undersampled(both.kinds, both.ids.len()) })
    }

    fn joint<'c>(&self, cells: &'c [Cell], columns: usize) -> Result<Joint<'c>> {
        // asked first, so that the product of both is refused where it is too large
        self.plugin.possible(columns + self.dims.y)?;
        let possible = self.plugin.possible(columns)?.zip(self.plugin.possible(self.dims.y)?);
        Ok(Joint { cells, possible, y_kinds: self.y.kinds, whole: columns == 0 })
    }

    /// H(Y|V) row by row.
    fn local(&self, joint: &Joint, both: &States) -> Option<Vec<f64>> {
        let (all, given) = (joint.both(), joint.given());
        let of_both = self.plugin.correction.local(&all)?;
        let of_given = self.plugin.correction.local(&given)?;
        let term =
            |cell: &Cell, n_v: u32| of_both(cell.n.into()) - if joint.whole { 0.0 } else { of_given(n_v.into()) };
        let slices = joint.cells.chunk_by(|p, q| p.a == q.a);
        let terms: Vec<f64> = slices
            .flat_map(|slice| {
                let n_v = slice.iter().map(|cell| cell.n).sum();
                slice.iter().map(move |cell| (cell, n_v))
            })
            .map(|(cell, n_v)| term(cell, n_v))
            .collect();
        Some(both.ids.iter().map(|&id| terms[id as usize]).collect())
    }

    /// Whether one side never changes: then it tells nothing, exactly.
    fn silent(&self, x: &States) -> bool {
        x.kinds == 1 || self.y.kinds == 1
    }

    /// The value for the rows of x in another order.
    fn value(&self, x: &States, columns: usize, order: &[u32]) -> Result<f64> {
        let moved = States { ids: moved(x, order), kinds: x.kinds };
        let xz = self.z.join(&moved).0;
        let cells = cells(&xz, &self.y.ids, self.y.kinds);
        Ok(self.own - self.plugin.correction.conditional(&self.joint(&cells, columns + self.dims.z)?))
    }
}

impl Prepared for Corrected<'_> {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        let n = self.y.ids.len();
        let x_states = states_of_x(self.plugin, x, n)?;
        let told = self.told(&self.z.join(&x_states).0, x.dim() + self.dims.z)?;
        let nats = self.own - told.value;
        let mut estimate = Estimate { nats, n, notes: told.notes, ..Estimate::default() };
        estimate.local = self.own_local.as_ref().zip(told.local).map(|(own, told)| {
            let rows = own.iter().zip(told);
            rows.map(|(own, told)| own - told).collect()
        });
        match self.silent(&x_states) {
            true => Ok(Estimate { nats: 0.0, local: estimate.local.map(|rows| vec![0.0; rows.len()]), ..estimate }),
            false => Ok(estimate),
        }
    }

    fn reordered(&self, x: &Samples, orders: &[Vec<u32>]) -> Result<Vec<f64>> {
        let x_states = states_of_x(self.plugin, x, self.y.ids.len())?;
        match self.silent(&x_states) {
            true => Ok(vec![0.0; orders.len()]),
            false => orders.iter().map(|order| self.value(&x_states, x.dim(), order)).collect(),
        }
    }
}
