//! The report page: one self-contained HTML file, a pure function of what was recorded.
//!
//! No request leaves it, nothing in it needs a script: every figure is inline SVG. It carries no clock of its own,
//! so equal runs give equal pages.

mod compact;
mod figures;
mod findings;
mod html;
mod methods;
mod records;
mod references;
mod rules;
mod warnings;

use infoplane::figures::UnitMatrix;
use infoplane::verdict::verdicts;
use infoplane_record::{Metrics, Row};
use serde_json::{Map, Value};

use crate::config::Theme;
use html::{anchor, escape, section};

/// What a page is made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) theme: Theme,
    pub(crate) runs: Vec<RunRecord>,
    pub(crate) rows: Vec<Row>,
    /// Each line with its run.
    pub(crate) metrics: Vec<(String, Metrics)>,
    /// Unit matrices of the pairs chosen to be shown.
    pub(crate) units: Vec<UnitMatrix>,
}

/// What a run directory says of itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunRecord {
    /// As in the rows.
    pub(crate) id: String,
    /// `finished`, `running`, `stopped`, `interrupted`, `failed`.
    pub(crate) status: String,
    pub(crate) manifest: Map<String, Value>,
    /// The resolved config.
    pub(crate) config: String,
}

/// The page.
pub(crate) fn html(report: &Report) -> String {
    let verdicts = verdicts(&report.rows, &report.metrics);
    let parts = [
        ("findings", "What was found", findings::body(report, &verdicts)),
        ("warnings", "Warnings", warnings::body(report, &verdicts)),
        ("figures", "Figures", figures::body(report)),
        ("methods", "Methods", methods::body(report)),
        ("references", "References", references::body()),
        ("runs", "Runs, cost and config", records::body(report)),
    ];
    let links = parts.iter().map(|(id, heading, _)| format!("<li><a href=\"#{id}\">{heading}</a>\n"));
    let links = links.collect::<Vec<_>>().concat();
    let sections: String = parts.iter().map(|(id, heading, body)| section(id, heading, body)).collect();
    let theme = match report.theme {
        Theme::Auto => "",
        Theme::Light => " data-theme=light",
        Theme::Dark => " data-theme=dark",
    };
    format!(
        "<!doctype html>\n<html lang=en{theme}>\n<head>\n<meta charset=utf-8>\n\
         <meta name=viewport content=\"width=device-width,initial-scale=1\">\n\
         <meta name=generator content=\"infoplane {version}\">\n<title>{title} · infoplane</title>\n\
         <link rel=icon href=\"data:,\">\n<style>\n{style}</style>\n</head>\n<body>\n\
         <a class=skip href=\"#findings\">Skip to what was found</a>\n\
         <header>\n<h1>{title}</h1>\n{about}<nav aria-label=\"Parts of this page\"><ul>\n{links}</ul></nav>\n</header>\n\
         <main>\n{states}{sections}</main>\n{footer}</body>\n</html>\n",
        version = env!("CARGO_PKG_VERSION"),
        title = escape(&report.title),
        style = include_str!("style.css"),
        about = records::about(report),
        states = records::states(report),
        footer = footer(),
    )
}

fn footer() -> String {
    format!(
        "<footer>\n<p>Written by infoplane {}. This page is one file: it loads nothing and needs no script.</p>\n</footer>\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// A network's name without the folder of its sweep.
fn short_name(network: &str) -> &str {
    network.rsplit('/').next().unwrap_or(network)
}

/// A link to the explanation of a code on this page.
fn code_link(code: &str) -> String {
    format!("<a href=\"#{}\">{}</a>", anchor(code), escape(code))
}

/// What differs, in the order it appears.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

#[cfg(test)]
mod tests;
