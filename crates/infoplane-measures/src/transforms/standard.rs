//! z-scores: every column with mean 0 and standard deviation 1, divisor n − 1.

use crate::{Error, Result, Samples, Values};

/// Every column less its mean, over its standard deviation (divisor n − 1). Missing rows take no part and stay
/// missing; symbols stay as they are. `argument` names the variable in errors.
///
/// ```
/// use infoplane_measures::Samples;
/// use infoplane_measures::transforms::standardise;
///
/// let x = standardise("x", &Samples::real(&[1.0, 2.0, 3.0], 1)?)?;
/// assert_eq!(x.columns(), [[-1.0, 0.0, 1.0]]);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
///
/// # Errors
/// [`Error::Constant`] for a column that never changes.
pub fn standardise(argument: &'static str, series: &Samples) -> Result<Samples<'static>> {
    if series.is_symbols() || series.dim() == 0 {
        return Ok(series.clone().into_owned());
    }
    let mut columns = series.columns();
    for (column, values) in columns.iter_mut().enumerate() {
        z_scores(values, series.missing()).then_some(()).ok_or(Error::Constant { argument, column })?;
    }
    let rows = series.rows();
    let values = match <[Vec<f64>; 1]>::try_from(columns) {
        Ok([column]) => column,
        Err(columns) => (0..rows).flat_map(|row| columns.iter().map(move |column| column[row])).collect(),
    };
    Ok(series.with_values(Values::Real(values.into())))
}

/// Standard deviations whose squares are neither rounded to 0 nor beyond all numbers.
const SAFE: std::ops::Range<f64> = 1e-140..1e140;

/// Turns a column into z-scores; false if it is constant.
fn z_scores(values: &mut [f64], missing: Option<&[bool]>) -> bool {
    let there = |row: usize| missing.is_none_or(|missing| !missing[row]);
    let present = || (0..values.len()).filter(|&row| there(row));
    let n = present().count() as f64;
    let first = present().next().map_or(0.0, |row| values[row]);
    // from the first value on, so that a large offset costs no digits
    let mean = first + present().map(|row| values[row] - first).sum::<f64>() / n;
    let squares = |unit: f64| present().map(|row| ((values[row] - mean) / unit).powi(2)).sum::<f64>();
    let changes = present().any(|row| values[row] != first);
    let mut sd = (squares(1.0) / (n - 1.0)).sqrt();
    if changes && !SAFE.contains(&sd) {
        let largest = present().map(|row| (values[row] - mean).abs()).fold(0.0, f64::max);
        sd = largest * (squares(largest) / (n - 1.0)).sqrt();
    }
    for value in values.iter_mut() {
        *value = (*value - mean) / sd;
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_cost_no_digits_and_gaps_take_no_part() {
        let series = [1e9 + 1.0, f64::NAN, 1e9 + 2.0, 1e9 + 3.0];
        let scores = standardise("x", &Samples::real_with_missing(&series, 1).unwrap()).unwrap();
        let column = &scores.columns()[0];
        assert_eq!((column[0], column[2], column[3]), (-1.0, 0.0, 1.0));
        assert_eq!(scores.missing(), Some(&[false, true, false, false][..]));
    }

    #[test]
    fn any_unit_will_do() {
        for unit in [1e-300, 1e-165, 1e-150, 1.0, 1e155, 1e300] {
            let series = [1.0, 2.0, 4.0, 5.0].map(|value| value * unit);
            let scores = standardise("x", &Samples::real(&series, 1).unwrap()).unwrap();
            let due = [-1.095_445_115_010_332, -0.547_722_557_505_166, 0.547_722_557_505_166, 1.095_445_115_010_332];
            assert!(scores.columns()[0].iter().zip(due).all(|(score, due)| (score - due).abs() < 1e-14), "{unit}");
        }
    }

    #[test]
    fn constants_are_named() {
        let x = Samples::real(&[1.0, 0.1, 2.0, 0.1, 3.0, 0.1], 2).unwrap();
        assert_eq!(standardise("x", &x), Err(Error::Constant { argument: "x", column: 1 }));
    }
}
