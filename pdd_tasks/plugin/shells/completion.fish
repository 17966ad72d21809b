# completion of doit and pdd-tasks for fish:
#   doit completion fish | source
function __doit_pdd
    set -lx DOIT_COMPLETE_LINE (commandline -cp)
    set -l program (commandline -opc)[1]
    set -l found ($program completion words 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c doit -f -a '(__doit_pdd)'
complete -c pdd-tasks -f -a '(__doit_pdd)'
