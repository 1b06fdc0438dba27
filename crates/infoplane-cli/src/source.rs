//! A run or a sweep, read for a report, a figure or a table.

use std::path::Path;

use infoplane::figures::UnitMatrix;
use infoplane_record::{Metrics, NpyArray, Row, Run, Sweep};
use serde_json::{Map, Value};

use crate::failure::Failure;

/// The runs of a folder with everything they recorded.
pub(crate) struct Recorded {
    /// Name of the run or sweep.
    pub(crate) name: String,
    pub(crate) runs: Vec<Run>,
    pub(crate) rows: Vec<Row>,
    /// Each line with its run.
    pub(crate) metrics: Vec<(String, Metrics)>,
}

impl Recorded {
    /// Opens a run or a sweep.
    pub(crate) fn open(folder: &Path) -> Result<Self, Failure> {
        let sweep = Sweep::open(folder)?;
        let runs = sweep.open_runs()?;
        let mut recorded =
            Self { name: sweep.name().to_owned(), runs: Vec::new(), rows: Vec::new(), metrics: Vec::new() };
        for run in runs {
            let id = run.manifest().id.clone();
            recorded.rows.extend(run.rows()?);
            recorded.metrics.extend(run.metrics()?.into_iter().map(|line| (id.clone(), line)));
            recorded.runs.push(run);
        }
        Ok(recorded)
    }

    /// The run of this id.
    fn run(&self, id: &str) -> Option<&Run> {
        self.runs.iter().find(|run| run.manifest().id == id)
    }

    /// The unit pairs behind a row about a layer pair, where they were kept.
    pub(crate) fn units_of(&self, row: &Row) -> Result<Option<UnitMatrix>, Failure> {
        let Some((run, id, step)) = row.run.as_ref().and_then(|id| Some((self.run(id)?, id, row.step?))) else {
            return Ok(None);
        };
        if !run.unit_steps()?.contains(&step) {
            return Ok(None);
        }
        let arrays = run.unit_arrays(step)?;
        Ok(matrix(&arrays, row, id))
    }
}

/// The matrix of a row among a snapshot's arrays, named `measure/time/order/window/source/target/field`.
fn matrix(arrays: &[(String, NpyArray)], row: &Row, run: &str) -> Option<UnitMatrix> {
    let (source, target) = (row.source.clone()?, row.target.clone()?);
    let (time, order) = (row.time.clone()?, row.order.clone().unwrap_or_default());
    let place = format!("{}/{time}/{order}/{}/{source}/{target}", row.measure, row.window.unwrap_or(0));
    let array = |name: &str| arrays.iter().find(|(found, _)| found == name).map(|(_, array)| array);
    let field = |field: &str| array(&format!("{place}/{field}")).map(NpyArray::to_f64);
    let kept = |tap: &str, n: usize| {
        let kept = array(&format!("kept/{tap}")).and_then(NpyArray::to_i64);
        kept.map_or_else(|| (0..n as u32).collect(), |units| units.into_iter().map(|unit| unit as u32).collect())
    };
    let shape = &array(&format!("{place}/value"))?.shape;
    let (&sources, &targets) = (shape.first()?, shape.get(1)?);
    Some(UnitMatrix {
        run: run.to_owned(),
        epoch: row.epoch.unwrap_or(0.0),
        measure: row.measure.clone(),
        time,
        order: row.order.clone(),
        given: None,
        source_units: kept(&source, sources),
        target_units: kept(&target, targets),
        source,
        target,
        value: field("value")?,
        p: field("p"),
        q: field("q"),
        n: Some(row.n),
    })
}

/// The manifest as JSON, for tables and pages, with the status as a reader should see it.
pub(crate) fn manifest_facts(run: &Run) -> Map<String, Value> {
    let Ok(Value::Object(mut facts)) = serde_json::to_value(run.manifest()) else { return Map::new() };
    facts.insert("status".to_owned(), run.status().to_string().into());
    facts
}

/// Every value that is no object, with its dotted key.
pub(crate) fn leaves(map: &Map<String, Value>) -> Vec<(String, Value)> {
    map.iter().flat_map(|(key, value)| under(key, value)).collect()
}

fn under(key: &str, value: &Value) -> Vec<(String, Value)> {
    let below = |inner: &str, value: &Value| under(&format!("{key}.{inner}"), value);
    match value {
        Value::Null => Vec::new(),
        Value::Object(map) => map.iter().flat_map(|(inner, value)| below(inner, value)).collect(),
        Value::Array(list) if list.iter().any(Value::is_object) => {
            list.iter().enumerate().flat_map(|(at, value)| below(&at.to_string(), value)).collect()
        }
        _ => vec![(key.to_owned(), value.clone())],
    }
}
