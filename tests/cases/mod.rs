//! The cases, a module a command or a promise.

mod canaries;
mod cleaning;
mod fixtures;
mod hygiene;
mod inspecting;
mod interop;
mod judges;
mod judges_coded;
mod judges_drawings;
mod judges_films;
mod judges_heif;
mod judges_matroska;
mod judges_rasters;
mod judges_riff;
mod judges_sound;
mod keys;
mod manual;
mod memory;
mod odd_inputs;
mod opening;
mod padding;
mod plugins;
mod reshooting;
mod sealing;
mod symbols;
