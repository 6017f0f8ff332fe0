#include "checks/centreon_line.h"

#include <fmt/format.h>

#include <algorithm>

namespace mullion::checks {
namespace {

const OptionSpec* find(std::span<const OptionSpec> specs, std::string_view name) {
    const auto found =
        std::find_if(specs.begin(), specs.end(), [&](const OptionSpec& spec) { return spec.name == name; });
    return found == specs.end() ? nullptr : &*found;
}

void keep(const OptionSpec& spec, std::string_view value, Words& into) {
    const auto& name = spec.same_as.empty() ? spec.name : spec.same_as;
    switch (spec.kind) {
        case OptionSpec::Kind::flag:
            if (value != "0") into.set(name, "1");
            break;
        case OptionSpec::Kind::value:
            into.set(name, std::string(value));
            break;
        case OptionSpec::Kind::list:
            into.add(name, std::string(value));
            break;
    }
}

}  // namespace

CentreonLine::Word CentreonLine::part(std::string_view word) {
    if (!word.starts_with("--")) return {};
    word.remove_prefix(2);
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return {true, word, {}};
    return {true, word.substr(0, equals), word.substr(equals + 1)};
}

std::string_view CentreonLine::take_at(std::size_t at, std::string_view value) {
    const auto next = words_.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    if (value.empty() && next != words_.end() && !next->starts_with("--")) {
        value = *next;
        words_.erase(next);
    }
    words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(at));
    return value;
}

Result<void> CentreonLine::take_known(std::span<const OptionSpec> specs, Words& into, bool all) {
    for (std::size_t at = 0; at < words_.size();) {
        const auto word = part(words_[at]);
        const auto* const spec = word.option ? find(specs, word.name) : nullptr;
        if (spec != nullptr) {
            keep(*spec, take_at(at, word.value), into);
            continue;
        }
        if (all && word.option)
            return Error(ErrorId::usage_invalid, fmt::format("Unknown option: {}", word.name));
        if (all && at != 0)
            return Error(ErrorId::usage_invalid, fmt::format("argument {} alone", words_[at]));
        ++at;
    }
    return {};
}

void CentreonLine::take(std::span<const OptionSpec> specs, Words& into) {
    (void)take_known(specs, into, false);
}

Result<void> CentreonLine::take_rest(std::span<const OptionSpec> specs, Words& into) {
    return take_known(specs, into, true);
}

std::optional<std::string_view> CentreonLine::take_secret(std::string_view name,
                                                          std::vector<std::string_view>& parts) {
    std::optional<std::string_view> last;
    for (std::size_t at = 0; at < words_.size();) {
        const auto word = part(words_[at]);
        if (!word.option || word.name != name) {
            ++at;
            continue;
        }
        last = take_at(at, word.value);
        if (!last->empty()) parts.push_back(*last);
    }
    return last;
}

}  // namespace mullion::checks
