// FLEET.yml.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/result.h"
#include "simulate/fleet.h"

namespace mullion::simulate {

// Gives the bytes of a file that FLEET.yml names, as it names it. Errors: usage.file
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

// Errors: simulate.invalid with the line and, for an unknown key, the nearest known one.
[[nodiscard]] Result<Fleet> read_fleet(std::string_view yaml_text, const ReadFile& files);

// The keys of every kind of map in the file, as its schema names the kinds; "" is the file itself.
using FleetKeys = std::map<std::string, std::set<std::string>>;
[[nodiscard]] FleetKeys fleet_keys();

}  // namespace mullion::simulate
