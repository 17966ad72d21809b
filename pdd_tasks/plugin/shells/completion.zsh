#compdef doit pdd-tasks
# completion of doit and pdd-tasks for zsh, after compinit:
#   source <(doit completion zsh)
_doit_pdd() {
    local line="${(j: :)words[1,CURRENT-1]} $PREFIX" one word
    local -a open_words open_about whole_words whole_about
    for one in "${(@f)$(DOIT_COMPLETE_LINE="$line" $words[1] completion words 2>/dev/null)}"; do
        word="${one%%$'\t'*}"
        case "$word" in
            '') ;;
            *[:=]) open_words+=("$word"); open_about+=("${one/$'\t'/  -- }") ;;
            *) whole_words+=("$word"); whole_about+=("${one/$'\t'/  -- }") ;;
        esac
    done
    if (( $#open_words + $#whole_words == 0 )); then
        _files
        return
    fi
    (( $#open_words )) && compadd -S '' -l -d open_about -a -- open_words
    (( $#whole_words )) && compadd -l -d whole_about -a -- whole_words
}
compdef _doit_pdd doit pdd-tasks
