//! `infoplane estimators`: the list, with parameters, validity and citation.

use infoplane::measures::transforms::SERIES_SYMBOLS;
use infoplane::measures::{ESTIMATORS, Takes};
use infoplane_spec::{Parameter, SpecError};
use serde_json::{Map, Value, json};

use crate::args::{EstimatorsArgs, Format};
use crate::commands::explain::wrapped;
use crate::failure::Failure;
use crate::output::{Table, print};

const COLUMNS: &[&str] = &["name", "takes", "measures", "summary", "parameters", "validity", "citation"];

/// One that a user can name.
struct Listed {
    name: &'static str,
    takes: &'static str,
    measures: &'static str,
    summary: String,
    parameters: &'static [Parameter],
    validity: &'static str,
    citation: &'static str,
}

pub(crate) fn run(args: &EstimatorsArgs) -> Result<(), Failure> {
    let mut listed = listed();
    if let Some(name) = &args.name {
        let allowed: Vec<&'static str> = listed.iter().map(|one| one.name).collect();
        listed.retain(|one| one.name == name);
        if listed.is_empty() {
            return Err(SpecError::UnknownName { kind: "estimator", name: name.clone(), allowed }.into());
        }
    }
    match (args.format, &args.name) {
        (Format::Human, _) => print(&listed.iter().map(block).collect::<Vec<_>>().join("\n")),
        (format, _) => {
            Table { columns: COLUMNS.to_vec(), rows: listed.iter().map(object).collect() }.print(format, &[])
        }
    }
}

fn listed() -> Vec<Listed> {
    let estimators = ESTIMATORS.iter().map(|registered| Listed {
        name: registered.entry.name,
        takes: match registered.takes {
            Takes::Symbols => "symbols",
            Takes::Real => "real values",
            Takes::Any => "real values and symbols",
        },
        measures: measures(registered.entry.name),
        summary: registered.entry.summary.to_owned(),
        parameters: registered.entry.parameters,
        validity: registered.validity,
        citation: registered.entry.citation,
    });
    let rules = SERIES_SYMBOLS.iter().map(|rule| Listed {
        name: rule.name,
        takes: "real values",
        measures: "all",
        summary: format!("{}, then plugin; also for --symbols", rule.summary),
        parameters: rule.parameters,
        validity: "as plugin: useless unless there are many more rows than occupied joint states",
        citation: rule.citation,
    });
    estimators.chain(rules).collect()
}

/// Built by its defaults to see; one that must be told something has what the registry cannot show here.
fn measures(name: &'static str) -> &'static str {
    match infoplane::measures::estimator(name).map(|chosen| chosen.method.entropy().is_some()) {
        Ok(false) => "information",
        _ => "all",
    }
}

/// What a reader wants of one of them.
fn block(one: &Listed) -> String {
    let mut lines = vec![format!("{}   {}", one.name, one.summary)];
    lines.push(format!(
        "  takes {}; measures {}",
        one.takes,
        if one.measures == "all" { "all" } else { "te, mi, ais; no entropy" }
    ));
    for parameter in one.parameters {
        let default = parameter.default.filter(|default| !default.is_empty());
        let default = match (parameter.default, default) {
            (None, _) => " (must be given)".to_owned(),
            (_, Some(default)) => format!(" ({default})"),
            _ => String::new(),
        };
        lines.push(format!("    {}{default}: {}", parameter.key, parameter.summary));
    }
    lines.extend(wrapped(one.validity, 100).lines().map(|line| format!("  {line}")));
    lines.extend(wrapped(one.citation, 100).lines().map(|line| format!("  {line}")));
    lines.join("\n") + "\n"
}

fn object(one: &Listed) -> Map<String, Value> {
    let parameters: Vec<Value> = one
        .parameters
        .iter()
        .map(|parameter| json!({"key": parameter.key, "default": parameter.default, "summary": parameter.summary}))
        .collect();
    let cells: [(&str, Value); 7] = [
        ("name", one.name.into()),
        ("takes", one.takes.into()),
        ("measures", one.measures.into()),
        ("summary", one.summary.clone().into()),
        ("parameters", parameters.into()),
        ("validity", one.validity.into()),
        ("citation", one.citation.into()),
    ];
    cells.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
