# --- the keytab: installed for the account that uses it, and for nobody else ---

keytab_principals() { # FILE
    klist -k "$1" 2>/dev/null | awk 'NR > 3 { print $2 }' | sort -u
}
sum_of() { sha256sum "$1" 2>/dev/null | sed 's/ .*//'; }

# The source may be gone once it was installed: a second run changes nothing then.
keytab_source() {
    if [ ! -e "$KEYTAB" ] && kept keytab.path && [ -e "$KEYTAB_TO" ]; then echo "$KEYTAB_TO"; else echo "$KEYTAB"; fi
}

# Who may write the source could have put any key there.
source_is_safe() { # FILE
    if [ ! -f "$1" ] || [ ! -r "$1" ]; then
        failed "the keytab $1 is not a file that can be read" 'Check the path; the domain administrator makes one: ktpass on Windows, ktutil, or samba-tool domain exportkeytab.'
        return 1
    fi
    uid=$(stat -L -c %u "$1")
    case " 0 $(id -u) $(id -u "$KEYTAB_OWNER") ${SUDO_UID:-0} " in
        *" $uid "*) ;;
        *)
            failed "the keytab $1 belongs to user $uid, who could have put any key there" "See that it is the right file, then chown root $1."
            return 1
            ;;
    esac
    case $(stat -L -c %A "$1") in ?????w???? | ????????w?)
        failed "others than its owner may write the keytab $1" "See that it is the right file, then chmod 600 $1."
        return 1
        ;;
    esac
}

keytab_fits() { # FILE
    has=$(keytab_principals "$1")
    if [ -z "$has" ]; then
        failed "$1 is no keytab, or an empty one: $(klist -k "$1" 2>&1 | tail -n 1)" 'Ask for it anew: ktpass on Windows, ktutil, or samba-tool domain exportkeytab.'
        return 1
    fi
    if [ -n "$PRINCIPAL" ] && ! printf '%s\n' "$has" | grep -qxF "$PRINCIPAL"; then
        failed "the keytab $1 is of another principal: it has $(printf %s "$has" | one_line), not $PRINCIPAL" \
            'Give the principal that it has with --principal (capitals count), or the keytab of the one that is meant.'
        return 1
    fi
}

step_keytab() {
    if [ -z "$KEYTAB" ]; then
        skipped 'no --keytab'
        return
    fi
    if ! id -u "$KEYTAB_OWNER" >/dev/null 2>&1; then
        failed "there is no user $KEYTAB_OWNER on this machine" 'Make the account first, or give another one with --keytab-owner.'
        return
    fi
    if checking && ! command -v klist >/dev/null 2>&1; then
        changed "$KEYTAB_TO, to be installed once klist is there to look into it"
        return
    fi
    from=$(keytab_source)
    if ! source_is_safe "$from" || ! keytab_fits "$from"; then return; fi
    if [ -e "$KEYTAB_TO" ] && [ ! -r "$KEYTAB_TO" ]; then
        failed "$KEYTAB_TO cannot be read by $(id -un)" 'Run it as root: nobody else can tell whether it is the same.'
    elif [ -e "$KEYTAB_TO" ] && ! cmp -s "$from" "$KEYTAB_TO" && ! keytab_is_ours; then
        failed "$KEYTAB_TO is there already, with other keys, and this script did not write it" 'Move it away, or give another place with --keytab-to.'
    elif [ -e "$KEYTAB_TO" ] && cmp -s "$from" "$KEYTAB_TO"; then
        close_keytab
    elif checking; then
        changed "$KEYTAB_TO, to be installed for $KEYTAB_OWNER alone"
    else
        install_keytab "$from"
    fi
}

keytab_is_ours() { [ -s "$JOURNAL/keytab.sum" ] && [ "$(sum_of "$KEYTAB_TO")" = "$(cat "$JOURNAL/keytab.sum")" ]; }
keytab_mode() { stat -c '%u %g %a' "$KEYTAB_TO"; }
wanted_mode() { printf '%s %s 600\n' "$(id -u "$KEYTAB_OWNER")" "$(id -g "$KEYTAB_OWNER")"; }

# It is the right one: nobody but its owner may read it.
close_keytab() {
    was=$(keytab_mode)
    if [ "$was" = "$(wanted_mode)" ]; then
        ok "$KEYTAB_TO, of $(keytab_principals "$KEYTAB_TO" | one_line), for $KEYTAB_OWNER alone"
    elif checking; then
        changed "$KEYTAB_TO, to be closed: its owner, group and mode are $was, not $(wanted_mode)"
    elif { kept keytab.path || kept keytab.mode || keep keytab.mode "$was $KEYTAB_TO"; } && own_keytab "$KEYTAB_TO"; then
        changed "$KEYTAB_TO had owner, group and mode $was; now it is for $KEYTAB_OWNER alone"
    else
        failed "owner and mode of $KEYTAB_TO cannot be changed" "chown $KEYTAB_OWNER $KEYTAB_TO; chmod 600 $KEYTAB_TO"
    fi
}

own_keytab() { chmod 600 "$1" && chown "$(id -u "$KEYTAB_OWNER"):$(id -g "$KEYTAB_OWNER")" "$1"; }

install_keytab() { # FROM
    folder=${KEYTAB_TO%/*}
    if [ ! -d "$folder" ]; then
        (umask 022 && mkdir -p "$folder") && keep keytab.folder "$folder"
    fi
    new=$(mktemp "$folder/.keytab.XXXXXX" 2>/dev/null)
    if [ -n "$new" ] && cat "$1" >"$new" && own_keytab "$new" && sum=$(sum_of "$new") && [ -n "$sum" ] && keep keytab.sum "$sum" && keep keytab.path "$KEYTAB_TO" && mv -f "$new" "$KEYTAB_TO"; then
        changed "$KEYTAB_TO, of $(keytab_principals "$KEYTAB_TO" | one_line), for $KEYTAB_OWNER alone"
        advise "The file it was made of still has the keys; remove it when nobody needs it: rm $1"
        return
    fi
    [ -z "$new" ] || rm -f "$new"
    failed "$KEYTAB_TO cannot be written" 'Look whether the folder is there, the disk full, or the file system read-only.'
}

undo_keytab() {
    if kept keytab.mode; then
        read -r uid gid mode file <"$JOURNAL/keytab.mode"
        if [ -e "$file" ] && chown "$uid:$gid" "$file" && chmod "$mode" "$file"; then
            changed "$file has the owner and mode that it had"
        else
            ok "$file is gone already"
        fi
        forget keytab.mode
    fi
    if kept keytab.path; then
        KEYTAB_TO=$(cat "$JOURNAL/keytab.path")
        if [ ! -e "$KEYTAB_TO" ]; then
            ok "$KEYTAB_TO is gone already"
        elif ! keytab_is_ours; then
            failed "$KEYTAB_TO: somebody changed it since: left as it is" 'Remove it by hand if nobody needs it, then run --undo again.'
            return
        elif rm -f "$KEYTAB_TO"; then
            changed "$KEYTAB_TO: removed"
        else
            failed "$KEYTAB_TO cannot be removed" 'Look whether the file system is read-only.'
            return
        fi
        forget keytab.path keytab.sum
    fi
    if kept keytab.folder; then
        rmdir "$(cat "$JOURNAL/keytab.folder")" 2>/dev/null # Others may have put something there.
        forget keytab.folder
    fi
    [ -n "$STATUS" ] || skipped 'nothing of ours is there'
}
