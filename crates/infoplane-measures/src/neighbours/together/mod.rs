//! Several x for one (y, z), all of one column: sixteen of them side by side, one row searching at a time.
//!
//! ```text
//! places   rows in an order in which near rows stand together            places
//! lists    of each row the rows near it in (y, z), nearest first         list
//! radii    of sixteen x at once, from the list, in f32                   search
//! counts   exact ranks and rectangles; doubtful rows anew in f64         lookup, table, counts
//! ```
//! Whatever belongs to (y, z) is done once for all x. The search stops where the list's next row is too far in (y, z) for
//! every x; f32 tells ε up to roundings whose size is known, and the counts only where those leave no doubt. The bits are
//! those of the engine for one x at a time.

#![cfg(target_arch = "x86_64")]
#![allow(clippy::inline_always, reason = "a body without instructions of its own has those of whoever calls it")]

mod counts;
mod list;
mod lookup;
mod places;
mod search;
mod table;

use std::cell::Cell;

use super::sorted::{Axis, Inside};
use crate::simd::Level;
use counts::{Found, Sorted, Target};
use list::{Around, List};
pub(crate) use lookup::Lookup;
use places::{Lanes, Places, spread};
use search::{Near, Place, search};

/// The most rows for which this is faster than one x at a time, as measured.
const MOST_ROWS: usize = 8192;
/// Sources in one register.
const LANES: usize = 16;
/// Fewer would leave most lanes empty.
const FEWEST_SOURCES: usize = 6;
/// The most neighbours the search keeps.
const MOST_NEIGHBOURS: usize = 16;
/// Places that share the rows around them.
const TILE: usize = 8;
/// Rows a list is made for.
const WANTED: f32 = 120.0;
/// So many rows of a source, and one in so many, may be left to be answered anew before it is better answered by itself.
const UNKNOWN_ROWS: usize = 40;
const UNKNOWN_SHARE: usize = 6;
/// Values beyond have roundings or squares outside f32.
const EXTREME: [f64; 2] = [1e-15, 1e15];

/// One x: its values by row, and in order.
pub(crate) struct Source<'a> {
    pub(crate) column: &'a [f64],
    pub(crate) axis: &'a Axis,
    /// A [`Lookup`] of the axis, where there is one.
    pub(crate) lookup: Option<&'a Lookup>,
}

thread_local! {
    static SPARE: Cell<Option<Box<Work>>> = const { Cell::new(None) };
}

/// Memory, kept from one question to the next.
#[derive(Debug, Default)]
struct Work {
    places: Places,
    target: Target,
    sorted: Sorted,
    around: Around,
    list: List,
    rows: Vec<Lanes>,
    values: Vec<Lanes>,
    /// `[sources, places]`
    kth: Vec<f32>,
    near: Vec<Near>,
    inside: Vec<Inside>,
}

/// Whether so many rows, sources and neighbours are worth while.
pub(crate) fn pays(level: Level, rows: usize, sources: usize, neighbours: usize) -> bool {
    level == Level::Avx512
        && (TILE * TILE..=MOST_ROWS).contains(&rows)
        && sources >= FEWEST_SOURCES
        && (1..=MOST_NEIGHBOURS).contains(&neighbours)
}

/// Counts for all sources, where [`pays`] says so. `take` gets the number of a source and the counts of its rows, in any
/// order, or nothing where the source is to be answered by itself.
pub(crate) fn together(
    y: &Axis,
    z: &Axis,
    sources: &[Source],
    neighbours: usize,
    mut take: impl FnMut(usize, Option<&[Inside]>),
) {
    assert!(pays(Level::detect(), y.rows.len(), sources.len(), neighbours), "asked where it does not pay");
    let mut work = SPARE.take().unwrap_or_default();
    let middling = |axis: &Axis| {
        let largest = f64::max(axis.values[axis.values.len() - 1] - axis.middle(), axis.middle() - axis.values[0]);
        (EXTREME[0]..EXTREME[1]).contains(&largest)
    };
    let moderate = middling(y) && middling(z) && sources.iter().all(|source| middling(source.axis));
    // SAFETY: the instructions exist, or it would not pay.
    unsafe {
        match moderate && work.prepare(y, z) {
            false => (0..sources.len()).for_each(|number| take(number, None)),
            true if neighbours <= 4 => work.answer::<4>(sources, neighbours, &mut take),
            true if neighbours <= 8 => work.answer::<8>(sources, neighbours, &mut take),
            true => work.answer::<16>(sources, neighbours, &mut take),
        }
    }
    SPARE.set(Some(work));
}

impl Work {
    /// Makes everything of (y, z) ready; says whether ranks can be looked up.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn prepare(&mut self, y: &Axis, z: &Axis) -> bool {
        let Self { places, target, .. } = self;
        if !target.y.fill(&y.values) || !target.z.fill(&z.values) {
            return false;
        }
        places.fill(y, z);
        target.fill(places, y, z);
        true
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn answer<const KEPT: usize>(
        &mut self,
        sources: &[Source],
        neighbours: usize,
        take: &mut dyn FnMut(usize, Option<&[Inside]>),
    ) {
        spread(sources, &self.places, &mut self.rows, &mut self.values);
        if !self.search_all::<KEPT>(sources.len(), neighbours) {
            return (0..sources.len()).for_each(|number| take(number, None));
        }
        let Self { places, target, sorted, kth, near, inside, .. } = self;
        let n = places.row.len();
        for (number, source) in sources.iter().enumerate() {
            let Some(lookup) = source.lookup else {
                take(number, None);
                continue;
            };
            sorted.fill(source, target, places);
            let range = number * n..(number + 1) * n;
            let middle = source.axis.middle();
            let found = Found { lookup, middle, kth: &kth[range.clone()], near: &near[range], neighbours };
            let counted = sorted.count::<KEPT>(target, places, &found, inside);
            take(number, counted.then_some(&**inside));
        }
    }

    /// ε and what is near it, for all places and sources; says whether lists are of use, as with many equal rows they are
    /// not.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn search_all<const KEPT: usize>(&mut self, sources: usize, neighbours: usize) -> bool {
        let Self { places, around, list, values, kth, near, .. } = self;
        let (n, groups) = (places.row.len(), sources.div_ceil(LANES));
        kth.resize(sources * n, 0.0);
        near.resize(sources * n, Near::default());
        let mut tile = vec![(Lanes::default(), [Near::UNKNOWN; LANES]); TILE * groups];
        let (mut radius, mut unknown) = (first_radius(places), 0);
        for first in (0..n).step_by(TILE) {
            let own = &places.own[first..(first + TILE).min(n)];
            let seen = surround(places, around, own, &mut radius);
            let (mut expected, mut listed) = (0.0, 0.0);
            for ((place, own), found) in (first..).zip(own).zip(tile.chunks_mut(groups)) {
                let own = own.map(|value| value as f32);
                let rows = if seen { nearest(list, around, own, place, radius) } else { None };
                let Some(rows) = rows else {
                    found.fill((Lanes([f32::INFINITY; LANES]), [Near::UNKNOWN; LANES]));
                    continue;
                };
                (expected, listed) = (expected + rows, listed + 1.0);
                let largest = own[0].abs().max(own[1].abs());
                let place = Place { list, values, groups, number: place, largest, neighbours };
                for (group, found) in found.iter_mut().enumerate() {
                    let live = (sources - group * LANES).min(LANES) as u32;
                    *found = search::<KEPT>(&place, group, (u32::from(u16::MAX) >> (16 - live)) as u16);
                }
            }
            for source in 0..sources {
                for (at, found) in tile.chunks(groups).enumerate().take(own.len()) {
                    let (lanes, of) = &found[source / LANES];
                    kth[source * n + first + at] = lanes.0[source % LANES];
                    near[source * n + first + at] = of[source % LANES];
                    unknown += usize::from(of[source % LANES].is_unknown());
                }
            }
            if unknown > sources * (UNKNOWN_ROWS + (first + own.len()) / UNKNOWN_SHARE) {
                return false;
            }
            if listed > 0.0 {
                let mean = f32::max(expected / listed, 1.0);
                radius *= 1.0 + 0.5 * ((WANTED / mean).sqrt().clamp(0.5, 2.0) - 1.0);
            }
        }
        true
    }
}

/// Lists the rows within a radius of a place, or within a smaller one if they are too many; tells how many the radius
/// would give. None where too many are equally near.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn nearest(list: &mut List, around: &Around, own: [f32; 2], place: usize, radius: f32) -> Option<f32> {
    /// Radii that are tried.
    const TRIES: usize = 16;
    let mut reach = radius;
    for _ in 0..TRIES {
        if list.fill(around, own, place as u32, reach) {
            return Some(list.len as f32 * (radius / reach).powi(2));
        }
        reach *= 0.8;
    }
    None
}

/// A radius to begin with: that of the whole plane, shrunk to the share of rows wanted.
fn first_radius(places: &Places) -> f32 {
    let n = places.own.len();
    let span = |axis: usize| {
        let (low, high) = places
            .own
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), own| (low.min(own[axis]), high.max(own[axis])));
        high - low
    };
    (0.25 * (span(0) * span(1) * f64::from(WANTED) / n as f64).sqrt()) as f32
}

/// Takes the rows around a tile, as many as make lists of about the length wanted; says whether that was possible.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn surround(places: &Places, around: &mut Around, tile: &[[f64; 2]], radius: &mut f32) -> bool {
    /// Radii that are tried.
    const TRIES: usize = 24;
    let corner = |pick: fn(f32, f32) -> f32, start: f32| {
        [0, 1].map(|axis| tile.iter().fold(start, |corner, own| pick(corner, own[axis] as f32)))
    };
    let (low, high) = (corner(f32::min, f32::INFINITY), corner(f32::max, f32::NEG_INFINITY));
    let mut widened = 0;
    for _ in 0..TRIES {
        let reach = *radius;
        if !around.fill(&places.by_z, low.map(|low| low - reach), high.map(|high| high + reach)) {
            *radius *= 0.8;
            continue;
        }
        // of the rows around the tile a place has so many in its own square
        let share = 4.0 * reach * reach / ((high[0] - low[0] + 2.0 * reach) * (high[1] - low[1] + 2.0 * reach));
        let expected = around.len as f32 * share;
        if widened == 3 || expected >= 0.75 * WANTED || around.len >= places.row.len() {
            return true;
        }
        widened += 1;
        *radius *= (WANTED / expected.max(10.0)).sqrt();
    }
    false
}

#[cfg(test)]
mod tests;
