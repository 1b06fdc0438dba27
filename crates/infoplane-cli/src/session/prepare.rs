//! Everything about a training that can be refused before it begins.

use std::sync::Arc;

use infoplane::{Length, Plan, Probe, TapShape, probe};
use infoplane_nets::{Dataset, NetsConfig, Split, TapInfo, taps_of};
use infoplane_record::{Schedule, TapSelection};

use super::Job;
use crate::config::Config;
use crate::failure::Failure;

/// A job whose config fits its data, its network and its plan.
pub(crate) struct Prepared {
    pub(crate) job: Job,
    pub(crate) nets: NetsConfig,
    pub(crate) data: Arc<Dataset>,
    pub(crate) taps: Vec<TapInfo>,
    pub(crate) schedule: Schedule,
    pub(crate) length: Length,
    /// Rows of the data set that make the probe.
    pub(crate) probe_rows: Vec<u32>,
    pub(crate) probe: Probe,
}

impl Prepared {
    pub(crate) fn new(job: Job) -> Result<Self, Failure> {
        let config = &job.config;
        let nets = NetsConfig { data: config.data.clone(), model: config.model.clone(), train: config.train.clone() };
        nets.validate()?;
        config.record.validate()?;
        let data = Arc::new(Dataset::load(&nets.data)?);
        nets.model.fits(&data)?;
        let taps = chosen_taps(config, &taps_of(&nets.model, data.range))?;
        let split = Split::new(data.rows(), nets.data.train, job.seed)?;
        let length = length(&nets, &split);
        let schedule = Schedule::new(&config.record.every, length.epochs, length.steps_per_epoch)?;
        let probe_rows = probe_rows(config, &data, &split)?;
        let probe = probe_of(config, &data, &probe_rows);
        let prepared = Self { job, nets, data, taps, schedule, length, probe_rows, probe };
        prepared.plan()?.check_window(length.samples)?;
        Ok(prepared)
    }

    /// The plan, resolved against the chosen taps.
    pub(crate) fn plan(&self) -> Result<Plan, Failure> {
        Ok(Plan::new(&self.job.config.mi, &self.job.config.te, &shapes(&self.taps))?)
    }
}

fn shapes(taps: &[TapInfo]) -> Vec<TapShape> {
    let shape = |tap: &TapInfo| TapShape { name: tap.name.clone(), units: tap.units, range: tap.range };
    taps.iter().map(shape).collect()
}

fn chosen_taps(config: &Config, all: &[TapInfo]) -> Result<Vec<TapInfo>, Failure> {
    let names: Vec<String> = all.iter().map(|tap| tap.name.clone()).collect();
    let chosen = TapSelection::new(&config.record.taps)?.select(&names);
    Ok(all.iter().filter(|tap| chosen.contains(&tap.name)).cloned().collect())
}

fn length(nets: &NetsConfig, split: &Split) -> Length {
    let samples = split.train.len();
    Length { epochs: nets.train.epochs, steps_per_epoch: samples.div_ceil(nets.train.batch) as u64, samples }
}

/// The probe is drawn once for all seeds, so that they compare; a split of its own seed can only be followed.
fn probe_rows(config: &Config, data: &Dataset, split: &Split) -> Result<Vec<u32>, Failure> {
    let wanted = &config.record.probe;
    let candidates = match wanted.split.as_str() {
        "train" => split.train.clone(),
        "test" => split.test.clone(),
        _ => (0..data.rows() as u32).collect(),
    };
    if candidates.is_empty() {
        return Err(Failure::new("IP0122", "`record.probe.split` is `test`, but `data.train` leaves no test split")
            .hint("set `data.train` below 1, or take the probe from `all`"));
    }
    Ok(probe::choose(&candidates, &data.y, wanted.size, wanted.seed))
}

fn probe_of(config: &Config, data: &Dataset, rows: &[u32]) -> Probe {
    let labels: Vec<u32> = rows.iter().map(|&row| data.y[row as usize]).collect();
    let wanted = &config.record.probe;
    let order = |name: &String| Some((name.clone(), probe::order(name, &labels, wanted.seed)?));
    Probe {
        orders: wanted.orders.iter().filter_map(order).collect(),
        classes: data.classes,
        distinct: are_distinct(data, rows),
        seed: wanted.seed,
        labels,
    }
}

/// Whether no two of the rows have the same input.
fn are_distinct(data: &Dataset, rows: &[u32]) -> bool {
    let bits = |row: &u32| data.row(*row).iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let mut seen = std::collections::HashSet::new();
    rows.iter().all(|row| seen.insert(bits(row)))
}
