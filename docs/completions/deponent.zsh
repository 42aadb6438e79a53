#compdef deponent

autoload -U is-at-least

_deponent() {
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
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
":: :_deponent_commands" \
"*::: :->deponent" \
&& ret=0
    case $state in
    (deponent)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:deponent-command-$line[1]:"
        case $line[1] in
            (inspect)
_arguments "${_arguments_options[@]}" : \
'--json[List as JSON]' \
'-h[Print help]' \
'--help[Print help]' \
'*::files -- Files to look at:_files' \
&& ret=0
;;
(clean)
_arguments "${_arguments_options[@]}" : \
'--reshoot=[Make every picture anew\: upright, no longer than this many pixels (320 to 8192; 2048 if none is given), coded again as JPEG]::PIXELS:_default' \
'--flatten=[Make every page of a PDF document a picture with this many dots an inch (72 to 600; 150 if none is given)]::DPI:_default' \
'-o+[Folder for the clean copies; made if it is not there]:DIR:_files -/' \
'--output=[Folder for the clean copies; made if it is not there]:DIR:_files -/' \
'--json[List as JSON]' \
'--keep-names[Keep the files'\'' names instead of numbering them]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::files -- Files to clean:_files' \
&& ret=0
;;
(seal)
_arguments "${_arguments_options[@]}" : \
'*-r+[Seal for this recipient (age1…); may be given more than once]:RECIPIENT:_default' \
'*--recipient=[Seal for this recipient (age1…); may be given more than once]:RECIPIENT:_default' \
'*-R+[Seal for the recipients in this file, one a line; may be given more than once]:FILE:_files' \
'*--recipients-file=[Seal for the recipients in this file, one a line; may be given more than once]:FILE:_files' \
'-m+[File with your statement, or - to type it or pipe it in]:STATEMENT:_files' \
'--statement=[File with your statement, or - to type it or pipe it in]:STATEMENT:_files' \
'-o+[The sealed file to write, or - for standard output \[default\: a new neutral name here\]]:OUT:_files' \
'--output=[The sealed file to write, or - for standard output \[default\: a new neutral name here\]]:OUT:_files' \
'--reshoot=[Make every picture anew\: upright, no longer than this many pixels (320 to 8192; 2048 if none is given), coded again as JPEG]::PIXELS:_default' \
'--flatten=[Make every page of a PDF document a picture with this many dots an inch (72 to 600; 150 if none is given)]::DPI:_default' \
'*--as-is=[Send this file as it is, with everything it gives away, marked as such; may be given more than once]:FILE:_files' \
'--keep-names[Keep the files'\'' names instead of numbering them]' \
'-a[Write text instead of bytes, for places that take only text]' \
'--armor[Write text instead of bytes, for places that take only text]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::files -- Files to clean and seal:_files' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_deponent_commands] )) ||
_deponent_commands() {
    local commands; commands=(
'inspect:Show what each file would give away; changes nothing' \
'clean:Write clean copies' \
'seal:Clean a statement and files and seal them into one file for an organisation' \
    )
    _describe -t commands 'deponent commands' commands "$@"
}
(( $+functions[_deponent__subcmd__clean_commands] )) ||
_deponent__subcmd__clean_commands() {
    local commands; commands=()
    _describe -t commands 'deponent clean commands' commands "$@"
}
(( $+functions[_deponent__subcmd__inspect_commands] )) ||
_deponent__subcmd__inspect_commands() {
    local commands; commands=()
    _describe -t commands 'deponent inspect commands' commands "$@"
}
(( $+functions[_deponent__subcmd__seal_commands] )) ||
_deponent__subcmd__seal_commands() {
    local commands; commands=()
    _describe -t commands 'deponent seal commands' commands "$@"
}

if [ "$funcstack[1]" = "_deponent" ]; then
    _deponent "$@"
else
    compdef _deponent deponent
fi
