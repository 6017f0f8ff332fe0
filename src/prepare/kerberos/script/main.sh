# --- the whole ---

usage() {
    say "usage: sh $0 [--apply|--check|--undo]"
    say '  --apply  prepare this machine (the default)'
    say '  --check  change nothing; exit status 2 where something would be changed'
    say '  --undo   take back what this script changed, and nothing else'
    exit "$1"
}

prepare() {
    run_step packages step_packages
    run_step krb5.conf step_config
    run_step hosts step_hosts
    run_step keytab step_keytab packages
    run_step kdc step_kdc packages hosts
    run_step ticket step_ticket packages krb5.conf hosts keytab kdc
    run_step doctor step_doctor ticket
}

undo() {
    run_step keytab undo_keytab
    run_step hosts undo_hosts
    run_step krb5.conf undo_config
    run_step packages undo_packages
    [ -n "$ANY_FAILED" ] || rm -rf "$JOURNAL"
    rmdir "$JOURNALS" 2>/dev/null # Another realm's journal may be there.
}

main() {
    [ $# -le 1 ] || usage 5
    case ${1:-} in
        '' | --apply) MODE=apply ;;
        --check) MODE=check ;;
        --undo) MODE=undo ;;
        -h | --help) usage 0 ;;
        *) usage 5 ;;
    esac
    if [ -n "${KRB5_CONFIG:-}" ]; then
        say "KRB5_CONFIG is $KRB5_CONFIG in this environment: programs that have it do not read $KRB5_CONF, which this is about."
    fi
    unset KRB5_CONFIG KRB5CCNAME KRB5_KTNAME KRB5_CLIENT_KTNAME KRB5_TRACE
    for_programs 'mullion-prepare\t1\tkerberos-%s\t%s\n' "$REALM" "$MODE"
    checking || be_root
    make_work
    if checking; then name_journal; else open_journal; fi
    if [ "$MODE" = undo ]; then undo; else prepare; fi
    [ -z "$ANY_FAILED" ] || end 1
    if checking && [ -n "$ANY_CHANGED" ]; then end 2; fi
    end 0
}

main "$@"
