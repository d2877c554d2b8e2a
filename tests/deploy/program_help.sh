#!/usr/bin/env bash
# Whether the man page and the bash completion of a program name exactly the options and commands that its
# --help names; and whether the man page has the defaults, limits and exit codes that --help has.
#
#   program_help.sh <program>
set -euo pipefail
program=$(realpath "$1")
name=$(basename "$program")
cd "$(dirname "$0")/../../deploy/packaging"

# words <command…>: options and commands below it, each on a line.
words() {
  local help child children
  help=$("$program" "$@" --help)
  sed -n '/^Options:/,/^[A-Z][a-z]*:/p' <<<"$help" | sed -n 's/^  \(-h,\)\{0,1\}\(--[a-z-]*\).*/\2/p'
  mapfile -t children < <(sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' <<<"$help")
  for child in "${children[@]}"; do
    echo "$child"
    words "$@" "$child"
  done
}

words >/dev/null # an error in it would be lost below
wanted=$(words | sort -u)
[ "$(wc -l <<<"$wanted")" -ge 2 ]

failed=0
# compare <what> <words of it>: they are the wanted ones, no more and no less.
compare() {
  if ! diff <(echo "$wanted") <(sort -u <<<"$2") >/tmp/program_help.$$; then
    echo "error: $1 (>) does not say what $name --help says (<):" >&2
    grep '^[<>]' /tmp/program_help.$$ >&2
    failed=1
  fi
  rm -f /tmp/program_help.$$
}

# Commands are printed in bold, by themselves, in the man page's sections of commands and options.
compare "man/$name.1" "$(sed -n '/^\.SH \(COMMANDS\|OPTIONS\)/,/^\.SH ENV/p' "man/$name.1" | sed 's/\\-/-/g' |
  grep -A 1 '^\.TP' | grep -oE -- '--[a-z-]+|^\.B [a-z]+$' | sed 's/^\.B //')"

# all_help [command…]: what --help says, of each command below it as well.
all_help() {
  local help child children
  help=$("$program" "$@" --help)
  echo "$help"
  mapfile -t children < <(sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' <<<"$help")
  for child in "${children[@]}"; do
    all_help "$@" "$child"
  done
}

# numbers <text>: each that stands in it, on a line.
numbers() {
  grep -oE '[0-9]+' <<<"$1" || true
}

help=$(all_help)
numbers_seen=0
# An option with everything that --help says of it, on one line.
while read -r option said; do
  paragraph=$(sed 's/\\-/-/g' "man/$name.1" | awk -v option="$option" '
    /^\.(TP|SH)/ { inside = 0; first = NR + 1 } NR == first { inside = index($0 " ", option " ") || index($0, option "\"") } inside')
  for number in $(numbers "$said"); do
    numbers_seen=$((numbers_seen + 1))
    if ! grep -qwF -- "$number" <<<"$paragraph"; then
      echo "error: man/$name.1 does not say of $option what --help says: $number in \"$said\"" >&2
      failed=1
    fi
  done
done < <(awk '/^Options:/ { inside = 1; next } /^$/ { inside = 0 } !inside { next }
  match($0, /^  (-h,)?--[a-z-]+/) { print option; option = substr($0, RSTART + 2); sub(/^-h,/, "", option); next }
  { option = option $0 } END { print option }' <<<"$help" | grep . | sort -u)

codes=$(sed -n 's/^Exit codes: //p' <<<"$help" | grep -oE '(^|, )[0-9]+ ' | grep -oE '[0-9]+' | sort -u)
for code in $codes; do
  if ! sed -n '/^\.SH EXIT STATUS/,/^\.SH EX\|^\.SH SEE/p' "man/$name.1" | grep -qx "\.B $code"; then
    echo "error: man/$name.1 lacks the exit code $code" >&2
    failed=1
  fi
done
if [ "$numbers_seen" -lt 2 ] || [ "$(wc -w <<<"$codes")" -lt 3 ]; then
  echo "error: --help of $name is not understood" >&2
  failed=1
fi

# Everything that the completion offers at any place: it is asked at each.
offered() {
  # shellcheck disable=SC1090
  . "completion/$name"
  local function=_${name//-/_} words_before=("$@") word
  # shellcheck disable=SC2034 # the completion reads them
  COMP_WORDS=("$name" "${words_before[@]}" '') COMP_CWORD=$((${#words_before[@]} + 1))
  "$function"
  for word in "${COMPREPLY[@]}"; do
    echo "$word"
    case $word in
      -*) ;;
      *) offered "${words_before[@]}" "$word" ;;
    esac
  done
}
compare "completion/$name" "$(offered)"
exit "$failed"
