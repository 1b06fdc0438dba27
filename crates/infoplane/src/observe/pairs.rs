//! Transfer entropy and coupling between taps: unit pairs to rows and matrices.
//!
//! Counting ([`count`]) and testing ([`test`]) are two steps, because the first belongs to recording and the second can
//! wait until the epoch is over.

use infoplane_measures::Null;
use infoplane_measures::pairs::{PairMeasure, PairNull, PairProblem, PairTable, Symbols, nulls};
use infoplane_measures::{Error, benjamini_hochberg, fdr_threshold};
use infoplane_record::Row;
use infoplane_record::npz::{Array, NpyArray};

use super::layers::mean_and_sd;
use super::place::{Place, bits};
use super::strata::{applies, strata};
use crate::plan::{Given, Plan};

/// The symbols of all taps over the same rows, and where they come from.
pub(crate) struct Setting<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) place: Place,
    /// `samples` or `probe`.
    pub(crate) time: &'static str,
    pub(crate) order: &'a str,
    pub(crate) window: u32,
    /// One for each tap of the plan, units that enter pairs only.
    pub(crate) symbols: &'a [Symbols],
    /// Classes of the rows.
    pub(crate) labels: &'a [u32],
    pub(crate) digest: &'a str,
    /// Whether unit matrices are wanted.
    pub(crate) matrices: bool,
    pub(crate) threads: usize,
}

/// Rows, and named arrays of unit pairs.
pub(crate) type Found = (Vec<Row>, Vec<(String, NpyArray)>);

/// One measure of one pair of taps, counted.
pub(crate) struct Counted {
    measure: PairMeasure,
    given: Given,
    pair: (usize, usize),
    problem: PairProblem,
}

/// The same, evaluated.
struct Measured<'a> {
    measure: PairMeasure,
    given: Given,
    pair: (usize, usize),
    problem: &'a PairProblem,
    table: PairTable,
}

/// Counts every measure of every pair, given each driver that applies.
pub(crate) fn count(setting: &Setting<'_>) -> Result<Vec<Counted>, Error> {
    let plan = setting.plan;
    let mut counted = Vec::new();
    for &measure in &plan.measures {
        for &given in plan.given.iter().filter(|given| applies(**given, setting.time, setting.order)) {
            let stretches = strata(given, setting.labels);
            for &pair in &plan.pairs {
                let (source, target) = (&setting.symbols[pair.0], &setting.symbols[pair.1]);
                let problem = PairProblem::new(source, target, measure, &plan.embedding, &stretches)?;
                problem.count(setting.threads);
                counted.push(Counted { measure, given, pair, problem });
            }
        }
    }
    Ok(counted)
}

/// Tests what was counted, with draws under `seed` if this snapshot gets them: rows and unit matrices.
pub(crate) fn test(setting: &Setting<'_>, counted: &[Counted], seed: Option<u64>) -> Result<Found, Error> {
    let (mut rows, mut arrays) = (Vec::new(), Vec::new());
    let measured: Vec<Measured<'_>> = counted.iter().map(|one| evaluate(one, setting.threads)).collect();
    let nulls = draws(setting, &measured, seed)?;
    // a family shares measure and driver: all unit pairs of this snapshot (or window)
    let families = measured.chunk_by(|a, b| (a.measure, a.given) == (b.measure, b.given));
    let mut nulls = nulls.as_slice();
    for family in families {
        let nulls = nulls.split_off(..family.len()).unwrap_or_default();
        let p: Vec<Vec<f64>> =
            family.iter().zip(nulls).map(|(one, null)| unit_p(setting.plan, one, null.as_ref())).collect();
        let all = p.concat();
        let adjusted = setting.plan.adjusted && all.iter().all(|p| !p.is_nan());
        let threshold = adjusted.then(|| fdr_threshold(&all, 0.05).unwrap_or(-1.0));
        let first = rows.len();
        for (place, one) in family.iter().enumerate() {
            let significant = threshold.map(|least| p[place].iter().filter(|&&p| p <= least).count() as u32);
            rows.push(layer_row(setting, one, nulls[place].as_ref(), significant));
        }
        if setting.matrices {
            let q = adjusted.then(|| benjamini_hochberg(&all));
            let mut q = q.as_deref();
            for (one, p) in family.iter().zip(&p) {
                let own = q.as_mut().and_then(|q| q.split_off(..p.len()));
                arrays.extend(matrices(setting, one, p, own));
            }
        }
        if setting.plan.adjusted {
            adjust_layers(&mut rows[first..]);
        }
    }
    Ok((rows, arrays))
}

fn evaluate(one: &Counted, threads: usize) -> Measured<'_> {
    let Counted { measure, given, pair, ref problem } = *one;
    Measured { measure, given, pair, problem, table: problem.evaluate(threads) }
}

/// The draws of everything measured, shared where strata are equal; `None` for each without draws.
fn draws(setting: &Setting<'_>, measured: &[Measured<'_>], seed: Option<u64>) -> Result<Vec<Option<PairNull>>, Error> {
    let (Some(null), Some(seed)) = (&setting.plan.draws.null, seed) else {
        return Ok(measured.iter().map(|_| None).collect());
    };
    let mut order: Vec<usize> = (0..measured.len()).collect();
    // equal strata side by side, so that each draw's row orders serve all of them
    order.sort_by_key(|&place| measured[place].given.to_string());
    let problems: Vec<_> = order.iter().map(|&place| (measured[place].problem, &measured[place].table)).collect();
    let found = nulls(&problems, null, setting.plan.draws.n, seed, setting.threads)?;
    let mut sorted: Vec<(usize, PairNull)> = order.into_iter().zip(found).collect();
    sorted.sort_by_key(|(place, _)| *place);
    Ok(sorted.into_iter().map(|(_, null)| Some(null)).collect())
}

/// p of each unit pair: the χ² law, which resolves far below 1/(n + 1), or under `local` the draws, which are exact. TIE
/// has no such law: from the draws, or none.
fn unit_p(plan: &Plan, one: &Measured<'_>, null: Option<&PairNull>) -> Vec<f64> {
    match (one.measure, null) {
        _ if !plan.tested => vec![f64::NAN; one.table.value.len()],
        (PairMeasure::Tie, Some(null)) => null.p_of_pairs(),
        (_, Some(null)) if plan.draws.null == Some(Null::Local) => null.p_of_pairs(),
        _ => one.table.p.clone(),
    }
}

/// The row of a pair of taps: the mean over its unit pairs, and what bounds it.
fn layer_row(setting: &Setting<'_>, one: &Measured<'_>, null: Option<&PairNull>, significant: Option<u32>) -> Row {
    let (plan, table) = (setting.plan, &one.table);
    let (source, target) = (&setting.symbols[one.pair.0], &setting.symbols[one.pair.1]);
    let scale = if one.measure == PairMeasure::Tie { |value| value } else { bits };
    let embedding = &plan.embedding;
    let mut row = Row {
        source: Some(plan.taps[one.pair.0].name.clone()),
        target: Some(plan.taps[one.pair.1].name.clone()),
        given: (one.given != Given::Nothing).then(|| one.given.to_string()),
        measure: one.measure.name().to_owned(),
        estimator: "plugin".to_owned(),
        symbols: Some(symbols_of(plan, one.pair)),
        time: Some(setting.time.to_owned()),
        order: Some(setting.order.to_owned()),
        window: Some(setting.window),
        k: Some(embedding.k as u32),
        l: Some(embedding.l as u32),
        target_tau: Some(embedding.target_tau as u32),
        source_tau: Some(embedding.source_tau as u32),
        delay: Some(if one.measure == PairMeasure::Coupling { 0 } else { embedding.delay as u32 }),
        value: scale(table.mean()),
        n: table.n as u64,
        floor: Some(scale(table.mean_floor())),
        ceiling: (one.measure != PairMeasure::Tie).then(|| bits(table.mean_ceiling())),
        pairs: Some(table.value.len() as u32),
        pairs_constant: Some(table.pairs_constant() as u32),
        pairs_significant: significant,
        min: Some(scale(table.min())),
        max: Some(scale(table.max())),
        sd: Some(scale(table.sd())),
        rate_source: source.mean_rate(),
        rate_target: target.mean_rate(),
        digest: Some(setting.digest.to_owned()),
        ..setting.place.row()
    };
    if one.measure == PairMeasure::Tie {
        "none".clone_into(&mut row.unit);
    }
    if let Some(null) = null {
        // each target unit has strata of its own under `local`, so the spread of its layer means is too small
        let joint = plan.draws.null != Some(Null::Local);
        from_draws(&mut row, null, table.mean(), joint, &plan.draws.name, scale);
    }
    judge(&mut row, one, plan);
    row
}

/// Null mean and spread, effective value and, where the draws are joint, p of the layer mean.
fn from_draws(row: &mut Row, null: &PairNull, observed: f64, joint: bool, name: &str, scale: fn(f64) -> f64) {
    let means: Vec<f64> = null.layer_means.iter().map(|&mean| scale(mean)).collect();
    let (mean, sd) = mean_and_sd(&means);
    row.null = Some(name.to_owned());
    row.draws = Some(null.draws as u32);
    row.null_mean = Some(mean);
    row.null_sd = Some(sd);
    row.effective = Some(row.value - mean);
    if joint {
        row.p = Some(null.p_of_mean(observed));
        row.p_from = Some("draws".to_owned());
    }
}

/// Badge and warnings.
fn judge(row: &mut Row, one: &Measured<'_>, plan: &Plan) {
    let table = &one.table;
    let firing = table.constant.iter().filter(|&&constant| !constant).count();
    let trusted =
        table.trusted.iter().zip(&table.constant).filter(|&(&trusted, &constant)| trusted && !constant).count();
    let sparse = 2 * trusted < firing;
    let at_ceiling = table.mean_ceiling() > 0.0 && table.mean() > 0.98 * table.mean_ceiling();
    let badge = match (firing, sparse, row.draws) {
        (0, ..) | (_, true, None) => "untestable",
        // nothing is left free beside the target's own past: no surrogate is comparable
        _ if table.mean_floor() == 0.0 => "untestable",
        _ if at_ceiling => "at-ceiling",
        _ => "reliable",
    };
    row.badge = Some(badge.to_owned());
    let smallest = row.draws.map(|draws| 1.0 / (f64::from(draws) + 1.0));
    let codes = [
        (plan.draws.null.is_none(), "IP0305"),
        (smallest.is_some_and(|p| p > 0.05), "IP0306"),
        (sparse && firing > 0, "IP0309"),
        (firing < table.value.len(), "IP0313"),
    ];
    row.warnings.extend(codes.into_iter().filter(|(holds, _)| *holds).map(|(_, code)| code.to_owned()));
}

/// The spec both taps share, or both specs.
fn symbols_of(plan: &Plan, (source, target): (usize, usize)) -> String {
    let (a, b) = (&plan.symbols[source].1, &plan.symbols[target].1);
    if a == b { a.clone() } else { format!("{a}; {b}") }
}

/// Benjamini–Hochberg over the layer means of one family.
fn adjust_layers(rows: &mut [Row]) {
    let p: Vec<f64> = rows.iter().filter_map(|row| row.p).collect();
    if p.len() < rows.len() {
        return;
    }
    for (row, q) in rows.iter_mut().zip(benjamini_hochberg(&p)) {
        row.q = Some(q);
        row.family = Some(format!("fdr-bh over {} layer pairs", p.len()));
    }
}

/// The unit-pair matrices: value in bits (TIE: no unit), p and q.
fn matrices(setting: &Setting<'_>, one: &Measured<'_>, p: &[f64], q: Option<&[f64]>) -> Vec<(String, NpyArray)> {
    let plan = setting.plan;
    let given = match one.given {
        Given::Nothing => String::new(),
        Given::Class => "_given_class".to_owned(),
        Given::Block(length) => format!("_given_block{length}"),
    };
    let path = format!(
        "{}{given}/{}/{}/{}/{}/{}",
        one.measure.name(),
        setting.time,
        setting.order,
        setting.window,
        plan.taps[one.pair.0].name,
        plan.taps[one.pair.1].name,
    );
    let scale = if one.measure == PairMeasure::Tie { |value| value } else { bits };
    let value: Vec<f64> = one.table.value.iter().map(|&nats| scale(nats)).collect();
    let shape = vec![one.table.sources, one.table.targets];
    [("value", Some(value)), ("p", Some(p.to_vec())), ("q", q.map(<[f64]>::to_vec))]
        .into_iter()
        .filter_map(|(field, data)| {
            Some((format!("{path}/{field}"), NpyArray { shape: shape.clone(), data: Array::F64(data?) }))
        })
        .collect()
}
