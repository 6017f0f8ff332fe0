// What methods of a class take and answer.
#include "simulate/cim_reader_parts.h"

#include <algorithm>
#include <array>
#include <span>

#include "wql/fold.h"

namespace mullion::simulate {
namespace {

using Entry = yaml::Node::Entry;
using yaml::Node;

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

}  // namespace

Result<void> read_cim_methods(FileReader& reader, CimTable& table, const Entry* methods) {
    if (methods == nullptr) return {};
    MULLION_TRY(expect_few(*methods));
    for (const auto& entry : methods->value.map) MULLION_TRY(read_method(reader, table, entry));
    return {};
}

std::set<std::string> cim_method_keys() {
    return names_of_keys(method_keys);
}

}  // namespace mullion::simulate
