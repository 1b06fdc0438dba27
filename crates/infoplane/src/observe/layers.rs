//! Mutual information of one tap with input and label: layer estimates to rows.

use infoplane_measures::layers::{LabelNull, Layer, LayerEstimate};
use infoplane_measures::{Badge, p_from_draws};
use infoplane_record::Row;
use serde_json::{Map, Value};

use super::place::{Place, bits};
use crate::plan::{Draws, Plan};

/// The rows of every layer estimator on one tap; `draw` says whether this snapshot gets permuted labels.
pub(crate) fn rows(
    plan: &Plan,
    place: &Place,
    tap: &str,
    layer: &Layer<'_>,
    draw: Option<u64>,
    digest: &str,
    threads: usize,
) -> Result<Vec<Row>, infoplane_measures::Error> {
    let mut rows = Vec::new();
    for estimator in &plan.layers {
        let estimates = estimator.estimate(layer, threads)?;
        let nulls = match draw {
            Some(seed) => estimator.label_null(layer, plan.labels.n, seed, threads)?.into_iter().map(Some).collect(),
            None => vec![None; estimates.len()],
        };
        for (estimate, null) in estimates.iter().zip(nulls) {
            rows.extend(rows_of(place, tap, estimate, null.as_ref(), &plan.labels, digest));
        }
    }
    Ok(rows)
}

/// I(X;T), I(T;Y) and, where the estimator has one, H(T).
fn rows_of(
    place: &Place,
    tap: &str,
    estimate: &LayerEstimate,
    null: Option<&LabelNull>,
    labels: &Draws<()>,
    digest: &str,
) -> Vec<Row> {
    let row = |measure: &str, nats: f64, ceiling: f64| Row {
        layer: Some(tap.to_owned()),
        measure: measure.to_owned(),
        estimator: estimate.estimator.clone(),
        params: params(&estimate.estimator),
        time: Some("probe".to_owned()),
        value: bits(nats),
        n: estimate.n as u64,
        ceiling: Some(bits(ceiling)),
        badge: Some(estimate.badge.to_string()),
        warnings: estimate.warnings.iter().map(|&code| code.to_owned()).collect(),
        digest: Some(digest.to_owned()),
        ..place.row()
    };
    let mut label_row = row("i_ty", estimate.i_ty, estimate.ceiling_ty);
    label_row.warnings.retain(|code| code != "IP0301" && code != "IP0308");
    if estimate.badge == Badge::AtCeiling {
        label_row.badge = Some(label_badge(estimate).to_string());
    }
    match null {
        Some(null) => test(&mut label_row, null, labels),
        None if labels.null.is_none() => label_row.warnings.push("IP0305".to_owned()),
        None => {}
    }
    let entropy = estimate.h_t.map(|h| row("h_t", h, estimate.ceiling_xt));
    [Some(row("i_xt", estimate.i_xt, estimate.ceiling_xt)), Some(label_row), entropy].into_iter().flatten().collect()
}

/// A layer at the ceiling of I(X;T) has every row to itself: its I(T;Y) is H(Y) whatever the labels are.
fn label_badge(estimate: &LayerEstimate) -> Badge {
    if estimate.distinct == estimate.n { Badge::Untestable } else { Badge::Saturated }
}

/// Null mean and spread, effective value and p of I(T;Y) under permuted labels.
fn test(row: &mut Row, null: &LabelNull, labels: &Draws<()>) {
    let draws: Vec<f64> = null.draws.iter().map(|&nats| bits(nats)).collect();
    let (mean, sd) = mean_and_sd(&draws);
    // draws are computed on another path than the value: equality up to rounding counts as reached
    let reached = draws.iter().filter(|&&draw| draw >= row.value - 1e-12).count();
    row.null = Some(labels.name.clone());
    row.draws = Some(draws.len() as u32);
    row.null_mean = Some(mean);
    row.null_sd = Some(sd);
    row.effective = Some(row.value - mean);
    row.p = Some(p_from_draws(reached, draws.len()));
    row.p_from = Some("draws".to_owned());
}

/// Mean and standard deviation with n − 1.
pub(crate) fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0).max(1.0)).sqrt())
}

/// The parameters of a canonical spec as a JSON object, numbers as numbers.
pub(crate) fn params(canonical: &str) -> Map<String, Value> {
    let arguments = canonical.split_once(':').map_or("", |(_, arguments)| arguments);
    let pair = |text: &str| {
        let (key, value) = text.split_once('=')?;
        let number = value.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number);
        Some((key.to_owned(), number.unwrap_or_else(|| Value::String(value.to_owned()))))
    };
    arguments.split(',').filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_read_as_json() {
        let object = params("kde:v=1e-3,bound=upper");
        assert_eq!(serde_json::to_string(&object).unwrap(), r#"{"bound":"upper","v":0.001}"#);
        assert!(params("plugin").is_empty());
    }

    #[test]
    fn spread_has_n_minus_one() {
        assert_eq!(mean_and_sd(&[1.0, 3.0]), (2.0, 2.0_f64.sqrt()));
    }
}
