# --- /etc/hosts: names that DNS does not know ---

# Whether the line ADDRESS NAME… is there, or contradicts what is there. Two addresses of different families may have one name.
look_at_host() { # ADDRESS NAME…
    outside "$HOSTS_FILE" | awk -v wanted="$*" '
        function family(a) { return index(a, ":") ? 6 : 4 }
        BEGIN { n = split(tolower(wanted), want, " ") }
        { sub(/#.*/, "") }
        NF > 1 {
            for (i = 2; i <= NF; i++) for (j = 2; j <= n; j++) if (tolower($i) == want[j]) {
                if (tolower($1) == want[1]) there[want[j]] = 1
                else if (family($1) == family(want[1])) { print "other " $1 " " $i; bad = 1; exit }
            }
        }
        END {
            if (bad) exit
            for (j = 2; j <= n; j++) if (!(want[j] in there)) { print "missing"; exit }
            print "there"
        }'
}

step_hosts() {
    host_entries >"$WORK/entries"
    : >"$WORK/new-entries"
    if [ ! -s "$WORK/entries" ]; then
        [ ! -e "$HOSTS_FILE" ] || ! grep -qxF "$BEGIN" "$HOSTS_FILE" || {
            ok "no --host; the lines of an earlier run stay in $HOSTS_FILE"
            return
        }
        skipped 'no --host: names come from DNS'
        return
    fi
    while read -r line; do
        # shellcheck disable=SC2086 # An address and names.
        verdict=$(look_at_host $line)
        case $verdict in
            there) ;;
            missing) printf '%s\n' "$line" >>"$WORK/new-entries" ;;
            *)
                verdict=${verdict#other }
                failed "$HOSTS_FILE has ${verdict#* } already, with another address: ${verdict%% *}, not ${line%% *}" \
                    "Correct that line of $HOSTS_FILE, or leave out --host for that name."
                return
                ;;
        esac
    done <"$WORK/entries"
    : >"$WORK/lines"
    if [ -s "$WORK/new-entries" ]; then
        { printf '%s\n' "$BEGIN" && cat "$WORK/new-entries" && printf '%s\n' "$END"; } >"$WORK/lines"
    fi
    write_hosts
}

write_hosts() {
    may_edit hosts "$HOSTS_FILE" "$WORK/lines" || return
    inside "$HOSTS_FILE" >"$WORK/inside"
    if cmp -s "$WORK/inside" "$WORK/lines"; then
        ok "$HOSTS_FILE has $(sed 's/^[^ ]* //' "$WORK/entries" | one_line)"
    elif checking; then
        changed "$HOSTS_FILE, to be edited for $(sed 's/^[^ ]* //' "$WORK/entries" | one_line)"
    elif edit_between hosts "$HOSTS_FILE" "$WORK/lines"; then
        changed "$HOSTS_FILE has $(sed 's/^[^ ]* //' "$WORK/entries" | one_line)"
    else
        failed "$HOSTS_FILE cannot be written" 'Look whether the disk is full, or the file system read-only.'
    fi
}

undo_hosts() { undo_edit hosts; }
