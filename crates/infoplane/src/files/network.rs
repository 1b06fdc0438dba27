//! Transfer entropy of all ordered pairs of columns.

use infoplane_measures::network::{Edge, Net, te_net_next};
use infoplane_measures::{Embedding, Samples, benjamini_hochberg, max_statistic};

use super::asked::{Normalise, Question};
use super::rows::Made;
use super::series::{Data, Series};
use super::transfer::embed;
use super::{Answer, FilesError, Result};

pub(super) fn te_net(data: &Data, made: &Made) -> Result<Vec<Answer>> {
    let Question::Net { nodes, embedding, delays } = &made.request.question else { return Ok(Vec::new()) };
    if made.request.local {
        return Err(FilesError::ManyLocals { estimates: nodes.len() * nodes.len().saturating_sub(1) * delays.len() });
    }
    let series = nodes.iter().map(|node| data.series("series", node)).collect::<Result<Vec<Series>>>()?;
    let pasts: Vec<Samples> = series.iter().map(|one| one.past.clone()).collect();
    let nexts: Vec<Samples> = series.iter().map(|one| one.next().clone()).collect();
    let net = Net {
        embedding: *embedding,
        delays: delays.clone(),
        standardise: made.method.normalise == Normalise::After,
        null: made.request.null.as_ref().map(|null| (null.null, null.draws, made.method.seed)),
    };
    let edges = te_net_next(&pasts, &nexts, made.method.chosen.information(), &net, made.request.threads)?;
    let answer = |edge: &Edge| {
        let mut answer = made.answer(&edge.estimate, edge.draws.as_ref());
        embed(&mut answer, &Embedding { delay: edge.delay, ..*embedding });
        answer.between(Some(&nodes[edge.source]), &nodes[edge.target])
    };
    let mut answers: Vec<Answer> = edges.iter().map(answer).collect();
    let tests = adjusted(&mut answers, &edges, delays.len());
    made.charge(&mut answers, tests);
    Ok(answers)
}

/// q over all pairs; where delays were searched, each pair is tested by the largest of each draw over its delays, and
/// the q stands in the row of its strongest delay. Without surrogates every row is a test. Returns the number of tests.
fn adjusted(answers: &mut [Answer], edges: &[Edge], delays: usize) -> usize {
    let drawn = edges.iter().all(|edge| edge.draws.is_some());
    let group = if drawn { delays.max(1) } else { 1 };
    let strongest: Vec<(usize, f64)> = edges
        .chunks(group)
        .enumerate()
        .filter_map(|(at, pair)| {
            let (place, p) = strongest_of(pair, &answers[at * group..])?;
            Some((at * group + place, p))
        })
        .collect();
    let q = benjamini_hochberg(&strongest.iter().map(|(_, p)| *p).collect::<Vec<_>>());
    let family = match (group, strongest.len()) {
        (1, tests) if delays > 1 => format!("fdr-bh over {tests} pairs and delays"),
        (1, tests) => format!("fdr-bh over {tests} pairs"),
        (delays, tests) => format!("max over {delays} delays, fdr-bh over {tests} pairs"),
    };
    for ((place, _), q) in strongest.iter().zip(q) {
        answers[*place].row.q = Some(q);
        answers[*place].row.family = Some(family.clone());
    }
    strongest.len()
}

/// The strongest delay of a pair and its p, corrected for the delays.
fn strongest_of(pair: &[Edge], answers: &[Answer]) -> Option<(usize, f64)> {
    let values: Vec<f64> = pair.iter().map(|edge| edge.estimate.nats).collect();
    let place = (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b]).then(b.cmp(&a)))?;
    let draws: Option<Vec<_>> = pair.iter().map(|edge| edge.draws.clone()).collect();
    match draws {
        Some(draws) if pair.len() > 1 => Some((place, max_statistic(&values, &draws)[place])),
        _ => Some((place, answers[place].row.p?)),
    }
}
