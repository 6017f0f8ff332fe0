# --- packages: the Kerberos libraries and kinit ---

# The family of this distribution, by os-release(5): it knows its package manager.
family() {
    release=/etc/os-release
    [ -r "$release" ] || release=/usr/lib/os-release
    # shellcheck source=/dev/null
    names=$(. "$release" 2>/dev/null && printf '%s %s' "${ID:-}" "${ID_LIKE:-}")
    for name in $names; do
        case $name in
            debian | ubuntu) echo debian ;;
            rhel | fedora | centos | almalinux | rocky | ol | amzn) echo rhel ;;
            suse | sles | sled | opensuse*) echo suse ;;
            alpine) echo alpine ;;
            arch) echo arch ;;
            gentoo) echo gentoo ;;
            *) continue ;;
        esac
        return
    done
    echo "${names:-unknown}" | sed 's/ .*//; s/[^A-Za-z0-9._-]//g; s/^/other:/'
}

wanted_packages() { # FAMILY
    case $1 in
        debian) echo krb5-user ;;
        rhel) echo krb5-libs krb5-workstation ;;
        suse) echo krb5 krb5-client ;;
        alpine | arch) echo krb5 ;;
        gentoo) echo app-crypt/mit-krb5 ;;
    esac
}

has_package() { # FAMILY NAME
    case $1 in
        debian) [ "$(dpkg-query -W -f '${db:Status-Status}' "$2" 2>/dev/null)" = installed ] ;;
        rhel | suse) rpm -q "$2" ;;
        alpine) apk info -e "$2" ;;
        arch) pacman -Qq "$2" ;;
        gentoo) portageq has_version / "$2" ;;
    esac >/dev/null 2>&1
}

all_packages() { # FAMILY
    case $1 in
        debian) dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' | sed -n 's/^installed //p' ;;
        rhel | suse) rpm -qa --qf '%{NAME}.%{ARCH}\n' ;;
        alpine) apk info ;;
        arch) pacman -Qq ;;
        gentoo) for name in $(wanted_packages gentoo); do has_package gentoo "$name" && echo "$name"; done ;;
    esac | sort -u
}

install_packages() { # FAMILY NAME…
    of=$1
    shift
    case $of in
        debian)
            # Else the package writes a default realm of somebody else's into krb5.conf.
            if [ ! -e "$KRB5_CONF" ] && command -v debconf-set-selections >/dev/null 2>&1; then
                printf 'krb5-config krb5-config/default_realm string %s\nkrb5-config krb5-config/add_servers boolean false\n' "$REALM" | debconf-set-selections
            fi
            DEBIAN_FRONTEND=noninteractive apt-get update # A repository that is away need not be the one that has it.
            DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
            ;;
        rhel)
            if command -v dnf >/dev/null 2>&1; then
                dnf install -y "$@"
            elif command -v microdnf >/dev/null 2>&1; then
                microdnf install -y "$@"
            else
                yum install -y "$@"
            fi
            ;;
        suse) zypper --non-interactive install --no-recommends "$@" ;;
        alpine) apk add "$@" ;;
        arch) pacman -Sy --noconfirm --needed "$@" ;;
        gentoo) emerge --noreplace "$@" ;;
    esac
}

# None of these takes away what somebody else's package needs: they refuse, or leave it.
remove_packages() { # FAMILY NAME…
    of=$1
    shift
    case $of in
        debian) dpkg --remove "$@" ;;
        rhel | suse) rpm -e "$@" ;;
        alpine) apk del "$@" ;;
        arch) pacman -R --noconfirm "$@" ;;
        gentoo) emerge --depclean "$@" ;;
    esac
}

step_packages() {
    of=$(family)
    case $of in other:*)
        if command -v kinit >/dev/null 2>&1 && command -v klist >/dev/null 2>&1; then
            ok "kinit and klist are there; the packages of ${of#other:} are not known to this script"
        else
            failed "the distribution ${of#other:} is not known to this script, and kinit is not there" \
                "Install MIT Kerberos by hand (its libraries, kinit and klist), then run this again." \
                "Known are Debian, Ubuntu, RHEL, Fedora, AlmaLinux, Rocky Linux, SUSE, Alpine, Arch and Gentoo, by ID and ID_LIKE of /etc/os-release."
        fi
        return
        ;;
    esac
    lacking=''
    for name in $(wanted_packages "$of"); do has_package "$of" "$name" || lacking="$lacking $name"; done
    lacking=${lacking# }
    if [ -z "$lacking" ]; then
        ok "$(wanted_packages "$of") of $of"
        return
    fi
    if checking; then
        changed "$lacking, to be installed"
        return
    fi
    all_packages "$of" >"$WORK/packages-before"
    # shellcheck disable=SC2086 # Names of ours, a word each.
    install_packages "$of" $lacking >"$WORK/packages.log" 2>&1 </dev/null
    said=$?
    all_packages "$of" | comm -13 "$WORK/packages-before" - >"$WORK/packages-new"
    if [ -s "$WORK/packages-new" ]; then # Also where it failed half way.
        kept packages.new && cat "$JOURNAL/packages.new" >>"$WORK/packages-new"
        sort -u "$WORK/packages-new" >"$JOURNAL/packages.new" && keep packages.family "$of"
        printf '%s\n' "$lacking" >>"$JOURNAL/packages.asked"
    fi
    for name in $lacking; do
        has_package "$of" "$name" && continue
        failed "$name could not be installed (exit $said): $(tail -n 3 "$WORK/packages.log")" \
            'Look whether the package sources of this machine answer; install it by hand, then run this again.'
        return
    done
    changed "installed: $lacking"
}

undo_packages() {
    if ! kept packages.new; then
        skipped 'nothing of ours is there'
        return
    fi
    of=$(cat "$JOURNAL/packages.family")
    names=$(cat "$JOURNAL/packages.new")
    [ "$of" != alpine ] || names=$(cat "$JOURNAL/packages.asked") # apk counts what was asked for, and drops the rest.
    still=''
    all_packages "$of" >"$WORK/packages-now"
    for name in $names; do
        if [ "$of" = alpine ] || grep -qxF "$name" "$WORK/packages-now"; then still="$still $name"; fi
    done
    # shellcheck disable=SC2086 # Names of the package manager's, a word each.
    if [ -n "$still" ] && ! remove_packages "$of" $still >"$WORK/packages.log" 2>&1 </dev/null; then
        failed "not removed:$still: $(tail -n 3 "$WORK/packages.log")" 'Something else may need them by now: then leave them, or remove them by hand.'
        return
    fi
    forget packages.new packages.family packages.asked
    changed "removed:${still:- nothing, they are gone already}"
}
