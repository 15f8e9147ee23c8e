//! The rows of `interface/dialects.tsv`: other names of nodes and fields, and shapes in which some clients read replies.

use crate::tsv::{columns, rows};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A row of the table.
pub(crate) struct Alias {
    /// The transactions.
    pub infnos: Vec<String>,
    /// `input` or `output`.
    pub side: String,
    /// The node.
    pub node: String,
    /// The field; empty where the node itself has the other name.
    pub field: String,
    /// The other name, or how a reply's node stands.
    pub alias: String,
    /// The dialect; empty: everybody.
    pub dialect: String,
}

/// How a dialect reads a node of a reply.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Spoken {
    /// The dialect; empty: everybody.
    pub dialect: String,
    /// The shape.
    pub form: Form,
}

/// How a node of a reply stands there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// The node stands under this name as well.
    Also(String),
    /// The one record stands in an array.
    Listed,
    /// The members of the record stand beside it as well.
    Spread,
}

impl Alias {
    /// What the row says of a reply.
    pub fn spoken(&self) -> Spoken {
        let form = match self.alias.as_str() {
            "[]" => Form::Listed,
            "*" => Form::Spread,
            name => Form::Also(name.to_owned()),
        };
        Spoken { dialect: self.dialect.clone(), form }
    }
}

/// All rows.
pub(crate) fn aliases() -> impl Iterator<Item = Alias> {
    rows(include_str!("../../../interface/dialects.tsv")).map(|row| {
        let [infnos, side, node, field, alias, dialect, _sources] = columns(&row);
        Alias { infnos: infnos.split(',').map(str::to_owned).collect(), side, node, field, alias, dialect }
    })
}

/// The dialects that a provider's record may name.
pub fn dialects() -> &'static BTreeSet<String> {
    static NAMES: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| aliases().map(|row| row.dialect).filter(|dialect| !dialect.is_empty()).collect());
    &NAMES
}
