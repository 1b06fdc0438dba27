//! Series: a value over training, run by run, and its mean over runs.

use infoplane_record::Row;

use crate::data::distinct;

/// Epoch and value, ascending.
pub(crate) type Series = Vec<(f64, f64)>;

/// The runs of rows, in the order they appear.
pub(crate) fn runs(rows: &[&Row]) -> Vec<String> {
    distinct(rows.iter().map(|row| row.run.as_deref().unwrap_or("")))
}

/// One series for each of `runs` (empty where a run has none), from rows that have an epoch and a finite value.
pub(crate) fn by_run<'a>(
    rows: impl IntoIterator<Item = &'a Row, IntoIter: Clone>,
    runs: &[String],
    value: impl Fn(&Row) -> Option<f64>,
) -> Vec<Series> {
    let rows = rows.into_iter();
    let of = |run: &String| {
        let own = rows.clone().filter(|row| row.run.as_deref().unwrap_or("") == run);
        let points = own.filter_map(|row| Some((row.epoch?, value(row)?)));
        let mut series: Series = points.filter(|(_, v)| v.is_finite()).collect();
        series.sort_by(|a, b| a.0.total_cmp(&b.0));
        series
    };
    runs.iter().map(of).collect()
}

/// The mean over the series that are not empty, at the epochs that all of them have: a mean over whichever runs
/// happen to reach an epoch would jump where one ends.
pub(crate) fn mean(series: &[Series]) -> Series {
    let present: Vec<&Series> = series.iter().filter(|s| !s.is_empty()).collect();
    let Some((first, rest)) = present.split_first() else { return Series::new() };
    let at = |(epoch, value): &(f64, f64)| {
        let others: Option<f64> = rest.iter().map(|s| value_at(s, *epoch)).sum();
        Some((*epoch, (value + others?) / present.len() as f64))
    };
    first.iter().filter_map(at).collect()
}

/// The value at exactly this epoch.
pub(crate) fn value_at(series: &Series, epoch: f64) -> Option<f64> {
    let i = series.binary_search_by(|point| point.0.total_cmp(&epoch)).ok()?;
    Some(series[i].1)
}

/// Points (epoch, x, y) at the epochs that both series have.
pub(crate) fn join(x: &Series, y: &Series) -> Vec<(f64, f64, f64)> {
    x.iter().filter_map(|(epoch, x)| Some((*epoch, *x, value_at(y, *epoch)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_stands_only_where_every_run_does() {
        let a = vec![(0.0, 1.0), (1.0, 2.0), (2.0, 9.0)];
        let b = vec![(0.0, 3.0), (1.0, 4.0)];
        assert_eq!(mean(&[a.clone(), b, Series::new()]), [(0.0, 2.0), (1.0, 3.0)]);
        assert_eq!(mean(std::slice::from_ref(&a)), a);
        assert!(mean(&[]).is_empty());
    }

    #[test]
    fn series_are_sorted_and_keep_to_their_run() {
        let row = |run: &str, epoch, value| Row { run: Some(run.into()), epoch: Some(epoch), value, ..Row::default() };
        let rows = [row("a", 2.0, 5.0), row("b", 0.0, 7.0), row("a", 1.0, 4.0), row("a", 3.0, f64::NAN)];
        let refs: Vec<&Row> = rows.iter().collect();
        let all = by_run(rows.iter(), &runs(&refs), |row| Some(row.value));
        assert_eq!(all, [vec![(1.0, 4.0), (2.0, 5.0)], vec![(0.0, 7.0)]]);
    }
}
