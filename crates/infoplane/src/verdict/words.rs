//! Numbers and specs in words.

use infoplane_spec::Spec;

use super::seeds::Spread;

/// A number of bits to about three digits, with a true minus sign: `0.0123`, `−2.90`, `11.99`, `3.2e-5`.
pub(super) fn bits(value: f64) -> String {
    let size = value.abs();
    let digits = match size {
        _ if value == 0.0 => return "0".to_owned(),
        _ if !value.is_finite() => return "unknown".to_owned(),
        size if size < 1e-3 => return format!("{value:.1e}").replacen('-', if value < 0.0 { "−" } else { "-" }, 1),
        size if size >= 1.0 => 2,
        size => (2 - size.log10().floor() as i32) as usize,
    };
    format!("{value:.digits$}").replacen('-', "−", 1)
}

/// `−2.90 bits [−3.30, −2.40]`.
pub(super) fn spread(spread: &Spread) -> String {
    let mean = format!("{} bits", bits(spread.mean));
    match spread.interval {
        Some((lo, hi)) => format!("{mean} [{}, {}]", bits(lo), bits(hi)),
        None => mean,
    }
}

/// A p-value: two digits.
pub(super) fn p(value: f64) -> String {
    if value < 0.01 { format!("{value:.4}") } else { format!("{value:.2}") }
}

/// The scale of a layer estimator: `width 0.5`, `30 bins`, `noise variance 0.001 (upper bound)`.
pub(crate) fn scale(estimator: &str) -> String {
    let Ok(spec) = estimator.parse::<Spec>() else { return estimator.to_owned() };
    let first = spec.bare().or_else(|| spec.keyed().next().map(|(_, value)| value)).unwrap_or_default();
    match spec.name() {
        "width" => format!("width {}", shorter(first)),
        "bins" => format!("{first} bins"),
        "kde" => match spec.get("bound") {
            Some(bound) => format!("noise variance {} ({bound} bound)", shorter(first)),
            None => format!("noise variance {}", shorter(first)),
        },
        _ => estimator.to_owned(),
    }
}

/// A number without digits nobody reads: `0.0078` for `0.0078125`.
fn shorter(number: &str) -> String {
    match number.parse::<f64>() {
        Ok(value) if value.abs() >= 1.0 || value == 0.0 => format!("{value}"),
        Ok(value) => {
            let digits = (1 - value.abs().log10().floor() as i32).max(0) as usize;
            let text = format!("{value:.digits$}");
            text.trim_end_matches('0').to_owned()
        }
        Err(_) => number.to_owned(),
    }
}

/// `1 pair`, `7 pairs`.
pub(super) fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_to_three_digits() {
        let pairs = [(0.01234, "0.0123"), (-2.9, "−2.90"), (11.987, "11.99"), (3.2e-5, "3.2e-5"), (-3.2e-5, "−3.2e-5")];
        for (value, text) in pairs {
            assert_eq!(bits(value), text);
        }
        assert_eq!(bits(0.0), "0");
    }

    #[test]
    fn scales_read_as_words() {
        for (spec, words) in [
            ("width:cell=0.5", "width 0.5"),
            ("width:cell=0.0078125", "width 0.0078"),
            ("width:cell=2", "width 2"),
            ("bins:cells=30,lo=-1,hi=1,outside=error", "30 bins"),
            ("kde:v=1e-3,bound=upper", "noise variance 0.001 (upper bound)"),
            ("renyi:1.01", "renyi:1.01"),
        ] {
            assert_eq!(scale(spec), words);
        }
    }

    #[test]
    fn lists_end_in_and() {
        let items: Vec<String> = ["a", "b", "c"].map(str::to_owned).into();
        assert_eq!(list(&items), "a, b and c");
        assert_eq!(list(&items[..1]), "a");
    }
}
