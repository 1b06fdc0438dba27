//! Named random streams: every random number follows from (seed, purpose, index) and from nothing else.
//!
//! `ChaCha8` is a counter-based generator, so a stream can be opened anywhere, in any order and on any thread,
//! and two runs in one process never disturb each other.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A stream of random numbers.
pub type Stream = ChaCha8Rng;

/// Opens the stream of `purpose` (such as `"null"` or `"init/fc1"`) number `index` under `seed`.
///
/// ```
/// use infoplane_spec::{below, stream};
///
/// let draw = |index| below(&mut stream(7, "null", index), 1000);
/// assert_eq!(draw(3), draw(3));
/// assert_ne!(draw(3), draw(4));
/// ```
pub fn stream(seed: u64, purpose: &str, index: u64) -> Stream {
    let mut key = [0_u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&fnv1a(purpose).to_le_bytes());
    key[16..24].copy_from_slice(&index.to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// A number in `0..bound`, without bias (Lemire 2019, doi:10.1145/3230636).
///
/// # Panics
/// If `bound` is 0: there is no such number.
pub fn below(rng: &mut Stream, bound: u32) -> u32 {
    assert!(bound > 0, "no number lies below 0");
    let mut draw = || u64::from(rng.next_u32()) * u64::from(bound);
    let mut wide = draw();
    // The remainder of 2³² lies below the bound, so the division is seldom needed.
    if (wide as u32) < bound {
        let remainder = bound.wrapping_neg() % bound;
        while (wide as u32) < remainder {
            wide = draw();
        }
    }
    (wide >> 32) as u32
}

/// Puts `items` into a random order (Fisher–Yates).
///
/// # Panics
/// If there are more than `u32::MAX` items.
pub fn shuffle<T>(rng: &mut Stream, items: &mut [T]) {
    for last in (1..items.len()).rev() {
        let bound = u32::try_from(last + 1).expect("at most u32::MAX items");
        items.swap(last, below(rng, bound) as usize);
    }
}

/// FNV-1a, 64 bits: stable over versions and machines, which the standard hasher does not promise.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffles_are_permutations_and_uniform() {
        let mut places = [[0_u32; 4]; 4];
        for index in 0..24_000 {
            let mut items = [0, 1, 2, 3];
            shuffle(&mut stream(1, "test", index), &mut items);
            for (place, item) in items.into_iter().enumerate() {
                places[place][item] += 1;
            }
        }
        // 6,000 expected, standard deviation 67
        assert!(places.iter().flatten().all(|&count| count.abs_diff(6000) < 300), "{places:?}");
    }

    #[test]
    fn seeds_purposes_and_indices_open_different_streams() {
        let first = |seed, purpose, index| stream(seed, purpose, index).next_u64();
        assert_ne!(first(0, "a", 0), first(1, "a", 0));
        assert_ne!(first(0, "a", 0), first(0, "b", 0));
        assert_ne!(first(0, "a", 0), first(0, "a", 1));
    }
}
