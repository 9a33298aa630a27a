import ArgumentParser

extension Completion {
  /// The script that `arguments` ask for, where the parser's own is not enough.
  static func script(for arguments: [String]) -> String? {
    let option = "--generate-completion-script"
    if [[option, "bash"], ["\(option)=bash"]].contains(arguments) {
      return TrackerCommand.completionScript(for: .bash) + joiningWords
    }
    if [[option, "zsh"], ["\(option)=zsh"]].contains(arguments) {
      return takingEqualsSigns(TrackerCommand.completionScript(for: .zsh))
    }
    return nil
  }

  /// The script for zsh, whose options take their values behind an equals sign, too: `--metric=` in its specifications,
  /// where the parser writes `--metric`.
  private static func takingEqualsSigns(_ script: String) -> String {
    script.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
      let specification = line.drop { $0 == " " }
      guard
        specification.hasPrefix("'--") || specification.hasPrefix("'*--")
          || specification.hasPrefix("'(-"),
        // What has a value says what it is.
        specification.contains("]:"), let bracket = line.firstIndex(of: "[")
      else { return line }
      let name = line[..<bracket]
      return name.hasSuffix("}'")
        ? name.dropLast(2) + "=}'" + line[bracket...] : name + "=" + line[bracket...]
    }.joined(separator: "\n")
  }

  /// For bash a colon is a word of its own, and so `best:cost` would be three; and an equals sign is one, which in
  /// `--metric=cost` stands for a space.
  private static let joiningWords = #"""

    # A colon divides words for bash, but not for tracker: best:cost is one. --metric=cost is --metric cost.
    _tracker_joining_words() {
        local -a words=()
        local -i index current=0
        local joined=false is_current_joined=false cur="${2}"
        for index in "${!COMP_WORDS[@]}"; do
            local word="${COMP_WORDS[index]}" last=
            [[ "${#words[@]}" -gt 0 ]] && last="${words[${#words[@]} - 1]}"
            if [[ "${word}" = '=' && "${last}" = --* ]]; then
                COMP_LINE="${COMP_LINE/"${last}="/"${last} "}"
                [[ "${index}" -eq "${COMP_CWORD}" ]] || continue
                words+=('')
                cur=
            elif [[ "${word}" = : || "${joined}" = true ]] && [[ "${#words[@]}" -gt 1 ]]; then
                words[${#words[@]} - 1]+="${word}"
                [[ "${word}" = : ]] && joined=true || joined=false
                [[ "${index}" -eq "${COMP_CWORD}" ]] && is_current_joined=true
            else
                words+=("${word}")
            fi
            [[ "${index}" -eq "${COMP_CWORD}" ]] && current="$((${#words[@]} - 1))"
        done
        [[ "${is_current_joined}" = true ]] && cur="${words[current]}"
        COMP_WORDS=("${words[@]}")
        COMP_CWORD="${current}"
        _tracker "${1}" "${cur}" "${words[current - 1]}"
        # Only what follows the colon is replaced.
        if [[ "${is_current_joined}" = true ]]; then
            COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}")
        fi
    }
    complete -o filenames -F _tracker_joining_words tracker

    """#
}
