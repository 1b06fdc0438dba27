//! The commands that estimate something on a file: `te`, `te-net`, `mi`, `ais`, `entropy`.

mod ask;
mod local;
mod net;
mod show;

use infoplane::files::{Answer, Question, Request, Variable, answer};
use infoplane::measures::{Embedding, History};
use infoplane_record::Table;

use crate::args::{AisArgs, EntropyArgs, Estimate, Family, Format, Histories, Input, MiArgs, TeArgs, TeNetArgs};
use crate::failure::Failure;

/// Estimators that are taken unless one is named.
const INFORMATION: &str = "ksg:4";
const ENTROPY: &str = "knn:4";

pub(crate) fn te(args: &TeArgs) -> Result<(), Failure> {
    let table = ask::table(&args.input)?;
    let question = te_question(args, &table, (&args.source, &args.target))?;
    let mut request = ask::request(question, INFORMATION, &args.input, &args.estimate, &table)?;
    request.embed = args.embed.as_deref().map(ask::embed).transpose()?;
    let mut answers = vec![answer(&table, &request)?];
    if args.both {
        request.question = te_question(args, &table, (&args.target, &args.source))?;
        answers.push(answer(&table, &request)?);
    }
    finish(&answers, &request, &args.estimate, args.verbose)
}

fn te_question(args: &TeArgs, table: &Table, (source, target): (&str, &str)) -> Result<Question, Failure> {
    let (embedding, delays) = embedding(&args.histories)?;
    let conditionals = args.cond.iter().enumerate().map(|(place, columns)| {
        let of = |name, values: &[usize]| ask::one_for_each(name, values, args.cond.len(), place);
        let history = History {
            length: of("--cond-history", &args.cond_history)?,
            tau: of("--cond-tau", &args.cond_tau)?,
            delay: of("--cond-delay", &args.cond_delay)?,
        };
        Ok::<_, Failure>((Variable::find(table, columns)?, history))
    });
    Ok(Question::Te {
        source: Variable::find(table, source)?,
        target: Variable::find(table, target)?,
        conditionals: conditionals.collect::<Result<_, _>>()?,
        embedding,
        delays,
    })
}

pub(crate) fn te_net(args: &TeNetArgs) -> Result<(), Failure> {
    let kind = args.out.as_deref().map(net::Kind::of).transpose()?;
    let table = ask::table(&args.input)?;
    let (embedding, delays) = embedding(&args.histories)?;
    let trial = args.input.trial.as_deref().map(|column| ask::single(&table, column)).transpose()?;
    let nodes = net::nodes(&table, args.columns.as_deref(), trial)?;
    let question = Question::Net { nodes: nodes.clone(), embedding, delays };
    let request = ask::request(question, INFORMATION, &args.input, &args.estimate, &table)?;
    let answers = answer(&table, &request)?;
    tell(&args.estimate, &answers);
    if let (Some(out), Some(kind)) = (&args.out, kind) {
        net::write(out, kind, &nodes, &answers, &args.estimate)?;
    }
    match args.estimate.format {
        Format::Human => crate::output::print(&net::matrix(&nodes, &answers)),
        format => show::rows(&answers, format),
    }
}

pub(crate) fn mi(args: &MiArgs) -> Result<(), Failure> {
    let table = ask::table(&args.input)?;
    let given = args.cond.as_deref().map(|columns| Variable::find(&table, columns)).transpose()?;
    let question = Question::Mi { x: Variable::find(&table, &args.x)?, y: Variable::find(&table, &args.y)?, given };
    single(question, INFORMATION, &table, &args.input, &args.estimate)
}

pub(crate) fn ais(args: &AisArgs) -> Result<(), Failure> {
    let table = ask::table(&args.input)?;
    let history = History { length: args.target_history, tau: args.target_tau, delay: 1 };
    let question = Question::Ais { x: Variable::find(&table, &args.x)?, history };
    let mut request = ask::request(question, INFORMATION, &args.input, &args.estimate, &table)?;
    request.embed = args.embed.as_deref().map(ask::embed).transpose()?;
    finish(&[answer(&table, &request)?], &request, &args.estimate, true)
}

pub(crate) fn entropy(args: &EntropyArgs) -> Result<(), Failure> {
    let table = ask::table(&args.input)?;
    let family = args.family.zip(args.order).map(|(family, order)| match family {
        Family::Renyi => (infoplane::files::Family::Renyi, order),
        Family::Tsallis => (infoplane::files::Family::Tsallis, order),
    });
    let question = Question::Entropy { x: Variable::find(&table, &args.x)?, family };
    single(question, ENTROPY, &table, &args.input, &args.estimate)
}

fn single(question: Question, default: &str, table: &Table, input: &Input, flags: &Estimate) -> Result<(), Failure> {
    let request = ask::request(question, default, input, flags, table)?;
    finish(&[answer(table, &request)?], &request, flags, true)
}

fn embedding(histories: &Histories) -> Result<(Embedding, Vec<usize>), Failure> {
    let delays: Vec<usize> =
        infoplane_spec::inclusive_range(&histories.delay)?.into_iter().map(|delay| delay as usize).collect();
    let embedding = Embedding {
        k: histories.target_history,
        l: histories.source_history,
        target_tau: histories.target_tau,
        source_tau: histories.source_tau,
        delay: 1,
    };
    Ok((embedding, delays))
}

/// Writes what was asked for: local values, remarks, results.
fn finish(directions: &[Vec<Answer>], request: &Request, flags: &Estimate, all: bool) -> Result<(), Failure> {
    let answers: Vec<Answer> = directions.concat();
    tell(flags, &answers);
    if let Some(path) = &flags.local {
        local::write(path, &answers, flags.force)?;
    }
    match flags.format {
        Format::Human => crate::output::print(&show::lines(directions, request, all)),
        format => show::rows(&answers, format),
    }
}

/// Remarks on standard error, each once.
fn tell(flags: &Estimate, answers: &[Answer]) {
    if flags.quiet {
        return;
    }
    let mut told = std::collections::HashSet::new();
    for (code, text) in answers.iter().flat_map(|answer| &answer.remarks) {
        if told.insert(text) {
            crate::failure::warn(code, text);
        }
    }
}
