//! A reply as its client keeps it until it is judged: as text, which is a fraction of what it takes apart into fields.

use serde_json::Value;

/// A reply that was heard (回执); nothing where a desk entered what it would answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Heard(Option<Box<str>>);

impl Heard {
    /// The whole reply; null where nothing was heard.
    pub fn whole(&self) -> Value {
        let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
        self.0.as_deref().map(read).unwrap_or_default()
    }

    /// Whether there was no reply.
    pub fn is_nothing(&self) -> bool {
        self.0.is_none()
    }
}

impl From<&Value> for Heard {
    fn from(reply: &Value) -> Heard {
        Heard((!reply.is_null()).then(|| reply.to_string().into_boxed_str()))
    }
}
