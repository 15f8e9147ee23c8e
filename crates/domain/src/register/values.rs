//! Values by field name, as they are stated and kept (填写的内容).

use std::collections::BTreeMap;

/// Values by field name.
pub type Stated = BTreeMap<String, String>;

/// The two words of a yes-no field.
pub const YES: &str = "是";
/// See [`YES`].
pub const NO: &str = "否";
