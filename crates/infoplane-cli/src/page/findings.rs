//! What was found: verdict lines first, as published beside corrected, then the table of answers.

use infoplane::verdict::{Answer, Headline, Mode, Verdict, headlines, summary};

use super::html::{details, escape, paragraph, table};
use super::{Report, code_link, distinct, rules};

pub(crate) fn body(report: &Report, verdicts: &[Verdict]) -> String {
    if verdicts.is_empty() {
        let why = if report.rows.is_empty() {
            "No estimate was recorded yet."
        } else {
            "No rule applies to these estimates."
        };
        return paragraph(why);
    }
    let lines = headlines(verdicts);
    let networks = distinct(lines.iter().map(|line| line.network.as_str()));
    let found: String = networks.iter().map(|network| of_network(network, &lines)).collect();
    format!(
        "{found}<h3>Answers in a table</h3>\n{}{}",
        answers(verdicts),
        details("Every verdict with its interval", &every(verdicts))
    )
}

fn of_network(network: &str, lines: &[Headline]) -> String {
    let side = |mode: Mode, heading: &str, empty: &str| {
        let items: String =
            lines.iter().filter(|line| line.network == network && line.mode == mode).map(item).collect();
        let items = if items.is_empty() { paragraph(empty) } else { format!("<ul>\n{items}</ul>\n") };
        format!("<div>\n<h4>{heading}</h4>\n{items}</div>\n")
    };
    let corrected = side(Mode::Corrected, "Corrected for floor, null, driver and ceiling", "Nothing was tested.");
    let published = side(Mode::Published, "As published: raw means", "The published findings were not asked for.");
    format!("<h3>{}</h3>\n<div class=found>\n{published}{corrected}</div>\n", escape(network))
}

fn item(line: &Headline) -> String {
    let codes: Vec<String> = line.warnings.iter().map(|code| code_link(code)).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" · {}", codes.join(" ")) };
    let (class, word) = match line.answer {
        Some(answer) => (class(answer), answer.to_string()),
        None => ("unclear", "in part".to_owned()),
    };
    format!(
        "<li><span class=\"answer {class}\">{word}</span> {}<span class=facts>{} · {}{codes}</span>\n",
        escape(&line.sentence),
        escape(&line.question),
        rules::link(line.rule)
    )
}

fn class(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Unclear => "unclear",
        Answer::NoReading => "no-reading",
    }
}

/// The summary with a line for each question and a column for each network.
fn answers(verdicts: &[Verdict]) -> String {
    let summary = summary(verdicts);
    let Some((questions, networks)) = summary.split_first() else { return String::new() };
    let column = |network: &Vec<String>| format!("<th scope=col>{}", escape(&network[0]));
    let head: String = networks.iter().map(column).collect();
    let cell = |network: &Vec<String>, at: usize| {
        format!("<td>{}", network[at].split("; ").map(escape).collect::<Vec<_>>().join("<br>"))
    };
    let row = |at: usize| {
        let cells: String = networks.iter().map(|network| cell(network, at)).collect();
        format!("<tr><th scope=row>{}{cells}\n", escape(&questions[at]))
    };
    let body: String = (1..questions.len()).map(row).collect();
    format!(
        "<div class=\"scroll answers\" tabindex=0 role=region aria-label=\"Answers for each network\"><table>\
         <thead><tr><th scope=col>question{head}</thead>\n<tbody>{body}</tbody></table></div>\n"
    )
}

fn every(verdicts: &[Verdict]) -> String {
    let number = |x: Option<f64>| x.map_or(String::new(), crate::output::short);
    let line = |verdict: &Verdict| {
        vec![
            verdict.network.clone(),
            verdict.mode.to_string(),
            verdict.rule.to_owned(),
            verdict.place.clone(),
            verdict.subject.clone(),
            verdict.answer.to_string(),
            number(verdict.value),
            number(verdict.lo),
            number(verdict.hi),
            verdict.seeds.to_string(),
            verdict.warnings.join(" "),
        ]
    };
    let rows: Vec<Vec<String>> = verdicts.iter().map(line).collect();
    let header =
        ["network", "report", "rule", "place", "subject", "answer", "value", "from", "to", "seeds", "warnings"];
    table("Every verdict; values and 95 % intervals over seeds in bits", &header, &rows)
}
