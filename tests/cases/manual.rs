//! Man pages and shell completions, made from the command lines' own definitions and kept in `docs`.
//! `UPDATE_MANUAL=1 cargo test manual` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use clap_complete::Shell;

#[path = "../../src/bin/deponent/args.rs"]
mod source;

#[path = "../../src/bin/deponent-desk/args.rs"]
#[expect(dead_code, reason = "only the definitions are used here")]
mod desk;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// Every page and completion of a program: its path and what it should hold.
fn made(command: Command) -> Vec<(PathBuf, Vec<u8>)> {
    // The version is no part of what the manual promises.
    let mut command = command.version(None::<&str>);
    command.build();
    let name = command.get_name().to_owned();
    let mut made = Vec::new();
    for sub in command.get_subcommands().map(Some).chain([None]) {
        let (page, title) = match sub {
            Some(sub) => (sub.clone(), format!("{name}-{}", sub.get_name())),
            None => (command.clone(), name.clone()),
        };
        let mut roff = Vec::new();
        let man =
            clap_mangen::Man::new(page.display_name(title.clone())).title(title.to_uppercase()).date("").source("");
        man.render(&mut roff).unwrap();
        made.push((docs().join(format!("man/{title}.1")), roff));
    }
    for (shell, ending) in [(Shell::Bash, "bash"), (Shell::Zsh, "zsh"), (Shell::Fish, "fish")] {
        let mut completion = Vec::new();
        clap_complete::generate(shell, &mut command.clone(), &name, &mut completion);
        made.push((docs().join(format!("completions/{name}.{ending}")), completion));
    }
    made
}

fn check(command: Command) {
    for (path, expected) in made(command) {
        if std::env::var_os("UPDATE_MANUAL").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &expected).unwrap();
        }
        let found = fs::read(&path).unwrap_or_default();
        assert!(found == expected, "{} is not up to date: UPDATE_MANUAL=1 cargo test manual", path.display());
    }
}

#[test]
fn the_manual_of_the_sources_program_is_what_its_command_line_says() {
    check(source::Args::command());
}

#[test]
fn the_manual_of_the_desk_is_what_its_command_line_says() {
    check(desk::Args::command());
}

#[test]
fn every_command_has_an_example_in_its_help() {
    for command in [source::Args::command(), desk::Args::command()] {
        for sub in command.get_subcommands() {
            let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains(&format!("{} {} ", command.get_name(), sub.get_name())), "{}", sub.get_name());
        }
    }
}
