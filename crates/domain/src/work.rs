//! The words of work at a desk (经办事项): kinds of work, the states of an entry, what is done to it, and by whom.
//!
//! Each is a row of a table under `registers/`, so that a new kind of work is data. Which steps lead from state to state
//! and what each asks for is the register's table. Invariant: these words know nothing of plans or entries.

mod action;
mod books;
mod kind;
mod role;
mod state;

pub use action::{Action, ActionRow};
pub use books::Books;
pub use kind::{About, Governed, Keeper, KindRow, RegisterKind, Settles};
pub use role::{Role, RoleRow, Sees};
pub use state::{Bucket, State, StateRow};
