/** Shells whose completion velo knows. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/**
 * What each shell asks: `velo __complete -- <words>`, which prints a candidate a line, a tab and what it is. A line
 * `:files` or `:folders` leaves it to the shell. Candidates that end with ':' or '/' go on.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  // bash takes ':', '=' and '@' for ends of words: the line is cut at blanks, and what it has already is cut off.
  bash: `_velo() {
  local typed="\${COMP_LINE:0:COMP_POINT}" line value front
  local -a words
  read -ra words <<< "$typed"
  [[ "$typed" == *[[:space:]] ]] && words+=('')
  local current="\${words[-1]}"
  front="\${current%"\${current##*[:=@]}"}"
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :folders) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
      :files) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    esac
    value="\${line%%$'\\t'*}"
    [[ "$value" == *[:/] ]] && compopt -o nospace 2>/dev/null
    COMPREPLY+=("\${value#"$front"}")
  done < <("\${words[0]/#\\~/$HOME}" __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _velo velo
`,
  zsh: `#compdef velo
_velo() {
  local line value
  local -a given ends goes_on shown_ends shown_on
  given=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  while IFS= read -r line; do
    case "$line" in
      :folders) _files -/; return ;;
      :files) _files; return ;;
    esac
    value="\${line%%$'\\t'*}"
    if [[ "$value" == *[:/] ]]; then
      goes_on+=("$value"); shown_on+=("\${line/$'\\t'/  -- }")
    else
      ends+=("$value"); shown_ends+=("\${line/$'\\t'/  -- }")
    fi
  done < <("\${(Q)words[1]/#\\~/$HOME}" __complete -- "\${given[@]}" 2>/dev/null)
  (( $#goes_on )) && compadd -S '' -l -d shown_on -a goes_on
  (( $#ends )) && compadd -l -d shown_ends -a ends
}
if [[ "\${funcstack[1]}" == _velo ]]; then _velo "$@"; else compdef _velo velo; fi
`,
  fish: `function __velo_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in (command $words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
    switch $line
      case ':folders'
        __fish_complete_directories "$current"
      case ':files'
        __fish_complete_path "$current"
      case '*'
        printf '%s\\n' $line
    end
  end
end
complete -c velo -f -a '(__velo_complete)'
`,
};
