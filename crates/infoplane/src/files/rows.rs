//! From estimates to rows.

use infoplane_measures::{Draws, Estimate, Note};
use infoplane_record::Row;

use super::Answer;
use super::asked::{Family, Question, Request, Unit, Variable};
use super::method::Method;
use super::series::label;

/// Below this a p-value is called significant.
const LEVEL: f64 = 0.05;

/// What every row of a request shares.
pub(super) struct Made<'a> {
    pub(super) request: &'a Request,
    pub(super) method: &'a Method,
    /// Rows read.
    pub(super) source_rows: usize,
}

impl Made<'_> {
    /// The answer with this value; variables and embedding are the caller's.
    pub(super) fn answer(&self, estimate: &Estimate, draws: Option<&Draws>) -> Answer {
        let mut row = Row {
            measure: self.request.question.measure().to_owned(),
            estimator: self.method.chosen.canonical.clone(),
            params: self.method.params(),
            symbols: self.method.symbols(),
            value: self.value(estimate.nats),
            unit: self.unit().to_owned(),
            n: estimate.n as u64,
            floor: estimate.floor.map(|floor| self.value(floor)),
            n_source_rows: Some(self.source_rows as u64),
            ties: estimate.ties,
            dropped: Some(estimate.dropped.clone()),
            ..Row::default()
        };
        match (draws, estimate.p()) {
            (Some(draws), _) => self.tell_draws(&mut row, estimate.nats, draws),
            (None, Some(p)) => (row.p, row.p_from) = (Some(p), Some("analytic".to_owned())),
            (None, None) => {}
        }
        let mut answer = Answer { row, remarks: Vec::new(), local: None };
        for note in &estimate.notes {
            answer.remark(code_of(note), note.to_string());
        }
        if let (Some(draws), Some(null)) = (draws, &self.request.null)
            && draws.values.len() < null.draws
        {
            let text = format!("{} draws gave only {} different surrogates", null.draws, draws.values.len());
            answer.remark("IP0315", text);
        }
        answer
    }

    fn tell_draws(&self, row: &mut Row, nats: f64, draws: &Draws) {
        let mean = draws.mean();
        row.seed = Some(self.method.seed);
        row.null = self.request.null.as_ref().map(|null| match draws.block {
            Some(rows) => format!("block:length={rows}"),
            None => null.name.clone(),
        });
        row.draws = Some(draws.values.len() as u32);
        row.null_mean = Some(self.value(mean));
        row.null_sd = Some(self.value(draws.sd())).filter(|sd| sd.is_finite());
        row.effective = Some(self.value(nats - mean));
        row.p = Some(draws.p(nats));
        row.p_from = Some("draws".to_owned());
    }

    /// A number of nats in the unit asked for.
    pub(super) fn value(&self, nats: f64) -> f64 {
        match (self.unit(), self.request.unit) {
            ("bits", Some(Unit::Bits)) => nats / std::f64::consts::LN_2,
            _ => nats,
        }
    }

    fn unit(&self) -> &'static str {
        match (&self.request.question, self.request.unit.unwrap_or_default()) {
            (Question::Entropy { family: Some((Family::Tsallis, _)), .. }, _) => "none",
            (_, Unit::Bits) => "bits",
            (_, Unit::Nats) => "nats",
        }
    }

    /// Says where `tests` tests with these draws could never show anything.
    pub(super) fn charge(&self, answers: &mut [Answer], tests: usize) {
        let Some(null) = &self.request.null else { return };
        let fewest = answers.iter().filter_map(|answer| answer.row.draws).min();
        let draws = fewest.map_or(null.draws, |fewest| fewest as usize);
        let least = tests as f64 / (draws + 1) as f64;
        if least >= LEVEL {
            let tests = match tests {
                1 => String::new(),
                _ => format!(" for one pair alone, adjusted over {tests} tests"),
            };
            let text = format!("{draws} draws allow no p below {:.3}{tests}", least.min(1.0));
            for answer in answers {
                answer.remark("IP0306", text.clone());
            }
        }
    }
}

impl Answer {
    pub(super) fn remark(&mut self, code: &'static str, text: String) {
        if !self.row.warnings.iter().any(|known| known == code) {
            self.row.warnings.push(code.to_owned());
        }
        self.remarks.push((code, text));
    }

    /// Names the variables.
    pub(super) fn between(mut self, source: Option<&Variable>, target: &Variable) -> Self {
        self.row.source = source.map(label);
        self.row.target = Some(label(target));
        self
    }
}

fn code_of(note: &Note) -> &'static str {
    match note {
        Note::TiesBroken { .. } | Note::TiesKept { .. } => "IP0307",
        Note::Undersampled { .. } => "IP0309",
        _ => "IP0314",
    }
}
