//! `infoplane plot`: one figure as SVG.

use std::path::Path;

use infoplane::figures::{Data, Options, UnitMatrix, figure, network_of};
use infoplane_record::Row;

use super::report::strength;
use crate::args::{Choice, PlotArgs};
use crate::failure::Failure;
use crate::output::print;
use crate::source::Recorded;
use crate::written::write_new;

pub(crate) fn run(args: &PlotArgs) -> Result<(), Failure> {
    let figure = figure(&args.id)?;
    if let Some(out) = &args.out {
        only_svg(out)?;
    }
    let recorded = Recorded::open(&args.folder)?;
    let units = match args.id.as_str() {
        "te-units" => Some(chosen_units(&recorded, &args.choice)?),
        _ => None,
    };
    let data = Data { rows: &recorded.rows, metrics: &recorded.metrics, units: units.as_ref() };
    let svg = (figure.draw)(&data, &options(&args.choice))?.svg();
    match &args.out {
        None => print(&svg),
        Some(out) => {
            write_new(out, svg.as_bytes(), args.force)?;
            if !args.quiet {
                crate::output::tell(&format!("figure  {}", out.display()));
            }
            Ok(())
        }
    }
}

fn only_svg(out: &Path) -> Result<(), Failure> {
    let kind = out.extension().map(|kind| kind.to_string_lossy().to_lowercase());
    match kind.as_deref() {
        Some("svg") => Ok(()),
        other => {
            let found = other.map_or("a name without extension".to_owned(), |kind| format!(".{kind}"));
            let hint = format!(
                "write {} and convert it: `rsvg-convert -f pdf -o FIGURE.pdf FIGURE.svg`, or `inkscape --export-type=png`",
                out.with_extension("svg").display()
            );
            Err(Failure::new("IP0109", format!("{}: figures are written as .svg, not {found}", out.display()))
                .hint(hint))
        }
    }
}

fn options(choice: &Choice) -> Options {
    let Choice { network, estimator, time, order, measure, given, epoch, source, target } = choice.clone();
    Options { network, estimator, time, order, measure, given, epoch, source, target, ..Options::default() }
}

/// The unit matrix of the layer pair that the choice names, at its epoch; of the strongest pair unless named.
fn chosen_units(recorded: &Recorded, choice: &Choice) -> Result<UnitMatrix, Failure> {
    let measure = choice.measure.as_deref().unwrap_or("te");
    let fits = |wanted: &Option<String>, got: Option<&str>| wanted.as_deref().is_none_or(|wanted| got == Some(wanted));
    let matches = |row: &&Row| {
        row.measure == measure
            && row.source.is_some()
            && row.given.is_none()
            && fits(&choice.network, row.run.as_deref().map(network_of))
            && fits(&choice.time, row.time.as_deref())
            && fits(&choice.order, row.order.as_deref())
            && fits(&choice.source, row.source.as_deref())
            && fits(&choice.target, row.target.as_deref())
    };
    let mut rows: Vec<&Row> = recorded.rows.iter().filter(matches).collect();
    let last = rows.iter().filter_map(|row| row.epoch).fold(0.0, f64::max);
    let distance = |row: &Row| (row.epoch.unwrap_or(0.0) - choice.epoch.unwrap_or(last)).abs();
    rows.sort_by(|a, b| distance(a).total_cmp(&distance(b)).then(strength(b).total_cmp(&strength(a))));
    for row in rows {
        if let Some(units) = recorded.units_of(row)? {
            return Ok(units);
        }
    }
    Err(Failure::new("IP0122", format!("no unit pairs of `{measure}` were kept for this choice"))
        .hint("`infoplane runs show FOLDER --rows` lists the pairs, axes and orders there are"))
}
