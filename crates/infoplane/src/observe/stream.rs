//! The stream of one epoch: the symbols of the training pass, in processing order.

use infoplane_measures::pairs::Symbols;
use infoplane_record::npz::{Array, NpyArray};
use infoplane_record::{Frame, Pass};

use crate::plan::Plan;

/// Symbols, samples, labels and steps of the epoch so far.
pub(crate) struct Stream {
    /// One for each tap of the plan, units that enter pairs only.
    pub(crate) symbols: Vec<Symbols>,
    /// Index of each sample in the training split.
    pub(crate) samples: Vec<u32>,
    /// Class of each sample.
    pub(crate) labels: Vec<u32>,
    /// Optimiser steps done after each sample's batch.
    pub(crate) steps: Vec<u64>,
    gathered: Vec<f32>,
}

impl Stream {
    /// An empty stream of `kept` units of each tap.
    pub(crate) fn new(plan: &Plan, kept: &[Vec<u32>]) -> Self {
        let symbols = plan.symbols.iter().zip(kept).map(|((rule, _), kept)| rule.empty(kept.len()));
        Self {
            symbols: symbols.collect(),
            samples: Vec::new(),
            labels: Vec::new(),
            steps: Vec::new(),
            gathered: Vec::new(),
        }
    }

    /// Takes one tap's activations of a batch.
    pub(crate) fn push(
        &mut self,
        plan: &Plan,
        tap: usize,
        kept: &[u32],
        frame: &Frame<'_>,
        classes: usize,
    ) -> Result<(), infoplane_measures::Error> {
        let values = columns(frame.values, frame.units, kept, &mut self.gathered);
        plan.symbols[tap].0.append(values, kept.len(), classes, &mut self.symbols[tap])?;
        // every tap brings the same rows: the first one's are kept
        if let (0, Pass::Batch { samples, labels }) = (tap, frame.pass) {
            self.samples.extend_from_slice(samples);
            self.labels.extend_from_slice(labels);
        }
        Ok(())
    }

    /// The batch is complete; `step` optimiser steps are done.
    pub(crate) fn end_batch(&mut self, step: u64) {
        self.steps.resize(self.samples.len(), step);
    }

    /// The arrays of `stream/<epoch>.npz`.
    pub(crate) fn arrays(&self, plan: &Plan) -> Vec<(String, NpyArray)> {
        let rows = self.samples.len();
        let column =
            |name: &str, data: Vec<i64>| (name.to_owned(), NpyArray { shape: vec![rows], data: Array::I64(data) });
        let symbols = plan.taps.iter().zip(&self.symbols).map(|(tap, symbols)| {
            let bytes = symbols.bytes().to_vec();
            let shape = vec![rows, bytes.len().checked_div(rows).unwrap_or(0)];
            (format!("symbols/{}", tap.name), NpyArray { shape, data: Array::U8(bytes) })
        });
        symbols
            .chain([
                column("sample", self.samples.iter().map(|&sample| i64::from(sample)).collect()),
                column("label", self.labels.iter().map(|&label| i64::from(label)).collect()),
                column("step", self.steps.iter().map(|&step| step.cast_signed()).collect()),
            ])
            .collect()
    }
}

/// The kept columns of a row-major array; the array itself where all are kept.
pub(crate) fn columns<'a>(values: &'a [f32], units: usize, kept: &[u32], buffer: &'a mut Vec<f32>) -> &'a [f32] {
    if kept.len() == units {
        return values;
    }
    buffer.clear();
    for row in values.chunks_exact(units.max(1)) {
        buffer.extend(kept.iter().map(|&unit| row[unit as usize]));
    }
    buffer
}
