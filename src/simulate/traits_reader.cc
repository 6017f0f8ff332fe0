// What hosts are like: identify, settings, accounts, answers; of the top of the file, a profile, or a host.
#include <array>

#include "crypto/hash.h"
#include "simulate/cim_reader.h"
#include "simulate/fleet_reader.h"
#include "state/config_file.h"

namespace mullion::simulate {
namespace {

constexpr std::size_t most_answers = 20'000;
constexpr std::size_t most_accounts = 1'000;
constexpr std::size_t longest_password = 1'024;

Result<void> set_password(Account& account, const Secret& password, unsigned line) {
    if (password.empty() || password.expose().size() > longest_password)
        return at_line(line, fmt::format("a password has 1 to {} bytes", longest_password));
    auto hash = crypto::nt_hash(password);
    if (!hash.ok()) return at_line(line, "the password is not UTF-8");
    account.nt_hash = std::move(*hash);
    account.password = password.clone();
    return {};
}

Result<void> password_from_file(FileReader& reader, Account& account, const yaml::Node::Entry& entry) {
    MULLION_ASSIGN(const std::string path, text_of(entry));
    MULLION_ASSIGN(std::string text, reader.files(path));
    const std::string_view first_line = std::string_view(text).substr(0, text.find_first_of("\r\n"));
    const Secret password(first_line);
    wipe(text);
    return set_password(account, password, entry.line);
}

constexpr std::array<Key<Account>, 4> account_keys{{
    {"user",
     [](FileReader&, Account& into, const yaml::Node::Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.user, text_of(entry));
         return {};
     }},
    {"password",
     [](FileReader&, Account& into, const yaml::Node::Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const std::string text, text_of(entry));
         return set_password(into, Secret(text), entry.line);
     }},
    {"password_file", password_from_file},
    {"administrator",
     [](FileReader&, Account& into, const yaml::Node::Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.administrator, truth_of(entry));
         return {};
     }},
}};

constexpr std::array<Key<Traits>, 3> identify_keys{{
    {"vendor",
     [](FileReader&, Traits& into, const yaml::Node::Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.vendor, text_of(entry));
         return {};
     }},
    {"os",
     [](FileReader&, Traits& into, const yaml::Node::Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.release, text_of(entry));
         return {};
     }},
    {"stack",
     [](FileReader&, Traits& into, const yaml::Node::Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.stack, text_of(entry));
         return {};
     }},
}};

}  // namespace

void list_trait_keys(FleetKeys& into) {
    into["account"] = names_of_keys(account_keys);
    into["identify"] = names_of_keys(identify_keys);
}

Result<Account> read_account(FileReader& reader, const yaml::Node& node) {
    Account account;
    MULLION_TRY(read_map(reader, account, node, account_keys, "an account"));
    if (account.user.empty() || account.user.size() > 256 ||
        account.user.find_first_of(":\\@\n\r\t") != std::string::npos)
        return at_line(node.line, "an account needs a user: its name alone, without a domain");
    if (account.password.empty()) return at_line(node.line, "an account needs a password or a password_file");
    return account;
}

Result<void> read_identify(FileReader& reader, Traits& into, const yaml::Node::Entry& entry) {
    return read_map(reader, into, entry.value, identify_keys, "identify");
}

Result<void> read_settings(FileReader&, Traits& into, const yaml::Node::Entry& entry) {
    MULLION_TRY(expect_map(entry.value, "settings"));
    state::Settings trial;
    for (const auto& setting : entry.value.map) {
        auto read = state::read_setting(trial, setting);
        if (!read.ok()) return Error{ErrorId::fleet_file_invalid, read.error().detail};
        into.settings.push_back(&setting);
    }
    return {};
}

Result<void> read_accounts(FileReader& reader, Traits& into, const yaml::Node::Entry& entry) {
    MULLION_TRY(expect_list(entry));
    auto accounts = std::make_shared<std::vector<Account>>();
    if (entry.value.list.size() > most_accounts)
        return at_line(entry.line, fmt::format("over {} accounts", most_accounts));
    for (const auto& node : entry.value.list) {
        MULLION_ASSIGN(Account account, read_account(reader, node));
        accounts->push_back(std::move(account));
    }
    into.accounts = std::move(accounts);
    return {};
}

Result<void> read_answers(FileReader& reader, Traits& into, const yaml::Node::Entry& entry) {
    MULLION_TRY(expect_list(entry));
    for (const auto& node : entry.value.list) {
        if (++reader.answers > most_answers)
            return at_line(node.line, fmt::format("over {} answers", most_answers));
        MULLION_ASSIGN(auto answer, read_answer(reader, node));
        into.answers.push_back(std::move(answer));
    }
    return {};
}

Result<void> read_otherwise(FileReader& reader, Traits& into, const yaml::Node::Entry& entry) {
    MULLION_ASSIGN(into.otherwise, read_plain_answer(reader, entry.value));
    return {};
}

Result<void> read_shell_operations(FileReader&, Traits& into, const yaml::Node::Entry& entry) {
    MULLION_ASSIGN(const auto number, number_of(entry, 0, 0xFFFFFFFF));
    into.operations_per_shell = static_cast<std::uint32_t>(number);
    return {};
}

Result<void> read_classes(FileReader& reader, Traits& into, const yaml::Node::Entry& entry) {
    MULLION_ASSIGN(into.cim, read_cim(reader, entry));
    return {};
}

Result<void> read_cim_form(FileReader&, Traits& into, const yaml::Node::Entry& entry) {
    MULLION_ASSIGN(const std::string form, text_of(entry));
    if (form == "service")
        into.cim_form = CimForm::service;
    else if (form == "windows")
        into.cim_form = CimForm::windows;
    else
        return at_line(entry.line, fmt::format("cim_form is service or windows, not {}", form));
    return {};
}

Result<std::shared_ptr<const HostKind>> settle(std::initializer_list<const Traits*> layers) {
    auto kind = std::make_shared<HostKind>();
    kind->product = {"10.0.20348", "Microsoft Corporation", "3.0"};  // Windows Server 2022
    for (const Traits* layer : layers) {
        if (layer == nullptr) continue;
        if (layer->vendor) kind->product.vendor = *layer->vendor;
        if (layer->release) kind->product.release = *layer->release;
        if (layer->stack) kind->product.stack = *layer->stack;
        for (const auto* setting : layer->settings)
            MULLION_TRY(state::read_setting(kind->settings, *setting));  // Read before, so it is right.
        if (layer->accounts) kind->accounts = layer->accounts;
        if (layer->otherwise) kind->otherwise = layer->otherwise;
        if (layer->operations_per_shell) kind->operations_per_shell = *layer->operations_per_shell;
        add_tables(kind->cim, layer->cim);
        if (layer->cim_form) kind->cim_form = *layer->cim_form;
        if (layer->windows_side) kind->windows_side = layer->windows_side;
        // The first that matches counts, so the more special ones go in front.
        kind->answers.insert(kind->answers.begin(), layer->answers.begin(), layer->answers.end());
    }
    return std::shared_ptr<const HostKind>(std::move(kind));
}

}  // namespace mullion::simulate
