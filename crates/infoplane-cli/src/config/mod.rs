//! The config file: sections that belong to the crates which obey them, put together here.
//!
//! Order of authority: `--set` over INFOPLANE_ variables over the file over what is built in.

mod layers;
mod refusal;
mod seeds;

use std::path::Path;

use infoplane::plan::{MiConfig, TeConfig};
use infoplane_record::RecordConfig;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use layers::Layer;
pub(crate) use seeds::Seeds;

/// The whole config, every default filled in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    #[serde(default)]
    pub(crate) run: RunConfig,
    pub(crate) data: nets::DataConfig,
    pub(crate) model: nets::ModelConfig,
    #[serde(default)]
    pub(crate) train: nets::TrainConfig,
    #[serde(default)]
    pub(crate) record: RecordConfig,
    #[serde(default)]
    pub(crate) mi: MiConfig,
    #[serde(default)]
    pub(crate) te: TeConfig,
    #[serde(default)]
    pub(crate) report: ReportConfig,
}

#[cfg(feature = "train")]
use infoplane_nets as nets;

/// Without the networks their sections are kept as they stand.
#[cfg(not(feature = "train"))]
mod nets {
    pub(crate) type DataConfig = toml::Table;
    pub(crate) type ModelConfig = toml::Table;
    pub(crate) type TrainConfig = toml::Table;
}

/// Section `[run]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RunConfig {
    /// Name of the sweep's folder; the config file's own name unless given.
    pub(crate) name: String,
    pub(crate) seeds: Seeds,
    /// Folder that the sweep's folder is made in.
    pub(crate) out: String,
}

impl Default for RunConfig {
    fn default() -> Self {
        Self { name: "run".to_owned(), seeds: Seeds::One(0), out: "runs".to_owned() }
    }
}

/// Section `[report]`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ReportConfig {
    pub(crate) theme: Theme,
}

/// Colours of the report page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Theme {
    /// As the reader's system asks.
    #[default]
    Auto,
    Light,
    Dark,
}

/// A config with where it came from.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) config: Config,
    /// The file as the user gave it, with what was set over it as comments.
    #[cfg_attr(not(feature = "train"), allow(dead_code, reason = "only training writes it down"))]
    pub(crate) input: String,
    layers: Vec<Layer>,
}

impl Config {
    /// Reads `file`, sets variables and `--set` over it, and refuses what does not fit.
    pub(crate) fn load(file: &Path, set: &[String]) -> Result<Loaded, Failure> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let message = format!("cannot read the config {}: {error}", file.display());
            Failure::new("IP0101", message).hint(format!("`infoplane new -o {}` writes one", file.display()))
        })?;
        let stem = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let variables =
            std::env::vars_os().filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)));
        Self::from_parts(&file.display().to_string(), &text, &stem, variables, set)
    }

    /// A built-in config: no file, no variables.
    #[cfg_attr(not(feature = "train"), allow(dead_code, reason = "only training starts from a built-in config"))]
    pub(crate) fn built_in(name: &str, text: &str) -> Result<Loaded, Failure> {
        Self::from_parts(name, text, name, std::iter::empty(), &[])
    }

    fn from_parts(
        origin: &str,
        text: &str,
        stem: &str,
        variables: impl Iterator<Item = (String, String)>,
        set: &[String],
    ) -> Result<Loaded, Failure> {
        let mut layers = vec![Layer::file(origin, text)?];
        let mut variables: Vec<_> = variables.filter(|(key, _)| key.starts_with("INFOPLANE_")).collect();
        variables.sort();
        for (key, value) in &variables {
            layers.push(Layer::variable(key, value)?);
        }
        for assignment in set {
            layers.push(Layer::set(assignment)?);
        }
        for layer in &layers {
            layer.check()?;
        }
        let config = layers::merged(stem, &layers)?;
        let loaded = Loaded { config, input: layers::as_given(text, &layers), layers };
        loaded.config.validate().map_err(|failure| loaded.locate(failure))?;
        Ok(loaded)
    }

    fn validate(&self) -> Result<(), Failure> {
        let name = &self.run.name;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(Failure::new("IP0123", format!("`run.name` is \"{name}\", which cannot name a folder"))
                .hint("letters, digits, dot, hyphen and underscore, not beginning with a dot"));
        }
        self.run.seeds.list()?;
        self.record.validate()?;
        #[cfg(feature = "train")]
        self.nets().validate()?;
        Ok(())
    }

    /// The sections that the built-in networks obey.
    #[cfg(feature = "train")]
    pub(crate) fn nets(&self) -> infoplane_nets::NetsConfig {
        infoplane_nets::NetsConfig { data: self.data.clone(), model: self.model.clone(), train: self.train.clone() }
    }
}

impl Loaded {
    /// Adds the place of the first key that `failure` names in backticks, where the config sets it.
    pub(crate) fn locate(&self, failure: Failure) -> Failure {
        refusal::located(failure, &self.layers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETWORK: &str = "[data]\nsource = \"ib12\"\n[model]\nlayers = [12, 4, 2]\n";

    fn load(text: &str, variables: &[(&str, &str)], set: &[&str]) -> Result<Loaded, Failure> {
        let variables = variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let set: Vec<String> = set.iter().map(|&text| text.to_owned()).collect();
        Config::from_parts("ib.toml", text, "ib", variables, &set)
    }

    #[test]
    fn set_wins_over_variables_over_the_file_over_what_is_built_in() {
        let text = format!("{NETWORK}[te]\nmax_units = 8\n");
        let units = |variables, set| load(&text, variables, set).unwrap().config.te.max_units;
        assert_eq!(load(NETWORK, &[], &[]).unwrap().config.te.max_units, 64);
        assert_eq!(units(&[], &[]), 8);
        assert_eq!(units(&[("INFOPLANE_TE_MAX_UNITS", "9")], &[]), 9);
        assert_eq!(units(&[("INFOPLANE_TE_MAX_UNITS", "9")], &["te.max_units=10"]), 10);
    }

    #[test]
    fn nested_keys_and_bare_words_can_be_set() {
        let config = load(
            NETWORK,
            &[("INFOPLANE_TE_HISTORY_K", "2")],
            &["te.null.kind=shift", "te.null.n=99", "run.seeds=0..2"],
        );
        let config = config.unwrap().config;
        assert_eq!((config.te.history.k, config.te.history.l), (2, 1));
        assert_eq!((config.te.null.kind.as_str(), config.te.null.n), ("shift", 99));
        assert_eq!(config.run.seeds.list().unwrap(), [0, 1, 2]);
    }

    #[test]
    fn the_resolved_config_reads_back_as_itself() {
        let config = load(&format!("{NETWORK}[te]\nwindow = 500\n"), &[], &["run.seeds=[3, 5]"]).unwrap().config;
        let text = toml::to_string(&config).unwrap();
        let again = load(&text, &[], &[]).unwrap().config;
        assert_eq!(text, toml::to_string(&again).unwrap());
        assert!(text.contains("name = \"ib\""), "{text}");
    }

    /// What the user sees of a refused config.
    fn refusal(text: &str, variables: &[(&str, &str)], set: &[&str]) -> String {
        load(&format!("{NETWORK}{text}"), variables, set).err().map_or_else(String::new, |failure| failure.plain())
    }

    #[test]
    fn an_unknown_key_shows_its_place_and_the_nearest() {
        let seen = refusal("[mi]\nestimator = [\"bins:30\"]\n", &[], &[]);
        let expected = "error[IP0102]: unknown key `estimator` in [mi]\n  ib.toml:6:1\n  |\n6 | estimator = [\"bins:30\"]\n  \
                        | ^^^^^^^^^ did you mean `estimators`?\n  = help: keys here: estimators, null\n  = more: infoplane \
                        explain IP0102\n";
        assert_eq!(seen, expected);
    }

    #[test]
    fn keys_that_do_not_exist_are_refused_at_every_depth() {
        for (text, words) in [
            ("[trian]\nlr = 1.0\n", ["unknown section [trian]", "ib.toml:5:2", "did you mean `train`?"]),
            ("[te]\nhistory = { kk = 2 }\n", ["unknown key `kk` in [te.history]", "ib.toml:6:13", "keys here: k, l"]),
            (
                "[te.null]\nkind = \"shift\"\nm = 3\n",
                ["unknown key `m` in [te.null]", "ib.toml:7:1", "keys here: kind, n, at"],
            ),
            ("[record]\nprobe = { sise = 9 }\n", ["unknown key `sise`", "ib.toml:6:11", "did you mean `size`?"]),
            ("[record]\nstore = \"f32\"\n", ["`record.store`", "ib.toml:6:9", "none"]),
        ] {
            let seen = refusal(text, &[], &[]);
            assert!(words.iter().all(|word| seen.contains(word)), "{text}\n{seen}");
        }
    }

    #[test]
    fn a_mistyped_value_names_key_line_what_stood_there_and_what_is_allowed() {
        for (text, words) in [
            ("[te]\nmax_units = \"many\"\n", ["`te.max_units`", "ib.toml:6:13", "string \"many\"", "usize"]),
            ("[mi]\nestimators = \"bins:30\"\n", ["`mi.estimators`", "ib.toml:6:14", "string \"bins:30\"", "sequence"]),
            ("[te]\nhistory = { k = -1 }\n", ["`te.history.k`", "ib.toml:6:17", "-1", "usize"]),
            ("[run]\nseeds = true\n", ["`run.seeds`", "ib.toml:6:9", "0..4", "list"]),
            ("[run]\nseeds = \"4..0\"\n", ["IP0121", "ib.toml:6:9", "`run.seeds`", "4..0"]),
            ("[run]\nname = \"a/b\"\n", ["IP0123", "ib.toml:6:8", "`run.name`", "a/b"]),
            ("[report]\ntheme = \"pink\"\n", ["`report.theme`", "ib.toml:6:9", "pink", "`auto`, `light`, `dark`"]),
        ] {
            let seen = refusal(text, &[], &[]);
            assert!(words.iter().all(|word| seen.contains(word)), "{text}\n{seen}");
        }
    }

    #[test]
    fn what_is_no_toml_shows_where() {
        let seen = refusal("[te\nmax_units = 1\n", &[], &[]);
        assert!(seen.contains("error[IP0104]") && seen.contains("ib.toml:5:"), "{seen}");
    }

    #[test]
    fn a_flag_or_variable_that_is_refused_is_named() {
        let seen = refusal("", &[], &["te.max_unit=3"]);
        assert!(seen.contains("unknown key `max_unit` in [te] (in `--set te.max_unit=3`)"), "{seen}");
        assert!(seen.contains("did you mean `max_units`?"), "{seen}");
        let seen = refusal("", &[("INFOPLANE_TE_MAX_UNITS", "few")], &[]);
        assert!(seen.contains("(in `INFOPLANE_TE_MAX_UNITS=few`)") && seen.contains("IP0103"), "{seen}");
        assert!(refusal("", &[("INFOPLANE_TRIAN_LR", "1")], &[]).contains("IP0105"));
        for bad in ["lr", "lr=3", ".=3", "train.=1"] {
            assert!(refusal("", &[], &[bad]).contains("IP0105"), "{bad}");
        }
    }

    #[test]
    fn what_must_be_given_is_asked_for() {
        let seen = load("[model]\nlayers = [2, 2]\n", &[], &[]).err().map(|failure| failure.plain());
        #[cfg(feature = "train")]
        assert!(seen.unwrap().contains("`data.source` is missing"));
        #[cfg(not(feature = "train"))]
        assert!(seen.is_none());
    }

    #[test]
    fn a_table_given_in_part_keeps_its_other_defaults() {
        let text = format!("{NETWORK}[te]\nnull = {{ n = 50 }}\n");
        let null = load(&text, &[], &[]).unwrap().config.te.null;
        assert_eq!((null.kind.as_str(), null.n), ("permute", 50));
    }
}
