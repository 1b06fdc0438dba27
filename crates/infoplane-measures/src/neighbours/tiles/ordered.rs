//! A space put in order once, to count within any radii.

use std::ops::Range;

use super::count::{Block, Count};
use super::layout::Tiled;
use super::line;
use super::norm::{Euclidean, Maximum};
use super::unseen::unseen;
use crate::neighbours::sorted::Axis;
use crate::neighbours::{Border, Exclusion, Metric, Space};
use crate::simd::Level;

/// Columns that share a radius, and that radius for each row.
pub(in crate::neighbours) type Asked<'a> = (Range<usize>, &'a [f64]);

/// A space and its rows in order.
#[derive(Debug)]
pub(in crate::neighbours) struct Ordered<'a> {
    level: Level,
    space: Space<'a>,
    order: Order,
}

#[derive(Debug)]
enum Order {
    /// One column.
    Line(Axis),
    Tiles(Tiled),
    /// Values so large that differences overflow.
    Rows,
}

impl<'a> Ordered<'a> {
    pub(in crate::neighbours) fn new(level: Level, space: Space<'a>) -> Self {
        let order = match line::is(&space) {
            true => Order::Line(Axis::sorted(space.columns()[0])),
            false => Tiled::new(&space).map_or(Order::Rows, Order::Tiles),
        };
        Self { level, space, order }
    }

    /// How many rows that a row sees lie within its radius in every block of columns: two blocks at most, all columns
    /// in one of them.
    pub(in crate::neighbours) fn within(&self, asked: &[Asked], border: Border, exclusion: &Exclusion) -> Vec<u32> {
        let mut counts = match &self.order {
            Order::Line(axis) => line::counts(axis, asked[0].1, border),
            Order::Tiles(tiled) => self.by_tiles(tiled, asked, border),
            Order::Rows => return self.by_rows(asked, border, exclusion),
        };
        let unseen = unseen(&self.space, asked, border, exclusion);
        counts.iter_mut().zip(unseen).for_each(|(count, unseen)| *count -= unseen);
        counts
    }

    /// Rows within the radii, those that must not be seen among them.
    fn by_tiles(&self, tiled: &Tiled, asked: &[Asked], border: Border) -> Vec<u32> {
        let by_slot = |radii: &[f64]| tiled.order.iter().map(|&row| radii[row as usize]).collect();
        let block = |(columns, radii): &Asked| Block { columns: columns.clone(), radii: by_slot(radii) };
        let blocks: Vec<Block> = asked.iter().map(block).collect();
        let count = Count { tiled, blocks: &blocks, border };
        let by_slot = match self.space.metric() {
            Metric::Maximum => self.level.count::<Maximum>(&count),
            Metric::Euclidean => self.level.count::<Euclidean>(&count),
        };
        let mut counts = vec![0; by_slot.len()];
        tiled.order.iter().zip(by_slot).for_each(|(&row, count)| counts[row as usize] = count);
        counts
    }

    fn by_rows(&self, asked: &[Asked], border: Border, exclusion: &Exclusion) -> Vec<u32> {
        let (rows, metric) = (self.space.rows(), self.space.metric());
        let part = |columns: &Range<usize>| Space::new(&self.space.columns()[columns.clone()]).with(metric);
        let blocks: Vec<(Space, &[f64])> = asked.iter().map(|(columns, radii)| (part(columns), *radii)).collect();
        let within = |row, other| blocks.iter().all(|(space, r)| border.holds(space.distance(row, other), r[row]));
        let seen = |row, other| !exclusion.leaves_out(row, other) && within(row, other);
        (0..rows).map(|row| (0..rows).filter(|&other| seen(row, other)).count() as u32).collect()
    }
}
