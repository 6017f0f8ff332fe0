#include "exporter/filters.h"

#include <fmt/core.h>
#include <re2/re2.h>

namespace mullion::exporter {

struct NameFilter::Expressions {
    std::unique_ptr<re2::RE2> include, exclude;  // Null: not said.
};

namespace {

constexpr std::int64_t most_memory = 1 << 20;

Result<std::unique_ptr<re2::RE2>> compile(std::string_view pattern) {
    if (pattern.empty()) return std::unique_ptr<re2::RE2>();
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(most_memory);
    auto made = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (!made->ok())
        return Error(ErrorId::config_invalid,
                     fmt::format("\"{}\" is no regular expression: {}", pattern, made->error()));
    return made;
}

bool matches(const std::unique_ptr<re2::RE2>& expression, std::string_view name) {
    return re2::RE2::FullMatch(re2::StringPiece(name.data(), name.size()), *expression);
}

}  // namespace

NameFilter::NameFilter() = default;

Result<NameFilter> NameFilter::make(std::string_view include, std::string_view exclude) {
    auto expressions = std::make_shared<Expressions>();
    MULLION_ASSIGN(expressions->include, compile(include));
    MULLION_ASSIGN(expressions->exclude, compile(exclude));
    NameFilter filter;
    if (expressions->include || expressions->exclude) filter.expressions_ = std::move(expressions);
    return filter;
}

bool NameFilter::shows(std::string_view name) const {
    if (!expressions_) return true;
    if (expressions_->include && !matches(expressions_->include, name)) return false;
    return !expressions_->exclude || !matches(expressions_->exclude, name);
}

}  // namespace mullion::exporter
