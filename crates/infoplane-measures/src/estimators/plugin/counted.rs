//! Information from contingency tables: without correction or with Miller–Madow's.

use super::{Correction, PlugIn, moved, states_of_x};
use crate::contingency::{Margins, Table};
use crate::states::{Cell, States, cells, undersampled};
use crate::{Estimate, Prepared, Result, Samples};

/// Everything of (y, z), ready for any x.
pub(super) struct Counted<'a> {
    plugin: &'a PlugIn,
    yz: States,
    margins: Margins,
}

impl<'a> Counted<'a> {
    pub(super) fn new(plugin: &'a PlugIn, y: &Samples, z: &Samples) -> Result<Self> {
        let (y_states, z_states) = (plugin.states(y, "y")?, plugin.states(z, "z")?);
        let (yz, cells) = z_states.join(&y_states);
        Ok(Self { plugin, margins: Margins::new(&z_states, &cells), yz })
    }

    /// Without local terms.
    fn estimate(&self, table: &Table) -> Estimate {
        let (n, margins, added) = (self.yz.ids.len(), &self.margins, self.added(table));
        let dof = table.law(margins).dof;
        Estimate {
            nats: table.information(margins) + added,
            n,
            floor: Some(dof / (2.0 * n as f64) + added),
            dof: (self.plugin.correction == Correction::None).then_some(dof),
            notes: undersampled(table.cells.len(), n),
            ..Estimate::default()
        }
    }

    fn table(&self, cells: Vec<Cell>, x_kinds: usize) -> Table {
        let mut table = Table::default();
        table.fill(cells, x_kinds, &self.margins);
        table
    }

    /// What Miller–Madow adds to the four entropies together.
    fn added(&self, table: &Table) -> f64 {
        if self.plugin.correction == Correction::None {
            return 0.0;
        }
        let margins = &self.margins;
        let more = (table.xz_kinds(margins) + self.yz.kinds) as f64;
        (more - (table.cells.len() + margins.n_z.len()) as f64) / (2.0 * f64::from(margins.n))
    }
}

impl Prepared for Counted<'_> {
    fn cmi(&self, x: &Samples) -> Result<Estimate> {
        let x_states = states_of_x(self.plugin, x, self.yz.ids.len())?;
        let (xyz, cells) = self.yz.join(&x_states);
        let table = self.table(cells, x_states.kinds);
        let added = self.added(&table);
        let terms: Vec<f64> = table.log_ratios(&self.margins).map(|ratio| ratio + added).collect();
        let local = xyz.ids.iter().map(|&id| terms[id as usize]).collect();
        Ok(Estimate { local: Some(local), ..self.estimate(&table) })
    }

    fn several(&self, xs: &[Samples]) -> Result<Vec<Estimate>> {
        let one = |x: &Samples| {
            let States { ids, kinds } = states_of_x(self.plugin, x, self.yz.ids.len())?;
            Ok(self.estimate(&self.table(cells(&self.yz, &ids, kinds), kinds)))
        };
        xs.iter().map(one).collect()
    }

    fn reordered(&self, x: &Samples, orders: &[Vec<u32>]) -> Result<Vec<f64>> {
        let x_states = states_of_x(self.plugin, x, self.yz.ids.len())?;
        let mut table = Table::default();
        let mut value = |order: &Vec<u32>| {
            table.fill(cells(&self.yz, &moved(&x_states, order), x_states.kinds), x_states.kinds, &self.margins);
            table.information(&self.margins) + self.added(&table)
        };
        Ok(orders.iter().map(&mut value).collect())
    }
}
