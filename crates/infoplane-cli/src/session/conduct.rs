//! One observed training, from its folder's first file to its closing.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use infoplane::{Clock, Observer, Setup, Subject};
use infoplane_nets::{End, Observation, Order, Outcome, Times, Training};
use infoplane_record::{Cost, Keep, RunWriter, Status};

use super::facts::{id_of, run_setup};
use super::show::Line;
use super::{Existing, Place, Prepared, Show, folder_of, left};
use crate::failure::Failure;

/// How a training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conducted {
    Finished,
    /// It was finished before.
    Already,
    Interrupted,
}

/// Trains, observes and writes one run with `threads` threads.
pub(crate) fn conduct(
    place: &Place<'_>,
    one: &Prepared,
    threads: usize,
    stop: &AtomicBool,
    show: &Show,
) -> Result<Conducted, Failure> {
    let folder = folder_of(place, one);
    let resume = place.existing == Existing::Resume;
    let before = if resume { left(&folder)? } else { None };
    if before == Some(Status::Finished) {
        show.say(&format!("{}: finished before", one.job.path));
        return Ok(Conducted::Already);
    }
    let data = Arc::clone(&one.data);
    let setup = run_setup(place, one)?;
    let (writer, mut training) = match before {
        Some(_) => match RunWriter::resume(&folder, &setup)? {
            (writer, Some(state)) => (writer, Training::resume(&one.nets, data, one.job.seed, &state)?),
            (writer, None) => (writer, Training::start(&one.nets, data, one.job.seed)?),
        },
        None => (RunWriter::create(&folder, &setup)?, Training::start(&one.nets, data, one.job.seed)?),
    };
    let mut observer = observer(place, one, writer, threads)?;
    if before.is_some() {
        observer.recall(&folder)?;
    }
    let mut line = show.begin(&one.job.path, one.length.epochs);
    let names: Vec<String> = one.taps.iter().map(|tap| tap.name.clone()).collect();
    let observation = Observation { stream_taps: names.clone(), taps: names, probe: one.probe_rows.clone() };
    let outcome = training.run(&observation, &mut observer, stop, &mut |step| line.at(&step));
    close(observer, outcome, &line, show, &one.job.path)
}

/// The order of training samples as rows name it.
fn name_of(order: Order) -> &'static str {
    match order {
        Order::Shuffled => "shuffled",
        Order::Fixed => "fixed",
        Order::ByClass => "by-class",
    }
}

fn observer(place: &Place<'_>, one: &Prepared, writer: RunWriter, threads: usize) -> Result<Observer, Failure> {
    let subject = Subject {
        run: id_of(place, one),
        seed: one.job.seed,
        order: name_of(one.nets.train.order).to_owned(),
        classes: one.data.classes,
        length: one.length,
    };
    Ok(Observer::new(Setup {
        plan: one.plan()?,
        subject,
        schedule: one.schedule.clone(),
        probe: one.probe.clone(),
        writer,
        keep_stream: one.job.config.record.stream == Keep::Keep,
        threads: threads.max(1),
    })?)
}

/// Writes what the training cost and how it ended.
fn close(
    observer: Observer,
    outcome: Result<Outcome, infoplane_nets::Error>,
    line: &Line,
    show: &Show,
    name: &str,
) -> Result<Conducted, Failure> {
    let clock = observer.clock();
    let mut writer = observer.into_writer();
    let (status, answer) = match outcome.as_ref().map(|outcome| outcome.end) {
        Ok(End::Finished) => (Status::Finished, Conducted::Finished),
        Ok(End::Interrupted) => (Status::Interrupted, Conducted::Interrupted),
        Err(_) => (Status::Failed, Conducted::Interrupted),
    };
    let cost = outcome.as_ref().ok().map(|outcome| cost(&outcome.times, &clock));
    if let Some(cost) = &cost {
        writer.cost(cost);
    }
    writer.close(status)?;
    line.end(match status {
        Status::Finished => "finished",
        Status::Interrupted => "interrupted",
        _ => "failed",
    });
    if let Some(cost) = &cost {
        show.cost(name, cost);
    }
    outcome.map(|_| answer).map_err(Failure::from)
}

/// Recording is what happens to streamed batches: copying, binarising, packing, counting.
fn cost(times: &Times, clock: &Clock) -> Cost {
    Cost {
        training_secs: times.training_secs,
        recorder_secs: times.tap_secs + (clock.packing + clock.counting).as_secs_f64(),
        draws_secs: clock.testing.as_secs_f64(),
        probe_secs: times.probe_secs + times.metrics_secs + clock.probing.as_secs_f64(),
        bytes: 0,
    }
}
