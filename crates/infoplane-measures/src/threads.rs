//! The same work on any number of threads, with the same bits.

use std::ops::Range;

/// `task(0)`, `task(1)`, …, in order of their index; thread t does t, t + threads, …
pub(crate) fn map<T: Send>(count: usize, threads: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = threads.clamp(1, count.max(1));
    if threads == 1 {
        return (0..count).map(task).collect();
    }
    let share = |first: usize| (first..count).step_by(threads).map(&task).collect::<Vec<T>>();
    let mut shares = std::thread::scope(|scope| {
        let share = &share;
        let workers: Vec<_> = (1..threads).map(|first| scope.spawn(move || share(first))).collect();
        let mut shares = vec![share(0).into_iter()];
        for worker in workers {
            let done = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            shares.push(done.into_iter());
        }
        shares
    });
    (0..count).filter_map(|index| shares[index % threads].next()).collect()
}

/// Shares so much work out in whole groups, at most so many `together`, and as many shares to each thread as to the others.
pub(crate) fn shares(count: usize, group: usize, together: usize, threads: usize) -> Vec<Range<usize>> {
    let groups = count.div_ceil(group);
    let shares = groups.div_ceil(together).next_multiple_of(threads.max(1)).clamp(1, groups.max(1));
    let end = |share: usize| (share * groups / shares * group).min(count);
    (0..shares).map(|share| end(share)..end(share + 1)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn work_is_shared_out_in_whole_groups_and_evenly() {
        for (draws, together, threads, due) in [
            (200, 4, 1, vec![48, 48, 48, 56]),
            (200, 4, 2, vec![48, 48, 48, 56]),
            (200, 1, 2, [vec![16; 12], vec![8]].concat()),
            (100, 4, 2, vec![48, 52]),
            (100, 4, 64, [vec![16; 6], vec![4]].concat()),
            (10, 4, 8, vec![10]),
        ] {
            let shares = super::shares(draws, 16, together, threads);
            assert_eq!(shares.iter().cloned().flatten().collect::<Vec<_>>(), (0..draws).collect::<Vec<_>>());
            assert_eq!(
                shares.iter().map(std::ops::Range::len).collect::<Vec<_>>(),
                due,
                "{draws} draws, {threads} threads"
            );
        }
    }

    #[test]
    fn order_does_not_depend_on_threads() {
        for count in [0, 1, 7] {
            for threads in [0, 1, 2, 5, 20] {
                let squares: Vec<usize> = (0..count).map(|i| i * i).collect();
                assert_eq!(super::map(count, threads, |i| i * i), squares);
            }
        }
    }
}
