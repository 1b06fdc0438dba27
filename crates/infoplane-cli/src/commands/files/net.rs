//! A network: the matrix to read, and its edges as a file.

use std::fmt::Write as _;
use std::path::Path;

use infoplane::files::{Answer, Variable};
use infoplane_record::{Cells, Row, Table};
use serde_json::{Map, Value, json};

use super::show::mark;
use crate::args::Estimate;
use crate::failure::Failure;
use crate::output::{aligned, short};
use crate::written::write_new;

/// How edges are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Csv,
    Json,
    GraphMl,
}

impl Kind {
    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
        match path.extension().map(|kind| kind.to_string_lossy().to_lowercase()).as_deref() {
            Some("csv") => Ok(Self::Csv),
            Some("json") => Ok(Self::Json),
            Some("graphml") => Ok(Self::GraphMl),
            _ => {
                Err(Failure::new("IP0126", format!("{}: edges are written as .csv, .json or .graphml", path.display())))
            }
        }
    }
}

/// The nodes: the columns asked for, or all columns of numbers but the trial's.
pub(super) fn nodes(table: &Table, columns: Option<&str>, trial: Option<usize>) -> Result<Vec<Variable>, Failure> {
    let asked = columns.map(|text| table.find(text)).transpose()?;
    let is_number = |place: &usize| matches!(table.columns()[*place].cells, Cells::Numbers(_));
    let all = || (0..table.columns().len()).filter(|place| is_number(place) && Some(*place) != trial).collect();
    let places: Vec<usize> = asked.unwrap_or_else(all);
    if let Some((_, again)) = places.iter().enumerate().find(|(number, place)| places[..*number].contains(place)) {
        let name = &table.columns()[*again].name;
        return Err(Failure::new("IP0127", format!("column `{name}` is named twice: a network has it once")));
    }
    let node = |place: usize| Variable { name: table.columns()[place].name.clone(), columns: vec![place] };
    Ok(places.into_iter().map(node).collect())
}

/// Sources down, targets across; of several delays the strongest. The mark is that of q.
pub(super) fn matrix(nodes: &[Variable], answers: &[Answer]) -> String {
    let strongest = strongest(answers);
    let cell = |source: &Variable, target: &Variable| {
        if source.name == target.name {
            return "·".to_owned();
        }
        let edge = strongest.iter().find(|row| is_edge(row, source, target));
        edge.map_or(String::new(), |row| {
            let stars = if row.q.is_some() || row.p.is_some() { format!(" {}", mark(row.q)) } else { String::new() };
            format!("{}{stars}", short(row.value))
        })
    };
    let names = nodes.iter().map(|node| node.name.clone());
    let mut lines = vec![std::iter::once("from \\ to".to_owned()).chain(names).collect::<Vec<_>>()];
    lines.extend(nodes.iter().map(|source| {
        std::iter::once(source.name.clone()).chain(nodes.iter().map(|target| cell(source, target))).collect()
    }));
    let columns = nodes.len() + 1;
    aligned(&lines, &vec![false; columns], "  ") + &foot(&strongest)
}

fn is_edge(row: &Row, source: &Variable, target: &Variable) -> bool {
    row.source.as_deref() == Some(&source.name) && row.target.as_deref() == Some(&target.name)
}

/// What the numbers are.
fn foot(rows: &[&Row]) -> String {
    let Some(row) = rows.first() else { return String::new() };
    let unit = if row.unit == "bits" { "bit" } else { "nat" };
    let tested = match (&row.family, &row.null, row.draws) {
        (Some(family), Some(null), Some(draws)) => format!("   marks: q ({family}; {draws} x {null})"),
        (Some(family), ..) => format!("   marks: q ({family}; analytic)"),
        _ => "   untested".to_owned(),
    };
    format!("TE in {unit}   {}   N {}{tested}\n", row.estimator, row.n)
}

/// One row for each pair: its strongest delay.
fn strongest(answers: &[Answer]) -> Vec<&Row> {
    let same = |a: &Answer, b: &Answer| (&a.row.source, &a.row.target) == (&b.row.source, &b.row.target);
    let best = |pair: &'_ [Answer]| -> Option<usize> {
        (0..pair.len()).max_by(|&a, &b| pair[a].row.value.total_cmp(&pair[b].row.value).then(b.cmp(&a)))
    };
    answers.chunk_by(same).filter_map(|pair| best(pair).map(|place| &pair[place].row)).collect()
}

/// Writes the edges, one for each pair.
pub(super) fn write(
    path: &Path,
    kind: Kind,
    nodes: &[Variable],
    answers: &[Answer],
    flags: &Estimate,
) -> Result<(), Failure> {
    let edges = strongest(answers);
    let text = match kind {
        Kind::Csv => csv(&edges),
        Kind::Json => node_link(nodes, &edges),
        Kind::GraphMl => graphml(nodes, &edges),
    };
    write_new(path, text.as_bytes(), flags.force)?;
    if !flags.quiet {
        crate::output::tell(&format!("edges  {}  ({} of {} nodes)", path.display(), edges.len(), nodes.len()));
    }
    Ok(())
}

/// What is said of an edge, with its type in `GraphML`. The first is the edge's weight.
const ATTRIBUTES: [(&str, &str); 7] = [
    ("weight", "double"),
    ("delay", "int"),
    ("n", "long"),
    ("effective", "double"),
    ("p", "double"),
    ("q", "double"),
    ("unit", "string"),
];

fn attributes(row: &Row) -> Vec<(&'static str, Value)> {
    let values = [
        Some(json!(row.value)),
        row.delay.map(|delay| json!(delay)),
        Some(json!(row.n)),
        row.effective.map(|effective| json!(effective)),
        row.p.map(|p| json!(p)),
        row.q.map(|q| json!(q)),
        Some(json!(row.unit)),
    ];
    ATTRIBUTES.iter().zip(values).filter_map(|(&(name, _), value)| Some((name, value?))).collect()
}

fn csv(edges: &[&Row]) -> String {
    let names: Vec<&str> = ATTRIBUTES.iter().map(|(name, _)| *name).collect();
    let mut text = format!("source,target,{}\n", names.join(","));
    for row in edges {
        let known = attributes(row);
        let value = |name: &str| known.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        let ends = [&row.source, &row.target].map(|end| Value::from(end.clone()));
        let cells = ends.into_iter().chain(names.iter().map(|name| value(name).unwrap_or(Value::Null)));
        let cells: Vec<String> = cells.map(|cell| crate::output::csv_cell(&cell)).collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

/// Node-link JSON, as networkx and d3 read it.
fn node_link(nodes: &[Variable], edges: &[&Row]) -> String {
    let edge = |row: &&Row| {
        let mut edge: Map<String, Value> =
            attributes(row).into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        edge.insert("source".to_owned(), json!(row.source));
        edge.insert("target".to_owned(), json!(row.target));
        Value::Object(edge)
    };
    let graph = json!({
        "directed": true,
        "multigraph": false,
        "graph": {"measure": "te", "estimator": edges.first().map(|row| &row.estimator)},
        "nodes": nodes.iter().map(|node| json!({"id": node.name})).collect::<Vec<_>>(),
        "edges": edges.iter().map(edge).collect::<Vec<_>>(),
    });
    graph.to_string() + "\n"
}

fn graphml(nodes: &[Variable], edges: &[&Row]) -> String {
    let mut text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" \
                    xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                    xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns \
                    http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n"
            .to_owned();
    for (name, kind) in ATTRIBUTES {
        let _ = writeln!(text, "  <key id=\"{name}\" for=\"edge\" attr.name=\"{name}\" attr.type=\"{kind}\"/>");
    }
    text += "  <graph edgedefault=\"directed\">\n";
    for node in nodes {
        let _ = writeln!(text, "    <node id=\"{}\"/>", escaped(&node.name));
    }
    for row in edges {
        let [source, target] = [&row.source, &row.target].map(|end| escaped(end.as_deref().unwrap_or_default()));
        let _ = writeln!(text, "    <edge source=\"{source}\" target=\"{target}\">");
        for (key, value) in attributes(row) {
            let value = value.as_str().map_or_else(|| value.to_string(), escaped);
            let _ = writeln!(text, "      <data key=\"{key}\">{value}</data>");
        }
        text += "    </edge>\n";
    }
    text + "  </graph>\n</graphml>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
