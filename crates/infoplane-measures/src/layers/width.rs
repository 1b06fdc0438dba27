//! `width`: cells of one width for any activation, one of them beginning at 0; or nested widths in one pass.
//!
//! ```text
//! cell of unit u in row i = ⌊t_iu/w⌋       T̂_i = all units' cells       I(X;T̂) = H(T̂),  I(T̂;Y) = H(T̂) + H(Y) − H(T̂, Y)
//! ```
//! Where the top of a bounded activation is an edge it belongs to the cell below. Unit: nats.
//!
//! `width:sweep` reads w = 2, 1, ½ … 2⁻⁷. Cells of half the width lie inside those of the whole, so a row's cell at the
//! next width is its cell here and one more bit a unit: values are read once. Once every row stands alone, finer
//! widths cannot change anything. A single width warns where some unit fills fewer than three cells (`IP0302`); the
//! sweep does not, as its coarse widths are there to do so.
//!
//! **Fails** as `bins` does when joint cells outnumber rows; a sweep shows at which widths that is. A `ReLU` network
//! whose activations grow never loses I(X;T) at a fixed width.
//!
//! Reference: A. M. Saxe et al., doi:10.1088/1742-5468/ab3985.

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::binned::{estimate, has_coarse_unit};
use super::estimate::{Context, LayerEstimate};
use super::grid::Grid;
use super::label_null::of_partitions;
use super::partition::{Partition, encode, lowest_bytes, word};
use super::scan::UnitRanges;
use super::{LabelNull, Layer, LayerEstimator};
use crate::Result;
use crate::simd::Level;

/// Cells of one width, or of the nested widths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Width {
    /// One width, above 0.
    Cell(f64),
    /// 2, 1, ½ … 2⁻⁷.
    Sweep,
}

/// 2¹ … 2⁻⁷.
const WIDTHS: [f64; 9] = [2.0, 1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015_625, 0.007_812_5];
/// One bit a unit separates a width from the next.
const STEPS: u32 = WIDTHS.len() as u32 - 1;

pub(super) const ENTRY: Entry<Box<dyn LayerEstimator>> = Entry {
    name: "width",
    summary: "joint cells of one width aligned at 0, for any activation; `sweep` reads nested widths in one pass",
    citation: "A. M. Saxe et al., doi:10.1088/1742-5468/ab3985",
    parameters: &[Parameter {
        key: "cell",
        default: None,
        summary: "width of a cell in units of the activation, or `sweep`: 2, 1, ½ … 2⁻⁷",
    }],
    build: |arguments| Ok(Box::new(build(arguments)?)),
};

fn build(arguments: &Arguments) -> std::result::Result<Width, SpecError> {
    if arguments.text("cell") == "sweep" {
        return Ok(Width::Sweep);
    }
    let allowed = "a number above 0, or `sweep`";
    arguments.check("cell", allowed, |width: &f64| *width > 0.0 && width.is_finite()).map(Width::Cell)
}

/// A layer in cells of one width.
struct Scale {
    width: f64,
    partition: Partition,
    few_cells: bool,
}

impl Width {
    fn scales(&self, layer: &Layer) -> Result<Vec<Scale>> {
        layer.check()?;
        let ranges = UnitRanges::of(layer.values, layer.units)?;
        let grid = |width: f64| Grid::aligned(width, layer.range, &ranges);
        let single = |width: f64| grid(width).map(|grid| Partition::of(layer.values, layer.units, grid));
        let widths: &[f64] = match self {
            Self::Cell(width) => std::slice::from_ref(width),
            Self::Sweep => &WIDTHS,
        };
        let finest = grid(WIDTHS[STEPS as usize]);
        let mut nested = match (self, finest) {
            (Self::Sweep, Ok(finest)) if layer.units <= 32 => Some(Nested::new(layer, finest, single(WIDTHS[0])?)),
            _ => None,
        };
        let mut scales: Vec<Scale> = Vec::with_capacity(widths.len());
        for (step, &width) in widths.iter().enumerate() {
            let partition = match (scales.last(), &mut nested) {
                (Some(before), _) if before.partition.is_discrete() => before.partition.clone(),
                (Some(before), Some(nested)) => nested.refine(&before.partition, step as u32),
                (None, Some(nested)) => std::mem::take(&mut nested.coarsest),
                _ => single(width)?,
            };
            let few_cells = *self != Self::Sweep && has_coarse_unit(layer, &ranges, grid(width)?);
            scales.push(Scale { width, partition, few_cells });
        }
        Ok(scales)
    }
}

/// The cells of the finest width, of which each coarser one drops a bit.
struct Nested {
    units: usize,
    /// The lowest eight bits of each cell at the finest width: bit `STEPS − s` is what step s adds.
    codes: Vec<u8>,
    coarsest: Partition,
}

impl Nested {
    fn new(layer: &Layer, finest: Grid, coarsest: Partition) -> Self {
        let mut codes = vec![0; layer.values.len() + 8];
        // Counted from a multiple of 2^STEPS, so that shifting a code gives the coarser cell.
        let whole = f64::from(1 << STEPS);
        let aligned = Grid { first: (finest.first / whole).floor() * whole, ..finest };
        encode(Level::detect(), layer.values, aligned, &mut codes[..layer.values.len()]);
        Self { units: layer.units, codes, coarsest }
    }

    /// The partition at width number `step`, from the one before.
    fn refine(&self, coarser: &Partition, step: u32) -> Partition {
        let shift = STEPS - step;
        let row_bits = |row: usize| {
            let bits = |unit: usize| {
                let word = word(&self.codes, row * self.units + unit) & lowest_bytes(self.units - unit);
                gather_bits(word >> shift) << unit
            };
            (0..self.units).step_by(8).map(bits).fold(0, |all, bits| all | bits)
        };
        coarser.refined((0..coarser.rows()).map(row_bits))
    }
}

/// The lowest bit of each of eight bytes, side by side.
#[inline]
fn gather_bits(word: u64) -> u32 {
    ((word & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
}

impl LayerEstimator for Width {
    fn estimate(&self, layer: &Layer, _threads: usize) -> Result<Vec<LayerEstimate>> {
        let scales = self.scales(layer)?;
        let context = Context::new(layer);
        let one = |scale: &Scale| {
            estimate(&context, layer, format!("width:cell={}", scale.width), &scale.partition, scale.few_cells)
        };
        Ok(scales.iter().map(one).collect())
    }

    fn label_null(&self, layer: &Layer, draws: usize, seed: u64, threads: usize) -> Result<Vec<LabelNull>> {
        let partitions: Vec<Partition> = self.scales(layer)?.into_iter().map(|scale| scale.partition).collect();
        let label_entropy = Context::new(layer).label_entropy;
        Ok(of_partitions(&partitions, layer, label_entropy, draws, seed, threads))
    }
}
