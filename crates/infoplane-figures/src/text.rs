//! How wide a text will be, without a font.
//!
//! A figure cannot know which sans-serif its reader has. The widths here are those of `DejaVu Sans`, the widest of the
//! usual ones (Arial and the system fonts are narrower by about a tenth), so what fits here fits everywhere.

/// Advance of the characters from space to `~`, in hundredths of the font size.
const ASCII: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69,
    61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63,
    59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/// Bold letters of the same family are about a tenth wider.
const BOLD: f64 = 1.12;

/// Width of `text` at `size`, generous.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let hundredths: f64 = text.chars().map(advance).sum();
    hundredths / 100.0 * size * if bold { BOLD } else { 1.0 }
}

fn advance(c: char) -> f64 {
    match c {
        ' '..='~' => f64::from(ASCII[c as usize - ' ' as usize]),
        '·' | '\u{a0}' => 32.0,
        '⁰' | '¹' | '²' | '³' | '⁴' | '⁵' | '⁶' | '⁷' | '⁸' | '⁹' => 40.0,
        '⁻' => 53.0,
        'ρ' => 64.0,
        '–' => 50.0,
        _ => 100.0,
    }
}

/// Breaks `text` at spaces into lines no wider than `limit`; a single longer word stays whole.
pub(crate) fn wrap(text: &str, size: f64, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size, false) <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `text`, its head left out where it is wider than `limit`: names of taps differ towards their ends.
pub(crate) fn elided(text: &str, size: f64, bold: bool, limit: f64) -> String {
    if width(text, size, bold) <= limit {
        return text.to_owned();
    }
    let tails = text.char_indices().skip(1).map(|(i, _)| format!("…{}", &text[i..]));
    tails.into_iter().find(|tail| width(tail, size, bold) <= limit).unwrap_or_else(|| "…".to_owned())
}

/// A pair of taps, `a → b`, both names elided alike where they are too wide together.
pub(crate) fn pair((source, target): (&str, &str), size: f64, bold: bool, limit: f64) -> String {
    let whole = format!("{source} → {target}");
    if width(&whole, size, bold) <= limit {
        return whole;
    }
    let each = (limit - width(" → ", size, bold)) / 2.0;
    format!("{} → {}", elided(source, size, bold, each), elided(target, size, bold, each))
}

/// A number as short as its size allows: `0`, `0.031`, `12`, `3.1e-5`.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if !value.is_finite() => "–".to_owned(),
        _ if size == 0.0 => "0".to_owned(),
        _ if size < 1e-3 => format!("{value:.1e}"),
        _ => {
            let digits = (2 - size.log10().floor() as i32).clamp(0, 5) as usize;
            trimmed(&format!("{value:.digits$}"))
        }
    }
}

/// The same as printed: `3.1·10⁻⁵`.
pub(crate) fn printed(value: f64) -> String {
    let short = short(value);
    match short.split_once('e').and_then(|(digits, exponent)| Some((digits, exponent.parse().ok()?))) {
        Some((digits, exponent)) => format!("{}·{}", trimmed(digits), power_of_ten(exponent)),
        None => short,
    }
}

/// Without the zeros that end a decimal fraction.
pub(crate) fn trimmed(number: &str) -> String {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => number.to_owned(),
    }
}

/// `10³`, `10⁻⁴`.
pub(crate) fn power_of_ten(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised = |c: char| c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize]);
    format!("10{}", exponent.to_string().chars().map(raised).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_add_up_and_bold_is_wider() {
        assert!((width("i", 10.0, false) - 2.8).abs() < 1e-12);
        assert_eq!(width("WW", 10.0, false), 2.0 * width("W", 10.0, false));
        assert!(width("epoch", 12.0, true) > width("epoch", 12.0, false));
    }

    #[test]
    fn lines_stay_within_their_limit_and_keep_every_word() {
        let text = "time axis probe · order by-class · symbols binary:median · plugin";
        let lines = wrap(text, 12.0, 150.0);
        assert!(lines.len() > 2 && lines.iter().all(|line| width(line, 12.0, false) <= 150.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn long_names_keep_their_ends() {
        let name = elided("encoder.layers.fc1.mlp", 10.0, false, 80.0);
        assert!(name.starts_with('…') && name.ends_with("fc1.mlp") && width(&name, 10.0, false) <= 80.0, "{name}");
        assert_eq!(elided("fc1", 10.0, false, 80.0), "fc1");
        assert_eq!(pair(("fc1", "fc2"), 10.0, true, 90.0), "fc1 → fc2");
        assert!(width(&pair(("encoder.layers.fc1", "encoder.layers.fc2"), 10.0, true, 90.0), 10.0, true) <= 90.0);
    }

    #[test]
    fn numbers_are_short() {
        let shown = [0.0, 12.0, 11.96, 0.0312, 3.14e-5, -0.5, 1234.4].map(short);
        assert_eq!(shown, ["0", "12", "12", "0.0312", "3.1e-5", "-0.5", "1234"]);
        assert_eq!([3.14e-5, 2e-7, 0.0312].map(printed), ["3.1·10⁻⁵", "2·10⁻⁷", "0.0312"]);
        assert_eq!((power_of_ten(-4), power_of_ten(12)), ("10⁻⁴".to_owned(), "10¹²".to_owned()));
    }
}
