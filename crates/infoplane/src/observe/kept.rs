//! Which units of a tap enter unit pairs: all, or `max_units` of those that fire, chosen once.

use std::path::Path;

use infoplane_measures::pairs::Symbols;
use infoplane_record::Run;
use infoplane_record::npz::{Array, NpyArray};
use infoplane_spec::{shuffle, stream};

use super::probe;
use crate::plan::Plan;

/// The kept units of each tap at the first snapshot, ascending.
///
/// Units that are constant on the probe come last: they would fill the choice with pairs that are exactly 0.
pub(crate) fn choose(
    plan: &Plan,
    frames: &[Vec<f32>],
    classes: usize,
    seed: u64,
) -> Result<Vec<Vec<u32>>, infoplane_measures::Error> {
    let all: Vec<Vec<u32>> = plan.taps.iter().map(|tap| (0..tap.units as u32).collect()).collect();
    if plan.taps.iter().all(|tap| tap.units <= plan.max_units) {
        return Ok(all);
    }
    let symbols = probe::symbols(plan, frames, &all, classes)?;
    let choice = |(all, (tap, symbols)): (Vec<u32>, (&crate::plan::TapShape, &Symbols))| {
        if all.len() <= plan.max_units {
            return all;
        }
        let mut units = all;
        shuffle(&mut stream(seed, &format!("units/{}", tap.name), 0), &mut units);
        units.sort_by_key(|&unit| symbols.is_constant(unit as usize));
        units.truncate(plan.max_units);
        units.sort_unstable();
        units
    };
    Ok(all.into_iter().zip(plan.taps.iter().zip(&symbols)).map(choice).collect())
}

/// The arrays `kept/<tap>`.
pub(crate) fn arrays(plan: &Plan, kept: &[Vec<u32>]) -> Vec<(String, NpyArray)> {
    let array = |units: &Vec<u32>| NpyArray {
        shape: vec![units.len()],
        data: Array::I64(units.iter().map(|&unit| i64::from(unit)).collect()),
    };
    plan.taps.iter().zip(kept).map(|(tap, units)| (format!("kept/{}", tap.name), array(units))).collect()
}

/// The choice a run made at its first snapshot; `None` if it did not get that far.
pub(crate) fn recall(plan: &Plan, run: &Path) -> Result<Option<Vec<Vec<u32>>>, infoplane_record::RecordError> {
    let run = Run::open(run)?;
    if !run.unit_steps()?.contains(&0) {
        return Ok(None);
    }
    let arrays = run.unit_arrays(0)?;
    let units = |tap: &str| {
        let (_, array) = arrays.iter().find(|(name, _)| *name == format!("kept/{tap}"))?;
        Some(array.to_i64()?.into_iter().map(|unit| unit as u32).collect())
    };
    Ok(plan.taps.iter().map(|tap| units(&tap.name)).collect())
}
