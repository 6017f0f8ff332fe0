#include "target/option_table.h"

namespace mullion::target {
namespace {

using Rank = VariableName::Rank;

std::vector<VariableName> ordered(std::string_view main, const std::vector<VariableName>& others) {
    std::vector<VariableName> names;
    for (const auto& other : others)
        if (other.rank != Rank::higher) names.push_back(other);
    names.push_back({main, Rank::lower});
    for (const auto& other : others)
        if (other.rank == Rank::higher) names.push_back(other);
    return names;
}

}  // namespace

std::vector<VariableName> names_of(const OptionRow& row) {
    return ordered(row.variable, row.others);
}

std::vector<VariableName> names_of(const HostVariable& variable) {
    return ordered(variable.name, variable.others);
}

const OptionRow* row_of_variable(std::string_view name) {
    for (const auto& row : option_table()) {
        if (row.variable == name) return &row;
        for (const auto& other : row.others)
            if (other.name == name) return &row;
    }
    return nullptr;
}

const HostVariable& password_variable() {
    static const HostVariable variable{"ansible_password",
                                       "TEXT",
                                       "",
                                       "Password of the user; -k and --password-file win over it, "
                                       "MULLION_PASSWORD_FILE does not. Keep it in a vault, or write "
                                       "<+secrets.getValue(\"account.ID\")> for one of the secret store",
                                       {{"ansible_ssh_pass", Rank::deprecated},
                                        {"ansible_winrm_pass", Rank::higher},
                                        {"ansible_winrm_password", Rank::higher}}};
    return variable;
}

const HostVariable& connection_variable() {
    static const HostVariable variable{
        "ansible_connection",
        "NAME",
        "winrm",
        "How Ansible reaches the host. Every other than winrm makes the host skipped, psrp too: its "
        "ansible_psrp_ variables are not read",
        {}};
    return variable;
}

}  // namespace mullion::target
