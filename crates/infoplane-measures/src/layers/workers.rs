//! Work whose results are added up in a fixed order, so that the number of threads never changes a bit.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// Calls `work` for 0..count on some threads, and `take` with the results one at a time in the order of their indices:
/// sums that `take` makes are the same for any number of threads.
pub(super) fn in_order<S, T>(
    count: usize,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
    take: impl FnMut(usize, T) + Send,
) {
    let (next, turn, moved) = (AtomicUsize::new(0), Mutex::new((0, take)), Condvar::new());
    let run = || {
        let mut state = state();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return;
            }
            let result = work(&mut state, index);
            let guard = turn.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = moved.wait_while(guard, |(at, _)| *at != index);
            let mut guard = waited.unwrap_or_else(PoisonError::into_inner);
            (guard.1)(index, result);
            guard.0 += 1;
            moved.notify_all();
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            scope.spawn(run);
        }
        run();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_arrive_in_order_whatever_the_threads() {
        for threads in [1, 2, 5] {
            let mut seen = Vec::new();
            in_order(50, threads, || (), |(), index| index * index, |index, square| seen.push((index, square)));
            assert_eq!(seen, (0..50).map(|index| (index, index * index)).collect::<Vec<_>>());
        }
    }
}
