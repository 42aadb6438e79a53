#compdef deponent-desk

autoload -U is-at-least

_deponent-desk() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
":: :_deponent-desk_commands" \
"*::: :->deponent-desk" \
&& ret=0
    case $state in
    (deponent-desk)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:deponent-desk-command-$line[1]:"
        case $line[1] in
            (keygen)
_arguments "${_arguments_options[@]}" : \
'-o+[The identity file to write]:IDENTITY:_files' \
'--output=[The identity file to write]:IDENTITY:_files' \
'--x25519[Make an X25519 identity, for older programs; it is not safe from quantum computers]' \
'--no-passphrase[Do not protect the identity file with a passphrase]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(open)
_arguments "${_arguments_options[@]}" : \
'*-i+[Identity file to open with; may be given more than once]:IDENTITY:_files' \
'*--identity=[Identity file to open with; may be given more than once]:IDENTITY:_files' \
'*--plugin=[Program of a plugin, /…/age-plugin-NAME, that is not in a folder of PATH; may be given more than once]:PROGRAM:_absolute_command_paths' \
'-o+[Folder of cases; made if it is not there]:CASES:_files -/' \
'--output=[Folder of cases; made if it is not there]:CASES:_files -/' \
'--json[List as JSON]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::sealed -- Sealed files, or folders of them:_files' \
&& ret=0
;;
(decrypt)
_arguments "${_arguments_options[@]}" : \
'*-i+[Identity file to open with; may be given more than once]:IDENTITY:_files' \
'*--identity=[Identity file to open with; may be given more than once]:IDENTITY:_files' \
'*--plugin=[Program of a plugin, /…/age-plugin-NAME, that is not in a folder of PATH; may be given more than once]:PROGRAM:_absolute_command_paths' \
'-o+[File to write, or - for standard output \[default\: standard output\]]:OUT:_files' \
'--output=[File to write, or - for standard output \[default\: standard output\]]:OUT:_files' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::file -- File to decrypt, or - for standard input \[default\: standard input\]:_files' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_deponent-desk_commands] )) ||
_deponent-desk_commands() {
    local commands; commands=(
'keygen:Make an identity and print its recipient, which sources seal to' \
'open:Open sealed files into a folder of cases' \
'decrypt:Decrypt any age file that is sealed to your keys, like age -d' \
    )
    _describe -t commands 'deponent-desk commands' commands "$@"
}
(( $+functions[_deponent-desk__subcmd__decrypt_commands] )) ||
_deponent-desk__subcmd__decrypt_commands() {
    local commands; commands=()
    _describe -t commands 'deponent-desk decrypt commands' commands "$@"
}
(( $+functions[_deponent-desk__subcmd__keygen_commands] )) ||
_deponent-desk__subcmd__keygen_commands() {
    local commands; commands=()
    _describe -t commands 'deponent-desk keygen commands' commands "$@"
}
(( $+functions[_deponent-desk__subcmd__open_commands] )) ||
_deponent-desk__subcmd__open_commands() {
    local commands; commands=()
    _describe -t commands 'deponent-desk open commands' commands "$@"
}

if [ "$funcstack[1]" = "_deponent-desk" ]; then
    _deponent-desk "$@"
else
    compdef _deponent-desk deponent-desk
fi
