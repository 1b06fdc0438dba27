//! Every code there is: this program's own and those of the crates it is made of.

use infoplane_spec::Code;

/// The codes of all crates, in order.
pub(crate) fn all() -> Vec<Code> {
    let crates = [
        CODES,
        infoplane_spec::CODES,
        infoplane_record::CODES,
        infoplane::measures::CODES,
        infoplane::figures::CODES,
        #[cfg(feature = "train")]
        infoplane_nets::CODES,
    ];
    let mut codes: Vec<Code> = crates.iter().chain(infoplane::CODES).copied().flatten().copied().collect();
    codes.sort_by_key(|code| code.code);
    codes
}

const CODES: &[Code] = &[
    Code {
        code: "IP0100",
        title: "the command line does not read",
        text: "A command or flag is not one of those known, a value is missing, or two flags contradict each other. \
               `infoplane --help` lists the commands, `infoplane COMMAND --help` the flags of one. A command takes \
               only the flags that have an effect there.",
    },
    Code {
        code: "IP0101",
        title: "the config file cannot be read",
        text: "The file named by `-c` does not exist, may not be read, or is not UTF-8 text. `infoplane new -o FILE` \
               writes one to begin with.",
    },
    Code {
        code: "IP0102",
        title: "a key that the config does not have",
        text: "A key without effect would be a silent mistake, so every key of a config, of `--set` and of an \
               INFOPLANE_ variable must be one of those known. The message shows the place and the nearest key, or all \
               keys of the section. `infoplane new` writes a config with every section.",
    },
    Code {
        code: "IP0103",
        title: "a value of the config is not allowed",
        text: "The value is of another type than its key wants (a text for a number, a number for a list), or is \
               none of the values allowed. The message shows the place, what stood there and what is allowed.",
    },
    Code {
        code: "IP0104",
        title: "the config is not TOML",
        text: "The text does not follow TOML: a bracket or quote that is not closed, a key set twice, a missing value. \
               The message shows the place. Texts stand in quotes; see https://toml.io for the format.",
    },
    Code {
        code: "IP0105",
        title: "--set or an INFOPLANE_ variable does not read",
        text: "`--set` takes KEY=VALUE, where KEY is a section and a key (`train.lr=1e-3`) and VALUE is written as \
               in TOML; a bare word is taken as a text. A variable is named INFOPLANE_SECTION_KEY \
               (INFOPLANE_TRAIN_LR=1e-3). `--set` wins over variables, variables over the file.",
    },
    Code {
        code: "IP0106",
        title: "something stands where the output should go",
        text: "What exists is not replaced unless asked for: give another place with `-o`, or `--force` to replace it.",
    },
    Code {
        code: "IP0107",
        title: "no such code",
        text: "Codes are `IP` and four digits, as they stand in brackets after `error` or `warning`. `infoplane explain` \
               without a code lists them all.",
    },
    Code {
        code: "IP0108",
        title: "this build cannot train",
        text: "The program was built without its feature `train` (the built-in networks); it reads, draws and reports \
               only. Build it with default features to train.",
    },
    Code {
        code: "IP0109",
        title: "a figure format that is not available",
        text: "Figures are written as SVG, which scales without loss, can be edited, and is taken by browsers, word \
               processors and (through rsvg-convert or Inkscape) every other format.",
    },
    Code {
        code: "IP0120",
        title: "the output cannot be written",
        text: "The folder of the output does not exist or may not be written to, or the disk is full. `infoplane \
               doctor -o FOLDER` tries the write access of a folder.",
    },
    Code {
        code: "IP0121",
        title: "seeds that do not read",
        text: "`run.seeds` is one number, a range in quotes with both ends included (`\"0..4\"` are five seeds), or a \
               list (`[0, 7, 42]`); at least one, none twice.",
    },
    Code {
        code: "IP0122",
        title: "a choice that leaves nothing to draw",
        text: "No figure of that name exists, or no row of the folder fits the chosen network, estimator, time axis, \
               order, measure, driver or tap. `infoplane runs show FOLDER --rows` shows what there is.",
    },
    Code {
        code: "IP0123",
        title: "a name of a run that cannot be a folder",
        text: "`run.name` becomes the name of a folder: letters, digits, dot, hyphen and underscore, not beginning with \
               a dot.",
    },
    Code {
        code: "IP0124",
        title: "no such folder",
        text: "The folder that was named does not exist, or is a file. Runs are written below `runs` unless `-o` or \
               `run.out` says otherwise.",
    },
    Code {
        code: "IP0125",
        title: "a flag that does not fit the others",
        text: "`--cond-history`, `--cond-tau` and `--cond-delay` are given once for all conditionals, or once for each \
               `--cond` in their order; `--trial` takes one column.",
    },
    Code {
        code: "IP0126",
        title: "a format of edges that is not known",
        text: "The edges of a network are written as `.csv` (source, target and what is known of each), `.json` (node-link, \
               as networkx and d3 read it) or `.graphml` (networkx, Gephi, igraph), by the name of the file.",
    },
    Code {
        code: "IP0127",
        title: "a column that is named twice",
        text: "A network has one node for each column, and the transfer of a column to itself would stand among its edges. Name \
               each column once.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_is_used_twice_and_each_explains_itself() {
        let codes = all();
        for pair in codes.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} is used twice", pair[1].code);
        }
        for code in &codes {
            let digits = code.code.strip_prefix("IP").unwrap_or_default();
            assert!(digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()), "{}", code.code);
            assert!(!code.title.is_empty() && !code.title.ends_with('.'), "{}: {}", code.code, code.title);
            assert!(code.text.len() > 40 && code.text.ends_with('.'), "{}: {}", code.code, code.text);
        }
    }

    #[test]
    fn every_code_an_error_can_carry_is_explained() {
        let known: Vec<&str> = all().iter().map(|code| code.code).collect();
        for (file, text) in sources() {
            for code in codes_in(&text) {
                assert!(known.contains(&code.as_str()), "{file} uses {code}, which `explain` does not know");
            }
        }
    }

    /// The Rust files of every crate that is compiled in.
    fn sources() -> Vec<(String, String)> {
        let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let compiled = |path: &std::path::Path| {
            cfg!(feature = "train") || !(path.ends_with("infoplane-nets") || path.ends_with("session"))
        };
        let mut folders: Vec<_> = std::fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.retain(|folder| compiled(folder));
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                match path.extension() {
                    _ if path.is_dir() && !path.ends_with("tests") && compiled(&path) => folders.push(path),
                    Some(kind) if kind == "rs" => {
                        files.push((path.display().to_string(), std::fs::read_to_string(path).unwrap()));
                    }
                    _ => {}
                }
            }
        }
        assert!(files.len() > 20, "{files:?}");
        files
    }

    /// Every text literal `"IPdddd"`, before the unit tests at the file's foot.
    fn codes_in(text: &str) -> Vec<String> {
        let program = text.split("#[cfg(test)]").next().unwrap_or_default();
        let quoted = program.split('"').skip(1).step_by(2);
        let is_code =
            |word: &&str| word.len() == 6 && word.starts_with("IP") && word[2..].bytes().all(|b| b.is_ascii_digit());
        quoted.filter(is_code).map(str::to_owned).collect()
    }
}
