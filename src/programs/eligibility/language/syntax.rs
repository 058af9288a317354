//! The untyped tree of an expression, with the place of each part.

/// One part of an expression and where it starts (an operator: where it stands).
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) syntax: Syntax,
    pub(super) depth: usize,
}

/// What a part is, before types are known.
#[derive(Debug)]
pub(super) enum Syntax {
    Null,
    Boolean(bool),
    Whole(i64),
    Text(String),
    Name(String),
    Field { of: Box<Node>, name: String, name_at: usize },
    Call { on: Option<Box<Node>>, name: String, arguments: Vec<Node> },
    List(Vec<Node>),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Relation { left: Box<Node>, relation: Relation, right: Box<Node> },
}

/// The operators that relate two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    Differs,
    In,
}

impl Syntax {
    /// Depth of the deepest part inside.
    pub(super) fn inner_depth(&self) -> usize {
        let deepest = |nodes: &[Node]| nodes.iter().map(|node| node.depth).max().unwrap_or(0);
        match self {
            Self::Null | Self::Boolean(_) | Self::Whole(_) | Self::Text(_) | Self::Name(_) => 0,
            Self::Field { of: inner, .. } | Self::Not(inner) => inner.depth,
            Self::Call { on, arguments, .. } => deepest(arguments).max(on.as_ref().map_or(0, |on| on.depth)),
            Self::List(nodes) | Self::All(nodes) | Self::Any(nodes) => deepest(nodes),
            Self::Relation { left, right, .. } => left.depth.max(right.depth),
        }
    }
}
