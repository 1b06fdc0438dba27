//! `training`: loss and accuracy over training, train solid and test dashed.

use infoplane_record::Metrics;

use crate::colour::category;
use crate::curves::{self, SEED};
use crate::data::{distinct, network_of};
use crate::panel::{ABOVE, BELOW, Panel};
use crate::scale::Scale;
use crate::scene::{Area, Paint};
use crate::series::{Series, mean};
use crate::sheet::{Sample, Sheet};
use crate::tabulate::{header, maybe, number};
use crate::{Data, Drawing, FigureError, Options, Result, text};

const TRAIN: Paint = Paint::stroke(crate::colour::Colour([0x00, 0x72, 0xb2]), 1.6);

fn test() -> Paint {
    Paint::stroke(category(1), 1.6).dashed("5 2.5")
}

pub(crate) fn draw(data: &Data, options: &Options) -> Result<Drawing> {
    let networks = distinct(data.metrics.iter().map(|(run, _)| network_of(run)));
    let network = match &options.network {
        Some(wanted) if !networks.contains(wanted) => {
            return Err(FigureError::Option { option: "network", got: wanted.clone(), available: networks });
        }
        wanted => wanted.clone().or(networks.first().cloned()).unwrap_or_default(),
    };
    let courses = Courses::of(data, &network);
    if courses.is_empty() {
        let missing = "metrics with loss or accuracy".to_owned();
        return Err(FigureError::NothingToDraw { figure: "training", missing, available: Vec::new() });
    }
    let seeds = super::plane::seeds(courses.runs.len());
    let mut sheet = Sheet::new("Training", &format!("{network}{seeds}"), options)?;
    courses.panels(&mut sheet, 15.0);
    sheet.key(&courses.key());
    Ok(sheet.finish(courses.summary(&network), courses.table(data)))
}

/// Loss and accuracy of the runs of one network.
pub(crate) struct Courses {
    runs: Vec<String>,
    loss: [Vec<Series>; 2],
    accuracy: [Vec<Series>; 2],
}

impl Courses {
    /// Train first, then test.
    pub(crate) fn of(data: &Data, network: &str) -> Self {
        let runs = distinct(data.metrics.iter().map(|(run, _)| run.as_str()).filter(|run| network_of(run) == network));
        let of = |value: fn(&Metrics) -> Option<f64>| -> Vec<Series> {
            let own =
                |run: &String| data.metrics.iter().filter(move |(r, _)| r == run).map(|(_, m)| m).collect::<Vec<_>>();
            runs.iter().map(|run| own(run).into_iter().filter_map(|m| Some((m.epoch, value(m)?))).collect()).collect()
        };
        let loss = [of(|m| m.train_loss), of(|m| m.test_loss)];
        let accuracy = [of(|m| m.train_acc), of(|m| m.test_acc)];
        Self { runs, loss, accuracy }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.loss.iter().chain(&self.accuracy).flatten().all(Vec::is_empty)
    }

    /// Loss and accuracy side by side.
    pub(crate) fn panels(&self, sheet: &mut Sheet, height: f64) {
        let (f, margin) = (sheet.font, sheet.margin());
        let drawn: Vec<(&str, &[Vec<Series>; 2])> = [("loss", &self.loss), ("accuracy", &self.accuracy)]
            .into_iter()
            .filter(|(_, series)| series.iter().flatten().any(|s| !s.is_empty()))
            .collect();
        let each = (sheet.inner() - f * (drawn.len().saturating_sub(1)) as f64) / drawn.len().max(1) as f64;
        for (i, (name, series)) in drawn.iter().enumerate() {
            let x = margin + i as f64 * (each + f);
            let space = Area { x, y: sheet.top + ABOVE * f, w: each, h: height * f };
            panel(sheet, space, name, series);
        }
        sheet.top += (ABOVE + height + BELOW + 0.4) * f;
    }

    pub(crate) fn key(&self) -> Vec<(Sample, String)> {
        let has = |i: usize| [&self.loss, &self.accuracy].iter().any(|s| s[i].iter().any(|s| !s.is_empty()));
        let mut key = Vec::new();
        key.extend(has(0).then(|| (Sample::Line(TRAIN), "train".to_owned())));
        key.extend(has(1).then(|| (Sample::Line(test()), "test".to_owned())));
        key.extend((self.runs.len() > 1).then(|| (Sample::Line(SEED), "one seed".to_owned())));
        key
    }

    fn summary(&self, network: &str) -> String {
        let course = |name: &str, series: &[Series]| {
            let mean = mean(series);
            let (first, last) = (mean.first()?, mean.last()?);
            Some(format!("{name} goes from {} to {}", text::short(first.1), text::short(last.1)))
        };
        let told = [
            course("training loss", &self.loss[0]),
            course("test loss", &self.loss[1]),
            course("training accuracy", &self.accuracy[0]),
            course("test accuracy", &self.accuracy[1]),
        ];
        let told: Vec<String> = told.into_iter().flatten().collect();
        format!("Training of {network}: over the epochs, {}.", told.join(", "))
    }

    fn table(&self, data: &Data) -> Vec<Vec<String>> {
        let line = |(run, m): &(String, Metrics)| {
            let numbers = [m.train_loss, m.test_loss, m.train_acc, m.test_acc].map(maybe);
            [run.clone(), number(m.epoch)].into_iter().chain(numbers).collect::<Vec<_>>()
        };
        let own = data.metrics.iter().filter(|(run, _)| self.runs.contains(run));
        let names = ["run", "epoch", "train_loss", "test_loss", "train_acc", "test_acc"];
        std::iter::once(header(&names)).chain(own.map(line)).collect()
    }
}

fn panel(sheet: &mut Sheet, space: Area, name: &str, [train, tested]: &[Vec<Series>; 2]) {
    let f = sheet.font;
    let points = train.iter().chain(tested).flatten();
    let values = points.clone().map(|p| p.1);
    let y = if name == "loss" { Scale::sizes(values) } else { Scale::around(values) };
    let left = Panel::left(&y, (space.h / (2.2 * f)) as usize, f);
    let area = Area { x: space.x + left, w: space.w - left - 0.6 * f, ..space };
    let panel = Panel { area, x: Scale::epochs(points.map(|p| p.0)), y, font: f };
    panel.axes(&mut sheet.scene, true, true);
    let form = if y.is_log() { ", log scale" } else { "" };
    panel.titles(&mut sheet.scene, "epoch →", &format!("↑ {name}{form}"), space.x);
    curves::runs(&mut sheet.scene, &panel, train, TRAIN);
    curves::runs(&mut sheet.scene, &panel, tested, test());
}
