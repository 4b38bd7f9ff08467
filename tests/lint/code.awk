# Prints C files as `file:line:code`, with comments gone and the insides of strings and character constants blanked, so that a
# rule about code does not trip over prose.

FNR == 1 { in_comment = 0 }

{
    rest = $0
    code = ""
    while (rest != "") {
        if (in_comment) {
            end = index(rest, "*/")
            if (!end)
                break
            rest = substr(rest, end + 2)
            in_comment = 0
        }
        if (!match(rest, /\/\*|\/\/|"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/)) {
            code = code rest
            break
        }
        code = code substr(rest, 1, RSTART - 1)
        found = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        if (found == "//")
            break
        if (found == "/*")
            in_comment = 1
        else
            code = code substr(found, 1, 1) substr(found, 1, 1)
    }
    print FILENAME ":" FNR ":" code
}
