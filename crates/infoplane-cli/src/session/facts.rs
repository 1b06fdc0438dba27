//! What the manifest says of a run before it begins.

use infoplane_record::{RunSetup, digest};
use serde_json::{Map, Value, json};

use super::{Place, Prepared};
use crate::failure::Failure;

/// Identifier of a run: the sweep's name and the run's folder.
pub(super) fn id_of(place: &Place<'_>, one: &Prepared) -> String {
    format!("{}/{}", place.name, one.job.path)
}

/// Everything the recorder writes at the start.
pub(super) fn run_setup(place: &Place<'_>, one: &Prepared) -> Result<RunSetup, Failure> {
    let config_toml = toml::to_string(&one.job.config)
        .map_err(|error| Failure::new("IP0103", format!("the config cannot be written: {error}")))?;
    Ok(RunSetup {
        id: id_of(place, one),
        name: one.job.path.clone(),
        seed: one.job.seed,
        config_toml,
        input_toml: one.job.input.clone(),
        probe: probe(one),
        model: model(one),
        hashes: hashes(one),
        facts: facts(one),
    })
}

fn probe(one: &Prepared) -> Value {
    let orders: Map<String, Value> = one.probe.orders.iter().map(|(name, rows)| (name.clone(), json!(rows))).collect();
    json!({
        "rows": one.probe_rows,
        "labels": one.probe.labels,
        "classes": one.probe.classes,
        "distinct_inputs": one.probe.distinct,
        "orders": orders,
        "seed": one.probe.seed,
        "label_hash": label_hash(one),
        "data_hash": one.data.digest(),
        "reduction": one.taps.iter().map(|tap| (tap.name.clone(), json!("none"))).collect::<Map<_, _>>(),
    })
}

fn label_hash(one: &Prepared) -> String {
    let bytes: Vec<u8> = one.probe.labels.iter().flat_map(|label| label.to_le_bytes()).collect();
    digest(&[&bytes])
}

fn model(one: &Prepared) -> Value {
    let taps = one.taps.iter().map(|tap| json!({ "tap": tap.name, "units": tap.units, "range": tap.range }));
    let layers = &one.nets.model.layers;
    let parameters: usize = layers.windows(2).map(|pair| pair[0] * pair[1] + pair[1]).sum();
    json!({ "type": "dense", "layers": layers, "parameters": parameters, "taps": taps.collect::<Vec<_>>() })
}

fn hashes(one: &Prepared) -> Map<String, Value> {
    [("data", one.data.digest()), ("probe_labels", label_hash(one))]
        .map(|(key, hash)| (key.to_owned(), json!(hash)))
        .into_iter()
        .collect()
}

fn facts(one: &Prepared) -> Map<String, Value> {
    let config = &one.job.config;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let facts = json!({
        "infoplane": env!("CARGO_PKG_VERSION"),
        "framework": "burn 0.22.1, backend flex",
        "processor": processor(),
        "threads": threads,
        "simd": infoplane::measures::packed::simd_level(),
        "data": one.data.name,
        "data_citation": one.data.citation,
        "seeds": { "training": one.job.seed, "probe": one.probe.seed, "null": "from the training seed, by step" },
        "schedule": { "every": config.record.every.to_string(), "steps": one.schedule.steps() },
        "measures": { "layers": config.mi.estimators, "pairs": config.te.measures },
        "cite": { "software": "infoplane, see CITATION.cff", "method": "arXiv:2404.01364" },
    });
    match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}

/// The processor's name, where the system tells it.
fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("model name"));
    line.and_then(|line| line.split_once(": "))
        .map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned())
}
