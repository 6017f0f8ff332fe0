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

// Whether it is ours.
Result<bool> take(std::string_view text, OwnOptions& to) {
    const auto word = part(text);
    std::string* const known = word.flag == "--state"           ? &to.state
                               : word.flag == "--password-file" ? &to.password.file
                               : word.flag == "--sddl"          ? &to.sddl
                                                                : nullptr;
    if (known != nullptr) {
        if (!word.value || word.value->empty()) return needs_value(word.flag);
        *known = *word.value;
        return true;
    }
    std::vector<std::string>* const several = word.flag == "--grant"    ? &to.grants
                                              : word.flag == "--revoke" ? &to.revokes
                                                                        : nullptr;
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
