// What must hold in a description of a check as a whole, and the query that comes of it.
#include <fmt/format.h>

#include <algorithm>

#include "checks/check_file/blocks.h"
#include "checks/check_file/check_file.h"
#include "checks/check_file/reader.h"
#include "wsman/values.h"

namespace mullion::checks {
namespace {

constexpr std::size_t longest_query = 16 * 1024;

bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool digit(char c) {
    return c >= '0' && c <= '9';
}

template <class Fits>
bool all_fit(std::string_view text, std::size_t most, Fits fits) {
    return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), fits);
}

class Completion {
public:
    Completion(CheckFile& check, const std::string& file) : check_(check), file_(file) {}

    [[nodiscard]] Result<void> run(const std::string& class_name, const std::string& where);

private:
    [[nodiscard]] Error at(unsigned line, const std::string& what) const {
        if (file_.empty()) return {ErrorId::usage_invalid, what};
        return CheckFileReader(file_).at(line, what);
    }
    [[nodiscard]] Result<void> take_values();
    [[nodiscard]] Result<void> take_counters();
    [[nodiscard]] Result<void> take_rest();
    // Each name is a value, one of `also`, or a property. Values before `known` are there already.
    [[nodiscard]] Result<void> take_names(const std::vector<std::string>& names, std::size_t known,
                                          unsigned line, std::initializer_list<std::string_view> also);
    [[nodiscard]] Result<void> take_conditions(const CounterRule& rule);
    [[nodiscard]] Result<void> check_options() const;
    [[nodiscard]] Result<void> check_query() const;
    void ask_for(const std::string& property);
    [[nodiscard]] bool declared(std::string_view name) const;

    CheckFile& check_;
    const std::string& file_;
    std::vector<std::string> asked_;
};

void Completion::ask_for(const std::string& property) {
    if (property.empty()) return;
    for (const auto& known : asked_)
        if (wsman::same_ignoring_case(known, property)) return;
    asked_.push_back(property);
}

bool Completion::declared(std::string_view name) const {
    if (!check_.properties) return true;
    return std::any_of(asked_.begin(), asked_.end(),
                       [&](const auto& known) { return wsman::same_ignoring_case(known, name); });
}

Result<void> Completion::take_names(const std::vector<std::string>& names, std::size_t known, unsigned line,
                                    std::initializer_list<std::string_view> also) {
    for (const auto& name : names) {
        if (std::find(also.begin(), also.end(), name) != also.end()) continue;
        const auto value = std::find_if(check_.values.begin(), check_.values.end(),
                                        [&](const ValueRule& rule) { return rule.name == name; });
        if (value != check_.values.end()) {
            if (static_cast<std::size_t>(value - check_.values.begin()) < known) continue;
            return at(line, fmt::format("%{{{}}} is used before it is there: put it above", name));
        }
        if (name == "instance" || name == "value" || name == "count")
            return at(line, fmt::format("%{{{}}} means nothing here", name));
        if (!is_cim_name(name)) return at(line, fmt::format("%{{{}}} is no value and no property", name));
        if (!declared(name))
            return at(line, fmt::format("%{{{}}} is no value, and not among the properties", name));
        ask_for(name);
    }
    return {};
}

Result<void> Completion::take_values() {
    for (const auto& rule : check_.values)
        for (const auto* name : {&rule.property, &rule.base, &rule.time, &rule.frequency}) ask_for(*name);
    for (std::size_t i = 0; i < check_.values.size(); ++i) {
        const auto& rule = check_.values[i];
        if (rule.calculation) MULLION_TRY(take_names(rule.calculation->variables(), i, rule.line, {}));
    }
    return {};
}

Result<void> Completion::take_conditions(const CounterRule& rule) {
    for (const auto* text : {&rule.warning, &rule.critical, &rule.unknown}) {
        if (text->empty()) continue;
        MULLION_ASSIGN(const auto condition, Condition::compile(*text, rule.label));
        MULLION_TRY(take_names(condition.variables(), check_.values.size(), rule.line, {"instance"}));
    }
    return {};
}

Result<void> Completion::take_counters() {
    const auto known = check_.values.size();
    for (auto& rule : check_.counters) {
        if (rule.metric.empty()) rule.metric = rule.label;
        if (rule.text.empty())
            rule.text = Template(rule.value ? fmt::format("{}: %{{value}}{}", rule.label, rule.unit)
                                            : rule.label + " is not as it should be");
        if (rule.value) {
            MULLION_TRY(take_names(rule.value->variables(), known, rule.line, {}));
        } else {
            rule.metric.clear();
            MULLION_TRY(take_conditions(rule));
        }
        const auto texts = {&rule.text, &rule.min, &rule.max};
        for (const auto* text : texts) {
            if (rule.value)
                MULLION_TRY(take_names(text->names(), known, rule.line, {"instance", "value"}));
            else
                MULLION_TRY(take_names(text->names(), known, rule.line, {"instance"}));
        }
    }
    if (!check_.count) return {};
    auto& count = *check_.count;
    if (count.metric.empty()) count.metric = "rows." + count.label + ".count";
    if (count.text.empty()) count.text = Template("Number of rows: %{count}");
    return take_names(count.text.names(), known, count.line, {"count"});
}

Result<void> Completion::take_rest() {
    const auto known = check_.values.size();
    if (check_.only) MULLION_TRY(take_names(check_.only->variables(), known, 1, {"instance"}));
    if (check_.prefix.empty() && !check_.instance.empty()) check_.prefix = Template("'%{instance}' ");
    MULLION_TRY(take_names(check_.prefix.names(), known, 1, {"instance"}));
    if (check_.line) MULLION_TRY(take_names(check_.line->names(), known, 1, {"instance"}));
    if (check_.all_ok.empty()) check_.all_ok = "All is well";
    return {};
}

// A long name that is the same as another's short one would be two options in one.
Result<void> Completion::check_options() const {
    std::set<std::string> names;
    for (const auto& option : counter_options(blocks_of(check_)))
        if (!names.insert(option.name).second)
            return at(1, fmt::format("two counters have an option --{}: give one another label or metric",
                                     option.name));
    return {};
}

Result<void> Completion::check_query() const {
    if (check_.wql.size() > longest_query) return at(1, "the query is too long");
    for (const char c : check_.wql)
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r')
            return at(1, "the query has a control character in it");
    return {};
}

Result<void> Completion::run(const std::string& class_name, const std::string& where) {
    ask_for(check_.instance);
    if (check_.properties)
        for (const auto& name : *check_.properties) ask_for(name);
    MULLION_TRY(take_values());
    MULLION_TRY(take_counters());
    MULLION_TRY(take_rest());
    MULLION_TRY(check_options());
    if (!class_name.empty()) {
        check_.wql =
            fmt::format("SELECT {} FROM {}",
                        asked_.empty() ? "*" : fmt::format("{}", fmt::join(asked_, ", ")), class_name);
        if (!where.empty()) check_.wql += " WHERE " + where;
        if (!asked_.empty()) check_.properties = asked_;
    }
    return check_query();
}

}  // namespace

Result<void> complete(CheckFile& check, const std::string& class_name, const std::string& where,
                      const std::string& file) {
    return Completion(check, file).run(class_name, where);
}

bool CheckFile::two_looks() const {
    return std::any_of(values.begin(), values.end(), [](const ValueRule& rule) { return rule.two_looks(); });
}

const ValueRule* CheckFile::find(std::string_view value) const {
    for (const auto& rule : values)
        if (rule.name == value) return &rule;
    return nullptr;
}

// The widths are those of the classes: WMI gives the old types as uint32, also the counts below an average.
void set_counter_type(ValueRule& rule, CounterType type) {
    rule.kind = ValueRule::Kind::counter;
    rule.type = type;
    const auto base = rule.property + "_Base";
    switch (type) {
        case CounterType::rawcount:
        case CounterType::large_rawcount:
            break;
        case CounterType::counter:
            rule.bits = 32;
            [[fallthrough]];
        case CounterType::bulk_count:
            rule.time = "Timestamp_PerfTime";
            rule.frequency = "Frequency_PerfTime";
            break;
        case CounterType::timer_100ns:
        case CounterType::timer_100ns_inverse:
        case CounterType::queue_length_100ns:
            rule.time = "Timestamp_Sys100NS";
            break;
        case CounterType::precision_100ns_timer:
            rule.base = base;
            break;
        case CounterType::average_timer:
            rule.base = base;
            rule.bits = rule.base_bits = 32;
            rule.frequency = "Frequency_PerfTime";
            break;
        case CounterType::average_bulk:
            rule.base = base;
            rule.base_bits = 32;
            break;
        case CounterType::raw_fraction:
            rule.base = base;
            break;
        case CounterType::elapsed_time:
            rule.time = "Timestamp_Object";
            rule.frequency = "Frequency_Object";
            break;
    }
}

bool is_cim_name(std::string_view text) {
    return all_fit(text, 255, [](char c) { return letter(c) || digit(c) || c == '_'; }) &&
           !digit(text.front());
}

bool is_label(std::string_view text) {
    return all_fit(text, 64, [](char c) { return (c >= 'a' && c <= 'z') || digit(c) || c == '-'; }) &&
           text.front() != '-' && text.back() != '-';
}

bool is_metric_name(std::string_view text) {
    return all_fit(text, 128,
                   [](char c) { return letter(c) || digit(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_cim_namespace(std::string_view text) {
    return all_fit(text, 255,
                   [](char c) {
                       return letter(c) || digit(c) || c == '_' || c == '/' || c == '-' || c == '.';
                   }) &&
           text.front() != '/' && text.back() != '/';
}

}  // namespace mullion::checks
