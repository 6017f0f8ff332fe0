#include "simulate/cim_reader.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "wql/fold.h"
#include "wsman/cim/class_uri.h"
#include "wsman/cim/value.h"

namespace mullion::simulate {
namespace {

using Entry = yaml::Node::Entry;
using yaml::Node;

bool is_null(const Node& node) {
    return node.is_null() || (node.kind == Node::Kind::scalar && node.plain && node.scalar == "null");
}

// ---- types: "uint32", "string key", "string[]", "uint32 out" ----

struct Typed {
    cim::Type type = cim::Type::string;
    bool array = false;
    bool marked = false;
};

std::optional<cim::Type> type_of(std::string_view name) {
    for (int at = 0; at < static_cast<int>(cim::Type::reference); ++at)
        if (wql::same_name(cim::type_name(static_cast<cim::Type>(at)), name))
            return static_cast<cim::Type>(at);
    return std::nullopt;
}

// `mark` is the word that may stand behind the type.
Result<Typed> typed(const Entry& entry, std::string_view mark) {
    MULLION_ASSIGN(const std::string words, text_of(entry));
    std::string_view rest = words;
    Typed found;
    if (rest.ends_with(mark) && rest.size() > mark.size() && rest[rest.size() - mark.size() - 1] == ' ') {
        found.marked = true;
        rest.remove_suffix(mark.size() + 1);
    }
    while (rest.ends_with(' ')) rest.remove_suffix(1);
    if (rest.ends_with("[]")) {
        found.array = true;
        rest.remove_suffix(2);
    }
    const auto type = type_of(rest);
    if (!type)
        return at_line(
            entry.line,
            fmt::format("{}: \"{}\" is no type: boolean, uint8 to uint64, sint8 to sint64, real32, "
                        "real64, string or datetime, with [] for arrays and then {}",
                        entry.key, words, mark));
    found.type = *type;
    return found;
}

Result<void> check_name(const Entry& entry, std::string_view what) {
    if (wsman::cim::is_cim_name(entry.key)) return {};
    return at_line(entry.line, fmt::format("\"{}\" is no name of a {}", entry.key, what));
}

// ---- values ----

Error no_value(const Node& node, const CimCell& cell, std::string_view text) {
    return at_line(node.line,
                   fmt::format("{}: \"{}\" is no {}", cell.property, text, cim::type_name(cell.type)));
}

// Whether something is filled in; nothing when it is, but may not be here.
std::optional<bool> is_filled_in(std::string_view text, cim::Type type, bool counted) {
    const auto has = [text](std::string_view name) { return text.find(name) != std::string_view::npos; };
    const bool words = has("{host}") || has("{address}");
    if (words && type != cim::Type::string) return std::nullopt;
    return words || (counted && has("{n}"));
}

Result<void> add_text(CimCell& cell, const Node& node, bool counted, cim::Array& fixed) {
    if (node.kind != Node::Kind::scalar || is_null(node))
        return at_line(node.line, fmt::format("{} takes {}", cell.property,
                                              cell.array ? "a list of single values" : "one value"));
    const auto filled = is_filled_in(node.scalar, cell.type, counted);
    if (!filled) return no_value(node, cell, node.scalar);
    cell.words.push_back(node.scalar);
    if (*filled) return {};
    auto value = cim_scalar(cell.type, node.scalar);
    if (!value) return no_value(node, cell, node.scalar);
    fixed.push_back(*std::move(value));
    return {};
}

// Names are looked for one after the other.
Result<void> expect_few(const Entry& entry) {
    MULLION_TRY(expect_map(entry.value, entry.key));
    if (entry.value.map.size() <= most_cim_names) return {};
    return at_line(entry.line, fmt::format("over {} {}", most_cim_names, entry.key));
}

// Of a property or an output. Values that are the same everywhere are made once.
Result<CimCell> read_cell(FileReader& reader, CimCell cell, const Node& node, bool counted) {
    cim::Array fixed;
    if (cell.array && node.kind == Node::Kind::list) {
        for (const auto& element : node.list) MULLION_TRY(add_text(cell, element, counted, fixed));
    } else {
        MULLION_TRY(add_text(cell, node, counted, fixed));
    }
    reader.cim_values += std::max<std::size_t>(1, cell.words.size());
    if (reader.cim_values > most_cim_values)
        return at_line(node.line, fmt::format("over {} values of CIM", most_cim_values));
    if (fixed.size() != cell.words.size()) return cell;
    std::vector<std::string>().swap(cell.words);  // Their memory too: a million of them may stay.
    if (cell.array)
        cell.value = std::move(fixed);
    else
        cell.value = std::move(fixed.front());
    return cell;
}

// Names that differ in case alone are the same.
bool has_cell(const std::vector<CimCell>& cells, std::string_view name) {
    return std::any_of(cells.begin(), cells.end(), [&](const auto& cell) { return cell.property == name; });
}

// ---- rows ----

std::string nearest_property(const CimTable& table, std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& property : table.properties) names.push_back(property.name);
    const auto near = nearest(name, names);
    return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

Result<void> check_keys(const CimTable& table, const CimRow& row, unsigned line) {
    for (const auto& property : table.properties) {
        if (property.key && !has_cell(row.cells, property.name))
            return at_line(line,
                           fmt::format("a row of {} needs its key {}", table.definition.name, property.name));
    }
    return {};
}

Result<CimRow> read_row(FileReader& reader, const CimTable& table, const Node& node, bool counted) {
    MULLION_TRY(expect_map(node, "a row"));
    CimRow row;
    row.counted = counted;
    for (const auto& entry : node.map) {
        const auto* property = table.property(entry.key);
        if (property == nullptr)
            return at_line(entry.line,
                           fmt::format("{} is not a property of {}{}", entry.key, table.definition.name,
                                       nearest_property(table, entry.key)));
        if (has_cell(row.cells, property->name))
            return at_line(entry.line, fmt::format("{} is given twice", entry.key));
        if (is_null(entry.value)) continue;
        MULLION_ASSIGN(auto cell, read_cell(reader, {property->name, property->type, property->array},
                                            entry.value, counted));
        row.cells.push_back(std::move(cell));
    }
    MULLION_TRY(check_keys(table, row, node.line));
    return row;
}

struct Draft {
    CimTable* table = nullptr;
    std::string name;
    std::string cim_namespace = "root/cimv2";
    const Entry* properties = nullptr;
    const Entry* rows = nullptr;
    const Entry* generate = nullptr;
    const Entry* methods = nullptr;
};

Result<void> read_properties(const Draft& draft) {
    MULLION_TRY(expect_few(*draft.properties));
    auto& table = *draft.table;
    for (const auto& entry : draft.properties->value.map) {
        MULLION_TRY(check_name(entry, "property"));
        if (table.property(entry.key) != nullptr)
            return at_line(entry.line, fmt::format("{} has two properties {}", draft.name, entry.key));
        MULLION_ASSIGN(const auto found, typed(entry, "key"));
        if (found.marked && found.array) return at_line(entry.line, "no array is a key");
        table.properties.push_back({table.keep(entry.key), found.type, found.marked, found.array, {}});
    }
    table.define();
    return {};
}

// ---- generate: rows that differ by {n} ----

struct Many {
    std::uint64_t count = 0, first = 1;
    const Entry* row = nullptr;
};

constexpr std::array<Key<Many>, 3> generate_keys{{
    {"count",
     [](FileReader&, Many& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.count, number_of(entry, 1, most_cim_instances));
         return {};
     }},
    {"first",
     [](FileReader&, Many& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.first, number_of(entry, 0, 0xFFFFFFFF));
         return {};
     }},
    {"row",
     [](FileReader&, Many& into, const Entry& entry) -> Result<void> {
         into.row = &entry;
         return {};
     }},
}};

bool has_number(const CimTable& table, const CimRow& row) {
    return std::any_of(row.cells.begin(), row.cells.end(), [&](const CimCell& cell) {
        return table.property(cell.property)->key &&
               std::any_of(cell.words.begin(), cell.words.end(),
                           [](const auto& word) { return word.find("{n}") != std::string::npos; });
    });
}

// What is longest is the last one, and what is smallest the first.
Result<void> check_numbers(const CimRow& row, unsigned line) {
    for (const auto& cell : row.cells)
        for (const auto number : {row.first, row.first + row.count - 1})
            if (!cell.value_for({"host", "address", number}))
                return at_line(line, fmt::format("{}: \"{}\" is no {} where n is {}", cell.property,
                                                 cell.words.front(), cim::type_name(cell.type), number));
    return {};
}

Result<void> read_many(FileReader& reader, CimTable& table, const Node& node) {
    Many many;
    MULLION_TRY(read_map(reader, many, node, generate_keys, "generate"));
    if (many.count == 0 || many.row == nullptr) return at_line(node.line, "generate needs a count and a row");
    MULLION_ASSIGN(auto row, read_row(reader, table, many.row->value, true));
    row.first = many.first;
    row.count = many.count;
    if (row.count > 1 && !table.definition.singleton && !has_number(table, row))
        return at_line(many.row->line, fmt::format("rows of {} need {{n}} in a key", table.definition.name));
    MULLION_TRY(check_numbers(row, node.line));
    table.rows.push_back(std::move(row));
    return {};
}

struct SmallerText {
    bool operator()(const std::string& a, const std::string& b) const { return wql::compare_text(a, b) < 0; }
};

// As they are written, one after the other.
std::string keys_of(const CimTable& table, const Node& row) {
    std::string keys;
    for (const auto& property : table.properties)
        if (property.key)
            for (const auto& entry : row.map)
                if (wql::same_name(entry.key, property.name)) keys += entry.value.scalar + '\n';
    return keys;
}

Result<void> read_listed(FileReader& reader, CimTable& table, const Entry& rows) {
    MULLION_TRY(expect_list(rows));
    std::set<std::string, SmallerText> known;
    for (const auto& node : rows.value.list) {
        MULLION_ASSIGN(auto row, read_row(reader, table, node, false));
        if (!table.definition.singleton && !known.insert(keys_of(table, node)).second)
            return at_line(node.line, fmt::format("two rows of {} have the same key", table.definition.name));
        table.rows.push_back(std::move(row));
    }
    return {};
}

Result<void> read_rows(FileReader& reader, const Draft& draft) {
    auto& table = *draft.table;
    if (draft.rows != nullptr) MULLION_TRY(read_listed(reader, table, *draft.rows));
    if (draft.generate != nullptr) MULLION_TRY(read_many(reader, table, draft.generate->value));
    return {};
}

// ---- methods ----

struct MethodDraft {
    cim::MethodDef method;
    const Entry* parameters = nullptr;
    const Entry* returns = nullptr;
    const Entry* outputs = nullptr;
};

constexpr std::array<Key<MethodDraft>, 4> method_keys{{
    {"static",
     [](FileReader&, MethodDraft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.method.is_static, truth_of(entry));
         return {};
     }},
    {"parameters",
     [](FileReader&, MethodDraft& into, const Entry& entry) -> Result<void> {
         into.parameters = &entry;
         return expect_few(entry);
     }},
    {"returns",
     [](FileReader&, MethodDraft& into, const Entry& entry) -> Result<void> {
         into.returns = &entry;
         return {};
     }},
    {"outputs",
     [](FileReader&, MethodDraft& into, const Entry& entry) -> Result<void> {
         into.outputs = &entry;
         return expect_few(entry);
     }},
}};

Result<std::vector<cim::ParameterDef>> read_parameters(CimTable& table, const Entry* entry) {
    std::vector<cim::ParameterDef> parameters;
    if (entry == nullptr) return parameters;
    for (const auto& each : entry->value.map) {
        MULLION_TRY(check_name(each, "parameter"));
        for (const auto& known : parameters)
            if (wql::same_name(known.name, each.key))
                return at_line(each.line, fmt::format("two parameters {}", each.key));
        MULLION_ASSIGN(const auto found, typed(each, "out"));
        parameters.push_back({table.keep(each.key), found.type, found.array, found.marked});
    }
    return parameters;
}

Result<std::vector<CimCell>> read_outputs(FileReader& reader, std::span<const cim::ParameterDef> parameters,
                                          const Entry* entry) {
    std::vector<CimCell> cells;
    if (entry == nullptr) return cells;
    for (const auto& each : entry->value.map) {
        const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& parameter) {
            return parameter.out && wql::same_name(parameter.name, each.key);
        });
        if (found == parameters.end())
            return at_line(each.line, fmt::format("{} is not a parameter that goes out", each.key));
        if (has_cell(cells, found->name))
            return at_line(each.line, fmt::format("{} is given twice", each.key));
        if (is_null(each.value)) continue;
        MULLION_ASSIGN(auto cell,
                       read_cell(reader, {found->name, found->type, found->array}, each.value, false));
        cells.push_back(std::move(cell));
    }
    return cells;
}

Result<void> read_method(FileReader& reader, CimTable& table, const Entry& entry) {
    MULLION_TRY(check_name(entry, "method"));
    for (const auto& known : table.methods)
        if (wql::same_name(known.name, entry.key))
            return at_line(entry.line, fmt::format("two methods {}", entry.key));
    MethodDraft draft;
    MULLION_TRY(read_map(reader, draft, entry.value, method_keys, "a method"));
    MULLION_ASSIGN(auto parameters, read_parameters(table, draft.parameters));
    draft.method.name = table.keep(entry.key);
    draft.method.parameters = table.keep(std::move(parameters));
    CimMethod outcome;
    if (draft.returns == nullptr) {
        outcome.returned = cim::Scalar(std::uint64_t{0});
    } else if (!is_null(draft.returns->value)) {
        MULLION_ASSIGN(const auto cell,
                       read_cell(reader, {"returns", draft.method.returns}, draft.returns->value, false));
        outcome.returned = cell.value;
    }
    MULLION_ASSIGN(outcome.outputs, read_outputs(reader, draft.method.parameters, draft.outputs));
    table.methods.push_back(draft.method);
    table.outcomes.push_back(std::move(outcome));
    return {};
}

Result<void> read_methods(FileReader& reader, const Draft& draft) {
    if (draft.methods == nullptr) return {};
    MULLION_TRY(expect_few(*draft.methods));
    for (const auto& entry : draft.methods->value.map) MULLION_TRY(read_method(reader, *draft.table, entry));
    return {};
}

// ---- a class ----

template <auto member>
Result<void> part(FileReader&, Draft& into, const Entry& entry) {
    into.*member = &entry;
    return {};
}

template <auto member>
Result<void> text(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(into.*member, text_of(entry));
    return {};
}

constexpr std::array<Key<Draft>, 6> class_keys{{
    {"class", text<&Draft::name>},
    {"namespace", text<&Draft::cim_namespace>},
    {"properties", part<&Draft::properties>},
    {"rows", part<&Draft::rows>},
    {"generate", part<&Draft::generate>},
    {"methods", part<&Draft::methods>},
}};

Result<std::shared_ptr<const CimTable>> read_class(FileReader& reader, const Node& node) {
    auto table = std::make_shared<CimTable>();
    Draft draft;
    draft.table = table.get();
    MULLION_TRY(read_map(reader, draft, node, class_keys, "a class of cim"));
    if (!wsman::cim::is_cim_name(draft.name))
        return at_line(node.line, "a class of cim needs its name: class");
    if (draft.properties == nullptr) return at_line(node.line, "a class of cim needs its properties");
    std::replace(draft.cim_namespace.begin(), draft.cim_namespace.end(), '\\', '/');
    table->definition.name = table->keep(draft.name);
    table->definition.cim_namespace = table->keep(draft.cim_namespace);
    MULLION_TRY(read_properties(draft));
    table->definition.singleton = std::none_of(table->properties.begin(), table->properties.end(),
                                               [](const auto& property) { return property.key; });
    MULLION_TRY(read_rows(reader, draft));
    const bool many = table->rows.size() > 1 || (table->rows.size() == 1 && table->rows.front().count > 1);
    if (table->definition.singleton && many)
        return at_line(node.line, fmt::format("{} has no key, and so one row at most", draft.name));
    MULLION_TRY(read_methods(reader, draft));
    table->define();
    return std::shared_ptr<const CimTable>(std::move(table));
}

bool same_class(const CimTable& a, const CimTable& b) {
    return wql::same_name(a.definition.name, b.definition.name) &&
           wql::same_name(a.definition.cim_namespace, b.definition.cim_namespace);
}

}  // namespace

Result<CimTables> read_cim(FileReader& reader, const Entry& entry) {
    MULLION_TRY(expect_list(entry));
    if (entry.value.list.size() > most_cim_classes)
        return at_line(entry.line, fmt::format("over {} classes of cim", most_cim_classes));
    CimTables tables;
    for (const auto& node : entry.value.list) {
        MULLION_ASSIGN(auto table, read_class(reader, node));
        for (const auto& known : tables)
            if (same_class(*known, *table))
                return at_line(node.line, fmt::format("{} is there twice", table->definition.name));
        tables.push_back(std::move(table));
    }
    return tables;
}

void list_cim_keys(FleetKeys& into) {
    into["cim_class"] = names_of_keys(class_keys);
    into["cim_generate"] = names_of_keys(generate_keys);
    into["cim_method"] = names_of_keys(method_keys);
}

void add_tables(CimTables& into, const CimTables& special) {
    for (const auto& table : special) {
        std::erase_if(into, [&](const auto& known) { return same_class(*known, *table); });
        into.push_back(table);
    }
}

}  // namespace mullion::simulate
