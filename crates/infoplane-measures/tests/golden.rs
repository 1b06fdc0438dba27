//! Other tools' numbers on the same data: see `golden/README.md`.

use infoplane_measures::{Correction, entropy};
use infoplane_measures::{
    Embedding, Entropy, Estimate, History, PlugIn, Result, Samples, ais, cmi, cte, estimator, mi, te,
};

const BINARY: &str = include_str!("../golden/bin_xyz.csv");
const QUATERNARY: &str = include_str!("../golden/quat_xy.csv");
const VALUES: &str = include_str!("../golden/discrete.csv");

/// `bin_xyz.1` is column 1 of that file.
fn series(name: &str) -> Vec<u32> {
    let (file, column) = name.split_once('.').unwrap();
    let text = if file == "bin_xyz" { BINARY } else { QUATERNARY };
    let column: usize = column.parse().unwrap();
    text.lines().map(|line| line.split(',').nth(column).unwrap().parse().unwrap()).collect()
}

/// One line of `discrete.csv`.
struct Golden<'a> {
    measure: &'a str,
    spec: &'a str,
    inputs: Vec<Vec<u32>>,
    embedding: Embedding,
    lag: usize,
    /// Nats in one unit.
    unit: f64,
    values: Vec<f64>,
}

impl<'a> Golden<'a> {
    fn read(line: &'a str) -> Self {
        let field: Vec<&str> = line.split(',').collect();
        let number = |place: usize| field[place].parse::<usize>().unwrap();
        Self {
            measure: field[1],
            spec: field[2],
            inputs: field[3].split(' ').map(series).collect(),
            embedding: Embedding {
                k: number(4),
                l: number(5),
                target_tau: number(6),
                source_tau: number(7),
                delay: number(8).max(1),
            },
            lag: number(8),
            unit: if field[9] == "bits" { std::f64::consts::LN_2 } else { 1.0 },
            values: field[10].split(' ').map(|value| value.parse().unwrap()).collect(),
        }
    }

    fn estimate(&self) -> Result<Estimate> {
        let chosen = estimator(self.spec)?;
        let plugin = chosen.information();
        let samples: Vec<Samples> = self.inputs.iter().map(|x| Samples::symbols(x, 1)).collect::<Result<_>>()?;
        let x = &samples[0];
        let history = History { length: self.embedding.k, ..History::default() };
        match self.measure {
            "te" | "te-local" => te(plugin, x, &samples[1], &self.embedding),
            "cte" => cte(plugin, x, &samples[1], &[(&samples[2], History::default())], &self.embedding),
            "cmi" => cmi(plugin, x, &samples[1], &samples[2]),
            "mi" => {
                let n = x.rows() - self.lag;
                mi(plugin, &x.select(0..n), &samples[1].select(self.lag..n + self.lag))
            }
            "ais" => ais(plugin, x, history),
            "entropy" => entropy(&entropy_of(self.spec), x),
            other => panic!("no such measure: {other}"),
        }
    }

    /// What the tool printed, in nats, beside what is found here.
    fn compare(&self) -> Vec<(f64, f64)> {
        let estimate = self.estimate().unwrap();
        let found = match self.measure {
            "te-local" => {
                let padding = vec![0.0; self.embedding.first_row()];
                [padding, estimate.local.unwrap()].concat()
            }
            _ => vec![estimate.nats],
        };
        self.values.iter().map(|value| value * self.unit).zip(found).collect()
    }
}

fn entropy_of(spec: &str) -> impl Entropy {
    let correction = if spec.ends_with("miller-madow") { Correction::MillerMadow } else { Correction::None };
    PlugIn { correction, ..PlugIn::default() }
}

#[test]
fn every_value_of_the_other_tools() {
    let lines: Vec<&str> = VALUES.lines().skip(1).collect();
    for line in &lines {
        for (theirs, ours) in Golden::read(line).compare() {
            assert!((theirs - ours).abs() < 1e-9, "{ours} instead of {theirs}: {line}");
        }
    }
    let tools = ["JIDT", "infomeasure", "pyinform", "scikit-learn"];
    assert!(tools.iter().all(|tool| lines.iter().any(|line| line.starts_with(tool))));
}

#[test]
fn p_values_take_nats() {
    let [y, x] = ["bin_xyz.1", "bin_xyz.0"].map(series);
    let (y, x) = (Samples::symbols(&y, 1).unwrap(), Samples::symbols(&x, 1).unwrap());
    let p = te(&PlugIn::default(), &y, &x, &Embedding::default()).unwrap().p().unwrap();
    assert!((p - 0.439670).abs() < 5e-7, "{p}");
}
