//! Reads the CEL of rules into an untyped tree with the place of each part.
//!
//! Written by hand rather than taken from a CEL crate: the generated parser of `cel` 0.15 needs over
//! 100 KiB of stack a parenthesis in a debug build (15 of them end the process), and its faults list
//! tokens where ours say what to write. Length, nesting and size are bounded before they cost anything.
//! A test holds the answers to those of that crate's interpreter.

use std::vec::IntoIter;

use super::fault::{Fault, FaultCode};
use super::lexer::{Token, TokenKind, tokens};
use super::syntax::{Node, Relation, Syntax};

/// Most characters of a source.
pub const MOST_CHARACTERS: usize = 4_000;
/// Most parts that may stand inside each other.
pub const MOST_NESTING: usize = 32;
/// Most parts of an expression.
pub const MOST_NODES: usize = 500;

/// The tree of a whole source.
pub(super) fn read(source: &str) -> Result<Node, Fault> {
    if source.chars().count() > MOST_CHARACTERS {
        let message = format!("a rule has at most {MOST_CHARACTERS} characters: shorten it");
        return Err(Fault::new(MOST_CHARACTERS, FaultCode::TooLong, message));
    }
    let mut parser = Parser::new(tokens(source));
    let node = parser.expression()?;
    match parser.next.kind {
        TokenKind::End => Ok(node),
        _ => Err(parser.surprise("&& or || before what follows, or the end of the rule")),
    }
}

struct Parser {
    next: Token,
    rest: IntoIter<Token>,
    nesting: usize,
    nodes: usize,
}

type Reading<T = Node> = Result<T, Fault>;

impl Parser {
    fn new(tokens: Vec<Token>) -> Self {
        let mut parser =
            Self { next: Token { at: 0, kind: TokenKind::End }, rest: tokens.into_iter(), nesting: 0, nodes: 0 };
        parser.advance();
        parser
    }

    fn expression(&mut self) -> Reading {
        self.nested(|parser| parser.chain("||", |parser| parser.chain("&&", Self::relation, Syntax::All), Syntax::Any))
    }

    /// `a && b && c` is one part with three, so that a long list of conditions is not deep.
    fn chain(&mut self, symbol: &str, part: impl Fn(&mut Self) -> Reading, make: fn(Vec<Node>) -> Syntax) -> Reading {
        let at = self.next.at;
        let first = part(self)?;
        if !self.is_next(symbol) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take(symbol) {
            parts.push(part(self)?);
        }
        self.node(at, make(parts))
    }

    fn relation(&mut self) -> Reading {
        let mut left = self.unary()?;
        loop {
            let at = self.next.at;
            let Some(relation) = self.relation_symbol()? else {
                return Ok(left);
            };
            self.advance();
            let right = self.unary()?;
            left = self.node(at, Syntax::Relation { left: Box::new(left), relation, right: Box::new(right) })?;
        }
    }

    fn relation_symbol(&self) -> Reading<Option<Relation>> {
        let symbol = match &self.next.kind {
            TokenKind::Symbol(symbol) => *symbol,
            TokenKind::Name(name) if name == "in" => return Ok(Some(Relation::In)),
            _ => return Ok(None),
        };
        match symbol {
            "<" => Ok(Some(Relation::Less)),
            "<=" => Ok(Some(Relation::AtMost)),
            ">" => Ok(Some(Relation::More)),
            ">=" => Ok(Some(Relation::AtLeast)),
            "==" => Ok(Some(Relation::Equal)),
            "!=" => Ok(Some(Relation::Differs)),
            "+" | "-" | "*" | "/" | "%" => Err(self.unsupported("rules do not calculate: compare the fact itself")),
            "?" => Err(self.unsupported("write a choice with && and ||: (a && b) || (!a && c)")),
            _ => Ok(None),
        }
    }

    fn unary(&mut self) -> Reading {
        let at = self.next.at;
        if self.take("!") {
            let operand = self.nested(Self::unary)?;
            return self.node(at, Syntax::Not(Box::new(operand)));
        }
        if self.take("-") {
            return match self.next.kind {
                TokenKind::Whole(number) => {
                    self.advance();
                    self.node(at, Syntax::Whole(-number))
                }
                _ => Err(Fault::new(at, FaultCode::Unsupported, "a minus may only stand before a number")),
            };
        }
        self.member()
    }

    fn member(&mut self) -> Reading {
        let mut node = self.primary()?;
        loop {
            if self.take(".") {
                node = self.dotted(node)?;
            } else if self.is_next("[") || self.is_next("{") {
                return Err(self.unsupported("an index is not supported: ask with exists, all or filter"));
            } else {
                return Ok(node);
            }
        }
    }

    fn dotted(&mut self, of: Node) -> Reading {
        let name_at = self.next.at;
        let TokenKind::Name(name) = &self.next.kind else {
            return Err(self.surprise("the name of a fact after the dot"));
        };
        let name = name.clone();
        self.advance();
        if self.is_next("(") {
            let arguments = self.listed("(", ")")?;
            return self.node(name_at, Syntax::Call { on: Some(Box::new(of)), name, arguments });
        }
        self.node(of.at, Syntax::Field { of: Box::new(of), name, name_at })
    }

    fn primary(&mut self) -> Reading {
        let at = self.next.at;
        let syntax = match &mut self.next.kind {
            TokenKind::Whole(number) => Syntax::Whole(*number),
            TokenKind::Text(text) => Syntax::Text(std::mem::take(text)),
            TokenKind::Name(name) => {
                let name = std::mem::take(name);
                return self.named(at, name);
            }
            TokenKind::Symbol("(") => return self.parenthesised(),
            TokenKind::Symbol("[") => {
                let elements = self.listed("[", "]")?;
                return self.node(at, Syntax::List(elements));
            }
            TokenKind::Symbol("{") => {
                return Err(self.unsupported("maps are not supported: name one fact"));
            }
            _ => return Err(self.surprise("a fact, a number or a text")),
        };
        self.advance();
        self.node(at, syntax)
    }

    fn named(&mut self, at: usize, name: String) -> Reading {
        self.advance();
        if self.is_next("(") {
            let arguments = self.listed("(", ")")?;
            return self.node(at, Syntax::Call { on: None, name, arguments });
        }
        let syntax = match name.as_str() {
            "true" => Syntax::Boolean(true),
            "false" => Syntax::Boolean(false),
            "null" => Syntax::Null,
            "in" => {
                return Err(Fault::new(at, FaultCode::Syntax, "write a value before \"in\""));
            }
            _ => Syntax::Name(name),
        };
        self.node(at, syntax)
    }

    fn parenthesised(&mut self) -> Reading {
        self.advance();
        let inner = self.expression()?;
        self.close(")")?;
        Ok(inner)
    }

    fn listed(&mut self, open: &str, close: &str) -> Reading<Vec<Node>> {
        let mut elements = Vec::new();
        self.take(open);
        if self.take(close) {
            return Ok(elements);
        }
        loop {
            elements.push(self.expression()?);
            if !self.take(",") {
                self.close(close)?;
                return Ok(elements);
            }
        }
    }

    fn close(&mut self, symbol: &str) -> Reading<()> {
        if self.take(symbol) { Ok(()) } else { Err(self.surprise(&format!("{symbol} to close what was opened"))) }
    }

    fn nested(&mut self, inner: impl FnOnce(&mut Self) -> Reading) -> Reading {
        if self.nesting == MOST_NESTING {
            return Err(too_deep(self.next.at));
        }
        self.nesting += 1;
        let node = inner(self);
        self.nesting -= 1;
        node
    }

    fn node(&mut self, at: usize, syntax: Syntax) -> Reading {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            let message = format!("a rule has at most {MOST_NODES} parts: split it or shorten its lists");
            return Err(Fault::new(at, FaultCode::TooLarge, message));
        }
        let depth = 1 + syntax.inner_depth();
        if depth > MOST_NESTING { Err(too_deep(at)) } else { Ok(Node { at, syntax, depth }) }
    }

    fn is_next(&self, symbol: &str) -> bool {
        matches!(self.next.kind, TokenKind::Symbol(next) if next == symbol)
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.is_next(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn advance(&mut self) {
        let end = Token { at: self.next.at, kind: TokenKind::End };
        self.next = self.rest.next().unwrap_or(end);
    }

    fn surprise(&self, expected: &str) -> Fault {
        match &self.next.kind {
            TokenKind::Faulty(fault) => fault.clone(),
            _ => Fault::new(self.next.at, FaultCode::Syntax, format!("write {expected}")),
        }
    }

    fn unsupported(&self, advice: &str) -> Fault {
        Fault::new(self.next.at, FaultCode::Unsupported, advice)
    }
}

fn too_deep(at: usize) -> Fault {
    let message = format!("at most {MOST_NESTING} parts may stand inside each other: flatten the rule");
    Fault::new(at, FaultCode::TooDeep, message)
}
