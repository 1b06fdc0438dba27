//! Several x for one (y, z), all of one column: sixteen of them side by side, one row searching at a time.
//!
//! ```text
//! lookup   each column in fixed point, and from its values to ranks      lookup
//! places   rows in an order in which near rows stand together            places
//! lists    of each row the rows near it in (y, z), nearest first         list, sort
//! radii    of sixteen x at once, from the list                           search
//! counts   exact ranks and rectangles                                    counts, within, table
//! the rest rows whose list was too short, and doubtful ones in f64       anew
//! ```
//! Whatever belongs to (y, z) is done once for all x. The search stops where the list's next row is too far in (y, z) for
//! every x. In fixed point ε is wrong by a few units at most, whatever its size, and the counts are told only where those
//! leave no doubt. The bits are those of the engine for one x at a time.

#![cfg(target_arch = "x86_64")]
#![allow(clippy::inline_always, reason = "a body without instructions of its own has those of whoever calls it")]

mod anew;
mod counts;
mod list;
mod lookup;
mod moved;
mod places;
mod search;
mod sort;
mod table;
mod within;

use std::arch::x86_64::{_mm512_set1_epi32, _mm512_test_epi32_mask};
use std::cell::Cell;

use super::sorted::{Axis, Inside};
use crate::simd::Level;
use crate::threads::shares;
use counts::{Chunk, Found, Next, Sorted, Target};
use list::{Around, List, Scratch};
pub(crate) use lookup::Lookup;
use moved::{GROUPS, Moved};
use places::{Column, Lanes, Places, Scaled, put, spread};
use search::{Near, Place, kth, lanes, load, near};

/// The most rows for which there is room.
const MOST_ROWS: usize = 16_000;
/// The most rows times the square of the neighbours for which this is faster than one x at a time, as measured: with up to
/// eight of them, and with more. The third root says how many rows the search takes in.
const LONGEST: [usize; 2] = [700_000, 270_000];
/// Sources in one register.
const LANES: usize = 16;
/// Fewer would leave most lanes empty.
const FEWEST_SOURCES: usize = 6;
/// The most neighbours the search keeps.
const MOST_NEIGHBOURS: usize = 16;
/// Places that share the rows around them.
const TILE: usize = 4;
/// Rows a list is made for.
const WANTED: f64 = 130.0;
/// So many rows of a source beside the shares below may be left to be answered anew before it is better answered by itself.
const ANEW_ROWS: usize = 40;
/// Of so many rows half may have too short a list, of fewer more and of more less: each is compared with a share of all.
const SHORT_ROWS: usize = 8192;
/// One in so many may be answered with ε in f64, which takes long.
const EXACT_SHARE: usize = 6;
/// The units of a column may be smaller than the common ones by so many bits, and those of a source larger than those of y
/// and z by so many: beyond, too little of the smaller would be left.
const FINER_BITS: i32 = 16;
const COARSER_BITS: i32 = 10;

/// One column: its values in order, and where its rows stand among them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    /// Ascending.
    values: &'a [f64],
    /// The row of each rank.
    rows: &'a [u32],
    /// Of each row, in fixed point.
    units: &'a [i32],
    lookup: &'a Lookup,
}

impl<'a> Source<'a> {
    /// A column and the [`Lookup`] made of it.
    pub(crate) fn of(axis: &'a Axis, lookup: &'a Lookup) -> Self {
        Self { values: &axis.values, rows: &axis.rows, units: &lookup.rows, lookup }
    }
}

thread_local! {
    static SPARE: Cell<Option<Box<Work>>> = const { Cell::new(None) };
}

/// Memory, kept from one question to the next.
#[derive(Debug, Default)]
struct Work {
    /// Of y and of z.
    lookups: [Lookup; 2],
    searches: Searches,
    target: Target,
    sorted: Sorted,
    chunk: Chunk,
    inside: Vec<Inside>,
    moved: Moved,
}

/// What the search needs, and what it finds.
#[derive(Debug, Default)]
struct Searches {
    places: Places,
    around: Around,
    scratch: Scratch,
    lists: Vec<List>,
    rows: Vec<Lanes>,
    /// `[groups, places]`
    values: Vec<Lanes>,
    /// `[sources, stride]`: ε and what is near it.
    kth: Column,
    near: Column,
}

/// The bits of the first so many lanes, or of all where there are no more.
fn first_lanes(count: usize) -> u16 {
    (u32::from(u16::MAX) >> (LANES - count.min(LANES))) as u16
}

/// How many of the rows seen, among `n` in all, may have too short a list.
fn most_short(seen: usize, n: usize) -> usize {
    ANEW_ROWS + seen * SHORT_ROWS / (SHORT_ROWS + n)
}

/// How many of the rows seen may be answered with ε in f64.
fn most_exact(seen: usize) -> usize {
    ANEW_ROWS + seen / EXACT_SHARE
}

/// The first of each so many of `n` places, beginning in the middle: what stands at the ends may be so crowded that it says
/// little of the others.
fn from_the_middle(n: usize, step: usize) -> impl Iterator<Item = usize> {
    let middle = n / 2 / step * step;
    (middle..n).step_by(step).chain((0..middle).step_by(step))
}

/// Whether this thread compares tiny floating-point numbers as they are. Some programs have them taken as zeros, and the search
/// looks at whole numbers so.
fn keeps_tiny_numbers() -> bool {
    /// Bits of the control register: tiny operands are zeros, and tiny results.
    const ZEROS: u32 = 1 << 6 | 1 << 15;
    let mut control = 0_u32;
    // SAFETY: every machine of this architecture stores the register, here into a number of its size.
    unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut control, options(nostack, preserves_flags)) };
    control & ZEROS == 0
}

/// Whether so many rows, sources and neighbours are worth while.
pub(crate) fn pays(level: Level, rows: usize, sources: usize, neighbours: usize) -> bool {
    level == Level::Avx512
        && keeps_tiny_numbers()
        && (TILE * TILE..=MOST_ROWS).contains(&rows)
        && sources >= FEWEST_SOURCES
        && (1..=MOST_NEIGHBOURS).contains(&neighbours)
        && rows * neighbours.pow(2) <= LONGEST[usize::from(neighbours > 8)]
}

/// Counts for all sources, where [`pays`] says so; a source that is none has no lookup. `take` gets the number of a source and the counts of its rows, in any
/// order, or nothing where the source is to be answered by itself.
pub(crate) fn together(
    y: &Axis,
    z: &Axis,
    sources: &[Option<Source>],
    neighbours: usize,
    mut take: impl FnMut(usize, Option<&[Inside]>),
) {
    assert!(pays(Level::detect(), y.rows.len(), sources.len(), neighbours), "asked where it does not pay");
    let mut work = SPARE.take().unwrap_or_default();
    // SAFETY: the instructions exist, or it would not pay.
    unsafe { work.answer_kept([y, z], sources, neighbours, &mut take) }
    SPARE.set(Some(work));
}

/// The same for one x with its rows in other orders, each a permutation: in the d-th of them row i is row `orders[d][i]` of x.
pub(crate) fn reordered(
    y: &Axis,
    z: &Axis,
    (x, lookup): (&Axis, &Lookup),
    orders: &[&[u32]],
    neighbours: usize,
    mut take: impl FnMut(usize, Option<&[Inside]>),
) {
    assert!(pays(Level::detect(), y.rows.len(), orders.len(), neighbours), "asked where it does not pay");
    let mut work = SPARE.take().unwrap_or_default();
    let mut moved = std::mem::take(&mut work.moved);
    for share in shares(orders.len(), LANES, GROUPS, 1) {
        moved.fill(x, lookup, &orders[share.clone()]);
        let mut take = |number: usize, inside: Option<&[Inside]>| take(share.start + number, inside);
        // SAFETY: the instructions exist, or it would not pay.
        unsafe { work.answer_kept([y, z], &moved.sources(x, lookup), neighbours, &mut take) }
    }
    work.moved = moved;
    SPARE.set(Some(work));
}

impl Work {
    /// With as few distances kept as will do.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn answer_kept(
        &mut self,
        yz: [&Axis; 2],
        sources: &[Option<Source>],
        neighbours: usize,
        take: &mut dyn FnMut(usize, Option<&[Inside]>),
    ) {
        match neighbours {
            0..=4 => self.answer::<4>(yz, sources, neighbours, take),
            5..=8 => self.answer::<8>(yz, sources, neighbours, take),
            _ => self.answer::<16>(yz, sources, neighbours, take),
        }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn answer<const KEPT: usize>(
        &mut self,
        [y, z]: [&Axis; 2],
        sources: &[Option<Source>],
        neighbours: usize,
        take: &mut dyn FnMut(usize, Option<&[Inside]>),
    ) {
        let Self { lookups, searches, target, sorted, chunk, inside, .. } = self;
        let filled = lookups[0].fill(y) && lookups[1].fill(z);
        let scales = filled.then(|| Scales::of([&lookups[0], &lookups[1]], sources)).flatten();
        let Some(Scales { yz, taken }) = scales else {
            return (0..sources.len()).for_each(|number| take(number, None));
        };
        let scaled = |number: usize, axis| Scaled { column: Source::of(axis, &lookups[number]), shift: yz[number] };
        let (y, z) = (scaled(0, y), scaled(1, z));
        searches.places.fill(&y, &z);
        target.fill(&searches.places, &y, &z);
        let scaled: Vec<Scaled> = taken.iter().map(|(_, scaled)| *scaled).collect();
        if !searches.all::<KEPT>(&scaled, neighbours) {
            return (0..sources.len()).for_each(|number| take(number, None));
        }
        let mut taken = taken.into_iter().enumerate().peekable();
        let Searches { places, kth, near, .. } = searches;
        let stride = places.row.len().next_multiple_of(LANES);
        for number in 0..sources.len() {
            let Some((at, (_, x))) = taken.next_if(|(_, (taken, _))| *taken == number) else {
                take(number, None);
                continue;
            };
            sorted.fill(&x, places);
            let (kth, later_kth) = kth[at * stride..].split_at_mut(stride);
            let (near, later_near) = near[at * stride..].split_at_mut(stride);
            let mut found = Found { target, places, y, z, x, kth, near, neighbours };
            let next = taken.peek().map(|(_, (_, x))| Next { x: *x, kth: later_kth, near: later_near });
            let counted = sorted.count::<KEPT>(&mut found, next.as_ref(), chunk, inside);
            take(number, counted.then_some(&**inside));
        }
    }
}

/// By how many bits the units of y and z, and of each source that is answered, are smaller than the common ones.
struct Scales<'a> {
    yz: [u32; 2],
    taken: Vec<(usize, Scaled<'a>)>,
}

impl<'a> Scales<'a> {
    /// None where y and z are too different.
    fn of(yz: [&Lookup; 2], sources: &[Option<Source<'a>>]) -> Option<Self> {
        let [y, z] = yz.map(|lookup| lookup.exponent);
        let of = |source: &Option<Source<'a>>| source.filter(|of| of.lookup.exponent <= y.max(z) + COARSER_BITS);
        let common = sources.iter().filter_map(of).map(|of| of.lookup.exponent).max()?.max(y).max(z);
        let finer = |exponent: i32| (common - exponent <= FINER_BITS).then_some((common - exponent) as u32);
        let taken = sources.iter().enumerate().filter_map(|(number, source)| {
            let column = of(source)?;
            Some((number, Scaled { column, shift: finer(column.lookup.exponent)? }))
        });
        Some(Self { yz: [finer(y)?, finer(z)?], taken: taken.collect() })
    }
}

impl Searches {
    /// ε and what is near it, for all places and sources; says whether lists are of use, as with many equal rows they are
    /// not.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn all<const KEPT: usize>(&mut self, sources: &[Scaled], neighbours: usize) -> bool {
        spread(sources, &self.places, &mut self.rows, &mut self.values);
        self.lists.resize(LANES, List::default());
        let (n, groups) = (self.places.row.len(), sources.len().div_ceil(LANES));
        let stride = n.next_multiple_of(LANES);
        self.kth.resize(groups * LANES * stride);
        self.near.resize(groups * LANES * stride);
        let (mut radius, mut short, mut crowded) = (first_radius(&self.places), 0, 0);
        for (seen, first) in from_the_middle(n, LANES).enumerate() {
            let known = self.list(first, &mut radius);
            for (group, values) in self.values.chunks_exact(n).enumerate() {
                let live = first_lanes(sources.len() - group * LANES);
                let mut found = [[Lanes::default(); LANES]; 2];
                let lists = &self.lists[..(n - first).min(LANES)];
                for (at, list) in lists.iter().enumerate() {
                    let place = Place { list, values, number: first + at, neighbours, live };
                    found[0][at] = match known >> at & 1 {
                        1 => lanes(kth::<KEPT>(&place)),
                        _ => Lanes([i32::MAX; LANES]),
                    };
                }
                // one search ends at another time than foreseen, and what follows at once would have to wait
                for (at, list) in lists.iter().enumerate() {
                    let near = match known >> at & 1 {
                        1 => near(list, load(&found[0][at])),
                        _ => _mm512_set1_epi32(Near::UNKNOWN | Near::CROWDED),
                    };
                    let has = |bit: i32| _mm512_test_epi32_mask(near, _mm512_set1_epi32(bit)) & live;
                    let (lost, among_others) = (has(Near::UNKNOWN), has(Near::CROWDED));
                    short += (lost & !among_others).count_ones() as usize;
                    crowded += among_others.count_ones() as usize;
                    found[1][at] = lanes(near);
                }
                for (found, to) in found.iter().zip([&mut self.kth, &mut self.near]) {
                    put(found, &mut to[group * LANES * stride..][..LANES * stride], first / LANES);
                }
            }
            let rows = (seen + 1) * LANES;
            if short > sources.len() * most_short(rows, n) || crowded > sources.len() * most_exact(rows) {
                return false;
            }
        }
        true
    }

    /// Lists what is near sixteen places; the bits of those for which that was possible.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn list(&mut self, first: usize, radius: &mut f64) -> u32 {
        let Self { places, around, scratch, lists, .. } = self;
        let mut known = 0;
        let own = &places.own[first..(first + LANES).min(places.own.len())];
        for (tile, (own, lists)) in own.chunks(TILE).zip(lists.chunks_mut(TILE)).enumerate() {
            if !surround(places, around, own, radius) {
                continue;
            }
            let (mut expected, mut listed) = (0.0, 0.0);
            for ((at, own), list) in (tile * TILE..).zip(own).zip(lists) {
                if let Some(rows) = list.fill(around, *own, first + at, *radius as i32, scratch) {
                    (expected, listed, known) = (expected + rows as f64, listed + 1.0, known | 1 << at);
                }
            }
            if listed > 0.0 {
                let mean = f64::max(expected / listed, 1.0);
                *radius *= 1.0 + 0.5 * ((WANTED / mean).sqrt().clamp(0.5, 2.0) - 1.0);
            }
        }
        known
    }
}

/// More than any distance.
const WIDEST: f64 = (1 << 30) as f64;

/// A radius to begin with: that of the whole plane, shrunk to the share of rows wanted.
fn first_radius(places: &Places) -> f64 {
    let n = places.own.len();
    let span = |axis: usize| {
        let values = places.own.iter().map(|own| own[axis]);
        f64::from(values.clone().max().unwrap_or(0) - values.min().unwrap_or(0))
    };
    (0.25 * (span(0) * span(1) * WANTED / n as f64).sqrt()).max(1.0)
}

/// Takes the rows around a tile, as many as make lists of about the length wanted; says whether that was possible.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn surround(places: &Places, around: &mut Around, tile: &[[i32; 2]], radius: &mut f64) -> bool {
    /// Radii that are tried.
    const TRIES: usize = 24;
    let corner = |pick: fn(i32, i32) -> i32| {
        tile.iter().copied().reduce(|a, b| [pick(a[0], b[0]), pick(a[1], b[1])]).unwrap_or_default()
    };
    let (low, high) = (corner(i32::min), corner(i32::max));
    let mut widened = 0;
    for _ in 0..TRIES {
        *radius = radius.min(WIDEST);
        let reach = *radius as i32 + 1;
        if !around.fill(&places.by_z, low.map(|low| low - reach), high.map(|high| high + reach)) {
            *radius *= 0.8;
            continue;
        }
        // of the rows around the tile a place has so many in its own square
        let side = |axis: usize| f64::from(high[axis] - low[axis]) + 2.0 * *radius;
        let expected = around.len as f64 * (2.0 * *radius).powi(2) / (side(0) * side(1));
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
