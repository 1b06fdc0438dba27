//! What a training promises: it learns, it repeats to the bit, and nobody who watches changes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use infoplane_nets::{Dataset, End, Error, NetsConfig, Observation, Silent, Training};
use infoplane_record::{Frame, Metrics, Pass, Sink, SinkError};
use infoplane_spec::Coded;

type SinkResult = Result<(), SinkError>;

/// A frame that was kept: tap, step, values, and the samples and labels of a batch.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    tap: String,
    step: u64,
    units: usize,
    values: Vec<f32>,
    batch: Option<(Vec<u32>, Vec<u32>)>,
}

/// Keeps everything; snapshots at given steps, streams all epochs or none.
#[derive(Default)]
struct Watcher {
    due: Vec<u64>,
    streams: bool,
    frames: Vec<Kept>,
    calls: Vec<String>,
    metrics: Vec<Metrics>,
    states: Vec<Vec<u8>>,
}

impl Sink for Watcher {
    fn streams(&self, _: u64) -> bool {
        self.streams
    }

    fn is_due(&self, step: u64, _: f64) -> bool {
        self.due.contains(&step)
    }

    fn frame(&mut self, frame: &Frame<'_>) -> SinkResult {
        let batch = match frame.pass {
            Pass::Batch { samples, labels } => Some((samples.to_vec(), labels.to_vec())),
            Pass::Probe => None,
        };
        let (tap, values) = (frame.tap.to_owned(), frame.values.to_vec());
        self.frames.push(Kept { tap, step: frame.step, units: frame.units, values, batch });
        Ok(())
    }

    fn batch(&mut self, step: u64) -> SinkResult {
        self.calls.push(format!("batch {step}"));
        Ok(())
    }

    fn epoch(&mut self, epoch: u64, step: u64) -> SinkResult {
        self.calls.push(format!("epoch {epoch} {step}"));
        Ok(())
    }

    fn snapshot(&mut self, metrics: &Metrics) -> SinkResult {
        self.calls.push(format!("snapshot {}", metrics.step));
        self.metrics.push(metrics.clone());
        Ok(())
    }

    fn checkpoint(&mut self, state: &[u8]) -> SinkResult {
        self.calls.push("checkpoint".to_owned());
        self.states.push(state.to_vec());
        Ok(())
    }
}

fn config(data: &str, model: &str, train: &str) -> NetsConfig {
    toml::from_str(&format!("[data]\n{data}\n[model]\n{model}\n[train]\n{train}\n")).unwrap()
}

fn digits(train: &str) -> NetsConfig {
    config("source = \"digits\"", "layers = [64, 16, 8, 10]\nactivation = \"relu\"", train)
}

/// Four batches of 460 rows an epoch, the last of 58.
const SHORT: &str = "lr = 0.01\nbatch = 460\nepochs = 4";

fn start(config: &NetsConfig, seed: u64) -> Training {
    Training::start(config, Arc::new(Dataset::load(&config.data).unwrap()), seed).unwrap()
}

fn names(training: &Training) -> Vec<String> {
    training.taps().iter().map(|tap| tap.name.clone()).collect()
}

fn watch(training: &mut Training, watcher: &mut Watcher, probe: Vec<u32>) -> End {
    let taps = names(training);
    let plan = Observation { taps: taps.clone(), stream_taps: taps, probe };
    training.run(&plan, watcher, &AtomicBool::new(false), &mut |_| {}).unwrap().end
}

fn hash_after(config: &NetsConfig, seed: u64) -> String {
    let mut training = start(config, seed);
    training.run(&Observation::default(), &mut Silent, &AtomicBool::new(false), &mut |_| {}).unwrap();
    training.weights_hash()
}

#[test]
fn what_no_linear_network_can_tell_apart_is_learnt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("xor.csv");
    std::fs::write(&path, "a,b,class\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n").unwrap();
    let data = format!("source = \"{}\"\nlabel = \"class\"\ntrain = 1.0", path.display());
    for activation in ["tanh", "sigmoid", "relu"] {
        let model = format!("layers = [2, 8, 2]\nactivation = \"{activation}\"");
        for train in ["lr = 0.05\nepochs = 600", "optimizer = \"sgd\"\nlr = 0.5\nmomentum = 0.9\nepochs = 600"] {
            let mut training = start(&config(&data, &model, train), 2);
            let before = training.evaluate_train().loss;
            training.run(&Observation::default(), &mut Silent, &AtomicBool::new(false), &mut |_| {}).unwrap();
            let after = training.evaluate_train();
            assert!(after.accuracy == 1.0 && after.loss < before / 10.0, "{activation} {train}: {after:?}");
        }
    }
}

#[test]
fn a_seed_gives_the_same_bits_alone_and_among_others() {
    let config = digits(SHORT);
    let alone: Vec<String> = (0..4).map(|seed| hash_after(&config, seed)).collect();
    let together: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|seed| scope.spawn(move || hash_after(&digits(SHORT), seed))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
    assert_ne!(alone[0], alone[1], "seeds differ");
}

#[test]
fn watching_changes_nothing() {
    for optimizer in ["adam", "sgd"] {
        let config = digits(&format!("{SHORT}\noptimizer = \"{optimizer}\""));
        let mut training = start(&config, 1);
        let mut watcher = Watcher { due: vec![0, 1, 4, 6, 16], streams: true, ..Watcher::default() };
        assert_eq!(watch(&mut training, &mut watcher, (0..300).collect()), End::Finished);
        assert_eq!(training.weights_hash(), hash_after(&config, 1), "{optimizer}");
    }
}

#[test]
fn a_resumed_training_ends_with_the_bits_of_an_unbroken_one() {
    let orders = ["shuffled", "fixed", "by-class"];
    for (optimizer, order) in ["adam", "sgd\"\nmomentum = \"0.9"].into_iter().zip(orders) {
        let text = format!("{SHORT}\norder = \"{order}\"\noptimizer = \"{optimizer}\"\nweight_decay = 1e-3");
        let config = digits(&text.replace("\"0.9\"", "0.9"));
        let mut watcher = Watcher { due: vec![0, 2, 8, 16], ..Watcher::default() };
        let mut unbroken = start(&config, 7);
        watch(&mut unbroken, &mut watcher, vec![]);
        assert_eq!(watcher.states.len(), 4, "at step 0 and after the epochs that had a snapshot");
        for (state, step) in watcher.states.iter().zip([0, 4, 8, 16]) {
            let data = Arc::new(Dataset::load(&config.data).unwrap());
            let mut resumed = Training::resume(&config, data, 7, state).unwrap();
            assert_eq!(resumed.step(), step);
            let mut again = Watcher { due: watcher.due.clone(), ..Watcher::default() };
            watch(&mut resumed, &mut again, vec![]);
            assert_eq!(resumed.weights_hash(), unbroken.weights_hash(), "{order}, from step {step}");
            assert_eq!(again.states.last().unwrap_or(state), watcher.states.last().unwrap());
        }
    }
}

#[test]
fn a_state_that_is_damaged_or_of_another_training_is_refused() {
    let config = digits(SHORT);
    let mut watcher = Watcher { due: vec![0], ..Watcher::default() };
    watch(&mut start(&config, 1), &mut watcher, vec![]);
    let state = &watcher.states[0];
    let resume = |config: &NetsConfig, seed, state: &[u8]| {
        let data = Arc::new(Dataset::load(&config.data).unwrap());
        Training::resume(config, data, seed, state).err().map(|error| (error.code(), error.to_string()))
    };
    assert_eq!(resume(&config, 1, state), None);
    assert!(resume(&config, 2, state).unwrap().1.contains("its seed differs"));
    assert!(resume(&digits("lr = 0.02\nbatch = 460\nepochs = 4"), 1, state).unwrap().1.contains("[train]"));
    for cut in [0, 10, state.len() / 2, state.len() - 1] {
        assert_eq!(resume(&config, 1, &state[..cut]).unwrap().0, "IP0602");
    }
    let mut flipped = state.clone();
    flipped[state.len() / 2] ^= 1;
    assert_eq!(resume(&config, 1, &flipped).unwrap().0, "IP0602");
}

#[test]
fn the_sink_is_called_in_the_documented_order() {
    let mut watcher = Watcher { due: vec![0, 1, 4, 8], streams: true, ..Watcher::default() };
    watch(&mut start(&digits("lr = 0.01\nbatch = 460\nepochs = 3"), 0), &mut watcher, vec![]);
    let first = ["snapshot 0", "checkpoint", "batch 1", "snapshot 1", "batch 2", "batch 3", "batch 4", "epoch 0 4"];
    let second = ["snapshot 4", "checkpoint", "batch 5", "batch 6", "batch 7", "batch 8", "epoch 1 8", "snapshot 8"];
    let third = ["checkpoint", "batch 9", "batch 10", "batch 11", "batch 12", "epoch 2 12"];
    assert_eq!(watcher.calls, [&first[..], &second, &third].concat());
}

#[test]
fn streamed_frames_are_the_training_pass_itself() {
    let config = digits("lr = 0.01\nbatch = 460\nepochs = 2\norder = \"by-class\"");
    let mut training = start(&config, 5);
    let initial = start(&config, 5);
    let mut watcher = Watcher { streams: true, ..Watcher::default() };
    watch(&mut training, &mut watcher, vec![]);
    let taps = training.taps();
    assert_eq!(watcher.frames.len(), 2 * 4 * taps.len());
    let data = Dataset::load(&config.data).unwrap();
    for (frame, tap) in watcher.frames.iter().zip(taps.iter().cycle()) {
        let (samples, labels) = frame.batch.as_ref().unwrap();
        let rows: Vec<u32> = samples.iter().map(|&sample| training.split().train[sample as usize]).collect();
        assert_eq!((&frame.tap, frame.units, frame.values.len()), (&tap.name, tap.units, tap.units * rows.len()));
        assert_eq!(*labels, data.labels(&rows));
        if frame.tap == "input" {
            assert_eq!(frame.values, data.inputs(&rows));
        }
        // The first batch was computed with the initial weights: its taps are those of a probe, to the bit.
        if frame.step == 0 && frame.tap != "label" {
            let probe = initial.probe(&data.inputs(&rows), std::slice::from_ref(&frame.tap)).unwrap();
            assert_eq!(frame.values, probe[0].2, "{}", frame.tap);
        }
    }
    let mut seen: Vec<u32> = watcher.frames[..4 * taps.len()]
        .iter()
        .filter(|frame| frame.tap == "label")
        .flat_map(|frame| frame.batch.clone().unwrap().0)
        .collect();
    assert!(data.labels(&seen.iter().map(|&s| training.split().train[s as usize]).collect::<Vec<_>>()).is_sorted());
    seen.sort_unstable();
    assert!(seen.into_iter().eq(0..training.split().train.len() as u32), "the short last batch is kept");
}

#[test]
fn taps_are_what_their_names_say() {
    for (model, hidden, output) in [
        ("layers = [12, 6, 2]", f64::tanh as fn(f64) -> f64, "softmax"),
        ("layers = [12, 6, 2]\nactivation = \"relu\"", |z: f64| z.max(0.0), "softmax"),
        ("layers = [12, 6, 2]\nactivation = \"sigmoid\"\noutput = \"sigmoid\"", sigmoid, "sigmoid"),
        ("layers = [12, 6, 2]\nactivation = \"identity\"\noutput = \"softmax\"", |z: f64| z, "softmax"),
    ] {
        let training = start(&config("source = \"ib12\"", model, ""), 0);
        assert_eq!(names(&training), ["input", "fc1.pre", "fc1", "logits", "out", "label"]);
        let mut watcher = Watcher { due: vec![0], ..Watcher::default() };
        let mut observed = start(&config("source = \"ib12\"", model, "epochs = 1"), 0);
        watch(&mut observed, &mut watcher, vec![5, 4095, 7]);
        let values = |tap: &str| watcher.frames.iter().find(|frame| frame.tap == tap).unwrap().values.clone();
        let (pre, post, logits, out) = (values("fc1.pre"), values("fc1"), values("logits"), values("out"));
        assert!(pre.iter().zip(&post).all(|(&z, &a)| (hidden(z.into()) - f64::from(a)).abs() < 1e-6), "{model}");
        for (z, out) in logits.chunks(2).zip(out.chunks(2)) {
            let (a, b) = (f64::from(z[0]), f64::from(z[1]));
            let expected = if output == "softmax" { 1.0 / (1.0 + (b - a).exp()) } else { sigmoid(a) };
            assert!((expected - f64::from(out[0])).abs() < 1e-6, "{model}");
        }
        assert_eq!(values("input")[..12], [0., 0., 0., 0., 0., 0., 0., 0., 0., 1., 0., 1.]);
        assert_eq!(values("label").len(), 6);
        for tap in observed.taps() {
            let (low, high) = tap.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
            assert!(values(&tap.name).iter().all(|&value| (low..=high).contains(&f64::from(value))), "{}", tap.name);
        }
    }
}

fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

#[test]
fn a_probe_does_not_depend_on_how_many_rows_are_asked_at_once() {
    let config = config("source = \"digits\"", "layers = [64, 40, 33, 17, 10]\nactivation = \"relu\"", "");
    let training = start(&config, 0);
    let data = Dataset::load(&config.data).unwrap();
    let taps: Vec<String> = names(&training).into_iter().filter(|name| name != "label").collect();
    let all: Vec<u32> = (0..1797).collect();
    let whole = training.probe(&data.inputs(&all), &taps).unwrap();
    for size in [1, 2, 7, 64, 100, 1500] {
        let mut parts: Vec<Vec<f32>> = vec![Vec::new(); taps.len()];
        for rows in all.chunks(size) {
            let values = training.probe(&data.inputs(rows), &taps).unwrap();
            parts.iter_mut().zip(values).for_each(|(part, (_, _, values))| part.extend(values));
        }
        for ((name, _, values), part) in whole.iter().zip(parts) {
            assert!(*values == part, "{name} in chunks of {size}");
        }
    }
}

#[test]
fn metrics_say_how_training_stands() {
    let mut watcher = Watcher { due: vec![0, 4, 16], ..Watcher::default() };
    let mut training = start(&digits(SHORT), 0);
    watch(&mut training, &mut watcher, vec![]);
    let first = &watcher.metrics[0];
    assert_eq!((first.step, first.epoch), (0, 0.0));
    assert!((first.train_loss.unwrap() - 10.0_f64.ln()).abs() < 0.3, "nothing is learnt yet");
    let last = &watcher.metrics[2];
    assert_eq!((last.step, last.epoch), (16, 4.0));
    assert_eq!(last.train_acc.unwrap(), training.evaluate_train().accuracy);
    assert_eq!(last.test_loss.unwrap(), training.evaluate_test().unwrap().loss);
    assert!(last.train_loss < first.train_loss && last.t >= first.t);
    let all = config("source = \"digits\"\ntrain = 1.0", "layers = [64, 10]", "epochs = 1");
    assert!(start(&all, 0).evaluate_test().is_none());
}

#[test]
fn a_stop_ends_between_batches_and_the_same_training_can_go_on() {
    let config = digits(SHORT);
    for calls in [0, 3] {
        let stop = AtomicBool::new(calls == 0);
        let mut training = start(&config, 3);
        let mut stopper = Stopper { stop: &stop, batches: 0, after: calls, states: 0 };
        let plan = Observation { stream_taps: vec!["out".to_owned()], ..Observation::default() };
        let outcome = training.run(&plan, &mut stopper, &stop, &mut |_| {}).unwrap();
        assert_eq!((outcome.end, training.step()), (End::Interrupted, calls));
        assert_eq!(stopper.states, usize::from(calls == 0), "a checkpoint only at an epoch's end");
        stop.store(false, Ordering::Relaxed);
        let outcome = training.run(&Observation::default(), &mut Silent, &stop, &mut |_| {}).unwrap();
        assert_eq!((outcome.end, training.weights_hash()), (End::Finished, hash_after(&config, 3)));
    }
}

/// Raises the flag after some batches.
struct Stopper<'a> {
    stop: &'a AtomicBool,
    batches: u64,
    after: u64,
    states: usize,
}

impl Sink for Stopper<'_> {
    fn streams(&self, _: u64) -> bool {
        true
    }

    fn is_due(&self, _: u64, _: f64) -> bool {
        false
    }

    fn frame(&mut self, _: &Frame<'_>) -> SinkResult {
        Ok(())
    }

    fn batch(&mut self, _: u64) -> SinkResult {
        self.batches += 1;
        self.stop.store(self.batches == self.after, Ordering::Relaxed);
        Ok(())
    }

    fn epoch(&mut self, _: u64, _: u64) -> SinkResult {
        Ok(())
    }

    fn snapshot(&mut self, _: &Metrics) -> SinkResult {
        Ok(())
    }

    fn checkpoint(&mut self, _: &[u8]) -> SinkResult {
        self.states += 1;
        Ok(())
    }
}

#[test]
fn a_loss_that_runs_away_is_an_error() {
    let text = "optimizer = \"sgd\"\nloss = \"mse\"\nlr = 1e6\nepochs = 50";
    let config = config("source = \"digits\"", "layers = [64, 16, 10]\noutput = \"identity\"", text);
    let error = start(&config, 0).run(&Observation::default(), &mut Silent, &AtomicBool::new(false), &mut |_| {});
    let error = error.unwrap_err();
    assert_eq!(error.code(), "IP0601");
    assert!(error.to_string().contains("diverged at step") && error.hint().unwrap().contains("lr"));
}

#[test]
fn what_cannot_be_observed_is_refused_before_the_first_step() {
    let mut training = start(&digits(SHORT), 0);
    let stop = AtomicBool::new(false);
    let mut run = |plan: &Observation| training.run(plan, &mut Silent, &stop, &mut |_| {}).unwrap_err().code();
    assert_eq!(run(&Observation { taps: vec!["fc9".to_owned()], ..Observation::default() }), "IP0605");
    assert_eq!(run(&Observation { probe: vec![1797], ..Observation::default() }), "IP0606");
    assert_eq!(training.step(), 0);
    assert!(matches!(training.probe(&[0.0; 63], &[]), Err(Error::Probe { .. })));
}

#[test]
fn layers_must_fit_the_data() {
    for (layers, code) in [("[63, 10]", "IP0151"), ("[64, 9]", "IP0152"), ("[64]", "IP0150"), ("[64, 0, 10]", "IP0150")]
    {
        let config = config("source = \"digits\"", &format!("layers = {layers}"), "");
        let data = Arc::new(Dataset::load(&config.data).unwrap());
        assert_eq!(Training::start(&config, data, 0).err().unwrap().code(), code, "{layers}");
    }
}
