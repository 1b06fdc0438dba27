//! Transfer entropy at one delay or several.

use infoplane_measures::selection::{AtDelay, Scan};
use infoplane_measures::{Embedded, Embedding, History, Samples, holm};

use super::asked::{Embed, Normalise, Question};
use super::embedding::chosen_history;
use super::plain::local;
use super::rows::Made;
use super::series::{Data, Series, label};
use super::{Answer, FilesError, Result};

pub(super) fn te(data: &Data, made: &Made) -> Result<Vec<Answer>> {
    let Question::Te { source, target, conditionals, embedding, delays } = &made.request.question else {
        return Ok(Vec::new());
    };
    if made.request.local && delays.len() != 1 {
        return Err(FilesError::ManyLocals { estimates: delays.len() });
    }
    let [from, into] = [data.series("source", source)?, data.series("target", target)?];
    let given = conditionals.iter().map(|(variable, history)| Ok((data.series("conditional", variable)?, *history)));
    let given = given.collect::<Result<Vec<(Series, History)>>>()?;
    let given: Vec<(&Samples, History)> = given.iter().map(|(series, history)| (&series.past, *history)).collect();
    let embedding = match made.request.embed {
        Some(embed) => chosen_embedding(embed, (&from, &into), *embedding, made)?,
        None => *embedding,
    };
    let scan = Scan {
        source: &from.past,
        target: &into.past,
        next: into.next(),
        conditionals: &given,
        embedding,
        delays,
        standardise: made.method.normalise == Normalise::After,
    };
    let null = made.request.null.as_ref().map(|null| (&null.null, null.draws, made.method.seed));
    let found = scan.run(made.method.chosen.information(), null, made.request.threads)?;
    let mut answers: Vec<Answer> =
        found.iter().map(|at| at_delay(at, &embedding, made).between(Some(source), target)).collect();
    let names: Vec<String> = conditionals.iter().map(|(variable, _)| label(variable)).collect();
    for answer in &mut answers {
        answer.row.cond = (!names.is_empty()).then(|| names.join(","));
    }
    searched(&mut answers, &found);
    made.charge(&mut answers, 1);
    if let ([answer], [at]) = (answers.as_mut_slice(), found.as_slice()) {
        let embedding = Embedding { delay: at.delay, ..embedding };
        let rows = Embedded::te_next(&from.past, &into.past, into.next(), &given, &embedding)?;
        answer.local = local(data, made, &rows, at.estimate.clone())?;
    }
    Ok(answers)
}

/// Both histories, each from its own series.
fn chosen_embedding(
    embed: Embed,
    (from, into): (&Series, &Series),
    asked: Embedding,
    made: &Made,
) -> Result<Embedding> {
    let (target, source) = (chosen_history(embed, &into.past, made)?, chosen_history(embed, &from.past, made)?);
    Ok(Embedding { k: target.length, target_tau: target.tau, l: source.length, source_tau: source.tau, ..asked })
}

fn at_delay(at: &AtDelay, embedding: &Embedding, made: &Made) -> Answer {
    let mut answer = made.answer(&at.estimate, at.draws.as_ref());
    embed(&mut answer, &Embedding { delay: at.delay, ..*embedding });
    answer
}

/// Writes the embedding into the row.
pub(super) fn embed(answer: &mut Answer, embedding: &Embedding) {
    let Embedding { k, l, target_tau, source_tau, delay } = *embedding;
    let row = &mut answer.row;
    [row.k, row.l, row.target_tau, row.source_tau, row.delay] =
        [k, l, target_tau, source_tau, delay].map(|value| Some(value as u32));
}

/// p-values corrected for the search: by the largest of each draw, or, where p is analytic, by Holm.
fn searched(answers: &mut [Answer], found: &[AtDelay]) {
    let delays = answers.len();
    if delays < 2 {
        return;
    }
    let analytic: Option<Vec<f64>> = answers.iter().map(|answer| answer.row.p).collect();
    let (corrected, how): (Option<Vec<f64>>, _) = match found.iter().map(|at| at.p_searched).collect::<Option<_>>() {
        Some(p) => (Some(p), "max"),
        None => (analytic.map(|p| holm(&p)), "holm"),
    };
    for (answer, q) in answers.iter_mut().zip(corrected.into_iter().flatten()) {
        answer.row.q = Some(q);
        answer.row.family = Some(format!("{how} over {delays} delays"));
    }
}
