import ArgumentParser

extension Completion {
  /// The script that `arguments` ask for, where the parser's own is not enough.
  static func script(for arguments: [String]) -> String? {
    let option = "--generate-completion-script"
    guard [[option, "bash"], ["\(option)=bash"]].contains(arguments) else { return nil }
    return TrackerCommand.completionScript(for: .bash) + joiningColons
  }

  /// For bash a colon is a word of its own, and so `best:cost` would be three.
  private static let joiningColons = #"""

    # A colon divides words for bash, but not for tracker: best:cost is one.
    _tracker_joining_colons() {
        local -a words=()
        local -i index current=0
        local joined=false is_current_joined=false
        for index in "${!COMP_WORDS[@]}"; do
            local word="${COMP_WORDS[index]}"
            if [[ "${word}" = : || "${joined}" = true ]] && [[ "${#words[@]}" -gt 1 ]]; then
                words[${#words[@]} - 1]+="${word}"
                [[ "${word}" = : ]] && joined=true || joined=false
                [[ "${index}" -eq "${COMP_CWORD}" ]] && is_current_joined=true
            else
                words+=("${word}")
            fi
            [[ "${index}" -eq "${COMP_CWORD}" ]] && current="$((${#words[@]} - 1))"
        done
        local cur="${2}"
        [[ "${is_current_joined}" = true ]] && cur="${words[current]}"
        COMP_WORDS=("${words[@]}")
        COMP_CWORD="${current}"
        _tracker "${1}" "${cur}" "${words[current - 1]}"
        # Only what follows the colon is replaced.
        if [[ "${is_current_joined}" = true ]]; then
            COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}")
        fi
    }
    complete -o filenames -F _tracker_joining_colons tracker

    """#
}
