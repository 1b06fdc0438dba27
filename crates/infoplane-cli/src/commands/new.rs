//! `infoplane new`: a commented config to begin with.

use crate::args::{NewArgs, Template};
use crate::failure::Failure;
use crate::output::print;
use crate::written::write_new;

pub(crate) fn run(args: &NewArgs) -> Result<(), Failure> {
    let text = template(args.template);
    match &args.out {
        None => print(text),
        Some(out) => {
            write_new(out, text.as_bytes(), args.force)?;
            crate::output::tell(&format!("wrote   {}", out.display()));
            crate::output::tell(&format!("next    infoplane train -c {}", out.display()));
            Ok(())
        }
    }
}

fn template(template: Template) -> &'static str {
    match template {
        Template::Ib12 => include_str!("../templates/ib12.toml"),
        Template::Digits => include_str!("../templates/digits.toml"),
        Template::Mnist => include_str!("../templates/mnist.toml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn every_template_is_a_config_that_loads() {
        for kind in [Template::Ib12, Template::Digits, Template::Mnist] {
            let loaded = Config::built_in("template", template(kind));
            assert!(loaded.is_ok(), "{kind:?}: {:?}", loaded.err());
        }
    }
}
