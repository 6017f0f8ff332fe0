#include "checks/levels.h"

#include <fmt/format.h>

namespace mullion::checks {
namespace {

Result<std::optional<Range>> range_of(const Words& words, std::string_view option) {
    const auto text = words.text(option);
    if (text.empty()) return std::optional<Range>();
    const bool compat = words.has("centreon-compat");
    auto range = Range::parse(compat ? without_cut_fractions(text) : std::string(text));
    if (!range) return Error(ErrorId::usage_invalid, fmt::format("Wrong {} threshold '{}'.", option, text));
    return range;
}

}  // namespace

Result<Levels> Levels::of(const Words& words, std::string_view warning, std::string_view critical) {
    Levels levels;
    MULLION_ASSIGN(levels.warning_, range_of(words, warning));
    MULLION_ASSIGN(levels.critical_, range_of(words, critical));
    return levels;
}

Status Levels::status_of(double value) const {
    if (critical_ && critical_->alerts(value)) return Status::critical;
    if (warning_ && warning_->alerts(value)) return Status::warning;
    return Status::ok;
}

void Levels::show(Perfdatum& datum) const {
    if (warning_) datum.warning = warning_->print();
    if (critical_) datum.critical = critical_->print();
}

}  // namespace mullion::checks
