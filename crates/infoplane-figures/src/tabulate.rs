//! Tables: the numbers of a figure, as text.

use infoplane_record::Row;

/// Six significant digits, as short as they go.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{}", value + 0.0);
    }
    let exponent = value.abs().log10().floor() as i32;
    match exponent {
        -5..=5 => crate::text::trimmed(&format!("{value:.*}", (5 - exponent) as usize)),
        _ => format!("{value:.5e}"),
    }
}

/// A number, or nothing.
pub(crate) fn maybe(value: Option<f64>) -> String {
    value.map(number).unwrap_or_default()
}

/// A header.
pub(crate) fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The rows of pairs of taps, as they are drawn.
pub(crate) fn pairs<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Vec<String>> {
    let names = [
        "run",
        "epoch",
        "source",
        "target",
        "value",
        "floor",
        "null_mean",
        "null_sd",
        "effective",
        "ceiling",
        "p",
        "q",
        "pairs_significant",
        "pairs",
        "n",
    ];
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let count = |field: Option<u32>| field.map(|v| v.to_string()).unwrap_or_default();
    let line = |row: &Row| {
        let numbers = [row.floor, row.null_mean, row.null_sd, row.effective, row.ceiling, row.p, row.q].map(maybe);
        let mut line = vec![text(&row.run), maybe(row.epoch), text(&row.source), text(&row.target), number(row.value)];
        line.extend(numbers);
        line.extend([count(row.pairs_significant), count(row.pairs), row.n.to_string()]);
        line
    };
    std::iter::once(header(&names)).chain(rows.map(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn six_digits_as_short_as_they_go() {
        let shown = [0.0, 12.0, 0.25, 1.0 / 3.0, 123_456.7, 1e-7, -0.000_348_212_9].map(number);
        assert_eq!(shown, ["0", "12", "0.25", "0.333333", "123457", "1.00000e-7", "-0.000348213"]);
    }
}
