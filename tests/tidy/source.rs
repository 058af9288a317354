//! The source files, read once for the rules.

use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file of the library.
pub(crate) struct Source {
    /// Path below `src`, such as `beneficiaries/queries.rs`.
    pub(crate) path: String,
    /// Its lines, without the unit tests at its end.
    pub(crate) lines: Vec<String>,
}

impl Source {
    /// The module at the top of the tree that the file belongs to.
    pub(crate) fn module(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// What the file is inside its feature: the innermost part of its path that names a layer.
    pub(crate) fn layer(&self) -> Option<&'static str> {
        let parts = self.path.split('/').skip(1).map(|part| part.trim_end_matches(".rs"));
        parts.filter_map(|part| LAYERS.iter().find(|layer| **layer == part)).last().copied()
    }

    /// Lines that are code, with their numbers.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.lines.iter().enumerate().map(|(at, line)| (at + 1, line.as_str()));
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The layers of a feature: each may use those before it.
pub(crate) const LAYERS: &[&str] = &["model", "rules", "queries", "actions", "routes"];

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files of the library and the binary.
pub(crate) fn sources() -> Vec<Source> {
    let src = root().join("src");
    let rust = files(&src).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| read(&src, &path)).collect()
}

fn read(src: &Path, path: &Path) -> Source {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").map(ToOwned::to_owned).collect();
    Source { path: path.strip_prefix(src).unwrap().to_str().unwrap().to_owned(), lines }
}

/// All files below a folder, in the order of their names; what is built or installed is left out.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let skipped = ["target", "node_modules", ".git", ".venv", ".tools", ".hypothesis"];
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let kept = entries.into_iter().filter(|path| !skipped.iter().any(|name| path.ends_with(name)));
    kept.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
