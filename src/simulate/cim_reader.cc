#include "simulate/cim_reader.h"

#include <algorithm>
#include <array>

#include "simulate/cim_reader_parts.h"
#include "wql/fold.h"
#include "wsman/cim/class_uri.h"

namespace mullion::simulate {
namespace {

using Entry = yaml::Node::Entry;
using yaml::Node;

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

Result<void> refuses(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(into.table->refusal, code_of(entry));
    constexpr std::uint32_t wbem = 0x80041000;  // WBEMSTATUS, [MS-WMI] 2.2.11
    if ((into.table->refusal & 0xFFFFF000U) != wbem)
        return at_line(entry.line, "refuses is a code of WMI's, as 0x80041003 (access denied)");
    return {};
}

constexpr std::array<Key<Draft>, 7> class_keys{{
    {"class", text<&Draft::name>},
    {"namespace", text<&Draft::cim_namespace>},
    {"properties", part<&Draft::properties>},
    {"rows", part<&Draft::rows>},
    {"generate", part<&Draft::generate>},
    {"methods", part<&Draft::methods>},
    {"refuses", refuses},
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
    MULLION_TRY(read_cim_rows(reader, *table, draft.rows, draft.generate));
    const bool many = table->rows.size() > 1 || (table->rows.size() == 1 && table->rows.front().count > 1);
    if (table->definition.singleton && many)
        return at_line(node.line, fmt::format("{} has no key, and so one row at most", draft.name));
    MULLION_TRY(read_cim_methods(reader, *table, draft.methods));
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
    into["cim_generate"] = cim_generate_keys();
    into["cim_method"] = cim_method_keys();
}

void add_tables(CimTables& into, const CimTables& special) {
    for (const auto& table : special) {
        std::erase_if(into, [&](const auto& known) { return same_class(*known, *table); });
        into.push_back(table);
    }
}

}  // namespace mullion::simulate
