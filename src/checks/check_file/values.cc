#include "checks/check_file/values.h"

#include <fmt/format.h>

#include <array>

#include "checks/bytes.h"
#include "checks/check_file/reader.h"
#include "wsman/values.h"

namespace mullion::checks {
namespace {

// The four numbers of a look, by the properties that they come from.
struct Part {
    std::string property;
    std::uint64_t RawLook::*member;
};

std::array<Part, 4> parts_of(const ValueRule& rule) {
    return {{{rule.property, &RawLook::value},
             {rule.base, &RawLook::base},
             {rule.time, &RawLook::time},
             {rule.frequency, &RawLook::frequency}}};
}

// Timestamp_PerfTime goes on whatever happens to the clock.
bool is_time_of_day(const ValueRule& rule) {
    return wsman::same_ignoring_case(rule.time, "Timestamp_Sys100NS");
}

bool is_average(CounterType type) {
    return type == CounterType::average_timer || type == CounterType::average_bulk;
}

}  // namespace

RowValue RowValues::property(std::string_view name) const {
    const auto* const found = row_.find(name);
    if (found == nullptr) return RowValue::missing(fmt::format("the host's answer has no {}", name));
    auto said = text(row_, name);
    if (!said) return RowValue::missing(fmt::format("{} is null", name));
    return {RowValue::Is::there, std::move(*said)};
}

RowValue RowValues::find(std::string_view name) const {
    if (name == "instance") return {RowValue::Is::there, instance_};
    if (const auto made = values_.find(name); made != values_.end()) return made->second;
    return property(name);
}

std::optional<RowValue> RowValues::gap(const std::vector<std::string>& names) const {
    std::optional<RowValue> first_look;
    for (const auto& name : names) {
        auto found = find(name);
        if (found.is == RowValue::Is::missing) return found;
        if (found.is == RowValue::Is::first_look) first_look = std::move(found);
    }
    return first_look;
}

RowValue RowValues::reckoned(const Condition& condition) const {
    if (auto found = gap(condition.variables())) return std::move(*found);
    const auto value =
        condition.strict_value([this](std::string_view name) { return std::optional(find(name).text); });
    if (!value.ok()) return RowValue::missing(without_dashes(value.error().detail));
    return {RowValue::Is::there, *value};
}

RowValue RowValues::plain(const ValueRule& rule) const {
    auto found = property(rule.property);
    if (rule.words.empty() || found.is != RowValue::Is::there) return found;
    const auto word = rule.words.find(found.text);
    if (word != rule.words.end()) return {RowValue::Is::there, word->second};
    return RowValue::missing(
        fmt::format("{} is {}, for which the file has no word", rule.property, fit(found.text)));
}

Result<RowValue> RowValues::advanced(const ValueRule& rule, TwoLooks& looks) {
    MULLION_ASSIGN(const auto now, number_or_null(row_, rule.property));
    if (!now) return property(rule.property);
    looks.keep(instance_, rule.property, *now);
    const auto passed = looks.advanced(instance_, rule.property, *now, rule.bits);
    if (!passed) return RowValue::first_look();
    return RowValue{RowValue::Is::there, std::to_string(*passed)};
}

Result<RowValue> RowValues::cooked_value(const ValueRule& rule, TwoLooks& looks) {
    RawLook now, before;
    bool had_before = true;
    for (const auto& part : parts_of(rule)) {
        if (part.property.empty()) continue;
        MULLION_ASSIGN(const auto said, number_or_null(row_, part.property));
        if (!said) return property(part.property);
        now.*part.member = *said;
        if (!rule.two_looks()) continue;
        looks.keep(instance_, part.property, *said);
        const auto was = looks.before(instance_, part.property);
        had_before = had_before && was.has_value();
        before.*part.member = was.value_or(0);
    }
    auto going = looks.going();
    going.bits = rule.bits;
    going.base_bits = rule.base_bits;
    const bool compared = rule.two_looks() && had_before && !going.began_again;
    if (rule.two_looks() && !had_before) return RowValue::first_look();
    if (compared && is_time_of_day(rule))
        clock_was_set_ = clock_was_set_ || looks.clock_was_set(instance_, rule.time, now.time);
    if (const auto value = cooked(rule.type, before, now, going))
        return RowValue{RowValue::Is::there, perl_number(*value)};
    if (!rule.two_looks())
        return RowValue::missing(fmt::format("{} is 0", rule.base.empty() ? rule.frequency : rule.base));
    // Where nothing was done, nothing took long: performance counters say 0 then.
    if (compared && is_average(rule.type) && before.base == now.base)
        return RowValue{RowValue::Is::there, "0"};
    still_ = still_ || (compared && !rule.time.empty() && before.time == now.time);
    return RowValue::first_look();
}

Result<RowValue> RowValues::made(const ValueRule& rule, TwoLooks& looks) {
    switch (rule.kind) {
        case ValueRule::Kind::plain:
            return plain(rule);
        case ValueRule::Kind::difference:
            return advanced(rule, looks);
        case ValueRule::Kind::counter:
            return cooked_value(rule, looks);
        case ValueRule::Kind::calculated:
            break;
    }
    return reckoned(*rule.calculation);
}

Result<void> RowValues::read(TwoLooks& looks) {
    for (const auto& rule : check_.values) {
        MULLION_ASSIGN(auto value, made(rule, looks));
        if (value.is == RowValue::Is::missing && rule.otherwise)
            value = {RowValue::Is::there, *rule.otherwise};
        values_.insert_or_assign(rule.name, std::move(value));
    }
    return {};
}

std::vector<std::pair<std::string, std::string>> RowValues::all() const {
    std::vector<std::pair<std::string, std::string>> named{{"instance", instance_}};
    for (const auto& [name, value] : values_)
        if (value.is == RowValue::Is::there) named.emplace_back(name, value.text);
    for (const auto& property : row_.properties) {
        auto said = text(row_, property.name);
        if (said && !values_.contains(property.name)) named.emplace_back(property.name, std::move(*said));
    }
    // As the file spells them, where the host spells them otherwise.
    if (check_.properties)
        for (const auto& name : *check_.properties)
            if (auto said = text(row_, name)) named.emplace_back(name, std::move(*said));
    return named;
}

}  // namespace mullion::checks
