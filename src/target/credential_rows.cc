#include "target/credential_rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace mullion::target {

const HostVariable& credential_variable() {
    static const HostVariable variable{
        "mullion_credential",
        "REF",
        "",
        "Credential of the secret store to log on with (id, org.id, account.id): it says user, password, "
        "transport, scheme, certificate check and Kerberos' realm, KDCs and keytab; the variables of these "
        "are "
        "not looked at then",
        {}};
    return variable;
}

bool is_of_credential(const OptionRow& row) {
    static constexpr std::array<std::string_view, 12> variables{"ansible_user",
                                                                "ansible_winrm_transport",
                                                                "ansible_winrm_scheme",
                                                                "ansible_winrm_server_cert_validation",
                                                                "ansible_winrm_realm",
                                                                "mullion_kdc",
                                                                "ansible_winrm_keytab",
                                                                "mullion_ccache",
                                                                "ansible_winrm_kinit_mode",
                                                                "ansible_winrm_kinit_cmd",
                                                                "ansible_winrm_kinit_args",
                                                                "ansible_winrm_kinit_env_vars"};
    return std::find(variables.begin(), variables.end(), row.variable) != variables.end();
}

Result<void> check_beside_credential(const std::string& credential, const GivenOptions& given,
                                     bool password_given) {
    const auto refused = [&](std::string_view flag) {
        Error error(
            ErrorId::usage_invalid,
            fmt::format("{} cannot be given beside the credential {}, which decides it", flag, credential));
        error.advice.emplace_back("Leave one of them out; mullion credential show tells what it says.");
        return error;
    };
    if (password_given) return refused("a password (-k, --password-file)");
    for (const auto& [row, value] : given.flags)
        if (is_of_credential(*row) && row->flag != "--transport") return refused(row->flag);
    return {};
}

}  // namespace mullion::target
