//! Cuts the source of an expression into tokens, each with its place.

use std::iter::{Enumerate, Peekable};
use std::str::Chars;

use super::fault::{Fault, FaultCode};

/// A word, number, text or symbol and the character it starts at.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) kind: TokenKind,
}

/// What a token is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name(String),
    Whole(i64),
    Text(String),
    Symbol(&'static str),
    End,
    /// Nothing that can be read; told when the parser comes to it, after what stands before it.
    Faulty(Fault),
}

/// Longest first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", "{", "}", ",", ".", "+", "-", "*", "/", "%",
    "?", ":",
];

/// Tokens of `source`, the last of them [`TokenKind::End`] or [`TokenKind::Faulty`].
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: source.chars().enumerate().peekable(), end: source.chars().count() };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.token().unwrap_or_else(|fault| Token { at: fault.offset, kind: TokenKind::Faulty(fault) });
        let is_last = matches!(token.kind, TokenKind::End | TokenKind::Faulty(_));
        tokens.push(token);
        if is_last {
            return tokens;
        }
    }
}

struct Lexer<'a> {
    rest: Peekable<Enumerate<Chars<'a>>>,
    end: usize,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<Token, Fault> {
        self.skip();
        let Some(&(at, c)) = self.rest.peek() else {
            return Ok(Token { at: self.end, kind: TokenKind::End });
        };
        let kind = match c {
            'a'..='z' | 'A'..='Z' | '_' => self.name()?,
            '0'..='9' => self.whole(at)?,
            '"' | '\'' => self.text(at, c)?,
            _ => self.symbol(at, c)?,
        };
        Ok(Token { at, kind })
    }

    /// Passes over spaces and remarks.
    fn skip(&mut self) {
        loop {
            while self.rest.next_if(|(_, c)| c.is_ascii_whitespace()).is_some() {}
            let mut ahead = self.rest.clone().map(|(_, c)| c);
            if (ahead.next(), ahead.next()) != (Some('/'), Some('/')) {
                return;
            }
            while self.rest.next_if(|(_, c)| !c.is_control()).is_some() {}
        }
    }

    fn name(&mut self) -> Result<TokenKind, Fault> {
        let name = self.word(|c| c.is_ascii_alphanumeric() || c == '_');
        match self.rest.peek() {
            Some(&(at, '"' | '\'')) => {
                Err(Fault::new(at, FaultCode::Unsupported, "write the text in quotes without a letter before them"))
            }
            _ => Ok(TokenKind::Name(name)),
        }
    }

    fn whole(&mut self, at: usize) -> Result<TokenKind, Fault> {
        let digits = self.word(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let is_decimal = digits.chars().all(|c| c.is_ascii_digit());
        match digits.parse() {
            Ok(number) if is_decimal => Ok(TokenKind::Whole(number)),
            _ => Err(Fault::new(at, FaultCode::Unsupported, "write a whole number in digits only, such as 4")),
        }
    }

    fn text(&mut self, at: usize, quote: char) -> Result<TokenKind, Fault> {
        self.rest.next();
        let text = self.word(|c| c != quote && c != '\\' && !c.is_control());
        match self.rest.next() {
            Some((_, c)) if c == quote => Ok(TokenKind::Text(text)),
            Some((at, '\\')) => {
                Err(Fault::new(at, FaultCode::Unsupported, "no fact has a value with a backslash: write it without"))
            }
            Some((at, c)) if c != '\n' => {
                let message = format!("this character (U+{:04X}) cannot stand in a text: take it out", u32::from(c));
                Err(Fault::new(at, FaultCode::Syntax, message))
            }
            _ => Err(Fault::new(at, FaultCode::Syntax, format!("this text has no end: close it with {quote}"))),
        }
    }

    fn symbol(&mut self, at: usize, first: char) -> Result<TokenKind, Fault> {
        self.rest.next();
        let second = self.rest.peek().map(|&(_, c)| c);
        let pair: String = [Some(first), second].into_iter().flatten().collect();
        let found = SYMBOLS.into_iter().find(|symbol| pair.starts_with(symbol));
        match found {
            Some(symbol) => {
                if symbol.len() > 1 {
                    self.rest.next();
                }
                Ok(TokenKind::Symbol(symbol))
            }
            None => Err(Fault::new(at, FaultCode::Syntax, stray(first))),
        }
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some((_, c)) = self.rest.next_if(|&(_, c)| belongs(c)) {
            word.push(c);
        }
        word
    }
}

fn stray(c: char) -> String {
    match c {
        '=' => "write == to compare".to_owned(),
        '&' => "write && for \"and\"".to_owned(),
        '|' => "write || for \"or\"".to_owned(),
        _ => "this character has no meaning here: take it out".to_owned(),
    }
}
