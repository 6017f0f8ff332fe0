// The rows of a class: listed, and generated.
#include "simulate/cim_reader_parts.h"

#include <algorithm>
#include <array>
#include <set>

#include "wql/fold.h"

namespace mullion::simulate {
namespace {

using Entry = yaml::Node::Entry;
using yaml::Node;

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

}  // namespace

Result<void> read_cim_rows(FileReader& reader, CimTable& table, const Entry* rows, const Entry* generate) {
    if (rows != nullptr) MULLION_TRY(read_listed(reader, table, *rows));
    if (generate != nullptr) MULLION_TRY(read_many(reader, table, generate->value));
    return {};
}

std::set<std::string> cim_generate_keys() {
    return names_of_keys(generate_keys);
}

}  // namespace mullion::simulate
