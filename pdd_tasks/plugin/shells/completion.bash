# completion of doit and pdd-tasks for bash 3.2 and later:
#   source <(doit completion bash)
_doit_pdd() {
    local line="${COMP_LINE:0:COMP_POINT}" word about sign cut=""
    local -a words
    read -ra words <<< "$line"
    case "$line" in *[[:space:]]) words+=("") ;; esac
    local current="${words[${#words[@]}-1]}"
    # bash replaces what stands behind the last sign that divides words for it alone
    for sign in : =; do
        case "$COMP_WORDBREAKS" in
            *"$sign"*) word="${current%"${current##*"$sign"}"}" ;;
            *) word="" ;;
        esac
        [ "${#word}" -gt "${#cut}" ] && cut="$word"
    done
    COMPREPLY=()
    while IFS=$'\t' read -r word about; do
        case "$word" in
            "$current"*) COMPREPLY+=("${word#"$cut"}") ;;
        esac
    done < <(DOIT_COMPLETE_LINE="$line" "${words[0]}" completion words 2>/dev/null)
    case "${COMPREPLY[0]}" in
        *[:=]) [ "${#COMPREPLY[@]}" -eq 1 ] && compopt -o nospace 2>/dev/null ;;
    esac
    return 0
}
complete -o default -F _doit_pdd doit pdd-tasks
