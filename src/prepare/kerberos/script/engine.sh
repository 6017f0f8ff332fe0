# --- how steps report, and what they keep for --undo ---

LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
umask 077
KRB5_CONF=/etc/krb5.conf
HOSTS_FILE=/etc/hosts
JOURNALS=/var/lib/mullion-prepare
BEGIN="# BEGIN mullion prepare kerberos $REALM"
END="# END mullion prepare kerberos $REALM"
MODE=apply
ANY_CHANGED='' ANY_FAILED='' BROKEN=''
WORK='' JOURNAL=''
STATUS='' DETAIL='' ADVICE=''

say() { printf '%s\n' "$*" >&2; }

# How a step ends. Advice is one line for each further word.
ok() { STATUS=ok DETAIL=$1 ADVICE=''; }
changed() { STATUS=changed DETAIL=$1 ADVICE=''; }
skipped() { STATUS=skipped DETAIL=$1 ADVICE=''; }
failed() {
    STATUS=failed DETAIL=$1 ADVICE=''
    shift
    for line in "$@"; do advise "$line"; done
}
advise() {
    ADVICE="$ADVICE            next:    $1
"
}

# Programs read standard output, people standard error; a terminal need not show both.
for_programs() { # FORMAT WORD…
    # shellcheck disable=SC2059 # The formats are ours.
    [ -t 1 ] || printf "$@"
}

report() { # STEP
    word=$STATUS
    [ "$MODE$STATUS" != checkchanged ] || word='would change'
    DETAIL=$(printf '%s' "$DETAIL" | tr '\t\n\r' '   ' | tr -d '\000-\037\177')
    for_programs 'mullion-step\t%s\t%s\t%s\n' "$1" "$STATUS" "$DETAIL"
    printf '%-10s %-12s %s\n' "$1" "$word" "$DETAIL" >&2
    [ -z "$ADVICE" ] || printf '%s' "$ADVICE" >&2
    case $STATUS in
        changed) ANY_CHANGED=yes ;;
        failed) ANY_FAILED=yes BROKEN="$BROKEN $1" ;;
    esac
}

# What builds on a step that failed, or that was skipped for one, is not tried.
run_step() { # STEP FUNCTION [STEP THAT IT BUILDS ON]…
    step=$1 work=$2
    shift 2
    for below in "$@"; do
        case " $BROKEN " in *" $below "*)
            skipped "because of $below"
            BROKEN="$BROKEN $step"
            report "$step"
            return
            ;;
        esac
    done
    STATUS='' DETAIL='' ADVICE=''
    "$work"
    [ -n "$STATUS" ] || failed 'the step did not say how it ended: this is a bug, please report it'
    report "$step"
}

end() { # EXIT-STATUS
    for_programs 'mullion-end\t%s\n' "$1"
    exit "$1"
}

checking() { [ "$MODE" = check ]; }

be_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    failed "only root may do this, and this is user $(id -un 2>/dev/null || id -u)" "Run it with sudo, or as root; --check needs no rights."
    report root
    end 1
}

clean_up() {
    [ -n "$WORK" ] || return 0
    kdestroy -q -c "FILE:$WORK/ccache" >/dev/null 2>&1
    rm -rf "$WORK"
    WORK=''
}

# A folder of this run's own, in memory where there is such a place: the test ticket lies there.
make_work() {
    for place in /run /dev/shm /tmp; do
        WORK=$(mktemp -d "$place/mullion-prepare.XXXXXX" 2>/dev/null) && break
    done
    if [ -z "$WORK" ]; then
        failed 'no folder for files of this run can be made in /run, /dev/shm or /tmp' 'Make room, or mount one of them writable.'
        report start
        end 1
    fi
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

name_journal() { JOURNAL=$JOURNALS/kerberos-$REALM; }

# What --undo needs: files of root's alone, written before the change that they are about.
open_journal() {
    name_journal
    if ! mkdir -p "$JOURNAL" 2>/dev/null || [ -h "$JOURNAL" ] || [ "$(stat -c %u "$JOURNAL")" != 0 ] || ! chmod 700 "$JOURNAL"; then
        failed "$JOURNAL cannot be made root's own folder: without it nothing could be undone, so nothing was changed" 'Look what is there, and whether the disk is full or read-only.'
        report journal
        end 1
    fi
    command -v flock >/dev/null 2>&1 || return 0
    exec 9>"$JOURNAL/lock"
    flock -n 9 && return 0
    failed "another run for $REALM is at work" 'Wait until it has ended.'
    report journal
    end 1
}

keep() { # NAME TEXT: one record of the journal
    printf '%s\n' "$2" >"$JOURNAL/$1"
}
kept() { [ -n "$JOURNAL" ] && [ -e "$JOURNAL/$1" ]; }
forget() { # NAME…
    for name in "$@"; do rm -f "$JOURNAL/$name"; done
}
