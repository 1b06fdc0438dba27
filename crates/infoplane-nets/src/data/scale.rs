//! Scaling of inputs.
//!
//! `unit`: x / largest where the format has a largest value, else (x − min) / (max − min) per column.
//! `standard`: (x − mean) / sd per column, sd with denominator n.
//! A constant column becomes 0 either way.

use super::Raw;
use crate::Scale;

/// The scaled inputs and the range they lie in, where it is known.
pub(super) fn scaled(raw: &Raw, scale: Scale) -> (Vec<f32>, Option<(f64, f64)>) {
    let largest = raw.largest.map(f64::from);
    match (scale, raw.largest) {
        (Scale::None, _) => (raw.x.clone(), largest.map(|largest| (0.0, largest))),
        (Scale::Unit, Some(largest)) => (raw.x.iter().map(|x| x / largest).collect(), Some((0.0, 1.0))),
        (Scale::Unit, None) => (by_column(raw, min_and_width), Some((0.0, 1.0))),
        (Scale::Standard, _) => (by_column(raw, mean_and_sd), None),
    }
}

/// Each column shifted and divided by what `origin_and_width` finds in it.
fn by_column(raw: &Raw, origin_and_width: fn(&[f64]) -> (f64, f64)) -> Vec<f32> {
    let mut scaled = raw.x.clone();
    for column in 0..raw.features {
        let values: Vec<f64> = raw.x.iter().skip(column).step_by(raw.features).map(|&x| x.into()).collect();
        let (origin, width) = origin_and_width(&values);
        let divisor = if width > 0.0 { width } else { 1.0 };
        let places = scaled.iter_mut().skip(column).step_by(raw.features);
        places.zip(values).for_each(|(place, x)| *place = ((x - origin) / divisor) as f32);
    }
    scaled
}

fn min_and_width(values: &[f64]) -> (f64, f64) {
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (min, max - min)
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(largest: Option<f32>) -> Raw {
        let x = vec![0.0, 5.0, 1.0, 5.0, 4.0, 5.0];
        Raw { name: String::new(), x, features: 2, columns: None, y: vec![0, 1, 0], largest, citation: "" }
    }

    #[test]
    fn unit_goes_by_the_format_or_by_the_column() {
        assert_eq!(scaled(&raw(Some(10.0)), Scale::Unit).0, [0.0, 0.5, 0.1, 0.5, 0.4, 0.5]);
        assert_eq!(scaled(&raw(None), Scale::Unit).0, [0.0, 0.0, 0.25, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn standard_has_mean_0_and_variance_1() {
        let (x, range) = scaled(&raw(Some(10.0)), Scale::Standard);
        let first: Vec<f64> = x.iter().step_by(2).map(|&x| x.into()).collect();
        assert!(first.iter().sum::<f64>().abs() < 1e-6 && range.is_none());
        assert!((first.iter().map(|x| x * x).sum::<f64>() - 3.0).abs() < 1e-6);
        assert!(x.iter().skip(1).step_by(2).all(|&x| x == 0.0), "a constant column has nothing to scale");
    }
}
