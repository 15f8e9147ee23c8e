//! Evidence that is demanded (须留存或携带的凭据): one of several sets, or wanted only.

use super::Evidence;

/// Evidence that has to be there: one of several sets, or optional.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Requirement {
    /// Any one of these sets does; all of a set are needed.
    pub any_of: Vec<Vec<Evidence>>,
    /// Wanted, not demanded.
    pub optional: bool,
}

impl Requirement {
    /// `社会保障卡或居民医保证`, `病员或亲属签名（可无）`.
    pub fn name(&self) -> String {
        let set = |set: &Vec<Evidence>| set.iter().map(|item| item.name()).collect::<Vec<_>>().join("加");
        let sets: Vec<String> = self.any_of.iter().map(set).collect();
        let optional = if self.optional { "（可无）" } else { "" };
        format!("{}{optional}", sets.join("或"))
    }
}
