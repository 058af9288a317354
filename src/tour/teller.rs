//! Tells the tour to a person: what is done, with which request, what came back, what it shows.

use std::io::{self, Write};

/// Prints chapters and steps.
pub(super) struct Teller<W> {
    out: W,
    /// The one that is told.
    pub(super) chapter: u32,
    step: u32,
}

impl<W: Write> Teller<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, chapter: 0, step: 0 }
    }

    /// Begins a chapter.
    pub(super) fn chapter(&mut self, title: &str) -> io::Result<()> {
        (self.chapter, self.step) = (self.chapter + 1, 0);
        writeln!(self.out, "\n{}. {title}", self.chapter)
    }

    /// Tells one request.
    pub(super) fn request(&mut self, who: &str, request: &str, status: u16) -> io::Result<()> {
        self.step += 1;
        writeln!(self.out, "\n   {}.{}  {who}\n        {request}  ->  {status}", self.chapter, self.step)
    }

    /// Tells what the answer shows.
    pub(super) fn shows(&mut self, what: &str) -> io::Result<()> {
        what.lines().try_for_each(|line| writeln!(self.out, "        {line}"))
    }
}
