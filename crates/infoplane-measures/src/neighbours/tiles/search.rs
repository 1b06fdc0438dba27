//! The nearest rows of every row: group by group, own tiles first, then other groups by their distance.

use super::gaps::{Hull, between, distances, take, to_box};
use super::lanes::{Lanes, Strip, WIDTH};
use super::layout::Tiled;
use super::norm::Norm;
use crate::neighbours::exclusion::Windows;

const GROUP: usize = WIDTH * WIDTH;
/// Candidates of one row kept before they are sorted out.
const CROWD: usize = 1024;

/// What is asked of every row.
pub(super) struct Search<'a> {
    pub(super) tiled: &'a Tiled,
    pub(super) k: usize,
    /// Rows that do not see each other, if there are others than a row itself.
    pub(super) windows: Option<&'a Windows>,
}

/// A row near another: its f32 distance, its slot.
type Candidate = (f32, u32);
/// A neighbour: its true distance, its row.
pub(super) type Found = (f64, u32);

/// What is known of the 256 rows of a group.
struct Group {
    first_tile: usize,
    /// f32 distances up to which a row may still be wanted, `[16 tiles, 16 rows]`.
    limits: Vec<Strip>,
    /// The largest of each tile's.
    widest: [f32; WIDTH],
    /// The k smallest f32 distances of each row, in chunks of sixteen, ascending.
    smallest: Vec<Strip>,
    chunks: usize,
    candidates: Vec<Vec<Candidate>>,
    hulls: Vec<Hull>,
}

impl Search<'_> {
    /// Gives every slot's nearest rows, in order of distance and row number, to `answer`.
    ///
    /// # Safety
    /// The instructions of `L` must exist.
    #[inline(always)]
    pub(super) unsafe fn run<L: Lanes, N: Norm>(&self, answer: &mut dyn FnMut(usize, &[Found])) {
        let mut group = Group::new(self.k);
        let mut near = Vec::new();
        let mut found = Vec::new();
        for index in 0..self.tiled.groups() {
            group.start(self.tiled, index);
            // SAFETY: the caller's promise.
            unsafe {
                self.within::<L, N>(&mut group);
                self.others::<L, N>(index, &group, &mut near);
                for &(gap, other) in &near {
                    self.across::<L, N>(&mut group, gap, other as usize);
                }
            }
            for slot in index * GROUP..((index + 1) * GROUP).min(self.tiled.rows()) {
                self.settle::<N>(
                    slot,
                    &group.candidates[slot % GROUP],
                    group.limits[slot % GROUP / WIDTH].0[slot % WIDTH],
                    &mut found,
                );
                answer(slot, &found);
            }
        }
    }

    /// The group's own tiles; those close in the order are close in space.
    #[inline(always)]
    unsafe fn within<L: Lanes, N: Norm>(&self, group: &mut Group) {
        let tiles = (self.tiled.tiles() - group.first_tile).min(WIDTH);
        for own in 0..tiles {
            for other in (0..WIDTH).map(|step| own ^ step).filter(|other| *other < tiles) {
                // SAFETY: the caller's promise.
                unsafe { self.visit::<L, N>(group, own, group.first_tile + other) };
            }
            group.widen(own);
        }
    }

    /// The other groups that may matter, nearest first.
    #[inline(always)]
    unsafe fn others<L: Lanes, N: Norm>(&self, index: usize, group: &Group, near: &mut Vec<(f32, u32)>) {
        let dim = self.tiled.dim;
        let hull = Hull::of(&self.tiled.hulls, dim, index);
        let limit = group.widest.iter().fold(0.0, |most, &w| f32::max(most, w));
        near.clear();
        for (sixteen, bounds) in self.tiled.hulls.chunks(dim).enumerate() {
            let mut gaps = Strip::all(0.0);
            // SAFETY: the caller's promise.
            unsafe { between::<L, N>(&hull, bounds, 0..dim).store(&mut gaps) };
            let numbered = gaps.0.iter().zip((sixteen * WIDTH) as u32..).map(|(&gap, other)| (gap, other));
            near.extend(numbered.filter(|&(gap, other)| gap <= limit && other as usize != index));
        }
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    }

    /// All tiles of another group at distance `gap`.
    #[inline(always)]
    unsafe fn across<L: Lanes, N: Norm>(&self, group: &mut Group, gap: f32, other: usize) {
        let dim = self.tiled.dim;
        for own in 0..(self.tiled.tiles() - group.first_tile).min(WIDTH) {
            if gap > group.widest[own] {
                continue;
            }
            // SAFETY: the caller's promise.
            let mut tiles = unsafe {
                let gaps = between::<L, N>(&group.hulls[own], self.tiled.tile_boxes(other), 0..dim);
                gaps.at_most(L::splat(group.widest[own]))
            };
            let mut changed = false;
            while tiles != 0 {
                let [tile] = take(&mut tiles);
                // SAFETY: the caller's promise.
                changed |= unsafe { self.visit::<L, N>(group, own, other * WIDTH + tile) };
            }
            if changed {
                group.widen(own);
            }
        }
    }

    /// Rows of one tile against the sixteen of another. Says whether any was a candidate.
    #[inline(always)]
    unsafe fn visit<L: Lanes, N: Norm>(&self, group: &mut Group, own: usize, tile: usize) -> bool {
        let rows = self.tiled.tile(group.first_tile + own);
        let bounds = self.tiled.tile_boxes(tile / WIDTH);
        let mut changed = false;
        // SAFETY: the caller's promise.
        unsafe {
            let gaps = to_box::<L, N>(rows, bounds, tile % WIDTH, 0..self.tiled.dim);
            let mut wanted = gaps.at_most(L::load(&group.limits[own]));
            // Four rows share each load of the others' coordinates.
            while wanted.count_ones() > 2 {
                changed |= self.compare::<L, N, 4>(group, own, tile, take(&mut wanted));
            }
            match wanted.count_ones() {
                0 => {}
                1 => changed |= self.compare::<L, N, 1>(group, own, tile, take(&mut wanted)),
                _ => changed |= self.compare::<L, N, 2>(group, own, tile, take(&mut wanted)),
            }
        }
        changed
    }

    /// As [`Search::visit`], of these rows.
    #[inline(always)]
    unsafe fn compare<L: Lanes, N: Norm, const B: usize>(
        &self,
        group: &mut Group,
        own: usize,
        tile: usize,
        lanes: [usize; B],
    ) -> bool {
        let rows = self.tiled.tile(group.first_tile + own);
        // SAFETY: the caller's promise.
        unsafe {
            let distances = distances::<L, N, B>(rows, lanes, self.tiled.tile(tile), 0..self.tiled.dim);
            // A loop: intrinsics in closures are calls.
            let (mut hits, mut any) = ([0; B], 0);
            for i in 0..B {
                hits[i] = distances[i].at_most(L::splat(group.limits[own].0[lanes[i]]));
                any |= hits[i];
            }
            if any != 0 {
                for i in 0..B {
                    // The last row may be repeated.
                    if hits[i] != 0 && (i == 0 || lanes[i] != lanes[i - 1]) {
                        self.hit::<L, N>(group, own * WIDTH + lanes[i], tile, hits[i], distances[i]);
                    }
                }
            }
            any != 0
        }
    }

    /// Takes in the candidates of one row.
    #[inline(always)]
    unsafe fn hit<L: Lanes, N: Norm>(&self, group: &mut Group, row: usize, tile: usize, mut hits: u32, distances: L) {
        let own = group.first_tile * WIDTH + row;
        let mut strip = Strip::all(0.0);
        // SAFETY: the caller's promise.
        unsafe { distances.store(&mut strip) };
        let mut limit = group.limits[row / WIDTH].0[row % WIDTH];
        while hits != 0 {
            let [lane] = take(&mut hits);
            let (slot, distance) = (tile * WIDTH + lane, strip.0[lane]);
            if distance > limit || slot == own || self.unseen(own, slot) {
                continue;
            }
            let smallest = &mut group.smallest[row * group.chunks..][..group.chunks];
            // SAFETY: the caller's promise.
            let kth = unsafe { insert::<L>(smallest, distance, self.k) };
            limit = self.tiled.limit::<N>(kth, own);
            group.candidates[row].push((distance, slot as u32));
        }
        group.limits[row / WIDTH].0[row % WIDTH] = limit;
        if group.candidates[row].len() > CROWD.max(4 * self.k) {
            self.thin::<N>(own, &mut group.candidates[row], limit);
        }
    }

    #[inline(always)]
    fn unseen(&self, own: usize, slot: usize) -> bool {
        let row = |slot: usize| self.tiled.order[slot] as usize;
        self.windows.is_some_and(|windows| windows.leave_out(row(own), row(slot)))
    }

    /// Keeps the k best of too many candidates.
    #[cold]
    fn thin<N: Norm>(&self, own: usize, candidates: &mut Vec<Candidate>, limit: f32) {
        candidates.retain(|candidate| candidate.0 <= limit);
        if candidates.len() <= (CROWD / 2).max(2 * self.k) {
            return;
        }
        let key =
            |&(_, slot): &Candidate| (self.tiled.distance::<N>(own, slot as usize), self.tiled.order[slot as usize]);
        candidates.select_nth_unstable_by(self.k - 1, |a, b| nearer(&key(a), &key(b)));
        candidates.truncate(self.k);
    }

    /// The nearest rows of a slot among its candidates.
    fn settle<N: Norm>(&self, own: usize, candidates: &[Candidate], limit: f32, found: &mut Vec<Found>) {
        found.clear();
        for &(_, slot) in candidates.iter().filter(|candidate| candidate.0 <= limit) {
            found.push((self.tiled.distance::<N>(own, slot as usize), self.tiled.order[slot as usize]));
        }
        if found.len() > self.k {
            found.select_nth_unstable_by(self.k - 1, nearer);
            found.truncate(self.k);
        }
        found.sort_unstable_by(nearer);
    }
}

fn nearer(a: &Found, b: &Found) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}

/// Puts a distance among the smallest ones; the k-th of them.
#[inline(always)]
unsafe fn insert<L: Lanes>(smallest: &mut [Strip], distance: f32, k: usize) -> f32 {
    let mut before = -1.0;
    for chunk in smallest.iter_mut() {
        let last = chunk.0[WIDTH - 1];
        // SAFETY: the caller's promise.
        unsafe { L::load(chunk).inserted(distance, before).store(chunk) };
        before = last;
    }
    smallest[(k - 1) / WIDTH].0[(k - 1) % WIDTH]
}

impl Group {
    fn new(k: usize) -> Self {
        let chunks = k.div_ceil(WIDTH);
        Self {
            first_tile: 0,
            limits: vec![Strip::all(0.0); WIDTH],
            widest: [0.0; WIDTH],
            smallest: vec![Strip::all(0.0); GROUP * chunks],
            chunks,
            candidates: vec![Vec::new(); GROUP],
            hulls: vec![Hull::default(); WIDTH],
        }
    }

    fn start(&mut self, tiled: &Tiled, index: usize) {
        self.first_tile = index * WIDTH;
        self.smallest.fill(Strip::all(f32::MAX));
        self.candidates.iter_mut().for_each(Vec::clear);
        for own in 0..(tiled.tiles() - self.first_tile).min(WIDTH) {
            // Rows that do not exist want nothing.
            let rows = tiled.population((self.first_tile + own) * WIDTH, WIDTH);
            self.limits[own].0 = std::array::from_fn(|lane| if lane < rows { f32::MAX } else { -1.0 });
            self.hulls[own].set(&tiled.boxes, tiled.dim, self.first_tile + own);
        }
        self.widest.fill(f32::MAX);
    }

    fn widen(&mut self, own: usize) {
        self.widest[own] = self.limits[own].0.iter().fold(0.0, |most, &limit| f32::max(most, limit));
    }
}
