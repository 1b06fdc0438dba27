//! Numbers distinct keys in order of arrival: an open-addressing table that verifies whatever it matches.

/// Numbers given so far, and how often each was asked for.
pub(super) struct Numbering {
    /// Number + 1, or 0 where free; at most half full.
    slots: Vec<u32>,
    shift: u32,
    keys: Vec<u64>,
    pub(super) counts: Vec<u32>,
}

impl Numbering {
    /// Room for `rows` distinct keys.
    pub(super) fn new(rows: usize) -> Self {
        let size = (2 * rows).next_power_of_two().max(4);
        let room = || Vec::with_capacity(rows);
        Self { slots: vec![0; size], shift: 64 - size.trailing_zeros(), keys: room(), counts: Vec::with_capacity(rows) }
    }

    /// The number of `key`.
    #[inline(always)]
    pub(super) fn number(&mut self, key: u64) -> u32 {
        self.number_where(key, |_| true)
    }

    /// The number of `key` for which `is_same` holds: for keys that are hashes and must be verified.
    #[inline(always)]
    pub(super) fn number_where(&mut self, key: u64, mut is_same: impl FnMut(u32) -> bool) -> u32 {
        let mut slot = (mix(key) >> self.shift) as usize;
        let mask = self.slots.len() - 1;
        loop {
            match self.slots[slot & mask] {
                0 => break,
                taken => {
                    let number = taken - 1;
                    if self.keys[number as usize] == key && is_same(number) {
                        self.counts[number as usize] += 1;
                        return number;
                    }
                }
            }
            slot += 1;
        }
        self.keys.push(key);
        self.counts.push(1);
        self.slots[slot & mask] = self.keys.len() as u32;
        self.keys.len() as u32 - 1
    }
}

/// Both halves of a 128-bit product: every bit of the key reaches the upper bits.
#[inline(always)]
fn mix(key: u64) -> u64 {
    let product = u128::from(key ^ 0x2d35_8dcc_aa6c_78a5) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_arrival_and_counts_add_up() {
        let mut numbering = Numbering::new(1000);
        for round in 0..3 {
            for key in 0..300_u64 {
                assert_eq!(numbering.number(key << 40), key as u32, "round {round}");
            }
        }
        assert!(numbering.counts.iter().all(|count| *count == 3));
    }

    #[test]
    fn equal_hashes_of_different_rows_stay_apart() {
        let rows = [10, 20, 10, 30, 20, 10];
        let mut firsts: Vec<i32> = Vec::new();
        let mut numbering = Numbering::new(rows.len());
        let mut numbers = Vec::new();
        for row in rows {
            let number = numbering.number_where(7, |number| firsts[number as usize] == row);
            if number as usize == firsts.len() {
                firsts.push(row);
            }
            numbers.push(number);
        }
        assert_eq!(numbers, [0, 1, 0, 2, 1, 0]);
    }
}
