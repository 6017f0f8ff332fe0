#include "cli/own_options.h"

#include <fmt/core.h>

#include <optional>

#include "winrm/winrs_line.h"

namespace mullion::cli {
namespace {

const target::OptionRow* find_row(std::string_view flag) {
    for (const auto& row : target::option_table()) {
        if (!row.flag.empty() && row.flag == flag) return &row;
    }
    return nullptr;
}

struct Word {
    std::string_view flag;
    std::optional<std::string_view> value;
};

Word part(std::string_view word) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return {word, std::nullopt};
    return {word.substr(0, equals), word.substr(equals + 1)};
}

Error needs_value(std::string_view flag) {
    return {ErrorId::usage_invalid, fmt::format("write {}=VALUE, in one word", flag)};
}

Result<void> give(const target::OptionRow& row, const Word& word, OwnOptions& to) {
    const bool takes_value = !row.type.empty();
    if (takes_value && !word.value) return needs_value(word.flag);
    if (!takes_value && word.value)
        return Error(ErrorId::usage_invalid, fmt::format("{} takes no value", word.flag));
    target::GivenOptions one;
    one.flags.emplace_back(&row, std::string(word.value.value_or("yes")));
    target::Target scratch;
    MULLION_TRY(one.apply_to(scratch));
    to.given.flags.push_back(std::move(one.flags.front()));
    return {};
}

// Where the value of an option goes that is in no table; null: there is none of that name.
std::string* one_of(std::string_view flag, OwnOptions& to) {
    auto& store = to.secrets.store;
    const std::pair<std::string_view, std::string*> places[] = {
        {"--state", &to.state},
        {"--password-file", &to.password.file},
        {"--sddl", &to.sddl},
        {"--credential", &to.credential},
        {"--secret-scope", &to.secrets.scope},
        {"--store", &store.file},
        {"--store-passphrase-file", &store.passphrase_file},
        {"--delegate-name", &store.delegate}};
    for (const auto& [name, place] : places)
        if (name == flag) return place;
    return nullptr;
}

std::vector<std::string>* several_of(std::string_view flag, OwnOptions& to) {
    if (flag == "--grant") return &to.grants;
    if (flag == "--revoke") return &to.revokes;
    return flag == "--delegate-tag" ? &to.secrets.store.delegate_tags : nullptr;
}

// Whether it is ours.
Result<bool> take(std::string_view text, OwnOptions& to) {
    const auto word = part(text);
    std::string* const known = one_of(word.flag, to);
    if (known != nullptr) {
        if (!word.value || word.value->empty()) return needs_value(word.flag);
        *known = *word.value;
        return true;
    }
    std::vector<std::string>* const several = several_of(word.flag, to);
    if (several != nullptr) {
        if (!word.value || word.value->empty()) return needs_value(word.flag);
        several->emplace_back(*word.value);
        return true;
    }
    const auto* const row = find_row(word.flag);
    if (row == nullptr) return false;
    MULLION_TRY(give(*row, word, to));
    return true;
}

}  // namespace

Error only_for_config_sddl() {
    return {ErrorId::usage_invalid, "Error: --grant, --revoke and --sddl are options of winrm configSDDL"};
}

Result<OwnOptions> take_own_options(std::vector<std::string_view>& words, Where where) {
    OwnOptions found;
    std::vector<std::string_view> left;
    bool look = true;
    for (const auto word : words) {
        if (where == Where::before_the_command && (!winrm::is_winrs_switch(word) || word == "--"))
            look = false;
        bool ours = false;
        if (look && word.starts_with("--")) {
            MULLION_ASSIGN(ours, take(word, found));
        }
        if (!ours) left.push_back(word);
    }
    words = std::move(left);
    return found;
}

}  // namespace mullion::cli
