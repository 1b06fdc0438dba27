//! A snapshot on the probe: layers in natural order, pairs in each named order.

use infoplane_measures::Error;
use infoplane_measures::layers::Layer;
use infoplane_measures::pairs::Symbols;
use infoplane_record::Row;
use infoplane_record::npz::{Array, NpyArray};

use super::layers;
use super::pairs::{self, Found, Setting};
use super::place::Place;
use super::stream::columns;
use crate::plan::Plan;

/// The probe as the observer needs it.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Class of each row, in natural order.
    pub labels: Vec<u32>,
    /// Number of classes.
    pub classes: usize,
    /// Whether no two inputs are equal.
    pub distinct: bool,
    /// Name and rows of each order.
    pub orders: Vec<(String, Vec<u32>)>,
    /// Seed of the probe's choices.
    pub seed: u64,
}

/// Symbols of each tap's kept units, rows in natural order.
pub(crate) fn symbols(
    plan: &Plan,
    frames: &[Vec<f32>],
    kept: &[Vec<u32>],
    classes: usize,
) -> Result<Vec<Symbols>, Error> {
    let mut buffer = Vec::new();
    let one = |tap: usize| {
        let values = columns(&frames[tap], plan.taps[tap].units, &kept[tap], &mut buffer);
        let rule = &plan.symbols[tap].0;
        let mut symbols = rule.empty(kept[tap].len());
        rule.append(values, kept[tap].len(), classes, &mut symbols).map(|()| symbols)
    };
    (0..plan.taps.len()).map(one).collect()
}

/// Rows of the layer estimators; the label tap is no layer.
pub(crate) fn layer_rows(
    plan: &Plan,
    place: &Place,
    frames: &[Vec<f32>],
    probe: &Probe,
    draws: Option<u64>,
    digests: &[String],
    threads: usize,
) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (index, tap) in plan.taps.iter().enumerate().filter(|(_, tap)| tap.name != "label") {
        let layer = Layer {
            values: &frames[index],
            units: tap.units,
            range: tap.range,
            labels: &probe.labels,
            classes: probe.classes,
            distinct_inputs: probe.distinct,
        };
        rows.extend(layers::rows(plan, place, &tap.name, &layer, draws, &digests[index], threads)?);
    }
    Ok(rows)
}

/// Rows and unit matrices of the pairs, in every order of the probe.
pub(crate) fn pair_rows(
    plan: &Plan,
    place: &Place,
    natural: &[Symbols],
    probe: &Probe,
    draws: Option<u64>,
    digest: &str,
    threads: usize,
) -> Result<Found, Error> {
    let (mut rows, mut arrays) = (Vec::new(), Vec::new());
    for (order, sequence) in &probe.orders {
        let symbols: Vec<Symbols> = natural.iter().map(|symbols| symbols.select(sequence)).collect();
        let labels: Vec<u32> = sequence.iter().map(|&row| probe.labels[row as usize]).collect();
        arrays.extend(rates(plan, &symbols, order));
        let setting = Setting {
            plan,
            place: place.clone(),
            time: "probe",
            order,
            window: 0,
            symbols: &symbols,
            labels: &labels,
            digest,
            matrices: true,
            threads,
        };
        let counted = pairs::count(&setting)?;
        let (found, matrices) = pairs::test(&setting, &counted, draws)?;
        rows.extend(found);
        arrays.extend(matrices);
    }
    Ok((rows, arrays))
}

/// The rate of ones of every unit, where symbols are binary.
fn rates(plan: &Plan, symbols: &[Symbols], order: &str) -> Vec<(String, NpyArray)> {
    let array = |(tap, symbols): (&crate::plan::TapShape, &Symbols)| {
        let rates = symbols.rates()?;
        let shape = vec![rates.len()];
        Some((format!("rate/probe/{order}/0/{}", tap.name), NpyArray { shape, data: Array::F64(rates) }))
    };
    plan.taps.iter().zip(symbols).filter_map(array).collect()
}
