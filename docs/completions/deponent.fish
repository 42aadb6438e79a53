# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_deponent_global_optspecs
    string join \n h/help
end

function __fish_deponent_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_deponent_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_deponent_using_subcommand
    set -l cmd (__fish_deponent_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c deponent -n "__fish_deponent_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deponent -n "__fish_deponent_needs_command" -f -a "inspect" -d 'Show what each file would give away; changes nothing'
complete -c deponent -n "__fish_deponent_needs_command" -f -a "clean" -d 'Write clean copies'
complete -c deponent -n "__fish_deponent_needs_command" -f -a "seal" -d 'Clean a statement and files and seal them into one file for an organisation'
complete -c deponent -n "__fish_deponent_using_subcommand inspect" -l json -d 'List as JSON'
complete -c deponent -n "__fish_deponent_using_subcommand inspect" -s h -l help -d 'Print help'
complete -c deponent -n "__fish_deponent_using_subcommand clean" -l reshoot -d 'Make every picture anew: upright, no longer than this many pixels (320 to 8192; 2048 if none is given), coded again as JPEG' -r
complete -c deponent -n "__fish_deponent_using_subcommand clean" -l flatten -d 'Make every page of a PDF document a picture with this many dots an inch (72 to 600; 150 if none is given)' -r
complete -c deponent -n "__fish_deponent_using_subcommand clean" -s o -l output -d 'Folder for the clean copies; made if it is not there' -r -f -a "(__fish_complete_directories)"
complete -c deponent -n "__fish_deponent_using_subcommand clean" -l json -d 'List as JSON'
complete -c deponent -n "__fish_deponent_using_subcommand clean" -l keep-names -d 'Keep the files\' names instead of numbering them'
complete -c deponent -n "__fish_deponent_using_subcommand clean" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deponent -n "__fish_deponent_using_subcommand seal" -s r -l recipient -d 'Seal for this recipient (age1…); may be given more than once' -r
complete -c deponent -n "__fish_deponent_using_subcommand seal" -s R -l recipients-file -d 'Seal for the recipients in this file, one a line; may be given more than once' -r -F
complete -c deponent -n "__fish_deponent_using_subcommand seal" -s m -l statement -d 'File with your statement, or - to type it or pipe it in' -r -F
complete -c deponent -n "__fish_deponent_using_subcommand seal" -s o -l output -d 'The sealed file to write, or - for standard output [default: a new neutral name here]' -r -F
complete -c deponent -n "__fish_deponent_using_subcommand seal" -l reshoot -d 'Make every picture anew: upright, no longer than this many pixels (320 to 8192; 2048 if none is given), coded again as JPEG' -r
complete -c deponent -n "__fish_deponent_using_subcommand seal" -l flatten -d 'Make every page of a PDF document a picture with this many dots an inch (72 to 600; 150 if none is given)' -r
complete -c deponent -n "__fish_deponent_using_subcommand seal" -l as-is -d 'Send this file as it is, with everything it gives away, marked as such; may be given more than once' -r -F
complete -c deponent -n "__fish_deponent_using_subcommand seal" -l keep-names -d 'Keep the files\' names instead of numbering them'
complete -c deponent -n "__fish_deponent_using_subcommand seal" -s a -l armor -d 'Write text instead of bytes, for places that take only text'
complete -c deponent -n "__fish_deponent_using_subcommand seal" -s h -l help -d 'Print help (see more with \'--help\')'
