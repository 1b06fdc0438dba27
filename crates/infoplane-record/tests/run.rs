//! Writing, reading, resuming, replacing.

mod training;

use std::fs;

use infoplane_record::{Cost, Metrics, NpyArray, RecordError, Row, Run, RunSetup, RunWriter, Status, Sweep, replace};
use infoplane_spec::Coded;
use serde_json::{Map, json};
use training::{assert_same, bury, copy, edit_manifest, finish, rows, setup, steps, train, unbroken};

fn row(step: u64, value: f64) -> Row {
    let (measure, estimator, unit) = ("te".to_owned(), "plugin".to_owned(), "bits".to_owned());
    Row { step: Some(step), time: Some("probe".into()), measure, estimator, value, unit, n: 9, ..Row::default() }
}

fn snapshot(writer: &mut RunWriter, step: u64, value: f64) {
    writer.rows(&[row(step, value)]).unwrap();
    writer.snapshot(&Metrics { step, epoch: step as f64 / 10.0, ..Metrics::default() }).unwrap();
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("sweep/seed-3");
    let facts = json!({ "cpu": "some", "status": "not the field", "schema": 9 });
    let setup = RunSetup { seed: 3, facts: facts.as_object().unwrap().clone(), ..setup() };
    let mut writer = RunWriter::create(&dir, &setup).unwrap();
    let scalars: Map<_, _> = [("lr".to_owned(), json!(0.5))].into_iter().collect();
    let line = Metrics { step: 7, epoch: 0.7, t: 1.5, test_acc: Some(0.25), scalars, ..Metrics::default() };
    writer.rows(&[row(7, 0.1), row(7, f64::MIN_POSITIVE)]).unwrap();
    writer.unit_arrays(7, vec![("kept/fc1".into(), NpyArray::i64(vec![2], vec![4, 9]).unwrap())]).unwrap();
    writer.snapshot(&line).unwrap();
    writer.fact("report", json!({ "theme": "auto" }));
    writer.fact("status", json!("broken"));
    writer.close(Status::Finished).unwrap();

    let run = Run::open(&dir).unwrap();
    assert_eq!(run.rows().unwrap(), [0.1, f64::MIN_POSITIVE].map(|v| Row { attempt: Some(1), ..row(7, v) }));
    assert_eq!(run.metrics().unwrap(), [Metrics { attempt: 1, ..line }]);
    assert_eq!(run.unit_arrays(7).unwrap()[0].1.to_i64().unwrap(), [4, 9]);
    assert_eq!((run.config_toml().unwrap(), run.input_toml().unwrap()), (setup.config_toml, setup.input_toml));
    assert_eq!(run.probe().unwrap(), setup.probe);
    let manifest = run.manifest();
    assert_eq!((manifest.seed, manifest.schema, run.status()), (3, 1, Status::Finished));
    assert_eq!((&manifest.facts["cpu"], &manifest.facts["report"]["theme"]), (&json!("some"), &json!("auto")));
    assert!(manifest.started.ends_with('Z') && manifest.ended.is_some());
    let listed: Vec<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    let whole = ["config.input.toml", "config.toml", "log.jsonl", "metrics.jsonl", "probe.json", "results.jsonl"];
    assert_eq!(listed, [&whole[..], &["units/7.npz"]].concat());
    assert_eq!(manifest.cost.bytes, manifest.files.iter().map(|file| file.bytes).sum::<u64>());
}

#[test]
fn equal_runs_give_equal_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (unbroken(&folder.path().join("a")), unbroken(&folder.path().join("b")));
    for name in ["results.jsonl", "metrics.jsonl", "probe.json", "config.toml"] {
        assert!(fs::read(a.dir().join(name)).unwrap() == fs::read(b.dir().join(name)).unwrap(), "{name}");
    }
    assert_same(&a, &b);
}

#[test]
fn a_later_attempt_supersedes_only_what_it_reached() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let mut writer = RunWriter::create(&dir, &setup()).unwrap();
    snapshot(&mut writer, 80, 1.0);
    snapshot(&mut writer, 90, 1.0);
    writer.checkpoint(&[90]).unwrap();
    snapshot(&mut writer, 95, 1.0);
    snapshot(&mut writer, 100, 1.0);
    writer.close(Status::Interrupted).unwrap();
    let (mut writer, state) = RunWriter::resume(&dir, &setup()).unwrap();
    assert_eq!((writer.attempt(), state), (2, Some(vec![90])));
    snapshot(&mut writer, 95, 2.0);
    // The snapshot at 100 is in flight when the run ends.
    writer.rows(&[row(100, 2.0)]).unwrap();
    writer.close(Status::Interrupted).unwrap();
    let run = Run::open(&dir).unwrap();
    let seen = |run: &Run| run.rows().unwrap().iter().map(|row| (row.step.unwrap(), row.value)).collect::<Vec<_>>();
    assert_eq!(seen(&run), [(80, 1.0), (90, 1.0), (95, 2.0), (100, 1.0)]);
    let lines: Vec<_> = run.metrics().unwrap().iter().map(|line| (line.step, line.attempt)).collect();
    assert_eq!(lines, [(80, 1), (90, 1), (95, 2), (100, 1)]);
    let (mut writer, _) = RunWriter::resume(&dir, &setup()).unwrap();
    snapshot(&mut writer, 95, 3.0);
    snapshot(&mut writer, 100, 3.0);
    writer.close(Status::Finished).unwrap();
    assert_eq!(seen(&run), [(80, 1.0), (90, 1.0), (95, 3.0), (100, 3.0)]);
    let attempts = Run::open(&dir).unwrap().manifest().attempts.clone();
    assert_eq!(attempts.iter().map(|attempt| attempt.attempt).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(attempts[1].status, Status::Interrupted);
}

#[test]
fn a_checkpoint_commits_the_rows_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let mut writer = RunWriter::create(&dir, &setup()).unwrap();
    snapshot(&mut writer, 3, 1.0);
    writer.rows(&[row(4, 1.0)]).unwrap();
    writer.checkpoint(&[1]).unwrap();
    writer.rows(&[row(6, 1.0)]).unwrap();
    writer.close(Status::Failed).unwrap();
    assert_eq!(rows(&Run::open(&dir).unwrap()).iter().filter_map(|row| row.step).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn an_interrupted_run_is_resumed_to_the_rows_of_an_unbroken_one() {
    let folder = tempfile::tempdir().unwrap();
    let reference = unbroken(&folder.path().join("unbroken"));
    let dir = folder.path().join("run");
    let mut writer = RunWriter::create(&dir, &setup()).unwrap();
    let mut calls = 0;
    train(&mut writer, None, |_, _| {
        calls += 1;
        calls < 9
    })
    .unwrap();
    writer.close(Status::Interrupted).unwrap();
    let run = Run::open(&dir).unwrap();
    assert_eq!(run.status(), Status::Interrupted);
    assert!(steps(&run).len() < steps(&reference).len());
    finish(&dir);
    assert_same(&Run::open(&dir).unwrap(), &reference);
}

#[test]
fn a_folder_that_stands_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let refusals = [
        RunWriter::create(folder.path(), &setup()).unwrap_err(),
        Sweep::create(folder.path(), "x", &[], None).unwrap_err(),
    ];
    for error in refusals {
        assert_eq!(error.code(), "IP0401");
        assert!(error.hint().unwrap().contains("--force"));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_second_writer_is_refused_while_the_first_lives() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let mut writer = RunWriter::create(&dir, &setup()).unwrap();
    snapshot(&mut writer, 0, 1.0);
    writer.checkpoint(&[0]).unwrap();
    assert!(matches!(RunWriter::resume(&dir, &setup()), Err(RecordError::LiveWriter { .. })));
    let copied = folder.path().join("copy");
    copy(&dir, &copied);
    assert_eq!(Run::open(&copied).unwrap().status(), Status::Running);
    bury(&copied);
    assert_eq!(Run::open(&copied).unwrap().status(), Status::Stopped);
    assert!(RunWriter::resume(&copied, &setup()).is_ok());
}

#[test]
fn where_no_process_can_be_asked_the_heartbeat_decides() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let writer = RunWriter::create(&dir, &setup()).unwrap();
    edit_manifest(&dir, |manifest| manifest["process"] = json!({ "place": "elsewhere", "start": 1 }));
    assert_eq!(Run::open(&dir).unwrap().status(), Status::Running);
    assert!(matches!(RunWriter::resume(&dir, &setup()), Err(RecordError::LiveWriter { .. })));
    edit_manifest(&dir, |manifest| manifest["heartbeat"] = json!("2001-01-01T00:00:00Z"));
    assert_eq!(Run::open(&dir).unwrap().status(), Status::Stopped);
    assert!(RunWriter::resume(&dir, &setup()).is_ok());
    drop(writer);
}

#[test]
fn a_resume_wants_the_same_config_and_an_unfinished_run() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    RunWriter::create(&dir, &setup()).unwrap().close(Status::Interrupted).unwrap();
    let other = RunSetup { config_toml: setup().config_toml.replace("\"0\"", "\"1\""), ..setup() };
    let error = RunWriter::resume(&dir, &other).unwrap_err();
    assert!(matches!(&error, RecordError::ConfigDiffers { line: 3, .. }), "{error}");
    let (writer, state) = RunWriter::resume(&dir, &setup()).unwrap();
    assert_eq!(state, None, "no checkpoint yet: begin again");
    writer.close(Status::Finished).unwrap();
    assert!(matches!(RunWriter::resume(&dir, &setup()), Err(RecordError::Finished { .. })));
    assert!(matches!(RunWriter::resume(&folder.path().join("no"), &setup()), Err(RecordError::NotARun { .. })));
}

#[test]
fn a_writer_that_is_dropped_has_failed() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    drop(RunWriter::create(&dir, &setup()).unwrap());
    assert_eq!(Run::open(&dir).unwrap().status(), Status::Failed);
}

#[test]
fn warnings_stand_once_and_cost_adds_up() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let cost = Cost { training_secs: 10.0, recorder_secs: 0.5, ..Cost::default() };
    let mut writer = RunWriter::create(&dir, &setup()).unwrap();
    for place in ["fc1", "fc1", "fc2"] {
        writer.warn("IP0301", place, "at its ceiling").unwrap();
    }
    writer.cost(&cost);
    writer.close(Status::Interrupted).unwrap();
    let (mut writer, _) = RunWriter::resume(&dir, &setup()).unwrap();
    writer.warn("IP0301", "fc2", "at its ceiling").unwrap();
    writer.cost(&cost);
    writer.cost(&cost);
    writer.close(Status::Finished).unwrap();
    let run = Run::open(&dir).unwrap();
    let places: Vec<&str> = run.manifest().warnings["IP0301"].iter().map(|w| w.r#where.as_str()).collect();
    assert_eq!(places, ["fc1", "fc2"]);
    assert_eq!(run.log().unwrap().len(), 2);
    assert_eq!((run.manifest().cost.training_secs, run.manifest().cost.share()), (20.0, 0.05));
}

#[test]
fn a_value_that_is_no_number_is_refused_with_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = RunWriter::create(&folder.path().join("run"), &setup()).unwrap();
    let error = writer.rows(&[row(4, f64::NAN)]).unwrap_err();
    assert!(matches!(error, RecordError::NotANumber { .. }) && error.to_string().contains("step 4"));
}

#[test]
fn a_metric_that_is_no_number_is_absent() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let mut writer = RunWriter::create(&dir, &setup()).unwrap();
    writer.snapshot(&Metrics { train_loss: Some(f64::NAN), ..Metrics::default() }).unwrap();
    assert_eq!(Run::open(&dir).unwrap().metrics().unwrap()[0].train_loss, None);
}

#[test]
fn a_sweep_lists_its_runs_and_a_run_alone_opens_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("runs/ib");
    let mut sweep = Sweep::create(&dir, "ib", &["model.activation".into()], Some("demo")).unwrap();
    let settings: Map<_, _> = [("model.activation".to_owned(), json!("tanh"))].into_iter().collect();
    sweep.add("tanh-seed-0", 0, settings.clone()).unwrap();
    sweep.add("tanh-seed-0", 0, settings.clone()).unwrap();
    sweep.add("tanh-seed-1", 1, settings.clone()).unwrap();
    RunWriter::create(&dir.join("tanh-seed-0"), &setup()).unwrap().close(Status::Finished).unwrap();
    let read = Sweep::open(&dir).unwrap();
    assert_eq!((read.runs(), read.varying(), read.made_by()), (sweep.runs(), sweep.varying(), Some("demo")));
    assert_eq!((read.runs().len(), read.open_runs().unwrap().len()), (2, 1));
    let alone = Sweep::open(&dir.join("tanh-seed-0")).unwrap();
    assert!(alone.is_single_run());
    assert_eq!(alone.open_runs().unwrap()[0].dir(), dir.join("tanh-seed-0"));
    for path in ["", "..", "../x", "/etc", "a/../../b"] {
        assert!(matches!(sweep.add(path, 0, Map::new()), Err(RecordError::Outside { .. })), "{path}");
    }
}

type Built = Result<(), RecordError>;

fn build_demo(dir: &std::path::Path) -> Built {
    Sweep::create(dir, "new", &[], Some("demo")).map(drop)
}

#[test]
fn only_ours_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    replace(&dir, Some("demo"), build_demo).unwrap();
    fs::write(dir.join("report.html"), "old").unwrap();
    replace(&dir, Some("demo"), build_demo).unwrap();
    assert!(!dir.join("report.html").exists(), "replaced whole");
    // Not a demo's.
    let other = folder.path().join("other");
    Sweep::create(&other, "other", &[], None).unwrap();
    assert!(matches!(replace(&other, Some("demo"), build_demo), Err(RecordError::NotOurs { .. })));
    assert_eq!(Sweep::open(&other).unwrap().name(), "other");
    replace(&other, None, build_demo).unwrap();
    assert_eq!(Sweep::open(&other).unwrap().name(), "new");
    // Not ours at all.
    let foreign = folder.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("thesis.tex"), "mine").unwrap();
    assert!(matches!(replace(&foreign, None, build_demo), Err(RecordError::NotOurs { .. })));
    assert!(foreign.join("thesis.tex").exists());
    fs::write(folder.path().join("file"), "mine").unwrap();
    assert!(matches!(replace(&folder.path().join("file"), None, build_demo), Err(RecordError::NotOurs { .. })));
}

#[test]
fn what_is_written_to_is_not_replaced_and_a_failure_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("sweep");
    let mut sweep = Sweep::create(&dir, "old", &[], None).unwrap();
    sweep.add("seed-0", 0, Map::new()).unwrap();
    let writer = RunWriter::create(&dir.join("seed-0"), &setup()).unwrap();
    assert!(matches!(replace(&dir, None, build_demo), Err(RecordError::LiveWriter { .. })));
    writer.close(Status::Finished).unwrap();
    let failed = replace(&dir, None, |new| {
        build_demo(new)?;
        Err::<(), _>(RecordError::Cadence { got: "anything".into() })
    });
    assert!(failed.is_err());
    assert_eq!(Sweep::open(&dir).unwrap().name(), "old");
    // A kill between the two renames.
    fs::rename(&dir, folder.path().join(".sweep.replaced")).unwrap();
    let failed = replace(&dir, None, |_| Err::<(), _>(RecordError::Cadence { got: "anything".into() }));
    assert!(failed.is_err());
    assert_eq!(Sweep::open(&dir).unwrap().name(), "old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside");
}
