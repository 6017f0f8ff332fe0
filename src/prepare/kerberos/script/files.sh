# --- files that others write, too ---

# In place, so that owner, mode, SELinux label and the bind mounts of containers stay. What was there is put back
# where the disk is full.
put_file() { # FILE WITH-THIS-TEXT
    if [ ! -e "$1" ]; then
        (umask 022 && cat "$2" >"$1") 2>/dev/null && return 0
        rm -f "$1"
        return 1
    fi
    cp "$1" "$WORK/put-back" || return 1
    cat "$2" 2>/dev/null >"$1" && return 0
    cat "$WORK/put-back" >"$1"
    return 1
} 2>/dev/null

# Our lines in a file of others stand between two lines of ours.
inside() { # FILE
    [ ! -e "$1" ] || awk -v from="$BEGIN" -v to="$END" '$0 == from { on = 1 } on { print } $0 == to { on = 0 }' "$1"
}
outside() { # FILE
    [ ! -e "$1" ] || awk -v from="$BEGIN" -v to="$END" '$0 == from { on = 1 } !on { print } $0 == to { on = 0 }' "$1"
}
# Both lines once and in order, or neither: else nobody can tell which lines are ours.
markers_hold() { # FILE
    [ ! -e "$1" ] || awk -v from="$BEGIN" -v to="$END" '
        $0 == from { begins++; if (ends) bad = 1 }
        $0 == to { ends++; if (!begins) bad = 1 }
        END { exit (bad || begins > 1 || begins != ends) ? 1 : 0 }' "$1"
}

# Whether these lines are what this script wrote last, or before that.
ours() { # RECORD FILE-WITH-LINES
    { kept "$1.lines" && cmp -s "$2" "$JOURNAL/$1.lines"; } || { kept "$1.older" && cmp -s "$2" "$JOURNAL/$1.older"; }
}

# Ends the step where the lines between the markers are not known to be ours.
may_edit() { # RECORD FILE WANTED-LINES
    if ! markers_hold "$2"; then
        failed "$2: the lines '$BEGIN' and '$END' are not there once each, in this order" "Correct $2 by hand, then run this again."
        return 1
    fi
    inside "$2" >"$WORK/inside"
    [ -s "$WORK/inside" ] || return 0
    if cmp -s "$WORK/inside" "$3" || ours "$1" "$WORK/inside"; then return 0; fi
    checking && [ "$(id -u)" -ne 0 ] && return 0 # The journal is root's: nobody else can tell.
    failed "$2: somebody changed the lines between '$BEGIN' and '$END'" "Take these lines out of $2, or make them what they were, then run this again."
    return 1
}

# Has the file end with these lines (between markers; none: without them), and keeps how it was.
edit_between() { # RECORD FILE WANTED-LINES
    outside "$2" >"$WORK/others"
    { cat "$WORK/others" && cat "$3"; } >"$WORK/wanted"
    if kept "$1.path" && [ -e "$2" ] && cmp -s "$2" "$JOURNAL/$1.after"; then
        : # Nobody else was here: what it was before the first run is still what it was before.
    elif [ -e "$2" ]; then
        if [ -s "$WORK/inside" ]; then cp "$WORK/others" "$JOURNAL/$1.before"; else cp "$2" "$JOURNAL/$1.before"; fi || return 1
    else
        rm -f "$JOURNAL/$1.before"
    fi
    if kept "$1.lines"; then cp "$JOURNAL/$1.lines" "$JOURNAL/$1.older" || return 1; fi
    cp "$3" "$JOURNAL/$1.lines" && cp "$WORK/wanted" "$JOURNAL/$1.after" && keep "$1.path" "$2" || return 1
    put_file "$2" "$WORK/wanted"
}

forget_edit() { forget "$1.path" "$1.before" "$1.after" "$1.lines" "$1.older"; }

# Takes the lines out again; byte for byte as it was where nobody else changed the file since.
undo_edit() { # RECORD
    if ! kept "$1.path"; then
        skipped 'nothing of ours is there'
        return
    fi
    file=$(cat "$JOURNAL/$1.path")
    inside "$file" >"$WORK/inside"
    if [ ! -s "$WORK/inside" ]; then
        forget_edit "$1"
        ok "$file: the lines are gone already"
        return
    fi
    if ! markers_hold "$file" || ! ours "$1" "$WORK/inside"; then
        failed "$file: somebody changed the lines between '$BEGIN' and '$END' since: left as they are" "Take them out by hand, then run --undo again."
        return
    fi
    outside "$file" >"$WORK/others"
    how='as it was'
    if cmp -s "$file" "$JOURNAL/$1.after"; then
        if kept "$1.before"; then cp "$JOURNAL/$1.before" "$WORK/others"; else : >"$WORK/others"; fi
    else
        how='our lines are out; what others changed since stays'
    fi
    if [ ! -s "$WORK/others" ] && ! kept "$1.before"; then
        rm -f "$file" && how='removed, as it was not there before'
    else
        put_file "$file" "$WORK/others"
    fi || {
        failed "$file cannot be written" "Look whether the disk is full, or the file system read-only."
        return
    }
    forget_edit "$1"
    changed "$file: $how"
}
