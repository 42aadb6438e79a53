//! The source's commands. Nothing here can name an organisation's identity.

pub mod clean;
pub mod inspect;
pub mod seal;
