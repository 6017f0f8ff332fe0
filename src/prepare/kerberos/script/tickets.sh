# --- what works now: each KDC, a ticket, and what mullion doctor says ---

# A KDC that drops packets would keep kinit for half a minute.
LONGEST=10
within() { if command -v timeout >/dev/null 2>&1; then timeout "$LONGEST" "$@"; else "$@"; fi; }

# kinit corrects a wrong clock by the KDC's in secret, and other programs of this machine do not: let it say so.
strict_config() { printf '[libdefaults]\n  kdc_timesync = 0\n' >"$WORK/strict.conf"; }

# What kinit said last, without its name.
words_of() { # FILE
    sed -n 's/^kinit: //p' "$1" | tail -n 1
}

# KDC by KDC: of two, one that is away is not seen before the other one is, too.
ask_kdc() { # KDC
    printf '[libdefaults]\n  default_realm = %s\n  dns_lookup_kdc = false\n  dns_canonicalize_hostname = false\n[realms]\n  %s = {\n    kdc = %s\n  }\n' \
        "$REALM" "$REALM" "$1" >"$WORK/one-kdc.conf"
    KRB5_CONFIG=$WORK/one-kdc.conf within kinit -c "FILE:$WORK/probe" "${PRINCIPAL:-mullion-prepare-asks@$REALM}" </dev/null >"$WORK/kinit.log" 2>&1
    said=$(words_of "$WORK/kinit.log")
    case $said in
        *'Realm not local'* | *'did not match expectations'* | *'Wrong realm'*) echo realm ;;
        # It wants a password, or says why this account has no use for one: nothing was proved, and no password was shown.
        *assword* | *Client* | *reauth* | *'lock skew'* | *'encryption type'* | *policy*) echo answers ;;
        *) echo "silent ${said:-it did not answer in $LONGEST s}" ;;
    esac
}

# --check has changed nothing, so nothing can work yet.
not_prepared() {
    checking && [ -n "$ANY_CHANGED" ] || return 1
    skipped 'this machine is not prepared yet'
}

step_kdc() {
    silent='' answering='' why=''
    if ! command -v kinit >/dev/null 2>&1; then
        skipped 'kinit is not there'
        return
    fi
    if not_prepared; then return; fi
    for kdc in $KDCS; do
        answer=$(ask_kdc "$kdc")
        case $answer in
            answers) answering="$answering $kdc" ;;
            realm)
                failed "the KDC $kdc answers, but the realm $REALM is not its own" \
                    "Write the realm as the domain controller does: the domain's full DNS name, in capitals, not its short name." \
                    "Or give the KDCs of $REALM with --kdc: dig -t SRV _kerberos._tcp.$DOMAIN names them."
                return
                ;;
            *) silent="$silent $kdc" why=${answer#silent } ;;
        esac
    done
    if [ -z "$answering" ]; then
        failed "no KDC of $REALM answers:$silent: $why" \
            "See that the names resolve (getent ahosts NAME; else --host ADDRESS=NAME), and that port 88 is open, by TCP and UDP: nc -vz NAME 88" \
            "dig -t SRV _kerberos._tcp.$DOMAIN names the KDCs that the domain has."
        return
    fi
    ok "answers:$answering"
    [ -z "$silent" ] || {
        DETAIL="$DETAIL; does not answer:$silent"
        advise "Without$silent there is no other one when those that answer are away."
    }
}

why_no_ticket() { # WHAT-KINIT-SAID
    said=$1
    case $said in
        '')
            failed "no KDC of $REALM answered in $LONGEST s" "See that port 88 of $KDCS is open, by TCP and UDP: nc -vz NAME 88" ;;
        *'Cannot find KDC'*)
            failed "libkrb5 finds no KDC of $REALM in krb5.conf: $said" "See that $KRB5_CONF, or a folder that it includes, has the lines that this script wrote, and that nothing before them ends it." ;;
        *'onfiguration file'* | *'rofile'*)
            failed "libkrb5 cannot read $KRB5_CONF: $said" "Correct what others wrote there; KRB5_TRACE=/dev/stderr klist says no more, so take lines out until it works." ;;
        *'Cannot contact any KDC'*)
            failed "no KDC of $REALM answers: $said" "See that port 88 of $KDCS is open, by TCP and UDP: nc -vz NAME 88" ;;
        *'Realm not local'* | *'did not match expectations'*)
            failed "$REALM is not the KDC's own realm: $said" "Write the realm as the domain controller does: the domain's full DNS name, in capitals." ;;
        *'Clock skew'*)
            failed "the clocks of this machine and the KDC differ too much, it is $(date -u '+%Y-%m-%d %H:%M:%S') UTC here: $said" "Synchronise the clock: timedatectl, chronyc tracking (on Windows w32tm /query /status); 5 minutes are allowed." ;;
        *'Keytab contains no suitable keys'* | *'Key table entry not found'*)
            failed "the keytab has no key of $PRINCIPAL: $said" "klist -k $KEYTAB_TO shows whose keys it has; give that name with --principal." ;;
        *'Preauthentication failed'* | *'Password incorrect'* | *'Decrypt integrity check failed'*)
            if [ -n "$KEYTAB" ]; then
                failed "the KDC does not take the keys of $PRINCIPAL in $KEYTAB_TO: $said" "Its password was changed since the keytab was made: ask for the keytab anew."
            else
                failed "the password of $PRINCIPAL is wrong: $said" "Try again with care: some domains lock an account after a few."
            fi
            ;;
        *'not found in Kerberos database'*)
            failed "the KDC knows no $PRINCIPAL, or $REALM is not its realm: $said" "Give the account's name as the domain has it, with --principal NAME." \
                "Write the realm as the domain controller does: the domain's full DNS name, in capitals." ;;
        *'have been revoked'* | *'Client not yet valid'* | *"Client's entry in database has expired"*)
            failed "the account $PRINCIPAL is locked, disabled or expired: $said" "Have it unlocked in the domain (Unlock-ADAccount, Enable-ADAccount)." ;;
        *'assword has expired'* | *'Password expired'*)
            failed "the password of $PRINCIPAL has expired: $said" "Change it: kpasswd $PRINCIPAL" ;;
        *'Cannot read password'* | *'Password read interrupted'*)
            failed "no password of $PRINCIPAL came: $said" "Run it on a terminal, or give the password as the first line of standard input, or a --keytab. A script that is itself piped into sh has no standard input left: save it first." ;;
        *'no support for encryption type'* | *'encryption type'*)
            failed "the KDC and this machine have no encryption type in common for $PRINCIPAL: $said" "Have the account support AES (msDS-SupportedEncryptionTypes 24), and set its password anew." ;;
        *)
            failed "no ticket for $PRINCIPAL: $said" "KRB5_TRACE=/dev/stderr kinit $PRINCIPAL shows more." ;;
    esac
}

# The ticket lies in this run's own folder and is destroyed at its end: nobody's own cache changes.
step_ticket() {
    if [ -z "$PRINCIPAL" ] && [ -n "$KEYTAB" ] && command -v klist >/dev/null 2>&1; then
        PRINCIPAL=$(keytab_principals "$(test_keytab)" | head -n 1)
    fi
    if [ -z "$PRINCIPAL" ]; then
        skipped 'no --principal and no --keytab'
        return
    fi
    if not_prepared; then return; fi
    if checking && [ -z "$KEYTAB" ]; then
        skipped '--check asks for no password'
        return
    fi
    strict_config
    KRB5_CONFIG=$WORK/strict.conf:$KRB5_CONF
    export KRB5_CONFIG
    if [ -n "$KEYTAB" ]; then
        within kinit -c "FILE:$WORK/ccache" -k -t "FILE:$(test_keytab)" "$PRINCIPAL" </dev/null >"$WORK/kinit.log" 2>&1
    else
        kinit_by_password
    fi
    had=$?
    unset KRB5_CONFIG
    if [ "$had" -ne 0 ]; then
        why_no_ticket "$(why_kinit_failed)"
    else
        ok "a ticket of $PRINCIPAL until $(ticket_end), destroyed when this run ends"
    fi
}

# It asks by itself on a terminal, and else reads the first line of standard input: the script never has the password.
kinit_by_password() {
    if [ -t 0 ]; then
        kinit -c "FILE:$WORK/ccache" "$PRINCIPAL" >&2 2>"$WORK/kinit.log"
    else
        kinit -c "FILE:$WORK/ccache" "$PRINCIPAL" >"$WORK/kinit.log" 2>&1
    fi
}

# It asks for a new password where the old one has expired, and then fails for another reason.
why_kinit_failed() {
    if grep -q 'Password expired' "$WORK/kinit.log"; then echo 'Password expired'; else words_of "$WORK/kinit.log"; fi
}

test_keytab() { if [ -r "$KEYTAB_TO" ]; then echo "$KEYTAB_TO"; else echo "$KEYTAB"; fi; }

ticket_end() {
    klist -c "FILE:$WORK/ccache" 2>/dev/null | awk -v tgt="krbtgt/$REALM@$REALM" '$NF == tgt { print $3, $4; exit }'
}

step_doctor() {
    program=${MULLION:-mullion}
    if [ -z "$TARGET" ]; then
        skipped 'no --target'
        return
    fi
    if [ ! -s "$WORK/ccache" ]; then
        skipped 'there is no test ticket'
        return
    fi
    if ! command -v "$program" >/dev/null 2>&1; then
        skipped "mullion is not in PATH: mullion doctor $TARGET --transport kerberos --user $PRINCIPAL"
        return
    fi
    if "$program" doctor "$TARGET" --transport kerberos --user "$PRINCIPAL" --kinit-mode manual --ccache "FILE:$WORK/ccache" </dev/null >"$WORK/doctor.log" 2>&1; then
        ok "$(tail -n 1 "$WORK/doctor.log")"
    else
        failed "$(tail -n 1 "$WORK/doctor.log")" "What it says above is of $TARGET, with the test ticket."
    fi
    cat "$WORK/doctor.log" >&2
}
