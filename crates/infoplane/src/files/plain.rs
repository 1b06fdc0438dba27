//! Measures of one estimate: information, storage, entropy.

use infoplane_measures::{Embedded, Estimate, Information, Samples};

use super::asked::{Family, Normalise, Question};
use super::embedding::chosen_history;
use super::rows::Made;
use super::series::{Data, label};
use super::{Answer, FilesError, Result};

pub(super) fn mi(data: &Data, made: &Made) -> Result<Vec<Answer>> {
    let Question::Mi { x, y, given } = &made.request.question else { return Ok(Vec::new()) };
    let [xs, ys] = [data.series("x", x)?, data.series("y", y)?];
    let zs = given.as_ref().map(|given| data.series("given", given)).transpose()?;
    let none = Samples::empty(data.rows());
    let embedded = Embedded::cmi(&xs.past, &ys.past, zs.as_ref().map_or(&none, |zs| &zs.past))?;
    let mut answer = measured(data, made, embedded)?.between(Some(x), y);
    answer.row.cond = given.as_ref().map(label);
    Ok(vec![answer])
}

pub(super) fn ais(data: &Data, made: &Made) -> Result<Vec<Answer>> {
    let Question::Ais { x, history } = &made.request.question else { return Ok(Vec::new()) };
    let series = data.series("x", x)?;
    let history = match made.request.embed {
        Some(embed) => chosen_history(embed, &series.past, made)?,
        None => *history,
    };
    let mut answer = measured(data, made, Embedded::ais_next(&series.past, series.next(), history)?)?.between(None, x);
    answer.row.k = Some(history.length as u32);
    answer.row.target_tau = Some(history.tau as u32);
    Ok(vec![answer])
}

/// The estimate on rows that are made, with what was asked for beside it.
fn measured(data: &Data, made: &Made, embedded: Embedded) -> Result<Answer> {
    let embedded = match made.method.normalise {
        Normalise::After => embedded.standardised()?,
        _ => embedded,
    };
    let estimator: &dyn Information = made.method.chosen.information();
    let estimate = embedded.estimate(estimator)?;
    let draws = match &made.request.null {
        Some(null) => Some(embedded.null(estimator, &null.null, null.draws, made.method.seed, made.request.threads)?),
        None => None,
    };
    let mut answer = made.answer(&estimate, draws.as_ref());
    made.charge(std::slice::from_mut(&mut answer), 1);
    answer.local = local(data, made, &embedded, estimate)?;
    Ok(answer)
}

/// The local terms with the rows of the file, if they are wanted.
pub(super) fn local(
    data: &Data,
    made: &Made,
    embedded: &Embedded,
    estimate: Estimate,
) -> Result<Option<Vec<(usize, f64)>>> {
    if !made.request.local {
        return Ok(None);
    }
    let none = || FilesError::NoLocal { estimator: made.method.chosen.canonical.clone() };
    let terms = estimate.local.ok_or_else(none)?;
    let rows = embedded.rows.iter().map(|row| data.row_of_file(row));
    Ok(Some(rows.zip(terms).map(|(row, nats)| (row, made.value(nats))).collect()))
}

pub(super) fn entropy(data: &Data, made: &Made) -> Result<Vec<Answer>> {
    let Question::Entropy { x, family } = &made.request.question else { return Ok(Vec::new()) };
    let series = data.series("x", x)?;
    let embedded = Embedded::cmi(&series.past, &series.past, &Samples::empty(data.rows()))?;
    let embedded = match made.method.normalise {
        Normalise::After => embedded.standardised()?,
        _ => embedded,
    };
    let chosen = &made.method.chosen;
    let estimate = match family {
        None => chosen.entropy()?.entropy(&embedded.x)?,
        Some((Family::Renyi, order)) => chosen.renyi()?.renyi(&embedded.x, *order)?,
        Some((Family::Tsallis, order)) => chosen.tsallis()?.tsallis(&embedded.x, *order)?,
    };
    let mut answer = made.answer(&estimate, None).between(None, x);
    if let Some((family, order)) = family {
        let name = if *family == Family::Renyi { "renyi" } else { "tsallis" };
        answer.row.params.insert("family".to_owned(), name.into());
        // JSON has no infinity, and without its order min-entropy would be no one's
        let order = if order.is_finite() { (*order).into() } else { order.to_string().into() };
        answer.row.params.insert("order".to_owned(), order);
    }
    answer.local = local(data, made, &embedded, estimate)?;
    Ok(vec![answer])
}
