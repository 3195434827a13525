/** The words are read and quoted by veza itself: bash evaluates nothing that was typed or that the server has named. */
export const BASH = String.raw`# Completion of veza for bash. In ~/.bashrc: source <(veza completion bash)
_veza() {
  local kind= line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$kind" ]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <(command veza __complete bash "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  case $kind in
    # The second way is for bash 3, which has no compopt.
    files)
      compopt -o default 2>/dev/null || while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$2")
      ;;
    folders)
      compopt -o dirnames 2>/dev/null || while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$2")
      ;;
  esac
}
complete -F _veza veza
`.replaceAll('\\${', '${')
