#!/usr/bin/env bash
# Makes of links to files that only the sources have the names of these files, in the installed pages:
# name-sources.sh <documentation folder>, called by the install step of the component `documents`. Links to
# anything else stay: tests/deploy/installed_documents.test.mjs finds those that lead nowhere.
set -euo pipefail
cd "${1:?usage: name-sources.sh <documentation folder>}"

find . -name '*.md' -printf '%P\n' | while IFS= read -r page; do
  named=$(mktemp)
  awk -v page="$page" '
    # Where a link of the page leads, from the root.
    function path_of(target,    parts, count, at, kept, path) {
      sub(/#.*/, "", target)
      path = page
      if (!sub("/[^/]*$", "/", path)) path = ""
      count = split(path target, parts, "/")
      kept = 0
      for (at = 1; at <= count; ++at) {
        if (parts[at] == "..") --kept
        else if (parts[at] != ".") parts[++kept] = parts[at]
      }
      path = ""
      for (at = 1; at <= kept; ++at) path = path (at > 1 ? "/" : "") parts[at]
      return path
    }
    /^ *```/ { in_code = !in_code }
    in_code { print; next }
    {
      line = $0
      out = ""
      while (match(line, /\[[^][]*\]\([^()]*\)/)) {
        link = substr(line, RSTART, RLENGTH)
        out = out substr(line, 1, RSTART - 1)
        line = substr(line, RSTART + RLENGTH)
        text = substr(link, 2, index(link, "](") - 2)
        path = path_of(substr(link, index(link, "](") + 2, length(link) - index(link, "](") - 2))
        if (path ~ /^(actors|protocol|tests|transport)\/|^deploy\/(README\.md$|kubernetes\/)/) {
          link = (text == path ? "" : text " [") "`" path "` of the sources" (text == path ? "" : "]")
        }
        out = out link
      }
      print out line
    }' "$page" >"$named"
  # Into the file that is there, for its permissions.
  cmp -s "$named" "$page" || cat "$named" >"$page"
  rm "$named"
done
