//! The program as its user meets it: output, exit codes, and what is never overwritten.

use std::path::Path;
use std::process::{Command, Output};

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
