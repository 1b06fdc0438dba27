//! Transfer entropy of all unit pairs from bit-packed series: `infoplane_measures::packed`.

mod draws;
mod layers;
mod naive;
mod pass;

use infoplane_measures::packed::Level;

use crate::record::Report;
use crate::timing::cycles_per_second;

/// Runs every case whose name contains `text`.
pub(crate) fn run(report: &Report, text: &str) {
    let clock = cycles_per_second();
    report.note(&format!("one thread, {:.2} GHz, levels up to {}", clock / 1e9, Level::detect().name()));
    report.note("floor: the counts alone, 3 ANDs + 3 popcounts + 3 additions of 512 bits a chunk, two a cycle");
    report.note("for comparison, measured elsewhere: numpy matrix products take about 1.1 µs a pair at N = 10,000\n");
    let wanted = |case: &str| case.contains(text);
    for (sources, targets, n, repeats) in [(512, 256, 1000, 200), (512, 256, 10_000, 60)] {
        if wanted(&pass::name(sources, targets, n)) {
            pass::every_level(report, clock, sources, targets, n, repeats);
            pass::preparation(report, sources, targets, n);
        }
    }
    for n in [1000, 10_000] {
        if wanted(&pass::name(120, 10, n)) {
            pass::every_level(report, clock, 120, 10, n, 1000);
            pass::preparation(report, 120, 10, n);
        }
    }
    if wanted("permute draws") {
        draws::run(report, 512, 256, 10_000);
    }
    if wanted(&pass::name(4096, 4096, 60_000)) {
        pass::large(report, clock);
    }
}
