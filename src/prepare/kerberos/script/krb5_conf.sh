# --- krb5.conf: the realm, its KDCs, and which hosts belong to it ---

# The files that libkrb5 reads, as krb5.conf(5) has it: in a folder, names of letters, digits, dashes and underscores,
# and those that end in .conf.
config_files() { # FILE DEPTH
    [ "$2" -le 8 ] && [ -r "$1" ] || return 0
    printf '%s\n' "$1"
    sed -n 's/^include[[:space:]]\{1,\}//p' "$1" | while read -r file; do config_files "$file" $(($2 + 1)); done
    include_folders "$1" | while read -r folder; do
        set +f # Names of files are patterns here, and in this loop alone.
        for file in "$folder"/*; do
            name=${file##*/}
            case $name in *.conf) ;; *[!A-Za-z0-9_-]*) continue ;; esac
            [ ! -f "$file" ] || config_files "$file" $(($2 + 1))
        done
    done
}
include_folders() { # FILE
    sed -n 's/^includedir[[:space:]]\{1,\}//p' "$1" | sed 's/[[:space:]]*$//; s,\(.\)/*$,\1,'
}

# What a file says: SECTION, REALM, KEY and VALUE, with tabs between; REALM is empty outside of [realms]'s braces.
facts_of() { # FILE
    awk '
        function trim(s) { sub(/^[ \t]+/, "", s); sub(/[ \t\r]+$/, "", s); return s }
        { line = trim($0) }
        line == "" || line ~ /^[#;]/ { next }
        line ~ /^\[/ { section = line; sub(/^\[/, "", section); sub(/\].*$/, "", section); section = trim(section); depth = 0; next }
        line ~ /^\}/ { if (depth > 0) depth--; next }
        line == "{" { if (depth++ == 0) realm = pending; next }
        {
            at = index(line, "=")
            if (!at) next
            key = trim(substr(line, 1, at - 1)); value = trim(substr(line, at + 1))
            sub(/\*$/, "", key); pending = key
            if (value ~ /^\{/) { if (depth++ == 0) realm = key; next }
            gsub(/^"|"$/, "", value)
            if (value == "") next
            if (depth == 0) print section "\t\t" key "\t" value
            else if (depth == 1) print section "\t" realm "\t" key "\t" value
        }' "$1"
}

# All that is said elsewhere than in our own lines.
facts_of_others() { # OUR-OWN-FILE
    config_files "$KRB5_CONF" 0 | head -n 256 | while read -r file; do
        [ "$file" != "$1" ] || continue
        outside "$file" >"$WORK/one"
        facts_of "$WORK/one"
    done
}

fact() { # SECTION REALM KEY: the values
    awk -F '\t' -v s="$1" -v r="$2" -v k="$3" '$1 == s && $2 == r && $3 == k { print $4 }' "$WORK/facts"
}

# One KDC a line, without port 88, which is meant anyway.
same_form() { tr ' ' '\n' | tr '[:upper:]' '[:lower:]' | sed '/^$/d; s/^tcp\///; s/:88$//' | sort -u; }
one_line() { tr '\n' ' ' | sed 's/ $//'; }

domain_belongs_elsewhere() {
    for domain in "$DOMAIN" ".$DOMAIN"; do
        realm=$(fact domain_realm '' "$domain" | head -n 1)
        if [ -n "$realm" ] && [ "$realm" != "$REALM" ]; then
            failed "krb5.conf says already that $domain belongs to $realm, not to $REALM" \
                "Take that line out of [domain_realm], or give the domain that is meant with --domain."
            return 0
        fi
    done
    return 1
}

# Only what nobody else says: what is set stays as it is, since it is the whole machine's.
default_lines() {
    for pair in "default_realm = $REALM" 'ticket_lifetime = 24h' 'renew_lifetime = 7d' 'forwardable = true' 'rdns = false'; do
        [ -n "$(fact libdefaults '' "${pair%% *}")" ] || printf '    %s\n' "$pair"
    done
}
realm_lines() {
    [ -z "$(fact realms "$REALM" kdc)" ] || return 0
    printf '    %s = {\n' "$REALM"
    for kdc in $KDCS; do printf '        kdc = %s\n' "$kdc"; done
    [ -n "$(fact realms "$REALM" admin_server)" ] || printf '        admin_server = %s\n' "$ADMIN_SERVER"
    [ -n "$(fact realms "$REALM" default_domain)" ] || printf '        default_domain = %s\n' "$DOMAIN"
    [ -n "$(fact realms "$REALM" master_kdc)" ] || printf '        master_kdc = %s\n' "${KDCS%% *}"
    printf '    }\n'
}
domain_lines() {
    for domain in ".$DOMAIN" "$DOMAIN"; do
        [ -n "$(fact domain_realm '' "$domain")" ] || printf '    %s = %s\n' "$domain" "$REALM"
    done
}
section() { # NAME FUNCTION
    lines=$("$2")
    [ -z "$lines" ] || printf '[%s]\n%s\n' "$1" "$lines"
}
wanted_config() {
    {
        section libdefaults default_lines
        section realms realm_lines
        section domain_realm domain_lines
    } >"$WORK/config"
    [ -s "$WORK/config" ] || return 0
    printf '%s\n' "$BEGIN"
    cat "$WORK/config"
    printf '%s\n' "$END"
}

# Where a folder of /etc is included, our lines are a file of their own there. Other folders are other programs' own
# (sssd's is written anew at each start). Underscores, as old libkrb5 reads no name with a dot; no realm has one.
own_config_file() {
    [ -e "$KRB5_CONF" ] || return 0
    include_folders "$KRB5_CONF" | grep '^/etc/' | head -n 1 | while read -r folder; do
        printf '%s/mullion_%s\n' "$folder" "$(printf %s "$REALM" | tr . _)"
    done
}

missing_folder() {
    [ -e "$KRB5_CONF" ] || return 1
    include_folders "$KRB5_CONF" | while read -r folder; do
        [ -d "$folder" ] || { printf '%s' "$folder"; break; }
    done
}

# klist reads it before it looks for a cache, which there is none of.
why_unreadable() {
    command -v klist >/dev/null 2>&1 || return 0
    klist -c "FILE:$WORK/no-such-cache" 2>&1 | sed -n '/[Pp]rofile\|[Cc]onfiguration/s/^klist: //p' | head -n 1
}

# What others left half done may be wrong only now that something follows.
still_readable() {
    unreadable=$(why_unreadable)
    [ -n "$unreadable" ] || return 0
    undo_edit config
    failed "libkrb5 could not read krb5.conf with our lines, everything is as it was: $unreadable" \
        "Correct $KRB5_CONF, or a file that it includes: each section begins with [NAME], each brace is closed."
    return 1
}

step_config() {
    missing=$(missing_folder)
    if [ -n "$missing" ]; then
        failed "$KRB5_CONF includes the folder $missing, which is not there: libkrb5 reads nothing at all then" \
            "mkdir -p $missing, or take the includedir line out of $KRB5_CONF."
        return
    fi
    unreadable=$(why_unreadable)
    if [ -n "$unreadable" ]; then
        failed "libkrb5 cannot read krb5.conf as it is, nothing was changed: $unreadable" \
            "Correct $KRB5_CONF, or a file that it includes: each section begins with [NAME], each brace is closed."
        return
    fi
    own=$(own_config_file)
    facts_of_others "$own" >"$WORK/facts"
    if ! kdcs_agree || domain_belongs_elsewhere; then return; fi
    wanted_config >"$WORK/lines"
    if ! leave_other_place "${own:-$KRB5_CONF}"; then return; fi
    if [ -n "$own" ]; then config_file "$own"; else config_between; fi
    [ "$STATUS" != changed ] || checking || still_readable || return 0
    other=$(fact libdefaults '' default_realm | head -n 1)
    [ "${other:-$REALM}" = "$REALM" ] || DETAIL="$DETAIL; the default realm stays $other, so write names with @$REALM"
}

# The journal knows one place: where krb5.conf includes a folder now, or does no more, our lines move.
leave_other_place() { # PLACE
    if checking || ! kept config.path || [ "$(cat "$JOURNAL/config.path")" = "$1" ]; then return 0; fi
    undo_edit config
    [ "$STATUS" != failed ]
}

# A realm that is there with other KDCs is somebody's decision: not ours to change, nor to add to.
kdcs_agree() {
    fact realms "$REALM" kdc | same_form >"$WORK/kdcs-there"
    [ -s "$WORK/kdcs-there" ] || return 0
    printf %s "$KDCS" | same_form >"$WORK/kdcs-wanted"
    cmp -s "$WORK/kdcs-there" "$WORK/kdcs-wanted" && return 0
    failed "krb5.conf has the realm $REALM already, with other KDCs: $(one_line <"$WORK/kdcs-there"), not $(one_line <"$WORK/kdcs-wanted")" \
        "Give those with --kdc, or take the realm out of krb5.conf (grep -rl $REALM $KRB5_CONF /etc/krb5.conf.d), then run this again."
    return 1
}

config_file() { # OUR-OWN-FILE
    if [ ! -s "$WORK/lines" ] && [ ! -e "$1" ]; then
        ok 'krb5.conf says it all already'
        return
    fi
    may_edit config "$1" "$WORK/lines" || return
    if cmp -s "$1" "$WORK/lines"; then
        ok "$1"
    elif checking; then
        changed "$1, to be written"
    elif edit_between config "$1" "$WORK/lines"; then
        [ -s "$1" ] || rm -f "$1"
        changed "$1, which $KRB5_CONF includes"
    else
        failed "$1 cannot be written" 'Look whether the disk is full, or the file system read-only.'
    fi
}

config_between() {
    may_edit config "$KRB5_CONF" "$WORK/lines" || return
    inside "$KRB5_CONF" >"$WORK/inside"
    if cmp -s "$WORK/inside" "$WORK/lines"; then
        ok "$KRB5_CONF"
        [ -s "$WORK/lines" ] || ok 'krb5.conf says it all already'
    elif checking; then
        changed "$KRB5_CONF, to be edited between two lines of ours, as it includes no folder of /etc"
    elif edit_between config "$KRB5_CONF" "$WORK/lines"; then
        changed "$KRB5_CONF, between two lines of ours, as it includes no folder of /etc"
    else
        failed "$KRB5_CONF cannot be written" 'Look whether the disk is full, or the file system read-only.'
    fi
}

undo_config() { undo_edit config; }
