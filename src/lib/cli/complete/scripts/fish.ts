/** Fish quotes what it puts in itself. */
export const FISH = String.raw`# Completion of veza for fish: veza completion fish > ~/.config/fish/completions/veza.fish
function __veza_complete
    set -l raw (commandline -ct)
    set -l typed (string unescape -- "$raw")
    # A quote that is still open is none to string unescape.
    or set typed (string replace -r '^[\'"]' '' -- "$raw")
    set -l words (commandline -opc)
    set -e words[1]
    set -l lines (command veza __complete fish $words "$typed" 2>/dev/null)
    set -l kind "$lines[1]"
    set -e lines[1]
    switch $kind
        case files folders
            set -l flag (string match -r '^--[^=]+=' -- "$raw")
            set -l paths (__fish_complete_path (string replace -r '^--[^=]+=' '' -- "$raw"))
            test $kind = folders; and set paths (string match -r '.*/(?:\t.*)?$' -- $paths)
            test (count $paths) -gt 0; and printf '%s\n' "$flag"$paths
        case '*'
            test (count $lines) -gt 0; and printf '%s\n' $lines
    end
end
complete -c veza -f -a '(__veza_complete)'
`
