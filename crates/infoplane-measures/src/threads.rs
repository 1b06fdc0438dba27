//! The same work on any number of threads, with the same bits.

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

#[cfg(test)]
mod tests {
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
