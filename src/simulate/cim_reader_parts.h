// The pieces of reading classes of CIM (cim_reader.h). Internal to the room.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "simulate/cim_reader.h"

namespace mullion::simulate {

[[nodiscard]] bool is_null(const yaml::Node& node);

// "uint32", "string key", "string[]", "uint32 out"
struct Typed {
    cim::Type type = cim::Type::string;
    bool array = false;
    bool marked = false;
};
// `mark` is the word that may stand behind the type.
[[nodiscard]] Result<Typed> typed(const yaml::Node::Entry& entry, std::string_view mark);
[[nodiscard]] Result<void> check_name(const yaml::Node::Entry& entry, std::string_view what);
// Names are looked for one after the other.
[[nodiscard]] Result<void> expect_few(const yaml::Node::Entry& entry);

// Of a property or an output. Values that are the same everywhere are made once.
[[nodiscard]] Result<CimCell> read_cell(FileReader& reader, CimCell cell, const yaml::Node& node,
                                        bool counted);
// Names that differ in case alone are the same.
[[nodiscard]] bool has_cell(const std::vector<CimCell>& cells, std::string_view name);

// Null: there are none.
[[nodiscard]] Result<void> read_cim_rows(FileReader& reader, CimTable& table, const yaml::Node::Entry* rows,
                                         const yaml::Node::Entry* generate);
[[nodiscard]] Result<void> read_cim_methods(FileReader& reader, CimTable& table,
                                            const yaml::Node::Entry* methods);
[[nodiscard]] std::set<std::string> cim_generate_keys();
[[nodiscard]] std::set<std::string> cim_method_keys();

}  // namespace mullion::simulate
