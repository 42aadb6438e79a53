# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_deponent_desk_global_optspecs
    string join \n h/help
end

function __fish_deponent_desk_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_deponent_desk_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_deponent_desk_using_subcommand
    set -l cmd (__fish_deponent_desk_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c deponent-desk -n "__fish_deponent_desk_needs_command" -s h -l help -d 'Print help'
complete -c deponent-desk -n "__fish_deponent_desk_needs_command" -f -a "keygen" -d 'Make an identity and print its recipient, which sources seal to'
complete -c deponent-desk -n "__fish_deponent_desk_needs_command" -f -a "open" -d 'Open sealed files into a folder of cases'
complete -c deponent-desk -n "__fish_deponent_desk_needs_command" -f -a "decrypt" -d 'Decrypt any age file that is sealed to your keys, like age -d'
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand keygen" -s o -l output -d 'The identity file to write' -r -F
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand keygen" -l x25519 -d 'Make an X25519 identity, for older programs; it is not safe from quantum computers'
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand keygen" -l no-passphrase -d 'Do not protect the identity file with a passphrase'
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand keygen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand open" -s i -l identity -d 'Identity file to open with; may be given more than once' -r -F
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand open" -l plugin -d 'Program of a plugin, /…/age-plugin-NAME, that is not in a folder of PATH; may be given more than once' -r -F
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand open" -s o -l output -d 'Folder of cases; made if it is not there' -r -f -a "(__fish_complete_directories)"
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand open" -l json -d 'List as JSON'
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand decrypt" -s i -l identity -d 'Identity file to open with; may be given more than once' -r -F
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand decrypt" -l plugin -d 'Program of a plugin, /…/age-plugin-NAME, that is not in a folder of PATH; may be given more than once' -r -F
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand decrypt" -s o -l output -d 'File to write, or - for standard output [default: standard output]' -r -F
complete -c deponent-desk -n "__fish_deponent_desk_using_subcommand decrypt" -s h -l help -d 'Print help (see more with \'--help\')'
