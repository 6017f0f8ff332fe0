#include "simulate/regex.h"

#include <re2/re2.h>

namespace mullion::simulate {
namespace {

constexpr std::int64_t memory_limit = 8 << 20;

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

struct Regex::State {
    State(const std::string& pattern, const RE2::Options& options) : expression(pattern, options) {}
    RE2 expression;
};

Result<Regex> Regex::make(const std::string& pattern) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(false);
    options.set_max_mem(memory_limit);
    auto state = std::make_shared<const State>(pattern, options);
    if (!state->expression.ok()) return Error{ErrorId::fleet_file_invalid, state->expression.error()};
    return Regex(std::move(state));
}

std::optional<std::vector<std::string>> Regex::search(std::string_view text) const {
    std::vector<re2::StringPiece> found(
        static_cast<std::size_t>(state_->expression.NumberOfCapturingGroups()) + 1);
    if (!state_->expression.Match(piece(text), 0, text.size(), RE2::UNANCHORED, found.data(),
                                  static_cast<int>(found.size())))
        return std::nullopt;
    return std::vector<std::string>(found.begin(), found.end());
}

}  // namespace mullion::simulate
