//! Measuring the register in the build that a shop would have.

use std::env;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::project::Project;
use crate::setup::{Purpose, system};
use crate::{shell, ui};

#[derive(Args)]
pub(crate) struct Options {
    /// How many items the catalogues have, by comma.
    #[arg(long, value_name = "NUMBERS", default_value = "10000,100000,1000000")]
    sizes: String,
    /// Measure fewer times, and no catalogue larger than 100,000 items.
    #[arg(long)]
    quick: bool,
    /// An earlier bench/latest.json to compare with.
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Measure only these, by comma: pay, scan, search, import, window, size, settle,
    /// shift, replug, api, channels.
    #[arg(long, value_name = "NAMES")]
    only: Option<String>,
}

impl Options {
    /// Whether any of `parts` is to be measured.
    fn wants(&self, parts: &[&str]) -> bool {
        self.only.as_ref().is_none_or(|only| only.split(',').any(|name| parts.contains(&name)))
    }
}

/// Builds what is to be measured and measures it. What cannot be built here is told as not measured.
pub(crate) fn bench(project: &Project, options: &Options) -> Result<()> {
    system::ensure(Purpose::Daemon)?;
    ui::ensure_folder(project)?;
    let mut arguments = vec!["--sizes".to_owned(), options.sizes.clone()];
    if options.wants(&["window", "size"]) {
        let screens = ui::build(project);
        match screens.and_then(|()| window(project)) {
            Ok(program) => arguments.extend(["--window".into(), program.display().to_string()]),
            Err(trouble) => println!("   The window is not measured: {trouble:#}"),
        }
    }
    if options.quick {
        arguments.push("--quick".into());
    }
    if let Some(only) = &options.only {
        arguments.extend(["--only".into(), only.clone()]);
    }
    if let Some(earlier) = &options.compare {
        let earlier = env::current_dir()?.join(earlier);
        arguments.extend(["--compare".into(), earlier.display().to_string()]);
    }
    let mut bench = project.cargo(&["run", "--release", "--package", "countertop-bench", "--"]);
    bench.args(["run", "--folder"]).arg(project.target.join("bench"));
    shell::run("bench", bench.args(arguments))
}

/// The window as it is shipped.
fn window(project: &Project) -> Result<PathBuf> {
    system::ensure(Purpose::Window)?;
    let features = ["--features", "desktop,tauri/custom-protocol", "--bin", "countertop"];
    let mut build = project.cargo(&["build", "--release", "--package", "countertop"]);
    shell::run("the window", build.args(features))?;
    let name = format!("countertop{}", env::consts::EXE_SUFFIX);
    Ok(project.target.join("release").join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_built_only_where_it_is_measured() {
        let options = |only: Option<&str>| Options {
            sizes: String::new(),
            quick: false,
            compare: None,
            only: only.map(str::to_owned),
        };
        assert!(options(None).wants(&["window"]));
        assert!(options(Some("pay,size")).wants(&["window", "size"]));
        assert!(!options(Some("pay,scan")).wants(&["window", "size"]));
    }
}
