#include "prepare/kerberos/steps.h"

#include <array>

namespace mullion::prepare {

std::span<const KerberosStep> kerberos_steps() {
    static constexpr std::array<KerberosStep, 7> steps{{
        {"packages", "packages of this distribution", "installs MIT Kerberos: libraries, kinit, klist",
         "Ansible, Windows Remote Management: Installing the Kerberos Library; Harness, Add WinRM keys: the "
         "Kerberos "
         "startup script; Centreon, WSMAN tutorial: Configure Kerberos on the Centreon server"},
        {"krb5.conf", "krb5.conf: a file in a folder of /etc that it includes, else lines between two marks",
         "names the realm, its KDCs, and the domain that belongs to it; what others set stays",
         "Ansible: Configuring Host Kerberos; Harness: the Kerberos startup script"},
        {"hosts", "/etc/hosts, between two marks",
         "names domain controllers and hosts that DNS does not know",
         "Harness: the Kerberos startup script (its last lines); Ansible: Troubleshooting Kerberos"},
        {"keytab", "the installed keytab, and /etc/mullion where it is not there",
         "installs a keytab for one account of this machine", "Harness: TGT Generation, Key Tab File"},
        {"kdc", "", "asks each KDC for itself; no password is shown", "Ansible: Troubleshooting Kerberos"},
        {"ticket", "", "gets a ticket into a cache of its own, and destroys it",
         "Ansible: Manual Kerberos Ticket Management; Harness: the Kerberos startup script (kinit, klist); "
         "Centreon: "
         "Configure Kerberos on the Centreon server (kinit)"},
        {"doctor", "", "says what mullion doctor says of a host, with that ticket",
         "Harness: Test Connection; Centreon: Test check from Centreon server"},
    }};
    return steps;
}

}  // namespace mullion::prepare
