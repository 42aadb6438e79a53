//! What an organisation keeps. Rooms for custody, reports and replies come beside this one.

pub mod cases;
pub mod plugin;
