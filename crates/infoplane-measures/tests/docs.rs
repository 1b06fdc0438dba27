//! The registries and the documents that list them agree.

use std::fmt::Write;
use std::path::Path;

use infoplane_measures::estimators::CORRECTIONS;
use infoplane_measures::transforms::SERIES_SYMBOLS;
use infoplane_measures::{Chosen, ESTIMATORS, Laws, Registered, Samples, Takes, cmi, estimator};
use infoplane_spec::{Parameter, below, stream};

mod generated;

#[test]
fn section_of_estimators() {
    let mut text = String::new();
    for registered in ESTIMATORS {
        describe(&mut text, registered);
    }
    generated::assert_section("docs/estimators.md", "registered estimators", &text);
}

#[test]
fn section_of_laws() {
    let mut text =
        "| spec | I(X;Y) = I(Y;X) | independent | Gaussian | channel | XOR | chain | entropy | rows twice |\n"
            .to_owned();
    text.push_str("|---|---|---|---|---|---|---|---|---|\n");
    for (spec, laws, chosen) in cases() {
        let real = chosen.registered.takes != Takes::Symbols;
        let symbols = chosen.registered.takes != Takes::Real;
        let cells = [
            laws.symmetry.map_or("no".to_owned(), |far| if far == 0.0 { "exact".to_owned() } else { far.to_string() }),
            tolerance(true, laws.independence),
            tolerance(real, laws.gaussian),
            tolerance(symbols, laws.channel),
            tolerance(true, laws.xor),
            tolerance(true, laws.chain),
            tolerance(chosen.entropy().is_ok(), laws.entropy),
            (if laws.duplicates { "same" } else { "–" }).to_owned(),
        ];
        writeln!(text, "| `{spec}` | {} |", cells.join(" | ")).unwrap();
    }
    text.push('\n');
    for (spec, laws, _) in cases().into_iter().filter(|(_, laws, _)| !laws.why.is_empty()) {
        writeln!(text, "- `{spec}`: {}.", laws.why).unwrap();
    }
    generated::assert_section("docs/estimators.md", "laws", &text);
}

#[test]
fn section_of_corrections() {
    let mut text = "| `plugin:correction=` | reference |\n|---|---|\n".to_owned();
    for (name, _, citation) in CORRECTIONS {
        writeln!(text, "| `{name}` | {citation} |").unwrap();
    }
    generated::assert_section("docs/estimators.md", "corrections", &text);
}

#[test]
fn section_of_symbol_rules() {
    let mut text = String::new();
    for rule in SERIES_SYMBOLS {
        let cited = if rule.citation.is_empty() { String::new() } else { format!(" {}.", rule.citation) };
        writeln!(text, "**`{}`**: {}.{cited}\n", rule.name, rule.summary).unwrap();
        parameters(&mut text, rule.parameters);
    }
    generated::assert_section("docs/estimators.md", "symbol rules", &text);
}

#[test]
fn section_of_an_own_estimator() {
    let example = include_str!("../examples/own_estimator.rs");
    generated::assert_section("CONTRIBUTING.md", "own estimator", &format!("```rust\n{example}```\n"));
}

/// Every spec the laws are tested with, and what it is held to.
fn cases() -> Vec<(&'static str, Laws, Chosen)> {
    let of = |registered: &Registered| {
        let (name, laws) = (registered.entry.name, registered.laws);
        let own = if laws.specs.is_empty() { vec![name] } else { laws.specs.to_vec() };
        let cases: Vec<_> = own.into_iter().map(|spec| (spec, laws)).chain(laws.also.iter().copied()).collect();
        cases.into_iter().map(|(spec, laws)| (spec, laws, estimator(spec).unwrap()))
    };
    ESTIMATORS.iter().flat_map(|registered| of(registered)).collect()
}

fn tolerance(is_asked: bool, tolerance: Option<f64>) -> String {
    match (is_asked, tolerance) {
        (false, _) => "–".to_owned(),
        (true, None) => "no".to_owned(),
        (true, Some(errors)) => errors.to_string(),
    }
}

fn describe(text: &mut String, registered: &Registered) {
    let Registered { entry, takes, scaled, validity, laws } = registered;
    let chosen = estimator(laws.specs.first().copied().unwrap_or(entry.name)).unwrap();
    let takes = match takes {
        Takes::Symbols => "symbols",
        Takes::Real => "real values",
        Takes::Any => "real values and symbols, also together",
    };
    let mut gives = vec!["information"];
    gives.extend(chosen.entropy().is_ok().then_some("entropy"));
    gives.extend(chosen.renyi().is_ok().then_some("Rényi"));
    gives.extend(chosen.tsallis().is_ok().then_some("Tsallis"));
    let local = if has_local(&chosen) { "yes" } else { "no" };
    let scores = if *scaled { "by default, since the value depends on the scale of each column" } else { "not needed" };
    writeln!(text, "### `{}`\n\n{}. {}.\n", entry.name, capitalised(entry.summary), entry.citation).unwrap();
    writeln!(text, "Takes {takes}. Gives {}. Local values: {local}. z-scores: {scores}.\n", gives.join(", ")).unwrap();
    writeln!(text, "*When to trust it*: {validity}.\n").unwrap();
    parameters(text, entry.parameters);
}

fn parameters(text: &mut String, parameters: &[Parameter]) {
    if parameters.is_empty() {
        return;
    }
    text.push_str("| parameter | default | meaning |\n|---|---|---|\n");
    for Parameter { key, default, summary } in parameters {
        let default = match default {
            None => "must be given".to_owned(),
            Some("") => "–".to_owned(),
            Some(default) => format!("`{default}`"),
        };
        writeln!(text, "| `{key}` | {default} | {} |", summary.replace('|', "\\|")).unwrap();
    }
    text.push('\n');
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Whether I(X; Y | Z) comes with a term for each row.
fn has_local(chosen: &Chosen) -> bool {
    let mut rng = stream(1, "docs", 0);
    let numbers: [Vec<u32>; 3] = [0; 3].map(|_| (0..100).map(|_| below(&mut rng, 1_000_003)).collect());
    let [x, y, z] = match chosen.registered.takes {
        Takes::Symbols => {
            numbers.map(|n| Samples::symbols(&n.iter().map(|n| n % 3).collect::<Vec<_>>(), 1).unwrap().into_owned())
        }
        _ => numbers
            .map(|n| Samples::real(&n.iter().map(|&n| f64::from(n)).collect::<Vec<_>>(), 1).unwrap().into_owned()),
    };
    cmi(chosen.information(), &x, &y, &z).unwrap().local.is_some()
}

#[test]
fn every_file_with_an_entry_is_in_the_registry() {
    let mut declared = Vec::new();
    names_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/estimators"), &mut declared);
    let mut registered: Vec<String> = ESTIMATORS.iter().map(|registered| registered.entry.name.to_owned()).collect();
    declared.sort_unstable();
    registered.sort_unstable();
    assert_eq!(declared, registered, "entries in files, and in ESTIMATORS");
}

/// The names of the entries that the files of a folder declare.
fn names_in(folder: &Path, names: &mut Vec<String>) {
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        if file.is_dir() {
            names_in(&file, names);
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let declared =
            text.split("const ENTRY: Registered").skip(1).chain(text.split("static ENTRY: Registered").skip(1));
        names.extend(declared.map(|rest| rest.split("name: \"").nth(1).unwrap().split('"').next().unwrap().to_owned()));
    }
}

#[test]
fn entries_say_what_a_reader_needs() {
    let mut seen = Vec::new();
    for Registered { entry, validity, laws, .. } in ESTIMATORS {
        let name = entry.name;
        assert!(!seen.contains(&name), "`{name}` stands twice");
        seen.push(name);
        assert!(!entry.summary.is_empty() && !validity.is_empty(), "`{name}` has no summary or validity");
        let cited = ["doi:", "arXiv:", "ISBN"].iter().any(|mark| entry.citation.contains(mark));
        assert!(cited, "`{name}` cites nothing that can be found: {}", entry.citation);
        assert!(entry.parameters.iter().all(|parameter| !parameter.summary.is_empty()), "`{name}`");
        let none = [laws.symmetry, laws.independence, laws.gaussian, laws.channel, laws.xor, laws.chain, laws.entropy];
        assert!(
            !laws.why.is_empty() || none.iter().all(Option::is_some),
            "`{name}` gives no reason for a law without tolerance"
        );
    }
}
