//! The program as its user meets it: output, exit codes, and what is never overwritten.

use std::path::Path;
use std::process::{Command, Output};

use infoplane_record::{Metrics, NpyArray, Row, RunSetup, RunWriter, Status, Sweep};
use tempfile::TempDir;

/// Runs the program in `folder` without colour or variables of its own.
fn infoplane(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_infoplane"));
    for (key, _) in std::env::vars().filter(|(key, _)| key.starts_with("INFOPLANE_")) {
        command.env_remove(key);
    }
    command.current_dir(folder).env("NO_COLOR", "1").args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn explain_tells_of_one_code_and_lists_all() {
    let here = folder();
    let one = infoplane(here.path(), &["explain", "ip0102"]);
    assert_eq!(one.status.code(), Some(0));
    assert!(
        stdout(&one).starts_with("IP0102: a key that the config does not have\n\nA key without effect"),
        "{}",
        stdout(&one)
    );
    assert!(stdout(&one).lines().all(|line| line.chars().count() <= 80));
    let all = stdout(&infoplane(here.path(), &["explain"]));
    for code in ["IP0100", "IP0110", "IP0130", "IP0301", "IP0313"] {
        assert!(all.lines().any(|line| line.starts_with(code)), "{code} is not listed");
    }
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&infoplane(here.path(), &["explain", "--format", "json"]))).unwrap();
    assert!(json.as_array().unwrap().iter().all(|code| code["text"].is_string()));
}

#[test]
fn an_unknown_code_is_a_usage_error() {
    let here = folder();
    let output = infoplane(here.path(), &["explain", "IP9999"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error[IP0107]: no code `IP9999`\n"), "{}", stderr(&output));
    assert!(stderr(&output).ends_with(" = more: infoplane explain IP0107\n"), "{}", stderr(&output));
}

#[test]
fn usage_errors_carry_a_code_and_exit_2() {
    let here = folder();
    for arguments in [
        &["trian"][..],
        &["report"],
        &["report", "x", "--epoch", "1"],
        &["new", "--force"],
        &["explain", "--seed", "1"],
    ] {
        let output = infoplane(here.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).starts_with("error[IP0100]: "), "{arguments:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert!(stderr(&infoplane(here.path(), &["trian"])).contains("'train'"));
}

#[test]
fn help_and_version_are_results() {
    let here = folder();
    let help = infoplane(here.path(), &["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for command in ["new", "train", "demo", "report", "plot", "runs", "explain", "doctor", "completions"] {
        assert!(stdout(&help).contains(command), "{command}");
    }
    assert_eq!(stdout(&infoplane(here.path(), &["--version"])), format!("infoplane {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_exist_for_each_shell() {
    let here = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = infoplane(here.path(), &["completions", shell]);
        assert_eq!(script.status.code(), Some(0));
        assert!(stdout(&script).contains("infoplane") && stdout(&script).contains("explain"), "{shell}");
    }
}

#[test]
fn doctor_tells_of_the_machine_and_leaves_nothing_behind() {
    let here = folder();
    let report = infoplane(here.path(), &["doctor", "--format", "json"]);
    let facts: Vec<serde_json::Value> = serde_json::from_str(&stdout(&report)).unwrap();
    let found =
        |what: &str| facts.iter().find(|fact| fact["what"] == what).unwrap()["found"].as_str().unwrap().to_owned();
    assert_eq!(found("version"), env!("CARGO_PKG_VERSION"));
    assert!(found("threads").parse::<usize>().unwrap() >= 1);
    assert!(["scalar", "avx2", "avx512-vpopcntdq"].contains(&found("simd").as_str()), "{}", found("simd"));
    assert_eq!(found("output"), "runs can be made");
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
}

#[test]
fn new_writes_a_template_and_never_over_a_file_unasked() {
    let here = folder();
    let shown = infoplane(here.path(), &["new", "digits"]);
    assert!(stdout(&shown).contains("[model]"));
    assert_eq!(infoplane(here.path(), &["new", "-o", "ib.toml"]).status.code(), Some(0));
    let written = std::fs::read_to_string(here.path().join("ib.toml")).unwrap();
    assert_eq!(written, stdout(&infoplane(here.path(), &["new", "ib12"])));
    let again = infoplane(here.path(), &["new", "digits", "-o", "ib.toml"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).starts_with("error[IP0106]: ib.toml exists\n"), "{}", stderr(&again));
    assert_eq!(std::fs::read_to_string(here.path().join("ib.toml")).unwrap(), written);
    assert_eq!(infoplane(here.path(), &["new", "digits", "-o", "ib.toml", "--force"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(here.path().join("ib.toml")).unwrap(), stdout(&shown));
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 1);
}

#[test]
fn an_output_that_cannot_be_written_is_said() {
    let here = folder();
    let output = infoplane(here.path(), &["new", "-o", "no/such/folder/ib.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error[IP0120]: cannot write no/such/folder/ib.toml"), "{}", stderr(&output));
}

#[test]
fn colour_is_written_only_when_asked_for() {
    let here = folder();
    let plain = stderr(&infoplane(here.path(), &["explain", "x"]));
    let coloured = stderr(&infoplane(here.path(), &["explain", "x", "--color", "always"]));
    assert!(!plain.contains('\x1b') && coloured.contains("\x1b[1;31merror[IP0107]\x1b[0m"), "{coloured}");
}

#[test]
fn commands_that_read_refuse_what_is_no_run() {
    let here = folder();
    for arguments in
        [&["report", "."][..], &["plot", ".", "plane"], &["runs", "show", "."], &["runs", "show", "nowhere"]]
    {
        let output = infoplane(here.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).starts_with("error[IP04"), "{arguments:?}: {}", stderr(&output));
    }
    assert_eq!(infoplane(here.path(), &["runs", "ls", "nowhere"]).status.code(), Some(2));
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
}

/// A run of two snapshots with one pair and one layer, as training would leave it.
fn record_run(dir: &Path, id: &str, seed: u64, status: Option<Status>) {
    let setup = RunSetup {
        id: id.to_owned(),
        name: "small".to_owned(),
        seed,
        config_toml: "[report]\ntheme = \"dark\"\n".to_owned(),
        ..RunSetup::default()
    };
    let mut writer = RunWriter::create(dir, &setup).unwrap();
    for (step, epoch) in [(0, 0.0), (10, 1.0)] {
        let row = Row {
            run: Some(id.to_owned()),
            seed: Some(seed),
            attempt: Some(1),
            step: Some(step),
            epoch: Some(epoch),
            estimator: "plugin".to_owned(),
            unit: "bits".to_owned(),
            value: 0.25 + epoch / 8.0,
            n: 99,
            time: Some("probe".to_owned()),
            order: Some("by-class".to_owned()),
            ..Row::default()
        };
        let pair = Row {
            source: Some("fc1".to_owned()),
            target: Some("out".to_owned()),
            measure: "te".to_owned(),
            window: Some(0),
            floor: Some(0.01),
            ..row.clone()
        };
        let layer = |measure: &str| Row {
            layer: Some("fc1".to_owned()),
            measure: measure.to_owned(),
            estimator: "width:cell=0.5".to_owned(),
            ceiling: Some(6.6),
            ..row.clone()
        };
        writer.rows(&[pair, layer("i_xt"), layer("i_ty")]).unwrap();
        let values = NpyArray::f64(vec![2, 1], vec![0.1, 0.4 + epoch / 4.0]).unwrap();
        writer.unit_arrays(step, vec![("te/probe/by-class/0/fc1/out/value".to_owned(), values)]).unwrap();
        let metrics = Metrics { attempt: 1, step, epoch, train_acc: Some(0.5 + epoch / 4.0), ..Metrics::default() };
        writer.snapshot(&metrics).unwrap();
    }
    match status {
        Some(status) => writer.close(status).unwrap(),
        None => drop(writer),
    }
}

/// `runs/small` with a finished and an interrupted run.
fn recorded() -> TempDir {
    let here = folder();
    let dir = here.path().join("runs/small");
    std::fs::create_dir(here.path().join("runs")).unwrap();
    let mut sweep = Sweep::create(&dir, "small", &[], None).unwrap();
    for (seed, status) in [(0, Status::Finished), (1, Status::Interrupted)] {
        sweep.add(&format!("seed-{seed}"), seed, serde_json::Map::new()).unwrap();
        record_run(&dir.join(format!("seed-{seed}")), &format!("small/seed-{seed}"), seed, Some(status));
    }
    here
}

/// The rows as the recorder's own reader gives them.
fn rows_of(here: &Path) -> Vec<Row> {
    let sweep = Sweep::open(&here.join("runs/small")).unwrap();
    sweep.open_runs().unwrap().iter().flat_map(|run| run.rows().unwrap()).collect()
}

#[test]
fn runs_are_listed_with_their_state() {
    let here = recorded();
    let human = stdout(&infoplane(here.path(), &["runs", "ls"]));
    let lines: Vec<&str> = human.lines().collect();
    assert!(lines[0].starts_with("run") && lines[0].contains("status"), "{human}");
    assert!(lines[1].starts_with("small/seed-0") && lines[1].contains("finished"), "{human}");
    assert!(lines[2].starts_with("small/seed-1") && lines[2].contains("interrupted"), "{human}");
    let json = stdout(&infoplane(here.path(), &["runs", "ls", "--format", "json"]));
    let runs: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!((runs[0]["snapshots"].as_u64(), runs[0]["train_acc"].as_f64()), (Some(2), Some(0.75)));
}

#[test]
fn a_damaged_run_is_listed_and_hides_no_other() {
    let here = recorded();
    std::fs::write(here.path().join("runs/small/seed-0/manifest.json"), "{").unwrap();
    let human = stdout(&infoplane(here.path(), &["runs", "ls"]));
    assert!(human.contains("unreadable") && human.contains("small/seed-1"), "{human}");
}

#[test]
fn rows_are_the_same_in_every_format() {
    let here = recorded();
    let show =
        |format: &str| stdout(&infoplane(here.path(), &["runs", "show", "runs/small", "--rows", "--format", format]));
    let rows = rows_of(here.path());
    assert_eq!(rows.len(), 12);
    assert_eq!(serde_json::from_str::<Vec<Row>>(&show("json")).unwrap(), rows);
    let lines: Vec<Row> = show("jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, rows);
    assert_eq!(show("csv"), infoplane_record::rows_to_csv(&rows));
    assert_eq!(show("human").lines().count(), rows.len() + 1);
}

#[test]
fn a_run_shows_its_manifest() {
    let here = recorded();
    let human = stdout(&infoplane(here.path(), &["runs", "show", "runs/small/seed-1"]));
    assert!(human.lines().any(|line| line.starts_with("status") && line.ends_with("interrupted")), "{human}");
    assert!(!human.contains("sha256"), "{human}");
    let json = stdout(&infoplane(here.path(), &["runs", "show", "runs/small", "--format", "json"]));
    let manifests: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(manifests.iter().map(|manifest| manifest["seed"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_report_is_one_file_that_tells_of_each_run() {
    let here = recorded();
    let output = infoplane(here.path(), &["report", "runs/small"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        output.stdout.is_empty() && stderr(&output).starts_with("report  runs/small/report.html  ("),
        "{}",
        stderr(&output)
    );
    let page = std::fs::read_to_string(here.path().join("runs/small/report.html")).unwrap();
    assert!(page.contains("small/seed-1 was interrupted and can be resumed"));
    assert!(page.contains("<html lang=en data-theme=dark>") && page.contains("<svg"));
    // The folder's own report is replaced; another file is not.
    assert_eq!(infoplane(here.path(), &["report", "runs/small"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(here.path().join("runs/small/report.html")).unwrap(), page);
    let elsewhere = ["report", "runs/small/seed-0", "-o", "one.html"];
    assert_eq!(infoplane(here.path(), &elsewhere).status.code(), Some(0));
    let again = infoplane(here.path(), &elsewhere);
    assert!(again.status.code() == Some(2) && stderr(&again).starts_with("error[IP0106]"), "{}", stderr(&again));
}

#[test]
fn a_figure_goes_to_a_file_or_to_standard_output() {
    let here = recorded();
    let shown = stdout(&infoplane(here.path(), &["plot", "runs/small", "plane"]));
    assert!(shown.starts_with("<svg") && shown.ends_with("</svg>\n"), "{shown}");
    let written = infoplane(here.path(), &["plot", "runs/small", "plane", "-o", "plane.svg"]);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    assert_eq!(std::fs::read_to_string(here.path().join("plane.svg")).unwrap(), shown);
    assert_eq!(infoplane(here.path(), &["plot", "runs/small", "plane", "-o", "plane.svg"]).status.code(), Some(2));
}

#[test]
fn a_figure_of_unit_pairs_takes_the_snapshot_asked_for() {
    let here = recorded();
    let last = stdout(&infoplane(here.path(), &["plot", "runs/small", "te-units"]));
    let first = stdout(&infoplane(here.path(), &["plot", "runs/small", "te-units", "--epoch", "0"]));
    assert!(last.contains("epoch 1") && first.contains("epoch 0") && last != first);
}

#[test]
fn what_a_figure_cannot_be_is_refused_with_the_remedy() {
    let here = recorded();
    for (arguments, code, remedy) in [
        (&["plane", "-o", "plane.pdf"][..], "IP0109", "rsvg-convert"),
        (&["plane", "-o", "plane.png"], "IP0109", "plane.svg"),
        (&["plan"], "IP0141", "did you mean `plane`?"),
        (&["te-time", "--source", "fc9"], "IP0142", "fc1"),
        (&["te-units", "--measure", "coupling"], "IP0122", "runs show"),
    ] {
        let output = infoplane(here.path(), &[&["plot", "runs/small"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let seen = stderr(&output);
        assert!(seen.starts_with(&format!("error[{code}]")) && seen.contains(remedy), "{arguments:?}: {seen}");
    }
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 1);
}

#[test]
fn a_run_that_was_killed_is_shown_as_failed_or_stopped_and_still_opens() {
    let here = folder();
    record_run(&here.path().join("killed"), "killed", 0, None);
    let output = infoplane(here.path(), &["runs", "show", "killed", "--rows", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Vec<Row>>(&stdout(&output)).unwrap().len(), 6);
    assert!(stdout(&infoplane(here.path(), &["runs", "ls", "."])).contains("failed"));
}

/// What the user sees when a config is refused, and that nothing was written.
#[cfg(feature = "train")]
fn refused(config: &str, flags: &[&str]) -> String {
    let here = folder();
    std::fs::write(here.path().join("ib.toml"), config).unwrap();
    let output = infoplane(here.path(), &[&["train", "-c", "ib.toml"], flags].concat());
    assert_eq!(output.status.code(), Some(2), "{config}: {}", stderr(&output));
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 1, "{config}: something was written");
    stderr(&output)
}

#[test]
#[cfg(feature = "train")]
fn configs_that_do_not_fit_are_refused_before_anything_is_written() {
    let whole = "[data]\nsource = \"ib12\"\n[model]\nlayers = [12, 4, 2]\n";
    for (config, flags, words) in [
        ("[mi]\nbinz = 30\n", &[][..], ["error[IP0102]: unknown key `binz` in [mi]", "ib.toml:6:1"]),
        ("[train]\nepochs = \"ten\"\n", &[], ["error[IP0103]: `train.epochs`", "ib.toml:6:10"]),
        ("[train]\nepochs = 0\n", &[], ["train.epochs = 0", "ib.toml:6:10"]),
        ("", &["--set", "train.epochs=0"], ["train.epochs = 0", "--set train.epochs=0"]),
        ("", &["--set", "model.layers=[11, 2]"], ["model.layers begins with 11", "12 features"]),
        ("", &["--set", "model.layers=[12, 3]"], ["model.layers ends with 3", "2 classes"]),
        ("", &["--set", "te.window=100000"], ["`te.window` is 100000", "epoch"]),
        ("[record]\nstore = \"f32\"\n", &[], ["`record.store`", "ib.toml:6:9"]),
    ] {
        let seen = refused(&format!("{whole}{config}"), flags);
        assert!(words.iter().all(|word| seen.contains(word)), "{config} {flags:?}\n{seen}");
        assert!(seen.contains("= more: infoplane explain IP01"), "{seen}");
    }
}

#[test]
fn without_its_config_nothing_is_trained() {
    let here = folder();
    let output = infoplane(here.path(), &["train", "-c", "nowhere.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error[IP0101]: cannot read the config nowhere.toml"), "{}", stderr(&output));
}
