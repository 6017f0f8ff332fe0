#include "checks/check_file/check_file.h"

#include <algorithm>
#include <iterator>

#include "checks/check_file/reader.h"
#include "checks/regex.h"
#include "checks/threshold.h"
#include "yaml/yaml.h"

namespace mullion::checks {
namespace {

using Reader = CheckFileReader;
using Entry = yaml::Node::Entry;

constexpr std::size_t most_values = 200, most_counters = 100, most_words = 1000, most_properties = 200;

// What stands in the file, before it is known to go together.
struct Draft {
    CheckFile check;
    std::string class_name, query, where;
    bool has_version = false, has_properties = false;
    std::vector<std::string> properties;
    unsigned query_line = 1, class_line = 1;
};

template <auto member, class T>
Result<void> read_text(const Reader& reader, T& into, const Entry& entry) {
    MULLION_ASSIGN(into.*member, reader.text(entry));
    return {};
}

template <auto member, class T>
Result<void> read_template(const Reader& reader, T& into, const Entry& entry) {
    MULLION_ASSIGN(const auto text, reader.text(entry));
    into.*member = Template(text);
    return {};
}

template <auto member, class T>
Result<void> read_cim_name(const Reader& reader, T& into, const Entry& entry) {
    MULLION_ASSIGN(auto name, reader.text(entry));
    if (!is_cim_name(name))
        return reader.at(entry.line, fmt::format("{}: '{}' is no name of CIM", entry.key, name));
    into.*member = std::move(name);
    return {};
}

template <auto member, class T>
Result<void> read_regex(const Reader& reader, T& into, const Entry& entry) {
    MULLION_ASSIGN(auto text, reader.text(entry));
    const auto regex = Regex::compile(text, entry.key);
    if (!regex.ok()) return reader.at(entry.line, without_dashes(regex.error().detail));
    into.*member = std::move(text);
    return {};
}

// ---- values ----

struct ValueDraft {
    ValueRule rule;
    std::string type;
    std::optional<std::string> base, time, frequency;
    std::optional<unsigned> bits, base_bits;
    bool has_words = false;
};

template <auto member>
Result<void> read_aside(const Reader& reader, ValueDraft& into, const Entry& entry) {
    MULLION_ASSIGN(auto name, reader.text(entry));
    if (!is_cim_name(name))
        return reader.at(entry.line, fmt::format("{}: '{}' is no name of CIM", entry.key, name));
    into.*member = std::move(name);
    return {};
}

template <auto member>
Result<void> read_bits(const Reader& reader, ValueDraft& into, const Entry& entry) {
    MULLION_ASSIGN(const unsigned bits, reader.number(entry, 8, 64));
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
        return reader.at(entry.line, fmt::format("{} is 8, 16, 32 or 64", entry.key));
    into.*member = bits;
    return {};
}

Result<void> read_words_of(const Reader& reader, ValueDraft& into, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    if (entry.value.map.size() > most_words) return reader.at(entry.line, "there are too many words");
    for (const auto& word : entry.value.map) {
        MULLION_ASSIGN(auto text, reader.text(word));
        into.rule.words.emplace(word.key, std::move(text));
    }
    into.has_words = true;
    return {};
}

constexpr CheckFileKey<ValueDraft> value_keys[] = {
    {"property",
     [](const Reader& reader, ValueDraft& into, const Entry& entry) {
         return read_cim_name<&ValueRule::property>(reader, into.rule, entry);
     }},
    {"type", read_text<&ValueDraft::type, ValueDraft>},
    {"base", read_aside<&ValueDraft::base>},
    {"time", read_aside<&ValueDraft::time>},
    {"frequency", read_aside<&ValueDraft::frequency>},
    {"bits", read_bits<&ValueDraft::bits>},
    {"base_bits", read_bits<&ValueDraft::base_bits>},
    {"calculate",
     [](const Reader& reader, ValueDraft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.rule.calculation, reader.condition(entry));
         return {};
     }},
    {"words", read_words_of},
    {"otherwise", [](const Reader& reader, ValueDraft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.rule.otherwise, reader.text(entry));
         return {};
     }}};

// What goes with the type may have another name; what does not go with it is refused.
Result<void> set_aside(const Reader& reader, const Entry& entry, std::string_view key,
                       const std::optional<std::string>& given, std::string& into) {
    if (!given) return {};
    if (into.empty()) return reader.at(entry.line, fmt::format("{}: its type takes no {}", entry.key, key));
    into = *given;
    return {};
}

Result<void> set_type(const Reader& reader, const Entry& entry, ValueDraft& draft) {
    auto& rule = draft.rule;
    const auto& type = draft.type;
    if (type == "difference") {
        rule.kind = ValueRule::Kind::difference;
    } else if (!type.empty() && type != "plain") {
        const auto known = counter_type(type);
        if (!known)
            return reader.at(entry.line,
                             fmt::format("{}: '{}' is no type: plain, difference, or a CounterType as "
                                         "PERF_COUNTER_BULK_COUNT",
                                         entry.key, type));
        set_counter_type(rule, *known);
    }
    MULLION_TRY(set_aside(reader, entry, "base", draft.base, rule.base));
    MULLION_TRY(set_aside(reader, entry, "time", draft.time, rule.time));
    MULLION_TRY(set_aside(reader, entry, "frequency", draft.frequency, rule.frequency));
    if ((draft.bits && !rule.two_looks()) || (draft.base_bits && (rule.base.empty() || !rule.two_looks())))
        return reader.at(entry.line, fmt::format("{}: bits go with what is looked at twice", entry.key));
    rule.bits = draft.bits.value_or(rule.bits);
    rule.base_bits = draft.base_bits.value_or(rule.base_bits);
    return {};
}

bool is_value_name(std::string_view name) {
    return is_cim_name(name) && name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos &&
           name != "instance" && name != "value" && name != "count";
}

Result<ValueRule> read_value(const Reader& reader, const Entry& entry) {
    ValueDraft draft;
    draft.rule.name = entry.key;
    draft.rule.line = entry.line;
    if (!is_value_name(entry.key))
        return reader.at(entry.line,
                         fmt::format("'{}' is no name of a value: small letters, digits and _, and not "
                                     "instance, value or count",
                                     entry.key));
    MULLION_TRY(read_keys(reader, draft, entry.value, value_keys, "a value"));
    const bool calculated = draft.rule.calculation.has_value();
    if (calculated == !draft.rule.property.empty())
        return reader.at(entry.line, fmt::format("{} takes either property or calculate", entry.key));
    if (calculated) {
        draft.rule.kind = ValueRule::Kind::calculated;
        if (!draft.type.empty() || draft.base || draft.time || draft.frequency || draft.bits ||
            draft.base_bits)
            return reader.at(entry.line, fmt::format("{}: what is calculated has no type", entry.key));
        return std::move(draft.rule);
    }
    MULLION_TRY(set_type(reader, entry, draft));
    if (draft.has_words && draft.rule.kind != ValueRule::Kind::plain)
        return reader.at(entry.line, fmt::format("{}: words are for plain values", entry.key));
    return std::move(draft.rule);
}

Result<void> read_values(const Reader& reader, Draft& into, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    if (entry.value.map.size() > most_values) return reader.at(entry.line, "there are too many values");
    for (const auto& one : entry.value.map) {
        MULLION_ASSIGN(auto rule, read_value(reader, one));
        into.check.values.push_back(std::move(rule));
    }
    return {};
}

// ---- counters ----

Result<void> read_metric(const Reader& reader, CounterRule& into, const Entry& entry) {
    MULLION_ASSIGN(into.metric, reader.text(entry));
    if (is_metric_name(into.metric)) return {};
    return reader.at(entry.line,
                     fmt::format("metric: '{}' is no name: letters, digits, '.', '_' and '-'", into.metric));
}

Result<void> read_unit(const Reader& reader, CounterRule& into, const Entry& entry) {
    MULLION_ASSIGN(into.unit, reader.text(entry));
    // Monitoring Plugins' guidelines, "Performance data": no quotes, numbers or semicolons.
    if (into.unit.size() <= 16 && into.unit.find_first_of("0123456789;'\"|= \t\r\n") == std::string::npos)
        return {};
    return reader.at(entry.line, fmt::format("unit: '{}' is no unit", into.unit));
}

Result<void> read_shown(const Reader& reader, CounterRule& into, const Entry& entry) {
    MULLION_ASSIGN(const auto word, reader.text(entry));
    if (word == "number")
        into.shown = Shown::number;
    else if (word == "bytes")
        into.shown = Shown::bytes;
    else if (word == "bits")
        into.shown = Shown::bits;
    else if (word == "duration")
        into.shown = Shown::duration;
    else
        return reader.at(entry.line, "show is number, bytes, bits or duration");
    return {};
}

Result<void> read_missing(const Reader& reader, CounterRule& into, const Entry& entry) {
    MULLION_ASSIGN(const auto word, reader.text(entry));
    into.skip_missing = word == "skip";
    if (into.skip_missing || word == "unknown") return {};
    return reader.at(entry.line, "missing is unknown or skip");
}

constexpr CheckFileKey<CounterRule> counter_keys[] = {
    {"metric", read_metric},
    {"value",
     [](const Reader& reader, CounterRule& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.value, reader.condition(entry));
         return {};
     }},
    {"unit", read_unit},
    {"decimals",
     [](const Reader& reader, CounterRule& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const unsigned digits, reader.number(entry, 0, 9));
         into.decimals = static_cast<int>(digits);
         return {};
     }},
    {"show", read_shown},
    {"text", read_template<&CounterRule::text, CounterRule>},
    {"min", read_template<&CounterRule::min, CounterRule>},
    {"max", read_template<&CounterRule::max, CounterRule>},
    {"warning", read_text<&CounterRule::warning, CounterRule>},
    {"critical", read_text<&CounterRule::critical, CounterRule>},
    {"unknown", read_text<&CounterRule::unknown, CounterRule>},
    {"missing", read_missing}};

constexpr CheckFileKey<CounterRule> count_keys[] = {
    {"label", read_text<&CounterRule::label, CounterRule>},
    {"metric", read_metric},
    {"text", read_template<&CounterRule::text, CounterRule>},
    {"warning", read_text<&CounterRule::warning, CounterRule>},
    {"critical", read_text<&CounterRule::critical, CounterRule>},
    {"unknown", read_text<&CounterRule::unknown, CounterRule>}};

// A range, or a condition of what has no number.
Result<void> check_limit(const Reader& reader, const Entry& entry, std::string_view kind,
                         const std::string& given, bool ranges) {
    if (given.empty()) return {};
    auto line = entry.line;
    for (const auto& key : entry.value.map)
        if (key.key == kind) line = key.line;
    if (ranges) {
        if (Range::parse(given, true)) return {};
        return reader.at(line, fmt::format("{}: '{}' is no threshold: [@][start:][end]", kind, given));
    }
    const auto condition = Condition::compile(given, kind);
    if (!condition.ok()) return reader.at(line, without_dashes(condition.error().detail));
    return {};
}

Result<void> check_limits(const Reader& reader, const Entry& entry, const CounterRule& rule, bool ranges) {
    MULLION_TRY(check_limit(reader, entry, "warning", rule.warning, ranges));
    MULLION_TRY(check_limit(reader, entry, "critical", rule.critical, ranges));
    return check_limit(reader, entry, "unknown", rule.unknown, ranges);
}

// Keys that only say something of a number.
Result<void> check_conditional(const Reader& reader, const Entry& entry) {
    for (const auto& key : entry.value.map)
        for (const std::string_view name : {"metric", "unit", "decimals", "show", "min", "max"})
            if (key.key == name)
                return reader.at(key.line, fmt::format("{}: {} goes with value", entry.key, name));
    return {};
}

Result<void> read_counters(const Reader& reader, Draft& into, const Entry& entry) {
    MULLION_TRY(reader.map(entry.value, entry.key));
    if (entry.value.map.size() > most_counters) return reader.at(entry.line, "there are too many counters");
    for (const auto& one : entry.value.map) {
        CounterRule rule;
        rule.label = one.key;
        rule.line = one.line;
        if (!is_label(rule.label))
            return reader.at(one.line,
                             fmt::format("'{}' is no label: small letters, digits and -", rule.label));
        MULLION_TRY(read_keys(reader, rule, one.value, counter_keys, "a counter"));
        if (!rule.value) MULLION_TRY(check_conditional(reader, one));
        MULLION_TRY(check_limits(reader, one, rule, rule.value.has_value()));
        into.check.counters.push_back(std::move(rule));
    }
    return {};
}

Result<void> read_count(const Reader& reader, Draft& into, const Entry& entry) {
    CounterRule rule;
    rule.label = "detected";
    rule.line = entry.line;
    MULLION_TRY(read_keys(reader, rule, entry.value, count_keys, "count"));
    if (!is_label(rule.label))
        return reader.at(entry.line,
                         fmt::format("'{}' is no label: small letters, digits and -", rule.label));
    MULLION_TRY(check_limits(reader, entry, rule, true));
    into.check.count = std::move(rule);
    return {};
}

// ---- the rest ----

struct Output {
    Template prefix;
    std::optional<Template> line;
    std::string all_ok;
};

constexpr CheckFileKey<Output> output_keys[] = {{"prefix", read_template<&Output::prefix, Output>},
                                                {"line", read_template<&Output::line, Output>},
                                                {"all_ok", read_text<&Output::all_ok, Output>}};

Result<void> read_output(const Reader& reader, Draft& into, const Entry& entry) {
    Output output;
    MULLION_TRY(read_keys(reader, output, entry.value, output_keys, "output"));
    into.check.prefix = std::move(output.prefix);
    into.check.line = std::move(output.line);
    into.check.all_ok = std::move(output.all_ok);
    return {};
}

constexpr CheckFileKey<CheckFile> empty_keys[] = {
    {"status",
     [](const Reader& reader, CheckFile& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.empty, reader.status(entry));
         return {};
     }},
    {"text", read_text<&CheckFile::empty_text, CheckFile>}};

Result<void> read_empty(const Reader& reader, Draft& into, const Entry& entry) {
    if (entry.value.kind == yaml::Node::Kind::map)
        return read_keys(reader, into.check, entry.value, empty_keys, "empty");
    MULLION_ASSIGN(into.check.empty, reader.status(entry));
    return {};
}

Result<void> read_namespace(const Reader& reader, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(auto name, reader.text(entry));
    std::replace(name.begin(), name.end(), '\\', '/');
    if (!is_cim_namespace(name)) return reader.at(entry.line, fmt::format("'{}' is no namespace", name));
    into.check.cim_namespace = std::move(name);
    return {};
}

Result<void> read_properties(const Reader& reader, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(into.properties, reader.texts(entry, most_properties));
    for (const auto& name : into.properties)
        if (!is_cim_name(name)) return reader.at(entry.line, fmt::format("'{}' is no name of CIM", name));
    into.has_properties = true;
    return {};
}

template <auto member>
Result<void> read_checked_text(const Reader& reader, Draft& into, const Entry& entry) {
    return read_text<member>(reader, into.check, entry);
}

constexpr CheckFileKey<Draft> keys[] = {
    {"version",
     [](const Reader& reader, Draft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const auto text, reader.text(entry));
         if (text != "1") return reader.at(entry.line, "version is 1");
         into.has_version = true;
         return {};
     }},
    {"name",
     [](const Reader& reader, Draft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.check.name, reader.text(entry));
         if (is_label(into.check.name)) return {};
         return reader.at(entry.line,
                          fmt::format("'{}' is no name: small letters, digits and -", into.check.name));
     }},
    {"help", read_checked_text<&CheckFile::help>},
    {"namespace", read_namespace},
    {"class",
     [](const Reader& reader, Draft& into, const Entry& entry) {
         into.class_line = entry.line;
         return read_cim_name<&Draft::class_name>(reader, into, entry);
     }},
    {"query",
     [](const Reader& reader, Draft& into, const Entry& entry) {
         into.query_line = entry.line;
         return read_text<&Draft::query>(reader, into, entry);
     }},
    {"properties", read_properties},
    {"where", read_text<&Draft::where, Draft>},
    {"instance",
     [](const Reader& reader, Draft& into, const Entry& entry) {
         return read_cim_name<&CheckFile::instance>(reader, into.check, entry);
     }},
    {"include",
     [](const Reader& reader, Draft& into, const Entry& entry) {
         return read_regex<&CheckFile::include>(reader, into.check, entry);
     }},
    {"exclude",
     [](const Reader& reader, Draft& into, const Entry& entry) {
         return read_regex<&CheckFile::exclude>(reader, into.check, entry);
     }},
    {"only",
     [](const Reader& reader, Draft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.check.only, reader.condition(entry));
         return {};
     }},
    {"values", read_values},
    {"counters", read_counters},
    {"count", read_count},
    {"output", read_output},
    {"empty", read_empty}};

Result<void> check_whole(const Reader& reader, const Draft& draft) {
    if (!draft.has_version) return reader.at(1, "version: 1 is missing");
    if (draft.check.name.empty()) return reader.at(1, "name is missing");
    if (draft.class_name.empty() == draft.query.empty())
        return reader.at(draft.query.empty() ? 1 : draft.query_line, "it takes either class or query");
    if (!draft.query.empty() && (draft.has_properties || !draft.where.empty()))
        return reader.at(draft.query_line, "query says all: properties and where go with class");
    if (draft.check.instance.empty() && (!draft.check.include.empty() || !draft.check.exclude.empty()))
        return reader.at(1, "include and exclude are of the names that instance gives, which is missing");
    if (draft.check.counters.empty() && !draft.check.count)
        return reader.at(1, "counters or count is missing: what is judged");
    return {};
}

template <class Keys>
std::set<std::string> names_of(const Keys& table) {
    std::set<std::string> names;
    for (const auto& key : table) names.emplace(key.name);
    return names;
}

}  // namespace

Result<std::shared_ptr<const CheckFile>> read_check_file(std::string_view text, const std::string& file) {
    yaml::Options options;
    options.file = file;
    options.error = ErrorId::usage_invalid;
    options.limits.bytes = longest_check_file;
    MULLION_ASSIGN(const auto root, yaml::read(text, options));
    const Reader reader(file);
    Draft draft;
    MULLION_TRY(read_keys(reader, draft, root, keys, "a check file"));
    MULLION_TRY(check_whole(reader, draft));
    auto& check = draft.check;
    check.text = text;
    if (draft.has_properties) check.properties = draft.properties;
    check.wql = draft.query;
    MULLION_TRY(complete(check, draft.class_name, draft.where, file));
    return std::make_shared<const CheckFile>(std::move(check));
}

std::map<std::string, std::set<std::string>> check_file_keys() {
    return {{"", names_of(keys)},
            {"value", names_of(value_keys)},
            {"counter", names_of(counter_keys)},
            {"count", names_of(count_keys)},
            {"output", names_of(output_keys)},
            {"empty", names_of(empty_keys)}};
}

}  // namespace mullion::checks
