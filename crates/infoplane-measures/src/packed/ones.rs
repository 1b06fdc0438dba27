//! Counting ones outside the pair kernels, with the machine's instruction where it has one.

use super::Chunk;

/// Ones among the words.
pub(super) fn of_words(words: &[u64]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("popcnt") {
        // SAFETY: the instruction was detected.
        return unsafe { of_words_popcnt(words) };
    }
    count_words(words)
}

/// Ones of each of K units whose chunks take turns.
pub(super) fn of_interleaved<const K: usize>(chunks: &[[Chunk; K]]) -> [u32; K] {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("popcnt") {
        // SAFETY: the instruction was detected.
        return unsafe { of_interleaved_popcnt(chunks) };
    }
    count_interleaved(chunks)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
fn of_words_popcnt(words: &[u64]) -> u32 {
    count_words(words)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
fn of_interleaved_popcnt<const K: usize>(chunks: &[[Chunk; K]]) -> [u32; K] {
    count_interleaved(chunks)
}

#[inline(always)]
fn count_words(words: &[u64]) -> u32 {
    let mut ones = 0;
    for word in words {
        ones += word.count_ones();
    }
    ones
}

#[inline(always)]
fn count_interleaved<const K: usize>(chunks: &[[Chunk; K]]) -> [u32; K] {
    let mut ones = [0; K];
    for chunks in chunks {
        for unit in 0..K {
            ones[unit] += count_words(&chunks[unit].0);
        }
    }
    ones
}
