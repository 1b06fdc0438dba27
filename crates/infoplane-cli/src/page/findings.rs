//! What was found: verdict lines first, as published beside corrected, then the answers in a table.

use infoplane::verdict::{Answer, Headline, Mode, Verdict, headlines, network_of, summary};

use super::html::{details, escape, paragraph, table};
use super::{Report, code_link, distinct, rules, short_name};
use crate::output::short;

/// More lines of one question than this are drawn as a grid.
const LINES: usize = 4;

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
    let networks = distinct(report.rows.iter().filter_map(|row| row.run.as_deref()).map(network_of));
    let found: String = networks.iter().map(|network| of_network(network, &lines, verdicts)).collect();
    format!("{found}{}{}", answers(verdicts, &networks), details("Every verdict with its interval", &every(verdicts)))
}

/// As published beside corrected where one rule is asked both ways, then the other findings by question.
fn of_network(network: &str, lines: &[Headline], verdicts: &[Verdict]) -> String {
    let lines: Vec<&Headline> = lines.iter().filter(|line| line.network == network).collect();
    let verdicts: Vec<&Verdict> = verdicts.iter().filter(|verdict| verdict.network == network).collect();
    let published = |rule: &str| lines.iter().any(|line| line.rule == rule && line.mode == Mode::Published);
    let (twins, others): (Vec<&Headline>, Vec<&Headline>) =
        lines.iter().copied().partition(|line| published(line.rule));
    let side = |mode: Mode, heading: &str| {
        let items: String = twins.iter().filter(|line| line.mode == mode).map(|line| item(line)).collect();
        format!("<div>\n<h4>{heading}</h4>\n<ul>\n{items}</ul>\n</div>\n")
    };
    let both =
        side(Mode::Published, "As published: raw means") + &side(Mode::Corrected, "Corrected for floor and null");
    let both = if twins.is_empty() { String::new() } else { format!("<div class=found>\n{both}</div>\n") };
    let questions = distinct(others.iter().map(|line| line.question.as_str()));
    let others: String = questions.iter().map(|question| by_question(question, &others, &verdicts)).collect();
    let others = if others.is_empty() { others } else { format!("<div class=found>\n{others}</div>\n") };
    format!("<h3>{}</h3>\n{both}{others}", escape(short_name(network)))
}

/// The lines of a question, or where they are many a grid of subjects and places.
fn by_question(question: &str, lines: &[&Headline], verdicts: &[&Verdict]) -> String {
    let lines: Vec<&Headline> = lines.iter().copied().filter(|line| line.question == question).collect();
    let heading = escape(&sentence_case(question));
    if lines.len() > LINES {
        let verdicts: Vec<&Verdict> = verdicts.iter().copied().filter(|verdict| verdict.question == question).collect();
        let network = lines.first().map_or(String::new(), |line| escape(short_name(&line.network)));
        let label = format!("{network}: {heading}");
        return format!("<div class=whole>\n<h4>{heading}</h4>\n{}</div>\n", grid(&label, &lines, &verdicts));
    }
    let items: String = lines.iter().map(|line| item(line)).collect();
    format!("<div>\n<h4>{heading}</h4>\n<ul>\n{items}</ul>\n</div>\n")
}

/// Answer and value of each subject (a layer) at each place (a scale), rule and codes below.
fn grid(label: &str, lines: &[&Headline], verdicts: &[&Verdict]) -> String {
    let places = distinct(verdicts.iter().map(|verdict| verdict.place.as_str()));
    let subjects = distinct(verdicts.iter().map(|verdict| verdict.subject.as_str()));
    let head: String = places.iter().map(|place| ["<th scope=col>", &escape(place)].concat()).collect();
    let at = |subject: &str, place: &str| verdicts.iter().find(|v| v.subject == subject && v.place == place);
    let row = |subject: &&str| {
        let cells: String =
            places.iter().map(|place| at(subject, place).map_or("<td>".to_owned(), |v| cell(v))).collect();
        format!("<tr><th scope=row>{}{cells}\n", escape(subject))
    };
    let rows: String = subjects.iter().map(row).collect();
    let codes: Vec<&str> = distinct(lines.iter().flat_map(|line| &line.warnings).map(String::as_str));
    let codes: Vec<String> = codes.into_iter().map(code_link).collect();
    let rule = lines.first().map_or(String::new(), |line| rules::link(line.rule));
    format!(
        "<div class=scroll tabindex=0 role=region aria-label=\"{label}\"><table class=grid><thead><tr><td>{head}</thead>\n\
         <tbody>{rows}</tbody></table></div>\n<span class=facts>values in bits, mean over seeds · {rule} · {}</span>\n",
        codes.join(" ")
    )
}

fn cell(verdict: &Verdict) -> String {
    let value = verdict.value.filter(|_| verdict.answer != Answer::NoReading);
    let value = value.map_or(String::new(), |value| format!("<br>{value:.2}").replace('-', "−"));
    format!("<td><span class=\"answer {}\">{}</span>{value}", class(verdict.answer), verdict.answer)
}

/// A question as a heading; the heading already says what is asked, so the lines below do not.
fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn item(line: &Headline) -> String {
    let codes: Vec<String> = line.warnings.iter().map(|code| code_link(code)).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" · {}", codes.join(" ")) };
    let (class, word) = match line.answer {
        Some(answer) => (class(answer), answer.to_string()),
        None => ("unclear", "in part".to_owned()),
    };
    format!(
        "<li><span class=\"answer {class}\">{word}</span> {}<span class=facts>{}{codes}</span>\n",
        escape(&line.sentence),
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

/// The summary with a line for each question and a column for each network, in the page's order of networks.
fn answers(verdicts: &[Verdict], order: &[&str]) -> String {
    let mut summary = summary(verdicts);
    if summary.is_empty() {
        return String::new();
    }
    let questions = summary.remove(0);
    let place = |network: &Vec<String>| order.iter().position(|name| network[0].starts_with(short_name(name)));
    summary.sort_by_key(|network| place(network).unwrap_or(usize::MAX));
    let networks = summary;
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
        "<h3>Answers in a table</h3>\n<div class=\"scroll answers\" tabindex=0 role=region aria-label=\"Answers for each network\"><table>\
         <thead><tr><th scope=col>question{head}</thead>\n<tbody>{body}</tbody></table></div>\n"
    )
}

fn every(verdicts: &[Verdict]) -> String {
    let number = |x: Option<f64>| x.map_or(String::new(), short);
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
