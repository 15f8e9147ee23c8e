//! What stands around every page of the office: who is signed in, and what every form carries.

/// What stands around every page of the office.
#[derive(Clone, Debug)]
pub(super) struct Chrome {
    /// The user's name.
    pub name: String,
    /// The provider's name, or the agency.
    pub place: String,
    /// The pool's name.
    pub pool: String,
    pub is_agency: bool,
    /// Stands in every form.
    pub token: String,
    /// Stands in the forms of this page: what is sent with it twice counts once.
    pub submission: String,
}
