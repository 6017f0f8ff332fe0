// `cim:` of FLEET.yml: classes with their rows and methods. Internal to the room.
#pragma once

#include "simulate/cim_table.h"
#include "simulate/fleet_reader.h"

namespace mullion::simulate {

inline constexpr std::size_t most_cim_classes = 1'000;           // Of one list.
inline constexpr std::size_t most_cim_names = 500;               // Properties or methods of one class.
inline constexpr std::size_t most_cim_values = 1'000'000;        // Of all rows of the file together.
inline constexpr std::uint64_t most_cim_instances = 10'000'000;  // Of one row that is many.

// Errors: simulate.invalid with the line.
[[nodiscard]] Result<CimTables> read_cim(FileReader& reader, const yaml::Node::Entry& entry);

// Into FleetKeys.
void list_cim_keys(FleetKeys& into);

// The more special classes take the place of others of the same name and namespace.
void add_tables(CimTables& into, const CimTables& special);

}  // namespace mullion::simulate
