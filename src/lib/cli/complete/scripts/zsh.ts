/** Quoting is compadd's own matter: it knows where the cursor is. */
export const ZSH = String.raw`#compdef veza
# Completion of veza for zsh. In ~/.zshrc, below compinit: source <(veza completion zsh)
# or as a file _veza in a folder of fpath.
_veza() {
  local line kind
  local -a lines values shown
  lines=("\${(@f)$(command veza __complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  kind=$lines[1]
  shift lines
  [[ $kind == words ]] || compset -P '--*='
  case $kind in
    files) _files; return ;;
    folders) _files -/; return ;;
  esac
  for line in $lines; do
    values+=("\${line%%$'\t'*}")
    shown+=("\${line%%$'\t'*}  \${line#*$'\t'}")
  done
  compadd -l -d shown -a -- values
}
if [ "$funcstack[1]" = _veza ]; then
  _veza "$@"
elif (( $+functions[compdef] )); then
  compdef _veza veza
fi
`.replaceAll('\\${', '${')
