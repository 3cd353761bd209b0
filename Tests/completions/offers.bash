# offers.bash FOLDER LINE: what bash offers at the end of LINE, by the functions of FOLDER: words as readline makes them.
for file in "$1"/*.bash; do . "$file"; done
line=$2
# COMP_WORDBREAKS: a = is a word of its own.
read -ra COMP_WORDS <<<"${line//=/ = }"
[[ $line != *' ' ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
function=$(complete -p "${COMP_WORDS[0]}" | sed -E 's/.*-F ([^ ]+).*/\1/')
"$function" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
