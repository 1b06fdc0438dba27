//! Choosing rows: one network, one estimator, one time axis, by the options or by defaults read from the rows.

use infoplane_record::Row;
use infoplane_spec::Spec;

use crate::data::{Data, Options, distinct, network_of, networks};
use crate::series::runs;
use crate::{FigureError, Result};

/// Rows of one network that a figure draws.
#[derive(Debug, Clone)]
pub(crate) struct Choice<'a> {
    pub(crate) figure: &'static str,
    pub(crate) network: String,
    pub(crate) rows: Vec<&'a Row>,
}

impl<'a> Choice<'a> {
    /// The rows of the network chosen, those about single units left out.
    pub(crate) fn network(figure: &'static str, data: &Data<'a>, options: &Options) -> Result<Self> {
        let network = one_of("network", options.network.as_deref(), networks(data.rows), &[])?.unwrap_or_default();
        let own = |row: &&Row| row.run.as_deref().is_none_or(|run| network_of(run) == network);
        let rows = data.rows.iter().filter(own).filter(|row| row.source_unit.is_none()).collect();
        Ok(Self { figure, network, rows })
    }

    /// Keeps what has one value of `key`: the one wanted, else the first there is of `prefer`, else the first.
    pub(crate) fn pick(
        &mut self,
        option: &'static str,
        wanted: Option<&str>,
        key: impl Fn(&Row) -> String,
        prefer: &[&str],
    ) -> Result<String> {
        let keys: Vec<String> = self.rows.iter().map(|row| key(row)).collect();
        let there = distinct(keys.iter().map(String::as_str));
        let picked = one_of(option, wanted, there, prefer)?.unwrap_or_default();
        self.rows.retain(|row| key(row) == picked);
        Ok(picked)
    }

    /// The error that names what is missing.
    pub(crate) fn nothing(&self, missing: &str, all: &[Row]) -> FigureError {
        let measures = distinct(all.iter().map(|row| row.measure.as_str()));
        FigureError::NothingToDraw { figure: self.figure, missing: missing.to_owned(), available: measures }
    }

    /// The runs drawn.
    pub(crate) fn runs(&self) -> Vec<String> {
        runs(&self.rows)
    }
}

fn one_of(option: &'static str, wanted: Option<&str>, there: Vec<String>, prefer: &[&str]) -> Result<Option<String>> {
    match wanted {
        None => Ok(prefer.iter().find_map(|p| there.iter().find(|t| t == p)).or(there.first()).cloned()),
        Some(wanted) if there.iter().any(|t| t == wanted) => Ok(Some(wanted.to_owned())),
        Some(wanted) => Err(FigureError::Option { option, got: wanted.to_owned(), available: there }),
    }
}

/// Rows of I(X;T), I(T;Y) and H(T) by one estimator.
pub(crate) fn mi<'a>(figure: &'static str, data: &Data<'a>, options: &Options) -> Result<(Choice<'a>, String)> {
    let mut choice = Choice::network(figure, data, options)?;
    choice.rows.retain(|row| matches!(row.measure.as_str(), "i_xt" | "i_ty" | "h_t") && row.layer.is_some());
    if choice.rows.is_empty() {
        return Err(choice.nothing("rows of i_xt and i_ty with a layer", data.rows));
    }
    let families =
        distinct(choice.rows.iter().map(|row| family(&row.estimator)).collect::<Vec<_>>().iter().map(String::as_str));
    let estimator = match &options.estimator {
        None => default_estimator(&choice.rows, &families),
        Some(wanted) => families.iter().find(|f| names(wanted, f)).cloned().ok_or_else(|| FigureError::Option {
            option: "estimator",
            got: wanted.clone(),
            available: families.clone(),
        })?,
    };
    choice.rows.retain(|row| family(&row.estimator) == estimator);
    Ok((choice, estimator))
}

/// A spec without the range, which differs from tap to tap: `bins:cells=30,lo=-1,hi=1,outside=error` → `bins:cells=30`.
fn family(estimator: &str) -> String {
    let Ok(spec) = estimator.parse::<Spec>() else { return estimator.to_owned() };
    let keyed = spec.keyed().filter(|(key, _)| !matches!(*key, "lo" | "hi" | "outside"));
    let keyed: Vec<String> =
        spec.bare().map(str::to_owned).into_iter().chain(keyed.map(|(k, v)| format!("{k}={v}"))).collect();
    if keyed.is_empty() { spec.name().to_owned() } else { format!("{}:{}", spec.name(), keyed.join(",")) }
}

/// Whether a spec as users write it (`bins`, `bins:30`, `kde:1e-3,bound=upper`) names a canonical one.
fn names(written: &str, canonical: &str) -> bool {
    let (Ok(written), Ok(canonical)) = (family(written).parse::<Spec>(), canonical.parse::<Spec>()) else {
        return false;
    };
    let first = canonical.keyed().next().map(|(_, value)| value).or(canonical.bare());
    written.name() == canonical.name()
        && written.bare().is_none_or(|bare| first.is_some_and(|first| same(bare, first)))
        && written.keyed().all(|(key, value)| canonical.get(key).is_some_and(|own| same(value, own)))
}

fn same(a: &str, b: &str) -> bool {
    a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

/// The estimator that most layers have; among equals bins, then the middle of the widths, then the first.
fn default_estimator(rows: &[&Row], families: &[String]) -> String {
    let layers = |f: &&String| {
        let own = rows.iter().filter(|row| family(&row.estimator) == **f);
        distinct(own.filter_map(|row| row.layer.as_deref())).len()
    };
    let most = families.iter().map(|f| layers(&f)).max().unwrap_or(0);
    let widest: Vec<&String> = families.iter().filter(|f| layers(f) == most).collect();
    let widths: Vec<&&String> = widest.iter().filter(|f| f.starts_with("width:")).collect();
    let bins = widest.iter().find(|f| f.starts_with("bins"));
    bins.or(widths.get(widths.len() / 2).copied()).or(widest.first()).map_or_else(String::new, |f| (**f).clone())
}

/// Rows of one measure of transfer on one time axis.
#[derive(Debug, Clone)]
pub(crate) struct Transfer<'a> {
    pub(crate) choice: Choice<'a>,
    pub(crate) measure: String,
    /// Time axis, order, driver, symbols and embedding, in words.
    pub(crate) told: String,
}

/// Chooses the rows of `te`, `coupling` or `tie`.
pub(crate) fn transfer<'a>(figure: &'static str, data: &Data<'a>, options: &Options) -> Result<Transfer<'a>> {
    let mut choice = Choice::network(figure, data, options)?;
    choice.rows.retain(|row| {
        matches!(row.measure.as_str(), "te" | "coupling" | "tie") && row.source.is_some() && row.target.is_some()
    });
    if choice.rows.is_empty() {
        return Err(choice.nothing("rows of te, coupling or tie between two taps", data.rows));
    }
    let text = |field: &Option<String>| field.clone().unwrap_or_else(|| "none".to_owned());
    let measure =
        choice.pick("measure", options.measure.as_deref(), |row| row.measure.clone(), &["te", "coupling", "tie"])?;
    let time = choice.pick("time", options.time.as_deref(), |row| text(&row.time), &["probe", "samples"])?;
    let order =
        choice.pick("order", options.order.as_deref(), |row| text(&row.order), &["by-class", "natural", "shuffled"])?;
    let given = choice.pick("given", options.given.as_deref(), |row| text(&row.given), &["none"])?;
    let written = options.estimator.as_deref();
    let canonical = choice.rows.iter().map(|row| &row.estimator).find(|own| written.is_some_and(|w| names(w, own)));
    let canonical = canonical.map(String::as_str).or(written).map(str::to_owned);
    let estimator = choice.pick("estimator", canonical.as_deref(), |row| row.estimator.clone(), &[])?;
    let told = format!("time axis {time} · order {order}{} · {estimator}{}", driver(&given), embedding(&choice.rows));
    Ok(Transfer { choice, measure, told })
}

fn driver(given: &str) -> String {
    if given == "none" { String::new() } else { format!(" · given {given}") }
}

/// Symbols, histories, delay and N of the rows, where they agree.
fn embedding(rows: &[&Row]) -> String {
    let symbols = distinct(rows.iter().filter_map(|row| row.symbols.as_deref()));
    let symbols = match symbols.as_slice() {
        [] => String::new(),
        [one] => format!(" · symbols {one}"),
        _ => " · symbols per tap".to_owned(),
    };
    let first = rows.first();
    let number = |name: &str, value: Option<u32>| value.map(|v| format!(" · {name} = {v}")).unwrap_or_default();
    let (k, l) = (first.and_then(|row| row.k), first.and_then(|row| row.l));
    let histories = if k == l { number("k = l", k) } else { number("k", k) + &number("l", l) };
    format!("{symbols}{histories}{}{}", number("delay", first.and_then(|row| row.delay)), sample_size(rows))
}

/// ` · N = 4096`, or its range.
pub(crate) fn sample_size(rows: &[&Row]) -> String {
    let sizes = rows.iter().map(|row| row.n);
    match (sizes.clone().min(), sizes.max()) {
        (Some(lo), Some(hi)) if lo == hi => format!(" · N = {lo}"),
        (Some(lo), Some(hi)) => format!(" · N = {lo} to {hi}"),
        _ => String::new(),
    }
}

impl Transfer<'_> {
    /// `TE(a→b)`; a driver is named in the subtitle.
    pub(crate) fn symbol(&self) -> &'static str {
        match self.measure.as_str() {
            "te" => "TE",
            "coupling" => "coupling",
            _ => "TIE",
        }
    }

    /// `in bits`; TIE has no unit.
    pub(crate) fn unit(&self) -> String {
        match (self.measure.as_str(), self.choice.rows.first()) {
            ("tie", _) | (_, None) => String::new(),
            (_, Some(row)) => format!(" ({})", row.unit),
        }
    }

    /// The taps, in forward order.
    pub(crate) fn taps(&self) -> Vec<String> {
        forward(self.choice.rows.iter().flat_map(|row| [row.source.as_deref(), row.target.as_deref()]).flatten())
    }

    /// The pairs of neighbouring taps that have rows, in forward order.
    pub(crate) fn adjacent(&self) -> Vec<(String, String)> {
        let pairs = self.taps().windows(2).map(|w| (w[0].clone(), w[1].clone())).collect::<Vec<_>>();
        pairs.into_iter().filter(|(source, target)| self.pair(source, target).next().is_some()).collect()
    }

    /// All pairs that have rows, in the order they appear.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for row in &self.choice.rows {
            let pair = (row.source.clone().unwrap_or_default(), row.target.clone().unwrap_or_default());
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs
    }

    /// The pair that the options ask for; one end alone asks for the first pair that has it.
    pub(crate) fn asked(&self, options: &Options) -> Result<Option<(String, String)>> {
        let (source, target) = (options.source.as_ref(), options.target.as_ref());
        if source.is_none() && target.is_none() {
            return Ok(None);
        }
        let fits = |(s, t): &(String, String)| source.is_none_or(|w| w == s) && target.is_none_or(|w| w == t);
        let (pairs, adjacent) = (self.pairs(), self.adjacent());
        let found = adjacent.iter().chain(&pairs).find(|pair| fits(pair)).cloned();
        found.map(Some).ok_or_else(|| FigureError::Option {
            option: "source, target",
            got: format!("{} → {}", source.map_or("any", String::as_str), target.map_or("any", String::as_str)),
            available: pairs.iter().map(|(s, t)| format!("{s} → {t}")).collect(),
        })
    }

    /// The rows of one pair.
    pub(crate) fn pair<'s>(&'s self, source: &'s str, target: &'s str) -> impl Iterator<Item = &'s Row> + Clone {
        let own = move |row: &&&Row| row.source.as_deref() == Some(source) && row.target.as_deref() == Some(target);
        self.choice.rows.iter().filter(own).copied()
    }
}

/// The epoch of the rows nearest to the one wanted; else the last.
pub(crate) fn epoch(rows: &[&Row], wanted: Option<f64>) -> Option<f64> {
    let epochs = rows.iter().filter_map(|row| row.epoch);
    match wanted {
        None => epochs.reduce(f64::max),
        Some(wanted) => epochs.min_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs())),
    }
}

/// Taps in forward order: as they appear, with the ends that have fixed names at the ends.
pub(crate) fn forward<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taps = distinct(names);
    taps.sort_by_key(|tap| match tap.as_str() {
        "input" => 0,
        "logits" => 2,
        "out" => 3,
        "label" => 4,
        _ => 1,
    });
    taps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_as_written_name_the_canonical_ones() {
        let bins = family("bins:cells=30,lo=-1,hi=1,outside=error");
        assert_eq!(bins, "bins:cells=30");
        assert!(
            ["bins", "bins:30", "bins:cells=30", "bins:cells=30,lo=0,hi=1,outside=error"]
                .iter()
                .all(|w| names(w, &bins))
        );
        assert!(!names("bins:20", &bins) && !names("width:30", &bins));
        assert!(names("kde:1e-3", "kde:v=0.001,bound=upper") && !names("kde:bound=lower", "kde:v=0.001,bound=upper"));
    }

    #[test]
    fn the_default_estimator_covers_most_layers() {
        let row = |layer: &str, estimator: &str| Row {
            layer: Some(layer.into()),
            estimator: estimator.into(),
            ..Row::default()
        };
        let wide = ["width:cell=2", "width:cell=0.5", "width:cell=0.1"];
        let mut rows: Vec<Row> = ["fc1", "out"].iter().flat_map(|l| wide.map(|w| row(l, w))).collect();
        rows.push(row("out", "bins:cells=30"));
        let refs: Vec<&Row> = rows.iter().collect();
        let families = distinct(rows.iter().map(|row| row.estimator.as_str()));
        assert_eq!(default_estimator(&refs, &families), "width:cell=0.5");
        rows.push(row("fc1", "bins:cells=30"));
        assert_eq!(default_estimator(&rows.iter().collect::<Vec<_>>(), &families), "bins:cells=30");
    }

    #[test]
    fn taps_stand_in_forward_order() {
        let seen = ["input", "out", "fc1", "fc2", "logits"];
        assert_eq!(forward(seen.into_iter()), ["input", "fc1", "fc2", "logits", "out"]);
    }
}
