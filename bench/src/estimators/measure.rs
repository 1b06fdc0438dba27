//! Tools take turns, so that a machine that slows down slows all of them.

use super::question::{Answer, Asked};
use crate::timing::{Times, summary};

/// How much time a case may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Most turns of each tool.
    turns: usize,
    /// Seconds for all turns of all tools; each has at least one.
    case: f64,
    /// Seconds a turn of a fast tool is filled with repeats.
    turn: f64,
}

impl Effort {
    pub(super) const FULL: Self = Self { turns: 9, case: 20.0, turn: 0.1 };
    pub(super) const QUICK: Self = Self { turns: 2, case: 1.0, turn: 0.02 };
}

/// Times of all repeats, and the last answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) times: Times,
    pub(super) last: Answer,
}

/// Most repeats in one turn.
const REPEATS: usize = 200;

/// A first call warms each tool up and decides how often it is called.
pub(super) fn in_turns(tools: &mut [Asked], effort: Effort) -> Vec<Measured> {
    let first: Vec<Answer> = tools.iter_mut().map(|ask| ask()).collect();
    let repeats = |first: &Answer| ((effort.turn / first.seconds) as usize).clamp(1, REPEATS);
    let once: f64 = first.iter().map(|first| first.seconds * repeats(first) as f64).sum();
    let turns = ((effort.case / once) as usize).clamp(1, effort.turns);
    let mut answers: Vec<Vec<Answer>> = vec![Vec::new(); tools.len()];
    for _ in 0..turns {
        for ((ask, answers), first) in tools.iter_mut().zip(&mut answers).zip(&first) {
            answers.extend((0..repeats(first)).map(|_| ask()));
        }
    }
    answers.iter().map(|answers| measured(answers)).collect()
}

fn measured(answers: &[Answer]) -> Measured {
    let times = summary(answers.iter().map(|answer| answer.seconds).collect());
    Measured { times, last: answers[answers.len() - 1] }
}
