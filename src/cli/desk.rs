//! The organisation's commands.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the desk makes and holds the organisation's identities, looks into its inbox, and finds plugins in PATH"
)]

pub mod decrypt;
pub mod keygen;
pub mod open;

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::secrecy::SecretString;
use zeroize::Zeroizing;

use super::{Exit, Terminal, sentences};
use crate::desk::plugin::{Choice, Person, PluginKey, Programs};
use crate::envelope::identity::{Identities, IdentityError, Keeper, Opener};
use crate::{files, limits};

/// What a command opens with.
pub struct Keys<'a> {
    /// Identity files.
    pub identities: &'a [PathBuf],
    /// Programs of plugins that are not in a folder of `PATH`, or are to be used before those that are.
    pub plugins: &'a [PathBuf],
}

impl Keys<'_> {
    /// Reads the identity files, asking for passphrases where they are protected. One that is sealed to
    /// another may stand before or after it.
    fn read(&self, terminal: &Terminal) -> Result<Identities, Exit> {
        let path = env::var_os("PATH").unwrap_or_default();
        let programs = Programs::new(self.plugins, &path).map_err(|other| sentences::not_a_plugin(terminal, &other))?;
        let mut identities = Identities::none();
        let mut locked: Vec<&PathBuf> = self.identities.iter().collect();
        loop {
            let mut still_locked = Vec::new();
            for path in &locked {
                let file = files::open(path)
                    .and_then(|file| files::read_bounded(file, limits::KEY_FILE_BYTES_MAX))
                    .map_err(|error| sentences::io_error(terminal, path, &error))?;
                match identities.add_file(&file, &AtTerminal { terminal, path, programs: &programs }) {
                    Ok(()) => {}
                    // A key that comes later may open it.
                    Err(error @ (IdentityError::NotForTheseKeys | IdentityError::Keeper(_))) => {
                        still_locked.push((*path, error));
                    }
                    Err(error) => return Err(sentences::identity_error(terminal, path, &error)),
                }
            }
            if still_locked.len() == locked.len() {
                // That a plugin failed tells more than that there was no key.
                still_locked.sort_by_key(|(_, error)| !matches!(error, IdentityError::Keeper(_)));
                return match still_locked.first() {
                    None => Ok(identities),
                    Some((path, error)) => Err(sentences::identity_error(terminal, path, error)),
                };
            }
            locked = still_locked.into_iter().map(|(path, _)| path).collect();
        }
    }
}

/// Whoever sits at the terminal, asked about one identity file.
struct AtTerminal<'a> {
    terminal: &'a Terminal,
    path: &'a Path,
    programs: &'a Programs,
}

impl Keeper for AtTerminal<'_> {
    fn passphrase(&self) -> Option<SecretString> {
        self.terminal.ask_secret(&sentences::passphrase_for(self.path))
    }

    fn plugin(&self, name: &str, identity: &str) -> Option<Opener> {
        let program = self.programs.find(name)?;
        Some(Box::new(PluginKey::new(name, program, identity, Arc::new(self.terminal.clone()))))
    }
}

/// What plugins say comes from outside, so it is escaped; and it is always said whose words they are.
impl Person for Terminal {
    fn show(&self, plugin: &str, message: &str) {
        message.lines().for_each(|line| self.say(&sentences::plugin_says(plugin, line)));
    }

    fn ask_secret(&self, plugin: &str, question: &str) -> Option<SecretString> {
        Terminal::ask_secret(self, &sentences::plugin_asks(plugin, question))
    }

    fn ask(&self, plugin: &str, question: &str) -> Option<Zeroizing<String>> {
        Terminal::ask(self, &sentences::plugin_asks(plugin, question))
    }

    fn choose(&self, plugin: &str, question: &str, yes: &str, no: Option<&str>) -> Option<Choice> {
        Person::show(self, plugin, question);
        loop {
            let answer = Terminal::ask(self, &sentences::plugin_choice(yes, no))?;
            if let Some(choice) = sentences::choice(&answer) {
                return Some(choice);
            }
        }
    }
}
